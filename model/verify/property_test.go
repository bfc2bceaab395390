package verify

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestOrderDoesNotMatter permutes every section of case and plan alike.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Run("joint", func(t *testing.T) { permute(t, joint) })
	t.Run("diverse", func(t *testing.T) { permute(t, diverse) })
	t.Run("guarded", func(t *testing.T) { permute(t, guarded) })
	t.Run("campus", func(t *testing.T) { permute(t, campus) })
}

func permute(t *testing.T, base func() *fixture) {
	want := base().check()
	for seed := range 20 {
		f := base()
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		shuffle2(rng, f.c.Buses, f.p.Buses)
		shuffle2(rng, f.c.ThermalUnits, f.p.ThermalUnits)
		shuffle2(rng, f.c.Sites, f.p.Sites)
		shuffle2(rng, f.c.Pools, f.p.Pools)
		shuffle2(rng, f.c.Workloads, f.p.Workloads)
		shuffle2(rng, f.c.Renewables, f.p.Renewables)
		shuffle2(rng, f.c.DemandResponses, f.p.DemandResponses)
		shuffle2(rng, f.c.Reserves, f.p.Reserves)
		shuffle(rng, f.c.Regions)
		shuffle(rng, f.c.Loads)
		shuffle(rng, f.c.LatencyClasses)
		shuffle(rng, f.c.Network.RoundTrips)
		shuffle2(rng, f.c.Datasets, f.p.Datasets)
		shuffle(rng, f.c.JobGroups)
		shuffle(rng, f.c.Quotas)
		jobs := slices.Clone(f.p.Jobs)
		shuffle(rng, f.c.Jobs)
		f.p.Jobs = nil
		for i := range f.c.Jobs {
			for _, j := range jobs {
				if j.Job == f.c.Jobs[i].Name {
					f.p.Jobs = append(f.p.Jobs, j)
				}
			}
		}
		f.sortOutages()
		f.price() // puts the costs in the new order
		r := f.check()
		mustOK(t, r)
		if math.Abs(r.Cost-want.Cost) > 1e-6 {
			t.Errorf("seed %d: cost %g, before %g", seed, r.Cost, want.Cost)
		}
		if r.Checked != want.Checked {
			t.Errorf("seed %d: %d limits compared, before %d", seed, r.Checked, want.Checked)
		}
	}
}

func shuffle[T any](rng *rand.Rand, s []T) {
	rng.Shuffle(len(s), func(i, j int) { s[i], s[j] = s[j], s[i] })
}

func shuffle2[A, B any](rng *rand.Rand, a []A, b []B) {
	rng.Shuffle(len(a), func(i, j int) { a[i], a[j] = a[j], a[i]; b[i], b[j] = b[j], b[i] })
}

// TestNamesDoNotMatter renames every asset in case and plan alike.
func TestNamesDoNotMatter(t *testing.T) {
	f := joint()
	f.o.Assets = nil // they carry their bus's name in code
	f.p.Assets = nil
	f.derive()
	f.price()
	f.p.Bound = nil
	f.p.Status = model.PlanFeasible
	want := f.check()
	mustOK(t, want)
	for _, name := range []string{
		"east", "west", "far", "coal", "gas", "wind", "dam", "battery", "line", "spin", "relief", "hot", "cold",
		"dc-east", "dc-west", "dc-far", "cpu-east", "gpu-east", "cpu-west", "cpu-far", "fibre", "web", "render", "train", "sweep", "bulk", "extra",
	} {
		rename(t, f, name, "Ω "+strings.ToUpper(name))
	}
	got := f.check()
	mustOK(t, got)
	if got.Cost != want.Cost || got.Checked != want.Checked || len(got.Shortages) != len(want.Shortages) {
		t.Errorf("cost %g, %d limits; before %g, %d", got.Cost, got.Checked, want.Cost, want.Checked)
	}
}

