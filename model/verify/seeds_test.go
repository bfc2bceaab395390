package verify

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// seed is one breach of one rule, put into the valid joint plan. decide changes
// the case, or decisions of the plan; what follows from them is derived again.
// state then changes what was derived; costs are made right again. final changes
// the finished plan.
type seed struct {
	rule                 string
	name                 string
	decide, state, final func(*fixture)
	// base is the valid plan; the joint one by default.
	base func() *fixture
}

func (s *seed) fixture() *fixture {
	base := joint
	if s.base != nil {
		base = s.base
	}
	f := base()
	if s.decide != nil {
		s.decide(f)
		f.derive()
	}
	if s.state != nil {
		s.state(f)
	}
	if s.decide != nil || s.state != nil {
		f.price()
		f.p.Bound = ptr(f.p.Objective - 100)
	}
	if s.final != nil {
		s.final(f)
	}
	return f
}

// Assets of the joint case by kind.
func (f *fixture) coal() (*model.ThermalUnit, *model.ThermalPlan) {
	return &f.c.ThermalUnits[0], &f.p.ThermalUnits[0]
}

func (f *fixture) gas() (*model.ThermalUnit, *model.ThermalPlan) {
	return &f.c.ThermalUnits[1], &f.p.ThermalUnits[1]
}
func (f *fixture) dam() (*model.Hydro, *model.HydroPlan) { return &f.c.Hydro[0], &f.p.Hydro[0] }
func (f *fixture) battery() (*model.Storage, *model.StoragePlan) {
	return &f.c.Storages[0], &f.p.Storages[0]
}
func (f *fixture) line() (*model.Link, *model.LinkPlan) { return &f.c.Links[0], &f.p.Links[0] }
func (f *fixture) pool(i int) (*model.Pool, *model.PoolPlan) {
	return &f.c.Pools[i], &f.p.Pools[i]
}

func (f *fixture) web() (*model.Workload, *model.WorkloadPlan) {
	return &f.c.Workloads[0], &f.p.Workloads[0]
}

func (f *fixture) render() (*model.Workload, *model.WorkloadPlan) {
	return &f.c.Workloads[1], &f.p.Workloads[1]
}
func (f *fixture) train() (*model.Job, *model.JobPlan) { return &f.c.Jobs[0], &f.p.Jobs[0] }
func (f *fixture) sweep() (*model.Job, *model.JobPlan) { return &f.c.Jobs[1], &f.p.Jobs[2] }
func (f *fixture) bulk() (*model.Job, *model.JobPlan)  { return &f.c.Jobs[2], &f.p.Jobs[3] }

const (
	spin   = 0
	relief = 1
)

func seeds() []seed {
	return slices.Concat(planSeeds(), thermalSeeds(), deepSeeds(), waterSeeds(), gridSeeds(), workSeeds(), jobSeeds(), shapeSeeds(), tieSeeds(), siteSeeds(), guardedSeeds(), gangSeeds(), poolSeeds(), sumSeeds())
}

