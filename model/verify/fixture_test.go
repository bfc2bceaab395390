package verify

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

// fixture is a case with a plan and the options of its check.
type fixture struct {
	c *model.Case
	p *model.Plan
	o Options
}

func ptr[T any](v T) *T { return &v }

// fill is a series of n values v.
func fill(n int, v float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = v
	}
	return out
}

func fillInt(n, v int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = v
	}
	return out
}

// electrolyser is an asset of a kind of one's own: it draws power and makes
// hydrogen that is sold.
type electrolyser struct {
	name, bus         string
	maxMW, pricePerMW float64
}

func (e electrolyser) Kind() string { return "electrolyser" }
func (e electrolyser) Name() string { return e.name }

func (e electrolyser) Check(x *AssetContext) {
	for t, mw := range x.Series("power_mw") {
		x.AtLeast("power", t, mw, 0, "power in MW")
		x.AtMost("power", t, mw, e.maxMW, "power in MW")
		x.Inject(e.bus, t, -mw)
		x.Cost(-e.pricePerMW * mw * x.Hours()[t])
		x.Emit(0.01 * mw * x.Hours()[t])
	}
}

// joint is a small case that has every kind, with a valid plan. Its periods are
// 0.25, 0.25, 1, 1, 1 and 4 h long; they begin at 0, 0.25, 0.5, 1.5, 2.5, 3.5 h.
func joint() *fixture {
	f := &fixture{c: jointCase(), p: jointPlan(), o: Options{
		CaseSHA256: "0123",
		Assets:     []Asset{electrolyser{"h2", "west", 10, 20}},
	}}
	f.derive()
	f.price()
	f.p.Bound = ptr(f.p.Objective - 100)
	return f
}