// rename replaces a name in case and plan, wherever it stands.
func rename(t *testing.T, f *fixture, from, to string) {
	t.Helper()
	f.c = replaceJSON(t, f.c, `"`+from+`"`, `"`+to+`"`)
	f.p = replaceJSON(t, f.p, `"`+from+`"`, `"`+to+`"`)
}

// TestClusterOfUnits: the sum of plans of single units that are each valid is a
// valid plan of their cluster, whatever starts, stops and deep operation they
// have. The cluster's rules must not refuse it.
func TestClusterOfUnits(t *testing.T) {
	valid, starts, deep := 0, 0, 0
	for seed := range 400 {
		rng := rand.New(rand.NewPCG(uint64(seed), 2))
		c := unitCase(rng)
		count := 2 + rng.IntN(3)
		var plans []*fixture
		for len(plans) < count {
			f := randomUnitPlan(rng, c)
			if f == nil {
				break
			}
			plans = append(plans, f)
		}
		if len(plans) < count {
			continue
		}
		valid++
		f := sumPlans(c, plans)
		for t := range f.p.ThermalUnits[0].Starts {
			starts += f.p.ThermalUnits[0].Starts[t]
			deep += f.p.ThermalUnits[0].UnitsDeep[t]
		}
		if r := f.check(); !r.OK() {
			mustOK(t, r)
			t.Fatalf("seed %d: a cluster of %d valid units is refused", seed, count)
		}
	}
	if valid < 100 || starts < 100 || deep < 100 {
		t.Errorf("%d clusters with %d starts and %d deep units: the test says too little", valid, starts, deep)
	}
}

// unitCase is a case with one unit of random limits.
func unitCase(rng *rand.Rand) *model.Case {
	pick := func(v ...float64) float64 { return v[rng.IntN(len(v))] }
	maybe := func(v ...float64) *float64 {
		if rng.IntN(3) == 0 {
			return nil
		}
		return ptr(pick(v...))
	}
	u := model.ThermalUnit{
		Name: "u", Bus: "b", MinPowerMW: 50, MaxPowerMW: 100,
		RampUpMWPerH: maybe(20, 40, 60), RampDownMWPerH: maybe(20, 40, 60),
		StartupLimitMW: maybe(40, 60, 80), ShutdownLimitMW: maybe(35, 60, 90),
		MinUpH: pick(0, 1, 2, 3), MinDownH: pick(0, 1, 2),
		Startup: []model.StartupTier{{AfterOffH: 0, Cost: 10}, {AfterOffH: 3, Cost: 20}, {AfterOffH: 6, Cost: 30}},
		Cost:    []model.CostPoint{{PowerMW: 50, CostPerH: 1}, {PowerMW: 100, CostPerH: 2}},
		Deep: &model.DeepOperation{
			MinPowerMW: 30, Cost: []model.CostPoint{{PowerMW: 30, CostPerH: 1}, {PowerMW: 50, CostPerH: 2}},
			RampMWPerH: maybe(5, 10, 20), MinStayH: pick(0, 1, 2),
		},
		Reserves: []string{"up"},
	}
	return &model.Case{
		Name:         "unit",
		Horizon:      model.Horizon{Periods: []model.PeriodRun{{Count: 3, Hours: 0.5}, {Count: 4, Hours: 1}, {Count: 1, Hours: 2}}},
		Buses:        []model.Bus{{Name: "b"}},
		ThermalUnits: []model.ThermalUnit{u},
		Reserves:     []model.ReserveProduct{{Name: "up", Direction: model.Up}},
	}
}

