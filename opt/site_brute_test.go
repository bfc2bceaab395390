package opt_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
)

// Every way to switch a site's modules, checked by the rules alone: the least cost over
// all of them must be what Solve finds. A site has cooling in pieces, water with a limit,
// a pool with a power level, and behind its meter a battery, which may be its UPS, and a
// renewable.
//
// With the modules given, work goes to the clock that needs least power for it until that
// is full. Less draw is then never worse, as power costs something. What is left is the
// battery. Its cost is convex and piecewise linear in the levels l_t, and all its limits
// and kinks are of the form l_t = constant or l_t - l_{t-1} = constant; so some best plan
// has each level on a sum of those constants, and trying all these sums finds it.
func TestSiteAgainstEnumeration(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	cases := uint64(120)
	if testing.Short() {
		cases = 30
	}
	seen := map[string]int{}
	for seed := range cases {
		c, want := siteToTry(seed)
		p := solve(t, c)
		if !close(p.Objective, want) {
			t.Errorf("seed %d: %.9g, enumeration finds %.9g", seed, p.Objective, want)
		}
		count := func(what string, is bool) {
			if is {
				seen[what]++
			}
		}
		s, off := &p.Sites[0], func(v float64) bool { return v > 1e-6 }
		count("water above its limit", s.WaterExcessM3 > 1e-6)
		count("work at the level", len(p.Pools) > 1 && slices.ContainsFunc(p.Pools[1].BusyUnits, off))
		count("work at the base", slices.ContainsFunc(p.Pools[0].BusyUnits, off))
		count("charging", len(p.Storages) > 0 && slices.ContainsFunc(p.Storages[0].ChargeMW, off))
		count("discharging", len(p.Storages) > 0 && slices.ContainsFunc(p.Storages[0].DischargeMW, off))
		count("UPS", c.Sites[0].UPSMinutes > 0)
	}
	t.Log(seen)
	for _, what := range []string{"water above its limit", "work at the level", "work at the base", "charging", "discharging", "UPS"} {
		if seen[what] < int(cases)/20 {
			t.Errorf("only %d of %d cases with %s", seen[what], cases, what)
		}
	}
}

// siteToTry returns the case of a seed with its least cost; a draw that is not valid or
// has no plan that does all work is drawn again.
func siteToTry(seed uint64) (*model.Case, float64) {
	for attempt := uint64(0); ; attempt++ {
		c := drawSite(rand.New(rand.NewPCG(seed, attempt)))
		if _, err := c.Validate(); err != nil {
			continue
		}
		if s := (&siteTry{c: c, hours: c.Horizon.Hours(), least: math.Inf(1)}); !math.IsInf(s.best(), 1) {
			return c, s.least
		}
	}
}