func planSeeds() []seed {
	return []seed{
		{rule: ruleCaseValid, name: "reference", final: func(f *fixture) { f.c.Loads[0].Bus = "nowhere" }},
		{rule: ruleCaseValid, name: "series", final: func(f *fixture) { f.c.Loads[0].PowerMW = model.Series{1, 2} }},
		{rule: ruleCaseValid, name: "no periods", final: func(f *fixture) { f.c.Horizon.Periods = nil }},
		{rule: ruleCaseValid, name: "period of no length", final: func(f *fixture) { f.c.Horizon.Periods[0].Hours = 0 }},
		{rule: rulePlanFormat, final: func(f *fixture) { f.p.Format = "wattbit-plan/0" }},
		{rule: rulePlanCase, name: "fingerprint", final: func(f *fixture) { f.p.CaseSHA256 = "4567" }},
		{rule: rulePlanCase, name: "name", final: func(f *fixture) { f.p.Case = "other" }},
		{rule: rulePlanCase, name: "currency", final: func(f *fixture) { f.p.Currency = "EUR" }},
		{rule: rulePlanCase, name: "start", final: func(f *fixture) { f.p.Start = f.p.Start.Add(1) }},
		{rule: rulePlanCase, name: "zone", final: func(f *fixture) { f.p.Zone = "" }},
		{rule: rulePlanCase, name: "hours", final: func(f *fixture) { f.p.PeriodHours[1] = 0.5 }},
		{rule: rulePlanStatus, name: "unknown", final: func(f *fixture) { f.p.Status = "done" }},
		{rule: rulePlanStatus, name: "no proof", final: func(f *fixture) { f.p.Bound = nil }},
		{rule: rulePlanShape, name: "length", final: func(f *fixture) { f.p.Links[0].LossMW = f.p.Links[0].LossMW[:5] }},
		{rule: rulePlanShape, name: "periods", final: func(f *fixture) { f.p.PeriodHours = append(f.p.PeriodHours, 1) }},
		{rule: rulePlanShape, name: "order", final: func(f *fixture) { f.p.Buses[0], f.p.Buses[1] = f.p.Buses[1], f.p.Buses[0] }},
		{rule: rulePlanShape, name: "missing section", final: func(f *fixture) { f.p.Storages = nil }},
		{rule: rulePlanShape, name: "missing job", final: func(f *fixture) { f.p.Jobs = f.p.Jobs[:4] }},
		{rule: rulePlanShape, name: "one job more", final: func(f *fixture) { f.p.Jobs = append(f.p.Jobs, f.p.Jobs[4]) }},
		{rule: rulePlanShape, name: "job twice", final: func(f *fixture) { f.p.Jobs[1].Number = 1 }},
		{rule: rulePlanShape, name: "past the horizon", final: func(f *fixture) { f.p.Jobs[3].First = 6 }},
		{rule: rulePlanShape, name: "before the horizon", final: func(f *fixture) { f.p.Jobs[3].TransferFirst = -1 }},
		{rule: rulePlanShape, name: "unknown pool", final: func(f *fixture) { f.p.Workloads[0].Routes[0].Pool = "cpu" }},
		{rule: rulePlanShape, name: "pool twice", final: func(f *fixture) { f.p.Workloads[1].Routes[1].Pool = "cpu-east" }},
		{rule: rulePlanShape, name: "job without pool", final: func(f *fixture) { f.p.Jobs[3].Pool = "" }},
		{rule: rulePlanShape, name: "unknown product", final: func(f *fixture) { f.p.Hydro[0].Reserves[0].Product = "spinning" }},
		{rule: rulePlanShape, name: "product twice", final: func(f *fixture) { f.p.Hydro[0].Reserves[0].Product = "relief" }},
		{rule: rulePlanShape, name: "tiers", final: func(f *fixture) { f.p.ThermalUnits[0].StartsByTier = nil }},
		{rule: rulePlanShape, name: "deep without", final: func(f *fixture) { f.p.ThermalUnits[1].UnitsDeep = fillInt(6, 0) }},
		{rule: rulePlanShape, name: "prices", final: func(f *fixture) {
			f.p.Prices = &model.Prices{Power: []model.PriceSeries{{Name: "north", Values: fill(6, 1)}}}
		}},
		{rule: rulePlanNumber, name: "NaN", final: func(f *fixture) { f.p.Objective = math.NaN() }},
		{rule: rulePlanNumber, name: "infinite", final: func(f *fixture) { f.p.Hydro[0].LevelMWh[3] = math.Inf(1) }},
		{rule: rulePlanNumber, name: "huge", final: func(f *fixture) { f.p.Sites[0].PowerMW[3] = -1e300 }},
		{rule: rulePlanNumber, name: "huge count", final: func(f *fixture) { f.p.ThermalUnits[0].Starts[2] = math.MinInt }},
		{rule: rulePlanAssets, name: "unknown", final: func(f *fixture) { f.p.Assets[0].Kind = "kettle" }},
		{rule: rulePlanAssets, name: "twice", final: func(f *fixture) { f.p.Assets = append(f.p.Assets, f.p.Assets[0]) }},
		{rule: rulePlanAssets, name: "missing", final: func(f *fixture) { f.p.Assets = nil }},
		{rule: ruleAssetSeries, decide: func(f *fixture) { f.p.Assets[0].Series[0].Name = "power" }},
	}
}

