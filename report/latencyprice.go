package report

// What one more millisecond of round trip would save, for the workloads of a
// region and class: in every period the cheapest unit-hour that can be had
// within the bound, at the plan's prices, against the cheapest within a
// millisecond more,
//
//	saving = sum_t demand_t h_t (near_t - far_t)
//
// A pool in which a workload is covered against outages costs the same security
// wherever it is; but in an outage, too, the work may go to what has come within reach:
// for every outage the price of being servable in it, against the price of a unit of the
// pools left that are nearer now, counts as well.
//
// Prices are held, so the saving is at most this: more work at a cheaper pool
// makes it dearer.
//
// For each job of such a class, the cheapest place of the job alone within the bound against
// the cheapest within a millisecond more, all else as planned, as for its deadline. The free
// units that two jobs would use are the same, so theirs are at most the sum.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/internal/inorder"
	"github.com/wattbit/wattbit/model"
)

// moreMS is the step of the latency bound.
const moreMS = 1

// LatencyLine is what a millisecond more would save the work of a region and class.
type LatencyLine struct {
	Region  string  `json:"region"`
	Class   string  `json:"class"`
	BoundMS float64 `json:"bound_ms"`
	// MoreSites come within reach.
	MoreSites int `json:"more_sites"`
	// Saving of workloads at most, over the horizon.
	Saving float64 `json:"saving"`
	// UnitH of demand of workloads.
	UnitH float64 `json:"unit_h"`
	// JobSaving of jobs, each alone, and JobUnitH of the jobs that were asked: not those
	// that migrate in the plan, or fit nowhere by this reckoning.
	JobSaving float64 `json:"job_saving"`
	JobUnitH  float64 `json:"job_unit_h"`
}

// Saves is what workloads and jobs would save.
func (l *LatencyLine) Saves() float64 { return l.Saving + l.JobSaving }

// latencyPrices has a line for every region and class with a bound and work;
// none without prices.
func (j *joined) latencyPrices() []LatencyLine { return j.latencyOnce.of(j.priceLatency) }

func (j *joined) priceLatency() []LatencyLine {
	byPool := j.poolPrices()
	if byPool == nil {
		return nil
	}
	offers := &unitOffers{j: j, pools: byPool, forward: prices(j.ix.DataLinks, j.p.Prices.DataForward),
		backward: prices(j.ix.DataLinks, j.p.Prices.DataBackward)}
	wider := *j.c
	wider.Jobs, wider.JobGroups = nil, nil
	wider.LatencyClasses = slices.Clone(j.c.LatencyClasses)
	for i := range wider.LatencyClasses {
		if l := &wider.LatencyClasses[i]; l.MaxRoundTripMS != nil {
			bound := *l.MaxRoundTripMS + moreMS
			l.MaxRoundTripMS = &bound
		}
	}
	far := wider.Index()
	lost, secured := j.ix.Outages(), j.outagePrices()
	lines := newLatencyLines()
	for i := range j.c.Workloads {
		w := &j.c.Workloads[i]
		bound := j.c.LatencyClasses[j.ix.LatencyClasses[w.Class]].MaxRoundTripMS
		if bound == nil {
			continue
		}
		line := lines.of(w.Region, w.Class, *bound)
		within, beyond := j.ix.WorkloadPlacements(w), far.WorkloadPlacements(w)
		for t, h := range j.hours {
			unitH := w.DemandUnits.At(t, 0) * h
			line.UnitH += unitH
			saving := max(0, offers.cheapest(w, within, t)-offers.cheapest(w, beyond, t))
			for k := range lost {
				if p := secured[lost[k].Name]; p != nil {
					saving += offers.securer(w, p, &lost[k], within, beyond, t)
				}
			}
			line.Saving += unitH * saving
		}
		line.reaches(j.c, within, beyond)
	}
	j.jobLatency(lines, far, byPool)
	out := make([]LatencyLine, 0, len(lines.all))
	for _, line := range lines.all {
		out = append(out, line.LatencyLine)
	}
	return out
}

// jobLatency adds what jobs would save: the cheapest place of each within the bound, as
// for deadlines, against the cheapest of those that come within reach.
func (j *joined) jobLatency(lines *latencyLines, far *model.Index, byPool []poolPrices) {
	s := j.newPlacer(byPool)
	runs := j.runsByJob()
	inorder.Blocks(len(j.p.Jobs), jobsAtOnce, func(from, to int) (out []jobSaving) {
		s := s.another()
		for i := from; i < to; i++ {
			if v, ok := s.nearer(i, runs.of(i), far); ok {
				out = append(out, v)
			}
		}
		return out
	}, func(_, _ int, all []jobSaving) {
		for _, v := range all {
			line := lines.of(v.job.Region, v.job.Class, v.boundMS)
			line.JobUnitH += v.job.WorkUnitH
			line.JobSaving += v.money
			line.reaches(j.c, v.within, v.beyond)
		}
	})
}

// jobSaving is what a millisecond more would save a job. Within and beyond the bound is
// where it may run, where more is beyond.
type jobSaving struct {
	job            *model.Job
	boundMS        float64
	money          float64
	within, beyond []model.Placement
}