func drawSite(r *rand.Rand) *model.Case {
	chance := func(p float64) bool { return r.Float64() < p }
	between := func(lo, hi float64) float64 { return math.Round(10*(lo+(hi-lo)*r.Float64())) / 10 }
	hours := make([]float64, 2+r.IntN(2))
	series := func(lo, hi float64) model.Series {
		s := make(model.Series, len(hours))
		for t := range s {
			s[t] = between(lo, hi)
		}
		return s
	}
	for t := range hours {
		hours[t] = []float64{0.5, 1, 2}[r.IntN(3)]
	}
	c := computing(1+r.IntN(3), hours...)
	c.ThermalUnits[0].CostFactor = series(0.05, 1)
	w := work(c, "hot", series(0, 8*float64(c.Pools[0].Modules))...)
	w.UnservedPricePerUnitH = ptr(1e5)
	p, s := &c.Pools[0], &c.Sites[0]
	p.IdleMWPerModule, p.DynamicMWPerUnit = between(0, 2), between(0.1, 1)
	p.StartCost, p.StartEnergyMWh = between(0, 40), between(0, 0.5)
	p.InitialModulesOn = ptr(r.IntN(p.Modules + 1))
	if chance(0.7) {
		c.Pools = append(c.Pools, model.Pool{
			Name: "low", Site: "S", ModulesOf: "P", Speed: ptr([]float64{0.5, 0.8, 1.2}[r.IntN(3)]),
			DynamicMWPerUnit: c.Pools[0].DynamicMWPerUnit * []float64{0.3, 0.6, 1.1}[r.IntN(3)],
		})
	}
	s.BaseMW = model.Constant(between(0, 1))
	if s.PUE = series(1, 1.5); chance(0.8) {
		s.PUE, s.Cooling = nil, &model.Cooling{}
		slope, to := between(0, 0.2), 0.0
		for range 1 + r.IntN(3) {
			to += between(1, 5)
			s.Cooling.Pieces = append(s.Cooling.Pieces, model.CoolingPiece{ITMW: ptr(to), OverheadMWPerMW: slope})
			slope += between(0, 0.5)
		}
		if chance(0.6) {
			s.Cooling.Pieces[len(s.Cooling.Pieces)-1].ITMW = nil
		}
		if chance(0.4) {
			s.AmbientC, s.Cooling.FreeBelowC, s.Cooling.FreeFactor = series(-5, 30), ptr(12.0), between(0, 0.3)
		}
	}
	if chance(0.5) {
		s.WaterLPerKWh, s.WaterPricePerM3 = series(0, 2), between(0, 20)
		if chance(0.7) {
			s.WaterLimitM3, c.Penalties.WaterExcessPricePerM3 = ptr(between(0, 10)), ptr(between(1, 30))
		}
	}
	if chance(0.8) {
		b := model.Storage{
			Name: "battery", Site: "S", MaxChargeMW: between(0.5, 8), MaxDischargeMW: between(0.5, 12), LevelMaxMWh: between(2, 15),
			EfficiencyCharge: ptr([]float64{0.8, 0.9, 1}[r.IntN(3)]), EfficiencyDischarge: ptr([]float64{0.8, 0.9, 1}[r.IntN(3)]),
			WearCostPerMWh: between(0, 5), TerminalValuePerMWh: between(0, 40),
		}
		b.LevelMinMWh = between(0, 0.3*b.LevelMaxMWh)
		b.InitialLevelMWh = between(b.LevelMinMWh, b.LevelMaxMWh)
		if chance(0.4) {
			b.TerminalMinMWh = ptr(b.InitialLevelMWh)
		}
		if c.Storages = append(c.Storages, b); chance(0.5) {
			s.UPSMinutes = []float64{5, 15, 30}[r.IntN(3)]
		}
	}
	if chance(0.4) {
		c.Renewables = []model.Renewable{{Name: "sun", Site: "S", AvailableMW: series(0, 8)}}
	}
	return c
}

// siteTry tries all numbers of modules on.
type siteTry struct {
	c     *model.Case
	hours []float64
	draw  []float64 // MW, by period
	least float64
}

func (s *siteTry) best() float64 {
	s.switched(0, *s.c.Pools[0].InitialModulesOn, 0, 0)
	return s.least
}

// switched tries the modules on from period t on, with on before, the cost of starts
// and the water so far.
func (s *siteTry) switched(t, before int, cost, water float64) {
	site, p := &s.c.Sites[0], &s.c.Pools[0]
	if t == len(s.hours) {
		cost += site.WaterPricePerM3 * water
		if site.WaterLimitM3 != nil {
			cost += s.c.Penalties.WaterExcess() * max(0, water-*site.WaterLimitM3)
		}
		s.least = min(s.least, cost+s.power()) // what is left in the battery may earn more than all costs
		return
	}
	for on := range p.Modules + 1 {
		dynamic, ok := s.work(s.c.Workloads[0].DemandUnits[t], float64(on)*p.UnitsPerModule)
		starts := float64(max(0, on-before))
		it := float64(on)*p.IdleMWPerModule + starts*p.StartEnergyMWh/s.hours[t] + dynamic
		over, cooled := s.overhead(t, it)
		if !ok || !cooled {
			continue
		}
		s.draw = append(s.draw, it+over+site.BaseMW[0])
		s.switched(t+1, on, cost+starts*p.StartCost, water+s.hours[t]*site.WaterLPerKWh.At(t, 0)*it)
		s.draw = s.draw[:t]
	}
}

// work returns the least dynamic power of work on units that are on.
func (s *siteTry) work(work, units float64) (mw float64, ok bool) {
	base, ways := s.c.Pools[0].DynamicMWPerUnit, [][2]float64{}
	ways = append(ways, [2]float64{1, base})
	if len(s.c.Pools) > 1 {
		ways = append(ways, [2]float64{*s.c.Pools[1].Speed, s.c.Pools[1].DynamicMWPerUnit})
	}
	// All at one clock, or all units busy at both clocks.
	mw = math.Inf(1)
	for _, a := range ways {
		if work <= units*a[0]+1e-9 {
			mw = min(mw, work/a[0]*a[1])
		}
		for _, b := range ways {
			if x := (work - units*b[0]) / (a[0] - b[0]); a[0] > b[0] && x >= 0 && x <= units {
				mw = min(mw, x*a[1]+(units-x)*b[1])
			}
		}
	}
	return mw, !math.IsInf(mw, 1)
}

