package model

import (
	"fmt"
	"slices"
	"strings"
)

// Finding is one thing wrong, or doubtful, in a case: where it is, what is
// wrong and what would be right. Parts that do not apply are empty.
type Finding struct {
	// File and Line, from 1; without a file the case was built in code. A value
	// that was set when reading has "set path=value" as its file.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Section of the case, as in thermal_units; Item is the name in it, or its
	// position from 0 in brackets where it has none; Field within the item.
	Section string `json:"section,omitempty"`
	Item    string `json:"item,omitempty"`
	Field   string `json:"field,omitempty"`
	// Problem says what is wrong, Remedy what would be right.
	Problem string `json:"problem"`
	Remedy  string `json:"remedy,omitempty"`
}

// String writes the finding on one line:
//
//	case.yaml:41: thermal_units "coal", min_power_mw: 600 is above max_power_mw 500; give at most 500
func (f Finding) String() string {
	var b strings.Builder
	if f.File != "" {
		b.WriteString(f.File)
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d", f.Line)
		}
		b.WriteString(": ")
	}
	where := f.Section
	switch {
	case strings.HasPrefix(f.Item, "["):
		where += f.Item
	case f.Item != "":
		where += fmt.Sprintf(" %q", f.Item)
	}
	if f.Field != "" {
		if where != "" {
			where += ", "
		}
		where += f.Field
	}
	if where != "" {
		b.WriteString(where + ": ")
	}
	b.WriteString(f.Problem)
	if f.Remedy != "" {
		b.WriteString("; " + f.Remedy)
	}
	return b.String()
}

// Findings are all that is wrong with a case, in the order of the case. As an
// error they are never empty; of very many the first MaxFindings are kept, and
// a last one counts the others.
type Findings []Finding

// MaxFindings is how many findings are kept.
const MaxFindings = 200

// Error writes a finding a line.
func (f Findings) Error() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].String()
	}
	return strings.Join(lines, "\n")
}

// collector keeps findings up to the limit and counts the others.
type collector struct {
	kept Findings
	more int
}

func (c *collector) add(f Finding) {
	if len(c.kept) < MaxFindings {
		c.kept = append(c.kept, f)
	} else {
		c.more++
	}
}

// join adds what another collector has, which comes after.
func (c *collector) join(other *collector) {
	for _, f := range other.kept {
		c.add(f)
	}
	c.more += other.more
}

func (c *collector) empty() bool { return len(c.kept) == 0 }

func (c *collector) count() int { return len(c.kept) + c.more }

// all returns the findings, nil when there are none.
func (c *collector) all() Findings {
	if c.more == 0 {
		return c.kept
	}
	return append(slices.Clip(c.kept), Finding{Problem: fmt.Sprintf("%d more findings are not shown", c.more)})
}

// err is all as an error, nil when there are none.
func (c *collector) err() error {
	if c.empty() {
		return nil
	}
	return c.all()
}

// nearest returns the known name closest to the given one by edits, or "" when
// none is close enough to be what was meant.
func nearest(name string, known []string) string {
	const most = 20_000 // comparisons; a longer list is searched in part
	best, bestEdits := "", 2+len(name)/4
	for _, k := range known[:min(len(known), most)] {
		if n := edits(strings.ToLower(name), strings.ToLower(k), bestEdits); n < bestEdits {
			best, bestEdits = k, n
		}
	}
	if best != "" || len(name) < 4 {
		return best
	}
	for _, k := range known[:min(len(known), most)] {
		if strings.Contains(k, name) || len(k) >= 4 && strings.Contains(name, k) {
			return k
		}
	}
	return ""
}

// edits is the Levenshtein distance of two texts in bytes, or limit when it is
// no less.
func edits(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > MaxNameBytes {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal, least := row[0], i+1
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, diagonal+1)
			least = min(least, row[j+1])
		}
		if least >= limit {
			return limit
		}
	}
	return row[len(b)]
}

// didYouMean proposes the nearest name, or lists a few of those there are.
func didYouMean(name string, known []string) string {
	if n := nearest(name, known); n != "" {
		return fmt.Sprintf("did you mean %s?", n)
	}
	switch n := len(known); {
	case n == 0 || n == 1 && known[0] == "":
		return "there are none"
	case n <= 12:
		return "there are " + strings.Join(known, ", ")
	default:
		return fmt.Sprintf("there are %s and %d more", strings.Join(known[:10], ", "), n-10)
	}
}
