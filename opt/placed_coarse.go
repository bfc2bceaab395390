package opt

// First prices of another case that is solved sooner: in hours where a large program's
// periods are shorter, and with few groups of units (placed_groups.go) where they are
// not. A relaxation of quarter hours does not end within minutes; that in hours does,
// and opens by groups itself. So power opens there:
//
//  1. prices, how they rise with the use, and the first answers to the jobs are those of the
//     other case;
//  2. at its last prices every asset answers in the case's own program, by its oracle. What
//     is held after groups are the decisions that it would not flip for little. After hours
//     it is all that an asset answers with its decisions as they are in the hourly relaxation,
//     where all of these are whole, and else the decisions on which both agree;
//  3. the narrow program (placed_narrow.go) that is left is the first that is solved of the
//     case itself. It lets go of what its prices contradict, then holds what came out whole.
//
// After groups, all answers but the first are of the case itself. Of quarter hours
// there are two, after the last pass (or sooner, where time would not be enough) and for
// the use that is kept. From the first on hours lend what proves bounds (placed_lent.go).
//
// Nothing of the other case is a bound.

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// coarsePower is the power half of a case in longer periods, or with groups of units.
type coarsePower struct {
	*power
	g   *merging
	use place.Use
	// answers still to be given in longer periods: the first when power opens, and all but
	// that after the last pass, for one of the case's own periods takes twenty times as long.
	answers int
	// until is when the own periods answer at the latest, as there is a limit of time: without that
	// there is no bound. Zero for none.
	until time.Time
}

// inLonger says whether answers come from periods longer than the case's own.
func (w *power) inLonger() bool { return w.coarse != nil && w.coarse.g.len() < w.s.m.T }

// ownAnswer is how much longer an answer of short periods takes than opening in longer ones.
const ownAnswer = 8

// over says whether it is time for an answer of the case's own periods.
func (c *coarsePower) over() bool {
	return c.answers == 0 || !c.until.IsZero() && time.Now().After(c.until)
}

// openIn opens power in the longer periods of g, where it stays for the first answers,
// and settles at a use of the case's own.
func (w *power) openIn(ctx context.Context, g *merging, asked demand, u *place.Use) error {
	began := time.Now()
	in, err := w.longer(g)
	if err != nil {
		return err
	}
	c := &coarsePower{power: in, g: g, use: place.NewUse(in.p), answers: placingPasses(len(w.p.Jobs))}
	if g.len() == w.s.m.T {
		c.answers = 1
	} else if len(w.s.oracles()) < manyAssets { // the case's own answers take half a second, but for the first
		c.answers /= 3
	}
	g.foldUse(&c.use, u)
	opening := in.open // groups of units, in hours
	if g.len() == w.s.m.T {
		opening = in.probe
	}
	if err := opening(ctx, asked, &c.use); err != nil {
		return err
	}
	w.s.step("prices of longer periods: %d columns instead of %d", c.own.Cols(), w.own.Cols())
	w.powerRise, w.unitRise, w.gbRise = c.powerRise, c.unitRise, c.gbRise
	w.callRise = c.callRise
	w.coarse = c
	if err := w.Settle(ctx, u); err != nil {
		return err
	}
	if limit := w.s.o.TimeLimit; limit > 0 && w.inLonger() {
		c.until = w.s.searchBegan.Add(limit - ownAnswer*time.Since(began))
	}
	return nil
}

// settleCoarsely settles at a use in longer periods. The prices hold at the mean use of
// each: beyond it they rise within the longer period, or jobs would crowd into one
// of its parts.
func (w *power) settleCoarsely(ctx context.Context, u *place.Use) error {
	c := w.coarse
	c.answers--
	c.g.foldUse(&c.use, u)
	if err := c.Settle(ctx, &c.use); err != nil {
		return err
	}
	T, hours := w.s.m.T, w.p.Hours
	for k := range c.g.len() {
		for t := c.g.first[k]; t < c.g.first[k+1]; t++ {
			share := hours[t] / c.p.Hours[k]
			spread := func(to, from []float64, by float64) {
				for i := range len(to) / T {
					to[i*T+t] = from[i*c.s.m.T+k] * by
				}
			}
			spread(w.at.Held, c.use.Held, 1)
			spread(w.at.Busy, c.use.Busy, 1)
			spread(w.at.GB, c.use.GB, share)
			spread(w.prices.Held, c.prices.Held, share)
			spread(w.prices.Busy, c.prices.Busy, share)
			spread(w.prices.GB, c.prices.GB, 1)
			spread(w.roomUnits, c.roomUnits, 1)
			spread(w.roomGB, c.roomGB, share)
		}
	}
	w.fresh = true
	return nil
}

