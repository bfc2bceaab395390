package model

import "time"

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
