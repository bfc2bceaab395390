package opt

// Reserve of jobs that are placed outside the program. While they have no places, the
// program has what all of them together may promise: of each pool and direction, with the
// columns and rows of a class (job_reserve.go), summed over its jobs:
//
//	y_t            busy units of these jobs
//	u_{p,t} >= 0   units promised to product p
//	q_t >= 0       spare units
//	up:    sum over p of u_{p,t} <= y_t,  y_t + q_t <= G_t
//	       sum over t and p of h_t u_{p,t} <= W
//	down:  y_t + sum over p of u_{p,t} <= G_t
//	       K_p D_p u_{p,t} <= W
//	the rows of catching up, with q_t (up) or y_t (down)
//
// and the rows of G and W over all pools as well. G_t are the most units of all jobs that may
// be in the pool then, W the unit-hours of the pool that their work takes. Each row is a
// sum of rows of single jobs, or says less than that: over the horizon a job promises no
// more than its work, and a sum of maxima is at least the maximum of the sums. So whatever
// places jobs get and whatever they promise there, these columns may say so, and a bound on
// the whole stays one. What quotas leave for spare units, and which job it is that keeps
// them, is not in it.
//
// Jobs that offer reserve are placed in pools of their own, on the modules of the others:
// what they use has a price of its own, of which the worth of their reserve is part. So that
// it does not leap from what a shortage costs to nothing, y has a ladder around the use
// (placed.go), and its price rises with the use (placed_calls.go).

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// fewOffering is the number of classes that offer reserve up to which they are in the
// program, which then chooses their places for it; more are placed. Gangs that offer any
// are in the program, however many: what one may promise is no sum of parts.
const fewOffering = 24

// manyBrought is the number of classes that offer none up to which they may be in the program
// because they share a quota with one that does.
const manyBrought = 200

// placedOffers says of a job that offers reserve whether it may be placed.
func placedOffers(j *model.Job) bool { return len(j.Reserves) > 0 && j.Fluid() }

// manyOffer says whether more classes than few offer reserve that may be placed, or whether they
// would bring many others into the program.
func (k *jobPlaces) manyOffer() bool {
	offers := func(class int) bool { return placedOffers(&k.c.Jobs[class]) }
	offering, others := make(map[string]int), make(map[string]int) // classes by owner
	all, brought := 0, 0
	for i := range k.c.Jobs {
		switch j := &k.c.Jobs[i]; {
		case offers(i):
			all++
			offering[j.Owner]++
		case len(j.Reserves) == 0:
			others[j.Owner]++
		}
	}
	for owner := range offering {
		if !k.keepsQuotas(owner, offers) {
			brought += others[owner]
		}
	}
	return all > k.few || brought > manyBrought
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
	pool, seat int // of the case, and of the problem
	up         bool
	number     float64 // of jobs
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
	units              []float64
	work, jobs, widths float64 // widths: units of all jobs
}

// jobOffers is what placed jobs may promise.
type jobOffers struct {
	classes []offering
	pools   []*poolOffer // by pool of jobs that offer reserve; nil where no job may be
	all     [2]jointOffer
}

// Jobs that offer reserve are grouped by the middle of the time that they have, in groups
// of about as many: jobs of the morning promise nothing in the evening. There are up to
// callGroups, as long as groups, pools and periods make no more than callCells.
const callGroups, callCells = 4, 1200

// callGroup is the group of a job.
func (k *jobPlaces) callGroup(j *model.Job) int {
	group, _ := slices.BinarySearch(k.middles, k.middle(j))
	return group
}

// middle is that of the periods in which a job may work or catch up, in hours.
func (k *jobPlaces) middle(j *model.Job) float64 {
	first, end, last := k.ix.JobWindow(j)
	return (k.ix.Starts[first] + k.ix.Starts[max(end, last)]) / 2
}

// callPools adds pools for jobs that offer reserve: for each pool and direction where there
// is something to be promised, one a group.
func (k *jobPlaces) callPools() {
	c, offered := k.c, make(map[string]bool)
	var middles []float64
	for i := range c.Jobs {
		j := &c.Jobs[i]
		if !placedOffers(j) {
			continue
		}
		for _, name := range j.Reserves {
			offered[name] = true
		}
		middles = append(middles, k.middle(j))
	}
	slices.Sort(middles)
	groups := max(1, min(callGroups, callCells/max(1, len(c.Pools)*len(k.ix.Hours))))
	for g := 1; g < groups; g++ {
		k.middles = append(k.middles, middles[g*len(middles)/groups])
	}
	k.callAt = make([]int32, 2*len(c.Pools))
	for i := range k.callAt {
		real := i / 2
		bus := c.Sites[k.ix.Sites[c.Pools[real].Site]].Bus
		k.callAt[i] = place.None
		if c.Pools[real].DynamicMWPerUnit > 0 && slices.ContainsFunc(c.Reserves, func(r model.ReserveProduct) bool {
			return offered[r.Name] && (r.Direction == model.Up) == (i%2 == 0) && inZone(&r, bus)
		}) {
			k.callAt[i] = int32(len(k.real))
			for range groups {
				k.samePool(real)
			}
		}
	}
}

