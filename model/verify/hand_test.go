package verify

import (
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// costOf is the amount that the check finds for an item and asset.
func costOf(k *checker, item model.CostItem, asset string) float64 {
	sum := 0.0
	for _, a := range k.accounts[item] {
		if a.asset == asset {
			sum += a.amount
		}
	}
	return sum
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b)) }

// TestCostsByHand prices the joint plan by hand, item by item.
func TestCostsByHand(t *testing.T) {
	k := joint().run()
	for _, want := range []struct {
		item   model.CostItem
		asset  string
		amount float64
	}{
		// Coal, money per hour:
		//   2 units at 140 MW: 2*1000 + 40*16 = 2640, for 0.25 h    660
		//   2 units at 150 MW: 2*1000 + 50*16 = 2800, for 0.25 h    700
		//   2 units at 180 MW: 2*1000 + 50*16 + 30*24 = 3520, at factor 1.1  3872
		//   3 units at 200 MW: 3*1000 + 50*16 = 3800               3800
		//   2 normal at 120 MW: 2*1000 + 20*16 = 2320; 1 deep at 45 MW: 900 + 15*10 = 1050   3370
		//   1 normal at 70 MW: 1000 + 20*16 = 1320; 1 deep at 40 MW: 900 + 10*10 = 1000; 4 h  9280
		{model.CostRunning, "coal", 660 + 700 + 3872 + 3800 + 3370 + 9280},
		// Gas: 2 hours at 900 + 5 * 40.
		{model.CostRunning, "gas", 2200},
		{model.CostStartup, "coal", 2000},
		{model.CostStartup, "gas", 300},
		// Coal makes 35 + 37.5 + 180 + 200 + 165 + 440 = 1057.5 MWh at 0.9 t, and
		// a cold start 2 t: 953.75 t at 50.
		{model.CostCO2, "coal", 953.75 * 50},
		// 50 MWh at 0.4 t.
		{model.CostCO2, "gas", 20 * 50},
		// Hydrogen: 0.25 + 0.5 + 3 + 4 + 5 + 24 = 36.75 MWh at 0.01 t, at 20 earned.
		{model.CostCO2, "h2", 0.3675 * 50},
		{model.CostOther, "h2", -735},
		// Wind: 25 + 25 + 80 + 60 + 50 + 360 = 600 MWh at 0.5; curtailed 20 MW in
		// a quarter of an hour, at 2.
		{model.CostRenewable, "wind", 300},
		{model.CostCurtailment, "wind", 10},
		// 20 MW for 7.5 h at 1; 100 MWh of water left at 10.
		{model.CostHydro, "dam", 150},
		{model.CostTerminalValue, "dam", -1000},
		// 10 MWh discharged at 2.
		{model.CostWear, "battery", 20},
		// 60 MW for 2.5 h, 10 MW back for 1 h, 50 MW for 4 h, at 1.
		{model.CostLink, "line", 150 + 10 + 200},
		// 2.5 + 2.5 + 10 - 5 + 20 + 40 = 70 MWh at 30.
		{model.CostExchange, "abroad", 2100},
		// 25 units for 7.5 h at 2 GB, at 0.1; the 5 units at home move nothing.
		{model.CostData, "render", 37.5},
		{model.CostData, "train", 20},
		{model.CostModuleStart, "cpu-east", 10},
		// 5 MW for 7.5 h at 5000, 1 MW likewise.
		{model.CostReserveShortage, "spin", 187_500},
		{model.CostReserveShortage, "relief", 37_500},
		// 953.75 + 20 + 0.3675 t, 500 of them under the cap.
		{model.CostCO2Excess, "", (974.1175 - 500) * 10_000},
		// Generation: 1057.5 + 50 + 600 + 150 = 1857.5 MWh, of which 0.6 is
		// 1114.5; wind and water make 750.
		{model.CostRenewableShortfall, "", 364.5 * 5000},
		{model.CostUnserved, "web", 20_000},
		{model.CostLate, "sweep", 10},
		{model.CostDropped, "extra", 700},
	} {
		if got := costOf(k, want.item, want.asset); !near(got, want.amount) {
			t.Errorf("%s of %q: %.10g, by hand %.10g", want.item, want.asset, got, want.amount)
		}
	}
	if n := len(k.accounts[model.CostDropped]) + len(k.accounts[model.CostLate]) + len(k.accounts[model.CostUnserved]); n != 3 {
		t.Errorf("%d costs of unserved, late and dropped work, want 3", n)
	}
}

