package opt_test

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// Random cases changed in ways whose effect on the optimum is known.

// relation of the optimum of a changed case to that of the case.
type relation int

const (
	equal relation = iota
	noWorse
	noBetter
)

// metamorphosis changes a case, or says that it does not apply. What it compares
// with is the case, without what prepare takes away.
type metamorphosis struct {
	name    string
	prepare func(c *model.Case)
	change  func(c *model.Case) bool
	want    relation
	factor  float64 // on the optimum; 0 means 1
}

func TestMetamorphoses(t *testing.T) {
	const seeds = 400
	applicable := 6
	if testing.Short() {
		applicable = 1
	}
	for _, m := range []metamorphosis{
		{name: "permute", change: permute},
		{name: "rename", change: rename},
		{name: "currency", change: hundredfold, factor: 100},
		{name: "split load", change: splitLoad},
		{name: "split renewable", change: splitRenewable},
		{name: "unconnected bus", change: addBus},
		{name: "split job class", change: splitJobs},
		{name: "split exact cluster", prepare: simpleUnits, change: splitCluster},
		{name: "split cluster", change: splitCluster, want: noBetter},
		{name: "untie jobs", change: untie, want: noWorse},
		{name: "tie jobs by nothing", change: tieByNothing},
		{name: "datasets everywhere", prepare: datasetsEverywhere, change: noDatasets},
		{name: "add site", change: addSiteTo, want: noWorse},
		{name: "no outages", change: withoutOutages, want: noWorse},
		{name: "wait longer", change: waitLonger, want: noWorse},
		{name: "no pins", change: withoutPins, want: noWorse},
		{name: "split workload", change: splitWorkload},
		{name: "scale work and speed", change: scaleWork},
		{name: "halve periods", prepare: separablePeriods, change: halvePeriods, want: noWorse},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			done := 0
			for seed := uint64(0); seed < seeds && done < applicable; seed++ {
				c := randomcase.Case(seed)
				if m.prepare != nil {
					m.prepare(c)
				}
				if !m.change(c) {
					continue
				}
				done++
				factor := m.factor
				if factor == 0 {
					factor = 1
				}
				before := factor * optimum(t, seed, m.prepare)
				after := leastCost(t, c)
				slack := factor * 2e-6 * math.Max(100, math.Abs(before)/factor)
				if math.IsInf(before, 1) && math.IsInf(after, 1) {
					continue
				}
				if d := after - before; m.want != noBetter && d > slack || m.want != noWorse && d < -slack {
					t.Errorf("seed %d: %.9g, was %.9g", seed, after, before)
				}
			}
			if done < applicable {
				t.Errorf("applies to %d cases only", done)
			}
		})
	}
}

var optima sync.Map // seed to func() float64

// optimum returns the least cost of a random case after a change, if there is
// one.
func optimum(t testing.TB, seed uint64, change func(*model.Case)) float64 {
	t.Helper()
	c := randomcase.Case(seed)
	if change != nil {
		change(c)
		return leastCost(t, c)
	}
	once, _ := optima.LoadOrStore(seed, sync.OnceValue(func() float64 { return leastCost(t, c) }))
	return once.(func() float64)()
}

// leastCost is infinite where the case is infeasible.
func leastCost(t testing.TB, c *model.Case) float64 {
	t.Helper()
	out, err := opt.Solve(context.Background(), c, opt.Options{Engine: engine(t), Gap: 1e-7})
	switch {
	case err != nil:
		t.Errorf("%s: %v", c.Name, err)
		return math.NaN()
	case out.Status == opt.Infeasible:
		return math.Inf(1)
	case out.Status != opt.Optimal:
		t.Errorf("%s: ended as %s: %q", c.Name, out.Status, out.Notes)
		return math.NaN()
	}
	return out.Plan.Objective
}

// permute turns every section around.
func permute(c *model.Case) bool {
	v := reflect.ValueOf(c).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() == reflect.Slice {
			swap := reflect.Swapper(f.Interface())
			for a, b := 0, f.Len()-1; a < b; a, b = a+1, b-1 {
				swap(a, b)
			}
		}
	}
	return true
}

// names are the fields that hold names of items.
var names = []string{
	"Name", "Bus", "From", "To", "Region", "Site", "Class", "DataRegion", "Buses", "Reserves", "AllowedSites", "ForbiddenSites",
	"Regions", "AllowedRegions", "ForbiddenRegions", "Datasets", "Job", "Jobs", "Pool", "Pools", "Owner", "Classes", "Sources", "ModulesOf",
}

func rename(c *model.Case) bool {
	walk(reflect.ValueOf(c), "", func(field string, v reflect.Value) {
		if v.Kind() == reflect.String && slices.Contains(names, field) && v.String() != "" {
			v.SetString("the " + v.String() + " ü")
		}
	})
	return true
}

