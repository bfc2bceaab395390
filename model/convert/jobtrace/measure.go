package jobtrace

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Units of cells. Numbers of time units are counted from the trace's own
// beginning when they are moments.
var timeUnits = map[string]float64{"ms": 0.001, "s": 1, "min": 60, "h": 3600, "d": 86400}

// Further units: absolute moments, and lengths as [days-]hours:minutes:seconds.
const (
	unixSeconds = "unix_s"
	unixMillis  = "unix_ms"
	date        = "date"
	clock       = "clock"
)

// absolute says that a unit is one of moments in the world's time.
func absolute(unit string) bool { return unit == unixSeconds || unit == unixMillis || unit == date }

// number reads a finite decimal number.
func number(text string) (float64, bool) {
	if text == "" || strings.Trim(text, "0123456789+-.eE") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// moment reads a moment in seconds, after the trace's beginning or after 1970.
func moment(text, unit string, zone *time.Location) (float64, *rowError) {
	if unit == date {
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
			if at, err := time.ParseInLocation(layout, text, zone); err == nil {
				return float64(at.UnixMilli()) / 1000, nil
			}
		}
		return 0, &rowError{reason: "is not a date and time as in 2026-01-15T08:30:00", text: text}
	}
	v, ok := number(text)
	if !ok {
		return 0, notNumber(text)
	}
	switch unit {
	case unixSeconds:
		return v, nil
	case unixMillis:
		return v / 1000, nil
	}
	return v * timeUnits[unit], nil
}

// length reads a length of time in hours.
func length(text, unit string) (float64, *rowError) {
	if unit == clock {
		s, ok := clockSeconds(text)
		if !ok {
			return 0, &rowError{reason: "is not a length as in 1-12:30:00", text: text}
		}
		return s / 3600, nil
	}
	v, ok := number(text)
	if !ok {
		return 0, notNumber(text)
	}
	return v * timeUnits[unit] / 3600, nil
}

func notNumber(text string) *rowError { return &rowError{reason: "is not a number", text: text} }

// clockSeconds reads [days-]hours:minutes:seconds, or minutes:seconds.
func clockSeconds(text string) (float64, bool) {
	days, rest, ok := strings.Cut(text, "-")
	if !ok {
		days, rest = "0", text
	}
	parts := append([]string{days}, strings.Split(rest, ":")...)
	switch len(parts) {
	case 3:
		parts = []string{days, "0", parts[1], parts[2]}
	case 4:
	default:
		return 0, false
	}
	total := 0.0
	for i, scale := range []float64{86400, 3600, 60, 1} {
		v, ok := number(parts[i])
		if !ok || v < 0 || parts[i][0] == '+' || i < 3 && v != math.Trunc(v) {
			return 0, false
		}
		total += v * scale
	}
	return total, true
}

// tidy rounds a number of hours or units so that it prints short and alike jobs
// are equal: to 1e-9, far below what a plan sees.
func tidy(v float64) float64 {
	if math.Abs(v) > 1e6 {
		return v
	}
	return math.Round(v*1e9)/1e9 + 0 // no negative zero
}

// From is where a window begins: hours after the trace's own beginning, or a
// time. The zero value is not given.
type From struct {
	Given bool
	Hours float64
	At    time.Time
}

// ParseFrom reads hours, as in 48, or a time, as in 2026-01-15T00:00:00+08:00; a
// time without an offset, or a date alone, is one in the zone.
func ParseFrom(text string, zone *time.Location) (From, error) {
	if v, ok := number(text); ok {
		return From{Given: true, Hours: v}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02"} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return From{Given: true, At: at}, nil
		}
	}
	return From{}, fmt.Errorf("%q is neither hours, as in 48, nor a time, as in 2026-01-15T00:00:00+08:00", text)
}
