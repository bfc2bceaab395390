package randomcase

import (
	"reflect"
	"strings"
	"testing"
)

// marks are fields, of which one is set in a case that has a feature.
var marks = map[string]string{
	"uneven periods": "", "buses": "", // see below
	"exchange": ".Exchanges.Name", "reserve": ".Reserves.Name", "renewable": ".Renewables.Name", "hydro": ".Hydro.Name",
	"storage": ".Storages.Name", "link": ".Links.Name", "cluster": ".ThermalUnits.Count", "deep": ".ThermalUnits.Deep.MinPowerMW",
	"ramp": ".ThermalUnits.RampUpMWPerH .ThermalUnits.RampDownMWPerH", "start limit": ".ThermalUnits.StartupLimitMW .ThermalUnits.ShutdownLimitMW",
	"minimum time": ".ThermalUnits.MinUpH .ThermalUnits.MinDownH", "tiers": ".ThermalUnits.Startup.Cost",
	"commitment": ".ThermalUnits.MustRunUnits .ThermalUnits.FixedUnits .ThermalUnits.OutageUnits .ThermalUnits.HeatMinPowerMW",
	"initial":    ".ThermalUnits.Initial.UnitsOn", "cap": ".Policy.CO2CapT", "share": ".Policy.RenewableShareMin",
	"workload": ".Workloads.Name", "job": ".Jobs.Name", "available modules": ".Pools.AvailableModules",
	"module times": ".Pools.MinOnH .Pools.MinOffH", "site limit": ".Sites.ImportLimitMW .Sites.RampMWPerH", "level": ".Pools.ModulesOf",
	"cooling": ".Sites.Cooling.Pieces.OverheadMWPerMW", "water": ".Sites.WaterLPerKWh .Sites.WaterByTemperature.LPerKWh", "heat": ".Sites.Heat.Share",
	"behind meter": ".Storages.Site .Renewables.Site .ThermalUnits.Site", "green": ".Sites.Green.ShareMin .Sites.Green.HourlyShareMin",
	"programme": ".DemandResponses.Name", "queue": ".LatencyClasses.Queue.ServiceMS", "pin": ".Workloads.Pinned.Site",
	"outage": ".ComputingOutages.Classes", "deadline": ".Jobs.DeadlineH", "backlog": ".Jobs.BacklogPricePerUnitH",
	"scaling": ".Jobs.Scaling.Units", "interruptions": ".Jobs.MaxInterruptions", "migration": ".Jobs.Migration.MaxMoves",
	"running": ".Jobs.Running.Pool", "data": ".Jobs.Inputs.GB .Jobs.Outputs.GB .Jobs.InputGB", "dataset": ".Jobs.Datasets",
	"precedence": ".Jobs.After.Job", "group": ".JobGroups.Name", "quota": ".Quotas.Name",
}

// Any two features meet in some of 2,000 cases, most pairs in dozens, and a case has
// a few of them, not all.
func TestFeaturesMeet(t *testing.T) {
	const seeds = 2_000
	meet, all := map[[2]string]int{}, 0
	for seed := range uint64(seeds) {
		c := Case(seed)
		seen, has := map[string]bool{}, []string{}
		visit(reflect.ValueOf(c).Elem(), "", seen)
		for name, fields := range marks {
			set := name == "buses" && len(c.Buses) > 1 || name == "uneven periods" && len(c.Horizon.Periods) > 1
			for _, f := range strings.Fields(fields) {
				set = set || seen[f]
			}
			if set {
				has = append(has, name)
			}
		}
		all += len(has)
		for _, a := range has {
			for _, b := range has {
				if a < b {
					meet[[2]string{a, b}]++
				}
			}
		}
	}
	rare, dozens, pairs := 0, 0, len(marks)*(len(marks)-1)/2
	for a := range marks {
		for b := range marks {
			if n := meet[[2]string{a, b}]; a < b && n < 4 {
				rare++
				t.Logf("%s and %s meet in %d of %d cases", a, b, n, seeds)
			} else if n >= 24 {
				dozens++
			}
		}
	}
	each := float64(all) / seeds
	t.Logf("%.1f features a case; %d of %d pairs in two dozen cases", each, dozens, pairs)
	if rare > 0 || dozens < pairs*9/10 || each > float64(len(marks))/2 {
		t.Errorf("%d pairs are rare, %d of %d in two dozen cases, %.1f features a case", rare, dozens, pairs, each)
	}
}
