package opt

// A single job (job_single.go) follows by one run without a pause, in the pool and
// at the time at which that costs least at the relaxation's prices.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// stretch is a run without a pause that does all the work.
type stretch struct {
	stay  int
	t     int       // its first period
	units []float64 // held in each
}

// stretchFrom returns the shortest stretch in a stay from period t on, where room
// is what the pool has for the job; ok is false where there is none.
func (s *singleJob) stretchFrom(m *Model, stay, t int, room func(t int) float64) (x stretch, ok bool) {
	p, j := &s.stays[stay], s.class.job
	speed := m.ix.JobSpeed(j, p.pool)
	x = stretch{stay: stay, t: t}
	least := j.Narrowest().Units
	if j.Fluid() {
		least = 0
	}
	left := j.WorkLeft()
	for tau := t; tau < p.end; tau++ {
		units := math.Min(room(tau), j.Widest().Units)
		if units < least-roomSlack {
			return x, false
		}
		units = math.Max(units, least)
		x.units = append(x.units, units)
		left -= speed * m.Hours[tau] * j.MostEffective(units)
		if left <= 1e-9*j.WorkLeft() {
			return x, j.Gang() || s.narrow(m, &x, -left, speed)
		}
	}
	return x, false
}

// narrow takes the work that is too much from the last periods of a stretch; ok is
// false where even the narrowest widths do too much.
func (s *singleJob) narrow(m *Model, x *stretch, excess, speed float64) (ok bool) {
	j := s.class.job
	least := 0.0
	if !j.Fluid() {
		least = j.Narrowest().EffectiveUnits
	}
	for k := len(x.units) - 1; k >= 0 && excess > 1e-9*j.WorkLeft(); k-- {
		rate := speed * m.Hours[x.t+k]
		does := j.MostEffective(x.units[k])
		takes := math.Min(excess/rate, does-least)
		excess -= takes * rate
		x.units[k] = widthFor(j, does-takes)
	}
	return excess <= 1e-9*j.WorkLeft()
}

// widthFor returns the units with which a job does so much an hour.
func widthFor(j *model.Job, effective float64) float64 {
	w := j.Widths()
	if j.Fluid() || effective <= w[0].EffectiveUnits {
		return math.Min(effective, w[0].Units)
	}
	for k := 1; k < len(w); k++ {
		if a, b := w[k-1], w[k]; effective <= b.EffectiveUnits {
			return a.Units + (effective-a.EffectiveUnits)*(b.Units-a.Units)/(b.EffectiveUnits-a.EffectiveUnits)
		}
	}
	return w[len(w)-1].Units
}

// columns calls yield with the columns of a stretch that are not zero.
func (s *singleJob) columns(x stretch, yield func(col solver.Col, v float64)) {
	p := &s.stays[x.stay]
	from := x.t - p.first
	if begin := p.begin[from]; begin >= 0 {
		yield(begin, 1)
	} else {
		yield(p.begin[0], 1)
	}
	for k := from + len(x.units) - 1; k < len(p.ended); k++ {
		if p.ended[k] >= 0 {
			yield(p.ended[k], 1)
			break
		}
	}
	for k, units := range x.units {
		left := units
		for n, part := range p.parts[from+k] {
			switch {
			case n == 0 && p.on != nil:
				yield(part.col, 1)
				left -= part.held
			case part.held == 0:
				yield(part.col, part.most)
			default:
				v := math.Min(math.Max(0, left), part.most)
				yield(part.col, v)
				left -= v
			}
		}
		for _, f := range p.full {
			if f.t == x.t+k && units >= f.units {
				yield(f.col, 1)
			}
		}
	}
}

// mayStart says whether a stretch in the stay may begin in period t.
func (p *stay) mayStart(t int) bool {
	k := t - p.first
	switch {
	case k < 0 || k >= len(p.begin):
		return false
	case p.running:
		return k == 0 // later it would pause first
	case p.begin[k] >= 0:
		return true
	}
	// One begin event stands for all periods.
	return p.begin[0] >= 0 && !p.told
}

// keep takes the first jobs as the relaxation has them, as far as it has whole
// ones. Gangs promise no reserve here.
func (k *singleJobs) keep(r *Rounding, most int) int {
	for n, s := range k.jobs {
		if n == most || !s.keep(r) {
			return n
		}
	}
	return len(k.jobs)
}

