package opt

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// fullCase is a pool of ten units, always on, for four hours, whose busy units draw
// 0.1 MW at 10 a MWh, 1 an hour, and jobs that are dropped at the given prices.
func fullCase(shape model.JobShape, units, workUnitH float64, drop ...float64) *model.Case {
	c := &model.Case{
		Format: model.CaseFormat, Name: "full", Currency: "EUR",
		Horizon: model.Horizon{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Zone: "UTC", Periods: []model.PeriodRun{{Count: 4, Hours: 1}}},
		Buses:   []model.Bus{{Name: "A"}},
		ThermalUnits: []model.ThermalUnit{{Name: "U", Bus: "A", MaxPowerMW: 100,
			Cost: []model.CostPoint{{}, {PowerMW: 100, CostPerH: 1_000}}}},
		Regions: []model.Region{{Name: "east"}},
		Sites:   []model.Site{{Name: "S", Bus: "A", Region: "east"}},
		Pools:   []model.Pool{{Name: "P", Site: "S", Modules: 1, UnitsPerModule: 10, DynamicMWPerUnit: 0.1, AlwaysOn: true}},
	}
	for i := range drop {
		c.Jobs = append(c.Jobs, model.Job{Name: fmt.Sprintf("job %d", i), Region: "east", Shape: shape, Units: units, WorkUnitH: workUnitH, DropPrice: &drop[i]})
	}
	return c
}

// pricesAt plans a case and insists on the cost and on prices.
func pricesAt(t *testing.T, c *model.Case, method Method, cost float64) *model.Prices {
	t.Helper()
	out, err := Solve(context.Background(), c, Options{Engine: oracleEngine(t), Gap: 1e-9, Method: method})
	if err != nil {
		t.Fatal(err)
	}
	if out.Plan == nil || out.Plan.Prices == nil || len(out.Notes) > 0 {
		t.Fatalf("%v: no prices: %v", method, out.Notes)
	}
	if math.Abs(out.Plan.Objective-cost) > 1e-6*cost {
		t.Errorf("%v: cost %.9g, want %.9g", method, out.Plan.Objective, cost)
	}
	return out.Plan.Prices
}

func sameSeries(t *testing.T, what string, got []float64, want ...float64) {
	t.Helper()
	for i := range want {
		if len(got) != len(want) || math.Abs(got[i]-want[i]) > 1e-6*math.Max(1, want[i]) {
			t.Errorf("%s: %v, want %v", what, got, want)
			return
		}
	}
}

// TestPriceOfAFullPool: six jobs of 10 unit-hours each want the 40 that there are, so the two
// of 8,000 and 7,500 are dropped. One more unit-hour does a tenth of the first: 800 less the
// 1 that its power costs. A pool whose modules draw 0.5 MW idle, 5 an hour for ten units, saves
// 0.5 less with a unit that has to be on; a second module that nobody needs has no price.
func TestPriceOfAFullPool(t *testing.T) {
	drop := []float64{20_000, 15_000, 12_000, 9_000, 8_000, 7_500}
	for _, shape := range []model.JobShape{model.Rigid, model.Preemptible} {
		for _, method := range []Method{Monolith, Placement} {
			what := fmt.Sprintf("%s, %v", shape, method)
			c := fullCase(shape, 10, 10, drop...)
			p := pricesAt(t, c, method, 15_500+40)
			sameSeries(t, what, p.Compute[0].Values, 799, 799, 799, 799)
			sameSeries(t, what+" with power", p.ComputeWithPower[0].Values, 800, 800, 800, 800)
			sameSeries(t, what+", power", p.Power[0].Values, 10, 10, 10, 10)

			c.Pools[0].AlwaysOn, c.Pools[0].IdleMWPerModule = false, 0.5
			p = pricesAt(t, c, method, 15_500+40+20)
			sameSeries(t, what+" on modules", p.Compute[0].Values, 798.5, 798.5, 798.5, 798.5)

			c.Pools[0].Modules = 2
			p = pricesAt(t, c, method, 60*1.5)
			sameSeries(t, what+" on more modules than needed", p.Compute[0].Values, 0, 0, 0, 0)
		}
	}
}

// TestPriceOfAFullLink: work has to go west, with 4.5 GB for each of four jobs, over a link
// of 4.5 GB an hour; what is sent in the last hour comes too late. So the job of 450 is
// dropped, and one more GB before would do 1/4.5 of it: 450 less its power, 1, and less the
// 0.2 that the link takes for a GB. The one worth of a GB that it saves is the same in all
// hours but the last. What it is worth is said by the link: units in the west are free.
func TestPriceOfAFullLink(t *testing.T) {
	for _, method := range []Method{Monolith, Placement} {
		c := fullCase(model.Rigid, 1, 1, 900, 800, 700, 450)
		c.Regions = append(c.Regions, model.Region{Name: "west"})
		c.Sites[0].Region = "west"
		c.DataLinks = []model.DataLink{{Name: "D", From: "east", To: "west", CapacityGbps: model.Series{0.01}, PricePerGB: 0.2}}
		for i := range c.Jobs {
			c.Jobs[i].InputGB = 4.5
		}
		p := pricesAt(t, c, method, 450+3*(1+4.5*0.2))
		want := (450-1)/4.5 - 0.2
		sameSeries(t, fmt.Sprint(method, " forward"), p.DataForward[0].Values, want, want, want, 0)
		sameSeries(t, fmt.Sprint(method, " backward"), p.DataBackward[0].Values, 0, 0, 0, 0)
		sameSeries(t, fmt.Sprint(method, " units"), p.Compute[0].Values, 0, 0, 0, 0)
	}
}

