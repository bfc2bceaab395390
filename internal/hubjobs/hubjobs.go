// Package hubjobs fills a case with seeded jobs in the manner of a trace, for
// benchmarks of many jobs.
package hubjobs

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// Options of a draw.
type Options struct {
	// Jobs drawn.
	Jobs int
	// Seed of the draw.
	Seed uint64
	// Utilisation is the work of all jobs over what the pools can do beside the
	// workloads, with all modules on. Default 0.7. Few jobs may ask for less: no
	// gang but a lump is wider than 3 % of the smallest pool.
	Utilisation float64
	// LumpShare of the work is in gangs of 20 to 50 % of the smallest pool of
	// their kind. Default none.
	LumpShare float64
	// TieShare of the jobs wait for another, as many have a quota, and as many are in
	// groups (tie.go). Default none.
	TieShare float64
	// DataShare of the jobs send results home, as many have a second input, and as many
	// read a dataset (data.go). Default none.
	DataShare float64
	// ReserveShare of the preemptible jobs that hold any number of units, and whose end nobody
	// waits for, offer all upward products. Default none.
	ReserveShare float64
	// LinkFactor scales the data: the mean use of data links, were every job
	// run away from its data, is this share of what they carry. Default 0.5.
	LinkFactor float64
}

// Replace returns a copy of a case whose jobs are drawn, in the shape of the
// trace's arrivals, lengths and widths, and sized to the case's pools.
//
// 40 % of the jobs are rigid, 25 % preemptible, 10 % gangs that may be interrupted
// up to three times at a loss of a tenth of an hour each, 15 % moldable and 10 %
// malleable. The latter two have widths of a half, all and twice the trace's, at
// which they work as at 0.5, 0.95 and 1.6 times it. Regions are as likely as
// their workloads are large. 15 % of the jobs stay in sites of their region,
// 35 % where a class of warm latency may go, the others may go anywhere; 60 %
// run in any kind of pool, the others in one. A job has 1.2 to 6 times its length
// between release and deadline, a fifth has to the end of the day; 30 % of the
// rigid ones may be late at a price. Drop prices are 1.5 to 8 times a typical
// price of the power that the work takes.
func Replace(c *model.Case, trace []TraceJob, o Options) (*model.Case, error) {
	if len(trace) == 0 || len(c.Pools) == 0 || o.Jobs < 1 {
		return nil, fmt.Errorf("hubjobs: a draw needs a trace, pools and a number of jobs")
	}
	if o.Utilisation <= 0 {
		o.Utilisation = 0.7
	}
	if o.LinkFactor <= 0 {
		o.LinkFactor = 0.5
	}
	d := newDraw(c, o)
	out := *c
	out.Name = fmt.Sprintf("%s-%d-jobs", c.Name, o.Jobs)
	out.Jobs = make([]model.Job, 0, o.Jobs)
	for i := range o.Jobs {
		out.Jobs = append(out.Jobs, d.job(i, &trace[d.r.IntN(len(trace))]))
	}
	d.size(out.Jobs)
	d.lumps(out.Jobs)
	d.prices(out.Jobs)
	d.tie(&out)
	d.data(&out)
	d.reserve(&out)
	return &out, nil
}

// draw is a draw of jobs.
type draw struct {
	c       *model.Case
	o       Options
	r       *rand.Rand
	ix      *model.Index
	hours   float64
	kinds   []string
	regions []string
	share   []float64           // of each region, running sum
	local   map[string][]string // sites of a region
	room    float64             // unit-hours that pools can do for jobs
	least   float64             // units of the smallest pool
	busyMW  float64             // mean power of a busy unit with its share of idle power
}

