package main

import (
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
)

// drawGrowth draws each figure over the number of units on logarithmic axes, as an
// SVG that needs nothing else. A hollow mark is a fleet at which a limit ended the
// search; the dashed line is growth in proportion, through the first mark.
func drawGrowth(w io.Writer, lines []*caseLine) error {
	series := growthSeries()
	width := growthLeft + float64(len(series))*(growthPanelW+growthGap) - growthGap + 20
	height := growthTop + growthPanelH + growthBottom
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" font-family="sans-serif" font-size="12" role="img" aria-label="time and memory over the number of units">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%g" height="%g" fill="white"/>`+"\n", width, height)
	for i, g := range series {
		p := newGrowthPanel(g, lines)
		fmt.Fprintf(&b, `<g transform="translate(%g %g)">`+"\n", growthLeft+float64(i)*(growthPanelW+growthGap), growthTop)
		p.draw(&b)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// growthPanel is one figure over the number of units; axes are whole decades.
type growthPanel struct {
	growthLine
	marks                    []growthMark
	left, right, low, height float64 // decades: from, to, from, number
}

type growthMark struct {
	units, v float64
	closed   bool
}

func newGrowthPanel(g growthLine, lines []*caseLine) *growthPanel {
	p := &growthPanel{growthLine: g}
	left, right, low, high := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, l := range lines {
		v := g.of(l)
		if v == nil || *v <= 0 || l.Units < 1 {
			continue
		}
		m := growthMark{float64(l.Units), *v, l.Status == "optimal"}
		p.marks = append(p.marks, m)
		left, right = min(left, math.Floor(math.Log10(m.units))), max(right, math.Ceil(math.Log10(m.units)))
		low, high = min(low, math.Floor(math.Log10(m.v))), max(high, math.Ceil(math.Log10(m.v)))
	}
	if len(p.marks) == 0 {
		left, right, low, high = 0, 1, 0, 1
	}
	p.left, p.right, p.low, p.height = left, max(right, left+1), low, max(high, low+1)-low
	return p
}

func (p *growthPanel) x(units float64) float64 {
	return (math.Log10(units) - p.left) / (p.right - p.left) * growthPanelW
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
	fmt.Fprintf(b, `<text x="%g" y="%g" text-anchor="middle">thermal units</text>`+"\n", growthPanelW/2, growthPanelH+38)
	if len(p.marks) == 0 {
		return
	}
	// Growth in proportion, as far as the panel goes.
	first := p.marks[0]
	to := math.Min(math.Pow(10, p.right), first.units*math.Pow(10, p.low+p.height)/first.v)
	fmt.Fprintf(b, `<path d="M%.1f %.1fL%.1f %.1f" stroke="#999" stroke-dasharray="4 4"/>`+"\n",
		p.x(first.units), p.y(first.v), p.x(to), p.y(first.v*to/first.units))
	var path strings.Builder
	for i, m := range p.marks {
		fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(i, 1)], p.x(m.units), p.y(m.v))
	}
	fmt.Fprintf(b, `<path d="%s" fill="none" stroke="#1f5f8b" stroke-width="2"/>`+"\n", path.String())
	for _, m := range p.marks {
		fill := "#1f5f8b"
		if !m.closed {
			fill = "white"
		}
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="4" fill="%s" stroke="#1f5f8b" stroke-width="2"><title>%s units: %s %s</title></circle>`+"\n",
			p.x(m.units), p.y(m.v), fill, grouped(m.units, 0), grouped(m.v, 2), p.unit)
	}
}

// decade writes a power of ten.
func decade(d float64) string {
	if d < 0 {
		return fmt.Sprintf("%.*f", int(-d), math.Pow(10, d))
	}
	return grouped(math.Pow(10, d), 0)
}
