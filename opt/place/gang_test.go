package place

import (
	"cmp"
	"math"
	"slices"
	"testing"
)

// enumerateRuns tries every set of periods that a gang may hold; of those the
// dearest are idle, or busy in part, as far as the hours allow.
func enumerateRuns(m *market, j *Job, o Option) float64 {
	p, q := m.p, &m.pools[o.Pool]
	n := int(j.End - j.First)
	best := math.Inf(1)
	for set := 1; set < 1<<n; set++ {
		interruptions, hours, cost := -1, 0.0, 0.0
		first, last, before := -1, -1, -2
		var periods []int
		fits := true
		for i := range n {
			if set>>i&1 == 0 {
				continue
			}
			t := int(j.First) + i
			if before != i-1 {
				interruptions++
			}
			if first < 0 {
				first = t
			}
			last, before = t, i
			hours += p.Hours[t]
			cost += j.Units * q.both[t]
			fits = fits && q.room[t] >= j.Units
			periods = append(periods, t)
		}
		work := j.WorkUnitH
		arrive := 0.0
		if o.Now {
			work -= j.DoneUnitH
			if first > int(j.First) {
				interruptions++
			}
		} else {
			arrive = cheapestInput(m, j, o.Links, first)
		}
		spare := hours - work/o.Speed/j.Units - float64(interruptions)*j.LossH
		if !fits || interruptions > int(j.MaxInterruptions) {
			continue
		}
		if j.BacklogPricePerUnitH > 0 && int(j.End) == len(p.Hours) {
			best = min(best, arrive+leavingRuns(m, j, o, periods, -spare))
		}
		if spare < -1e-9 {
			continue
		}
		// Idle where an hour busy is dearest, even where that is a gain lost: the
		// busy hours are given.
		slices.SortFunc(periods, func(a, b int) int {
			if q.busy[a]/p.Hours[a] > q.busy[b]/p.Hours[b] {
				return -1
			}
			return 1
		})
		for _, t := range periods {
			idle := min(max(0, spare), p.Hours[t])
			cost -= j.Units * q.busy[t] * idle / p.Hours[t]
			spare -= idle
		}
		end := 0.0
		for t := range last + 1 {
			end += p.Hours[t]
		}
		best = min(best, cost+arrive+cheapestResults(m, j, o.Links, last+1)+j.LatePricePerH*max(0, end-j.DeadlineH))
	}
	return best
}

// leavingRuns is what it costs to hold a gang in some periods, and to leave what they lack
// and what costs less to leave; more is negative where they have hours to spare.
func leavingRuns(m *market, j *Job, o Option, periods []int, more float64) float64 {
	q := &m.pools[o.Pool]
	perHour := j.BacklogPricePerUnitH * j.Units * o.Speed // of the gang
	cost := more * perHour
	worth := func(t int) float64 { return perHour*m.p.Hours[t] - j.Units*q.busy[t] } // of a period's work
	best := slices.MaxFunc(periods, func(a, b int) int { return cmp.Compare(worth(a), worth(b)) })
	for _, t := range periods {
		cost += j.Units * q.both[t]
		if worth(t) < 0 && t != best { // something is done
			cost, more = cost+worth(t), more+m.p.Hours[t]
		}
	}
	if more < 1e-9 {
		return math.Inf(1) // nothing is left
	}
	return cost + j.LatePricePerH*max(0, m.starts[len(m.starts)-1]-j.DeadlineH)
}

func TestGrain(t *testing.T) {
	for _, c := range []struct {
		hours []float64
		want  float64
	}{
		{[]float64{1, 1, 1}, 1}, {[]float64{0.25, 0.5, 1}, 0.25}, {[]float64{0.5, 0.75}, 0.25}, {[]float64{1.0 / 3, 0.5}, 1.0 / 6},
		{[]float64{1, math.Pi}, 0}, {nil, 0},
	} {
		got, counts := grain(c.hours)
		if math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v: grain %g, want %g", c.hours, got, c.want)
		}
		for i, n := range counts {
			if got > 0 && math.Abs(float64(n)*got-c.hours[i]) > 1e-9 {
				t.Errorf("%v: %d grains in period %d", c.hours, n, i)
			}
		}
	}
}
