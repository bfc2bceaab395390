package opt

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// TestNarrowed: with decisions held as they are at one price of use, the solve at
// another costs no less than the relaxation, and mostly no more once what is
// contradicted is free; the bound it proves is below the program's optimum.
func TestNarrowed(t *testing.T) {
	e := oracleEngine(t)
	ctx := context.Background()
	cases := uint64(10)
	if testing.Short() {
		cases = 6
	}
	tried, held, near, tight := 0, 0, 0, 0
	for seed := range cases {
		c := randomcase.Full(seed)
		jobs := newJobPlaces(c, fewOffering)
		if len(c.Pools) == 0 {
			continue
		}
		catalog, k := placing(Catalog(Formulation{}), jobs)
		m, p, err := Formulate(c, catalog)
		if err != nil {
			t.Fatal(err)
		}
		s := &session{o: Options{Engine: e}, catalog: catalog, m: m, p: p, scale: 1, placed: k}
		assets := s.oracles()
		if len(assets) == 0 {
			continue
		}
		w := newPower(ctx, s, k, p)
		lot := rand.New(rand.NewPCG(seed, 1))
		paid := func() *solver.Problem {
			prices := place.NewPrices(jobs.problem)
			for i := range prices.Busy {
				prices.Busy[i], prices.Held[i] = 50*lot.Float64(), 50*lot.Float64()
			}
			q := p.Clone(solver.Costs)
			w.pay(q, &prices)
			return q
		}
		relaxed := func(q *solver.Problem) *solver.Result {
			var basis *solver.Basis
			res, err := w.solve(ctx, q.Relaxation(), &basis)
			if err != nil {
				return nil
			}
			return res
		}
		first := relaxed(paid())
		if first == nil {
			continue // a case without plan
		}
		n, err := newNarrowed(p, assets, first.X, w.moving(), false)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		n.engine = w.solve
		for _, v := range n.agreed {
			if !math.IsNaN(v) {
				held++
			}
		}
		for try := range 3 {
			q := paid()
			lp, most := relaxed(q).Objective, inf
			if try == 0 {
				whole, err := e.Solve(ctx, q, solver.Options{RelGap: 1e-7})
				if err != nil {
					t.Fatal(err)
				}
				if whole.Status == solver.Optimal {
					most = whole.Objective
				}
			}
			res, bound, err := n.solve(ctx, q.Relaxation())
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			size := math.Max(100, math.Abs(lp))
			if res.Objective < lp-1e-6*size || bound > most+1e-6*size {
				t.Errorf("seed %d: the narrow program costs %.10g, proves %.10g; the relaxation is %.10g, the optimum %.10g",
					seed, res.Objective, bound, lp, most)
			}
			if v := q.Eval(res.X); math.Abs(v-res.Objective) > 1e-6*size {
				t.Errorf("seed %d: the point costs %.10g in the whole program, %.10g in the narrow one", seed, v, res.Objective)
			}
			tried++
			if res.Objective < lp+1e-5*size {
				near++
			}
			if bound > lp-1e-5*size {
				tight++
			}
		}
	}
	// A row that holding leaves one column becomes a bound, and its price is lost: with
	// few units on a bus the bound is then below the relaxation.
	if held < 8*int(cases) || tried < int(cases) || near < tried*3/4 || tight < tried/4 {
		t.Errorf("%d decisions held; %d solves, %d as the relaxation, %d bounds", held, tried, near, tight)
	}
}