func thermalSeeds() []seed {
	return []seed{
		{rule: ruleThermalTransition, name: "sum", final: func(f *fixture) { _, p := f.coal(); p.Stops[5] = 0 }},
		{rule: ruleThermalUnits, name: "outage", decide: func(f *fixture) { u, _ := f.coal(); u.OutageUnits = model.Series{0, 0, 0, 1, 0, 0} }},
		{rule: ruleThermalMustRun, decide: func(f *fixture) { u, _ := f.coal(); u.MustRunUnits = model.Constant(3) }},
		{rule: ruleThermalFixed, decide: func(f *fixture) { u, _ := f.coal(); u.FixedUnits = model.Series{-1, -1, 1, -1, -1, -1} }},
		// Started at 0.5 h and off at 2.5 h: 2 h on.
		{rule: ruleThermalMinUp, name: "started", decide: func(f *fixture) { u, _ := f.gas(); u.MinUpH = 3 }},
		// Two units on for 1 h; at 3.5 h they have been on for 4.5 h, and one stops.
		{rule: ruleThermalMinUp, name: "initial", decide: func(f *fixture) {
			u, p := f.coal()
			u.MinUpH, u.Initial.HoursOn = 5, ptr(1.0)
			p.UnitsOn[3], p.UnitsOn[4], p.UnitsOn[5] = 2, 2, 1
			p.Starts[3], p.StartsByTier[1][3] = 0, 0
			p.PowerMW = []float64{140, 150, 180, 180, 115, 60}
			p.UnitsDeep, p.DeepEntries, p.DeepPowerMW = fillInt(6, 0), fillInt(6, 0), fill(6, 0)
			p.Reserves = nil
		}},
		// Off for 0.3 h before the horizon and 0.5 h in it.
		{rule: ruleThermalMinDown, name: "initial", decide: func(f *fixture) { u, _ := f.gas(); u.Initial.HoursOff = ptr(0.3) }},
		// Stopped at 2.5 h, started again at 3.5 h.
		{rule: ruleThermalMinDown, name: "stopped", decide: func(f *fixture) {
			u, p := f.gas()
			u.MinDownH = 2
			p.UnitsOn[5], p.Starts[5], p.StartsByTier[0][5], p.PowerMW[5] = 1, 1, 1, 25
		}},
		{rule: ruleThermalMinPower, decide: func(f *fixture) {
			u, p := f.gas()
			u.RampUpMWPerH, u.RampDownMWPerH = nil, nil
			p.PowerMW[2] = 15
		}},
		{rule: ruleThermalMaxPower, decide: func(f *fixture) { _, p := f.coal(); p.PowerMW[5] = 145; p.Reserves[spin].MW[5] = 0 }},
		{rule: ruleThermalStartLimit, decide: func(f *fixture) { u, p := f.gas(); u.RampUpMWPerH = nil; p.PowerMW[2] = 35 }},
		{rule: ruleThermalStopLimit, decide: func(f *fixture) { u, p := f.gas(); u.RampDownMWPerH = nil; p.PowerMW[3] = 35 }},
		// One starts, another stops next: 300 - 20 - 20 = 260 MW, each limit
		// alone allows 280.
		{rule: ruleThermalJointLimit, decide: func(f *fixture) {
			_, p := f.coal()
			p.UnitsOn[4] = 2
			p.Stops = []int{0, 0, 0, 0, 1, 0}
			p.UnitsDeep, p.DeepEntries, p.DeepPowerMW = fillInt(6, 0), fillInt(6, 0), fill(6, 0)
			p.PowerMW = []float64{140, 150, 180, 270, 190, 110}
			p.Reserves[spin].MW = fill(6, 0)
		}},
		// 2 units may rise by 100 * 0.25 * 2 = 50 MW.
		{rule: ruleThermalRampUp, decide: func(f *fixture) { _, p := f.coal(); p.PowerMW[1] = 195; p.Reserves[spin].MW[1] = 0 }},
		{rule: ruleThermalRampDown, decide: func(f *fixture) { u, p := f.coal(); u.Initial.PowerMW = ptr(180.0); p.PowerMW[0] = 125 }},
		{rule: ruleThermalHeat, decide: func(f *fixture) { u, _ := f.coal(); u.HeatMinPowerMW = model.Constant(115) }},
		{rule: ruleThermalTierSum, decide: func(f *fixture) { _, p := f.coal(); p.StartsByTier[1][3] = 0 }},
		// Off for 10 + 1.5 h, the warm tier ends at 8 h.
		{rule: ruleThermalTier, name: "warm", decide: func(f *fixture) { _, p := f.coal(); p.StartsByTier = [][]int{{0, 0, 0, 1, 0, 0}, fillInt(6, 0)} }},
		{rule: ruleThermalReserveUp, decide: func(f *fixture) { _, p := f.coal(); p.PowerMW[1] = 190; p.Reserves[spin].MW[1] = 15 }},
		{rule: ruleThermalReserveDown, decide: func(f *fixture) { _, p := f.coal(); p.Reserves[relief].MW[4] = 25 }},
		// 2 units ramp by 100 / 6 * 2 = 33.3 MW in 10 minutes.
		{rule: ruleThermalReserveRamp, name: "up", decide: func(f *fixture) { _, p := f.coal(); p.Reserves[spin].MW[0] = 40 }},
		{rule: ruleThermalReserveRamp, name: "down", decide: func(f *fixture) { _, p := f.coal(); p.Reserves[relief].MW[0] = 34 }},
		// 2 units may rise by 100 * 0.25 * 2 = 50 MW: from 140 to 150 they rise
		// by 10, and 41 of reserve make 51. Their ramp in 10 minutes, 33.3 MW,
		// does not count.
		{rule: ruleThermalSharedUp, decide: func(f *fixture) {
			_, p := f.coal()
			f.c.Reserves[spin].RampShared = true
			p.Reserves[spin].MW[1] = 41
		}},
		// 3 units, one of them deep, may fall by 2 * 20 + 5 = 45 MW: from 200 to
		// 165 they fall by 35, and 11 of reserve make 46.
		{rule: ruleThermalSharedDown, decide: func(f *fixture) {
			u, p := f.coal()
			f.c.Reserves[relief].RampShared = true
			u.RampDownMWPerH, u.Deep.RampMWPerH = ptr(20.0), ptr(5.0)
			p.Reserves[relief].MW[4] = 11
		}},
	}
}

