package report

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/wattbit/wattbit/model"
)

// hub is a bus of the fixture with its site; figures are invented.
type hub struct {
	name, area         string
	load               float64 // highest, MW
	coal, gas, nuclear int     // units of 660, 400, 1,100 MW
	hydro, wind, solar float64 // MW
	exchange           float64 // MW, import positive
	it                 float64 // MW of machines
	pue                float64
}

var hubs = []hub{
	{"JJJ", "east", 92_000, 130, 30, 0, 0, 24_000, 50_000, 22_000, 1150, 1.25},
	{"YRD", "east", 280_000, 290, 50, 14, 8_000, 28_000, 98_000, 24_000, 700, 1.25},
	{"GBA", "east", 104_000, 62, 70, 14, 10_000, 13_000, 19_000, 22_000, 350, 1.25},
	{"CY", "west", 72_950, 44, 4, 0, 46_000, 6_000, 6_000, 0, 300, 1.25},
	{"NM", "west", 55_000, 168, 0, 0, 0, 40_000, 29_000, -24_000, 700, 1.18},
	{"GZ", "west", 22_000, 48, 0, 0, 11_000, 4_800, 25_000, 0, 450, 1.2},
	{"GS", "west", 19_000, 34, 0, 0, 9_000, 18_000, 23_000, -2_000, 150, 1.2},
	{"NX", "west", 16_000, 44, 0, 0, 400, 11_000, 28_000, -6_000, 200, 1.15},
}

var corridors = []struct {
	from, to string
	mw, loss float64
}{
	{"NM", "JJJ", 12_950, 0.035}, {"NM", "YRD", 8_000, 0.065}, {"CY", "YRD", 3_000, 0.065},
	{"NX", "YRD", 8_000, 0.06}, {"GS", "NX", 7_000, 0.02}, {"GZ", "GBA", 9_500, 0.045}, {"GS", "CY", 3_000, 0.04},
}

func ptr[T any](v T) *T { return &v }

// builder makes a case and a plan of it that balances every bus. It is no
// optimum: it has the shape of one.
type builder struct {
	c     *model.Case
	p     *model.Plan
	T     int
	hours []float64
	r     *rand.Rand
}

// fixture builds eight hubs with about the given number of jobs, over a day in
// the given number of periods. CY is short in the evening.
func fixture(periods, jobs int) (*model.Case, *model.Plan) {
	b := &builder{T: periods, r: rand.New(rand.NewPCG(1, 2))}
	zone := time.FixedZone("", 8*3600)
	b.c = &model.Case{
		Format: model.CaseFormat, Name: "Eight hubs, winter day", Currency: "CNY",
		Description: "Eight zones with their data-centre clusters on a cold day; invented figures of the right size.",
		Horizon: model.Horizon{
			Start: time.Date(2023, 1, 14, 0, 0, 0, 0, zone), Zone: "Asia/Shanghai",
			Periods: []model.PeriodRun{{Count: periods, Hours: 24 / float64(periods)}},
		},
	}
	b.hours = b.c.Horizon.Hours()
	b.p = &model.Plan{
		Format: model.PlanFormat, Case: b.c.Name, Currency: "CNY", Start: b.c.Horizon.Start, Zone: "Asia/Shanghai",
		PeriodHours: b.hours, Status: model.PlanOptimal, Prices: &model.Prices{CO2PerT: 80},
	}
	b.power()
	b.compute(jobs)
	b.balance()
	b.costs()
	return b.c, b.p
}

// series samples a function of the hour of the day at the middle of periods.
func (b *builder) series(f func(hour float64) float64) []float64 {
	out := make([]float64, b.T)
	at := 0.0
	for t := range out {
		out[t] = math.Round(1000*f(at+b.hours[t]/2)) / 1000
		at += b.hours[t]
	}
	return out
}

func daily(hour float64) float64 {
	return 0.78 + 0.12*math.Exp(-sq((hour-11)/3)) + 0.22*math.Exp(-sq((hour-19)/2.4)) - 0.06*math.Exp(-sq((hour-4)/3))
}