// hundredfold states all money in a hundredth of the currency.
func hundredfold(c *model.Case) bool {
	p := &c.Penalties
	*p = model.Penalties{
		ShedPricePerMWh: ptr(p.Shed()), SpillPricePerMWh: ptr(p.Spill()), ReserveShortagePricePerMWh: ptr(p.ReserveShortage()),
		CO2ExcessPricePerT: ptr(p.CO2Excess()), RenewableShortfallPricePerMWh: ptr(p.RenewableShortfall()),
		UnservedPricePerUnitH: ptr(p.Unserved()), DropPricePerUnitH: ptr(p.Drop()),
		OutageShortPricePerUnitH: ptr(p.OutageShort()), WaterExcessPricePerM3: ptr(p.WaterExcess()),
		GreenShortfallPricePerMWh: ptr(p.GreenShortfall()), PriorityFactor: p.PriorityFactor,
	}
	walk(reflect.ValueOf(c), "", func(field string, v reflect.Value) {
		money := strings.Contains(field, "Price") || strings.Contains(field, "Value") || strings.Contains(field, "Cost")
		if v.Kind() == reflect.Float64 && money && field != "CostFactor" {
			v.SetFloat(100 * v.Float())
		}
	})
	return true
}

// walk visits every value that holds no others, with the name of its field.
func walk(v reflect.Value, field string, visit func(string, reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), field, visit)
		}
	case reflect.Struct:
		if v.Type().Name() == "Time" {
			return
		}
		for i := range v.NumField() {
			walk(v.Field(i), v.Type().Field(i).Name, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), field, visit)
		}
	default:
		visit(field, v)
	}
}

func times(s model.Series, factor float64) model.Series {
	out := slices.Clone(s)
	for i := range out {
		out[i] *= factor
	}
	return out
}

func splitLoad(c *model.Case) bool {
	part := c.Loads[0]
	part.Name, part.PowerMW = "part", times(part.PowerMW, 0.25)
	c.Loads[0].PowerMW = times(c.Loads[0].PowerMW, 0.75)
	c.Loads = append(c.Loads, part)
	return true
}

func splitRenewable(c *model.Case) bool {
	if len(c.Renewables) == 0 {
		return false
	}
	part := c.Renewables[0]
	part.Name, part.AvailableMW, part.MinPowerMW = "part", times(part.AvailableMW, 0.25), times(part.MinPowerMW, 0.25)
	whole := &c.Renewables[0]
	whole.AvailableMW, whole.MinPowerMW = times(whole.AvailableMW, 0.75), times(whole.MinPowerMW, 0.75)
	c.Renewables = append(c.Renewables, part)
	for i := range c.Sites {
		if g := c.Sites[i].Green; g != nil && slices.Contains(g.Sources, whole.Name) {
			g.Sources = append(slices.Clone(g.Sources), part.Name)
		}
	}
	return true
}

func addBus(c *model.Case) bool {
	c.Buses = append(c.Buses, model.Bus{Name: "nowhere"})
	return true
}

// splitJobs turns every class of jobs into single ones.
func splitJobs(c *model.Case) bool {
	var single []model.Job
	for _, j := range c.Jobs {
		if j.N() == 1 {
			single = append(single, j)
			continue
		}
		name := j.Name
		for k := range c.JobGroups {
			g := &c.JobGroups[k]
			at := slices.Index(g.Jobs, name)
			if at < 0 {
				continue
			}
			g.Jobs = slices.Delete(g.Jobs, at, at+1)
			for i := range j.N() {
				g.Jobs = append(g.Jobs, fmt.Sprintf("%s.%d", name, i))
			}
		}
		for i := range j.N() {
			j.Name, j.Count = fmt.Sprintf("%s.%d", name, i), 1
			single = append(single, j)
		}
	}
	split := len(single) > len(c.Jobs)
	c.Jobs = single
	return split
}

// untie takes away what ties jobs to each other, and lead times.
func untie(c *model.Case) bool {
	tied := len(c.JobGroups)+len(c.Quotas) > 0
	c.JobGroups, c.Quotas = nil, nil
	for i := range c.Jobs {
		tied = tied || len(c.Jobs[i].After) > 0
		c.Jobs[i].After = nil
	}
	for i := range c.DataLinks {
		c.DataLinks[i].LeadTimeH = 0
	}
	return tied
}

