package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/wattbit/wattbit/internal/atomicfile"
)

// jobsCell is a column of the tables of "bench jobs".
type jobsCell struct {
	head  string
	width int
	of    func(l *caseLine) string
}

// phaseSeconds are those of a phase of the search; nil where it was not reached.
func (l *caseLine) phaseSeconds(name string) *float64 {
	for _, p := range l.Phases {
		if p.Name == "search: "+name {
			return ptr(p.Seconds)
		}
	}
	return nil
}

// jobsCells are the columns of what was found, and how fast.
func jobsCells() []jobsCell {
	phase := func(name string) func(l *caseLine) string {
		return func(l *caseLine) string { return amount(l.phaseSeconds(name), 1) }
	}
	number := func(of func(l *caseLine) *int) func(l *caseLine) string {
		return func(l *caseLine) string {
			if n := of(l); n != nil {
				return grouped(float64(*n), 0)
			}
			return "-"
		}
	}
	return []jobsCell{
		{"case", 24, (*caseLine).jobsCase},
		{"jobs", 9, func(l *caseLine) string { return grouped(float64(l.Jobs), 0) }},
		{"periods", 7, func(l *caseLine) string { return fmt.Sprint(l.Periods) }},
		{"status", 8, func(l *caseLine) string { return l.Status }},
		{"cost", 15, func(l *caseLine) string { return amount(l.Objective, 0) }},
		{"bound", 15, func(l *caseLine) string { return amount(l.Bound, 0) }},
		{"gap", 9, func(l *caseLine) string { return sharePercent(l.Gap) }},
		{"verified", 8, func(l *caseLine) string { return map[bool]string{true: "yes", false: "no"}[l.Verified] }},
		{"s", 7, func(l *caseLine) string { return amount(l.Seconds, 1) }},
		{"prices", 7, phase("prices")},
		{"placing", 7, phase("jobs")},
		{"power", 7, phase("power")},
		{"MiB", 6, func(l *caseLine) string { return amount(l.PeakMB, 0) }},
		{"dropped", 7, number(func(l *caseLine) *int { return l.Dropped })},
		{"late", 7, number(func(l *caseLine) *int { return l.Late })},
		{"CO2 t", 10, func(l *caseLine) string { return amount(l.CO2T, 0) }},
		{"planner", 14, func(l *caseLine) string { return l.planner() }},
	}
}

// accountCells are the columns of the account of the gap, in thousands of money.
func accountCells() []jobsCell {
	part := func(head string, of func(l *caseLine) float64) jobsCell {
		return jobsCell{head, 10, func(l *caseLine) string { return grouped(of(l)/1000, 1) }}
	}
	return []jobsCell{
		{"case", 24, (*caseLine).jobsCase},
		{"jobs", 9, func(l *caseLine) string { return grouped(float64(l.Jobs), 0) }},
		part("gap", func(l *caseLine) float64 { return l.Placement.Total() }),
		part("regrets", func(l *caseLine) float64 { return l.Placement.Regret }),
		part("of dropped", func(l *caseLine) float64 { return l.Placement.RegretDropped }),
		part("of big", func(l *caseLine) float64 { return l.Placement.RegretBig }),
		part("oracles", func(l *caseLine) float64 { return l.Placement.OracleLoss }),
		part("capacity", func(l *caseLine) float64 { return l.Placement.UnitSlack }),
		part("data", func(l *caseLine) float64 { return l.Placement.DataSlack }),
		part("copies", func(l *caseLine) float64 { return l.Placement.Copies }),
		part("relaxation", func(l *caseLine) float64 { return l.Placement.Relaxation }),
		part("search", func(l *caseLine) float64 { return l.Placement.Search }),
		part("less by cuts", func(l *caseLine) float64 { return l.Placement.Lifted }),
		part("computing", func(l *caseLine) float64 { return l.Placement.Computing }),
		{"job side", 10, func(l *caseLine) string { return sharePercent(jobShare(l.Placement)) }},
	}
}