func jointCase() *model.Case {
	return &model.Case{
		Format: model.CaseFormat, Name: "joint", Currency: "CNY",
		Horizon: model.Horizon{
			Start: time.Date(2023, 7, 15, 0, 0, 0, 0, time.UTC), Zone: "Asia/Shanghai",
			Periods: []model.PeriodRun{{Count: 2, Hours: 0.25}, {Count: 3, Hours: 1}, {Count: 1, Hours: 4}},
		},
		Policy: model.Policy{CO2PricePerT: 50, CO2CapT: ptr(500.0), RenewableShareMin: ptr(0.6), HydroCountsAsRenewable: true},
		Buses:  []model.Bus{{Name: "east"}, {Name: "west", ShedPricePerMWh: ptr(9000.0)}},
		Loads: []model.Load{
			{Name: "city", Bus: "east", PowerMW: model.Series{150, 150, 160, 160, 150, 150}},
			{Name: "town", Bus: "west", PowerMW: model.Constant(120)},
		},
		Exchanges: []model.Exchange{{Name: "abroad", Bus: "east", ImportMW: model.Series{10, 10, 10, -5, 20, 10}, PricePerMWh: model.Constant(30)}},
		ThermalUnits: []model.ThermalUnit{
			{
				Name: "coal", Bus: "west", Count: 3, MinPowerMW: 50, MaxPowerMW: 100,
				RampUpMWPerH: ptr(100.0), RampDownMWPerH: ptr(100.0), StartupLimitMW: ptr(80.0), ShutdownLimitMW: ptr(80.0),
				MinUpH: 2, MinDownH: 1,
				Startup:        []model.StartupTier{{AfterOffH: 0, Cost: 1000, CO2T: 1}, {AfterOffH: 8, Cost: 2000, CO2T: 2}},
				Cost:           []model.CostPoint{{PowerMW: 50, CostPerH: 1000}, {PowerMW: 75, CostPerH: 1400}, {PowerMW: 100, CostPerH: 2000}},
				CostFactor:     model.Series{1, 1, 1.1, 1, 1, 1},
				CO2TPerMWh:     0.9,
				MustRunUnits:   model.Constant(1),
				FixedUnits:     model.Series{-1, -1, 2, -1, -1, -1},
				HeatMinPowerMW: model.Constant(60),
				Deep: &model.DeepOperation{
					MinPowerMW: 30, Cost: []model.CostPoint{{PowerMW: 30, CostPerH: 900}, {PowerMW: 50, CostPerH: 1100}},
					RampMWPerH: ptr(20.0), MinStayH: 1,
				},
				Initial:  &model.ThermalInitial{UnitsOn: 2, HoursOn: ptr(10.0), HoursOff: ptr(10.0), PowerMW: ptr(130.0)},
				Reserves: []string{"spin", "relief"},
			},
			{
				Name: "gas", Bus: "east", MinPowerMW: 20, MaxPowerMW: 60,
				RampUpMWPerH: ptr(60.0), RampDownMWPerH: ptr(60.0), StartupLimitMW: ptr(30.0), ShutdownLimitMW: ptr(30.0),
				MinUpH: 1, MinDownH: 1, Startup: []model.StartupTier{{Cost: 300}},
				Cost:       []model.CostPoint{{PowerMW: 20, CostPerH: 900}, {PowerMW: 60, CostPerH: 2500}},
				CO2TPerMWh: 0.4,
				Initial:    &model.ThermalInitial{HoursOff: ptr(5.0)},
			},
		},
		Renewables: []model.Renewable{{
			Name: "wind", Bus: "west", AvailableMW: model.Series{100, 120, 80, 60, 50, 90}, CostPerMWh: 0.5, CurtailmentPricePerMWh: 2,
		}},
		Hydro: []model.Hydro{{
			Name: "dam", Bus: "west", MaxPowerMW: 40, MinPowerMW: 5, RampMWPerH: ptr(30.0), InitialPowerMW: ptr(20.0),
			InflowMW: model.Constant(20), MaxSpillMW: ptr(10.0), LevelMaxMWh: 200, InitialLevelMWh: 100,
			TerminalMinMWh: ptr(80.0), TerminalMaxMWh: ptr(150.0), WaterValuePerMWh: 10, CostPerMWh: 1,
			Reserves: []string{"spin", "relief"},
		}},
		Storages: []model.Storage{{
			Name: "battery", Bus: "east", MaxChargeMW: 20, MaxDischargeMW: 20, MinChargeMW: 2, MinDischargeMW: 2,
			EfficiencyCharge: ptr(0.9), EfficiencyDischarge: ptr(0.9), RetentionPerH: ptr(0.999),
			LevelMaxMWh: 50, InitialLevelMWh: 25, TerminalMinMWh: ptr(10.0), TerminalMaxMWh: ptr(50.0),
			TerminalValuePerMWh: 5, WearCostPerMWh: 2, MaxCycles: ptr(2.0), Reserves: []string{"spin", "relief"},
		}},
		Links: []model.Link{{
			Name: "line", From: "west", To: "east", MaxForwardMW: model.Constant(100), MaxBackwardMW: model.Constant(50),
			LossShare: 0.03, LossFixedMW: 1, PricePerMWh: 1, RampMWPerH: ptr(200.0), InitialFlowMW: ptr(50.0),
		}},
		Reserves: []model.ReserveProduct{
			{Name: "spin", Direction: model.Up, RequirementMW: model.Constant(20)},
			{Name: "relief", Direction: model.Down, RequirementMW: model.Constant(8), Buses: []string{"west"}},
		},
		LatencyClasses: []model.LatencyClass{{Name: "hot", MaxRoundTripMS: ptr(10.0), UtilisationCap: ptr(0.8)}, {Name: "cold"}},
		Regions:        []model.Region{{Name: "east", Bus: "east"}, {Name: "west", Bus: "west"}, {Name: "far"}},
		Network: model.Network{RoundTrips: []model.RoundTrip{
			{Region: "east", Site: "dc-east", MS: 2}, {Region: "east", Site: "dc-west", MS: 40},
		}},
		Sites: []model.Site{
			{Name: "dc-east", Bus: "east", Region: "east", PUE: model.Constant(1.3), BaseMW: model.Constant(1),
				ImportLimitMW: model.Constant(20), RampMWPerH: ptr(50.0), InitialPowerMW: ptr(3.0)},
			{Name: "dc-west", Bus: "west", Region: "west", PUE: model.Series{1.1, 1.1, 1.2, 1.2, 1.1, 1.1}},
			{Name: "dc-far", Bus: "west", Region: "far"},
		},
		Pools: []model.Pool{
			{Name: "cpu-east", Site: "dc-east", Kind: "cpu", Modules: 10, UnitsPerModule: 10, IdleMWPerModule: 0.1, DynamicMWPerUnit: 0.02,
				MinOnH: 1, MinOffH: 0.5, StartEnergyMWh: 0.05, StartCost: 5, InitialModulesOn: ptr(6)},
			{Name: "gpu-east", Site: "dc-east", Kind: "gpu", Modules: 4, UnitsPerModule: 8, Speed: ptr(2.0), IdleMWPerModule: 0.2, DynamicMWPerUnit: 0.1,
				AvailableModules: model.Series{4, 4, 4, 3, 4, 4}, AlwaysOn: true},
			{Name: "cpu-west", Site: "dc-west", Kind: "cpu", Modules: 20, UnitsPerModule: 10, Speed: ptr(1.5), IdleMWPerModule: 0.1, DynamicMWPerUnit: 0.02,
				InitialModulesOn: ptr(10)},
			{Name: "cpu-far", Site: "dc-far", Kind: "cpu", Modules: 2, UnitsPerModule: 10, IdleMWPerModule: 0.1, InitialModulesOn: ptr(1)},
		},
		DataLinks: []model.DataLink{{Name: "fibre", From: "east", To: "west", CapacityGbps: model.Constant(1), PricePerGB: 0.1, EnergyKWhPerGB: 0.5}},
		Workloads: []model.Workload{
			{Name: "web", Region: "east", Class: "hot", DemandUnits: model.Series{20, 22, 31, 28, 20, 18}},
			{Name: "render", Region: "east", Class: "cold", DemandUnits: model.Constant(30), DataGBPerUnitH: 2, PoolKinds: []string{"cpu"}},
		},
		Jobs: []model.Job{
			{Name: "train", Region: "west", Count: 2, Shape: model.Rigid, Units: 8, WorkUnitH: 24, ReleaseH: 0.2, InputGB: 100, PoolKinds: []string{"gpu"}},
			{Name: "sweep", Region: "east", Class: "hot", Shape: model.Preemptible, Units: 4, WorkUnitH: 6, DeadlineH: ptr(2.5), LatePricePerH: ptr(10.0)},
			{Name: "bulk", Region: "east", Shape: model.Rigid, Units: 10, WorkUnitH: 15, PoolKinds: []string{"cpu"}, ForbiddenSites: []string{"dc-far"}},
			{Name: "extra", Region: "far", Shape: model.Rigid, Units: 1, WorkUnitH: 2, DropPrice: ptr(700.0)},
		},
	}
}