func deepSeeds() []seed {
	return []seed{
		// A unit that is off and yet deep; equal limits keep output in line.
		{rule: ruleDeepUnits, decide: func(f *fixture) {
			u, p := f.gas()
			u.MaxPowerMW, u.StartupLimitMW, u.ShutdownLimitMW = 20, nil, nil
			u.Cost = u.Cost[:1]
			u.Deep = &model.DeepOperation{MinPowerMW: 10, Cost: []model.CostPoint{{PowerMW: 10, CostPerH: 500}, {PowerMW: 20, CostPerH: 900}}}
			p.PowerMW = []float64{0, 0, 20, 20, 0, 0}
			p.UnitsDeep, p.DeepEntries, p.DeepExits = []int{0, 0, 0, 0, 0, 1}, []int{0, 0, 0, 0, 0, 1}, fillInt(6, 0)
			p.DeepPowerMW = []float64{0, 0, 0, 0, 0, 20}
		}},
		{rule: ruleDeepTransition, final: func(f *fixture) { _, p := f.coal(); p.DeepExits[4] = 1 }},
		{rule: ruleDeepPower, name: "above", decide: func(f *fixture) { _, p := f.coal(); p.DeepPowerMW[5], p.PowerMW[5] = 55, 125 }},
		{rule: ruleDeepPower, name: "below", decide: func(f *fixture) { _, p := f.coal(); p.DeepPowerMW[5], p.PowerMW[5] = 25, 95 }},
		// Entered at 2.5 h, left at 3.5 h.
		{rule: ruleDeepStay, name: "entered", decide: func(f *fixture) {
			u, p := f.coal()
			u.Deep.MinStayH = 2
			p.UnitsDeep[5], p.DeepExits[5], p.DeepPowerMW[5] = 0, 1, 0
		}},
		{rule: ruleDeepStay, name: "initial", decide: func(f *fixture) {
			u, p := f.coal()
			u.Initial.UnitsDeep, u.Initial.HoursDeep = 1, ptr(0.5)
			p.DeepExits[0] = 1
		}},
		// 3 units stay on, one of them was deep: 2 * 50 + 5 = 105 MW in 2.5 h.
		{rule: ruleDeepRampUp, decide: func(f *fixture) {
			u, p := f.coal()
			u.RampUpMWPerH, u.Deep.RampMWPerH = ptr(20.0), ptr(2.0)
			p.UnitsOn[5], p.Stops[5] = 3, 0
			p.UnitsDeep[5], p.DeepExits[5], p.DeepPowerMW[5] = 0, 1, 0
			p.PowerMW = []float64{140, 150, 170, 200, 165, 300}
			p.Reserves[spin].MW = fill(6, 0)
		}},
		// 3 units stay on, one of them is deep: 2 * 25 + 1 = 51 MW in 1 h.
		{rule: ruleDeepRampDown, decide: func(f *fixture) {
			u, p := f.coal()
			u.RampDownMWPerH, u.Deep.RampMWPerH = ptr(25.0), ptr(1.0)
			p.PowerMW[3], p.PowerMW[4] = 250, 190
			p.Reserves[relief].MW[5] = 0
		}},
	}
}