func sq(x float64) float64 { return x * x }

func sun(hour float64) float64 { return max(0, math.Cos((hour-12.5)/5*math.Pi/2)) * 0.62 }

func (b *builder) power() {
	c := b.c
	for i, h := range hubs {
		c.Buses = append(c.Buses, model.Bus{Name: h.name})
		c.Regions = append(c.Regions, model.Region{Name: h.name, Area: h.area, Bus: h.name})
		c.Loads = append(c.Loads, model.Load{Name: h.name + " load", Bus: h.name,
			PowerMW: b.series(func(x float64) float64 { return h.load * daily(x) })})
		if h.exchange != 0 {
			c.Exchanges = append(c.Exchanges, model.Exchange{Name: h.name + " outside", Bus: h.name, ImportMW: model.Constant(h.exchange)})
		}
		unit := func(name, fuel string, n int, least, most, price, co2 float64, reserves ...string) {
			if n > 0 {
				c.ThermalUnits = append(c.ThermalUnits, model.ThermalUnit{
					Name: h.name + " " + name, Bus: h.name, Fuel: fuel, Count: n, MinPowerMW: least, MaxPowerMW: most, CO2TPerMWh: co2,
					Cost:     []model.CostPoint{{PowerMW: least, CostPerH: least * price}, {PowerMW: most, CostPerH: most * price}},
					Reserves: reserves,
				})
			}
		}
		unit("nuclear", "nuclear", h.nuclear, 900, 1100, 80, 0)
		unit("coal 1000", "coal", h.coal/6, 400, 1000, 290, 0.80, "spinning")
		unit("coal 600", "coal", h.coal-h.coal/6, 240, 630, 310+4*float64(i), 0.86, "spinning")
		unit("gas", "gas", h.gas, 100, 400, 620, 0.40)
		c.Renewables = append(c.Renewables,
			model.Renewable{Name: h.name + " wind", Bus: h.name, Source: "wind", CapacityMW: h.wind, CurtailmentPricePerMWh: 50,
				AvailableMW: b.series(func(x float64) float64 { return h.wind * (0.32 + 0.16*math.Cos((x-float64(2*i))/24*2*math.Pi)) })},
			model.Renewable{Name: h.name + " solar", Bus: h.name, Source: "solar", CapacityMW: h.solar, CurtailmentPricePerMWh: 50,
				AvailableMW: b.series(func(x float64) float64 { return h.solar * sun(x) })})
		if h.hydro > 0 {
			c.Hydro = append(c.Hydro, model.Hydro{Name: h.name + " hydro", Bus: h.name, MaxPowerMW: h.hydro,
				LevelMaxMWh: h.hydro * 40, InitialLevelMWh: h.hydro * 20, InflowMW: model.Constant(h.hydro * 0.4)})
		}
	}
	for _, l := range corridors {
		c.Links = append(c.Links, model.Link{Name: l.from + "–" + l.to, From: l.from, To: l.to,
			MaxForwardMW: model.Constant(l.mw), LossShare: l.loss})
	}
	for _, s := range []struct {
		bus, technology string
		mw, mwh         float64
	}{{"YRD", "pumped hydro", 11_700, 70_000}, {"GBA", "pumped hydro", 8_000, 48_000}, {"NM", "battery", 3_000, 6_000}, {"CY", "battery", 600, 1_200}} {
		c.Storages = append(c.Storages, model.Storage{Name: s.bus + " " + s.technology, Bus: s.bus, Technology: s.technology,
			MaxChargeMW: s.mw, MaxDischargeMW: s.mw, EfficiencyCharge: ptr(0.9), EfficiencyDischarge: ptr(0.9),
			LevelMaxMWh: s.mwh, InitialLevelMWh: s.mwh / 4, WearCostPerMWh: 12})
	}
	c.Reserves = []model.ReserveProduct{{Name: "spinning", Direction: model.Up, RequirementMW: model.Constant(12_000)}}
}

