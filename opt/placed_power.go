package opt

// Power's answers to a placement of jobs.
//
// V(u) is the least cost of the relaxation with the use u fixed. Its prices at u
// are the duals of the rows that jobs share with others, but a linear program's
// duals leap: so it is solved with ladders around the last prices c (placed.go),
//
//	min over v of  V(v) + psi(u - v),   psi(d) about c d + rise/2 d^2
//
// whose prices are c + rise (u - v): a step of the proximal point method for the
// dual, by which prices settle (Rockafellar 1976, doi:10.1287/moor.1.2.97). Within
// a pass they follow the use with the same slope.
//
// After the first, each solve is a few hundred steps of dual simplex from the last
// basis. Large programs are solved without what does not follow the jobs
// (placed_narrow.go).

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// power is the half that supplies what jobs use.
type power struct {
	ctx context.Context // of the placement: Bound and Cost are given none
	s   *session
	k   *placed
	p   *place.Problem

	own   *solver.Problem // as the case has it, with the use free
	lp    *solver.Problem // its relaxation, with bounds and costs of its own
	basis *solver.Basis

	held   bool         // decisions are: what others leave is a limit, and has no price
	few    *narrowed    // nil for small programs
	coarse *coarsePower // while answers come from longer periods
	short  bool         // few is of short periods: the whole relaxation was never solved
	bounds bounder

	at     place.Use    // use at the last solve
	prices place.Prices // at that use
	last   []float64    // duals of the rows then, in the engine's money
	point  []float64    // the relaxation's
	fresh  bool         // nobody has been told these prices yet

	drawMW  []float64 // power that one busy unit adds to its site's row, pool*T+t
	siteMW  []float64 // most that jobs can add to a site's row
	site    []int     // of each pool
	surplus []float64 // site*T+t: MW drawn beyond those of at
	more    []float64 // pool*T+t: units held beyond those of at, its power levels' included

	// rise of a price with use: of power by site, money per MWh and MW; of a unit
	// held by pool, money per unit-hour and unit; of a GB by direction.
	powerRise, unitRise, gbRise []float64
	rising                      float64    // part of what they were at first
	callRise                    [2]float64 // of power that may be called up and down (placed_calls.go)

	roomUnits, roomGB []float64 // what others leave
}

func newPower(ctx context.Context, s *session, k *placed, free *solver.Problem) *power {
	m, sites := s.m, len(s.m.Case.Sites)
	p := k.jobs.problem
	w := &power{
		ctx: ctx, s: s, k: k, p: p, own: free, lp: free.Relaxation().Clone(solver.ColBounds | solver.Costs),
		at: place.NewUse(p), prices: place.NewPrices(p),
		drawMW: make([]float64, len(p.Pools)*m.T), siteMW: make([]float64, sites), surplus: make([]float64, sites*m.T), more: make([]float64, len(p.Pools)*m.T),
		powerRise: make([]float64, sites), unitRise: make([]float64, len(p.Pools)), gbRise: make([]float64, len(p.Links)),
		last: make([]float64, free.Rows()), rising: 1,
	}
	for i, real := range k.jobs.real {
		pool := &m.Case.Pools[real]
		at := m.ix.Sites[pool.Site]
		w.site = append(w.site, at)
		if p.Pools[i].Base == 0 { // on modules of its own
			w.siteMW[at] += p.Pools[i].CapacityUnits[0] * m.itFactor(at, 0) * pool.DynamicMWPerUnit
		}
		for t := range m.T {
			w.drawMW[i*m.T+t] = m.itFactor(at, t) * pool.DynamicMWPerUnit
		}
	}
	w.roomUnits, w.roomGB = make([]float64, len(k.units)), make([]float64, len(k.gb))
	return w
}

// fixUse fixes a program's columns of use, within their bounds in the case's own
// program.
func (k *placed) fixUse(q, own *solver.Problem, T int, u *place.Use) {
	set := func(of []float64) func(int, solver.Col) {
		return func(i int, c solver.Col) {
			v := math.Max(own.ColLower[c], math.Min(of[i], own.ColUpper[c]))
			q.ColLower[c], q.ColUpper[c] = v, v
		}
	}
	k.each(T, set(u.Held), set(u.Busy), set(u.GB))
}

// hold is a program in which the use is held.
func (k *placed) hold(free *solver.Problem, T int, u *place.Use) *solver.Problem {
	q := free.Clone(solver.ColBounds)
	k.fixUse(q, free, T, u)
	return q
}

