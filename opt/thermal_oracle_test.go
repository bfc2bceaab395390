package opt

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/decomp"
	"github.com/wattbit/wattbit/solver"
)

func oracleEngine(t testing.TB) solver.Solver {
	t.Helper()
	return enginetest.Highs(t)
}

// alone is a unit with its oracle, and the program of nothing but the unit.
type alone struct {
	name   string
	asset  decomp.Asset
	oracle *thermalOracle
	cols   *thermalColumns
	p      *solver.Problem
	cost   []float64 // of the whole program at its prices
	memory any       // the oracle's, used by others before
}

// memories are the scratches of a test, by number of periods: what one unit
// leaves behind must not matter to the next.
type memories map[int]any

func (m memories) of(T int, o *thermalOracle) any {
	if m[T] == nil {
		m[T] = o.Scratch().New()
	}
	return m[T]
}

// aloneUnits returns the units of a case that have an oracle, at random prices of
// the rows that they share.
func aloneUnits(t testing.TB, c *model.Case, r *rand.Rand, used memories) []alone {
	t.Helper()
	k := &thermal{}
	if r.Float64() < 0.3 {
		k.form = ThermalForm{
			Limits: GenerationLimits(r.IntN(2)), Segments: SegmentRows(r.IntN(2)), Trajectories: TrajectoryRows(r.IntN(2)),
			Ramps: RampRows(r.IntN(2)), Reserve: ReserveColumns(r.IntN(2)), Tiers: StartupRows(r.IntN(2)),
		}
	}
	catalog := Catalog(Formulation{})
	for i := range catalog {
		if catalog[i].Kind() == "thermal" {
			catalog[i] = k
		}
	}
	m, p, err := Formulate(c, catalog)
	if err != nil {
		t.Fatal(err)
	}
	cost := priced(m, p, r)
	var out []alone
	for _, a := range k.Assets(m, p) {
		owner := m.b.ColOwner(a.First)
		u := alone{name: a.Name, asset: a, oracle: a.Oracle.(*thermalOracle), p: own(m, p, a, owner)}
		u.cost = cost[a.First : int(a.First)+a.Cols]
		u.p.ColCost = u.cost
		u.memory = used.of(m.T, u.oracle)
		for i := range k.units {
			if k.units[i].on == a.First {
				u.cols = &k.units[i]
			}
		}
		out = append(out, u)
	}
	return out
}

// priced returns the costs of all columns less random prices of the shared rows.
func priced(m *Model, p *solver.Problem, r *rand.Rand) []float64 {
	cost := append([]float64(nil), p.ColCost...)
	level := 70 * r.Float64()
	for i := range p.Rows() {
		if m.b.RowOwner(solver.Row(i)) != solver.Shared {
			continue
		}
		price := level * (0.3 + 1.4*r.Float64())
		if r.Float64() < 0.3 {
			price = 20 * (r.Float64() - 0.2)
		}
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			cost[p.Index[k]] -= price * p.Value[k]
		}
	}
	return cost
}

// own returns the program of an asset's columns and the rows that it owns.
func own(m *Model, p *solver.Problem, a decomp.Asset, owner int32) *solver.Problem {
	from, to := int(a.First), int(a.First)+a.Cols
	q := &solver.Problem{
		ColLower: append([]float64(nil), p.ColLower[from:to]...), ColUpper: append([]float64(nil), p.ColUpper[from:to]...),
		ColType: p.ColType[from:to], RowStart: []int32{0},
	}
	for i := range p.Rows() {
		if m.b.RowOwner(solver.Row(i)) != owner {
			continue
		}
		q.RowLower, q.RowUpper = append(q.RowLower, p.RowLower[i]), append(q.RowUpper, p.RowUpper[i])
		for k := p.RowStart[i]; k < p.RowStart[i+1]; k++ {
			q.Index = append(q.Index, p.Index[k]-int32(from))
			q.Value = append(q.Value, p.Value[k])
		}
		q.RowStart = append(q.RowStart, int32(len(q.Index)))
	}
	return q
}

