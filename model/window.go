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
// below end finish by the due time or, without one, by the deadline; those below
// last are usable at all: up to a hard deadline, else to the horizon's end.
// Where no period fits, end or last is at most first.
func (c *Case) JobWindow(j *Job) (first, end, last int) { return c.Index().JobWindow(j) }

// JobWindow is Case.JobWindow.
func (ix *Index) JobWindow(j *Job) (first, end, last int) {
	T := len(ix.Hours)
	first = sort.Search(T, func(t int) bool { return ix.Starts[t] >= j.ReleaseH-durationSlack })
	by := func(hour *float64) int {
		if hour == nil {
			return T
		}
		return sort.Search(T, func(t int) bool { return ix.Starts[t+1] > *hour+durationSlack })
	}
	return first, by(j.LateFrom()), by(j.HardDeadline())
}

// window is what JobWindow returns of the periods that are usable at all.
type window struct{ first, last int }

// EndOf returns the end of the fewest whole periods, one at least, that begin
// with period start and last so many hours: they are start..end-1. Ok is false
// when the horizon is too short; end is then its end.
func (ix *Index) EndOf(start int, hours float64) (end int, ok bool) {
	T := len(ix.Hours)
	n := sort.Search(T-start, func(n int) bool { return ix.Starts[start+n+1]-ix.Starts[start] >= hours-durationSlack })
	return min(start+n+1, T), start+n < T
}

// RigidEnd returns where a rigid job that starts in period start in the pool
// ends, or a moldable one at its widest: it holds the periods start..end-1. Ok is
// false when the horizon is too short.
func (ix *Index) RigidEnd(j *Job, pool, start int) (end int, ok bool) {
	return ix.EndOf(start, j.WorkUnitH/(j.Widest().EffectiveUnits*ix.JobSpeed(j, pool)))
}

// cannotFinish says why the job cannot be done in the pool even if it had pool
// and data link to itself, or "" when it can. What it says of jobs that may
// leave work or migrate is only that they could not begin there.
// w is the job's window.
func (ix *Index) cannotFinish(j *Job, p Placement, w window) string {
	units := ix.units[p.Pool]
	if len(units) == 0 {
		return "cannot finish: the horizon has no periods"
	}
	here, reason := ix.runsHere(j, p.Pool)
	if reason != "" {
		return reason
	}
	if most := ix.most[p.Pool]; j.Narrowest().Units > most && !j.Fluid() {
		if len(j.Scaling) > 0 {
			return fmt.Sprintf("its narrowest width of %s units exceeds the pool's %s", short(j.Narrowest().Units), short(most))
		}
		return fmt.Sprintf("gang of %s units exceeds the pool's %s", short(j.Units), short(most))
	}
	from, last := ix.earliestWork(j, p, w.first), w.last
	between := inWindow(j)
	if reason := ix.dataTooLate(j, p, w, from, between); reason != "" {
		return reason
	}
	if from > w.first && j.HardDeadline() == nil {
		between = "between release and the horizon's end once the input is there"
	} else if from > w.first {
		between = "between release and deadline once the input is there"
	}
	return ix.cannotDo(j, p, here, from, last, between)
}

// inWindow names the time that the job may use.
func inWindow(j *Job) string {
	if j.HardDeadline() == nil {
		return "between release and the horizon's end"
	}
	return "between release and deadline"
}

// cannotDo says why the job, which may run here when the horizon begins, cannot be done
// in the pool from period from on and before period last; "" when it can.
func (ix *Index) cannotDo(j *Job, p Placement, here bool, from, last int, between string) string {
	switch {
	case j.migrates() || ix.MayLeaveWork(j):
		return ""
	case j.Steady():
		if here && ix.goesOn(j, p.Pool) {
			return ""
		}
		if here && j.Running.Pinned {
			return "cannot finish: it is pinned, and cannot go on to its end at once"
		}
		return ix.cannotHold(j, p.Pool, from, min(last, ix.LatestEnd(j, p)), between)
	}
	last = min(last, ix.LatestEnd(j, p))
	return tooMuch(j, ix.mostWork(j, []Placement{p}, from, last), between)
}

// mostWork returns the most work that the job can do before period last, given from
// period from on the pool that does most in each period.
func (ix *Index) mostWork(j *Job, pools []Placement, from, last int) float64 {
	work := 0.0
	for t := from; t < last; t++ {
		most := 0.0
		for _, p := range pools {
			most = max(most, j.MostEffective(ix.units[p.Pool][t])*ix.JobSpeed(j, p.Pool))
		}
		work += most * ix.Hours[t]
	}
	return work
}

// tooMuch says that the work left is more than can be done; "" when it is not.
func tooMuch(j *Job, work float64, between string) string {
	if need := j.WorkLeft(); work < need*(1-1e-9) {
		return fmt.Sprintf("cannot finish: has %s unit-hours of work, at most %s can be done %s", short(need), short(work), between)
	}
	return ""
}