func newDraw(c *model.Case, o Options) *draw {
	d := &draw{
		c: c, o: o, r: rand.New(rand.NewPCG(o.Seed, uint64(o.Jobs))), ix: c.Index(),
		local: make(map[string][]string), least: math.Inf(1),
	}
	d.hours = d.ix.Starts[len(d.ix.Hours)]
	demand := make(map[string]float64)
	for i := range c.Workloads {
		w := &c.Workloads[i]
		for t, h := range d.ix.Hours {
			demand[w.Region] += w.DemandUnits.At(t, 0) * h
		}
		cap := 1.0
		if k, ok := d.ix.LatencyClasses[w.Class]; ok {
			cap = c.LatencyClasses[k].Cap()
		}
		for t, h := range d.ix.Hours {
			d.room -= w.DemandUnits.At(t, 0) * h / cap
		}
	}
	sum := 0.0
	for i := range c.Regions {
		name := c.Regions[i].Name
		sum += demand[name] + 1
		d.regions, d.share = append(d.regions, name), append(d.share, sum)
	}
	for i := range c.Sites {
		d.local[c.Sites[i].Region] = append(d.local[c.Sites[i].Region], c.Sites[i].Name)
	}
	power, units := 0.0, 0.0
	for i := range c.Pools {
		p := &c.Pools[i]
		if !slices.Contains(d.kinds, p.Kind) {
			d.kinds = append(d.kinds, p.Kind)
		}
		least := math.Inf(1)
		for t, h := range d.ix.Hours {
			d.room += p.MaxUnits(t) * p.UnitSpeed() * h
			least = math.Min(least, p.MaxUnits(t))
		}
		d.least = math.Min(d.least, least)
		power += p.MaxUnits(0) * (p.DynamicMWPerUnit + p.IdleMWPerModule/p.UnitsPerModule)
		units += p.MaxUnits(0)
	}
	d.busyMW = power / units
	return d
}

// job draws one job; its units are the trace's, to be scaled.
func (d *draw) job(i int, t *TraceJob) model.Job {
	r := d.r
	j := model.Job{Name: fmt.Sprintf("job-%07d", i), Shape: model.Rigid, Units: t.Units}
	shape(&j, r.Float64())
	j.Region = d.regions[min(len(d.regions)-1, search(d.share, r.Float64()*d.share[len(d.share)-1]))]
	switch k := r.Float64(); {
	case k < 0.6 || len(d.kinds) < 2:
	case k < 0.9:
		j.PoolKinds = []string{d.kinds[0]}
	default:
		j.PoolKinds = []string{d.kinds[1]}
	}
	switch k := r.Float64(); {
	case k < 0.15 && d.runsAt(j.PoolKinds, d.local[j.Region]):
		j.AllowedSites = d.local[j.Region]
	case k < 0.5 && len(d.c.LatencyClasses) > 1:
		j.Class = d.c.LatencyClasses[1].Name
	}
	length := math.Min(t.LengthH, 0.75*d.hours)
	j.WorkUnitH = t.Units * length
	d.window(&j, length, math.Mod(t.ArrivalH, d.hours))
	return j
}

// shape sets the shape of a job of so many units by a draw from 0 to 1.
func shape(j *model.Job, draw float64) {
	switch {
	case draw < 0.4:
	case draw < 0.65:
		j.Shape = model.Preemptible
	case draw < 0.75:
		times := 3
		j.Shape, j.MaxInterruptions, j.RestartH = model.Preemptible, &times, 0.1
	case draw < 0.9:
		j.Shape = model.Moldable
	default:
		j.Shape = model.Malleable
	}
	if j.Shape == model.Moldable || j.Shape == model.Malleable {
		for _, p := range [...]model.ScalingPoint{{Units: 0.5, EffectiveUnits: 0.5}, {Units: 1, EffectiveUnits: 0.95}, {Units: 2, EffectiveUnits: 1.6}} {
			j.Scaling = append(j.Scaling, model.ScalingPoint{Units: p.Units * j.Units, EffectiveUnits: p.EffectiveUnits * j.Units})
		}
		j.Units = 0
	}
}

// width is how wide the job is at most.
func width(j *model.Job) float64 {
	if n := len(j.Scaling); n > 0 {
		return j.Scaling[n-1].Units
	}
	return j.Units
}

// scale makes a job wider and its work more in proportion.
func scale(j *model.Job, by float64) {
	j.Units *= by
	j.WorkUnitH *= by
	for i := range j.Scaling {
		j.Scaling[i].Units *= by
		j.Scaling[i].EffectiveUnits *= by
	}
}

// runsAt says whether one of the sites has a pool of the kinds.
func (d *draw) runsAt(kinds, sites []string) bool {
	for i := range d.c.Pools {
		p := &d.c.Pools[i]
		if slices.Contains(sites, p.Site) && (len(kinds) == 0 || slices.Contains(kinds, p.Kind)) {
			return true
		}
	}
	return false
}