// mip returns the least cost of the unit's program, infinite where it has no
// point.
func (u *alone) mip(t testing.TB, e solver.Solver) float64 {
	t.Helper()
	res, err := run(context.Background(), e, u.p, solver.Options{})
	if err != nil {
		t.Fatalf("%s: %v", u.name, err)
	}
	switch res.Status {
	case solver.Optimal:
		return res.Objective
	case solver.Infeasible:
		return inf
	}
	t.Fatalf("%s: status %v", u.name, res.Status)
	return 0
}

// fix draws bounds for commitment, starts and stops as a search would.
func (u *alone) fix(r *rand.Rand) {
	T, n := u.oracle.T, float64(u.oracle.unitsOn+u.oracle.unitsOff)
	for range r.IntN(4) {
		j := []int{u.oracle.on, u.oracle.start, u.oracle.stop}[r.IntN(3)] + r.IntN(T)
		if n > 1 && j >= u.oracle.start {
			continue
		}
		v := n * float64(r.IntN(2))
		if v >= u.p.ColLower[j] && v <= u.p.ColUpper[j] {
			u.p.ColLower[j], u.p.ColUpper[j] = v, v
		}
	}
}

func (u *alone) price() (bound float64, x []float64, ok bool) {
	x = make([]float64, u.asset.Cols)
	bound, ok = u.oracle.Price(u.cost, u.p.ColLower, u.p.ColUpper, x, u.memory)
	return bound, x, ok
}

// whole says whether the bounds of the numbers on leave all units of a cluster
// the same choice.
func (u *alone) whole() bool {
	n := float64(u.oracle.unitsOn + u.oracle.unitsOff)
	for t := range u.oracle.T {
		lo, up := u.p.ColLower[u.oracle.on+t], u.p.ColUpper[u.oracle.on+t]
		if lo > 0 && lo < n || up > 0 && up < n {
			return false
		}
	}
	return true
}

// check compares the oracle with the program.
func (u *alone) check(want float64) error {
	bound, x, ok := u.price()
	slack := 1e-6 * math.Max(100, math.Abs(want))
	if !u.whole() {
		if ok && bound > want+slack {
			return fmt.Errorf("%s: the oracle finds %.9g, the program %.9g, and that is less", u.name, bound, want)
		}
		return nil
	}
	switch {
	case ok && math.IsInf(want, 1):
		return fmt.Errorf("%s: the oracle finds %.9g, the program has no point", u.name, bound)
	case !ok && math.IsInf(want, 1):
		return nil
	case !ok:
		return fmt.Errorf("%s: the oracle finds no point, the program %.9g", u.name, want)
	case math.Abs(bound-want) > slack:
		return fmt.Errorf("%s: the oracle finds %.9g, the program %.9g", u.name, bound, want)
	}
	return u.checkPoint(x, bound)
}

// checkPoint says where a point is not what its bound says, or none of the
// program.
func (u *alone) checkPoint(x []float64, bound float64) error {
	if cost := u.p.Eval(x); math.Abs(cost-bound) > 1e-6*math.Max(100, math.Abs(bound)) {
		return fmt.Errorf("%s: the point costs %.9g, the bound is %.9g", u.name, cost, bound)
	}
	if v := u.p.Violation(x); v.Max() > 1e-6 {
		return fmt.Errorf("%s: the point breaks row %d by %g, bound of %d by %g, integrality of %d by %g",
			u.name, v.RowIndex, v.Row, v.BoundIndex, v.Bound, v.IntegralityIndex, v.Integrality)
	}
	return nil
}

// suit takes from a random case what no oracle knows, and draws more of what
// makes oracles err: reserve that shares ramps, small limits of starts and stops.
func suit(c *model.Case, r *rand.Rand) *model.Case {
	for i := range c.Reserves {
		c.Reserves[i].RampShared = r.Float64() < 0.4
	}
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		if r.Float64() < 0.8 {
			u.Deep, u.HeatMinPowerMW = nil, nil
			u.StartupLimitMW, u.ShutdownLimitMW = suitLimit(u, u.StartupLimitMW), suitLimit(u, u.ShutdownLimitMW)
			if s := u.Initial; s != nil {
				s.UnitsDeep, s.DeepPowerMW, s.HoursDeep = 0, nil, nil
				least, most := u.MinPowerMW*float64(s.UnitsOn), u.MaxPowerMW*float64(s.UnitsOn)
				if s.PowerMW != nil {
					power := math.Min(math.Max(least, *s.PowerMW), most)
					s.PowerMW = &power
				}
			}
		}
	}
	return c
}

