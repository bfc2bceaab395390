package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// canvas is an SVG under construction. Whatever comes from a case goes through
// escape.
type canvas struct {
	b strings.Builder
}

func (c *canvas) add(format string, args ...any) { fmt.Fprintf(&c.b, format, args...) }

// html closes the drawing. Everything in it was built here or escaped.
func (c *canvas) html() template.HTML { return template.HTML(c.b.String() + "</svg>") }

func escape(s string) string { return html.EscapeString(s) }

// coordinate rounds to a tenth, as short as possible.
func coordinate(v float64) string {
	v = math.Round(finite(v)*10) / 10
	if v == 0 {
		return "0"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// shorten cuts a label to a number of characters.
func shorten(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// plot is the geometry of a chart: the size of its drawing, and the margins.
type plot struct {
	w, h                     float64
	left, right, top, bottom float64
	timeTicks, valueTicks    int
	class                    string
}

var (
	widePlot  = plot{w: 1240, h: 330, left: 62, right: 20, top: 24, bottom: 28, timeTicks: 13, valueTicks: 6, class: "chart wide"}
	halfPlot  = plot{w: 610, h: 270, left: 58, right: 20, top: 24, bottom: 28, timeTicks: 9, valueTicks: 5, class: "chart half"}
	smallPlot = plot{w: 330, h: 172, left: 42, right: 16, top: 20, bottom: 22, timeTicks: 5, valueTicks: 4, class: "chart small"}
)

// frame is a plot with its axes: time along x, values along y.
type frame struct {
	canvas
	plot
	axis      *timeAxis
	low, high float64
	scale     scale
}

// newFrame opens a chart and draws its grid. The text says for screen readers
// what it shows.
func newFrame(p plot, axis *timeAxis, low, high float64, unit, text string) *frame {
	low, high = finite(low), finite(high)
	if !(high > low) {
		high = low + 1
	}
	f := &frame{plot: p, axis: axis, low: low, high: high, scale: scaleFor(max(math.Abs(low), math.Abs(high)), unit)}
	f.add(`<svg class="%s" viewBox="0 0 %s %s" role="img" aria-label="%s">`, p.class, coordinate(p.w), coordinate(p.h), escape(text))
	for _, v := range valueTicks(low/f.scale.divisor, high/f.scale.divisor, p.valueTicks) {
		y := coordinate(f.y(v * f.scale.divisor))
		class := "grid"
		if v == 0 {
			class = "grid zero"
		}
		f.add(`<path class="%s" d="M%s %sH%s"/>`, class, coordinate(p.left), y, coordinate(p.w-p.right))
		f.add(`<text class="tick" x="%s" y="%s" dy=".32em" text-anchor="end">%s</text>`,
			coordinate(p.left-6), y, escape(minus(f.scale.label(v*f.scale.divisor))))
	}
	f.add(`<text class="unit" x="%s" y="%s" text-anchor="start">%s</text>`, "2", coordinate(p.top-11), escape(f.scale.unit))
	timeTicks(&f.canvas, p, axis, p.h-p.bottom)
	return f
}

// timeTicks labels the time axis below y.
func timeTicks(c *canvas, p plot, axis *timeAxis, y float64) {
	width := p.w - p.left - p.right
	for i, t := range axis.ticks(p.timeTicks) {
		x := p.left + t.at/axis.total()*width
		class := "tick"
		if i%2 == 1 {
			class = "tick minor"
		}
		c.add(`<path class="mark" d="M%s %sv4"/>`, coordinate(x), coordinate(y))
		c.add(`<text class="%s" x="%s" y="%s" text-anchor="middle">%s</text>`, class, coordinate(x), coordinate(y+16), escape(t.label))
	}
}

func (f *frame) x(hour float64) float64 {
	return f.left + hour/f.axis.total()*(f.w-f.left-f.right)
}

func (f *frame) y(v float64) float64 {
	return f.h - f.bottom - (finite(v)-f.low)/(f.high-f.low)*(f.h-f.top-f.bottom)
}

// pen writes a path in relative steps between rounded places: short, and
// without drift.
type pen struct {
	b    strings.Builder
	x, y float64
}

func (p *pen) move(x, y float64) {
	p.x, p.y = math.Round(x*10), math.Round(y*10)
	p.b.WriteString("M" + tenth(p.x) + " " + tenth(p.y))
}

func (p *pen) horizontal(x float64) {
	if x = math.Round(x * 10); x != p.x {
		p.b.WriteString("h" + tenth(x-p.x))
		p.x = x
	}
}

func (p *pen) vertical(y float64) {
	if y = math.Round(y * 10); y != p.y {
		p.b.WriteString("v" + tenth(y-p.y))
		p.y = y
	}
}

func (p *pen) line(x, y float64) {
	x, y = math.Round(x*10), math.Round(y*10)
	p.b.WriteString("l" + tenth(x-p.x) + " " + tenth(y-p.y))
	p.x, p.y = x, y
}

func tenth(v float64) string { return strconv.FormatFloat(v/10, 'f', -1, 64) }

// layer is one series of a chart, a value a column, with its colour class.
type layer struct {
	name   string
	class  string
	values []float64
}

func (l layer) zero() bool {
	for _, v := range l.values {
		if v != 0 {
			return false
		}
	}
	return true
}

// band fills the area between two step lines.
func (f *frame) band(class string, bottom, top []float64) {
	n := len(top)
	var p pen
	p.move(f.x(0), f.y(top[0]))
	for i := range n {
		p.vertical(f.y(top[i]))
		p.horizontal(f.x(f.axis.edges[i+1]))
	}
	for i := n - 1; i >= 0; i-- {
		p.vertical(f.y(bottom[i]))
		p.horizontal(f.x(f.axis.edges[i]))
	}
	f.add(`<path class="area f-%s" d="%sz"/>`, class, p.b.String())
}

// steps draws a step line.
func (f *frame) steps(class string, values []float64) {
	var p pen
	p.move(f.x(0), f.y(values[0]))
	for i, v := range values {
		p.vertical(f.y(v))
		p.horizontal(f.x(f.axis.edges[i+1]))
	}
	f.add(`<path class="line l-%s" d="%s"/>`, class, p.b.String())
}

// tips adds a column for each period that shows text under the pointer.
func (f *frame) tips(text func(column int) string) {
	for i := range f.axis.columns() {
		x := f.x(f.axis.edges[i])
		f.add(`<rect class="hit" x="%s" y="%s" width="%s" height="%s"><title>%s</title></rect>`, coordinate(x), coordinate(f.top),
			coordinate(f.x(f.axis.edges[i+1])-x), coordinate(f.h-f.top-f.bottom), escape(text(i)))
	}
}

// stack draws layers upwards from zero, others downwards, and lines over them,
// all in one unit.
func stack(p plot, axis *timeAxis, ups, downs, lines []layer, unit, text string) template.HTML {
	n := axis.columns()
	high, low := make([]float64, n), make([]float64, n)
	pile := func(onto []float64, layers []layer, sign float64) {
		for _, l := range layers {
			for i, v := range l.values {
				onto[i] += sign * v
			}
		}
	}
	pile(high, ups, 1)
	pile(low, downs, -1)
	top, bottom := 0.0, 0.0
	for i := range n {
		top, bottom = max(top, high[i]), min(bottom, low[i])
	}
	for _, l := range lines {
		for _, v := range l.values {
			top, bottom = max(top, v), min(bottom, v)
		}
	}
	f := newFrame(p, axis, bottom*1.04, top*1.04, unit, text)
	draw := func(layers []layer, sign float64) {
		base := make([]float64, n)
		for _, l := range layers {
			if l.zero() {
				continue
			}
			next := make([]float64, n)
			for i, v := range l.values {
				next[i] = base[i] + sign*v
			}
			f.band(l.class, base, next)
			base = next
		}
	}
	draw(ups, 1)
	draw(downs, -1)
	for _, l := range lines {
		f.steps(l.class, l.values)
	}
	f.tips(func(i int) string {
		var b strings.Builder
		b.WriteString(axis.span(i))
		for k := len(lines) - 1; k >= 0; k-- {
			b.WriteString("\n" + lines[k].name + " " + amount(lines[k].values[i]) + " " + unit)
		}
		for k := len(ups) - 1; k >= 0; k-- {
			if v := ups[k].values[i]; math.Abs(v) >= 0.0005 {
				b.WriteString("\n" + ups[k].name + " " + amount(v) + " " + unit)
			}
		}
		for _, l := range downs {
			if v := l.values[i]; math.Abs(v) >= 0.0005 {
				b.WriteString("\n" + l.name + " −" + amount(v) + " " + unit)
			}
		}
		return b.String()
	})
	return f.html()
}

// legend is the meaning of a colour.
type legend struct {
	Name  string
	Class string // of the swatch
	Line  bool
}

// legendOf lists what the colours of layers mean, of those with values only. What
// shares a colour, as charging and discharging do, shares an entry.
func legendOf(groups ...[]layer) []legend {
	var out []legend
	at := map[string]int{}
	seen := map[legend]bool{}
	for _, layers := range groups {
		for _, l := range layers {
			item := legend{Name: l.name, Class: "f-" + l.class}
			if l.zero() || seen[item] {
				continue
			}
			seen[item] = true
			if i, shared := at[l.class]; shared {
				out[i].Name += ", " + untitle(l.name)
				continue
			}
			at[l.class] = len(out)
			out = append(out, item)
		}
	}
	return out
}

// untitle undoes title, for a name within a line.
func untitle(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); r == utf8.RuneError || unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

func lineLegend(name, class string) legend {
	return legend{Name: name, Class: "l-" + class, Line: true}
}