// tieByNothing ties jobs in ways that forbid nothing: a group in which as many
// may share a place as there are and end as far apart as the horizon allows,
// quotas that are out of reach, and precedence that follows from another.
func tieByNothing(c *model.Case) bool {
	g := model.JobGroup{Name: "loose", FinishWithinH: ptr(c.Horizon.TotalHours()), Apart: model.InSite}
	edges := make(map[string][]model.Precedence)
	for i := range c.Jobs {
		j := &c.Jobs[i]
		edges[j.Name] = j.After
		if j.N() == 1 && j.Migration == nil {
			g.Jobs = append(g.Jobs, j.Name)
		}
		if j.Owner == "" {
			j.Owner = "nobody"
		}
	}
	if g.MaxPer = len(g.Jobs); g.MaxPer < 2 {
		return false
	}
	c.JobGroups = append(c.JobGroups, g)
	for i := range c.Jobs {
		j := &c.Jobs[i]
		c.Quotas = append(c.Quotas, model.Quota{
			Name: "loose " + j.Name, Owner: j.Owner, MaxUnitH: ptr(1e6), MaxUnits: model.Constant(1e5), MaxShare: model.Constant(1),
		})
		for _, a := range j.After {
			for _, b := range edges[a.Job] {
				j.After = append(slices.Clone(j.After), model.Precedence{Job: b.Job, LagH: a.LagH + b.LagH})
			}
		}
	}
	return true
}

// datasetsEverywhere gives every region a copy of every dataset.
func datasetsEverywhere(c *model.Case) {
	for i := range c.Datasets {
		c.Datasets[i].Regions = nil
		for _, r := range c.Regions {
			c.Datasets[i].Regions = append(c.Datasets[i].Regions, r.Name)
		}
	}
}

func noDatasets(c *model.Case) bool {
	read := false
	for i := range c.Jobs {
		read = read || len(c.Jobs[i].Datasets) > 0
		c.Jobs[i].Datasets = nil
	}
	c.Datasets = nil
	return read
}

// splitCluster turns every cluster into its units. What is stated for the whole
// cluster cannot be split.
func splitCluster(c *model.Case) bool {
	var single []model.ThermalUnit
	for _, u := range c.ThermalUnits {
		if u.N() > 1 && (u.MustRunUnits.Given() || u.FixedUnits.Given() || u.OutageUnits.Given() || u.HeatMinPowerMW.Given()) {
			return false
		}
		n, name, initial := u.N(), u.Name, u.Initial
		if initial != nil && initial.UnitsDeep > 0 && n > 1 {
			return false
		}
		for i := range n {
			u.Name, u.Count = fmt.Sprintf("%s.%d", name, i), 1
			if initial != nil && n > 1 {
				one := *initial
				one.UnitsOn, one.PowerMW = 0, nil
				if i < initial.UnitsOn {
					one.UnitsOn = 1
					if initial.PowerMW != nil {
						one.PowerMW = ptr(*initial.PowerMW / float64(initial.UnitsOn))
					}
				}
				u.Initial = &one
			}
			single = append(single, u)
		}
	}
	split := len(single) > len(c.ThermalUnits)
	c.ThermalUnits = single
	return split
}

// simpleUnits takes from thermal units what a cluster limits only in sum: ramps,
// start-up and shut-down limits, tiers and deep operation.
func simpleUnits(c *model.Case) {
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		u.RampUpMWPerH, u.RampDownMWPerH, u.StartupLimitMW, u.ShutdownLimitMW = nil, nil, nil, nil
		u.Startup = u.Startup[:min(1, len(u.Startup))]
		if u.Deep != nil {
			u.Deep, u.Initial = nil, nil
		}
	}
}

// addSiteTo adds a site with an empty pool.
func addSiteTo(c *model.Case) bool {
	if len(c.Regions) == 0 {
		return false
	}
	addSite(c, "new site", c.Regions[0].Name, "new pool", 3)
	c.Sites[len(c.Sites)-1].Bus = c.Buses[0].Name
	return true
}

// separablePeriods takes away what looks at single periods or from one to the
// next: ramps, retention, reserves and computing.
func separablePeriods(c *model.Case) {
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		u.RampUpMWPerH, u.RampDownMWPerH, u.Reserves = nil, nil, nil
		if u.Deep != nil {
			u.Deep.RampMWPerH = nil
		}
	}
	for i := range c.Hydro {
		c.Hydro[i].RampMWPerH, c.Hydro[i].InitialPowerMW, c.Hydro[i].Reserves = nil, nil, nil
	}
	for i := range c.Storages {
		c.Storages[i].RetentionPerH, c.Storages[i].Reserves = nil, nil
	}
	for i := range c.Links {
		c.Links[i].RampMWPerH, c.Links[i].InitialFlowMW = nil, nil
	}
	atBuses(c)
	c.DemandResponses = nil
	c.Reserves, c.Sites, c.Pools, c.Workloads, c.Jobs, c.DataLinks = nil, nil, nil, nil, nil, nil
	c.Datasets, c.JobGroups, c.Quotas = nil, nil, nil
	c.Network = model.Network{}
}

