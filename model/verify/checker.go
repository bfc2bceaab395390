package verify

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

// checker holds the sums that kinds add to and the report that they write.
type checker struct {
	c      *model.Case
	p      *model.Plan
	o      Options
	report *Report
	found  map[string]int // violations by rule
	halted bool

	periods int
	hours   []float64 // of each period
	begin   []float64 // hours from the horizon's start to each period's, and to its end
	at      index

	net       [][]float64 // MW into each bus in each period
	gross     [][]float64 // the sum of the sizes of net's terms
	sheddable [][]float64 // MW that shedding may replace
	provided  [][]float64 // MW provided to each reserve product
	taken     [][]float64 // capacity taken from each pool, units
	busy      [][]float64 // units of each pool that draw dynamic power
	drawn     [][]float64 // MW of each pool before PUE and cooling
	netMW     [][]float64 // MW that assets behind each site's meter give, less what they take
	metered   []bool      // by site: whether any asset stands behind its meter
	metUp     [][]float64 // MW of upward reserve of the assets behind each site's meter
	metDown   [][]float64 // likewise downward
	siteIT    [][]float64 // MW of each site's machines
	roomIT    [][]float64 // MW that jobs may add to it when called
	sitePower [][]float64 // MW that each site draws
	imported  [][]float64 // MW that each site imports
	forward   [][]float64 // GB over each data link
	backward  [][]float64

	queued  map[pair][]float64     // busy units by pool and class with a queue
	staff   map[staffKey]*staffing // of such classes
	remains *remains               // what stays in an outage of computing; nil where none is asked for
	room    [][]float64            // units of each pool that jobs may take when called
	promise [][]float64            // MW of each site that jobs may drop when called

	replays   bool        // jobs that provide reserve are kept
	callables []*callable // these

	datasetAt   []map[int]int        // by dataset: the first period in which a region has it
	copyCost    []float64            // by dataset
	outcomes    []outcome            // by job of the case; of a class its first one's
	others      map[string][]outcome // of the other jobs of classes that are in groups
	jobDataCost []float64            // by job of the case
	quotaUse    []quotaUse
	quotasOf    map[string][]int // by owner

	stays []stay              // of the job that is checked
	given map[transferKey]int // of the job that is checked: its transfers

	co2T         float64
	generatedMWh float64
	renewableMWh float64
	accounts     map[model.CostItem][]account
}

// grid is a row of n values for each of rows.
func grid(rows, n int) [][]float64 {
	flat := make([]float64, rows*n)
	out := make([][]float64, rows)
	for i := range out {
		out[i] = flat[i*n : (i+1)*n : (i+1)*n]
	}
	return out
}

// inject adds power to a bus in period t, negative where it is drawn.
func (k *checker) inject(bus, t int, mw float64) {
	k.net[bus][t] += mw
	k.gross[bus][t] += math.Abs(mw)
}

func (k *checker) tolerance(a, b float64) float64 {
	return k.o.Tolerances.Absolute + k.o.Tolerances.Relative*max(math.Abs(a), math.Abs(b))
}

// above, below and differ compare within the tolerances. They are written so
// that NaN is a breach.

func (k *checker) above(value, limit float64) bool {
	k.report.Checked++
	return !(value <= limit+k.tolerance(value, limit))
}

func (k *checker) below(value, limit float64) bool {
	k.report.Checked++
	return !(value >= limit-k.tolerance(value, limit))
}

func (k *checker) differ(value, want float64) bool {
	k.report.Checked++
	return !(math.Abs(value-want) <= k.tolerance(value, want))
}

// aboveInt, belowInt and differInt compare counts, which have no tolerance.

func (k *checker) aboveInt(value, limit int) bool {
	k.report.Checked++
	return value > limit
}

func (k *checker) belowInt(value, limit int) bool {
	k.report.Checked++
	return value < limit
}

func (k *checker) differInt(value, want int) bool {
	k.report.Checked++
	return value != want
}

// breach reports a violation; its excess is the distance of value and limit.
func (k *checker) breach(rule, asset string, period int, value, limit float64, format string, args ...any) {
	k.found[rule]++
	if k.found[rule] > k.o.MaxPerRule {
		k.report.Omitted++
		return
	}
	value, limit = finite(value), finite(limit)
	k.report.Violations = append(k.report.Violations, Violation{
		Rule: rule, Asset: asset, Period: period,
		Value: value, Limit: limit, Excess: finite(math.Abs(value - limit)),
		Detail: fmt.Sprintf(format, args...),
	})
}

func (k *checker) breachInt(rule, asset string, period, value, limit int, format string, args ...any) {
	k.breach(rule, asset, period, float64(value), float64(limit), format, args...)
}

// finite keeps a report encodable as JSON.
func finite(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return min(max(v, -math.MaxFloat64), math.MaxFloat64)
}

// last is the index of the last period.
func (k *checker) last() int { return k.periods - 1 }

// rampHours is the mean length of periods t-1 and t; the period before the
// first has the first one's length.
func (k *checker) rampHours(t int) float64 {
	if t == 0 {
		return k.hours[0]
	}
	return (k.hours[t-1] + k.hours[t]) / 2
}

// bound returns, for each period t, the first period s such that what began in
// s must still last in t: s = t, or hours(s..t-1) < duration.
func (k *checker) bound(duration float64) []int {
	out := make([]int, k.periods)
	s := 0
	for t := range out {
		for s < t && !k.lasts(k.begin[t]-k.begin[s], duration) {
			s++
		}
		out[t] = s
	}
	return out
}

// lasts says that what has gone on for some hours must go on to reach duration.
func (k *checker) lasts(hours, duration float64) bool {
	return hours < duration-hoursTolerance
}

// window is a running sum of events over the periods that still bind.
type window struct {
	first []int
	from  int
	sum   int
}

// upTo returns the sum of events over the periods that bind at t; t must grow
// by one from call to call.
func (w *window) upTo(t int, events []int) int {
	w.sum += events[t]
	for ; w.from < w.first[t]; w.from++ {
		w.sum -= events[w.from]
	}
	return w.sum
}