func waterSeeds() []seed {
	return []seed{
		{rule: ruleRenewablePower, name: "above", decide: func(f *fixture) { f.p.Renewables[0].PowerMW[3] = 65 }},
		{rule: ruleRenewablePower, name: "negative", decide: func(f *fixture) { f.p.Renewables[0].PowerMW[3] = -1 }},
		{rule: ruleRenewableMinPower, decide: func(f *fixture) {
			f.c.Renewables[0].MinPowerMW, f.c.Renewables[0].AvailableMW[3] = model.Series{0, 0, 0, 60.1, 0, 0}, 70
		}},
		{rule: ruleRenewableCurtailed, state: func(f *fixture) { f.p.Renewables[0].CurtailedMW[1] = 10 }},

		{rule: ruleHydroPower, name: "above", decide: func(f *fixture) { h, p := f.dam(); h.MaxPowerMW = 19; p.Reserves[spin].MW = fill(6, 0) }},
		{rule: ruleHydroPower, name: "below", decide: func(f *fixture) { h, p := f.dam(); h.MinPowerMW = 21; p.Reserves[relief].MW = fill(6, 0) }},
		{rule: ruleHydroSpill, name: "negative", decide: func(f *fixture) { _, p := f.dam(); p.SpillMW[2] = -1 }},
		{rule: ruleHydroSpill, name: "above", decide: func(f *fixture) { _, p := f.dam(); p.SpillMW[2] = 11 }},
		{rule: ruleHydroBalance, state: func(f *fixture) { _, p := f.dam(); p.LevelMWh[5]++ }},
		{rule: ruleHydroLevel, name: "above", decide: func(f *fixture) { h, _ := f.dam(); h.LevelMaxMWh = 99 }},
		{rule: ruleHydroTerminal, name: "below", decide: func(f *fixture) { h, _ := f.dam(); h.TerminalMinMWh = ptr(110.0) }},
		{rule: ruleHydroTerminal, name: "above", decide: func(f *fixture) { h, _ := f.dam(); h.TerminalMaxMWh = ptr(90.0) }},
		{rule: ruleHydroRamp, name: "initial", decide: func(f *fixture) { h, _ := f.dam(); h.InitialPowerMW = ptr(0.0) }},
		// 20 MW/h over the mean of 0.25 and 1 h is 12.5 MW.
		{rule: ruleHydroRamp, name: "mean length", decide: func(f *fixture) {
			h, p := f.dam()
			h.RampMWPerH = ptr(20.0)
			p.PowerMW = []float64{20, 20, 32.6, 20, 20, 20}
		}},
		{rule: ruleHydroReserveUp, decide: func(f *fixture) { h, _ := f.dam(); h.MaxPowerMW = 22 }},
		{rule: ruleHydroReserveDown, decide: func(f *fixture) { h, _ := f.dam(); h.MinPowerMW = 19 }},
		{rule: ruleHydroReserveEnergy, decide: func(f *fixture) { h, _ := f.dam(); h.LevelMinMWh = 99 }},
		{rule: ruleHydroReserveRamp, decide: func(f *fixture) { _, p := f.dam(); p.Reserves[spin].MW[3] = 6 }},

		{rule: ruleStorageCharge, name: "below", decide: func(f *fixture) { _, p := f.battery(); p.ChargeMW[0] = 1 }},
		{rule: ruleStorageCharge, name: "above", decide: func(f *fixture) { _, p := f.battery(); p.ChargeMW[0] = 21; p.Reserves[relief].MW[0] = 0 }},
		{rule: ruleStorageCharge, name: "negative", decide: func(f *fixture) { _, p := f.battery(); p.ChargeMW[1] = -1 }},
		{rule: ruleStorageDischarge, name: "below", decide: func(f *fixture) { _, p := f.battery(); p.DischargeMW[2] = 1 }},
		{rule: ruleStorageDischarge, name: "above", decide: func(f *fixture) {
			s, p := f.battery()
			s.TerminalMinMWh = nil
			p.DischargeMW[2], p.DischargeMW[3], p.Reserves = 21, 0, nil
		}},
		{rule: ruleStorageExclusive, decide: func(f *fixture) { _, p := f.battery(); p.DischargeMW[0] = 5 }},
		{rule: ruleStorageBalance, state: func(f *fixture) { _, p := f.battery(); p.LevelMWh[3]++ }},
		{rule: ruleStorageLevel, name: "above", decide: func(f *fixture) { s, p := f.battery(); s.LevelMaxMWh = 27; p.Reserves[relief].MW = fill(6, 0) }},
		{rule: ruleStorageLevel, name: "below", decide: func(f *fixture) { s, p := f.battery(); s.LevelMinMWh = 20; p.Reserves[spin].MW = fill(6, 0) }},
		{rule: ruleStorageTerminal, name: "below", decide: func(f *fixture) { s, _ := f.battery(); s.TerminalMinMWh = ptr(40.0) }},
		{rule: ruleStorageTerminal, name: "above", decide: func(f *fixture) { s, _ := f.battery(); s.TerminalMaxMWh = ptr(12.0) }},
		{rule: ruleStorageCycles, decide: func(f *fixture) { s, _ := f.battery(); s.MaxCycles = ptr(0.2) }},
		{rule: ruleStorageReserveUp, decide: func(f *fixture) { _, p := f.battery(); p.Reserves[spin].MW[2] = 16 }},
		{rule: ruleStorageReserveDown, decide: func(f *fixture) { _, p := f.battery(); p.Reserves[relief].MW[0] = 11 }},
		// 2 MW for half an hour need 2 * 0.5 / 0.9 = 1.11 MWh.
		{rule: ruleStorageReserveEnergy, decide: func(f *fixture) { s, _ := f.battery(); s.LevelMinMWh = 15 }},
		// 2 MW for half an hour fill 2 * 0.5 * 0.9 = 0.9 MWh; the level is 27.24.
		{rule: ruleStorageReserveRoom, decide: func(f *fixture) { s, _ := f.battery(); s.LevelMaxMWh = 28 }},
	}
}

