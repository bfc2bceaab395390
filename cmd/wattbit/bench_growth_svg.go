package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
)

// Sizes of the drawing, in pixels.
const (
	growthPanelW, growthPanelH = 300.0, 260.0
	growthLeft, growthTop      = 64.0, 34.0
	growthGap, growthBottom    = 84.0, 52.0
	growthLegend               = 20.0 // a line of it
)

// growthCurve is lines of measurement that belong together; a curve without a name
// stands alone.
type growthCurve struct {
	name  string
	lines []*caseLine
}

// curveColours of the curves in their order.
var curveColours = [...]string{"#1f5f8b", "#c2571a", "#2e7d32", "#7b3fa0", "#8a6d00", "#b3224f", "#0f7f86", "#4a4f57", "#c7609d", "#7c9a1f"}

// drawGrowth draws each figure on logarithmic axes, as an SVG that needs nothing
// else. A hollow mark is one at which a limit ended the search; the dashed line is
// growth in proportion, through the first mark.
func drawGrowth(w io.Writer, over growthAxis, curves []growthCurve) error {
	series := growthSeries()
	width := growthLeft + float64(len(series))*(growthPanelW+growthGap) - growthGap + 36 // room for half a number
	height := growthTop + growthPanelH + growthBottom
	legend := len(curves) > 1
	if legend {
		height += growthLegend * math.Ceil(float64(len(curves))/2)
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" font-family="sans-serif" font-size="12" role="img" aria-label="time and memory over the number of %ss">`+"\n", width, height, over.item)
	fmt.Fprintf(&b, `<rect width="%g" height="%g" fill="white"/>`+"\n", width, height)
	for i, g := range series {
		p := newGrowthPanel(g, over, curves)
		fmt.Fprintf(&b, `<g transform="translate(%g %g)">`+"\n", growthLeft+float64(i)*(growthPanelW+growthGap), growthTop)
		p.draw(&b)
		b.WriteString("</g>\n")
	}
	if legend {
		for i, c := range curves {
			x, y := growthLeft+float64(i%2)*(growthPanelW+growthGap), growthTop+growthPanelH+growthBottom+growthLegend*float64(i/2)
			fmt.Fprintf(&b, `<path d="M%g %gh24" stroke="%s" stroke-width="2"/><text x="%g" y="%g">`, x, y, colourOf(i), x+32, y+4)
			_ = xml.EscapeText(&b, []byte(c.name)) // a builder takes all
			b.WriteString("</text>\n")
		}
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func colourOf(curve int) string { return curveColours[curve%len(curveColours)] }

// growthPanel is one figure over what is counted; axes are whole decades.
type growthPanel struct {
	growthLine
	over                     growthAxis
	curves                   [][]growthMark
	left, right, low, height float64 // decades: from, to, from, number
}

type growthMark struct {
	n, v   float64
	closed bool
}

func newGrowthPanel(g growthLine, over growthAxis, curves []growthCurve) *growthPanel {
	p := &growthPanel{growthLine: g, over: over}
	left, right, low, high := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, c := range curves {
		var marks []growthMark
		for _, l := range c.lines {
			v := g.of(l)
			if v == nil || *v <= 0 || over.of(l) < 1 {
				continue
			}
			m := growthMark{float64(over.of(l)), *v, l.Status == "optimal"}
			marks = append(marks, m)
			left, right = min(left, math.Floor(math.Log10(m.n))), max(right, math.Ceil(math.Log10(m.n)))
			low, high = min(low, math.Floor(math.Log10(m.v))), max(high, math.Ceil(math.Log10(m.v)))
		}
		p.curves = append(p.curves, marks)
	}
	if math.IsInf(left, 1) {
		left, right, low, high = 0, 1, 0, 1
	}
	p.left, p.right, p.low, p.height = left, max(right, left+1), low, max(high, low+1)-low
	return p
}

func (p *growthPanel) x(n float64) float64 {
	return (math.Log10(n) - p.left) / (p.right - p.left) * growthPanelW
}

func (p *growthPanel) y(v float64) float64 {
	return growthPanelH - (math.Log10(v)-p.low)/p.height*growthPanelH
}

func (p *growthPanel) draw(b *strings.Builder) {
	fmt.Fprintf(b, `<text x="0" y="-12" font-weight="bold">%s, %s</text>`+"\n", p.name, p.unit)
	for d := p.left; d <= p.right; d++ {
		x := p.x(math.Pow(10, d))
		fmt.Fprintf(b, `<path d="M%.1f 0V%g" stroke="#ddd"/><text x="%.1f" y="%g" text-anchor="middle">%s</text>`+"\n",
			x, growthPanelH, x, growthPanelH+18, decade(d))
	}
	for d := p.low; d <= p.low+p.height; d++ {
		y := p.y(math.Pow(10, d))
		fmt.Fprintf(b, `<path d="M0 %.1fH%g" stroke="#ddd"/><text x="-8" y="%.1f" text-anchor="end">%s</text>`+"\n",
			y, growthPanelW, y+4, decade(d))
	}
	fmt.Fprintf(b, `<text x="%g" y="%g" text-anchor="middle">%s</text>`+"\n", growthPanelW/2, growthPanelH+38, p.over.name)
	for i, marks := range p.curves {
		p.curve(b, marks, colourOf(i))
	}
}

// curve draws marks, a line through them, and growth in proportion from the first
// on as far as the panel goes.
func (p *growthPanel) curve(b *strings.Builder, marks []growthMark, colour string) {
	if len(marks) == 0 {
		return
	}
	first := marks[0]
	to := math.Min(math.Pow(10, p.right), first.n*math.Pow(10, p.low+p.height)/first.v)
	fmt.Fprintf(b, `<path d="M%.1f %.1fL%.1f %.1f" stroke="#999" stroke-dasharray="4 4"/>`+"\n",
		p.x(first.n), p.y(first.v), p.x(to), p.y(first.v*to/first.n))
	var path strings.Builder
	for i, m := range marks {
		fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(i, 1)], p.x(m.n), p.y(m.v))
	}
	fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", path.String(), colour)
	for _, m := range marks {
		fill := colour
		if !m.closed {
			fill = "white"
		}
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s" stroke="%s" stroke-width="2"><title>%s %ss: %s %s</title></circle>`+"\n",
			p.x(m.n), p.y(m.v), fill, colour, grouped(m.n, 0), p.over.item, grouped(m.v, 2), p.unit)
	}
}

// decade writes a power of ten.
func decade(d float64) string {
	if d < 0 {
		return fmt.Sprintf("%.*f", int(-d), math.Pow(10, d))
	}
	return grouped(math.Pow(10, d), 0)
}
