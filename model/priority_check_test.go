package model

import (
	"strings"
	"testing"
)

// TestPriorityIsNoOrder: with the default factor of 2 and 10 a unit-h, a job of priority 2
// costs 40 a unit-h to drop, next, of priority 3, costs 80, and urgent, of 3 unit-h, 120 in
// all; steady, of 4 unit-h, costs what it says.
func TestPriorityIsNoOrder(t *testing.T) {
	const warning = `jobs "urgent", priority: is 2, and to drop the job costs 120, 40 a unit-h: less than the 164 and 41 of job steady of priority 0, which may run in pool pe too, and is kept before it; ` +
		`give it a drop_price above 164 instead`
	for _, x := range []struct {
		name   string
		change func(urgent, steady *Job)
		want   string
	}{
		{"dearer", func(_, steady *Job) { steady.DropPrice = ptrTo(164.0) }, warning},
		{"dearer by its value", func(_, steady *Job) { steady.Value = 164 }, warning},
		// 120 a unit-h, and 30 to drop all of it.
		{"dearer by the unit-hour alone", func(_, steady *Job) { steady.WorkUnitH, steady.DropPrice = 0.25, ptrTo(30.0) }, ""},
		{"as dear", func(_, steady *Job) { steady.DropPrice = ptrTo(160.0) }, ""},
		{"by default", func(*Job, *Job) {}, ""},
		{"of one priority", func(urgent, steady *Job) { urgent.Priority, steady.DropPrice = 0, ptrTo(164.0) }, ""},
		{"by no pool of both", func(_, steady *Job) { steady.DropPrice, steady.AllowedSites = ptrTo(164.0), []string{"sw"} }, ""},
	} {
		c := jobsCase()
		c.JobGroups, c.Quotas = nil, nil
		c.Penalties.DropPricePerUnitH = ptrTo(10.0)
		c.Jobs = []Job{
			{Name: "urgent", Region: "east", Shape: Preemptible, Units: 1, WorkUnitH: 3, Priority: 2, AllowedSites: []string{"se"}},
			{Name: "next", Region: "east", Shape: Preemptible, Units: 1, WorkUnitH: 3, Priority: 3, AllowedSites: []string{"se"}},
			{Name: "steady", Region: "east", Shape: Preemptible, Units: 1, WorkUnitH: 4, AllowedSites: []string{"se"}},
		}
		x.change(&c.Jobs[0], &c.Jobs[2])
		warnings, err := c.Validate()
		if err != nil {
			t.Fatalf("%s: %v", x.name, err)
		}
		if got := strings.TrimSpace(warnings.Error()); got != x.want {
			t.Errorf("%s:\n%s\nwant\n%s", x.name, got, x.want)
		}
	}
}
