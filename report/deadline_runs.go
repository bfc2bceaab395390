package report

// The cheapest work of a job whose interruptions are counted or cost something. In a
// period that it is on it chooses of a few what its units cost, c, and the work that they
// do, e; each of the n times that it goes on after a pause adds A to the work W, and n is
// at most M. With a price p of a unit-hour of work,
//
//	max over p of  p W + min { sum of c_t - p e_t, + p A n + what its end costs }
//
// is no more than the least cost, and less by what two schedules in part may save over one.
// A dynamic program over periods and interruptions finds the minimum. Each schedule is a
// line in p, and the top of what lies below all of them is where a rising and a falling one
// meet.

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

// pausesCount says whether interruptions of the job are counted or cost something.
func pausesCount(job *model.Job) bool { return job.MaxInterruptions != nil || job.InterruptionH() > 0 }

// runs looks for the cheapest work of such a job.
func (s *placer) runs(found *offer, job *model.Job, w *way) {
	ix, T := s.j.ix, s.j.T
	speed := ix.JobSpeed(job, w.pool)
	r := &pausing{
		choices: make([][]schedule, T), from: w.from, need: job.WorkLeft(), again: job.InterruptionH() * speed,
		most: -1, goesOn: job.Running != nil,
	}
	if most := job.MaxInterruptions; most != nil && *most < T/2 { // more there cannot be
		r.most = *most
	}
	unit := s.unitPrice(job, w.pool)
	for t := w.from; t < max(w.last, w.laterLast); t++ {
		h, power := ix.Hours[t], s.prices[w.pool].power[t]
		for _, p := range s.widths(job, w.pool, t) {
			held := schedule{true, unit[t] * p.Units * h, 0}
			if job.Gang() { // it may hold its units and wait
				r.choices[t] = append(r.choices[t], held)
			}
			r.choices[t] = append(r.choices[t], held.then(schedule{true, power * p.Units * h, p.EffectiveUnits * speed * h}))
		}
	}
	lateBy := func(due float64) func(int) float64 {
		return func(end int) float64 { return w.late(ix.Starts[end], due) }
	}
	data := w.in + w.out
	found.now = min(found.now, data+r.cost(w.last, math.Inf(1), lateBy(w.due)))
	if later := data + r.cost(w.laterLast, math.Inf(1), lateBy(w.laterDue)); later < found.later {
		found.later, found.pool = later, w.pool
	}
	if !math.IsInf(w.left, 1) {
		inTime := func(int) float64 { return 0 }
		found.take(&w.jobWindow, w.pool, T, ix.Starts[T], w.in+r.cost(T, w.left, inTime))
	}
}

// pausing is a job that may pause, in a pool.
type pausing struct {
	choices [][]schedule // by period: what the job may do when it is on; none where it cannot be
	from    int
	need    float64 // unit-hours
	again   float64 // unit-hours that an interruption adds
	most    int     // interruptions, -1 for any number
	goesOn  bool    // it is on before the first period
}

// schedule is what some periods cost, and the work that they do; there is none unless is.
type schedule struct {
	is          bool
	money, work float64
}

// then is a schedule and what follows it.
func (a schedule) then(b schedule) schedule {
	return schedule{a.is && b.is, a.money + b.money, a.work + b.work}
}

// pricing says what a schedule is worth: its money, if that counts, less a price of its work.
type pricing struct{ money, work float64 }

// better returns the better of two schedules, and of two that are worth the same the cheaper.
func (p pricing) better(a, b schedule) schedule {
	if !a.is || !b.is {
		if a.is {
			return a
		}
		return b
	}
	worth := p.money*(a.money-b.money) - p.work*(a.work-b.work)
	if worth < 0 || worth == 0 && a.money < b.money {
		return a
	}
	return b
}

// best finds the best schedule that ends before period last, by what its end costs.
func (r *pausing) best(p pricing, last int, end func(t int) float64) (found schedule) {
	states := max(r.most, 0) + 1 // by interruptions, if they are counted
	on, off, next := make([]schedule, states), make([]schedule, states), make([]schedule, states)
	on[0].is = r.goesOn
	pause := schedule{true, 0, -r.again}
	for t := r.from; t < last; t++ {
		var chosen schedule
		for _, s := range r.choices[t] {
			chosen = p.better(s, chosen)
		}
		for k := range states {
			before := on[k]
			if k == 0 && !r.goesOn {
				before = p.better(before, schedule{is: true}) // it begins
			}
			switch {
			case r.most < 0:
				before = p.better(before, off[k].then(pause))
			case k > 0:
				before = p.better(before, off[k-1].then(pause))
			}
			next[k] = before.then(chosen)
			found = p.better(next[k].then(schedule{true, end(t + 1), 0}), found)
		}
		for k := range states {
			off[k] = p.better(off[k], on[k])
		}
		on, next = next, on
	}
	return found
}

// cost is the bound on the least cost of all work before period last, or, at a price of
// what is left of it, of as much as is worth it; +Inf where there is no way.
func (r *pausing) cost(last int, left float64, end func(t int) float64) float64 {
	line := func(s schedule, price float64) float64 { return s.money + price*(r.need-s.work) }
	few := r.best(pricing{money: 1}, last, end)
	dearest := pricing{work: 1}
	if !math.IsInf(left, 1) {
		dearest = pricing{1, left}
	}
	much := r.best(dearest, last, end)
	switch {
	case !much.is:
		return math.Inf(1)
	case much.work < r.need && !math.IsInf(left, 1):
		return line(much, left)
	case much.work < r.need*(1-1e-9):
		return math.Inf(1)
	}
	for range 60 { // each time one of the two is a new schedule
		if few.work >= r.need || much.work <= few.work {
			return few.money
		}
		price := (much.money - few.money) / (much.work - few.work)
		s := r.best(pricing{1, price}, last, end)
		if top := line(few, price); line(s, price) >= top-1e-9*math.Max(1, math.Abs(top)) {
			break
		}
		if s.work < r.need {
			few = s
		} else {
			much = s
		}
	}
	return few.money + (much.money-few.money)*(r.need-few.work)/(much.work-few.work)
}