func gridSeeds() []seed {
	return []seed{
		{rule: ruleLinkForward, name: "above", decide: func(f *fixture) { l, _ := f.line(); l.MaxForwardMW = model.Constant(59) }},
		{rule: ruleLinkForward, name: "negative", decide: func(f *fixture) { _, p := f.line(); p.ForwardMW[4] = -1; p.BackwardMW[4] = 0 },
			state: func(f *fixture) {
				// A flow that is not there loses by its share only.
				_, p := f.line()
				p.LossMW[4] = -0.03
			}},
		{rule: ruleLinkBackward, decide: func(f *fixture) { l, _ := f.line(); l.MaxBackwardMW = nil }},
		{rule: ruleLinkOneWay, decide: func(f *fixture) { _, p := f.line(); p.BackwardMW[0] = 5 }},
		{rule: ruleLinkLoss, name: "fixed", final: func(f *fixture) { _, p := f.line(); p.LossMW[0]-- }},
		{rule: ruleLinkLoss, name: "phantom", final: func(f *fixture) { _, p := f.line(); p.ForwardMW[0], p.BackwardMW[0] = 60, 0; p.LossMW[0] += 30 }},
		{rule: ruleLinkRamp, name: "initial", decide: func(f *fixture) { l, _ := f.line(); l.InitialFlowMW = ptr(0.0) }},
		// From 60 forward to 10 backward in an hour.
		{rule: ruleLinkRamp, name: "net", decide: func(f *fixture) { l, _ := f.line(); l.RampMWPerH = ptr(69.0) }},

		{rule: ruleReserveOffer, decide: func(f *fixture) { h, _ := f.dam(); h.Reserves = h.Reserves[:1] }},
		{rule: ruleReserveProvided, decide: func(f *fixture) { _, p := f.dam(); p.Reserves[spin].MW[0] = -1 }},
		{rule: ruleReserveShortage, decide: func(f *fixture) { f.c.Reserves[spin].RequirementMW = model.Constant(10) },
			state: func(f *fixture) { f.p.Reserves[spin].ShortageMW[0] = -1 }},
		{rule: ruleReserveRequirement, name: "short", state: func(f *fixture) { f.p.Reserves[spin].ShortageMW[0] = 4 }},
		// The battery's 2 MW lie outside the zone.
		{rule: ruleReserveRequirement, name: "zone", state: func(f *fixture) { f.p.Reserves[relief].ShortageMW[0] = 0 }},

		{rule: ruleBusShed, name: "above", state: func(f *fixture) { f.p.Buses[0].ShedMW[0] += 200; f.p.Buses[0].SpillMW[0] += 200 }},
		{rule: ruleBusShed, name: "negative", state: func(f *fixture) {
			b := &f.p.Buses[1]
			b.SpillMW[0] -= b.ShedMW[0] + 1
			b.ShedMW[0] = -1
		}},
		{rule: ruleBusSpill, state: func(f *fixture) { f.p.Buses[0].ShedMW[0] -= 5; f.p.Buses[0].SpillMW[0] -= 5 }},
		{rule: ruleBusBalance, state: func(f *fixture) { f.p.Buses[0].ShedMW[0]-- }},
	}
}

func workSeeds() []seed {
	return []seed{
		{rule: ruleWorkloadServed, decide: func(f *fixture) { _, p := f.web(); p.UnservedUnits[2] = 0 }},
		{rule: ruleWorkloadUnserved, decide: func(f *fixture) { _, p := f.web(); p.UnservedUnits[0] = -1; p.Routes[0].Units[0] = 21 }},
		{rule: ruleWorkloadRoute, decide: func(f *fixture) { _, p := f.render(); p.Routes[0].Units[0] = -1; p.Routes[1].Units[0] = 31 }},
		{rule: ruleWorkloadLatency, name: "slow", decide: func(f *fixture) {
			_, p := f.web()
			p.Routes[0].Units[0] = 15
			p.Routes = append(p.Routes, model.Route{Pool: "cpu-west", Units: []float64{5, 0, 0, 0, 0, 0}})
		}},
		{rule: ruleWorkloadLatency, name: "unknown", decide: func(f *fixture) {
			_, p := f.web()
			p.Routes[0].Units[0] = 15
			p.Routes = append(p.Routes, model.Route{Pool: "cpu-far", Units: []float64{5, 0, 0, 0, 0, 0}})
		}},
		{rule: ruleWorkloadKind, decide: func(f *fixture) { _, p := f.render(); p.Routes[0].Pool = "gpu-east" }},
		{rule: ruleWorkloadSite, name: "forbidden", decide: func(f *fixture) { w, _ := f.render(); w.ForbiddenSites = []string{"dc-west"} }},
		{rule: ruleWorkloadSite, name: "not allowed", decide: func(f *fixture) { w, _ := f.render(); w.AllowedSites = []string{"dc-far", "dc-west"} }},
		{rule: ruleWorkloadData, decide: func(f *fixture) { _, p := f.render(); p.Routes[0].Pool = "cpu-far" }},
	}
}