func (s *singleJob) keep(r *Rounding) bool {
	begun, whole := 0.0, true
	s.eachBegin(func(col solver.Col) { begun += r.X[col] })
	s.runIntegers(func(col solver.Col) { whole = whole && math.Abs(r.X[col]-math.Round(r.X[col])) <= 1e-6 })
	if begun < 1-1e-6 || !whole {
		return false
	}
	for i := range s.stays {
		p := &s.stays[i]
		for k := range p.parts {
			if p.heldIn(r, k) > r.room(p.pool, p.first+k)+roomSlack {
				return false
			}
		}
	}
	for i := range s.stays {
		p := &s.stays[i]
		for k := range p.parts {
			r.held[r.cell(p.pool, p.first+k)] += p.heldIn(r, k)
		}
	}
	s.runIntegers(func(col solver.Col) { r.x[col] = math.Round(r.X[col]) })
	return true
}

// heldIn is what the relaxation's job holds in the k-th period.
func (p *stay) heldIn(r *Rounding, k int) float64 {
	sum := 0.0
	for _, part := range p.parts[k] {
		sum += part.held * r.X[part.col]
	}
	return sum
}

// offer is of the first job that does not run yet.
func (k *singleJobs) offer(r *Rounding) (best jobOffer, ok bool) {
	for _, s := range k.jobs {
		if !s.runsIn(r.x) {
			return s.offer(r)
		}
	}
	return best, false
}

func (s *singleJob) offer(r *Rounding) (best jobOffer, ok bool) {
	m := r.Model
	for i := range s.stays {
		p := &s.stays[i]
		for t := p.first; t < p.end; t++ {
			if !p.mayStart(t) {
				continue
			}
			x, fits := s.stretchFrom(m, i, t, func(t int) float64 { return s.class.room(r, p.pool, t) })
			if !fits {
				continue
			}
			o := jobOffer{pool: p.pool, begin: t, end: t + len(x.units) - 1, take: func() { s.take(r, x) }}
			if !s.class.canRun(r, o) {
				continue
			}
			s.columns(x, func(col solver.Col, v float64) { o.cost += r.ReducedCost[col] * v })
			for k, units := range x.units {
				o.cost += r.idleCost(p.pool, t+k, units)
			}
			if !ok || o.better(best) {
				best, ok = o, true
			}
		}
	}
	return best, ok
}

// take lets the job run in a stretch.
func (s *singleJob) take(r *Rounding, x stretch) {
	s.columns(x, func(col solver.Col, v float64) { r.x[col] = v })
	for k, units := range x.units {
		r.held[r.cell(s.stays[x.stay].pool, x.t+k)] += units
	}
}

// runsIn says whether the job runs in a point.
func (s *singleJob) runsIn(x []float64) bool {
	runs := false
	s.eachBegin(func(col solver.Col) { runs = runs || x[col] > 0.5 })
	return runs
}

// refine lets the next job run as it did.
func (k *singleJobs) refine(pt *Proposal, p *model.JobPlan, first []int) bool {
	for _, s := range k.jobs {
		if !s.runsIn(pt.x) {
			return s.refine(pt, p, first)
		}
	}
	return false
}

// refine sets the job on wherever it was; one that moved is left out, because its
// pauses may be shorter now.
func (s *singleJob) refine(pt *Proposal, plan *model.JobPlan, first []int) bool {
	pool, from, to := refined(pt.Model, plan, first)
	at := slices.IndexFunc(s.stays, func(p stay) bool { return p.pool == pool })
	if at < 0 || len(plan.Then) > 0 || len(plan.BusyUnits) == 0 {
		return false
	}
	p := &s.stays[at]
	begin := noCol
	switch {
	case from < p.first || to > p.end:
	case p.told:
		begin = p.begin[from-p.first]
	default:
		begin = p.begin[0]
	}
	if begin < 0 {
		return false
	}
	pt.Set(begin, 1)
	held := make(map[int]float64)
	for k, units := range plan.BusyUnits {
		if len(plan.HeldUnits) > 0 {
			units = plan.HeldUnits[k]
		}
		for t := first[plan.First+k]; units > 0 && t < first[plan.First+k+1]; t++ {
			if held[t] = units; p.on != nil {
				pt.Set(p.on[t-p.first], 1)
			}
		}
	}
	for _, f := range p.full {
		if held[f.t] >= f.units-roomSlack {
			pt.Set(f.col, 1)
		}
	}
	p.refinePromises(pt, plan, first)
	if plan.LeftUnitH > 0 && s.unfinished >= 0 {
		pt.Set(s.unfinished, 1)
		return true
	}
	for k := to - 1 - p.first; k < len(p.ended); k++ {
		if p.ended[k] >= 0 {
			pt.Set(p.ended[k], 1)
			break
		}
	}
	return true
}
