package opt

import (
	"context"
	"math"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/solver"
)

// TestFold: with the decisions of a plan held, a fleet in which every unit has a twin of
// another size costs the same folded, or less where units have ramps, and has fewer
// columns.
func TestFold(t *testing.T) {
	enginetest.Sequential(t)
	e := oracleEngine(t)
	ctx := context.Background()
	cases := uint64(20)
	if testing.Short() {
		cases = 8
	}
	tried, smaller := 0, 0
	for seed := range cases {
		c := randomcase.Full(seed)
		c.Jobs, c.JobGroups, c.Datasets, c.Quotas = nil, nil, nil, nil
		ramped := false
		for i := range c.ThermalUnits {
			u := &c.ThermalUnits[i]
			ramped = ramped || u.RampUpMWPerH != nil || u.RampDownMWPerH != nil || u.StartupLimitMW != nil || u.ShutdownLimitMW != nil
		}
		for _, u := range c.ThermalUnits {
			u.Name += "-twin"
			u.MaxPowerMW *= 1.25
			u.Cost = append(u.Cost[:0:0], u.Cost...)
			if last := len(u.Cost) - 1; last > 0 {
				slope := (u.Cost[last].CostPerH - u.Cost[last-1].CostPerH) / (u.Cost[last].PowerMW - u.Cost[last-1].PowerMW)
				u.Cost[last].CostPerH += slope * (u.MaxPowerMW - u.Cost[last].PowerMW)
				u.Cost[last].PowerMW = u.MaxPowerMW
			}
			c.ThermalUnits = append(c.ThermalUnits, u)
		}
		if _, err := c.Validate(); err != nil {
			continue // a unit whose curve is not as simple as that
		}
		catalog := Catalog(Formulation{})
		m, p, err := Formulate(c, catalog)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := e.Solve(ctx, p, solver.Options{RelGap: 0.05})
		if err != nil {
			t.Fatal(err)
		}
		assets := (&session{catalog: catalog, m: m, p: p}).oracles()
		if !plan.HasPoint || len(assets) == 0 {
			continue
		}
		q := fixed(p, plan.X)
		least := func(q *solver.Problem) (cost float64, cols int) {
			red, err := solver.Reduce(q)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			res, err := e.Solve(ctx, red.Problem.Relaxation(), solver.Options{})
			if err != nil || res.Status != solver.Optimal {
				t.Fatalf("seed %d: %v %v", seed, res, err)
			}
			return res.Objective, len(red.Cols)
		}
		apart, cols := least(q)
		folded, few := least(fold(q, assets))
		size := math.Max(100, math.Abs(apart))
		if folded > apart+1e-5*size || !ramped && folded < apart-1e-5*size {
			t.Errorf("seed %d: %.10g folded, %.10g apart", seed, folded, apart)
		}
		tried++
		if few < cols {
			smaller++
		}
	}
	if tried < int(cases)/3 || smaller < tried/5 {
		t.Errorf("%d cases, %d smaller when folded", tried, smaller)
	}
}