func (b *builder) compute(jobs int) {
	c := b.c
	c.LatencyClasses = []model.LatencyClass{
		{Name: "hot", MaxRoundTripMS: ptr(10.0), UtilisationCap: ptr(0.7)},
		{Name: "warm", MaxRoundTripMS: ptr(30.0), UtilisationCap: ptr(0.8)},
		{Name: "cold"},
	}
	for i, from := range hubs {
		for k, to := range hubs {
			ms := 2 + math.Round(10*(3.1*math.Abs(float64(i-k))+2.2*math.Abs(math.Sin(float64(i*k)))))/10
			if i == k {
				ms = 2
			}
			c.Network.RoundTrips = append(c.Network.RoundTrips, model.RoundTrip{Region: from.name, Site: to.name + " hub", MS: ms})
			if k > i {
				c.DataLinks = append(c.DataLinks, model.DataLink{Name: from.name + "=" + to.name, From: from.name, To: to.name,
					CapacityGbps: model.Constant(400), PricePerGB: 0.14, EnergyKWhPerGB: 0.004})
			}
		}
	}
	for _, h := range hubs {
		c.Sites = append(c.Sites, model.Site{Name: h.name + " hub", Bus: h.name, Region: h.name, PUE: model.Constant(h.pue), BaseMW: model.Constant(h.it / 50)})
		// A unit is a server of 0.5 kW idle and 0.5 kW dynamic.
		for _, kind := range []string{"cpu", "gpu"} {
			c.Pools = append(c.Pools, model.Pool{Name: h.name + " " + kind, Site: h.name + " hub", Kind: kind,
				Modules: int(h.it / 2), UnitsPerModule: 1000, IdleMWPerModule: 0.4, DynamicMWPerUnit: 0.0006})
		}
	}
	origin := []struct {
		region string
		share  float64
	}{{"JJJ", 0.33}, {"YRD", 0.37}, {"GBA", 0.22}, {"CY", 0.08}}
	const total = 1.1e6 // units
	for _, o := range origin {
		for _, class := range []string{"hot", "warm"} {
			c.Workloads = append(c.Workloads, model.Workload{Name: o.region + " " + class, Region: o.region, Class: class,
				DemandUnits:    b.series(func(x float64) float64 { return total * o.share * (0.7 + 0.3*sun(x-2)) }),
				DataGBPerUnitH: 0.02, PoolKinds: []string{"cpu"}})
		}
	}
	p := b.p
	for i := range c.Pools {
		p.Pools = append(p.Pools, model.PoolPlan{Name: c.Pools[i].Name, ModulesOn: make([]int, b.T), ModuleStarts: make([]int, b.T),
			ModuleStops: make([]int, b.T), BusyUnits: make([]float64, b.T)})
	}
	for i := range c.DataLinks {
		p.DataLinks = append(p.DataLinks, model.DataLinkPlan{Name: c.DataLinks[i].Name, ForwardGB: make([]float64, b.T), BackwardGB: make([]float64, b.T)})
	}
	b.routes()
	b.jobs(jobs)
	for i := range p.Pools {
		on := 0
		for t := range b.T {
			need := int(math.Ceil(p.Pools[i].BusyUnits[t] / 700))
			need = min(max(need, c.Pools[i].Modules/4), c.Pools[i].Modules)
			if t == 0 {
				on = need
			}
			p.Pools[i].ModulesOn[t] = need
			p.Pools[i].ModuleStarts[t], p.Pools[i].ModuleStops[t] = max(0, need-on), max(0, on-need)
			on = need
		}
	}
	for i := range c.Sites {
		mw := make([]float64, b.T)
		for k := range c.Pools {
			if c.Pools[k].Site != c.Sites[i].Name {
				continue
			}
			for t := range mw {
				mw[t] += c.Sites[i].PUE[0] * (c.Pools[k].IdleMWPerModule*float64(p.Pools[k].ModulesOn[t]) + c.Pools[k].DynamicMWPerUnit*p.Pools[k].BusyUnits[t])
			}
		}
		for t := range mw {
			mw[t] += c.Sites[i].BaseMW[0]
		}
		p.Sites = append(p.Sites, model.SitePlan{Name: c.Sites[i].Name, PowerMW: mw})
	}
}