func (s *siteTry) overhead(t int, it float64) (mw float64, ok bool) {
	site := &s.c.Sites[0]
	cooling := site.Cooling
	if cooling == nil {
		return (site.PUE[t] - 1) * it, true
	}
	from := 0.0
	for _, p := range cooling.Pieces {
		if p.ITMW == nil || it <= *p.ITMW+1e-9 {
			mw += (it - from) * p.OverheadMWPerMW
			if cooling.FreeBelowC != nil && site.AmbientC[t] <= *cooling.FreeBelowC {
				mw *= cooling.FreeFactor
			}
			return mw, true
		}
		mw += (*p.ITMW - from) * p.OverheadMWPerMW
		from = *p.ITMW
	}
	return 0, false
}

// sun is what the renewable can give.
func (s *siteTry) sun(t int) float64 {
	if len(s.c.Renewables) == 0 {
		return 0
	}
	return s.c.Renewables[0].AvailableMW[t]
}

// bought is the cost of a period's import, of which nothing can be sold.
func (s *siteTry) bought(t int, mw float64) float64 {
	return 100 * s.c.ThermalUnits[0].CostFactor[t] * s.hours[t] * max(0, mw)
}

// power is the least cost of power for the draws.
func (s *siteTry) power() float64 {
	if len(s.c.Storages) == 0 {
		cost := 0.0
		for t, mw := range s.draw {
			cost += s.bought(t, mw-s.sun(t))
		}
		return cost
	}
	T, b := len(s.hours), &s.c.Storages[0]
	in, out := *b.EfficiencyCharge, *b.EfficiencyDischarge
	low, steps := make([]float64, T+1), make([][]float64, T)
	for t := range low {
		low[t] = b.LevelMinMWh
	}
	low[0] = 0
	if b.TerminalMinMWh != nil {
		low[T] = max(low[T], *b.TerminalMinMWh)
	}
	for t, h := range s.hours {
		if held := s.draw[t] * s.c.Sites[0].UPSMinutes / 60 / out; held > 0 {
			low[t], low[t+1] = max(low[t], held), max(low[t+1], held)
			if b.MaxDischargeMW < s.draw[t]-1e-9 {
				return math.Inf(1)
			}
		}
		steps[t] = []float64{0, in * h * b.MaxChargeMW, -h / out * b.MaxDischargeMW, -h / out * s.draw[t]}
		if net := s.draw[t] - s.sun(t); net > 0 {
			steps[t] = append(steps[t], -h/out*net)
		} else {
			steps[t] = append(steps[t], -in*h*net)
		}
	}
	if b.InitialLevelMWh < low[0]-1e-9 {
		return math.Inf(1)
	}
	levels := s.levels(low, steps)
	costs := []float64{0}
	for t, h := range s.hours {
		next := make([]float64, len(levels[t+1]))
		for j, to := range levels[t+1] {
			next[j] = math.Inf(1)
			for i, from := range levels[t] {
				charge, discharge := max(0, to-from)/in/h, max(0, from-to)*out/h
				if charge > b.MaxChargeMW+1e-9 || discharge > min(b.MaxDischargeMW, s.draw[t])+1e-9 {
					continue
				}
				next[j] = min(next[j], costs[i]+s.bought(t, s.draw[t]-s.sun(t)+charge-discharge)+h*b.WearCostPerMWh*discharge)
			}
		}
		costs = next
	}
	best := math.Inf(1)
	for j, level := range levels[T] {
		best = min(best, costs[j]-b.TerminalValuePerMWh*level)
	}
	return best
}

// levels are the sums of constants that a level may be, before each period and at
// the end: a limit, and steps from there on or back to there.
func (s *siteTry) levels(low []float64, steps [][]float64) [][]float64 {
	T, b := len(steps), &s.c.Storages[0]
	out := make([][]float64, T+1)
	out[0] = []float64{b.InitialLevelMWh}
	for t := 1; t <= T; t++ {
		out[t] = []float64{low[t], b.LevelMaxMWh}
	}
	forth, back := slices.Clone(out), slices.Clone(out)
	for t := range T {
		for _, from := range forth[t] {
			for _, d := range steps[t] {
				forth[t+1] = append(slices.Clip(forth[t+1]), from+d)
			}
		}
	}
	for t := T - 1; t > 0; t-- {
		for _, to := range back[t+1] {
			for _, d := range steps[t] {
				back[t] = append(slices.Clip(back[t]), to-d)
			}
		}
	}
	for t := 1; t <= T; t++ {
		all := append(slices.Clone(forth[t]), back[t]...)
		slices.Sort(all)
		out[t] = slices.DeleteFunc(slices.Compact(all), func(v float64) bool { return v < low[t]-1e-9 || v > b.LevelMaxMWh+1e-9 })
	}
	return out
}
