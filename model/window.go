package model

import (
	"fmt"
	"math"
	"slices"
	"sort"
)

// durationSlack is the tolerance of every comparison of durations, in hours.
const durationSlack = 1e-9

// JobWindow returns the periods that the job may use: from first on; those
// below end finish by the deadline; those below last are usable at all, which
// is all of the horizon when lateness has a price and end when it has none.
// Where no period fits, end or last is at most first.
func (c *Case) JobWindow(j *Job) (first, end, last int) { return c.Index().JobWindow(j) }

// JobWindow is Case.JobWindow.
func (ix *Index) JobWindow(j *Job) (first, end, last int) {
	T := len(ix.Hours)
	first = sort.Search(T, func(t int) bool { return ix.Starts[t] >= j.ReleaseH-durationSlack })
	end = T
	if j.DeadlineH != nil {
		end = sort.Search(T, func(t int) bool { return ix.Starts[t+1] > *j.DeadlineH+durationSlack })
	}
	last = end
	if j.LatePricePerH != nil {
		last = T
	}
	return first, end, last
}

// RigidEnd returns where a rigid job that starts in period start in the pool
// ends: it holds the periods start..end-1. Ok is false when the horizon is too
// short.
func (ix *Index) RigidEnd(j *Job, pool, start int) (end int, ok bool) {
	need := j.WorkUnitH / (j.Units * ix.c.Pools[pool].UnitSpeed())
	for end = start; end < len(ix.Hours); end++ {
		if ix.Starts[end]-ix.Starts[start] >= need-durationSlack && end > start {
			return end, true
		}
	}
	return end, end > start && ix.Starts[end]-ix.Starts[start] >= need-durationSlack
}

// cannotFinish says why the job cannot be done in the pool even if it had pool
// and data link to itself, or "" when it can.
func (ix *Index) cannotFinish(j *Job, p Placement) string {
	pool := &ix.c.Pools[p.Pool]
	units := ix.units[p.Pool]
	if len(units) == 0 {
		return "cannot finish: the horizon has no periods"
	}
	if most := slices.Max(units); j.Shape == Rigid && j.Units > most {
		return fmt.Sprintf("gang of %s units exceeds the pool's %s", short(j.Units), short(most))
	}
	first, _, last := ix.JobWindow(j)
	from := ix.EarliestWork(j, p)
	between := "between release and deadline"
	if j.LatePricePerH != nil || j.DeadlineH == nil {
		between = "between release and the horizon's end"
	}
	if reason := ix.dataTooLate(j, p, last, between); reason != "" {
		return reason
	}
	if from > first {
		between += " once the input is there"
	}
	if j.Migration == nil {
		last = min(last, ix.LatestEnd(j, p))
	}
	if j.Shape != Rigid {
		work := 0.0
		for t := from; t < last; t++ {
			work += min(j.Units, units[t]) * pool.UnitSpeed() * ix.Hours[t]
		}
		if work < j.WorkUnitH*(1-1e-9) {
			return fmt.Sprintf("cannot finish: has %s unit-hours of work, at most %s can be done %s", short(j.WorkUnitH), short(work), between)
		}
		return ""
	}
	fits := false
	for start := from; start < last; start++ {
		end, ok := ix.RigidEnd(j, p.Pool, start)
		if !ok || end > last {
			break
		}
		fits = true
		hole := start
		for hole < end && units[hole] >= j.Units {
			hole++
		}
		if hole == end {
			return ""
		}
	}
	if fits {
		return fmt.Sprintf("cannot finish: fewer than its %s units are available in every stretch long enough %s", short(j.Units), between)
	}
	if end, ok := ix.RigidEnd(j, p.Pool, from); ok {
		return fmt.Sprintf("cannot finish: needs %d periods %s, %d there", end-from, between, max(0, last-from))
	}
	there := 0.0
	if from < last {
		there = ix.Starts[last] - ix.Starts[from]
	}
	return fmt.Sprintf("cannot finish: needs %s h %s, %s h there", short(j.WorkUnitH/(j.Units*pool.UnitSpeed())), between, short(there))
}

// N returns count or its default, 1.
func (j *Job) N() int { return countOr1(j.Count) }

// N returns count or its default, 1.
func (u *ThermalUnit) N() int { return countOr1(u.Count) }

func countOr1(n int) int {
	if n == 0 {
		return 1
	}
	return n
}

// InputRegion returns data_region or its default, the job's region.
func (j *Job) InputRegion() string {
	if j.DataRegion != "" {
		return j.DataRegion
	}
	return j.Region
}

// MaxModules returns the number of modules available in period t, rounded down.
func (p *Pool) MaxModules(t int) int {
	return int(math.Floor(p.AvailableModules.At(t, float64(p.Modules)) + 1e-9))
}

// MaxUnits returns the busy units that the pool can offer in period t with every
// available module on.
func (p *Pool) MaxUnits(t int) float64 { return float64(p.MaxModules(t)) * p.UnitsPerModule }

// T returns the number of periods.
func (c *Case) T() int { return c.Horizon.Len() }
