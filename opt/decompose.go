package opt

// Price decomposition of a case (docs/decomposition.md): kinds whose assets can
// be priced one by one bring oracles; package decomp finds the prices of what
// they share, their bound, and plans. What has no oracle is in the prices' own
// program as a linear one: its integers (of computing, mostly) are searched at
// the prices, as after the relaxation, and held while the assets are put right.

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

// Method is a way to search.
type Method int

const (
	// MethodAuto decomposes where most of the program's decisions belong to
	// many assets with oracles.
	MethodAuto Method = iota
	// Monolith gives the program to the engine as a whole, after searches near
	// its relaxation.
	Monolith
	// Decomposition prices what assets share wherever an asset has an oracle.
	Decomposition
	// Placement places jobs outside the program, by prices, and plans all else
	// for what they take.
	Placement
)

var methodNames = [...]string{"auto", "monolith", "decomposition", "placement"}

func (m Method) String() string {
	if m < 0 || int(m) >= len(methodNames) {
		return "invalid method"
	}
	return methodNames[m]
}

// ParseMethod returns the method of that name.
func ParseMethod(name string) (Method, error) {
	if i := slices.Index(methodNames[:], name); i >= 0 {
		return Method(i), nil
	}
	return 0, fmt.Errorf("opt: no method %q; methods are auto, monolith, decomposition and placement", name)
}

// Decomposer is an ingredient that brings oracles for its assets, or for some of
// them. It is asked after Formulate.
type Decomposer interface {
	Ingredient
	// Assets returns the assets with an oracle. p is the whole program.
	Assets(m *Model, p *solver.Problem) []decomp.Asset
}

// Decomposition pays from so many assets with oracles, where they own this part of
// the integer columns, and where no more rows than this are beside them: what has no
// oracle makes the prices' own program large, and its integers have to be searched
// all the same.
const (
	manyAssets = 20
	mostlyOwn  = 0.9
	fewBeside  = 3000
)

// assets returns those with oracles, if the options and the program's shape ask
// for decomposition.
func (s *session) assets() []decomp.Asset {
	if s.o.Method == Monolith || s.merged.relaxed || s.placed != nil {
		return nil
	}
	all := s.oracles()
	if s.o.Method == Decomposition {
		return all
	}
	if len(all) < manyAssets {
		return nil
	}
	owned := make([]bool, s.p.Cols())
	integers := 0
	for _, a := range all {
		for j := int(a.First); j < int(a.First)+a.Cols; j++ {
			owned[j] = true
			if s.p.ColType[j] == solver.Integer {
				integers++
			}
		}
	}
	if float64(integers) < mostlyOwn*float64(s.p.Integers()) || s.beside(owned) > fewBeside {
		return nil
	}
	return all
}

// oracles returns the assets with oracles.
func (s *session) oracles() []decomp.Asset {
	var all []decomp.Asset
	for _, k := range s.catalog {
		if k, ok := k.(Decomposer); ok {
			all = append(all, k.Assets(s.m, s.p)...)
		}
	}
	return all
}

// beside counts the rows that touch no column that is owned.
func (s *session) beside(owned []bool) int {
	n := 0
	for r := range s.p.Rows() {
		if !slices.ContainsFunc(s.p.Index[s.p.RowStart[r]:s.p.RowStart[r+1]], func(j int32) bool { return owned[j] }) {
			n++
		}
	}
	return n
}