func jobSeeds() []seed {
	return []seed{
		{rule: ruleJobDropped, name: "late", final: func(f *fixture) { f.p.Jobs[4].LateH = 1 }},
		{rule: ruleJobDropped, name: "pool", final: func(f *fixture) { f.p.Jobs[4].Pool = "cpu-far" }},
		{rule: ruleJobDropped, name: "work", final: func(f *fixture) { f.p.Jobs[4].BusyUnits = []float64{1} }},
		{rule: ruleJobLatency, decide: func(f *fixture) { j, _ := f.bulk(); j.Class = "hot" }},
		{rule: ruleJobKind, decide: func(f *fixture) { j, _ := f.bulk(); j.PoolKinds = []string{"gpu", "tpu"} }},
		{rule: ruleJobSite, name: "not allowed", decide: func(f *fixture) { j, _ := f.bulk(); j.AllowedSites = []string{"dc-east"} }},
		{rule: ruleJobSite, name: "forbidden", decide: func(f *fixture) { j, _ := f.bulk(); j.ForbiddenSites = []string{"dc-west"} }},
		// Works from 1.5 h on.
		{rule: ruleJobRelease, decide: func(f *fixture) { j, _ := f.bulk(); j.ReleaseH = 1.6 }},
		// Ends at 2.5 h.
		{rule: ruleJobDeadline, decide: func(f *fixture) { j, _ := f.bulk(); j.DeadlineH = ptr(2.4) }},
		{rule: ruleJobLate, name: "less", final: func(f *fixture) { _, p := f.sweep(); p.LateH = 0.5 }},
		{rule: ruleJobLate, name: "hard", final: func(f *fixture) { _, p := f.bulk(); p.LateH = 1 }},
		{rule: ruleJobLength, name: "longer", decide: func(f *fixture) { _, p := f.bulk(); p.BusyUnits = []float64{10, 0} }},
		{rule: ruleJobLength, name: "shorter", decide: func(f *fixture) { _, p := f.train(); p.BusyUnits = p.BusyUnits[:1] }},
		{rule: ruleJobLength, name: "past the horizon", decide: func(f *fixture) {
			j, p := f.bulk()
			j.WorkUnitH, p.First, p.BusyUnits = 150, 4, []float64{10, 10}
		}},
		{rule: ruleJobUnits, name: "rigid", decide: func(f *fixture) { _, p := f.train(); p.BusyUnits[1] = 8 }},
		{rule: ruleJobUnits, name: "preemptible", decide: func(f *fixture) { _, p := f.sweep(); p.BusyUnits = []float64{5, 0, 1.75, 0, 3} }},
		{rule: ruleJobUnits, name: "negative", decide: func(f *fixture) { _, p := f.sweep(); p.BusyUnits = []float64{4, -1, 2.25, 0, 3} }},
		{rule: ruleJobWork, name: "less", decide: func(f *fixture) { _, p := f.sweep(); p.BusyUnits[2] = 1 }},
		{rule: ruleJobWork, name: "more", decide: func(f *fixture) { _, p := f.sweep(); p.BusyUnits[2] = 3 }},
		{rule: ruleJobSpan, decide: func(f *fixture) { _, p := f.sweep(); p.BusyUnits = append(p.BusyUnits, 0); p.LateH = 5 }},
		{rule: ruleJobInput, name: "less", decide: func(f *fixture) { _, p := f.train(); p.TransferGB[0] = 90 }},
		{rule: ruleJobInput, name: "negative", decide: func(f *fixture) { f.p.Jobs[1].TransferGB = []float64{101, -1} }},
		{rule: ruleJobInput, name: "at home", decide: func(f *fixture) { _, p := f.bulk(); p.TransferGB = []float64{10} }},
		{rule: ruleJobInputAt, name: "too late", decide: func(f *fixture) { _, p := f.train(); p.TransferFirst = 2 }},
		{rule: ruleJobInputAt, name: "too early", decide: func(f *fixture) { _, p := f.train(); p.TransferFirst = 0 }},
		{rule: ruleJobData, decide: func(f *fixture) { j, _ := f.bulk(); j.InputGB, j.DataRegion = 5, "far" }},
	}
}