// window draws release and deadline, on the grid of periods.
func (d *draw) window(j *model.Job, length, arrival float64) {
	grid := func(h float64) int { return min(len(d.ix.Hours), search(d.ix.Starts[1:], h)) }
	T := len(d.ix.Hours)
	need := grid(length) + 2 // periods, with room for a link and for rounding
	first := grid(arrival)
	if first+need > T {
		first = int(float64(max(0, T-need)) * d.r.Float64())
	}
	last := min(T, first+int(math.Ceil(float64(need)*(1.2+4.8*d.r.Float64()))))
	if d.r.Float64() < 0.2 {
		last = T
	}
	j.ReleaseH = d.ix.Starts[first]
	if last < T {
		deadline := d.ix.Starts[last]
		j.DeadlineH = &deadline
	}
}

// size scales units, and work with them, so that the work is the share wanted of
// what pools can do, no gang above 3 % of the smallest pool.
func (d *draw) size(jobs []model.Job) {
	want := d.o.Utilisation * d.room
	widest := 0.03 * d.least
	factor := 1.0
	scaled := func(j *model.Job) float64 { return math.Min(1, widest/(factor*width(j))) * factor }
	for range 30 {
		work := 0.0
		for i := range jobs {
			work += jobs[i].WorkUnitH * scaled(&jobs[i])
		}
		factor *= want / work
	}
	for i := range jobs {
		scale(&jobs[i], scaled(&jobs[i]))
	}
}

// lumps turns jobs, from the first on, into big gangs until those hold their
// share of the work, and shrinks the others to make room.
func (d *draw) lumps(jobs []model.Job) {
	if d.o.LumpShare <= 0 {
		return
	}
	total, lumps, n := 0.0, 0.0, 0
	for i := range jobs {
		total += jobs[i].WorkUnitH
	}
	for ; n < len(jobs) && lumps < d.o.LumpShare*total; n++ {
		j := &jobs[n]
		length := (0.08 + 0.22*d.r.Float64()) * d.hours
		j.Shape, j.Class, j.AllowedSites, j.PoolKinds = model.Rigid, "", nil, nil
		j.Scaling, j.MaxInterruptions, j.RestartH = nil, nil, 0
		if n%2 == 1 {
			j.Shape = model.Preemptible
		}
		j.Units = (0.2 + 0.3*d.r.Float64()) * d.least
		j.WorkUnitH = j.Units * length
		j.DeadlineH = nil
		d.window(j, length, d.r.Float64()*math.Max(0, d.hours-1.3*length))
		lumps += j.WorkUnitH
	}
	rest := 0.0
	for i := n; i < len(jobs); i++ {
		rest += jobs[i].WorkUnitH
	}
	if rest <= 0 {
		return
	}
	for i := n; i < len(jobs); i++ {
		scale(&jobs[i], math.Max(0, total-lumps)/rest)
	}
}

// typicalPrice of power, money per MWh, by which jobs are valued.
const typicalPrice = 400

// prices draws data, drop prices and late prices.
func (d *draw) prices(jobs []model.Job) {
	carry, most := 0.0, math.Inf(1) // in all, and in the least half hour of a link
	for i := range d.c.DataLinks {
		for t, h := range d.ix.Hours {
			perH := d.c.DataLinks[i].CapacityGbps.At(t, 0) * model.GBPerGbpsH
			carry += perH * h
			most = math.Min(most, perH/2)
		}
	}
	sum := 0.0
	for i := range jobs {
		j := &jobs[i]
		j.InputGB = math.Exp(d.r.NormFloat64()) * math.Pow(j.WorkUnitH, 0.7)
		sum += j.InputGB
	}
	for i := range jobs {
		j := &jobs[i]
		j.InputGB = math.Min(most, j.InputGB*d.o.LinkFactor*carry/math.Max(sum, 1e-9))
		energy := j.WorkUnitH * d.busyMW * typicalPrice
		drop := energy * (1.5 + 6.5*d.r.Float64())
		j.DropPrice = &drop
		if j.Shape == model.Rigid && j.DeadlineH != nil && d.r.Float64() < 0.3 {
			late := energy * (0.2 + 0.8*d.r.Float64()) * 4 / d.hours
			j.LatePricePerH = &late
		}
	}
}

// search returns the first position whose value is at least v.
func search(sorted []float64, v float64) int {
	at, _ := slices.BinarySearch(sorted, v)
	return at
}