// descend leaves the longer periods for the case's own.
func (w *power) descend() (err error) {
	c := w.coarse
	w.coarse = nil
	if in := c.coarse; in != nil { // never answered in hours but by groups
		c.lend(in.power, in.g)
	}
	w.lend(c.power, c.g)
	if len(w.s.oracles()) < manyAssets {
		return nil // there is little to hold
	}
	var held []float64
	if c.g.len() < w.s.m.T && c.point != nil {
		held = w.settled(c.power, c.g)
	} else if held, err = w.sure(); err != nil {
		return err
	}
	if err := w.narrow(held); err != nil {
		return err
	}
	w.short = c.g.len() < w.s.m.T
	w.s.step("own periods: %d of %d columns, %d of %d rows are left", w.few.lp.Cols(), w.own.Cols(), w.few.lp.Rows(), w.own.Rows())
	return nil
}

// arrive holds what the first answer of the case's own periods decides, and has bounds begin.
func (w *power) arrive(point []float64) error {
	if w.few != nil && !w.short {
		if err := w.few.hold(point); err != nil {
			return err
		}
	}
	return w.openBounds()
}

// longer is the power half of the case in longer periods, without the jobs that are placed.
func (w *power) longer(g *merging) (*power, error) {
	s := w.s
	c := g.apply(s.m.Case)
	catalog, merged, dear := s.merged.catalog(s.o.Formulation), unmerged(c), s.dear
	if units, single := s.merged.grouped(); units != nil && g.len() == s.m.T {
		c.ThermalUnits = units
		catalog, dear = merged.catalog(s.o.Formulation), s.dear/4
		for _, k := range catalog {
			if k, ok := k.(*thermal); ok {
				k.merged = single
			}
		}
	}
	if g.len() < s.m.T {
		merged.members = s.merged.members
	}
	c.Jobs = nil
	for i := range s.m.Case.Jobs {
		if !w.k.jobs.has(i) {
			c.Jobs = append(c.Jobs, s.m.Case.Jobs[i])
		}
	}
	c.JobGroups = nil
	for i := range s.m.Case.JobGroups {
		if g := &s.m.Case.JobGroups[i]; !w.k.jobs.has(w.k.jobs.ix.Jobs[g.Jobs[0]]) {
			c.JobGroups = append(c.JobGroups, *g)
		}
	}
	in := &session{
		o: s.o, merged: merged, catalog: catalog, dear: dear, offering: s.offering,
		began: s.began, searchBegan: s.searchBegan, bound: math.Inf(-1),
	}
	in.o.OnProgress = nil
	others := newJobPlaces(c, math.MaxInt) // all that are left are in the program
	others.offer(w.k.jobs, g)
	in.catalog, in.placed = placing(in.catalog, others)
	var err error
	if in.m, in.p, err = Formulate(c, in.catalog); err != nil {
		return nil, err
	}
	in.scaleMoney()
	return newPower(w.ctx, in, in.placed, in.p), nil
}

// foldUse makes a use in longer periods of one in a case's own: means of units, sums of GB.
func (g *merging) foldUse(to, from *place.Use) {
	g.foldRows(to.Held, from.Held, mean)
	g.foldRows(to.Busy, from.Busy, mean)
	g.foldRows(to.GB, from.GB, total)
}

// foldPrices makes prices in longer periods of those in a case's own: sums by unit, means by GB.
func (g *merging) foldPrices(to, from *place.Prices) {
	g.foldRows(to.Held, from.Held, total)
	g.foldRows(to.Busy, from.Busy, total)
	g.foldRows(to.GB, from.GB, mean)
}

// foldRows makes rows of one value a longer period of such of one a period.
func (g *merging) foldRows(to, from []float64, join func(values, hours []float64) float64) {
	for i := range to {
		a, b := g.first[i%g.len()], g.first[i%g.len()+1]
		row := i / g.len() * len(g.hours)
		to[i] = join(from[row+a:row+b], g.hours[a:b])
	}
}