// atBuses takes all assets from behind meters to their buses.
func atBuses(c *model.Case) {
	ix := c.Index()
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		u.Bus, u.Site = ix.BusOf(u.Bus, u.Site), ""
	}
	for i := range c.Renewables {
		r := &c.Renewables[i]
		r.Bus, r.Site = ix.BusOf(r.Bus, r.Site), ""
	}
	for i := range c.Storages {
		s := &c.Storages[i]
		s.Bus, s.Site = ix.BusOf(s.Bus, s.Site), ""
	}
}

// halvePeriods cuts every period in two: a plan of the longer periods is one of
// the shorter ones.
func halvePeriods(c *model.Case) bool {
	for i := range c.Horizon.Periods {
		c.Horizon.Periods[i].Count *= 2
		c.Horizon.Periods[i].Hours /= 2
	}
	series := reflect.TypeFor[model.Series]()
	var double func(v reflect.Value)
	double = func(v reflect.Value) {
		switch {
		case v.Type() == series:
			s := v.Interface().(model.Series)
			if len(s) < 2 {
				return
			}
			var out model.Series
			for _, x := range s {
				out = append(out, x, x)
			}
			v.Set(reflect.ValueOf(out))
		case v.Kind() == reflect.Struct && v.Type().Name() != "Time":
			for i := range v.NumField() {
				double(v.Field(i))
			}
		case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Struct:
			for i := range v.Len() {
				double(v.Index(i))
			}
		}
	}
	double(reflect.ValueOf(c).Elem())
	return true
}

// withoutOutages no longer looks at outages that touch something.
func withoutOutages(c *model.Case) bool {
	asked := len(c.Index().Outages()) > 0
	c.ComputingOutages = model.ComputingOutages{}
	return asked
}

// waitLonger asks of queues that fewer are answered in time.
func waitLonger(c *model.Case) bool {
	changed := false
	for i := range c.LatencyClasses {
		if q := c.LatencyClasses[i].Queue; q != nil {
			q.Percentile *= 0.8
			changed = true
		}
	}
	return changed
}

func withoutPins(c *model.Case) bool {
	pinned := false
	for i := range c.Workloads {
		pinned = pinned || len(c.Workloads[i].Pinned) > 0
		c.Workloads[i].Pinned = nil
	}
	return pinned
}

// splitWorkload states a workload in two parts that are alike; a pinned one would be
// pinned part by part.
func splitWorkload(c *model.Case) bool {
	for i := range c.Workloads {
		whole := &c.Workloads[i]
		if len(whole.Pinned) > 0 {
			continue
		}
		part := *whole
		part.Name, part.DemandUnits = "part of it", times(whole.DemandUnits, 0.25)
		whole.DemandUnits = times(whole.DemandUnits, 0.75)
		c.Workloads = append(c.Workloads, part)
		return true
	}
	return false
}

// scaleWork states all work in a third of the unit of before, and all speeds with it:
// every unit is held as long as before, so what is paid for work or for data of it per
// unit-hour is a third too.
func scaleWork(c *model.Case) bool {
	const factor = 3.0
	if len(c.Jobs)+len(c.Workloads) == 0 {
		return false
	}
	for i := range c.Jobs {
		j := &c.Jobs[i]
		j.DropPrice = ptr(c.DropCost(j) - j.Value) // its default grows with the work
		j.WorkUnitH *= factor
		if j.Running != nil {
			run := *j.Running
			run.DoneUnitH *= factor
			j.Running = &run
		}
		if j.BacklogPricePerUnitH != nil {
			j.BacklogPricePerUnitH = ptr(*j.BacklogPricePerUnitH / factor)
		}
		j.KindSpeeds = slices.Clone(j.KindSpeeds)
		for k := range j.KindSpeeds {
			j.KindSpeeds[k].Speed *= factor
		}
	}
	for i := range c.Workloads {
		w := &c.Workloads[i]
		if w.UnservedPricePerUnitH == nil {
			w.UnservedPricePerUnitH = ptr(c.Penalties.Unserved())
		}
		w.UnservedPricePerUnitH = ptr(*w.UnservedPricePerUnitH / factor)
		w.DemandUnits, w.DataGBPerUnitH = times(w.DemandUnits, factor), w.DataGBPerUnitH/factor
	}
	for i := range c.LatencyClasses {
		if q := c.LatencyClasses[i].Queue; q != nil {
			q.ServiceMS *= factor
		}
	}
	for i := range c.Pools {
		c.Pools[i].Speed = ptr(factor * c.Pools[i].UnitSpeed())
	}
	c.Penalties.OutageShortPricePerUnitH = ptr(c.Penalties.OutageShort() / factor)
	return true
}