func suitLimit(u *model.ThermalUnit, limit *float64) *float64 {
	if limit == nil {
		return nil
	}
	mw := math.Max(*limit, u.MinPowerMW)
	return &mw
}

// oracleCases is how many units a test tries; WATTBIT_ORACLE_UNITS asks for more
// or fewer.
func oracleCases(t *testing.T) int {
	t.Helper()
	asked := os.Getenv("WATTBIT_ORACLE_UNITS")
	switch {
	case asked != "":
		n, err := strconv.Atoi(asked)
		if err != nil || n < 1 {
			t.Fatalf("WATTBIT_ORACLE_UNITS=%s is not a number of units", asked)
		}
		return n
	case testing.Short():
		return 200
	}
	return 600
}

// The oracle finds what the unit's program has: on random units, prices and
// bounds.
func TestThermalOracleAgainstProgram(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	e := oracleEngine(t)
	used := memories{}
	found := map[string]int{}
	for seed := uint64(0); found["tried"] < oracleCases(t); seed++ {
		if seed > 100_000 {
			t.Fatal("too few units")
		}
		r := rand.New(rand.NewPCG(seed, 1))
		c := drawUnit(r)
		if seed%3 == 0 {
			c = suit(randomcase.Full(seed), r)
		}
		for _, u := range aloneUnits(t, c, r, used) {
			if r.Float64() < 0.5 {
				u.fix(r)
			}
			want := u.mip(t, e)
			if err := u.check(want); err != nil {
				t.Errorf("seed %d: %v", seed, err)
			}
			found["tried"]++
			for what, is := range map[string]bool{
				"without a point": math.IsInf(want, 1), "with ramps": u.oracle.rampUp != nil, "sharing them": u.oracle.sharesRamp,
				"a cluster": u.oracle.unitsOn+u.oracle.unitsOff > 1, "with warm starts": len(u.oracle.warm) > 0,
				"with limited reserve": !u.oracle.simple,
			} {
				if is {
					found[what]++
				}
			}
		}
	}
	t.Log(found)
	for _, what := range []string{"without a point", "with ramps", "sharing them", "a cluster", "with warm starts", "with limited reserve"} {
		if found[what] == 0 {
			t.Errorf("no unit is %s", what)
		}
	}
}