// decompose searches by prices. It says whether the search is over.
func (s *session) decompose(ctx context.Context, assets []decomp.Asset) (over bool) {
	forFirst, dropFirst := context.WithCancel(ctx)
	defer dropFirst()
	keep := func(c *candidate, err error) (point, price []float64, cost float64, _ error) {
		if err != nil {
			return nil, nil, 0, err
		}
		s.keepCandidate(c)
		if s.o.WorkLimit == 0 { // nobody waits for a worse one
			dropFirst()
		}
		return c.x, c.price, c.cost * s.scale, nil
	}
	o := decomp.Options{
		Engine: checkedEngine{s.o.Engine}, Gap: s.o.Gap, WorkLimit: s.o.WorkLimit,
		Threads: max(1, s.o.Threads), Seed: s.o.Seed, Start: s.meritOrder(),
		Dispatch: func(ctx context.Context, x []float64) (point, price []float64, cost float64, err error) {
			return keep(s.candidate(ctx, x, false))
		},
		Balance: func(ctx context.Context, x []float64) (point, price []float64, cost float64, err error) {
			return keep(s.balanced(ctx, x, assets))
		},
		Within: func(ctx context.Context, x, lower, upper []float64, again func(point, price []float64) bool) (point, price []float64, cost float64, err error) {
			return keep(s.confined(ctx, x, assets, lower, upper, again))
		},
		OnProgress: func(p decomp.Progress) {
			s.phase(p.Phase)
			s.ledger(p.Bound / s.scale)
		},
		OnNote: func(text string) { s.note("%s", text) },
		OnStep: s.o.OnStep,
	}
	if s.o.TimeLimit > 0 {
		o.TimeLimit = max(time.Millisecond, s.o.TimeLimit-time.Since(s.searchBegan))
	}
	// The first schedule is made beside the prices, but for large programs, whose
	// dispatch would take longer than they do: there the first prices make one.
	if s.p.Cols() < largeDispatch {
		var first sync.WaitGroup
		first.Go(func() { s.first(forFirst) })
		defer first.Wait()
	} else {
		defer func() {
			if s.best == nil && ctx.Err() == nil {
				s.first(ctx)
			}
		}()
	}
	d, err := decomp.New(s.p, assets, o)
	if err == nil {
		s.phase("prices")
		err = d.Price(ctx)
	}
	if err != nil {
		if ctx.Err() == nil {
			s.note("no prices: %v", err)
		}
		return false
	}
	held := s.broken(assets)
	if !slices.Contains(held, true) {
		d.Recover(ctx, nil, nil)
		return s.closed() || ctx.Err() != nil || s.timeUp()
	}
	res := d.Result()
	lp := &solver.Result{Status: solver.Optimal, HasPoint: true, X: res.Relaxed, RowDual: res.Price, ColDual: res.Reduced, HasDuals: true, Bound: res.Bound}
	s.phase("computing")
	s.round(ctx, lp)
	if s.closed() || s.best == nil {
		return s.closed()
	}
	d.Offer(s.best.cost*s.scale, s.best.x)
	d.Recover(ctx, held, s.best.x)
	return s.closed() || ctx.Err() != nil || s.timeUp()
}

// ledger takes the bound of the decomposition's account, which may have to take
// one back.
func (s *session) ledger(bound float64) {
	s.mu.Lock()
	s.bound = bound
	p := Progress{Phase: s.phaseName(), HasBound: !math.IsInf(bound, 0), Bound: bound}
	s.mu.Unlock()
	s.say(p)
	s.record(0)
}

// broken says of every column whether it is an integer that no oracle owns.
func (s *session) broken(assets []decomp.Asset) []bool {
	out := make([]bool, s.p.Cols())
	for j, t := range s.p.ColType {
		out[j] = t == solver.Integer && s.p.ColLower[j] < s.p.ColUpper[j]
	}
	for _, a := range assets {
		for j := range a.Cols {
			out[int(a.First)+j] = false
		}
	}
	return out
}

// checkedEngine is an engine whose panics, hanging and contradictions end in
// errors.
type checkedEngine struct{ solver.Solver }

func (e checkedEngine) Solve(ctx context.Context, p *solver.Problem, o solver.Options) (*solver.Result, error) {
	return run(ctx, e.Solver, p, o)
}

// meritOrder guesses prices of the balance rows to begin with: in every period,
// the mean cost of the dearest unit that all buses together would need.
func (s *session) meritOrder() []float64 {
	c, T := s.m.Case, s.m.T
	price := make([]float64, s.p.Rows())
	type unit struct{ cost, mw float64 }
	for t := range T {
		need := 0.0
		for b := range c.Buses {
			need += s.m.firm[b*T+t]
		}
		for i := range c.Reserves {
			if r := &c.Reserves[i]; r.Direction == model.Up {
				need += r.RequirementMW.At(t, 0)
			}
		}
		for i := range c.Renewables {
			need -= c.Renewables[i].AvailableMW.At(t, 0)
		}
		var units []unit
		for i := range c.ThermalUnits {
			u := &c.ThermalUnits[i]
			last := u.Cost[len(u.Cost)-1]
			if u.MaxPowerMW <= 0 {
				continue
			}
			each := last.CostPerH*u.CostFactor.At(t, 1)/u.MaxPowerMW + u.CO2TPerMWh*c.Policy.CO2PricePerT
			if n := len(u.Startup); n > 0 && u.Initial != nil && u.Initial.UnitsOn == 0 {
				each += u.Startup[n-1].Cost / (startSpreadH * u.MaxPowerMW)
			}
			n := float64(u.N()) - u.OutageUnits.At(t, 0)
			units = append(units, unit{each, n * u.MaxPowerMW})
		}
		slices.SortStableFunc(units, func(a, b unit) int {
			switch {
			case a.cost < b.cost:
				return -1
			case a.cost > b.cost:
				return 1
			}
			return 0
		})
		last := 0.0
		for _, u := range units {
			if need <= 0 {
				break
			}
			need -= u.mw
			last = u.cost
		}
		for b := range c.Buses {
			price[s.m.balance[b*T+t]] = last * s.m.Hours[t] * s.scale
		}
	}
	return price
}

// startSpreadH is over how many hours of full output a start is spread in the
// merit order.
const startSpreadH = 24