// send puts data on the link between two regions.
func (b *builder) send(from, to string, t int, gb float64) {
	for i := range b.c.DataLinks {
		switch l := b.c.DataLinks[i]; {
		case l.From == from && l.To == to:
			b.p.DataLinks[i].ForwardGB[t] += gb
		case l.From == to && l.To == from:
			b.p.DataLinks[i].BackwardGB[t] += gb
		}
	}
}

func (b *builder) pool(name string) *model.PoolPlan {
	for i := range b.p.Pools {
		if b.p.Pools[i].Name == name {
			return &b.p.Pools[i]
		}
	}
	panic("fixture: pool " + name)
}

func (b *builder) routes() {
	west := map[string][]string{"JJJ": {"NM", "NX"}, "YRD": {"NX", "GZ"}, "GBA": {"GZ", "CY"}, "CY": {"GZ", "GS"}}
	for i := range b.c.Workloads {
		w := &b.c.Workloads[i]
		plan := model.WorkloadPlan{Name: w.Name, UnservedUnits: make([]float64, b.T)}
		shares := map[string]float64{w.Region: 1}
		order := []string{w.Region}
		if w.Class == "warm" {
			order = append(order, west[w.Region]...)
			shares = map[string]float64{w.Region: 0.3, order[1]: 0.45, order[2]: 0.25}
		}
		for _, to := range order {
			units := make([]float64, b.T)
			for t := range units {
				units[t] = w.DemandUnits[t] * shares[to]
				b.pool(to + " cpu").BusyUnits[t] += units[t]
				if to != w.Region {
					b.send(w.Region, to, t, units[t]*b.hours[t]*w.DataGBPerUnitH)
				}
			}
			plan.Routes = append(plan.Routes, model.Route{Pool: to + " cpu", Units: units})
		}
		b.p.Workloads = append(b.p.Workloads, plan)
	}
}

func (b *builder) jobs(n int) {
	origins := []string{"JJJ", "YRD", "GBA", "CY"}
	scale := 36 / float64(max(n, 1))
	for i := range n {
		shape := model.Rigid
		if i%3 == 0 {
			shape = model.Preemptible
		}
		length := 2 + b.r.IntN(8)
		units := math.Round((2000 + 14_000*b.r.Float64()) * scale)
		release := float64(b.r.IntN(8))
		job := model.Job{Name: fmt.Sprintf("train-%03d", i+1), Region: origins[i%4], Class: "cold", Shape: shape, Units: units,
			WorkUnitH: units * (float64(length) - 0.5), ReleaseH: release, DeadlineH: ptr(min(24, release+float64(length)+6)),
			LatePricePerH: ptr(500.0), InputGB: 800, PoolKinds: []string{"gpu"}}
		plan := model.JobPlan{Job: job.Name, Number: 1}
		site := hubs[(i*5)%8].name
		if i%17 == 16 {
			plan.Dropped = true
		} else {
			plan.Pool = site + " gpu"
			start := release + 1 + float64(b.r.IntN(5))
			if i%13 == 12 {
				start = *job.DeadlineH - float64(length) + 2
			}
			step := b.hours[0]
			first := int(start / step)
			left := job.WorkUnitH
			for t := first; t < b.T && left > 1e-9; t++ {
				busy := min(units, left/step)
				if shape == model.Preemptible && t%4 == 1 {
					busy *= 0.4
				}
				plan.BusyUnits = append(plan.BusyUnits, busy)
				b.pool(plan.Pool).BusyUnits[t] += busy
				left -= busy * step
			}
			plan.First = first
			if left > 1e-9 {
				// What the horizon cuts off was never part of this job.
				job.WorkUnitH -= left
			}
			end := float64(first+len(plan.BusyUnits)) * step
			plan.LateH = max(0, end-*job.DeadlineH)
			if site != job.Region {
				plan.TransferFirst = int(release / step)
				plan.TransferGB = []float64{job.InputGB}
				b.send(job.Region, site, plan.TransferFirst, job.InputGB)
			}
		}
		b.c.Jobs = append(b.c.Jobs, job)
		b.p.Jobs = append(b.p.Jobs, plan)
	}
}

