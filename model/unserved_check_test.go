package model

import (
	"strings"
	"testing"
)

// TestUnservedIsLast: a unit-hour of web draws 0.02 MW / speed 2 * PUE 1.5 = 0.015 MWh at
// the bus of se, which at 10,000 a MWh is 150; job gang gives up 9 unit-hours for 1,800, so
// 200 each, or pays 600 an hour late for 3 units, so 200 as well.
func TestUnservedIsLast(t *testing.T) {
	with := func(price float64, change func(c *Case)) *Case {
		c := jobsCase()
		c.Jobs = c.Jobs[2:3]
		c.JobGroups, c.Quotas = nil, nil
		c.LatencyClasses = []LatencyClass{{Name: "any"}}
		c.Sites[0].PUE = Constant(1.5)
		c.Pools[0].Speed, c.Pools[0].DynamicMWPerUnit = ptrTo(2.0), 0.02
		c.Workloads = []Workload{{Name: "web", Region: "east", Class: "any", DemandUnits: Constant(1), AllowedSites: []string{"se"}, UnservedPricePerUnitH: &price}}
		c.Jobs[0].DropPrice = ptrTo(0.0)
		change(c)
		return c
	}
	nothing := func(*Case) {}
	drop := func(c *Case) { c.Jobs[0].DropPrice, c.Jobs[0].Value = ptrTo(1000.0), 800 }
	for _, x := range []struct {
		name string
		c    *Case
		want string
	}{
		{"above shedding", with(151, nothing), ""},
		{"below shedding", with(149, nothing), `workloads "web", unserved_price_per_unit_h: 149 is below the 150 of shedding the 0.015 MWh that a unit-h draws, at bus b: a plan may leave it unserved rather than shed; give more than 150, or lower the other price`},
		{"the bus sheds at its own price", with(149, func(c *Case) { c.Buses[0].ShedPricePerMWh = ptrTo(9000.0) }), ""},
		{"below the case's shedding", with(151, func(c *Case) {
			c.Penalties.ShedPricePerMWh, c.Penalties.UnservedPricePerUnitH = ptrTo(11000.0), ptrTo(30000.0)
		}), `workloads "web", unserved_price_per_unit_h: 151 is below the 165 of shedding the 0.015 MWh that a unit-h draws, at bus b: a plan may leave it unserved rather than shed; give more than 165, or lower the other price`},
		{"above a drop", with(201, drop), ""},
		{"below a drop", with(199, drop), `workloads "web", unserved_price_per_unit_h: 199 is below the 200 a unit-h of dropping job gang, which may run where it is served: a plan may leave it unserved rather than drop the job; give more than 200, or lower the other price`},
		{"below a drop elsewhere", with(199, func(c *Case) { drop(c); c.Jobs[0].AllowedSites = []string{"sw"} }), ""},
		{"the case's price below a drop", with(0, func(c *Case) {
			drop(c)
			c.Workloads[0].UnservedPricePerUnitH, c.Penalties.UnservedPricePerUnitH = nil, ptrTo(190.0)
			c.Penalties.ShedPricePerMWh, c.Penalties.ReserveShortagePricePerMWh = ptrTo(180.0), ptrTo(1.0)
		}), `workloads "web", unserved_price_per_unit_h: 190 is below the 200 a unit-h of dropping job gang, which may run where it is served: a plan may leave it unserved rather than drop the job; give more than 200, or lower the other price`},
		{"below lateness", with(199, func(c *Case) { c.Jobs[0].LatePricePerH, c.Jobs[0].DeadlineH = ptrTo(600.0), ptrTo(4.0) }), `workloads "web", unserved_price_per_unit_h: 199 is below the 200 a unit and hour late of job gang, which may run where it is served: a plan may leave it unserved rather than let the job be late; give more than 200, or lower the other price`},
		{"no demand", with(1, func(c *Case) { c.Workloads[0].DemandUnits = Constant(0) }), ""},
	} {
		warnings, err := x.c.Validate()
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
		}
		if got := strings.TrimSpace(warnings.Error()); len(warnings) > 0 && got != x.want || len(warnings) == 0 && x.want != "" {
			t.Errorf("%s:\n%s\nwant\n%s", x.name, got, x.want)
		}
	}
}