func poolSeeds() []seed {
	return []seed{
		{rule: ruleDataLinkFlow, name: "forward", final: func(f *fixture) { f.p.DataLinks[0].ForwardGB[0]++ }},
		{rule: ruleDataLinkFlow, name: "backward", final: func(f *fixture) { f.p.DataLinks[0].BackwardGB[1] = 0 }},
		// 100 GB in a quarter of an hour need 0.89 Gb/s.
		{rule: ruleDataLinkCapacity, decide: func(f *fixture) { f.c.DataLinks[0].CapacityGbps = model.Constant(0.88) }},

		{rule: rulePoolTransition, final: func(f *fixture) { _, p := f.pool(0); p.ModuleStops[4] = 2 }},
		{rule: rulePoolModules, decide: func(f *fixture) { s, _ := f.pool(0); s.AvailableModules = model.Series{10, 10, 7.9, 10, 10, 10} }},
		{rule: rulePoolAlwaysOn, decide: func(f *fixture) { _, p := f.pool(1); p.ModulesOn[5], p.ModuleStops[5] = 3, 1 }},
		{rule: rulePoolMinOn, decide: func(f *fixture) {
			s, p := f.pool(3)
			s.InitialModulesOn, s.MinOnH = ptr(0), 2
			p.ModulesOn, p.ModuleStarts, p.ModuleStops = []int{0, 0, 1, 0, 0, 0}, []int{0, 0, 1, 0, 0, 0}, []int{0, 0, 0, 1, 0, 0}
		}},
		{rule: rulePoolMinOff, decide: func(f *fixture) {
			s, p := f.pool(3)
			s.Modules, s.MinOffH = 1, 1
			p.ModulesOn, p.ModuleStarts, p.ModuleStops = []int{1, 0, 1, 1, 1, 1}, []int{0, 0, 1, 0, 0, 0}, []int{0, 1, 0, 0, 0, 0}
		}},
		// Period 0: hot work 20 / 0.8, cold 5, the job 4: 34 units.
		{rule: rulePoolCapacity, name: "headroom", decide: func(f *fixture) { s, _ := f.pool(0); s.UnitsPerModule = 5.6 }},
		// A gang of 8 is held in the last period too, though it draws for 4.
		{rule: rulePoolCapacity, name: "gang", decide: func(f *fixture) { s, _ := f.pool(1); s.UnitsPerModule = 2 }},
		{rule: rulePoolBusy, final: func(f *fixture) { _, p := f.pool(0); p.BusyUnits[3]++ }},

		{rule: ruleSitePower, final: func(f *fixture) { f.p.Sites[1].PowerMW[2] += 0.1 }},
		{rule: ruleSiteImport, decide: func(f *fixture) { f.c.Sites[0].ImportLimitMW = model.Constant(3) }},
		{rule: ruleSiteRamp, decide: func(f *fixture) { f.c.Sites[0].InitialPowerMW = ptr(30.0) }},
	}
}

func sumSeeds() []seed {
	return []seed{
		{rule: rulePolicyCO2, state: func(f *fixture) { f.p.Policy.CO2T-- }},
		{rule: rulePolicyCap, name: "less", state: func(f *fixture) { f.p.Policy.CO2ExcessT-- }},
		{rule: rulePolicyCap, name: "no cap", decide: func(f *fixture) { f.c.Policy.CO2CapT = nil }, state: func(f *fixture) { f.p.Policy.CO2ExcessT = 1 }},
		{rule: rulePolicyRenewable, name: "less", state: func(f *fixture) { f.p.Policy.RenewableShortfallMWh-- }},
		{rule: rulePolicyRenewable, name: "no share", decide: func(f *fixture) { f.c.Policy.RenewableShareMin = nil },
			state: func(f *fixture) { f.p.Policy.RenewableShortfallMWh = 1 }},

		{rule: ruleCostUnknown, name: "asset", final: func(f *fixture) {
			f.p.Costs = append(f.p.Costs, model.Cost{Item: model.CostDropped, Asset: "nobody", Amount: 0.0005})
			f.p.Objective += 0.0005
		}},
		{rule: ruleCostUnknown, name: "item", final: func(f *fixture) {
			f.p.Costs = append(f.p.Costs, model.Cost{Item: "tax", Asset: "coal", Amount: 5})
			f.p.Objective += 5
		}},
		{rule: ruleCostOrder, name: "assets", final: func(f *fixture) { f.p.Costs[0], f.p.Costs[1] = f.p.Costs[1], f.p.Costs[0] }},
		{rule: ruleCostOrder, name: "items", final: func(f *fixture) {
			last := len(f.p.Costs) - 1
			f.p.Costs[0], f.p.Costs[last] = f.p.Costs[last], f.p.Costs[0]
		}},
		{rule: ruleCostOrder, name: "zero", final: func(f *fixture) {
			f.p.Costs = append(f.p.Costs, model.Cost{Item: model.CostDropped, Asset: "train"})
			n := len(f.p.Costs)
			f.p.Costs[n-1], f.p.Costs[n-2] = f.p.Costs[n-2], f.p.Costs[n-1]
		}},
		{rule: ruleCostOrder, name: "twice", final: func(f *fixture) {
			f.p.Costs[0].Amount /= 2
			f.p.Costs = slices.Insert(f.p.Costs, 1, f.p.Costs[0])
		}},
		{rule: ruleCostAmount, final: func(f *fixture) { f.p.Costs[0].Amount++; f.p.Objective++ }},
		{rule: ruleCostMissing, final: func(f *fixture) {
			f.p.Objective -= f.p.Costs[0].Amount
			f.p.Costs = f.p.Costs[1:]
			f.p.Bound = ptr(-1e9)
		}},
		{rule: rulePlanObjective, final: func(f *fixture) { f.p.Objective++ }},
		{rule: rulePlanBound, final: func(f *fixture) { f.p.Bound = ptr(f.p.Objective + 0.1) }},
	}
}