// TestSumsByHand recomputes balances of the joint plan by hand.
func TestSumsByHand(t *testing.T) {
	f := joint()
	for _, want := range []struct {
		what      string
		got, hand float64
	}{
		// 25*0.999^0.25 + 10*0.9*0.25
		{"battery level 0", f.p.Storages[0].LevelMWh[0], 24.993747653931 + 2.25},
		// 60*0.03 + 1
		{"line loss 0", f.p.Links[0].LossMW[0], 2.8},
		{"line loss 4", f.p.Links[0].LossMW[4], 1.3},
		// 25 units * 2 GB * 4 h
		{"fibre forward 5", f.p.DataLinks[0].ForwardGB[5], 200},
		{"fibre backward 1", f.p.DataLinks[0].BackwardGB[1], 100},
		// web 30 + render 5 + sweep 2
		{"cpu-east busy 2", f.p.Pools[0].BusyUnits[2], 37},
		// render 25/1.5, bulk 10
		{"cpu-west busy 3", f.p.Pools[2].BusyUnits[3], 25/1.5 + 10},
		// The last period of the first gang draws for 4 units.
		{"gpu-east busy 3", f.p.Pools[1].BusyUnits[3], 4},
		// cpu: 8*0.1 + 37*0.02 + 0.05*2/1 = 1.64; gpu: 4*0.2 + 8*0.1 = 1.6;
		// 1.3*3.24 + 1
		{"dc-east power 2", f.p.Sites[0].PowerMW[2], 5.212},
		// cpu: 6*0.1 + (20+5+4)*0.02 = 1.18, gpu: 0.8; 1.3*1.98 + 1 = 3.574
		{"dc-east power 0", f.p.Sites[0].PowerMW[0], 3.574},
		// Load 150, site 3.574, charging 10, half of 12.5 GB in a quarter of an
		// hour at 0.5 kWh: 0.0125; import 10, the line brings 57.2.
		{"east shed 0", f.p.Buses[0].ShedMW[0], 150 + 3.574 + 10 + 0.0125 - 10 - 57.2},
		{"co2", f.p.Policy.CO2T, 974.1175},
	} {
		if math.Abs(want.got-want.hand) > 1e-6 {
			t.Errorf("%s: %.10g, by hand %.10g", want.what, want.got, want.hand)
		}
	}
}

// TestShortagesByHand lists what the joint plan is short of.
func TestShortagesByHand(t *testing.T) {
	f := joint()
	r := f.check()
	got := map[model.CostItem]map[string]Shortage{}
	for _, s := range r.Shortages {
		if got[s.Item] == nil {
			got[s.Item] = map[string]Shortage{}
		}
		got[s.Item][s.Asset] = s
	}
	for _, want := range []Shortage{
		{Item: model.CostReserveShortage, Asset: "spin", FirstPeriod: 0, LastPeriod: 5, Periods: 6, Total: 37.5, TotalUnit: "MWh", Max: 5, MaxUnit: "MW"},
		{Item: model.CostUnserved, Asset: "web", FirstPeriod: 2, LastPeriod: 2, Periods: 1, Total: 1, TotalUnit: "unit-h", Max: 1, MaxUnit: "unit"},
		{Item: model.CostLate, Asset: "sweep", FirstPeriod: 4, LastPeriod: 4, Periods: 1, Total: 1, TotalUnit: "job", Max: 1, MaxUnit: "h"},
		{Item: model.CostDropped, Asset: "extra", FirstPeriod: -1, LastPeriod: -1, Total: 1, TotalUnit: "job", Max: 2, MaxUnit: "unit-h"},
		{Item: model.CostCO2Excess, FirstPeriod: -1, LastPeriod: -1, Total: 474.1175, TotalUnit: "t"},
		{Item: model.CostRenewableShortfall, FirstPeriod: -1, LastPeriod: -1, Total: 364.5, TotalUnit: "MWh"},
	} {
		s, ok := got[want.Item][want.Asset]
		if !ok {
			t.Errorf("%s of %q is not reported", want.Item, want.Asset)
			continue
		}
		if math.Abs(s.Total-want.Total) > 1e-6 {
			t.Errorf("%s of %q: total %g, want %g", want.Item, want.Asset, s.Total, want.Total)
		}
		s.Total, s.least, want.Total = 0, 0, 0
		if s.FirstPeriod != want.FirstPeriod || s.LastPeriod != want.LastPeriod || s.Periods != want.Periods ||
			s.TotalUnit != want.TotalUnit || s.Max != want.Max || s.MaxUnit != want.MaxUnit {
			t.Errorf("got %+v, want %+v", s, want)
		}
	}
	shed := got[model.CostShedding]["east"]
	sum := 0.0
	for t, mw := range f.p.Buses[0].ShedMW {
		sum += mw * f.p.PeriodHours[t]
	}
	if !near(shed.Total, sum) || shed.Max != slices.Max(f.p.Buses[0].ShedMW) {
		t.Errorf("shedding in the east: %+v, want %g MWh", shed, sum)
	}
	f = joint()
	f.p.Buses[0].SpillMW[1], f.p.Buses[0].SpillMW[2] = 2, 3
	f.c.Buses[1].SpillPricePerMWh = ptr(0.0)
	f.p.Buses[1].SpillMW[1] = 2
	var spilt []Shortage
	for _, s := range f.check().Shortages {
		if s.Item == model.CostSpill {
			spilt = append(spilt, s)
		}
	}
	if len(spilt) != 1 || spilt[0].Asset != "east" || spilt[0].FirstPeriod != 1 || spilt[0].Periods != 2 || spilt[0].Max != 3 ||
		!near(spilt[0].Total, 2*f.p.PeriodHours[1]+3*f.p.PeriodHours[2]) {
		t.Errorf("surplus: %+v, want that of the east, where it costs", spilt)
	}
}