// drawUnit returns a case of one unit as public benchmarks have them: several
// segments, ramps that bind, start-up and shut-down limits, tiers.
func drawUnit(r *rand.Rand) *model.Case {
	c := &model.Case{Buses: []model.Bus{{Name: "A"}}}
	T := 4 + r.IntN(10)
	c.Horizon.Periods = []model.PeriodRun{{Count: T, Hours: 1}}
	if r.Float64() < 0.3 {
		c.Horizon.Periods = []model.PeriodRun{{Count: T / 2, Hours: 0.5}, {Count: T - T/2, Hours: 1.5}}
	}
	some := func(p, lo, up float64) *float64 {
		if v := lo + (up-lo)*r.Float64(); r.Float64() < p {
			return &v
		}
		return nil
	}
	for i := range r.IntN(3) {
		product := model.ReserveProduct{Name: fmt.Sprint("R", i), Direction: model.Up, RequirementMW: model.Series{1}}
		if r.Float64() < 0.3 {
			product.Direction = model.Down
		}
		product.RampShared = r.Float64() < 0.7
		product.Minutes = some(0.5, 5, 90)
		c.Reserves = append(c.Reserves, product)
	}
	span := 20 + 80*r.Float64()
	u := model.ThermalUnit{
		Name: "U", Bus: "A", MinPowerMW: 50, MaxPowerMW: 50 + span,
		RampUpMWPerH: some(0.7, 0.1*span, 1.1*span), RampDownMWPerH: some(0.7, 0.1*span, 1.1*span),
		StartupLimitMW: some(0.6, 50, 50+span), ShutdownLimitMW: some(0.6, 50, 50+span),
		MinUpH: float64(r.IntN(6)), MinDownH: float64(r.IntN(6)),
	}
	for _, p := range c.Reserves {
		u.Reserves = append(u.Reserves, p.Name)
	}
	power, cost, slope := 50.0, 1_000+1_000*r.Float64(), 5+20*r.Float64()
	u.Cost = []model.CostPoint{{PowerMW: power, CostPerH: cost}}
	for k := 1 + r.IntN(4); k > 0; k-- {
		next := power + (50+span-power)/float64(k)
		cost += slope * (next - power)
		slope += 15 * r.Float64()
		power = next
		u.Cost = append(u.Cost, model.CostPoint{PowerMW: power, CostPerH: cost})
	}
	after, money := 0.0, 0.0
	for range r.IntN(4) {
		money += 2_000 * r.Float64()
		u.Startup = append(u.Startup, model.StartupTier{AfterOffH: after, Cost: money})
		after += float64(1 + r.IntN(4))
	}
	if r.Float64() < 0.7 {
		u.Initial = &model.ThermalInitial{HoursOff: some(0.7, 0, 6)}
		if r.Float64() < 0.7 {
			u.Initial.UnitsOn, u.Initial.HoursOn, u.Initial.PowerMW = 1, some(0.7, 0, 6), some(0.7, 50, 50+span)
		}
	}
	c.ThermalUnits = []model.ThermalUnit{u}
	return c
}

// What the oracle says of deviating from its choice is what the program costs
// with the column held away from it.
func TestThermalRegretsAgainstProgram(t *testing.T) {
	enginetest.Sequential(t)
	e := oracleEngine(t)
	used := memories{}
	tried := 0
	for seed := uint64(0); tried < oracleCases(t)/10; seed++ {
		r := rand.New(rand.NewPCG(seed, 2))
		c := drawUnit(r)
		if seed%3 == 0 {
			c = suit(randomcase.Full(seed), r)
		}
		for _, u := range aloneUnits(t, c, r, used) {
			if r.Float64() < 0.5 {
				u.fix(r)
			}
			if !u.whole() {
				continue
			}
			tried++
			if err := u.checkRegrets(t, e, r); err != nil {
				t.Errorf("seed %d: %v", seed, err)
			}
		}
	}
}