// randomUnitPlan draws plans of the single unit until one is valid.
func randomUnitPlan(rng *rand.Rand, c *model.Case) *fixture {
	hours := c.Horizon.Hours()
	T := len(hours)
	for range 300 {
		c := *c
		p := &model.Plan{
			Format: model.PlanFormat, Case: "unit", CaseSHA256: "0123", Status: model.PlanFeasible, PeriodHours: hours,
			Buses:    []model.BusPlan{{Name: "b"}},
			Reserves: []model.ReservePlan{{Name: "up", ShortageMW: fill(T, 0)}},
			ThermalUnits: []model.ThermalPlan{{
				Name: "u", UnitsOn: fillInt(T, 0), Starts: fillInt(T, 0), Stops: fillInt(T, 0),
				StartsByTier: [][]int{fillInt(T, 0), fillInt(T, 0), fillInt(T, 0)}, PowerMW: fill(T, 0),
				UnitsDeep: fillInt(T, 0), DeepEntries: fillInt(T, 0), DeepExits: fillInt(T, 0), DeepPowerMW: fill(T, 0),
				Reserves: []model.ProvidedPower{{Product: "up", MW: fill(T, 0)}},
			}},
		}
		q := &p.ThermalUnits[0]
		on, deep, off, now := 0, 0, math.Inf(1), 0.0
		for t := range T {
			next := on
			if rng.IntN(3) == 0 {
				next = 1 - on
			}
			nextDeep := 0
			if next == 1 && (deep == 1 && rng.IntN(3) > 0 || deep == 0 && rng.IntN(4) == 0) {
				nextDeep = 1
			}
			q.UnitsOn[t], q.Starts[t], q.Stops[t] = next, max(0, next-on), max(0, on-next)
			q.UnitsDeep[t], q.DeepEntries[t], q.DeepExits[t] = nextDeep, max(0, nextDeep-deep), max(0, deep-nextDeep)
			if q.Stops[t] == 1 {
				off = now
			}
			if q.Starts[t] == 1 {
				tier := 2
				for tier > 0 && now-off < c.ThermalUnits[0].Startup[tier].AfterOffH && !math.IsInf(off, 1) {
					tier--
				}
				q.StartsByTier[tier][t] = 1
			}
			switch {
			case nextDeep == 1:
				q.DeepPowerMW[t] = 30 + float64(rng.IntN(5))*5
				q.PowerMW[t] = q.DeepPowerMW[t]
			case next == 1:
				q.PowerMW[t] = 50 + float64(rng.IntN(6))*10
				q.Reserves[0].MW[t] = float64(rng.IntN(2)) * 10
			}
			on, deep, now = next, nextDeep, now+hours[t]
		}
		f := &fixture{c: &c, p: p, o: Options{CaseSHA256: "0123"}}
		f.derive()
		f.price()
		if f.check().OK() {
			return f
		}
	}
	return nil
}

// sumPlans makes one plan of a cluster out of plans of single units.
func sumPlans(c *model.Case, plans []*fixture) *fixture {
	cluster := *c
	cluster.ThermalUnits = slices.Clone(c.ThermalUnits)
	cluster.ThermalUnits[0].Count = len(plans)
	f := &fixture{c: &cluster, p: plans[0].p, o: plans[0].o}
	to := &f.p.ThermalUnits[0]
	for _, other := range plans[1:] {
		from := &other.p.ThermalUnits[0]
		for t := range to.UnitsOn {
			to.UnitsOn[t] += from.UnitsOn[t]
			to.Starts[t] += from.Starts[t]
			to.Stops[t] += from.Stops[t]
			to.UnitsDeep[t] += from.UnitsDeep[t]
			to.DeepEntries[t] += from.DeepEntries[t]
			to.DeepExits[t] += from.DeepExits[t]
			to.PowerMW[t] += from.PowerMW[t]
			to.DeepPowerMW[t] += from.DeepPowerMW[t]
			to.Reserves[0].MW[t] += from.Reserves[0].MW[t]
			for tier := range to.StartsByTier {
				to.StartsByTier[tier][t] += from.StartsByTier[tier][t]
			}
		}
	}
	f.derive()
	f.price()
	return f
}