// samePool adds a pool on the modules of one of the case.
func (k *jobPlaces) samePool(real int) {
	p := k.problem
	p.Pools = append(p.Pools, place.Pool{CapacityUnits: p.Pools[real].CapacityUnits, Base: int32(p.BasePool(real)) + 1})
	k.real = append(k.real, real)
}

// seat is the pool of the problem where a job is that runs in one of the case.
func (k *jobPlaces) seat(j *model.Job, pool int) int32 {
	if k.keeps(j) {
		return int32(len(k.c.Pools) + pool)
	}
	if len(j.Reserves) > 0 && k.callAt != nil {
		i := 2 * pool
		if k.c.Reserves[k.ix.Reserves[j.Reserves[0]]].Direction != model.Up {
			i++
		}
		if k.callAt[i] != place.None {
			return k.callAt[i] + int32(k.callGroup(j))
		}
	}
	return int32(pool)
}

// offer has a placement without jobs offer what those of another one do, in the periods
// of g: the most that they may in any part of each.
func (k *jobPlaces) offer(from *jobPlaces, g *merging) {
	if from.offers == nil {
		return
	}
	for _, real := range from.real[len(k.real):] {
		k.samePool(real)
	}
	k.offers = from.offers.fold(g)
}

// fold is what may be promised in longer periods.
func (s *jobOffers) fold(g *merging) *jobOffers {
	most := func(values []float64) (out []float64) {
		for i := range g.len() {
			if values != nil {
				out = append(out, slices.Max(values[g.first[i]:g.first[i+1]]))
			}
		}
		return out
	}
	end := func(t int) int { // after the period in which the last one before t lies
		i, _ := slices.BinarySearch(g.first, t)
		return i
	}
	out := &jobOffers{all: s.all}
	for d := range out.all {
		out.all[d].units = most(s.all[d].units)
	}
	for _, b := range s.pools {
		if b == nil {
			out.pools = append(out.pools, nil)
			continue
		}
		of := *b
		of.first, of.last, of.catchUp = max(0, end(b.first+1)-1), end(b.last), end(b.catchUp)
		of.spare, of.units, of.products = most(b.spare), most(b.units), slices.Clone(b.products)
		for i := range of.products {
			of.products[i].units = most(b.products[i].units)
		}
		out.pools = append(out.pools, &of)
	}
	return out
}

// callRows are the rows of busy units that may be called, one a period for each of the pools.
func (k *placed) callRows() []solver.Row {
	out := make([]solver.Row, len(k.calls))
	for i := range k.calls {
		out[i] = k.calls[i].row
	}
	return out
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
			out = &jobOffers{pools: make([]*poolOffer, len(k.real)-len(k.c.Pools))}
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
	all.jobs += n
	all.widths += n * o.job.Units
	all.work += n * o.job.WorkLeft()
	most := make([]float64, len(k.ix.Hours)) // of one job, wherever it is
	for _, at := range k.reachable(&k.problem.Jobs[o.first]) {
		s.inPool(k, o, at)
		for t := range most {
			most[t] = math.Max(most[t], o.width(k, k.real[at.Pool], t))
		}
	}
	for t := range most {
		all.units[t] += n * most[t]
	}
}