// migrates says that the job may go on in another pool.
func (j *Job) migrates() bool {
	return j.Migration != nil && (j.Running == nil || !j.Running.Pinned) && (j.MaxInterruptions == nil || *j.MaxInterruptions > 0)
}

// cannotMigrate says why a job that migrates cannot be done in the pools of its
// placements together, the best in each period; "" when it can. It begins in one of
// them, with its input there, and ends in one that its outputs leave in time. What
// moves take is left out.
func (ix *Index) cannotMigrate(j *Job, placements []Placement, from, last int, between string) string {
	if ix.MayLeaveWork(j) {
		return ""
	}
	var pools []Placement
	begin, end := len(ix.Hours), 0
	for _, p := range placements {
		if p.OK {
			pools = append(pools, p)
			begin, end = min(begin, ix.EarliestWork(j, p)), max(end, ix.LatestEnd(j, p))
		}
	}
	return tooMuch(j, ix.mostWork(j, pools, max(begin, from), min(end, last)), between+", in each period in the best pool")
}

// runsHere says whether the job runs in the pool when the horizon begins, and why
// one that runs elsewhere cannot come.
func (ix *Index) runsHere(j *Job, pool int) (here bool, reason string) {
	if j.Running == nil || j.Running.Pool == ix.c.Pools[pool].Name {
		return j.Running != nil, ""
	}
	switch {
	case j.Running.Pinned:
		return false, "it is pinned to pool " + j.Running.Pool
	case !j.Steady() && j.Migration == nil:
		return false, fmt.Sprintf("it runs in pool %s, and has no migration", j.Running.Pool)
	}
	return false, ""
}

// goesOn says whether a rigid or moldable job that runs in the pool can go on to
// its end.
func (ix *Index) goesOn(j *Job, pool int) bool {
	_, _, last := ix.JobWindow(j)
	w := ix.RunningWidth(j)
	end, ok := ix.EndOf(0, j.WorkLeft()/(w.EffectiveUnits*ix.JobSpeed(j, pool)))
	return ok && end <= last && ix.Offers(pool, w.Units, 0, end)
}

// RunningWidth returns the width that a rigid or moldable job holds that runs
// when the horizon begins.
func (ix *Index) RunningWidth(j *Job) ScalingPoint {
	units := j.Running.Units
	if j.Shape != Moldable {
		units = j.Units
	}
	return ScalingPoint{Units: units, EffectiveUnits: j.EffectiveUnits(units)}
}

// Offers says whether the pool can offer so many units in each of the periods
// start..end-1.
func (ix *Index) Offers(pool int, units float64, start, end int) bool {
	for _, most := range ix.units[pool][start:end] {
		if most < units {
			return false
		}
	}
	return true
}

// cannotHold says why a rigid or moldable job cannot be done in the pool from
// period from on and before period last; "" when it can.
func (ix *Index) cannotHold(j *Job, pool, from, last int, between string) string {
	var near struct{ units, most, from, to float64 } // the width that most of is there
	for _, w := range j.Widths() {
		for start := from; start < last; start++ {
			end, ok := ix.EndOf(start, j.WorkUnitH/(w.EffectiveUnits*ix.JobSpeed(j, pool)))
			if !ok || end > last {
				break
			}
			most := slices.Min(ix.units[pool][start:end])
			if most >= w.Units {
				return ""
			}
			if near.units == 0 || most/w.Units > near.most/near.units {
				near.units, near.most, near.from, near.to = w.Units, most, ix.Starts[start], ix.Starts[end]
			}
		}
	}
	if near.units > 0 {
		fewer := fmt.Sprintf("fewer than its %s units", short(near.units))
		if len(j.Scaling) > 1 {
			fewer = "fewer units than a width takes"
		}
		return fmt.Sprintf("cannot finish: %s are available in every stretch long enough %s: at most %s of %s, from %s h to %s h after the horizon's start",
			fewer, between, short(near.most), short(near.units), short(near.from), short(near.to))
	}
	if end, ok := ix.RigidEnd(j, pool, from); ok {
		return fmt.Sprintf("cannot finish: needs %d periods %s, %d there", end-from, between, max(0, last-from))
	}
	there := 0.0
	if from < last {
		there = ix.Starts[last] - ix.Starts[from]
	}
	hours := j.WorkUnitH / (j.Widest().EffectiveUnits * ix.JobSpeed(j, pool))
	return fmt.Sprintf("cannot finish: needs %s h %s, %s h there", short(hours), between, short(there))
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

// MaxModules returns the number of modules available in period t, rounded down;
// none of a power level.
func (p *Pool) MaxModules(t int) int {
	return int(math.Floor(p.AvailableModules.At(t, float64(p.Modules)) + 1e-9))
}

// MaxUnits returns the busy units that the pool can offer in period t with every
// available module on.
func (p *Pool) MaxUnits(t int) float64 { return float64(p.MaxModules(t)) * p.UnitsPerModule }

// T returns the number of periods.
func (c *Case) T() int { return c.Horizon.Len() }
