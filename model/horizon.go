package model

import (
	"fmt"
	"math"
	"time"
)

// Horizon is the time that a case covers: a start and consecutive periods of
// equal or mixed length.
type Horizon struct {
	// Start of the first period, RFC 3339 with its offset, as in
	// 2023-07-15T00:00:00+08:00.
	Start time.Time `json:"start"`
	// Zone is the IANA name of the zone in which people read the plan, as in
	// Asia/Shanghai. Without it the offset of start is kept.
	Zone string `json:"zone,omitempty"`
	// Periods in order, as runs of equal length.
	Periods []PeriodRun `json:"periods"`
}

// PeriodRun is a number of consecutive periods of one length.
type PeriodRun struct {
	// Count of the periods in the run.
	Count int `json:"count"`
	// Hours of each.
	Hours float64 `json:"hours"`
}

// Len returns the number of periods T.
func (h *Horizon) Len() int {
	n := 0
	for _, r := range h.Periods {
		n += r.Count
	}
	return n
}

// Hours returns the length of every period in hours, T values.
func (h *Horizon) Hours() []float64 {
	out := make([]float64, 0, h.Len())
	for _, r := range h.Periods {
		for range r.Count {
			out = append(out, r.Hours)
		}
	}
	return out
}

// TotalHours returns the length of the horizon in hours.
func (h *Horizon) TotalHours() float64 {
	sum := 0.0
	for _, r := range h.Periods {
		sum += float64(r.Count) * r.Hours
	}
	return sum
}

// Days returns the calendar day of every period, from 0 without gaps: that in which it
// begins, in the horizon's zone or else at the offset of its start. The error says that
// the zone is unknown; Validate finds that too.
func (h *Horizon) Days() ([]int, error) {
	zone := h.Start.Location()
	if h.Zone != "" {
		named, err := time.LoadLocation(h.Zone)
		if err != nil {
			return nil, fmt.Errorf("horizon: zone %q: %w", h.Zone, err)
		}
		zone = named
	}
	out := make([]int, 0, h.Len())
	begin, day, before := 0.0, -1, ""
	for _, hours := range h.Hours() {
		// A third of an hour is rounded in the case: what its sums lack is no time of day.
		at := h.Start.Add(time.Duration(math.Round(begin*3600)) * time.Second).In(zone)
		if date := at.Format(time.DateOnly); date != before {
			day, before = day+1, date
		}
		out = append(out, day)
		begin += hours
	}
	return out, nil
}