// solve solves a relaxation from the last basis, and moves the basis on.
func (w *power) solve(ctx context.Context, lp *solver.Problem, basis **solver.Basis) (*solver.Result, error) {
	o := w.s.linearOptions()
	o.StartBasis = *basis
	res, err := run(ctx, w.s.o.Engine, lp, o)
	if err == nil && res.Status == solver.Unknown && o.StartBasis != nil {
		o.StartBasis = nil // it led the engine astray
		res, err = run(ctx, w.s.o.Engine, lp, o)
	}
	if err != nil {
		return nil, err
	}
	if res.Status != solver.Optimal {
		return nil, fmt.Errorf("the relaxation ends %v", res.Status)
	}
	if !res.HasDuals {
		return nil, fmt.Errorf("the engine gives no prices")
	}
	if res.Basis != nil {
		*basis = res.Basis
	}
	return res, nil
}

// ladders puts all ladders around the last prices.
func (w *power) ladders() {
	T, scale := w.s.m.T, w.s.scale
	price := func(l *ladder) float64 { return l.sign * w.last[l.row] }
	for i := range w.k.power {
		l := &w.k.power[i]
		l.stand(w.lp, price(l), w.powerRise[i/T]*w.p.Hours[i%T]*scale, math.Max(w.siteMW[i/T], 1e-3))
	}
	w.callLadders()
	if w.held {
		return
	}
	for i := range w.k.units {
		l := &w.k.units[i]
		if l.row < 0 {
			continue
		}
		l.stand(w.lp, price(l), w.unitRise[i/T]*w.p.Hours[i%T]*scale, reach*w.p.Pools[i/T].CapacityUnits[i%T])
	}
	for i := range w.k.gb {
		l := &w.k.gb[i]
		l.stand(w.lp, price(l), w.gbRise[i/T]*scale, reach*w.p.Links[i/T].CapacityGB[i%T])
	}
}

// reach of the ladders of pools and links, relative to their capacity.
const reach = 0.2

func (w *power) fall() {
	for _, of := range w.k.ladders() {
		for i := range of {
			of[i].fall(w.lp)
		}
	}
}

// Settle solves the relaxation at a use, with ladders around the last prices. Of short
// periods it does so once, after the last pass: answers before and after it come from
// longer ones.
func (w *power) Settle(ctx context.Context, u *place.Use) error {
	if w.coarse != nil && !w.coarse.over() {
		return w.settleCoarsely(ctx, u)
	}
	coarse := w.coarse
	if coarse != nil {
		if err := w.descend(); err != nil {
			return err
		}
		if w.short { // without this answer there is no bound, and later ones come from longer periods
			ctx = w.ctx
			defer func() { w.coarse, coarse.answers, coarse.until = coarse, math.MaxInt, time.Time{} }()
		}
	}
	w.ladders()
	defer w.fall()
	w.relieve()
	defer w.withoutRelief()
	w.k.fixUse(w.lp, w.own, w.s.m.T, u)
	res, err := w.answer(ctx)
	if err == nil && coarse != nil {
		err = w.arrive(res.X)
	}
	if err != nil {
		return err
	}
	copyUse(&w.at, u)
	copy(w.last, res.RowDual)
	w.point = res.X
	w.fresh = true
	read := func(to []float64) func(int, solver.Col) {
		return func(i int, c solver.Col) { to[i] = res.ColDual[c] / w.s.scale }
	}
	w.k.each(w.s.m.T, read(w.prices.Held), read(w.prices.Busy), read(w.prices.GB))
	if w.held {
		w.withoutRoom()
	}
	w.leave(res.X)
	if w.short {
		w.learn(coarse, res.RowDual)
	}
	return nil
}

// answer solves the relaxation as it stands now.
func (w *power) answer(ctx context.Context) (*solver.Result, error) {
	if w.few != nil {
		res, _, err := w.few.solve(ctx, w.lp)
		return res, err
	}
	return w.solve(ctx, w.lp, &w.basis)
}

// narrow has answers come from a narrow program from now on, which holds what the
// relaxation's point decides.
func (w *power) narrow(point []float64) (err error) {
	if w.few, err = newNarrowed(w.own, w.s.oracles(), point, w.moving(), true); err == nil {
		w.few.engine = w.solve
	}
	return err
}

// moving are the columns whose bounds or costs change from one answer to the next.
func (w *power) moving() []solver.Col {
	var out []solver.Col
	add := func(_ int, c solver.Col) { out = append(out, c) }
	w.k.each(w.s.m.T, add, add, add)
	w.k.eachRelief(w.s.m.T, func(c solver.Col) { out = append(out, c) })
	for _, of := range w.k.ladders() {
		for i := range of {
			for k := range solver.Col(of[i].rungs) {
				out = append(out, of[i].give+k, of[i].take+k)
			}
		}
	}
	return out
}

func copyUse(to, from *place.Use) {
	copy(to.Held, from.Held)
	copy(to.Busy, from.Busy)
	copy(to.GB, from.GB)
}

