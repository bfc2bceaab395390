package opt_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
)

// Every way to write thermal units has the same optimum on random fleets, and the
// relaxation of the default says at least as much as that of the plainest rows.
// Every fleet is written by default, in the plainest rows, and in one more way.
func TestThermalFormsAgree(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	fleets := 50
	if testing.Short() {
		fleets = 10
	}
	forms := []opt.ThermalForm{
		{Limits: opt.LimitsTwoRows},
		{Segments: opt.SegmentsPlain},
		{Trajectories: opt.TrajectoriesNone},
		{Ramps: opt.RampsAll},
		{Reserve: opt.ReserveAll},
		{Tiers: opt.StartupWindows},
	}
	e := engine(t)
	tighter := 0
	gapTight, gapPlain := 0.0, 0.0
	for seed := range uint64(fleets) {
		c := fleet(seed)
		want := solve(t, c).Objective
		for _, f := range []opt.ThermalForm{{}, plainThermal, forms[seed%uint64(len(forms))]} {
			if got := programOptimum(t, e, c, f, true); math.Abs(got-want) > 1e-6*math.Max(1, want) {
				t.Errorf("seed %d: %.9g as %+v, %.9g is the verified optimum", seed, got, f, want)
			}
		}
		tight, plain := programOptimum(t, e, c, opt.ThermalForm{}, false), programOptimum(t, e, c, plainThermal, false)
		gapTight, gapPlain = gapTight+want-tight, gapPlain+want-plain
		slack := 1e-7 * math.Max(1, want)
		switch {
		case tight < plain-slack:
			t.Errorf("seed %d: the default's relaxation is %.9g, the plain rows' %.9g", seed, tight, plain)
		case tight > want+slack:
			t.Errorf("seed %d: the default's relaxation is %.9g, the optimum %.9g", seed, tight, want)
		case tight > plain+slack:
			tighter++
		}
	}
	t.Logf("%d fleets; the default's relaxation is tighter than the plain rows' on %d and leaves %.3g of their gap", fleets, tighter, gapTight/gapPlain)
	if tighter < fleets/10 {
		t.Errorf("the default's relaxation is tighter on %d of %d fleets only", tighter, fleets)
	}
}

// plainThermal is the choice of the plainest rows throughout.
var plainThermal = opt.ThermalForm{
	Limits: opt.LimitsTwoRows, Segments: opt.SegmentsPlain, Trajectories: opt.TrajectoriesNone,
	Ramps: opt.RampsAll, Reserve: opt.ReserveAll, Tiers: opt.StartupWindows,
}

// programOptimum returns the optimum of the case's program, or of its relaxation.
func programOptimum(t testing.TB, e solver.Solver, c *model.Case, f opt.ThermalForm, whole bool) float64 {
	t.Helper()
	_, p, err := opt.Formulate(c, opt.Catalog(opt.Formulation{Thermal: f}))
	if err != nil {
		t.Fatal(err)
	}
	if !whole {
		p.ColType = make([]solver.VarType, p.Cols())
	}
	r, err := e.Solve(context.Background(), p, solver.Options{RelGap: exact})
	if err != nil || r.Status != solver.Optimal {
		t.Fatalf("the program of %s as %+v ends as %v, %v", c.Name, f, r, err)
	}
	return r.Objective
}

// fleet draws single thermal units on a bus: slow ramps, minimum times of several
// periods, limits near the least power, cost curves of several segments, start-up
// tiers and reserves, over periods of mixed length. It is always feasible: units
// off for long may stay off, those on may go on for as long as they must.
func fleet(seed uint64) *model.Case {
	g := rand.New(rand.NewPCG(seed, 7))
	in := func(lo, hi float64) float64 { return math.Round(10*(lo+(hi-lo)*g.Float64())) / 10 }
	pick := func(v ...float64) float64 { return v[g.IntN(len(v))] }
	T := 4 + g.IntN(4)
	hours := make([]float64, T)
	for t := range hours {
		hours[t] = 1
		if seed%3 == 0 {
			hours[t] = pick(0.5, 1, 2)
		}
	}
	c := newCase(hours...)
	c.Name = fmt.Sprintf("fleet %d", seed)
	units := 1 + g.IntN(4)
	demand := make([]float64, T)
	for t := range demand {
		demand[t] = in(20, 90*float64(units))
	}
	load(c, "A", demand...)
	for i := range g.IntN(3) {
		r := model.ReserveProduct{
			Name: fmt.Sprintf("R%d", i), Direction: model.Up, RequirementMW: model.Series{in(0, 40)},
			ShortagePricePerMWh: ptr(pick(20, 200)), RampShared: g.IntN(2) == 0, Minutes: ptr(pick(10, 60)),
		}
		if g.IntN(4) == 0 {
			r.Direction = model.Down
		}
		c.Reserves = append(c.Reserves, r)
	}
	for i := range units {
		least, width := in(5, 40), in(10, 100)
		u := unit(c, fmt.Sprintf("unit %d", i), least, least+width, 0)
		u.Cost = u.Cost[:1]
		u.Cost[0].CostPerH = in(50, 600)
		price, n := in(5, 30), 1+g.IntN(3)
		for k := range n {
			last := u.Cost[k]
			to := least + width*float64(k+1)/float64(n)
			if k == n-1 {
				to = u.MaxPowerMW
			}
			u.Cost = append(u.Cost, model.CostPoint{PowerMW: to, CostPerH: last.CostPerH + price*(to-last.PowerMW)})
			price += in(1, 20)
		}
		if g.IntN(4) > 0 {
			u.RampUpMWPerH = ptr(in(0.1*width, 1.1*width))
			u.RampDownMWPerH = ptr(in(0.1*width, 1.1*width))
		}
		if g.IntN(4) > 0 {
			u.StartupLimitMW = ptr(math.Min(u.MaxPowerMW, least+in(0, 0.6*width)))
			u.ShutdownLimitMW = ptr(math.Min(u.MaxPowerMW, least+in(0, 0.6*width)))
		}
		u.MinUpH, u.MinDownH = pick(0, 1, 2, 3, 5), pick(0, 1, 2, 4)
		u.Startup = []model.StartupTier{{Cost: in(0, 300)}}
		if g.IntN(2) == 0 {
			u.Startup = append(u.Startup, model.StartupTier{AfterOffH: u.MinDownH + 1, Cost: u.Startup[0].Cost + in(10, 400)})
		}
		if g.IntN(3) == 0 {
			last := u.Startup[len(u.Startup)-1]
			u.Startup = append(u.Startup, model.StartupTier{AfterOffH: last.AfterOffH + u.MinDownH + 2, Cost: last.Cost + in(10, 400)})
		}
		switch g.IntN(3) {
		case 0:
			u.Initial = running(least + in(0, width))
			u.Initial.HoursOn = ptr(pick(1, 3, 6))
		case 1:
			u.Initial = &model.ThermalInitial{HoursOff: ptr(u.MinDownH + pick(0, 1, 3))}
		}
		if g.IntN(5) == 0 {
			u.MustRunUnits = model.Series{1}
		}
		for _, r := range c.Reserves {
			if g.IntN(4) > 0 {
				u.Reserves = append(u.Reserves, r.Name)
			}
		}
	}
	return c
}
