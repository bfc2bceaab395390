package report

import (
	"fmt"
	"html/template"
	"math"
)

// levels draws a stored energy over time: straight between the ends of
// periods, from the level before the horizon on.
func levels(axis *timeAxis, initial float64, level []float64, lowest, highest float64, tip func(column int) string, text string) template.HTML {
	ends := axis.ends(level)
	top := max(highest, initial)
	for _, v := range ends {
		top = max(top, v)
	}
	f := newFrame(smallPlot, axis, min(0, lowest), top*1.04, "MWh", text)
	var p pen
	p.move(f.x(0), f.y(0))
	p.line(f.x(0), f.y(initial))
	for i, v := range ends {
		p.line(f.x(axis.edges[i+1]), f.y(v))
	}
	p.line(f.x(axis.total()), f.y(0))
	f.add(`<path class="area f-storage soft" d="%sz"/>`, p.b.String())
	p = pen{}
	p.move(f.x(0), f.y(initial))
	for i, v := range ends {
		p.line(f.x(axis.edges[i+1]), f.y(v))
	}
	f.add(`<path class="line l-storage" d="%s"/>`, p.b.String())
	for _, limit := range []float64{lowest, highest} {
		if limit != 0 {
			f.add(`<path class="limit" d="M%s %sH%s"/>`, coordinate(f.left), coordinate(f.y(limit)), coordinate(f.w-f.right))
		}
	}
	f.tips(tip)
	return f.html()
}

// ganttRow is one job: its window, and its runs. Without any it says what became
// of it.
type ganttRow struct {
	label, tip        string
	release, deadline float64 // hours
	runs              []ganttRun
	end               float64 // of what counts as late, hours
	instead           string
	bad               bool // what became of it is a drop
}

// ganttRun is the share of a job's widest units that it holds in each period from
// first on, in the colour of a site.
type ganttRun struct {
	class string
	first int
	share []float64
}

// first is the first period of work; beyond every period where there is none.
func (r *ganttRow) first() int {
	if len(r.runs) == 0 {
		return math.MaxInt
	}
	return r.runs[0].first
}

const (
	ganttRowHeight = 15
	ganttLabel     = 128
)

// gantt draws jobs over time: the window as a pale bar, the runs in the colour
// of their sites, stronger the more of its units the job holds.
func gantt(j *joined, axis *timeAxis, rows []ganttRow, text string) template.HTML {
	p := widePlot
	p.left, p.top, p.bottom = ganttLabel, 4, 26
	p.h = p.top + p.bottom + ganttRowHeight*float64(len(rows))
	p.class = "chart wide gantt"
	c := &canvas{}
	c.add(`<svg class="%s" viewBox="0 0 %s %s" role="img" aria-label="%s">`, p.class, coordinate(p.w), coordinate(p.h), escape(text))
	x := func(hour float64) float64 {
		return p.left + min(1, max(0, finite(hour)/axis.total()))*(p.w-p.left-p.right)
	}
	for r, row := range rows {
		y := p.top + ganttRowHeight*float64(r)
		c.add(`<g><title>%s</title><text class="label" x="%s" y="%s" dy=".32em" text-anchor="end">%s</text>`,
			escape(row.tip), coordinate(p.left-8), coordinate(y+ganttRowHeight/2), escape(shorten(row.label, 20)))
		window, tone := "window", "label"
		if row.bad {
			window, tone = "window dropped", "label bad"
		}
		c.add(`<rect class="%s" x="%s" y="%s" width="%s" height="%d"/>`, window, coordinate(x(row.release)), coordinate(y+4),
			coordinate(max(1, x(row.deadline)-x(row.release))), ganttRowHeight-8)
		if row.instead != "" {
			c.add(`<text class="%s" x="%s" y="%s" dy=".32em">%s</text></g>`, tone, coordinate(x(row.release)+6), coordinate(y+ganttRowHeight/2), escape(row.instead))
			continue
		}
		for _, run := range row.runs {
			for k := 0; k < len(run.share); {
				end := k + 1
				for end < len(run.share) && math.Abs(run.share[end]-run.share[k]) < 1e-3 {
					end++
				}
				if run.share[k] > 1e-6 {
					from, to := x(j.ix.Starts[run.first+k]), x(j.ix.Starts[run.first+end])
					c.add(`<rect class="run f-%s" x="%s" y="%s" width="%s" height="%d" fill-opacity="%s"/>`, run.class, coordinate(from),
						coordinate(y+2), coordinate(max(0.5, to-from-0.5)), ganttRowHeight-4, number(0.25+0.75*min(1, finite(run.share[k])), 2))
				}
				k = end
			}
		}
		if row.end > row.deadline+1e-6 {
			c.add(`<rect class="late" x="%s" y="%s" width="%s" height="%d"/>`, coordinate(x(row.deadline)), coordinate(y+1.5),
				coordinate(max(1, x(row.end)-x(row.deadline))), ganttRowHeight-3)
		}
		c.add(`</g>`)
	}
	timeTicks(c, p, axis, p.h-p.bottom)
	return c.html()
}

// colour gives a colour class to the items of a list: ten that can be told
// apart, then one for the rest.
func colour(i int) string {
	if i < colourCount {
		return fmt.Sprintf("q%d", i)
	}
	return "rest"
}

const colourCount = 10