// withoutRoom takes the prices of capacity out of those of use.
func (w *power) withoutRoom() {
	m := w.s.m
	w.k.each(m.T,
		func(i int, _ solver.Col) { w.prices.Held[i] += w.last[w.k.jobs.poolRow(m, i)] / w.s.scale },
		func(int, solver.Col) {},
		func(i int, _ solver.Col) { w.prices.GB[i] += w.last[m.dataRow[i]] / w.s.scale })
}

// leave reckons what others leave to jobs: capacity less what workloads and the jobs
// in the program take, and where a site cannot draw what the jobs ask for, what it
// can run of it.
func (w *power) leave(x []float64) {
	T := w.s.m.T
	others := func(row solver.Row) float64 {
		sum := 0.0
		for e := w.own.RowStart[row]; e < w.own.RowStart[row+1]; e++ {
			col := solver.Col(w.own.Index[e])
			if o, _ := w.s.m.OwnerOf(col); o.Kind != placedKind && (w.held || o.Kind != poolKind) {
				sum += w.own.Value[e] * x[col]
			}
		}
		return sum
	}
	drawn := make([]float64, len(w.surplus))
	for i, mw := range w.drawMW {
		drawn[w.site[i/T]*T+i%T] += mw * w.at.Busy[i]
	}
	for i := range w.k.units {
		if w.k.units[i].row < 0 {
			continue
		}
		row := w.k.units[i].row
		capacity := w.p.Pools[i/T].CapacityUnits[i%T]
		if w.held {
			capacity = w.own.RowUpper[row] // the modules that are on are among the others
		}
		w.roomUnits[i] = capacity - others(row)
		at := w.site[i/T]
		if !w.s.m.limited(at) {
			continue
		}
		if beyond := w.k.power[at*T+i%T].given(x); beyond > 1e-6 {
			part := math.Max(0, 1-beyond/math.Max(beyond, drawn[at*T+i%T]))
			w.roomUnits[i] = math.Min(w.roomUnits[i], part*w.heldOn(i))
		}
	}
	for i := range w.k.gb {
		w.roomGB[i] = w.p.Links[i/T].CapacityGB[i%T] - others(w.k.gb[i].row)
	}
	w.leaveSending(x)
}

// heldOn is what jobs held at the last solve on the modules of the pool and period at
// position i, its power levels included.
func (w *power) heldOn(i int) float64 {
	T, held := w.s.m.T, 0.0
	for pool := range w.p.Pools {
		if w.p.BasePool(pool) == i/T {
			held += w.at.Held[pool*T+i%T]
		}
	}
	return held
}

// A probe compares the prices of little work with those of much: shares of what
// pools can hold.
const littleWork, muchWork = 0.1, 0.9

// steeper than on average the price of power rises with jobs: where it does, it leaps.
const steeper = 2

// leastRise of the price of power between no work and all, relative to the price:
// without any, jobs would run after a price that does not answer.
const leastRise = 0.01

// demand is what all jobs ask for together.
type demand struct {
	unitH, gb float64
	drop      float64 // money
}

func demandOf(p *place.Problem) (d demand) {
	d.gb = p.GB()
	for i := range p.Jobs {
		d.unitH += p.Jobs[i].WorkUnitH
		d.drop += p.Jobs[i].DropPrice
	}
	return d
}

// open finds first prices and rises, and settles at a use. Large programs of short
// periods open in longer ones (placed_coarse.go).
func (w *power) open(ctx context.Context, asked demand, u *place.Use) (err error) {
	var g *merging
	if w.columns() > w.s.dear {
		if g = mergePeriods(w.s.m.Hours); g == nil {
			if units, _ := w.s.merged.grouped(); units != nil {
				g = ownPeriods(w.s.m.Hours)
			}
		}
	}
	if g != nil {
		err = w.openIn(ctx, g, asked, u)
	} else {
		err = w.probe(ctx, asked, u)
	}
	if err == nil && w.coarse == nil {
		err = w.openBounds()
	}
	return err
}

// columns is the size of the program but for what jobs may promise: much of that is closed.
func (w *power) columns() int { return w.own.Cols() - w.k.offered }