// balance dispatches bus by bus: links and storage by a pattern, then hydro,
// renewables and thermal units in the order of the case; the rest is shed,
// curtailed or spilled.
func (b *builder) balance() {
	c, p := b.c, b.p
	net := map[string][]float64{}
	add := func(bus string, f func(t int) float64) {
		if net[bus] == nil {
			net[bus] = make([]float64, b.T)
		}
		for t := range b.T {
			net[bus][t] += f(t)
		}
	}
	for i := range c.Loads {
		add(c.Loads[i].Bus, func(t int) float64 { return c.Loads[i].PowerMW[t] })
	}
	for i := range c.Exchanges {
		add(c.Exchanges[i].Bus, func(t int) float64 { return -c.Exchanges[i].ImportMW[0] })
	}
	for i := range c.Sites {
		add(c.Sites[i].Bus, func(t int) float64 { return p.Sites[i].PowerMW[t] })
	}
	for i := range c.DataLinks {
		mw := func(t int) float64 {
			return c.DataLinks[i].EnergyKWhPerGB / 1000 * (p.DataLinks[i].ForwardGB[t] + p.DataLinks[i].BackwardGB[t]) / b.hours[t] / 2
		}
		add(c.DataLinks[i].From, mw)
		add(c.DataLinks[i].To, mw)
	}
	for i := range c.Links {
		l := &c.Links[i]
		v := model.LinkPlan{Name: l.Name, BackwardMW: make([]float64, b.T), LossMW: make([]float64, b.T)}
		v.ForwardMW = b.series(func(x float64) float64 { return l.MaxForwardMW[0] * min(1, 0.62+0.5*sun(x)+0.55*daily(x)-0.2) })
		if l.To == "CY" {
			v.ForwardMW = b.series(func(float64) float64 { return l.MaxForwardMW[0] })
		}
		if l.From == "CY" {
			// Surplus at night; nothing is left to send in the evening.
			v.ForwardMW = b.series(func(x float64) float64 { return l.MaxForwardMW[0] * max(0, math.Cos((x-12)/6*math.Pi/2)) })
		}
		for t := range b.T {
			v.LossMW[t] = v.ForwardMW[t] * l.LossShare
		}
		add(l.From, func(t int) float64 { return v.ForwardMW[t] })
		add(l.To, func(t int) float64 { return v.LossMW[t] - v.ForwardMW[t] })
		p.Links = append(p.Links, v)
	}
	for i := range c.Storages {
		s := &c.Storages[i]
		v := model.StoragePlan{Name: s.Name, ChargeMW: make([]float64, b.T), DischargeMW: make([]float64, b.T), LevelMWh: make([]float64, b.T)}
		level := s.InitialLevelMWh
		at := 0.0
		for t, h := range b.hours {
			switch hour := at + h/2; {
			case hour > 10 && hour < 16:
				v.ChargeMW[t] = min(s.MaxChargeMW, (s.LevelMaxMWh-level)/0.9/h)
			case hour > 17 && hour < 22:
				v.DischargeMW[t] = min(s.MaxDischargeMW*0.95, level*0.9/h)
			}
			level += v.ChargeMW[t]*0.9*h - v.DischargeMW[t]/0.9*h
			v.LevelMWh[t] = level
			at += h
		}
		add(s.Bus, func(t int) float64 { return v.ChargeMW[t] - v.DischargeMW[t] })
		p.Storages = append(p.Storages, v)
	}
	for i := range c.Hydro {
		h := &c.Hydro[i]
		v := model.HydroPlan{Name: h.Name, SpillMW: make([]float64, b.T), LevelMWh: make([]float64, b.T)}
		v.PowerMW = b.series(func(x float64) float64 { return h.MaxPowerMW * min(0.8, 0.5+0.3*max(0, daily(x)-0.8)/0.2) })
		level := h.InitialLevelMWh
		for t, hours := range b.hours {
			level += (h.InflowMW[0] - v.PowerMW[t]) * hours
			v.LevelMWh[t] = level
		}
		add(h.Bus, func(t int) float64 { return -v.PowerMW[t] })
		p.Hydro = append(p.Hydro, v)
	}
	for i := range c.ThermalUnits {
		p.ThermalUnits = append(p.ThermalUnits, model.ThermalPlan{Name: c.ThermalUnits[i].Name, UnitsOn: make([]int, b.T), Starts: make([]int, b.T),
			Stops: make([]int, b.T), PowerMW: make([]float64, b.T)})
	}
	for i := range c.Renewables {
		p.Renewables = append(p.Renewables, model.RenewablePlan{Name: c.Renewables[i].Name, PowerMW: make([]float64, b.T), CurtailedMW: make([]float64, b.T)})
	}
	for i := range c.Buses {
		p.Buses = append(p.Buses, model.BusPlan{Name: c.Buses[i].Name, ShedMW: make([]float64, b.T), SpillMW: make([]float64, b.T)})
		b.commit(i, net[c.Buses[i].Name])
	}
	for i := range c.ThermalUnits {
		v, on := &p.ThermalUnits[i], 0
		for t := range b.T {
			if t == 0 {
				on = v.UnitsOn[0]
			}
			v.Starts[t], v.Stops[t] = max(0, v.UnitsOn[t]-on), max(0, on-v.UnitsOn[t])
			on = v.UnitsOn[t]
		}
		if len(c.ThermalUnits[i].Reserves) > 0 {
			mw := make([]float64, b.T)
			for t := range mw {
				mw[t] = min(700, float64(v.UnitsOn[t])*c.ThermalUnits[i].MaxPowerMW-v.PowerMW[t])
			}
			v.Reserves = []model.ProvidedPower{{Product: "spinning", MW: mw}}
		}
	}
	p.Reserves = []model.ReservePlan{{Name: "spinning", ShortageMW: make([]float64, b.T)}}
}

