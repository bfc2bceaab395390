package compare

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// Widths of the table that Text writes: 100 columns for six variants.
const (
	labelWidth = 22
	unitWidth  = 7
	valueWidth = 13
)

// Text writes the comparison for a terminal: a line for a figure, a column for a
// variant, and below it what marks mean and what is to be said of variants.
func Text(w io.Writer, c *Comparison) error {
	var b strings.Builder
	for _, head := range c.heads() {
		fmt.Fprint(&b, strings.Repeat(" ", labelWidth+unitWidth))
		for _, word := range head {
			fmt.Fprintf(&b, "%*s", valueWidth, word)
		}
		b.WriteByte('\n')
	}
	doubtful := false
	for _, l := range c.lines() {
		if l.head {
			b.WriteByte('\n')
		}
		fmt.Fprint(&b, pad(l.label, labelWidth)+pad(l.unit, unitWidth))
		for i := range l.values {
			fmt.Fprintf(&b, "%*s", valueWidth, l.text(i))
			doubtful = doubtful || l.doubtful != nil && l.doubtful[i]
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
	if doubtful {
		b.WriteString("~ not significant: no larger than the gaps of the two plans together, or not proved\n")
	}
	for _, remark := range c.remarks() {
		b.WriteString(remark + "\n")
	}
	_, err := io.WriteString(w, printable(b.String()))
	if err != nil {
		return fmt.Errorf("compare: write text: %w", err)
	}
	return nil
}

// heads are the names of the variants, cut at their last space into two lines.
func (c *Comparison) heads() [2][]string {
	var out [2][]string
	for i := range c.Rows {
		name := string(c.Rows[i].Variant)
		first := ""
		if at := strings.LastIndexByte(name, ' '); at > 0 {
			first, name = name[:at], name[at+1:]
		}
		out[0], out[1] = append(out[0], first), append(out[1], name)
	}
	return out
}

// remarks say of each variant how its search ended and what is to be known.
func (c *Comparison) remarks() []string {
	var out []string
	for i := range c.Rows {
		r := &c.Rows[i]
		say := func(text string) { out = append(out, string(r.Variant)+": "+text) }
		switch {
		case r.SameAs != "":
			say("the same case as " + string(r.SameAs) + ", planned once")
			continue
		case r.Error != "":
			say(r.Error)
		case r.Status != "optimal":
			say("not within the gap asked for (" + r.Status + ")")
		}
		for _, note := range r.Notes {
			say(note)
		}
	}
	return out
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(1, width-utf8.RuneCountInString(s)))
}

// printable is text without the control characters that names could smuggle into a
// terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}