// probe settles at a use, after much and little work: at each site, the price of
// power rises as it does on average between them.
func (w *power) probe(ctx context.Context, asked demand, u *place.Use) error {
	T := w.s.m.T
	perGB := asked.unitH / math.Max(asked.gb, 1e-3*asked.unitH)
	w.rises(0.1*asked.drop/math.Max(asked.unitH, 1e-9), perGB)
	for i := range w.powerRise {
		w.powerRise[i] = w.s.m.Case.Penalties.Shed() / math.Max(w.siteMW[i], 1e-3)
	}
	share := func(v float64) ([]float64, error) {
		err := w.Settle(ctx, w.k.jobs.even(v))
		return append([]float64(nil), w.prices.Busy...), err
	}
	much, err := share(muchWork)
	if err != nil {
		return err
	}
	if w.columns() > w.s.dear {
		if err := w.narrow(w.point); err != nil {
			return err
		}
	}
	little, err := share(littleWork)
	if err != nil {
		return err
	}
	rise, drawn := make([]float64, len(w.powerRise)), make([]float64, len(w.powerRise))
	typical, all := 0.0, 0.0
	total := [2]float64{}
	for i, mw := range w.drawMW {
		if mw <= 0 || w.p.Pools[i/T].Base > 0 {
			continue
		}
		b, units, h := w.site[i/T], w.p.Pools[i/T].CapacityUnits[i%T], w.p.Hours[i%T]
		up := math.Max(0, much[i]-little[i]) / (mw * h)
		rise[b] += up * units * mw
		drawn[b] += units * mw
		total[0], total[1] = total[0]+up*units*mw, total[1]+units*mw
		typical += math.Abs(much[i]) / h * units
		all += units
	}
	perMWh := typical / math.Max(total[1], 1e-9)
	for b := range rise {
		if drawn[b] <= 0 {
			continue
		}
		up := math.Max(rise[b]/drawn[b], math.Max(leastRise*perMWh, 0.1*total[0]/total[1]))
		w.powerRise[b] = steeper * up / ((muchWork - littleWork) * drawn[b] / float64(T))
	}
	w.rises(typical/math.Max(all, 1e-9), perGB)
	w.callRises(perMWh)
	return w.Settle(ctx, u)
}

// softness is how far beyond its capacity a cell is loaded when its price has
// risen by the typical one.
const softness = 0.3

// rises sets how prices of units and data rise, by the typical price of a unit-hour
// and the unit-hours of a GB.
func (w *power) rises(typical, perGB float64) {
	for i := range w.unitRise {
		w.unitRise[i] = typical / (softness * math.Max(1e-9, slices.Max(w.p.Pools[i].CapacityUnits)))
	}
	for i := range w.gbRise {
		w.gbRise[i] = 0.1 * typical * perGB / (softness * math.Max(1e-9, slices.Max(w.p.Links[i].CapacityGB)))
	}
}

// Yield has prices rise a part as fast as at first, but for those of power that may be called: what
// that is worth leaps from a shortage to nothing. In short periods none yield: answers come from longer
// ones, and within these only the rise of prices keeps jobs from crowding in one period.
func (w *power) Yield(part float64) {
	if w.short || w.inLonger() {
		return
	}
	for _, of := range [...][]float64{w.powerRise, w.unitRise, w.gbRise} {
		for i := range of {
			of[i] *= part / w.rising
		}
	}
	w.rising = part
}

// Price writes the prices of the last solve, moved with the use.
func (w *power) Price(u *place.Use, changed []bool, prices, slopes *place.Prices) {
	if w.fresh {
		w.fresh, changed = false, nil
	}
	T := w.s.m.T
	clear(w.surplus)
	clear(w.more)
	for i, mw := range w.drawMW {
		w.more[w.p.BasePool(i/T)*T+i%T] += u.Held[i] - w.at.Held[i]
		w.surplus[w.site[i/T]*T+i%T] += mw * (u.Busy[i] - w.at.Busy[i])
	}
	for i, mw := range w.drawMW {
		t := i % T
		if changed != nil && !changed[t] {
			continue
		}
		h := w.p.Hours[t]
		perMW := w.powerRise[w.site[i/T]] * h
		prices.Busy[i] = w.prices.Busy[i] + mw*perMW*w.surplus[w.site[i/T]*T+t]
		slopes.Busy[i] = mw * mw * perMW
		slopes.Held[i] = w.unitRise[i/T] * h
		prices.Held[i] = math.Max(0, w.prices.Held[i]+slopes.Held[i]*w.more[w.p.BasePool(i/T)*T+t])
	}
	w.callPrices(u, changed, prices, slopes)
	for i := range prices.GB {
		slopes.GB[i] = w.gbRise[i/T]
		prices.GB[i] = math.Max(0, w.prices.GB[i]+slopes.GB[i]*(u.GB[i]-w.at.GB[i]))
	}
}

// Cost returns the relaxation's cost of a use; of a large program, what it costs with
// decisions held, and of short periods, what it costs in longer ones.
func (w *power) Cost(u *place.Use) float64 {
	if c := w.coarse; c != nil {
		c.g.foldUse(&c.use, u)
		return c.Cost(&c.use)
	}
	w.k.fixUse(w.lp, w.own, w.s.m.T, u)
	res, err := w.answer(w.ctx)
	if err != nil {
		return inf
	}
	return res.Bound / w.s.scale
}

// Room is what others leave to jobs at the last solve.
func (w *power) Room() (units, gb []float64) { return w.roomUnits, w.roomGB }
