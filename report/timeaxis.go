package report

import (
	"fmt"
	"math"
)

// maxColumns is the number of columns that a chart draws; beyond it,
// consecutive periods are averaged.
const maxColumns = 192

// timeAxis maps the periods to the columns of charts.
type timeAxis struct {
	cal   calendar
	hours []float64
	// first[i] to last[i] are the periods of column i; edges are the
	// columns' borders in hours after the start, one more than columns.
	first, last []int
	edges       []float64
}

func newTimeAxis(j *joined) *timeAxis {
	a := &timeAxis{cal: j.cal, hours: j.hours, edges: []float64{0}}
	group := (j.T + maxColumns - 1) / maxColumns
	for t := 0; t < j.T; t += group {
		end := min(t+group, j.T)
		length := 0.0
		for _, h := range j.hours[t:end] {
			length += h
		}
		a.first, a.last = append(a.first, t), append(a.last, end-1)
		a.edges = append(a.edges, a.edges[len(a.edges)-1]+length)
	}
	return a
}

func (a *timeAxis) columns() int { return len(a.first) }

func (a *timeAxis) total() float64 { return a.edges[len(a.edges)-1] }

// grouped says whether a column holds more than one period.
func (a *timeAxis) grouped() bool { return len(a.first) < len(a.hours) }

func (a *timeAxis) span(i int) string { return a.cal.span(a.first[i], a.last[i]) }

// mean averages a series over the periods of each column.
func (a *timeAxis) mean(v []float64) []float64 {
	if !a.grouped() {
		return v
	}
	out := make([]float64, a.columns())
	for i := range out {
		sum := 0.0
		for t := a.first[i]; t <= a.last[i]; t++ {
			sum += v[t] * a.hours[t]
		}
		out[i] = sum / (a.edges[i+1] - a.edges[i])
	}
	return out
}

// ends takes the last value of each column, for levels.
func (a *timeAxis) ends(v []float64) []float64 {
	out := make([]float64, a.columns())
	for i := range out {
		out[i] = v[a.last[i]]
	}
	return out
}

// tick is a labelled place on an axis.
type tick struct {
	at    float64
	label string
}

// ticks places at most most labels on round local clock times.
func (a *timeAxis) ticks(most int) []tick {
	step := 24.0
	for _, h := range []float64{0.25, 0.5, 1, 2, 3, 4, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 28} {
		step = h
		if a.total()/h <= float64(most) {
			break
		}
	}
	for a.total()/step > float64(most) {
		step *= 2
	}
	start := a.cal.times[0]
	sinceMidnight := float64(start.Hour()) + float64(start.Minute())/60 + float64(start.Second())/3600
	at := math.Mod(step-math.Mod(sinceMidnight, step), step)
	if step > 24 {
		at = math.Mod(24-sinceMidnight, 24)
	}
	var out []tick
	for ; at <= a.total()+1e-9; at += step {
		when := start.Add(hoursOf(at))
		label := when.Format("15:04")
		switch {
		case step >= 24 || a.cal.dated && label == "00:00":
			label = when.Format("Jan 2")
		case !a.cal.dated && at > 0 && label == "00:00":
			label = "24:00"
		}
		out = append(out, tick{at, label})
	}
	return out
}

// valueTicks places round numbers between low and high.
func valueTicks(low, high float64, most int) []float64 {
	low, high = finite(low), finite(high)
	if !(high > low) {
		return []float64{low}
	}
	raw := (high - low) / float64(most)
	step := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if m*step >= raw {
			step *= m
			break
		}
	}
	var out []float64
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step && len(out) <= 2*most+2; i++ {
		out = append(out, i*step)
	}
	return out
}

// scale is a unit that suits values up to most: they are divided by it.
type scale struct {
	divisor float64
	unit    string
}

func scaleFor(most float64, unit string) scale {
	switch unit {
	case "MW", "MWh":
		if most >= 4000 {
			return scale{1000, "G" + unit[1:]}
		}
	case "units":
		switch {
		case most >= 4e6:
			return scale{1e6, "million units"}
		case most >= 4000:
			return scale{1000, "thousand units"}
		}
	}
	return scale{1, unit}
}

func (s scale) label(v float64) string {
	v /= s.divisor
	switch a := math.Abs(v); {
	case a == math.Trunc(a) || a >= 100:
		return number(v, 0)
	case a >= 10:
		return number(v, 1)
	default:
		return fmt.Sprintf("%.3g", v)
	}
}
