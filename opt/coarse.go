package opt

// A program of many short periods has a long way to its relaxation. So that
// a limit of time finds a good plan there too, such a case is first planned in
// longer periods: neighbours are merged up to an hour, what the longer periods
// decide is carried over, and the dispatch at the case's own periods makes a plan
// of it.
//
// The longer periods' optimum bounds nothing: they are another case. Their prices
// do: with any prices on the shared rows, the least cost of all assets on their
// own, each paid and charged by these prices, bounds every plan (Lagrangian
// duality), and prices that are right for the hour are nearly right for its
// quarters.

import (
	"context"
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

const (
	// coarseColumns is the size from which a case is planned coarsely first.
	coarseColumns = 50_000
	// coarseHours is the length up to which periods are merged.
	coarseHours = 1.0
)

// merging says which periods of a case make one longer period.
type merging struct {
	hours []float64 // of the case's periods
	first []int     // first period of each longer one, and T as the last
}

// mergePeriods merges neighbours up to coarseHours; nil when that halves nothing.
func mergePeriods(hours []float64) *merging {
	g := &merging{hours: hours}
	sum := math.Inf(1)
	for t, h := range hours {
		if sum+h > coarseHours+durationSlack {
			g.first = append(g.first, t)
			sum = 0
		}
		sum += h
	}
	if 2*len(g.first) > len(hours) {
		return nil
	}
	g.first = append(g.first, len(hours))
	return g
}

// ownPeriods merges nothing.
func ownPeriods(hours []float64) *merging {
	g := &merging{hours: hours}
	for t := range len(hours) + 1 {
		g.first = append(g.first, t)
	}
	return g
}

func (g *merging) len() int { return len(g.first) - 1 }

// runs are the longer periods as a horizon states them.
func (g *merging) runs() []model.PeriodRun {
	var out []model.PeriodRun
	for k := range g.len() {
		sum := 0.0
		for _, h := range g.hours[g.first[k]:g.first[k+1]] {
			sum += h
		}
		if n := len(out); n > 0 && math.Abs(out[n-1].Hours-sum) <= durationSlack {
			out[n-1].Count++
			continue
		}
		out = append(out, model.PeriodRun{Count: 1, Hours: sum})
	}
	return out
}

// fold makes one value of each longer period's.
func (g *merging) fold(s *model.Series, join func(values, hours []float64) float64) {
	if len(*s) < 2 {
		return
	}
	out := make(model.Series, g.len())
	for k := range out {
		a, b := g.first[k], g.first[k+1]
		out[k] = join((*s)[a:b], g.hours[a:b])
	}
	*s = out
}

func mean(values, hours []float64) float64 {
	sum, h := 0.0, 0.0
	for i, v := range values {
		sum += v * hours[i]
		h += hours[i]
	}
	return sum / h
}

func total(values, _ []float64) float64 { return sum(values) }

func largest(values, _ []float64) float64 {
	out := values[0]
	for _, v := range values {
		out = math.Max(out, v)
	}
	return out
}

func smallest(values, _ []float64) float64 {
	out := values[0]
	for _, v := range values {
		out = math.Min(out, v)
	}
	return out
}

// agreed is the value that all share, or -1: free.
func agreed(values, _ []float64) float64 {
	for _, v := range values {
		if v != values[0] {
			return -1
		}
	}
	return values[0]
}

// apply returns the case in the longer periods. Slices that hold series are
// copied, all else is shared.
func (g *merging) apply(c *model.Case) *model.Case {
	out := *c
	out.Horizon.Periods = g.runs()
	out.Loads = append([]model.Load(nil), c.Loads...)
	for i := range out.Loads {
		g.fold(&out.Loads[i].PowerMW, mean)
	}
	out.Exchanges = append([]model.Exchange(nil), c.Exchanges...)
	for i := range out.Exchanges {
		g.fold(&out.Exchanges[i].ImportMW, mean)
		g.fold(&out.Exchanges[i].PricePerMWh, mean)
	}
	out.ThermalUnits = append([]model.ThermalUnit(nil), c.ThermalUnits...)
	for i := range out.ThermalUnits {
		u := &out.ThermalUnits[i]
		g.fold(&u.CostFactor, mean)
		g.fold(&u.MustRunUnits, largest)
		g.fold(&u.FixedUnits, agreed)
		g.fold(&u.OutageUnits, largest)
		g.fold(&u.HeatMinPowerMW, largest)
	}
	out.Renewables = append([]model.Renewable(nil), c.Renewables...)
	for i := range out.Renewables {
		g.fold(&out.Renewables[i].AvailableMW, mean)
		g.fold(&out.Renewables[i].MinPowerMW, mean)
	}
	out.Hydro = append([]model.Hydro(nil), c.Hydro...)
	for i := range out.Hydro {
		g.fold(&out.Hydro[i].InflowMW, mean)
	}
	out.Links = append([]model.Link(nil), c.Links...)
	for i := range out.Links {
		g.fold(&out.Links[i].MaxForwardMW, smallest)
		g.fold(&out.Links[i].MaxBackwardMW, smallest)
	}
	out.Reserves = append([]model.ReserveProduct(nil), c.Reserves...)
	for i := range out.Reserves {
		g.fold(&out.Reserves[i].RequirementMW, largest)
	}
	out.Sites = append([]model.Site(nil), c.Sites...)
	for i := range out.Sites {
		g.fold(&out.Sites[i].PUE, mean)
		g.fold(&out.Sites[i].BaseMW, largest)
		g.fold(&out.Sites[i].ImportLimitMW, smallest)
		g.fold(&out.Sites[i].ExportLimitMW, smallest)
		g.fold(&out.Sites[i].WaterLPerKWh, mean)
		g.foldWeather(&out.Sites[i])
		if heat := out.Sites[i].Heat; heat != nil {
			folded := *heat
			g.fold(&folded.DemandMW, smallest)
			g.fold(&folded.PricePerMWh, mean)
			out.Sites[i].Heat = &folded
		}
	}
	out.DemandResponses = append([]model.DemandResponse(nil), c.DemandResponses...)
	for i := range out.DemandResponses {
		g.fold(&out.DemandResponses[i].BaselineMW, smallest)
		g.fold(&out.DemandResponses[i].Offered, smallest)
	}
	out.Pools = append([]model.Pool(nil), c.Pools...)
	for i := range out.Pools {
		g.fold(&out.Pools[i].AvailableModules, smallest)
	}
	out.DataLinks = append([]model.DataLink(nil), c.DataLinks...)
	for i := range out.DataLinks {
		g.fold(&out.DataLinks[i].CapacityGbps, mean)
	}
	out.Workloads = append([]model.Workload(nil), c.Workloads...)
	for i := range out.Workloads {
		g.fold(&out.Workloads[i].DemandUnits, largest)
	}
	out.Quotas = append([]model.Quota(nil), c.Quotas...)
	for i := range out.Quotas {
		g.fold(&out.Quotas[i].MaxUnits, smallest)
		g.fold(&out.Quotas[i].MaxShare, smallest)
	}
	return &out
}

// foldWeather has a site use in each longer period the mean of what it uses by outdoor
// temperature, which is not what it uses at the mean temperature: neither water nor cooling
// follows in a straight line, and free cooling leaps. Water becomes a series; the factor of
// cooling, which has none, is read off one point for each longer period, by its number.
func (g *merging) foldWeather(s *model.Site) {
	if len(s.AmbientC) < 2 {
		return
	}
	if len(s.WaterByTemperature) > 0 {
		s.WaterLPerKWh, s.WaterByTemperature = g.means(s.WaterAt), nil
	}
	if s.Cooling == nil {
		return
	}
	numbered := &model.Cooling{Pieces: s.Cooling.Pieces}
	var numbers model.Series
	for k, factor := range g.means(s.CoolingFactor) {
		numbers = append(numbers, float64(k))
		numbered.ByTemperature = append(numbered.ByTemperature, model.CoolingFactor{AmbientC: numbers[k], Factor: factor})
	}
	s.AmbientC, s.Cooling = numbers, numbered
}

// means are those in longer periods of what is one value a period.
func (g *merging) means(at func(t int) float64) model.Series {
	out := make(model.Series, len(g.hours))
	for t := range out {
		out[t] = at(t)
	}
	g.fold(&out, mean)
	return out
}

// coarse plans the case in longer periods and tries what comes of it.
func (s *session) coarse(ctx context.Context) {
	if s.o.Catalog != nil || s.p.Cols() < coarseColumns {
		return
	}
	g := mergePeriods(s.m.Hours)
	if g == nil {
		return
	}
	s.say(Progress{Phase: "coarse plan"})
	inner := &session{o: s.o, began: s.began, searchBegan: s.searchBegan, bound: math.Inf(-1)}
	inner.o.OnProgress = nil
	inner.catalog = s.merged.catalog(s.o.Formulation)
	c := g.apply(s.m.Case)
	inner.merged = unmerged(c)
	var err error
	if inner.m, inner.p, err = Formulate(c, inner.catalog); err != nil {
		s.note("no coarse plan: %v", err)
		return
	}
	inner.scaleMoney()
	lp := inner.relax(ctx)
	if lp == nil {
		return
	}
	inner.round(ctx, lp)
	if inner.best == nil {
		return
	}
	prop := newProposal(s.m, s.p)
	for _, k := range s.catalog {
		if k, ok := k.(Refiner); ok {
			k.Refine(prop, inner.best.plan, g.first)
		}
	}
	prop.complete(s.p)
	s.dispatch(ctx, prop.x)
	if lp.HasDuals {
		s.borrow(ctx, inner, lp, g)
	}
}

// borrow raises the bound by the prices of the longer periods: power, reserve
// and units of pools, and the accounts of policy, are bought and sold at them;
// data links stay limits. Assets with oracles answer these prices at once, all else
// is a linear program.
func (s *session) borrow(ctx context.Context, inner *session, lp *solver.Result, g *merging) {
	q := s.p.Relaxation().Clone(solver.Costs | solver.ColBounds | solver.RowBounds)
	perMoney := s.scale / inner.scale
	g.eachShared(s.m, inner.m, func(row, from solver.Row, share float64) {
		priceOut(q, row, lp.RowDual[from]*perMoney*share)
	})
	answers := s.answer(q)
	red, err := solver.Reduce(q)
	if err != nil {
		s.note("no bound by the prices of longer periods: %v", err)
		return
	}
	res, err := run(ctx, s.o.Engine, red.Problem, s.linearOptions())
	switch {
	case err != nil:
		s.note("no bound by the prices of longer periods: %v", err)
	case res.Status == solver.Optimal:
		s.raise((answers + res.Bound) / s.scale)
	}
}

// eachShared visits the rows whose prices longer periods lend: power, reserve and
// units of pools, and the accounts of policy. A price of the row from, times share,
// is one of the row.
func (g *merging) eachShared(m, coarse *Model, visit func(row, from solver.Row, share float64)) {
	g.eachSupply(m, coarse, visit)
	g.each(m, coarse, m.poolRow, coarse.poolRow, visit)
}

// eachSupply visits those of them but for the pools' units.
func (g *merging) eachSupply(m, coarse *Model, visit func(row, from solver.Row, share float64)) {
	g.each(m, coarse, m.balance, coarse.balance, visit)
	g.each(m, coarse, m.product, coarse.product, visit)
	if m.capRow >= 0 {
		visit(m.capRow, coarse.capRow, 1)
	}
	if m.shareRow >= 0 {
		visit(m.shareRow, coarse.shareRow, 1)
	}
}

// each visits rows that are one a period, with their part of the longer period.
func (g *merging) each(m, coarse *Model, rows, from []solver.Row, visit func(row, from solver.Row, share float64)) {
	for i := range from {
		k := i % coarse.T
		for t := g.first[k]; t < g.first[k+1]; t++ {
			visit(rows[i/coarse.T*m.T+t], from[i], m.Hours[t]/coarse.Hours[k])
		}
	}
}

// answer prices the assets with oracles that share no row of q with others, takes
// them out of q, and returns a bound on what they cost together.
func (s *session) answer(q *solver.Problem) float64 {
	assets := s.oracles()
	owner := make([]int32, q.Cols()) // asset, plus 1
	for i, a := range assets {
		for j := range a.Cols {
			owner[int(a.First)+j] = int32(i) + 1
		}
	}
	tied := make([]bool, len(assets)+1) // shares a row that may bind
	tied[0] = true
	for r := range q.Rows() {
		terms := q.Index[q.RowStart[r]:q.RowStart[r+1]]
		if math.IsInf(q.RowLower[r], -1) && math.IsInf(q.RowUpper[r], 1) || len(terms) == 0 {
			continue
		}
		if slices.ContainsFunc(terms, func(j int32) bool { return owner[j] != owner[terms[0]] }) {
			for _, j := range terms {
				tied[owner[j]] = true
			}
		}
	}
	sum, size := 0.0, 0.0
	scratch := make(map[decomp.Scratcher]any)
	for i, a := range assets {
		if tied[i+1] {
			continue
		}
		key := a.Oracle.Scratch()
		if scratch[key] == nil {
			scratch[key] = key.New()
		}
		from, to := int(a.First), int(a.First)+a.Cols
		bound, ok := a.Oracle.Price(q.ColCost[from:to], s.p.ColLower[from:to], s.p.ColUpper[from:to], make([]float64, a.Cols), scratch[key])
		if tied[i+1] = !ok; ok {
			sum += bound
			size += math.Abs(bound)
		}
	}
	for r := range q.Rows() {
		if terms := q.Index[q.RowStart[r]:q.RowStart[r+1]]; len(terms) > 0 && !tied[owner[terms[0]]] {
			q.RowLower[r], q.RowUpper[r] = math.Inf(-1), inf
		}
	}
	for j, o := range owner {
		if !tied[o] {
			q.ColCost[j], q.ColLower[j], q.ColUpper[j] = 0, 0, 0
		}
	}
	return sum - answerRounding*size
}

// answerRounding is how far, relative to the size of its terms, a sum of answers
// may be off.
const answerRounding = 1e-13