func jointPlan() *model.Plan {
	const T = 6
	return &model.Plan{
		Format: model.PlanFormat, Case: "joint", CaseSHA256: "0123", Currency: "CNY",
		Start: time.Date(2023, 7, 15, 8, 0, 0, 0, time.FixedZone("", 8*3600)), Zone: "Asia/Shanghai",
		PeriodHours: []float64{0.25, 0.25, 1, 1, 1, 4}, Status: model.PlanOptimal,
		Buses: []model.BusPlan{{Name: "east"}, {Name: "west"}},
		ThermalUnits: []model.ThermalPlan{
			{
				Name: "coal", UnitsOn: []int{2, 2, 2, 3, 3, 2}, Starts: []int{0, 0, 0, 1, 0, 0}, Stops: []int{0, 0, 0, 0, 0, 1},
				StartsByTier: [][]int{fillInt(T, 0), {0, 0, 0, 1, 0, 0}},
				PowerMW:      []float64{140, 150, 180, 200, 165, 110},
				UnitsDeep:    []int{0, 0, 0, 0, 1, 1}, DeepEntries: []int{0, 0, 0, 0, 1, 0}, DeepExits: fillInt(T, 0),
				DeepPowerMW: []float64{0, 0, 0, 0, 45, 40},
				Reserves:    []model.ProvidedPower{{Product: "spin", MW: fill(T, 10)}, {Product: "relief", MW: fill(T, 5)}},
			},
			{
				Name: "gas", UnitsOn: []int{0, 0, 1, 1, 0, 0}, Starts: []int{0, 0, 1, 0, 0, 0}, Stops: []int{0, 0, 0, 0, 1, 0},
				StartsByTier: [][]int{{0, 0, 1, 0, 0, 0}}, PowerMW: []float64{0, 0, 25, 25, 0, 0},
			},
		},
		Renewables: []model.RenewablePlan{{Name: "wind", PowerMW: []float64{100, 100, 80, 60, 50, 90}}},
		Hydro: []model.HydroPlan{{Name: "dam", PowerMW: fill(T, 20), SpillMW: fill(T, 0),
			Reserves: []model.ProvidedPower{{Product: "spin", MW: fill(T, 3)}, {Product: "relief", MW: fill(T, 2)}}}},
		Storages: []model.StoragePlan{{Name: "battery", ChargeMW: []float64{10, 0, 0, 0, 0, 0}, DischargeMW: []float64{0, 0, 5, 5, 0, 0},
			Reserves: []model.ProvidedPower{{Product: "spin", MW: fill(T, 2)}, {Product: "relief", MW: fill(T, 2)}}}},
		Links:     []model.LinkPlan{{Name: "line", ForwardMW: []float64{60, 60, 60, 60, 0, 50}, BackwardMW: []float64{0, 0, 0, 0, 10, 0}}},
		Reserves:  []model.ReservePlan{{Name: "spin", ShortageMW: fill(T, 5)}, {Name: "relief", ShortageMW: fill(T, 1)}},
		Sites:     []model.SitePlan{{Name: "dc-east"}, {Name: "dc-west"}, {Name: "dc-far"}},
		DataLinks: []model.DataLinkPlan{{Name: "fibre"}},
		Pools: []model.PoolPlan{
			{Name: "cpu-east", ModulesOn: []int{6, 6, 8, 8, 5, 5}, ModuleStarts: []int{0, 0, 2, 0, 0, 0}, ModuleStops: []int{0, 0, 0, 0, 3, 0}},
			{Name: "gpu-east", ModulesOn: []int{4, 4, 4, 3, 4, 4}, ModuleStarts: []int{0, 0, 0, 0, 1, 0}, ModuleStops: []int{0, 0, 0, 1, 0, 0}},
			{Name: "cpu-west", ModulesOn: fillInt(T, 10), ModuleStarts: fillInt(T, 0), ModuleStops: fillInt(T, 0)},
			{Name: "cpu-far", ModulesOn: fillInt(T, 1), ModuleStarts: fillInt(T, 0), ModuleStops: fillInt(T, 0)},
		},
		Workloads: []model.WorkloadPlan{
			{Name: "web", Routes: []model.Route{{Pool: "cpu-east", Units: []float64{20, 22, 30, 28, 20, 18}}}, UnservedUnits: []float64{0, 0, 1, 0, 0, 0}},
			{Name: "render", Routes: []model.Route{{Pool: "cpu-east", Units: fill(T, 5)}, {Pool: "cpu-west", Units: fill(T, 25)}}, UnservedUnits: fill(T, 0)},
		},
		Jobs: []model.JobPlan{
			// 24 unit-h by 8 units of speed 2 take 1.5 h: two periods of 1 h, of
			// which the second has 8 unit-h left, 4 units for an hour.
			{Job: "train", Number: 1, Pool: "gpu-east", First: 2, BusyUnits: []float64{8, 4}, TransferFirst: 1, TransferGB: []float64{100}},
			// In periods of 1 and 4 h: 8 unit-h left are one unit for 4 h.
			{Job: "train", Number: 2, Pool: "gpu-east", First: 4, BusyUnits: []float64{8, 1}, TransferFirst: 2, TransferGB: []float64{60, 40}},
			// 4*0.25 + 2*1 + 3*1 = 6 unit-h, the last of them an hour late.
			{Job: "sweep", Number: 1, Pool: "cpu-east", First: 0, BusyUnits: []float64{4, 0, 2, 0, 3}, LateH: 1},
			{Job: "bulk", Number: 1, Pool: "cpu-west", First: 3, BusyUnits: []float64{10}},
			{Job: "extra", Number: 1, Dropped: true},
		},
		Assets: []model.AssetPlan{{Kind: "electrolyser", Name: "h2", Series: []model.AssetSeries{{Name: "power_mw", Values: []float64{1, 2, 3, 4, 5, 6}}}}},
	}
}

