package report

import (
	"html/template"
	"math"
	"slices"
	"unicode/utf8"
)

// heatRow is one row of a heat map: a label and, for every column, how strong
// its colour is and what it says.
type heatRow struct {
	label string
	cells []heatCell
}

// heatCell is strong between 0 and 1; class replaces the colour, for values
// beyond the scale. Neighbours that say the same are drawn as one.
type heatCell struct {
	strength float64
	class    string
	text     string
}

const (
	heatRowHeight = 19
	heatLabel     = 168
	// heatLabelShort is how many letters a label may have that also fits in the
	// larger type of a narrow window.
	heatLabelShort = 18
)

// heatMap draws rows over time.
func heatMap(axis *timeAxis, rows []heatRow, text string) template.HTML {
	p := widePlot
	p.left, p.top, p.bottom = heatLabel, 4, 26
	p.h = p.top + p.bottom + heatRowHeight*float64(len(rows))
	p.class = "chart wide heat"
	for _, row := range rows {
		if utf8.RuneCountInString(row.label) > heatLabelShort {
			p.class = "chart wide heat long"
		}
	}
	c := &canvas{}
	c.add(`<svg class="%s" viewBox="0 0 %s %s" role="img" aria-label="%s">`, p.class, coordinate(p.w), coordinate(p.h), escape(text))
	width := p.w - p.left - p.right
	gap := 1.0
	if axis.columns() > 48 {
		gap = 0.3
	}
	for r, row := range rows {
		y := p.top + heatRowHeight*float64(r)
		c.add(`<text class="label" x="%s" y="%s" dy=".32em" text-anchor="end">%s<title>%s</title></text>`,
			coordinate(p.left-8), coordinate(y+heatRowHeight/2), escape(shorten(row.label, 26)), escape(row.label))
		for i := 0; i < len(row.cells); {
			end := i + 1
			for end < len(row.cells) && row.cells[end] == row.cells[i] {
				end++
			}
			cell := row.cells[i]
			x := p.left + axis.edges[i]/axis.total()*width
			w := p.left + axis.edges[end]/axis.total()*width - x
			class := "cell"
			if cell.class != "" {
				class += " " + cell.class
			}
			c.add(`<rect class="%s" x="%s" y="%s" width="%s" height="%d" fill-opacity="%s"><title>%s</title></rect>`,
				class, coordinate(x+gap/2), coordinate(y+1), coordinate(max(0.5, w-gap)), heatRowHeight-2, opacity(cell.strength),
				escape(row.label+"\n"+axis.cal.span(axis.first[i], axis.last[end-1])+": "+cell.text))
			i = end
		}
	}
	timeTicks(c, p, axis, p.h-p.bottom)
	return c.html()
}

func opacity(strength float64) string {
	s := 0.06 + 0.94*min(1, max(0, finite(strength)))
	return number(s, 2)
}

// priceScale is a colour scale for prices that a few scarce hours do not
// flatten: it ends where most prices do, and what lies above is marked.
type priceScale struct{ low, high float64 }

func newPriceScale(series [][]float64) priceScale {
	var all []float64
	for _, v := range series {
		for _, x := range v {
			if !math.IsNaN(x) {
				all = append(all, x)
			}
		}
	}
	if len(all) == 0 {
		return priceScale{0, 1}
	}
	slices.Sort(all)
	s := priceScale{low: min(0, all[0]), high: all[len(all)-1]}
	// Where the top is far above the 90th percentile, the scale stops short.
	if p := all[(len(all)-1)*9/10]; s.high > 3*p && p > 0 {
		s.high = 1.2 * p
	}
	s.low = all[0]
	if s.low > 0 && s.low > 0.5*s.high {
		s.low = math.Floor(s.low * 0.9)
	} else if s.low > 0 {
		s.low = 0
	}
	if !(s.high > s.low) {
		s.high = s.low + 1
	}
	return s
}

func (s priceScale) cell(v float64, unit string) heatCell {
	cell := heatCell{text: amount(v) + " " + unit}
	switch {
	case math.IsNaN(v):
		cell.text, cell.class = "no module is on", "closed"
	case v > s.high*(1+1e-9):
		cell.strength, cell.class = 1, "beyond"
	case v < 0:
		cell.strength, cell.class = ratio(v, s.low), "below"
	default:
		cell.strength = (v - max(0, s.low)) / (s.high - max(0, s.low))
	}
	return cell
}

func (s priceScale) rows(axis *timeAxis, names []string, series [][]float64, unit string) []heatRow {
	var out []heatRow
	for i, v := range series {
		if v == nil {
			continue
		}
		row := heatRow{label: names[i]}
		for _, x := range axis.mean(v) {
			row.cells = append(row.cells, s.cell(x, unit))
		}
		out = append(out, row)
	}
	return out
}
