package opt

// Reserve of jobs that are placed outside the program. While they have no places, the
// program has what all of them together may promise: of each pool and direction, with the
// columns and rows of a class (job_reserve.go), summed over its jobs:
//
//	u_{p,t} >= 0   units promised to product p
//	q_t >= 0       spare units
//	up:    sum over p of u_{p,t} <= busy_t
//	       sum over p of u_{p,t} + q_t <= G_t,  and over all pools the same of all jobs
//	       sum over t and p of h_t u_{p,t} <= W,  and over all pools, times speed, the same of all jobs
//	down:  sum over p of u_{p,t} <= G_t,  and over all pools the same of all jobs
//	       K_p D_p u_{p,t} <= W
//	the rows of catching up, with q_t (up) or busy_t (down)
//
// G_t are the most units of all jobs that may be in the pool then, W the unit-hours of the pool that
// their work takes. Each row is a sum of rows of single jobs, or less than that says: a job
// promises no more than z_t, so with z_t + q_t <= g also u_t + q_t <= g, and over the horizon no
// more than its work; a sum of maxima is at least the maximum of the sums. busy counts
// all placed jobs. So whatever places jobs get and whatever they promise there, these columns
// may say so, and a bound on the whole stays one. What quotas leave for spare units, and which
// job it is that keeps them, is not in it.
//
// As busy units are what lets jobs promise, the worth of reserve is part of their price.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// fewOffering is the number of classes that offer reserve up to which they are in the
// program, which then chooses their places for it; more are placed.
const fewOffering = 24

// manyOffer says whether more classes than few offer reserve.
func manyOffer(c *model.Case, few int) bool {
	n := 0
	for i := range c.Jobs {
		if len(c.Jobs[i].Reserves) > 0 {
			n++
		}
	}
	return n > few
}

// offering is a class of placed jobs that offer reserve.
type offering struct {
	job   *model.Job
	first int32 // of its jobs, in the problem
	up    bool
	// Periods: the job works from begin to before last, and catches up to before catchUp.
	begin, last, catchUp int
}

// poolOffer is what the jobs that offer reserve in one direction may promise in a pool.
type poolOffer struct {
	pool int
	up   bool
	// Periods of promises are first to before last; of catching up to before catchUp.
	first, last, catchUp int
	products             []productOffer // by position in the case; those without units give nothing
	spare                []float64      // most spare units, by period
	units                []float64      // most that are promised or spare, by period
	unitH                float64        // of the pool that their work takes at most
	slowest              float64        // speed there
}

// productOffer is what they may promise to a product: units by period.
type productOffer struct{ units []float64 }

// jointOffer is what the jobs that offer reserve in one direction may promise in all pools.
type jointOffer struct {
	units []float64
	work  float64
}

// jobOffers is what placed jobs may promise.
type jobOffers struct {
	classes []offering
	pools   []*poolOffer // 2*pool upward, 2*pool+1 downward; nil where nothing may be
	all     [2]jointOffer
}

// newJobOffers adds up what placed jobs may promise; nil where none offers any.
func newJobOffers(k *jobPlaces) *jobOffers {
	var out *jobOffers
	for i := range k.c.Jobs {
		j := &k.c.Jobs[i]
		if len(j.Reserves) == 0 || !k.has(i) {
			continue
		}
		if out == nil {
			out = &jobOffers{pools: make([]*poolOffer, 2*len(k.c.Pools))}
			for d := range out.all {
				out.all[d].units = make([]float64, len(k.ix.Hours))
			}
		}
		o := offering{job: j, first: k.first[i], up: k.c.Reserves[k.ix.Reserves[j.Reserves[0]]].Direction == model.Up}
		o.begin, o.catchUp, o.last = k.ix.JobWindow(j)
		if !o.up {
			o.catchUp = o.last
		}
		out.classes = append(out.classes, o)
		out.join(k, &o)
	}
	return out
}

// join adds the jobs of a class to what may be promised.
func (s *jobOffers) join(k *jobPlaces, o *offering) {
	n, all := float64(o.job.N()), &s.all[0]
	if !o.up {
		all = &s.all[1]
	}
	all.work += n * o.job.WorkLeft()
	most := make([]float64, len(k.ix.Hours)) // of one job, wherever it is
	for _, at := range k.reachable(&k.problem.Jobs[o.first]) {
		s.inPool(k, o, at)
		for t := range most {
			most[t] = math.Max(most[t], o.width(k, int(at.Pool), t))
		}
	}
	for t := range most {
		all.units[t] += n * most[t]
	}
}

// reachable are the options of a job, one a pool, those that only bounds let it have
// included.
func (k *jobPlaces) reachable(j *place.Job) (out []place.Option) {
	reach := k.problem.Reach[j.Reach]
	if j.FreeReach > 0 {
		reach = append(slices.Clone(reach), k.problem.Reach[j.FreeReach-1]...)
	}
	for _, at := range reach {
		if !slices.ContainsFunc(out, func(o place.Option) bool { return o.Pool == at.Pool }) {
			out = append(out, at)
		}
	}
	return out
}

// width is how many units of a pool one job may hold in a period at most, in its plan or
// beyond it.
func (o *offering) width(k *jobPlaces, pool, t int) float64 {
	if t < o.begin || t >= max(o.last, o.catchUp) {
		return 0
	}
	return math.Min(o.job.Units, k.ix.MaxUnits(pool, t))
}