// derive fills in what follows from the plan's decisions, all but the costs:
// curtailment, levels, losses, data flows, busy units, site power, shedding and
// spill, policy totals.
func (f *fixture) derive() {
	c, p := f.c, f.p
	hours := c.Horizon.Hours()
	T := len(hours)
	p.PeriodHours = hours
	for i := range c.Renewables {
		p.Renewables[i].CurtailedMW = make([]float64, T)
		for t := range T {
			p.Renewables[i].CurtailedMW[t] = c.Renewables[i].AvailableMW.At(t, 0) - p.Renewables[i].PowerMW[t]
		}
	}
	for i := range c.Hydro {
		h, q := &c.Hydro[i], &p.Hydro[i]
		q.LevelMWh = make([]float64, T)
		level := h.InitialLevelMWh
		for t := range T {
			level += (h.InflowMW.At(t, 0) - q.PowerMW[t] - q.SpillMW[t]) * hours[t]
			q.LevelMWh[t] = level
		}
	}
	for i := range c.Storages {
		s, q := &c.Storages[i], &p.Storages[i]
		q.LevelMWh = make([]float64, T)
		level := s.InitialLevelMWh
		for t := range T {
			level = level*math.Pow(s.Retention(), hours[t]) +
				(q.ChargeMW[t]*s.ChargeEfficiency()-q.DischargeMW[t]/s.DischargeEfficiency())*hours[t]
			q.LevelMWh[t] = level
		}
	}
	for i := range c.Links {
		l, q := &c.Links[i], &p.Links[i]
		q.LossMW = make([]float64, T)
		for t := range T {
			for _, flow := range [2]float64{q.ForwardMW[t], q.BackwardMW[t]} {
				if flow != 0 {
					q.LossMW[t] += l.LossShare*flow + l.LossFixedMW
				}
			}
		}
	}
	for i := range p.Buses {
		p.Buses[i].ShedMW, p.Buses[i].SpillMW = fill(T, 0), fill(T, 0)
	}
	for i := range p.DataLinks {
		p.DataLinks[i].ForwardGB, p.DataLinks[i].BackwardGB = fill(T, 0), fill(T, 0)
	}
	for i := range p.Pools {
		p.Pools[i].BusyUnits = fill(T, 0)
	}
	f.openSites(T)

	k := f.run()
	if k.halted {
		return // the shape itself is broken; there is nothing to derive
	}
	for i := range p.DataLinks {
		copy(p.DataLinks[i].ForwardGB, k.forward[i])
		copy(p.DataLinks[i].BackwardGB, k.backward[i])
	}
	for i := range p.Pools {
		copy(p.Pools[i].BusyUnits, k.busy[i])
	}
	f.deriveSites(k)
	for i := range p.Buses {
		for t := range T {
			p.Buses[i].ShedMW[t], p.Buses[i].SpillMW[t] = max(0, -k.net[i][t]), max(0, k.net[i][t])
		}
	}
	for i := range p.Reserves {
		for t := range T {
			p.Reserves[i].ShortageMW[t] = max(0, c.Reserves[i].RequirementMW.At(t, 0)-k.provided[i][t])
		}
	}
	p.Policy.CO2T = k.co2T
	p.Policy.CO2ExcessT, p.Policy.RenewableShortfallMWh = 0, 0
	if c.Policy.CO2CapT != nil {
		p.Policy.CO2ExcessT = max(0, k.co2T-*c.Policy.CO2CapT)
	}
	if c.Policy.RenewableShareMin != nil {
		p.Policy.RenewableShortfallMWh = max(0, *c.Policy.RenewableShareMin*k.generatedMWh-k.renewableMWh)
	}
}