// reachable are the options of a job, one a pool.
func (k *jobPlaces) reachable(j *place.Job) (out []place.Option) {
	for _, at := range k.problem.Reach[j.Reach] {
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
	T, n, pool := len(k.ix.Hours), float64(o.job.N()), k.real[at.Pool]
	i := int(at.Pool) - len(k.c.Pools)
	if i < 0 {
		return // nothing can be promised there
	}
	b := s.pools[i]
	if b == nil {
		b = &poolOffer{
			pool: pool, seat: int(at.Pool), up: o.up, first: o.begin, slowest: at.Speed,
			products: make([]productOffer, len(k.c.Reserves)), spare: make([]float64, T), units: make([]float64, T),
		}
		s.pools[i] = b
	}
	b.first, b.last, b.catchUp = min(b.first, o.begin), max(b.last, o.last), max(b.catchUp, o.catchUp)
	b.slowest = math.Min(b.slowest, at.Speed)
	b.number += n
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
	before := m.b.Cols()
	for _, o := range k.jobs.offers.pools {
		if o == nil {
			continue
		}
		if b := newPoolPromises(m, o, k.jobs.mixtureAt(o.seat)); b != nil {
			k.calls = append(k.calls, b.callable(m, k.busy[o.seat])...)
			b.formulate(m)
			k.promises = append(k.promises, b)
		}
	}
	for d, up := range [2]bool{true, false} {
		k.jointly(m, up, &k.jobs.offers.all[d])
	}
	k.offered = m.b.Cols() - before
}

// newPoolPromises adds what may be promised in a pool; nil where nothing can be.
func newPoolPromises(m *Model, o *poolOffer, mixture *callMixture) *poolPromises {
	m.Begin(placedKind, m.Case.Pools[o.pool].Name)
	b := &poolPromises{poolOffer: o, callMixture: mixture, reserve: &jobReserve{pool: o.pool, spare: periodCols{col: noCol}}}
	r := b.reserve
	for i := range o.products {
		if units := o.products[i].units; units != nil {
			r.product(m, i, m.Case.Reserves[i].Sustained(), o.first, o.last, o.catchUp, func(t int) float64 { return o.atMost(&m.Case.Reserves[i], units[t]) })
		}
	}
	if len(r.given) == 0 {
		return nil
	}
	return b
}

// callable adds the busy units that may be called, and their ladders around what is used
// from column used on.
func (b *poolPromises) callable(m *Model, used solver.Col) []ladder {
	out := make([]ladder, m.T)
	m.Label("callable")
	b.busy = m.periodCols(0, m.T, func(t int) float64 { return b.most(t) })
	for t := range out {
		row := m.Row(0, 0)
		y, _ := b.busy.at(t)
		m.Add(row, y, 1)
		m.Add(row, used+solver.Col(t), -1)
		out[t] = newLadder(m, row, -1, dataRungs)
		m.Label("callable")
	}
	return out
}

// most are the units that are busy, promised or spare in a period at most; what a place has
// may exceed a job's own by the rests of rounding (trimRests).
func (o *poolOffer) most(t int) float64 { return o.units[t] + 2*idle*o.number + 1e-9*o.units[t] }

// formulate adds the rows of what is promised.
func (b *poolPromises) formulate(m *Model) {
	o, r, after := b.poolOffer, b.reserve, b.busy
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
		b.limit(m, t)
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

// limit states that no more is promised upward in a period than is busy, that no more is
// busy and beyond the plan than the jobs could hold, and keeps room for what may be called down.
func (b *poolPromises) limit(m *Model, t int) {
	y, _ := b.busy.at(t)
	promised := b.promised(m, t)
	if b.up && len(promised) > 0 {
		row := m.Row(-inf, 0)
		m.addTerms(row, promised)
		m.Add(row, y, -1)
	}
	if !b.up {
		for _, x := range promised {
			m.Spare(b.pool, t, x.col, x.coef)
		}
	}
	if beyond := b.beyond(m, t); len(beyond) > 0 {
		row := m.Row(-inf, b.most(t))
		m.addTerms(row, beyond)
		m.Add(row, y, 1)
	}
}

// beyond are the columns of units beyond the plan in a period: spare ones, or those that may
// be called down.
func (b *poolPromises) beyond(m *Model, t int) []term {
	if !b.up {
		return b.promised(m, t)
	}
	if q, ok := b.reserve.spare.at(t); ok {
		return []term{{q, 1}}
	}
	return nil
}

func (m *Model) addTerms(row solver.Row, terms []term) {
	for _, x := range terms {
		m.Add(row, x.col, x.coef)
	}
}

// jointly states what jobs that may be in several pools can promise in all of them.
func (k *placed) jointly(m *Model, up bool, all *jointOffer) {
	var of []*poolPromises
	for _, b := range k.promises {
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
		units := m.Row(-inf, all.units[t]+2*idle*all.jobs)
		for _, b := range of {
			y, _ := b.busy.at(t)
			m.Add(units, y, 1)
			m.addTerms(units, b.beyond(m, t))
			if up {
				for _, x := range b.promised(m, t) {
					m.Add(work, x.col, m.Hours[t]*b.slowest*x.coef)
				}
			}
		}
	}
}