func (b *builder) commit(bus int, net []float64) {
	c, p := b.c, b.p
	name := c.Buses[bus].Name
	offered := make([]float64, b.T)
	for i := range c.Renewables {
		if c.Renewables[i].Bus == name {
			for t := range offered {
				offered[t] += c.Renewables[i].AvailableMW[t]
			}
		}
	}
	span := max(1, int(3/b.hours[0]))
	for t := range net {
		// Units stay on for what the next and last hours ask.
		ask := 0.0
		for k := max(0, t-span); k < min(b.T, t+span); k++ {
			ask = max(ask, net[k]-0.8*offered[k])
		}
		ask *= 1.02
		least := 0.0
		var mine []int
		for i := range c.ThermalUnits {
			u := &c.ThermalUnits[i]
			if u.Bus != name {
				continue
			}
			on := min(u.Count, max(0, int(math.Ceil(ask/u.MaxPowerMW))))
			if u.Fuel == "nuclear" {
				on = u.Count
			}
			ask -= float64(on) * u.MaxPowerMW
			p.ThermalUnits[i].UnitsOn[t] = on
			p.ThermalUnits[i].PowerMW[t] = float64(on) * u.MinPowerMW
			least += p.ThermalUnits[i].PowerMW[t]
			mine = append(mine, i)
		}
		left := net[t] - least
		for i := range c.Renewables {
			if r := &c.Renewables[i]; r.Bus == name {
				used := max(0, min(r.AvailableMW[t], left))
				p.Renewables[i].PowerMW[t], p.Renewables[i].CurtailedMW[t] = used, r.AvailableMW[t]-used
				left -= used
			}
		}
		for _, i := range mine {
			u := &c.ThermalUnits[i]
			more := max(0, min(left, float64(p.ThermalUnits[i].UnitsOn[t])*(u.MaxPowerMW-u.MinPowerMW)))
			p.ThermalUnits[i].PowerMW[t] += more
			left -= more
		}
		p.Buses[bus].ShedMW[t], p.Buses[bus].SpillMW[t] = max(0, left), max(0, -left)
		if p.Buses[bus].ShedMW[t] < 1e-6 {
			p.Buses[bus].ShedMW[t] = 0
		}
	}
}