// TestAtTheLimit: what meets a limit exactly is no breach, and a hundredth more
// is.
func TestAtTheLimit(t *testing.T) {
	for _, tt := range []struct {
		rule string
		set  func(f *fixture, more float64)
	}{
		{ruleThermalMaxPower, func(f *fixture, more float64) {
			_, p := f.coal()
			p.PowerMW[5], p.Reserves[spin].MW[5] = 140+more, 0
		}},
		{ruleThermalRampUp, func(f *fixture, more float64) { // 140 + 100 * 0.25 * 2
			_, p := f.coal()
			p.PowerMW[1], p.Reserves[spin].MW[1] = 190+more, 0
		}},
		{ruleThermalStartLimit, func(f *fixture, more float64) {
			u, p := f.gas()
			u.RampUpMWPerH = nil
			p.PowerMW[2] = 30 + more
		}},
		{ruleThermalReserveUp, func(f *fixture, more float64) { // 200 - 190
			_, p := f.coal()
			p.PowerMW[1] = 190
			p.Reserves[spin].MW[1] = 10 + more
		}},
		{ruleThermalReserveRamp, func(f *fixture, more float64) {
			_, p := f.coal()
			p.Reserves[spin].MW[0] = 100.0/6*2 + more
		}},
		{ruleThermalSharedUp, func(f *fixture, more float64) { // from 140 to 150 of 50 MW
			_, p := f.coal()
			f.c.Reserves[spin].RampShared = true
			p.Reserves[spin].MW[1] = 40 + more
		}},
		{ruleThermalSharedDown, func(f *fixture, more float64) { // from 210 to 190, 3 units by 10 MW each, none deep
			u, p := f.coal()
			f.c.Reserves[relief].RampShared = true
			u.RampDownMWPerH, u.Deep = ptr(10.0), nil
			p.UnitsDeep, p.DeepEntries, p.DeepExits, p.DeepPowerMW = nil, nil, nil, nil
			p.PowerMW[3], p.PowerMW[4], p.PowerMW[5] = 210, 190, 110
			p.Reserves[relief].MW[3], p.Reserves[relief].MW[4] = 0, 10+more
		}},
		{ruleRenewableMinPower, func(f *fixture, more float64) {
			f.c.Renewables[0].MinPowerMW = model.Series{0, 100 + more, 0, 0, 0, 0}
		}},
		{ruleHydroRamp, func(f *fixture, more float64) { // the first period counts whole
			h, _ := f.dam()
			h.InitialPowerMW = ptr(20 - 30*0.25 - more)
		}},
		{ruleLinkRamp, func(f *fixture, more float64) { // from -10 to 50 MW in (1 + 4)/2 h
			l, p := f.line()
			l.RampMWPerH = ptr(24.0)
			l.InitialFlowMW = nil
			p.ForwardMW = []float64{0, 0, 0, 0, 0, 50 + more}
			_, battery := f.battery()
			battery.ChargeMW[0] = 0
		}},
		{ruleStorageReserveEnergy, func(f *fixture, more float64) {
			s, p := f.battery()
			s.LevelMinMWh = p.LevelMWh[5] - 2*0.5/0.9 + more
		}},
		{ruleStorageCycles, func(f *fixture, more float64) {
			s, _ := f.battery()
			s.MaxCycles = ptr((10/0.9 - more) / 50)
		}},
		{ruleDataLinkCapacity, func(f *fixture, more float64) {
			f.c.DataLinks[0].CapacityGbps = model.Constant((100 - more) / (450 * 0.25))
		}},
		{rulePoolCapacity, func(f *fixture, more float64) { // period 4: 20/0.8 + 5 + 3 units in 5 modules
			s, _ := f.pool(0)
			s.UnitsPerModule = (33 - more) / 5
		}},
		{ruleJobDeadline, func(f *fixture, more float64) { j, _ := f.bulk(); j.DeadlineH = ptr(2.5 - more) }},
		{ruleJobRelease, func(f *fixture, more float64) { j, _ := f.bulk(); j.ReleaseH = 1.5 + more }},
		{ruleThermalMinUp, func(f *fixture, more float64) { u, _ := f.gas(); u.MinUpH = 2 + more }},
		{ruleThermalMinDown, func(f *fixture, more float64) { u, _ := f.gas(); u.Initial.HoursOff = ptr(0.5 - more) }},
		{ruleSiteRamp, func(f *fixture, more float64) {
			s := &f.c.Sites[0]
			s.RampMWPerH, s.InitialPowerMW = ptr(10.0), ptr(f.p.Sites[0].PowerMW[0]-2.5-more)
		}},
		{ruleWorkloadLatency, func(f *fixture, more float64) { f.c.LatencyClasses[0].MaxRoundTripMS = ptr(2 - more) }},
	} {
		for _, more := range []float64{0, 0.01} {
			f := joint()
			tt.set(f, more)
			f.derive()
			f.price()
			f.p.Bound = ptr(-1e9)
			got := rulesOf(f.check())
			switch {
			case more == 0 && len(got) > 0:
				t.Errorf("%s at the limit: found %v", tt.rule, got)
			case more > 0 && !slices.Contains(got, tt.rule):
				t.Errorf("%s beyond the limit: found %v", tt.rule, got)
			}
		}
	}
}