func textRow(cells []jobsCell, of func(c jobsCell) string) string {
	var b strings.Builder
	for i, c := range cells {
		width := c.width
		if i == 0 {
			width = -width
		}
		fmt.Fprintf(&b, "%*s ", width, of(c))
	}
	return strings.TrimRight(b.String(), " ")
}

func jobsHead() string { return textRow(jobsCells(), func(c jobsCell) string { return c.head }) }

// jobsRow is a line of the table, and the account of its gap below.
func (l *caseLine) jobsRow() string {
	text := textRow(jobsCells(), func(c jobsCell) string { return c.of(l) })
	if l.Placement != nil {
		var parts []string
		for _, c := range accountCells()[2:] {
			parts = append(parts, c.head+" "+c.of(l))
		}
		text += "\n    thousands: " + strings.Join(parts, ", ")
	}
	for _, f := range l.faults(nil) {
		text += "  WRONG: " + f
	}
	return text
}

// Marks of the part of a page that is written anew.
const (
	pageBegin = "<!-- bench jobs: what follows is written by wattbit bench jobs --page -->\n"
	pageEnd   = "<!-- bench jobs: end -->\n"
)

// writeJobsPage writes the tables between the marks of a Markdown page.
func writeJobsPage(page string, lines []*caseLine) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return usage("bench jobs: --page: %w", err)
	}
	before, rest, hasBegin := strings.Cut(string(text), pageBegin)
	_, after, hasEnd := strings.Cut(rest, pageEnd)
	if !hasBegin || !hasEnd {
		return usage("bench jobs: %s has no lines %q and %q, one after the other", page, strings.TrimSpace(pageBegin), strings.TrimSpace(pageEnd))
	}
	return atomicfile.Write(page, func(w io.Writer) error {
		_, err := io.WriteString(w, before+pageBegin+jobsPage(lines)+pageEnd+after)
		return err
	})
}

// jobsPage is the tables of all lines as Markdown.
func jobsPage(lines []*caseLine) string {
	var b strings.Builder
	b.WriteString("\n" + measuredWhere(lines))
	markdown(&b, jobsCells(), lines)
	b.WriteString("The account of each gap, in thousands of money; the last column is the job side (regrets,\noracles, capacity, data) relative to what computing for jobs costs.\n\n")
	var placed []*caseLine
	for _, l := range lines {
		if l.Placement != nil {
			placed = append(placed, l)
		}
	}
	markdown(&b, accountCells(), placed)
	for _, c := range jobCurves(lines) {
		for _, g := range growthOf(overJobs, c.lines) {
			fmt.Fprintf(&b, "- %s: %s.\n", c.name, g)
		}
	}
	b.WriteString("\n")
	return b.String()
}

// measuredWhere says when, where and with what lines were measured.
func measuredWhere(lines []*caseLine) string {
	var said []string
	for _, l := range lines {
		text := fmt.Sprintf("%s: %s, %s, HiGHS %s; gap %g, limit %g s, %s.", l.Started.Format("2 January 2006"), l.Machine, l.Wattbit.Go,
			l.EngineVersion, l.Options.Gap, l.Options.TimeLimitS, plural(int(l.Options.Threads), "thread"))
		text = strings.Replace(text, "HiGHS", l.Options.Engine, 1)
		if len(said) == 0 || said[len(said)-1] != text {
			said = append(said, text)
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "Measured on " + strings.Join(said, "\n") + "\n\n"
}

func markdown(b *strings.Builder, cells []jobsCell, lines []*caseLine) {
	row := func(of func(c jobsCell) string) {
		for _, c := range cells {
			b.WriteString("| " + of(c) + " ")
		}
		b.WriteString("|\n")
	}
	row(func(c jobsCell) string { return c.head })
	row(func(jobsCell) string { return "---" })
	for _, l := range lines {
		row(func(c jobsCell) string { return c.of(l) })
	}
	b.WriteString("\n")
}
