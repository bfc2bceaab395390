package opt

import (
	"context"
	"math"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// Outages, workloads and periods that are screened out do not matter: the optimum with
// columns for every site and link, covered workload and period is the same.
func TestScreenedOutages(t *testing.T) {
	t.Parallel()
	e := enginetest.Highs(t)
	cases := 6
	if testing.Short() {
		cases = 2
	}
	fewer := false
	for seed := uint64(0); cases > 0 && seed < 2_000; seed++ {
		c := randomcase.Case(seed)
		if len(c.Index().Outages()) == 0 || len(c.Workloads)*len(c.Index().Outages())*c.T() > 20 {
			continue
		}
		cases--
		least := func(all bool) (cost float64, columns int) {
			m := newModel(c, c.Index())
			if all {
				m.security = allOutages(m)
			}
			for _, k := range Catalog(Formulation{}) {
				if err := k.Formulate(m); err != nil {
					t.Fatal(err)
				}
			}
			res, err := e.Solve(context.Background(), m.b.Build(), solver.Options{RelGap: 1e-8})
			switch {
			case err != nil:
				t.Fatal(err)
			case res.Status == solver.Infeasible:
				return math.Inf(1), m.b.Cols()
			case res.Status != solver.Optimal:
				t.Fatalf("seed %d: %v", seed, res.Status)
			}
			return res.Objective, m.b.Cols()
		}
		screened, few := least(false)
		whole, many := least(true)
		fewer = fewer || few < many
		if math.Abs(screened-whole) > 1e-6*math.Max(100, math.Abs(whole)) && screened != whole {
			t.Errorf("seed %d: %.9g, with all outages %.9g", seed, screened, whole)
		}
	}
	if !fewer {
		t.Error("nothing is screened out")
	}
}

// allOutages is what the outages of a case need if nothing is screened out.
func allOutages(m *Model) *security {
	s := newSecurity(m)
	if s == nil {
		return nil
	}
	s.outages = nil
	c := m.Case
	add := func(k model.Outage) {
		o := outage{Outage: k, periods: make([]bool, m.T)}
		for t := range o.periods {
			o.periods[t] = true
		}
		for i := range c.Workloads {
			if !s.covered[i] {
				continue
			}
			w := movedWork{workload: i}
			for _, p := range m.ix.WorkloadPlacements(&c.Workloads[i]) {
				if m.ix.Leaves(&k, &p) {
					w.places = append(w.places, p)
				}
			}
			o.moved = append(o.moved, w)
		}
		for p := range c.Pools {
			if m.ix.Sites[c.Pools[p].Site] != k.Site && !c.Pools[p].PowerLevel() {
				o.pools = append(o.pools, p)
			}
		}
		for i := range c.Sites {
			if i != k.Site && c.Sites[i].ImportLimitMW.Given() {
				o.sites = append(o.sites, i)
			}
		}
		s.outages = append(s.outages, o)
	}
	for i := range c.Sites {
		if c.ComputingOutages.Sites {
			add(model.Outage{Site: i, DataLink: -1, Name: "site " + c.Sites[i].Name})
		}
	}
	for i := range c.DataLinks {
		if c.ComputingOutages.DataLinks {
			add(model.Outage{Site: -1, DataLink: i, Name: "data link " + c.DataLinks[i].Name})
		}
	}
	return s
}