// TestRoundTrips: the table goes before distance, distance before nothing.
func TestRoundTrips(t *testing.T) {
	f := joint()
	f.c.Regions[0].LatitudeDeg, f.c.Regions[0].LongitudeDeg = ptr(0.0), ptr(0.0)
	f.c.Regions[1].LatitudeDeg, f.c.Regions[1].LongitudeDeg = ptr(0.0), ptr(90.0)
	f.c.Sites[0].LatitudeDeg, f.c.Sites[0].LongitudeDeg = ptr(0.0), ptr(1.0)
	f.c.Network.ByDistance = &model.DistanceRule{}
	k := f.run()
	degree := math.Pi / 180 * earthRadiusKM // km along the equator
	for _, tt := range []struct {
		region, site int
		want         float64 // NaN: unknown
	}{
		{0, 0, 2},  // from the table
		{0, 1, 40}, // from the table
		// 2 * 5 us/km * 1.4 over 89 degrees, and 2 ms
		{1, 0, 0.014*89*degree + 2},
		{1, 1, 2},          // by distance within the region, too: 0 km
		{2, 2, 0},          // without coordinates, within the region
		{2, 0, math.NaN()}, // without coordinates, elsewhere
	} {
		for range 2 { // the second time as kept
			got, known := k.roundTrip(tt.region, tt.site)
			if known == math.IsNaN(tt.want) || known && math.Abs(got-tt.want) > 1e-9 {
				t.Errorf("region %d, site %d: %g ms (known: %v), want %g", tt.region, tt.site, got, known, tt.want)
			}
		}
	}
	// Beijing to Shanghai: 1067 km by the haversine formula.
	if km := greatCircleKM(39.9042, 116.4074, 31.2304, 121.4737); math.Abs(km-1067) > 1 {
		t.Errorf("great circle of %g km, want 1067", km)
	}
}

