package model

import (
	"slices"
	"testing"
	"time"
)

// TestDays: days of 23, 24 and 25 h where people read the plan, and without a zone at the
// offset of the start; a period is of the day in which it begins.
func TestDays(t *testing.T) {
	for _, x := range []struct {
		name, start, zone string
		periods           []PeriodRun
		want              []int // periods of each day
	}{
		{"at the offset", "2026-07-15T22:00:00+08:00", "", []PeriodRun{{5, 1}}, []int{2, 3}},
		{"in the zone", "2026-07-15T14:00:00Z", "Asia/Shanghai", []PeriodRun{{5, 1}}, []int{2, 3}},
		{"short day", "2026-03-29T00:00:00+01:00", "Europe/Berlin", []PeriodRun{{48, 1}}, []int{23, 24, 1}},
		{"long day", "2026-10-25T00:00:00+02:00", "Europe/Berlin", []PeriodRun{{48, 1}}, []int{25, 23}},
		{"across midnight", "2026-07-15T22:00:00Z", "", []PeriodRun{{3, 1.5}}, []int{2, 1}},
		{"thirds of an hour", "2026-07-15T00:00:00Z", "", []PeriodRun{{72, 0.333333}, {1, 1}}, []int{72, 1}},
		{"longer than a day", "2026-07-15T00:00:00Z", "", []PeriodRun{{2, 60}, {1, 12}}, []int{1, 1, 1}},
	} {
		start, err := time.Parse(time.RFC3339, x.start)
		if err != nil {
			t.Fatal(err)
		}
		h := Horizon{Start: start, Zone: x.zone, Periods: x.periods}
		got, err := h.Days()
		if err != nil {
			t.Fatal(err)
		}
		var want []int
		for day, n := range x.want {
			want = append(want, slices.Repeat([]int{day}, n)...)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", x.name, got, want)
		}
	}
	h := Horizon{Zone: "Nowhere/Near", Periods: []PeriodRun{{1, 1}}}
	if _, err := h.Days(); err == nil {
		t.Error("an unknown zone gives days")
	}
}