// price fills in the costs that the check finds, so that seeded breaches of
// other rules leave the costs right. That the check prices correctly is tested
// with costs calculated by hand.
func (f *fixture) price() {
	k := f.run()
	if k.halted {
		return
	}
	f.p.Costs = nil
	f.p.Objective = 0
	for _, item := range model.CostItems() {
		for _, a := range k.accounts[item] {
			f.p.Costs = append(f.p.Costs, model.Cost{Item: item, Asset: a.asset, Amount: a.amount})
			f.p.Objective += a.amount
		}
	}
}

// run is Check, with the sums kept.
func (f *fixture) run() *checker {
	k := &checker{
		c: f.c, p: f.p, o: f.o.withDefaults(),
		report: &Report{Violations: []Violation{}, Shortages: []Shortage{}},
		found:  map[string]int{},
	}
	for _, kind := range kinds() {
		kind.check(k)
		if k.halted {
			break
		}
	}
	return k
}

func (f *fixture) check() *Report { return Check(f.c, f.p, f.o) }

// rulesOf lists the rules breached, each once, sorted.
func rulesOf(r *Report) []string {
	var out []string
	for _, v := range r.Violations {
		out = append(out, v.Rule)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func mustOK(t *testing.T, r *Report) {
	t.Helper()
	for _, v := range r.Violations {
		t.Errorf("%s %s period %d: %s (value %g, limit %g)", v.Rule, v.Asset, v.Period, v.Detail, v.Value, v.Limit)
	}
}

// replaceJSON is a copy with a text replaced wherever it stands in the JSON.
func replaceJSON[T any](t testing.TB, v *T, from, to string) *T {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	out := new(T)
	if err := json.Unmarshal(bytes.ReplaceAll(data, []byte(from), []byte(to)), out); err != nil {
		t.Fatal(err)
	}
	return out
}
