package compare

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed compare.html.tmpl
var pageText string

var pageTemplate = template.Must(template.New("compare").Parse(pageText))

// page is what the template shows.
type page struct {
	Case     string
	Variants []Variant
	Lines    []pageLine
	Charts   []chart
	Remarks  []string
}

type pageLine struct {
	Head        bool
	Label, Unit string
	Values      []string
}

// HTML writes the comparison as one page that needs no network.
func HTML(w io.Writer, c *Comparison) error {
	p := page{Case: c.Case, Charts: c.charts(), Remarks: c.remarks()}
	for i := range c.Rows {
		p.Variants = append(p.Variants, c.Rows[i].Variant)
	}
	for _, l := range c.lines() {
		row := pageLine{Head: l.head, Label: l.label, Unit: l.unit}
		for i := range l.values {
			row.Values = append(row.Values, l.text(i))
		}
		p.Lines = append(p.Lines, row)
	}
	if err := pageTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("compare: write page: %w", err)
	}
	return nil
}