// lend gives the rows that are shared the last prices of the longer periods.
func (w *power) lend(c *power, g *merging) {
	perMoney := w.s.scale / c.s.scale
	carry := func(row, from solver.Row, share float64) { w.last[row] = c.last[from] * share * perMoney }
	g.eachShared(w.s.m, c.s.m, carry)
	g.each(w.s.m, c.s.m, w.s.m.siteRow, c.s.m.siteRow, carry)
	if len(w.k.promises) == len(c.k.promises) {
		g.each(w.s.m, c.s.m, w.k.callRows(), c.k.callRows(), carry)
	}
	g.each(w.s.m, c.s.m, w.s.m.dataRow, c.s.m.dataRow, func(row, from solver.Row, _ float64) { carry(row, from, 1) })
}

// sure are the decisions of assets that they would not change for little at the
// prices that groups lent: all but those that flip for less than the part
// doubtful of the assets. NaN elsewhere.
func (w *power) sure() ([]float64, error) {
	assets := w.s.oracles()
	d, err := newDoubt(w.own, assets, &solver.Result{X: make([]float64, w.own.Cols()), RowDual: w.last})
	if err != nil {
		return nil, err
	}
	size, order := make([]float64, len(assets)), make([]float64, len(assets))
	for i := range assets {
		size[i] = w.fullCost(&assets[i])
		order[i] = d.margin[i] / size[i]
	}
	slices.Sort(order)
	part := order[int(doubtful*float64(len(order)))]
	x := make([]float64, w.own.Cols())
	for j := range x {
		x[j] = math.NaN()
	}
	for i := range assets {
		a, dear := &assets[i], part*size[i]
		open := false
		for k := range a.Cols {
			j := int(a.First) + k
			x[j] = d.choice.X[j]
			if d.choice.Fall[j] < dear || d.choice.Rise[j] < dear {
				open = open || slices.Contains(a.Decisions, int32(k))
				x[j] = math.NaN()
			}
		}
		if !open {
			copy(x[a.First:int(a.First)+a.Cols], d.choice.X[a.First:int(a.First)+a.Cols])
		}
	}
	return x, nil
}

// fullCost is what running an asset's columns at their upper bounds costs, in the engine's money.
func (w *power) fullCost(a *decomp.Asset) float64 {
	sum := 1e-9
	add := func(j int) {
		if v := math.Abs(w.own.ColCost[j]) * w.own.ColUpper[j]; !math.IsInf(v, 0) && !math.IsNaN(v) {
			sum += v
		}
	}
	for _, k := range a.Decisions {
		add(int(a.First) + int(k))
	}
	for k := range a.Cols {
		if j := int(a.First) + k; w.own.ColType[j] != solver.Integer {
			add(j)
		}
	}
	return sum
}

// doubtful is the part of the assets whose decisions are open at first.
const doubtful = 0.3

// settled are the points of assets whose decisions came out whole in the longer periods: their
// answers to the last prices with these decisions. Of the others it has the decisions on which
// answer and longer periods agree. NaN elsewhere.
func (w *power) settled(c *power, g *merging) []float64 {
	p := w.own
	cost := append([]float64(nil), p.ColCost...)
	for r, y := range w.last {
		if y == 0 {
			continue
		}
		for e := p.RowStart[r]; e < p.RowStart[r+1]; e++ {
			cost[p.Index[e]] -= y * p.Value[e]
		}
	}
	x := make([]float64, p.Cols())
	for j := range x {
		x[j] = math.NaN()
	}
	coarse := make(map[string]*decomp.Asset)
	for _, a := range c.s.oracles() {
		coarse[a.Name] = &a
	}
	scratch := make(map[decomp.Scratcher]any)
	for _, a := range w.s.oracles() {
		of := coarse[a.Name]
		if of == nil {
			continue
		}
		key := a.Oracle.Scratch()
		if scratch[key] == nil {
			scratch[key] = key.New()
		}
		from, to := int(a.First), int(a.First)+a.Cols
		decided, whole := decisionsOf(&a, of, c.point, g)
		lower, upper := slices.Clone(p.ColLower[from:to]), slices.Clone(p.ColUpper[from:to])
		if whole {
			for i, d := range a.Decisions {
				lower[d], upper[d] = math.Round(decided[i]), math.Round(decided[i])
			}
		}
		answer := make([]float64, a.Cols)
		if _, ok := a.Oracle.Price(cost[from:to], lower, upper, answer, scratch[key]); !ok {
			continue
		}
		if whole {
			copy(x[from:to], answer)
			continue
		}
		for i, d := range a.Decisions {
			if math.Abs(answer[d]-decided[i]) <= wholeBy {
				x[from+int(d)] = answer[d]
			}
		}
	}
	return x
}

