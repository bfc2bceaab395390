package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// number formats v with the given decimals and thousands separators. A value
// that rounds to zero carries no sign.
func number(v float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(s, ".")
	var b strings.Builder
	if v < 0 && strings.Trim(s, "0.") != "" {
		b.WriteByte('-')
	}
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	if fraction != "" {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}

// amount formats v with as many decimals as its size deserves: three
// significant digits below 100, none for whole numbers and above.
func amount(v float64) string {
	switch a := math.Abs(v); {
	case a >= 99.95 || math.Abs(v-math.Round(v)) < 1e-9:
		return number(v, 0)
	case a >= 9.995:
		return number(v, 1)
	case a >= 0.9995:
		return number(v, 2)
	case a >= 0.0005:
		return number(v, 3)
	default:
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
}

// compact formats v in three significant digits with bn, M or k.
func compact(v float64) string {
	switch a := math.Abs(v); {
	case a >= 999.5e6:
		return number(v/1e9, 2) + " bn"
	case a >= 99.95e6:
		return number(v/1e6, 0) + " M"
	case a >= 999.5e3:
		return number(v/1e6, 1) + " M"
	case a >= 99.95e3:
		return number(v/1e3, 0) + " k"
	case a >= 9_995:
		return number(v/1e3, 1) + " k"
	default:
		return amount(v)
	}
}

// leastPercent is less than any gap that is asked for; what is below it is rounding.
const leastPercent = 1e-7

// percent formats a share. Small shares keep two significant digits, as a gap
// of 0.0042 % needs.
func percent(share float64) string {
	p := 100 * share
	switch a := math.Abs(p); {
	case a == 0:
		return "0 %"
	case math.Abs(a-100) < 1e-6:
		return number(p, 0) + " %"
	case a >= 9.95:
		return number(p, 1) + " %"
	case a >= 0.095:
		return number(p, 2) + " %"
	case a >= leastPercent:
		digits := 1 - int(math.Floor(math.Log10(a)))
		return number(p, min(digits, 9)) + " %"
	default:
		return "< 0.0000001 %"
	}
}

// part formats a share of a whole in a table, where less than a thousandth
// hardly matters.
func part(share float64) string {
	if a := math.Abs(share); a > 0 && a < 0.00095 {
		return "< 0.1 %"
	}
	return percent(share)
}

// energy formats MWh with its unit, in GWh from 100,000 MWh on.
func energy(mwh float64) string {
	if a := math.Abs(mwh); a >= 999_950 {
		return number(mwh/1e3, 0) + " GWh"
	} else if a >= 100_000 {
		return number(mwh/1e3, 1) + " GWh"
	}
	return amount(mwh) + " MWh"
}

// plural gives "1 unit" or "3 units".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return number(float64(n), 0) + " " + noun + "s"
}

// units gives "1 unit" or "2.50 units".
func units(n float64) string {
	if n == 1 {
		return "1 unit"
	}
	return amount(n) + " units"
}

// list joins names with commas and names at most limit of them.
func list(names []string, limit int) string {
	if len(names) <= limit {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %s more", strings.Join(names[:limit], ", "), number(float64(len(names)-limit), 0))
}

// ratio is a/b, and 0 where b is 0.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// calendar prints the instants of a horizon as people say them.
type calendar struct {
	times []time.Time // starts of the periods and the end, in the case's zone
	dated bool        // the horizon covers more than one day
}

func newCalendar(start time.Time, location *time.Location, hours []float64) calendar {
	times := make([]time.Time, len(hours)+1)
	sum := 0.0
	for t := range times {
		// Lengths such as a third of an hour are rounded in the case; their
		// sums are shown to the second.
		times[t] = start.Add(hoursOf(sum)).In(location)
		if t < len(hours) {
			sum += hours[t]
		}
	}
	return calendar{times: times, dated: sum > 24+1e-9}
}

// sameDay says whether two periods begin on one calendar day.
func (k calendar) sameDay(a, b int) bool {
	return k.times[a].Format(time.DateOnly) == k.times[b].Format(time.DateOnly)
}

// hoursOf is a length in hours, to the second.
func hoursOf(h float64) time.Duration { return time.Duration(math.Round(h*3600)) * time.Second }

// after is the local time so many hours after the horizon's start.
func (k calendar) after(h float64) string {
	at := k.times[0].Add(hoursOf(h))
	for t := range k.times {
		if at.Equal(k.times[t]) {
			return k.clock(t)
		}
	}
	return k.time(at)
}

// clock is the local time at which period t begins; T is the horizon's end.
func (k calendar) clock(t int) string {
	if at := k.times[t]; !k.dated && t == len(k.times)-1 && at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
		return "24:00"
	}
	return k.time(k.times[t])
}

// time writes a moment, with the day where the horizon is longer than one.
func (k calendar) time(at time.Time) string {
	layout := "15:04"
	if at.Second() != 0 {
		layout = "15:04:05"
	}
	if k.dated {
		return at.Format("Jan 2 " + layout)
	}
	return at.Format(layout)
}

// span is the local time from the start of period first to the end of period
// last.
func (k calendar) span(first, last int) string {
	return k.clock(first) + "–" + k.clock(last+1)
}