func (b *builder) costs() {
	c, p := b.c, b.p
	add := func(item model.CostItem, asset string, money float64) {
		if money != 0 {
			p.Costs = append(p.Costs, model.Cost{Item: item, Asset: asset, Amount: money})
			p.Objective += money
		}
	}
	mwh := func(v []float64) float64 {
		s := 0.0
		for t, x := range v {
			s += x * b.hours[t]
		}
		return s
	}
	for i := range c.ThermalUnits {
		u, v := &c.ThermalUnits[i], &p.ThermalUnits[i]
		add(model.CostRunning, u.Name, mwh(v.PowerMW)*u.Cost[0].CostPerH/u.MinPowerMW)
		p.Policy.CO2T += mwh(v.PowerMW) * u.CO2TPerMWh
	}
	for i := range c.ThermalUnits {
		starts := 0
		for _, n := range p.ThermalUnits[i].Starts {
			starts += n
		}
		add(model.CostStartup, c.ThermalUnits[i].Name, float64(starts)*300*c.ThermalUnits[i].MaxPowerMW)
	}
	for i := range c.Storages {
		add(model.CostWear, c.Storages[i].Name, 12*mwh(p.Storages[i].DischargeMW))
	}
	for i := range c.DataLinks {
		gb := 0.0
		for t := range b.T {
			gb += p.DataLinks[i].ForwardGB[t] + p.DataLinks[i].BackwardGB[t]
		}
		add(model.CostData, c.DataLinks[i].Name, 0.14*gb)
	}
	for i := range c.Renewables {
		add(model.CostCurtailment, c.Renewables[i].Name, 50*mwh(p.Renewables[i].CurtailedMW))
	}
	for i := range c.Buses {
		add(model.CostShedding, c.Buses[i].Name, c.Penalties.Shed()*mwh(p.Buses[i].ShedMW))
		add(model.CostSpill, c.Buses[i].Name, c.Penalties.Spill()*mwh(p.Buses[i].SpillMW))
	}
	for i := range p.Jobs {
		v := &p.Jobs[i]
		if v.Dropped {
			add(model.CostDropped, v.Job, c.Penalties.Drop()*c.Jobs[i].WorkUnitH/1000)
		}
		add(model.CostLate, v.Job, 500*v.LateH)
	}
	p.Bound = ptr(p.Objective * (1 - 4.2e-5))
	for i := range c.Buses {
		v := b.series(func(x float64) float64 {
			return 290 + 40*math.Sin(float64(i)) + 220*(daily(x)-0.78)/0.2 - 330*sun(x)*float64(i%3)/2
		})
		for t := range v {
			if p.Buses[i].ShedMW[t] > 0 {
				v[t] = 10_000
			}
		}
		p.Prices.Power = append(p.Prices.Power, model.PriceSeries{Name: c.Buses[i].Name, Values: v})
		p.Prices.MarginalCO2 = append(p.Prices.MarginalCO2, model.PriceSeries{Name: c.Buses[i].Name, Values: scaled(v, 1.0/400)})
	}
	for i := range c.Pools {
		v := b.series(func(x float64) float64 { return max(0, 0.4*math.Sin(float64(i))+0.8*sun(x-2)) })
		p.Prices.Compute = append(p.Prices.Compute, model.PriceSeries{Name: c.Pools[i].Name, Values: v})
		with := make([]float64, b.T)
		for t := range with {
			with[t] = v[t] + 0.0006*1.2*p.Prices.Power[i/2].Values[t]
		}
		p.Prices.ComputeWithPower = append(p.Prices.ComputeWithPower, model.PriceSeries{Name: c.Pools[i].Name, Values: with})
	}
}