// TestTiersAgainstEnumeration compares the matching of starts and stops with
// trying every assignment.
func TestTiersAgainstEnumeration(t *testing.T) {
	possible, impossible := 0, 0
	for seed := range 3000 {
		rng := rand.New(rand.NewPCG(uint64(seed), 3))
		T := 5
		c := &model.Case{
			Horizon: model.Horizon{Periods: []model.PeriodRun{{Count: 2, Hours: 0.5}, {Count: 3, Hours: 1}}},
			Buses:   []model.Bus{{Name: "b"}},
		}
		k := &checker{c: c, o: Options{}.withDefaults(), report: &Report{}, found: map[string]int{}}
		if err := k.openHorizon(); err != nil {
			t.Fatal(err)
		}
		u := &model.ThermalUnit{
			Count: 4, MinDownH: float64(rng.IntN(3)),
			Startup: []model.StartupTier{{AfterOffH: 0}, {AfterOffH: 1 + float64(rng.IntN(2))}, {AfterOffH: 3}},
			Initial: &model.ThermalInitial{UnitsOn: 1 + rng.IntN(3), HoursOff: ptr(float64(rng.IntN(4)))},
		}
		p := &model.ThermalPlan{Stops: fillInt(T, 0), StartsByTier: [][]int{fillInt(T, 0), fillInt(T, 0), fillInt(T, 0)}}
		for range rng.IntN(4) {
			p.Stops[rng.IntN(T)]++
		}
		for range 1 + rng.IntN(3) {
			p.StartsByTier[rng.IntN(3)][rng.IntN(T)]++
		}
		x := k.openCluster(u, p)
		short, _, _ := x.unmatched(u.MinDownH)
		want := assignable(k, u, p)
		if (short == 0) != want {
			t.Fatalf("seed %d: %d starts without a stop, but an assignment exists: %v", seed, short, want)
		}
		if want {
			possible++
		} else {
			impossible++
		}
	}
	if possible < 300 || impossible < 300 {
		t.Errorf("%d possible and %d impossible: the test says too little", possible, impossible)
	}
}

// assignable tries every assignment of starts to stops.
func assignable(k *checker, u *model.ThermalUnit, p *model.ThermalPlan) bool {
	var stops []float64
	for range u.Count - u.Initial.UnitsOn {
		stops = append(stops, -*u.Initial.HoursOff)
	}
	initial := len(stops)
	for t, n := range p.Stops {
		for range n {
			stops = append(stops, k.begin[t])
		}
	}
	type start struct {
		at   float64
		tier int
	}
	var starts []start
	for tier := range p.StartsByTier {
		for t, n := range p.StartsByTier[tier] {
			for range n {
				starts = append(starts, start{k.begin[t], tier})
			}
		}
	}
	used := make([]bool, len(stops))
	var try func(i int) bool
	try = func(i int) bool {
		if i == len(starts) {
			return true
		}
		for j, at := range stops {
			off := starts[i].at - at
			before := at < starts[i].at || j < initial
			end := math.Inf(1)
			if starts[i].tier < 2 {
				end = u.Startup[starts[i].tier+1].AfterOffH
			}
			if used[j] || !before || off < u.MinDownH || off >= end {
				continue
			}
			used[j] = true
			if try(i + 1) {
				return true
			}
			used[j] = false
		}
		return false
	}
	return try(0)
}

// TestBoundAgainstDefinition compares the running windows with the definition.
func TestBoundAgainstDefinition(t *testing.T) {
	k := &checker{c: &model.Case{Horizon: model.Horizon{Periods: []model.PeriodRun{{Count: 8, Hours: 0.25}, {Count: 6, Hours: 1.0 / 3}, {Count: 5, Hours: 4}, {Count: 4, Hours: 0.25}}}}}
	if err := k.openHorizon(); err != nil {
		t.Fatal(err)
	}
	for _, duration := range []float64{0, 0.1, 0.25, 0.5, 1, 4.0 / 3, 2, 3.999, 4, 8, 100} {
		for at, first := range k.bound(duration) {
			want := at
			for s := at - 1; s >= 0; s-- {
				sum := 0.0
				for i := s; i < at; i++ {
					sum += k.hours[i]
				}
				if !(sum < duration-1e-9) {
					break
				}
				want = s
			}
			if first != want {
				t.Errorf("duration %g, period %d: bound from %d on, want %d", duration, at, first, want)
			}
		}
	}
}