func (u *alone) checkRegrets(t *testing.T, e solver.Solver, r *rand.Rand) error {
	n := u.asset.Cols
	x, fall, rise := make([]float64, n), make([]float64, n), make([]float64, n)
	bound, ok := u.oracle.Regrets(u.cost, u.p.ColLower, u.p.ColUpper, x, fall, rise, u.memory)
	if priced, _, same := u.price(); same != ok || ok && math.Abs(priced-bound) > 1e-6*math.Max(100, math.Abs(bound)) {
		return fmt.Errorf("%s: Price finds %g %v, Regrets %g %v", u.name, priced, same, bound, ok)
	}
	if !ok {
		return nil
	}
	if err := u.checkPoint(x, bound); err != nil {
		return err
	}
	for range 6 {
		j := []int{u.oracle.on, u.oracle.start, u.oracle.stop}[r.IntN(3)] + r.IntN(u.oracle.T)
		exact := true
		if len(u.oracle.warm) > 0 && r.Float64() < 0.2 {
			j, exact = u.oracle.warm[r.IntN(len(u.oracle.warm))].col, false
		}
		for _, up := range [2]bool{false, true} {
			if err := u.checkRegret(t, e, j, up, exact, x[j], bound, fall[j], rise[j]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (u *alone) checkRegret(t *testing.T, e solver.Solver, j int, up, exact bool, x, bound, fall, rise float64) error {
	lo, hi := u.p.ColLower[j], u.p.ColUpper[j]
	defer func() { u.p.ColLower[j], u.p.ColUpper[j] = lo, hi }()
	regret := fall
	if up {
		regret = rise
		u.p.ColLower[j] = x + 1
	} else {
		u.p.ColUpper[j] = x - 1
	}
	want := inf
	if u.p.ColLower[j] <= u.p.ColUpper[j] {
		want = u.mip(t, e) - bound
	}
	slack := 1e-6 * math.Max(100, math.Max(math.Abs(bound), math.Abs(want)))
	if regret > want+slack || exact && regret < want-slack {
		return fmt.Errorf("%s: column %d at %g, up %v: regret %.9g, the program's %.9g (exact %v)", u.name, j, x, up, regret, want, exact)
	}
	return nil
}

// A cluster whose numbers on are fixed, at those of its best schedule at other
// prices or, where its minimum times leave every choice, drawn: the oracle's bound
// holds, its point is one of the program, and most of the time they are its
// optimum.
func TestThermalOracleOfFixedClusters(t *testing.T) {
	enginetest.Sequential(t)
	e := oracleEngine(t)
	used := memories{}
	tried, exact := 0, 0
	for seed := uint64(0); tried < oracleCases(t)/10; seed++ {
		r := rand.New(rand.NewPCG(seed, 3))
		c := drawUnit(r)
		unit := &c.ThermalUnits[0]
		unit.Count, unit.RampUpMWPerH, unit.RampDownMWPerH = 2+r.IntN(3), nil, nil
		if r.Float64() < 0.5 {
			unit.StartupLimitMW, unit.ShutdownLimitMW = nil, nil
		}
		if s := unit.Initial; s != nil {
			s.UnitsOn, s.PowerMW = r.IntN(unit.Count+1), nil
		}
		free := r.Float64() < 0.5
		if free {
			unit.MinUpH, unit.MinDownH = 1, 1
			first, last := unit.Cost[0], unit.Cost[len(unit.Cost)-1]
			if r.Float64() < 0.7 {
				unit.Cost, unit.Initial, unit.Reserves = []model.CostPoint{first, last}, nil, nil
				start, stop := unit.MinPowerMW+0.4*(unit.MaxPowerMW-unit.MinPowerMW), unit.MinPowerMW+0.7*(unit.MaxPowerMW-unit.MinPowerMW)
				unit.StartupLimitMW, unit.ShutdownLimitMW = &start, &stop
			}
		}
		for _, u := range aloneUnits(t, c, r, used) {
			other := *u.p
			other.ColCost = slices.Clone(u.cost)
			for j := u.oracle.on; j < u.oracle.on+u.oracle.T; j++ {
				other.ColCost[j] += 4_000 * (r.Float64() - 0.5)
			}
			res, err := run(context.Background(), e, &other, solver.Options{})
			if err != nil || res.Status != solver.Optimal {
				t.Fatalf("seed %d: status %v, %v", seed, res.Status, err)
			}
			for j := u.oracle.on; j < u.oracle.on+u.oracle.T; j++ {
				on := math.Round(res.X[j])
				if free {
					on = float64(r.IntN(unit.Count + 1))
				}
				u.p.ColLower[j], u.p.ColUpper[j] = on, on
			}
			if !u.oracle.fixedCluster(u.p.ColLower, u.p.ColUpper) {
				continue
			}
			tried++
			want := u.mip(t, e)
			bound, x, ok := u.price()
			if !ok && math.IsInf(want, 1) {
				continue
			}
			cost, slack := u.p.Eval(x), 1e-6*math.Max(100, math.Abs(want))
			switch {
			case !ok:
				t.Errorf("seed %d: no point", seed)
			case bound > want+slack || cost < want-slack:
				t.Errorf("seed %d: bound %.9g, point %.9g, the program's optimum %.9g", seed, bound, cost, want)
			case u.p.Violation(x).Max() > 1e-6:
				t.Errorf("seed %d: the point breaks the program by %+v", seed, u.p.Violation(x))
			case cost-bound <= slack:
				exact++
			}
		}
	}
	if exact < tried/2 {
		t.Errorf("%d of %d are exact", exact, tried)
	}
}

// A unit of 50 to 100 MW costs 1,000 an hour at 50 MW, 10 a MWh more up to 80 MW
// and 20 beyond, and 500 to start. It starts with at most 60 MW, gains at most 20
// MW an hour, stops from at most 70 MW and then has been on for two hours. The
// price is 40 from the second to the fourth hour and 10 in the first and fifth,
// where being on loses 500, whatever the power.
//
// On all day: 500 to start, -500, then 1,000 + 30*30 at 80 MW, as the ramp allows
// 60, 80, 100, 1,000 + 30*30 + 20*20 twice, and -500: 5,000 in all.
// Off in the first: -500 + 1,300 + 1,900 + 2,300 - 500 = 4,500.
// Off in the last, from 70 MW: -500 - 500 + 1,900 + 2,300 + 1,600 = 4,800.
// Off in the third: -500 - 500 + 1,600 from 70 MW, and -500 + 1,300 - 500: 900.
func TestThermalOracleByHand(t *testing.T) {
	c := &model.Case{Buses: []model.Bus{{Name: "A"}}}
	c.Horizon.Periods = []model.PeriodRun{{Count: 5, Hours: 1}}
	mw := func(v float64) *float64 { return &v }
	c.ThermalUnits = []model.ThermalUnit{{
		Name: "U", Bus: "A", MinPowerMW: 50, MaxPowerMW: 100, MinUpH: 2, MinDownH: 1,
		RampUpMWPerH: mw(20), StartupLimitMW: mw(60), ShutdownLimitMW: mw(70),
		Startup: []model.StartupTier{{Cost: 500}},
		Cost:    []model.CostPoint{{PowerMW: 50, CostPerH: 1_000}, {PowerMW: 80, CostPerH: 1_300}, {PowerMW: 100, CostPerH: 1_700}},
	}}
	k := &thermal{}
	m, p, err := Formulate(c, []Ingredient{k})
	if err != nil {
		t.Fatal(err)
	}
	cost := append([]float64(nil), p.ColCost...)
	for at, price := range []float64{10, 40, 40, 40, 10} {
		for j := p.RowStart[m.balance[at]]; j < p.RowStart[m.balance[at]+1]; j++ {
			cost[p.Index[j]] -= price * p.Value[j]
		}
	}
	a := k.Assets(m, p)[0]
	x, fall, rise := make([]float64, a.Cols), make([]float64, a.Cols), make([]float64, a.Cols)
	o := a.Oracle.(*thermalOracle)
	bound, ok := o.Regrets(cost, p.ColLower, p.ColUpper, x, fall, rise, o.Scratch().New())
	near := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-6) && got != want {
			t.Errorf("%s: %g, want %g", what, got, want)
		}
	}
	if !ok {
		t.Fatal("no point")
	}
	near("cost", bound, -5_000)
	for at, power := range []float64{-1, 30, 50, 50, -1} {
		near("on", x[o.on+at], 1)
		if power >= 0 {
			near("power above minimum", x[o.segments[0]+at]+x[o.segments[1]+at], power)
		}
	}
	near("off in the first hour", fall[o.on], 500)
	near("no start in the first hour", fall[o.start], 500)
	near("off in the third hour", fall[o.on+2], 4_100)
	near("off in the last hour", fall[o.on+4], 200)
	near("a stop in the last hour", rise[o.stop+4], 200)
	near("a start in the second hour", rise[o.start+1], 500)
	near("on twice", rise[o.on], inf)
}

// Which units have an oracle: those of which it knows every rule.
func TestThermalOracleCoverage(t *testing.T) {
	mw := func(v float64) *float64 { return &v }
	up, other, down := model.ReserveProduct{Name: "up", Direction: model.Up, RampShared: true},
		model.ReserveProduct{Name: "other", Direction: model.Up}, model.ReserveProduct{Name: "down", Direction: model.Down, RampShared: true}
	for _, test := range []struct {
		name   string
		change func(u *model.ThermalUnit)
		want   bool
	}{
		{"plain", func(u *model.ThermalUnit) { u.Reserves = []string{"up", "other", "down"} }, true},
		{"ramp", func(u *model.ThermalUnit) { u.RampUpMWPerH, u.RampDownMWPerH = mw(10), mw(10) }, true},
		{"ramp with what shares it", func(u *model.ThermalUnit) { u.RampUpMWPerH, u.Reserves = mw(10), []string{"up"} }, true},
		{"ramp with what does not", func(u *model.ThermalUnit) { u.RampUpMWPerH, u.Reserves = mw(10), []string{"other"} }, true},
		{"ramp with both", func(u *model.ThermalUnit) { u.RampUpMWPerH, u.Reserves = mw(10), []string{"up", "other"} }, false},
		{"ramp shared downwards", func(u *model.ThermalUnit) { u.RampDownMWPerH, u.Reserves = mw(10), []string{"down"} }, false},
		{"ramp up, shared downwards", func(u *model.ThermalUnit) { u.RampUpMWPerH, u.Reserves = mw(10), []string{"down"} }, true},
		{"heat", func(u *model.ThermalUnit) { u.HeatMinPowerMW = model.Series{0, 0, 10} }, false},
		{"deep", func(u *model.ThermalUnit) {
			u.Deep = &model.DeepOperation{MinPowerMW: 20, Cost: []model.CostPoint{{PowerMW: 20, CostPerH: 900}, {PowerMW: 50, CostPerH: 1_000}}}
		}, false},
		{"cluster", func(u *model.ThermalUnit) { u.Count = 3 }, true},
		{"cluster with a ramp", func(u *model.ThermalUnit) { u.Count, u.RampUpMWPerH = 3, mw(10) }, false},
		{"cluster with limited starts", func(u *model.ThermalUnit) { u.Count, u.StartupLimitMW = 3, mw(60) }, false},
		{"cluster with limited starts and one segment", func(u *model.ThermalUnit) {
			u.Count, u.StartupLimitMW, u.Cost = 3, mw(60), []model.CostPoint{u.Cost[0], u.Cost[2]}
		}, true},
	} {
		c := &model.Case{Buses: []model.Bus{{Name: "A"}}, Reserves: []model.ReserveProduct{up, other, down}}
		c.Horizon.Periods = []model.PeriodRun{{Count: 3, Hours: 1}}
		c.ThermalUnits = []model.ThermalUnit{{
			Name: "U", Bus: "A", MinPowerMW: 50, MaxPowerMW: 100,
			Cost: []model.CostPoint{{PowerMW: 50, CostPerH: 1_000}, {PowerMW: 80, CostPerH: 1_300}, {PowerMW: 100, CostPerH: 1_700}},
		}}
		test.change(&c.ThermalUnits[0])
		k := &thermal{}
		m, p, err := Formulate(c, []Ingredient{k})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(k.Assets(m, p)) == 1; got != test.want {
			t.Errorf("%s: covered %v, want %v", test.name, got, test.want)
		}
	}
}

// Once its memory has grown, an oracle allocates nothing.
func TestThermalOracleAllocations(t *testing.T) {
	k := &thermal{}
	c := fleet(30)
	m, p, err := Formulate(c, []Ingredient{k})
	if err != nil {
		t.Fatal(err)
	}
	cost := atMerit(m, p)
	x, fall, rise := make([]float64, p.Cols()), make([]float64, p.Cols()), make([]float64, p.Cols())
	assets := k.Assets(m, p)
	memory := assets[0].Oracle.Scratch().New()
	if n := testing.AllocsPerRun(3, func() {
		for _, a := range assets {
			i, j := int(a.First), int(a.First)+a.Cols
			o := a.Oracle.(decomp.Regretter)
			o.Price(cost[i:j], p.ColLower[i:j], p.ColUpper[i:j], x[i:j], memory)
			o.Regrets(cost[i:j], p.ColLower[i:j], p.ColUpper[i:j], x[i:j], fall[i:j], rise[i:j], memory)
		}
	}); n > 0 {
		t.Errorf("%g allocations", n)
	}
}