// TestPriceOfRoomByMultipliers: of 300 jobs as many as fit are placed. The prices of the
// placement's bound, which are used where jobs are very many, are within a tenth of
// those of the program with jobs in it.
func TestPriceOfRoomByMultipliers(t *testing.T) {
	for _, always := range []bool{true, false} {
		drop := make([]float64, 300)
		for i := range drop {
			drop[i] = 100 + 2*float64(i)
		}
		c := fullCase(model.Rigid, 1, 1, drop...)
		c.Pools[0].UnitsPerModule, c.Pools[0].AlwaysOn, c.Pools[0].IdleMWPerModule = 50, always, 25
		s := &session{o: Options{Engine: oracleEngine(t), Gap: 1e-6, Method: Placement}, began: time.Now(), merged: unmerged(c), dear: dearColumns}
		if err := s.formulate(); err != nil {
			t.Fatal(err)
		}
		s.search(t.Context())
		s.priceBest(t.Context())
		if s.best == nil || s.best.plan.Prices == nil {
			t.Fatalf("no plan with prices: %v", s.out.Notes)
		}
		d := s.best.last
		exact, reduced, err := s.dualsWithJobs(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		d.m.payModules(exact, reduced)
		y, reduced, err := s.dualsOfPlacement(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		d.m.payModules(y, reduced)
		if err := s.climb(t.Context(), d, y); err != nil {
			t.Fatal(err)
		}
		for _, r := range d.m.poolRow {
			// The 200 unit-hours go to jobs of 300 and more: the next has 298, less 1 for
			// its power and, where modules are switched, 250 of a module for 50 units.
			want := 297.0
			if !always {
				want -= 5
			}
			if math.Abs(-exact[r]-want) > 1e-6*want || math.Abs(-y[r]-want) > 0.1*want {
				t.Errorf("always on %v: %.6g by the program, %.6g by multipliers, want %g", always, -exact[r], -y[r], want)
			}
		}
	}
}

// TestPriceOfRoomIsASlope: on random cases, in the program in which jobs and modules
// are free, a little more of a pool or link saves no more than its price says, and a
// little less costs no less.
func TestPriceOfRoomIsASlope(t *testing.T) {
	e := oracleEngine(t)
	ctx := t.Context()
	compared, scarce, cases := 0, 0, uint64(40)
	if testing.Short() {
		cases = 20
	}
	for seed := range cases {
		c := randomcase.Full(seed)
		s := &session{o: Options{Engine: e, Gap: 1e-6}, merged: unmerged(c)}
		if err := s.formulate(); err != nil {
			t.Fatal(err)
		}
		if len(c.Jobs) == 0 || s.m.security != nil {
			continue // in outages a module has more than one worth
		}
		res, err := run(ctx, e, s.p, solver.Options{RelGap: 1e-4, TimeLimit: 10 * time.Second})
		if err != nil || !res.HasPoint {
			continue
		}
		best, err := s.candidate(ctx, res.X, true)
		if err != nil || best.last == nil {
			continue
		}
		y, reduced, err := s.dualsWithJobs(ctx, best.last)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		worth := slices.Clone(y)
		s.m.payModules(y, reduced)
		_, q, _, err := s.withJobs(best.last)
		if err != nil {
			t.Fatal(err)
		}
		for k, r := range s.m.roomRows() {
			q.RowUpper[r] += nudge(k)
		}
		s.m.loosen(q)
		const step = 1e-5 // small beside the nudges
		value := func(change func(q *solver.Problem)) float64 {
			q := q.Clone(solver.ColBounds | solver.RowBounds)
			change(q)
			res, err := run(ctx, e, q, solver.Options{})
			if err != nil || res.Status != solver.Optimal {
				return math.NaN()
			}
			return res.Objective / s.scale
		}
		now := value(func(*solver.Problem) {})
		check := func(what string, price float64, shift func(q *solver.Problem, by float64)) {
			more := now - value(func(q *solver.Problem) { shift(q, step) })
			less := value(func(q *solver.Problem) { shift(q, -step) }) - now
			if math.IsNaN(more) || math.IsNaN(less) {
				return
			}
			compared++
			if price > 1e-3 {
				scarce++
			}
			slack := 0.01*price*step + 1e-9*math.Max(1, math.Abs(now))
			if more > price*step+slack || less < price*step-slack {
				t.Errorf("seed %d, %s: price %.6g, more saves %.6g, less costs %.6g", seed, what, price, more/step, less/step)
			}
		}
		for i := range c.Pools {
			p := &c.Pools[i]
			if p.PowerLevel() {
				continue
			}
			for t := int(seed) % 2; t < s.m.T; t += 2 {
				r, on := s.m.poolRow[i*s.m.T+t], int(s.m.modulesOf[i])+t
				if p.MaxModules(t) == 0 {
					continue
				}
				check(fmt.Sprintf("pool %s period %d", p.Name, t), -y[r], func(q *solver.Problem, by float64) {
					// A module may be worth more than its units: it draws power that is too much.
					if p.AlwaysOn || y[r] == worth[r] {
						q.RowUpper[r] += by
					} else {
						q.ColUpper[on] += by / p.UnitsPerModule
					}
				})
			}
		}
		for k, r := range s.m.dataRow {
			if k%3 == int(seed)%3 {
				check(fmt.Sprintf("link row %d", k), -y[r], func(q *solver.Problem, by float64) { q.RowUpper[r] += by })
			}
		}
	}
	t.Logf("%d prices compared, %d of them of what is scarce", compared, scarce)
	if compared < 2*int(cases) || scarce < int(cases)/10 {
		t.Errorf("only %d prices were compared, %d of them of what is scarce", compared, scarce)
	}
}
