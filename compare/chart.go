package compare

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strings"
	"unicode/utf8"
)

// Geometry of the bars, in pixels.
const (
	chartWidth  = 620.0
	chartLabel  = 130.0 // names to the left
	chartDigit  = 7.8   // width of a character of 13 pixels' height, at most on average
	chartSpace  = 6.0   // between a bar and its value
	barPitch    = 28.0
	barHeight   = 16.0
	chartMargin = 8.0
)

// bar is one value of a chart, and how far it may be off on either side.
type bar struct {
	name        string
	value       float64
	under, over float64
	text        string
}

// bars draws values from a common zero. A thin line shows how far each may be off;
// where that reaches zero, the bar is pale.
func bars(title string, all []bar) template.HTML {
	low, high, longest := 0.0, 0.0, 0
	for _, b := range all {
		longest = max(longest, utf8.RuneCountInString(b.text))
		low, high = min(low, b.value-b.under), max(high, b.value+b.over)
	}
	if high == low {
		high = low + 1
	}
	room := 2*chartSpace + chartDigit*float64(longest) // for values at either end
	left, right := chartLabel+room, chartWidth-room
	if low == 0 {
		left = chartLabel
	}
	x := func(v float64) float64 { return left + (v-low)/(high-low)*(right-left) }
	height := 2*chartMargin + barPitch*float64(len(all))
	var s strings.Builder
	fmt.Fprintf(&s, `<svg viewBox="0 0 %g %g" role="img" aria-label="%s">`, chartWidth, height, html.EscapeString(title))
	fmt.Fprintf(&s, `<path class="zero" d="M%.1f %gV%g"/>`, x(0), chartMargin/2, height-chartMargin/2)
	for i, b := range all {
		middle := chartMargin + barPitch*(float64(i)+0.5)
		class := "bar"
		if b.value-b.under <= 0 && b.value+b.over >= 0 {
			class = "bar pale"
		}
		from, to := min(x(0), x(b.value)), max(x(0), x(b.value))
		fmt.Fprintf(&s, `<text x="0" y="%.1f" dy=".32em">%s</text>`, middle, html.EscapeString(b.name))
		fmt.Fprintf(&s, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%g"/>`, class, from, middle-barHeight/2, to-from, barHeight)
		if b.under+b.over > 0 {
			fmt.Fprintf(&s, `<path class="gap" d="M%.1f %.1fH%.1f"/>`, x(b.value-b.under), middle, x(b.value+b.over))
		}
		at, anchor := max(to, x(b.value+b.over))+chartSpace, "start"
		if b.value < 0 {
			at, anchor = min(from, x(b.value-b.under))-chartSpace, "end"
		}
		fmt.Fprintf(&s, `<text x="%.1f" y="%.1f" dy=".32em" text-anchor="%s">%s</text>`, at, middle, anchor, html.EscapeString(b.text))
	}
	s.WriteString("</svg>")
	// Everything in it was built here or escaped.
	return template.HTML(s.String())
}

// differences are bars of what variants have more than the case as is; get says how
// much one has and how far that may be off, ok whether it is known.
func (c *Comparison) differences(unit string, get func(*Row) (value, under, over float64, ok bool)) []bar {
	var out []bar
	for i := range c.Rows {
		r := &c.Rows[i]
		if r.Difference == nil {
			continue
		}
		if v, under, over, ok := get(r); ok {
			sign := ""
			if v > 0 {
				sign = "+"
			}
			out = append(out, bar{string(r.Variant), v, under, over, sign + strings.Replace(amount(v), "-", "−", 1) + " " + unit})
		}
	}
	return out
}

// charts of a comparison: differences in cost, CO2, curtailment and peak of sites.
func (c *Comparison) charts() []chart {
	scale, prefix := moneyScale(c)
	base := &c.Rows[0]
	physical := func(get func(*Figures) float64) func(*Row) (float64, float64, float64, bool) {
		return func(r *Row) (float64, float64, float64, bool) {
			v := get(r.Figures) - get(base.Figures)
			return v, 0, 0, !math.IsNaN(v)
		}
	}
	cost := func(r *Row) (v, under, over float64, ok bool) {
		if v = r.Difference.Money / scale; base.GapMoney == nil || r.GapMoney == nil {
			return v, 0, 0, true
		}
		return v, *r.GapMoney / scale, *base.GapMoney / scale, true
	}
	var out []chart
	add := func(title string, all []bar) {
		if len(all) > 0 {
			out = append(out, chart{title, bars(title, all)})
		}
	}
	add("Cost above as is", c.differences(prefix+c.Currency, cost))
	add("CO2 above as is", c.differences("t", physical(func(f *Figures) float64 { return f.CO2T })))
	add("Curtailed above as is", c.differences("MWh", physical(func(f *Figures) float64 { return f.CurtailedMWh })))
	add("Peak of all sites above as is", c.differences("MW", physical(func(f *Figures) float64 { return f.SitesPeakMW })))
	return out
}

// chart is a drawing with its title.
type chart struct {
	Title string
	SVG   template.HTML
}