// TestCurveCost fills segments in order, over all units together.
func TestCurveCost(t *testing.T) {
	curve := []model.CostPoint{{PowerMW: 10, CostPerH: 100}, {PowerMW: 20, CostPerH: 150}, {PowerMW: 40, CostPerH: 350}}
	for _, tt := range []struct{ units, power, want float64 }{
		{0, 0, 0},
		{1, 10, 100},
		{1, 20, 150},
		{1, 30, 250}, // 150 + 10*10
		{2, 40, 300}, // both at 20 rather than one at 30 and one at 10
		{2, 80, 700}, // both at 40
		{3, 40, 350}, // 300 + 10*5
		{3, 70, 550}, // 300 + 30*5 + 10*10
		{1, 41, 360}, // beyond the end: the last slope
		{1, 9, 95},   // before the beginning: the first
		{0, 0.1, 1},  // no unit on, and noise: the last slope
	} {
		if got := curveCost(curve, tt.units, tt.power); !near(got, tt.want) {
			t.Errorf("%g units at %g MW: %g, want %g", tt.units, tt.power, got, tt.want)
		}
	}
	if got := curveCost(curve[:1], 2, 20); got != 200 {
		t.Errorf("a curve of one point: %g, want 200", got)
	}
	if got := curveCost(nil, 2, 20); got != 0 {
		t.Errorf("no curve: %g, want 0", got)
	}
}

// TestDeepStart: start-up and shut-down limits of units that start or stop in
// deep operation.
func TestDeepStart(t *testing.T) {
	for _, tt := range []struct {
		name                string
		startMW, stopMW     float64
		starts, stops, deep int
		normal, ofDeep      float64
		ok                  bool
	}{
		{"normal start", 80, 100, 1, 0, 0, 20, 0, true},
		{"a deep unit keeps the limit by itself", 80, 100, 1, 0, 1, 0, 0, true},
		{"limit below the minimum needs a deep unit", 40, 100, 1, 0, 0, 0, 10, false},
		{"which then produces at most the limit", 40, 100, 1, 0, 1, 0, 10, true},
		{"both: the deep unit stands where it saves most", 80, 70, 1, 1, 1, 20, 0, true},
		{"both below the minimum", 40, 45, 1, 2, 3, 0, 10 + 2*5, true},
		{"both below, one deep short", 40, 45, 1, 2, 2, 0, 10 + 2*5, false},
		{"one below, the other not covered", 40, 60, 1, 1, 1, 40, 10, true},
	} {
		x := &cluster{low: 50, high: 100, startMW: tt.startMW, stopMW: tt.stopMW}
		normal, ofDeep, ok := x.reduction(tt.starts, tt.stops, tt.deep)
		if normal != tt.normal || ofDeep != tt.ofDeep || ok != tt.ok {
			t.Errorf("%s: %g, %g, %v; want %g, %g, %v", tt.name, normal, ofDeep, ok, tt.normal, tt.ofDeep, tt.ok)
		}
	}
}

// TestSharedNames: a workload and a job may have one name, and then two entries
// of data cost, or one of both.
func TestSharedNames(t *testing.T) {
	f := joint()
	f.c.Jobs[0].Name, f.p.Jobs[0].Job, f.p.Jobs[1].Job = "render", "render", "render"
	f.price()
	mustOK(t, f.check())
	i := slices.IndexFunc(f.p.Costs, func(c model.Cost) bool { return c.Item == model.CostData })
	if f.p.Costs[i+1].Item != model.CostData {
		t.Fatal("one cost of data, want two")
	}
	f.p.Costs[i].Amount += f.p.Costs[i+1].Amount
	f.p.Costs = slices.Delete(f.p.Costs, i+1, i+2)
	mustOK(t, f.check())
}

// TestFingerprint: without one in the options the case's own is compared.
func TestFingerprint(t *testing.T) {
	f := joint()
	f.o.CaseSHA256 = ""
	if got := rulesOf(f.check()); !slices.Equal(got, []string{rulePlanCase}) {
		t.Errorf("found %v, want %s", got, rulePlanCase)
	}
	f.p.CaseSHA256 = f.c.Fingerprint()
	mustOK(t, f.check())
}