// nearer asks what the i-th planned job would save, with its runs; ok is false for a job
// that is not asked.
func (s *placer) nearer(i int, runs []work, far *model.Index) (out jobSaving, ok bool) {
	j, p := s.j, &s.j.p.Jobs[i]
	job := &j.c.Jobs[j.ix.Jobs[p.Job]]
	if job.Class == "" || len(p.Then) > 0 {
		return out, false
	}
	bound := j.c.LatencyClasses[j.ix.LatencyClasses[job.Class]].MaxRoundTripMS
	if bound == nil {
		return out, false
	}
	_, _, last := j.ix.JobWindow(job)
	w := jobWindow{from: s.after(job), last: last, due: math.Inf(1)}
	if by := job.LateFrom(); by != nil && job.LatePricePerH != nil {
		w.due, w.latePrice = *by, *job.LatePricePerH
	}
	within, beyond := j.ix.JobPlacements(job), far.JobPlacements(job)
	found := s.among(job, runs, &w, within)
	s.instead(found, p, job, &w)
	near := found.now
	if math.IsInf(near, 1) {
		return out, false
	}
	out = jobSaving{job: job, boundMS: *bound}
	if moreBeyond(within, beyond) {
		out.within, out.beyond = within, beyond
		out.money = max(0, near-s.among(job, runs, &w, beyond).now)
	}
	return out, true
}

// moreBeyond says whether a pool comes within reach.
func moreBeyond(within, beyond []model.Placement) bool {
	for p := range within {
		if beyond[p].OK && !within[p].OK {
			return true
		}
	}
	return false
}

// latencyLines are the lines by region and class, in the order in which they are found.
type latencyLines struct {
	at  map[[2]string]*latencyLine
	all []*latencyLine
}

// latencyLine is a line with the sites that come within its reach.
type latencyLine struct {
	LatencyLine
	sites map[string]bool
}

func newLatencyLines() *latencyLines { return &latencyLines{at: map[[2]string]*latencyLine{}} }

// of is the line of a region and class.
func (l *latencyLines) of(region, class string, boundMS float64) *latencyLine {
	key := [2]string{region, class}
	if l.at[key] == nil {
		l.at[key] = &latencyLine{LatencyLine{Region: region, Class: class, BoundMS: boundMS}, map[string]bool{}}
		l.all = append(l.all, l.at[key])
	}
	return l.at[key]
}

// reaches counts the sites that come within reach.
func (l *latencyLine) reaches(c *model.Case, within, beyond []model.Placement) {
	for p := range within {
		if !beyond[p].OK || within[p].OK {
			continue
		}
		if site := c.Pools[p].Site; !l.sites[site] {
			l.sites[site] = true
			l.MoreSites++
		}
	}
}

// unitOffers is what a unit-hour of a workload may be had for.
type unitOffers struct {
	j     *joined
	pools []poolPrices
	// forward and backward price a GB of each data link's capacity; nil where
	// the plan has none.
	forward, backward [][]float64
}

// cheapest is the least price of a unit-hour of a workload in period t: in one of
// the pools where it may go and a module is on, or unserved.
func (o *unitOffers) cheapest(w *model.Workload, placements []model.Placement, t int) float64 {
	j, least := o.j, o.j.unservedPrice(w)
	class := &j.c.LatencyClasses[j.ix.LatencyClasses[w.Class]]
	covered := slices.Contains(j.c.ComputingOutages.Classes, w.Class)
	for _, p := range placements {
		if !p.OK || j.pools[p.Pool].ModulesOn[t] == 0 {
			continue
		}
		speed := j.c.Pools[p.Pool].UnitSpeed()
		money := o.pools[p.Pool].headroom(class, covered, t)/speed + o.pools[p.Pool].power[t]/speed
		if p.DataLink >= 0 {
			money += w.DataGBPerUnitH * (j.ix.DataPricePerGB(p.DataLink, w.Region) + o.linkPrice(p, t))
		}
		least = min(least, money)
	}
	return least
}

// securer is what a unit-hour of a workload saves in an outage by the pools that come
// within reach: at most the price of being servable in it.
func (o *unitOffers) securer(w *model.Workload, p *model.OutagePrices, lost *model.Outage, within, beyond []model.Placement, t int) float64 {
	near := 0.0
	for _, s := range p.Workloads {
		if s.Name == w.Name {
			near = s.Values[t]
		}
	}
	least := near
	for i := range beyond {
		if within[i].OK || !o.j.ix.Leaves(lost, &beyond[i]) || o.j.pools[i].ModulesOn[t] == 0 {
			continue
		}
		unit := 0.0
		for _, s := range p.Pools {
			if s.Name == o.j.c.Pools[o.j.ix.BasePool(i)].Name {
				unit = s.Values[t]
			}
		}
		least = min(least, unit/o.j.c.Pools[i].UnitSpeed())
	}
	return near - least
}

// linkPrice is the price of a GB of the capacity of a placement's data link.
func (o *unitOffers) linkPrice(p model.Placement, t int) float64 {
	v := o.backward[p.DataLink]
	if p.Forward {
		v = o.forward[p.DataLink]
	}
	if v == nil {
		return 0
	}
	return v[t]
}