// decisionsOf are the decisions of an asset as a point of longer periods has them, NaN where
// it has none, and says whether all are whole there.
func decisionsOf(a, coarse *decomp.Asset, point []float64, g *merging) (decided []float64, whole bool) {
	in := make(map[int32]float64) // by stage
	for i, k := range coarse.Decisions {
		in[coarse.Stages[i]] = point[int32(coarse.First)+k]
	}
	whole = true
	k := int32(0)
	for _, stage := range a.Stages {
		for int(stage) >= g.first[k+1] {
			k++
		}
		v, ok := in[k]
		if !ok {
			v = math.NaN()
		}
		decided = append(decided, v)
		whole = whole && math.Abs(v-math.Round(v)) <= wholeBy
	}
	return decided, whole
}

// fromHours is a schedule of the program p for what the jobs take, made in the longer periods from which
// answers came as for a case of those (placed_round.go) and carried over; nil without. start is one in
// longer periods for about as much, nil for none: where there is no time to make another, it is carried over.
func (s *session) fromHours(ctx context.Context, w *power, p *solver.Problem, u *place.Use, start []float64) []float64 {
	c := w.coarse
	if c == nil || c.few == nil {
		return nil
	}
	c.g.foldUse(&c.use, u)
	in := c.s.on(c.k.hold(c.own, c.s.m.T, &c.use))
	in.o, in.began, in.searchBegan = s.o, s.began, s.searchBegan
	in.o.OnProgress = nil
	x := in.schedule(ctx, c.power, &c.use, start)
	if x == nil && (ctx.Err() != nil || s.timeUp()) {
		x = start
	}
	return s.carryOver(c, p, x)
}

// carryOver is a schedule of the program p made of one in longer periods; nil of nil.
func (s *session) carryOver(c *coarsePower, p *solver.Problem, x []float64) []float64 {
	if x == nil {
		return nil
	}
	pt := &Point{Model: c.s.m, X: x}
	plan := pt.plan(c.s.catalog)
	prop := newProposal(s.m, p)
	for _, k := range s.catalog {
		if k, ok := k.(Refiner); ok {
			k.Refine(prop, plan, c.g.first)
		}
	}
	prop.complete(p)
	return prop.x
}

// schedule is one for a use, near start where that is not nil and serves; nil for none.
func (s *session) schedule(ctx context.Context, w *power, u *place.Use, start []float64) []float64 {
	lp := s.relaxUse(ctx, w, u)
	if lp == nil || !lp.HasDuals {
		return nil
	}
	d, err := newDoubt(s.p, s.oracles(), lp)
	if err != nil {
		return nil
	}
	x, _ := s.roundBoth(ctx, d, s.following(), start)
	if x == nil && start != nil { // which does not serve
		x, _ = s.roundBoth(ctx, d, s.following(), nil)
	}
	if x == nil {
		return nil
	}
	return s.exchange(ctx, d, x)
}

// exchangeShare is the part of the time left for exchanges of units in longer periods, where a
// neighbourhood takes a third of the time that it takes in the case's own.
const exchangeShare = 0.2

// exchange improves a schedule by neighbourhoods of units, with computing held.
func (s *session) exchange(ctx context.Context, d *doubt, x []float64) []float64 {
	s.o.Gap = 0
	l := newLots(s, d, x, max(1, s.o.Threads))
	l.computing = nil // it has a program of its own at the case's own periods
	if s.o.TimeLimit > 0 {
		left := s.o.TimeLimit - time.Since(s.searchBegan)
		l.until = time.Now().Add(time.Duration(exchangeShare * float64(left)))
	}
	x, _ = l.run(ctx)
	return x
}