// inPool adds the jobs of a class to what may be promised in a pool.
func (s *jobOffers) inPool(k *jobPlaces, o *offering, at place.Option) {
	T, n, pool := len(k.ix.Hours), float64(o.job.N()), int(at.Pool)
	i := 2 * pool
	if !o.up {
		i++
	}
	b := s.pools[i]
	if b == nil {
		b = &poolOffer{
			pool: pool, up: o.up, first: o.begin, slowest: at.Speed,
			products: make([]productOffer, len(k.c.Reserves)), spare: make([]float64, T), units: make([]float64, T),
		}
		s.pools[i] = b
	}
	b.first, b.last, b.catchUp = min(b.first, o.begin), max(b.last, o.last), max(b.catchUp, o.catchUp)
	b.slowest = math.Min(b.slowest, at.Speed)
	b.unitH += n * o.job.WorkLeft() / at.Speed
	for t := range T {
		w := n * o.width(k, pool, t)
		b.units[t] += w
		if o.up && t > o.begin && t < o.catchUp {
			b.spare[t] += w
		}
	}
	for _, name := range o.job.Reserves {
		product := k.ix.Reserves[name]
		if !mayPromise(k.c, k.ix, o.job, product, pool) {
			continue
		}
		to, p := &b.products[product], &k.c.Reserves[product]
		if to.units == nil {
			to.units = make([]float64, T)
		}
		for t, end := range callEnds(k.ix, p) {
			if t < o.last && (end < o.catchUp || p.Sustained() == 0) {
				to.units[t] += n * o.width(k, pool, t)
			}
		}
	}
}

// formulateOffers adds the columns and rows of what jobs may promise.
func (k *placed) formulateOffers(m *Model) {
	if k.jobs.offers == nil {
		return
	}
	for _, o := range k.jobs.offers.pools {
		if o == nil {
			continue
		}
		if b := newPoolPromises(m, o, periodCols{k.busy[o.pool], 0, m.T}); b != nil {
			k.jobs.promises = append(k.jobs.promises, b)
		}
	}
	for d, up := range [2]bool{true, false} {
		k.jointly(m, up, &k.jobs.offers.all[d])
	}
}

// newPoolPromises adds those of a pool; nil where nothing can be promised there.
func newPoolPromises(m *Model, o *poolOffer, busy periodCols) *poolPromises {
	m.Begin(placedKind, m.Case.Pools[o.pool].Name)
	b := &poolPromises{poolOffer: o, reserve: &jobReserve{pool: o.pool, spare: periodCols{col: noCol}}}
	r := b.reserve
	for i := range o.products {
		if units := o.products[i].units; units != nil {
			r.product(m, i, o.first, o.last, o.catchUp, func(t int) float64 { return o.atMost(&m.Case.Reserves[i], units[t]) })
		}
	}
	if len(r.given) == 0 {
		return nil
	}
	after := busy
	if o.up {
		m.Label("spare units")
		r.spare = m.periodCols(o.first+1, o.catchUp, func(t int) float64 { return o.spare[t] })
		after = r.spare
		for t := r.spare.first; t < r.spare.end; t++ {
			q, _ := r.spare.at(t)
			m.Spare(o.pool, t, q, 1)
		}
	}
	m.Label("promises")
	for t := range m.T {
		b.limit(m, t, busy)
	}
	if o.up {
		row := m.Row(-inf, o.unitH)
		for t := range m.T {
			for _, x := range b.promised(m, t) {
				m.Add(row, x.col, m.Hours[t]*x.coef)
			}
		}
	}
	m.Label("catching up")
	r.catchUp(m, after)
	b.mixtures(m)
	return b
}

// atMost is the least of units promised to a product and, downward, what all work would make
// good for.
func (o *poolOffer) atMost(p *model.ReserveProduct, units float64) float64 {
	if loss := float64(p.Calls()) * p.Sustained(); !o.up && loss > 0 {
		return math.Min(units, o.unitH/loss)
	}
	return units
}

// promised are the columns of what is promised in a period, in units.
func (b *poolPromises) promised(m *Model, t int) (out []term) {
	for i := range b.reserve.given {
		if mw, ok := b.reserve.given[i].mw.at(t); ok {
			out = append(out, term{mw, 1 / m.unitMW(b.pool, t)})
		}
	}
	return out
}

// limit states that no more is promised in a period than is busy, nor more promised or
// spare than the jobs could hold, and keeps room for what may be called down.
func (b *poolPromises) limit(m *Model, t int, busy periodCols) {
	promised := b.promised(m, t)
	if len(promised) == 0 {
		return
	}
	all := m.Row(-inf, b.units[t])
	for _, x := range promised {
		m.Add(all, x.col, x.coef)
	}
	if !b.up {
		for _, x := range promised {
			m.Spare(b.pool, t, x.col, x.coef)
		}
		return
	}
	if q, ok := b.reserve.spare.at(t); ok {
		m.Add(all, q, 1)
	}
	row := m.Row(-inf, 0)
	for _, x := range promised {
		m.Add(row, x.col, x.coef)
	}
	z, _ := busy.at(t)
	m.Add(row, z, -1)
}

// jointly states what jobs that may be in several pools can promise in all of them.
func (k *placed) jointly(m *Model, up bool, all *jointOffer) {
	var of []*poolPromises
	for _, b := range k.jobs.promises {
		if b.up == up {
			of = append(of, b)
		}
	}
	if len(of) < 2 {
		return
	}
	m.Begin(placedKind, "in all pools")
	m.Label("promises")
	work := solver.Row(-1)
	if up {
		work = m.Row(-inf, all.work)
	}
	for t := range m.T {
		units := m.Row(-inf, all.units[t])
		for _, b := range of {
			for _, x := range b.promised(m, t) {
				m.Add(units, x.col, x.coef)
				if up {
					m.Add(work, x.col, m.Hours[t]*b.slowest*x.coef)
				}
			}
			if q, ok := b.reserve.spare.at(t); ok {
				m.Add(units, q, 1)
			}
		}
	}
}
