package model

import (
	"fmt"
	"sort"
)

// DataRoute is the way of data between two regions.
type DataRoute struct {
	// Link is the data link's position in the case; -1 within a region.
	Link int
	// Forward says that the data goes from the link's from to its to.
	Forward bool
}

// DataRoute returns the way from one region to another; ok is false where no
// data link joins them.
func (ix *Index) DataRoute(from, to string) (r DataRoute, ok bool) {
	if from == to {
		return DataRoute{Link: -1}, true
	}
	r, ok = ix.between[[2]string{from, to}]
	return r, ok
}

// RegionOf returns the region of a pool's site, "" where the site is unknown.
func (ix *Index) RegionOf(pool int) string {
	s := ix.siteOf[pool]
	if s < 0 {
		return ""
	}
	return ix.c.Sites[s].Region
}

// Usable returns the first period in which data can be used that the link
// carries in period t: the first that begins at or after the end of t and the
// link's lead time. It is T where none does.
func (ix *Index) Usable(t, link int) int {
	at := ix.Starts[t+1] + ix.c.DataLinks[link].LeadTimeH - durationSlack
	T := len(ix.Hours)
	return t + 1 + sort.Search(T-t-1, func(n int) bool { return ix.Starts[t+1+n] >= at })
}

// Inflows returns the input of the job, wherever the case says it.
func (j *Job) Inflows() []DataFlow {
	if j.InputGB == 0 {
		return j.Inputs
	}
	return append([]DataFlow{{Region: j.InputRegion(), GB: j.InputGB}}, j.Inputs...)
}

// inflows is Inflows; room holds what needs no list of its own.
func (j *Job) inflows(room *[1]DataFlow) []DataFlow {
	if j.InputGB == 0 || len(j.Inputs) > 0 {
		return j.Inflows()
	}
	room[0] = DataFlow{Region: j.InputRegion(), GB: j.InputGB}
	return room[:]
}

// HasData says that the job needs neither input nor datasets to work in the
// region, because it has begun: a rigid or moldable job that runs has them in
// the region where it runs (elsewhere it begins anew), and any other takes along
// what it needs.
func (ix *Index) HasData(j *Job, region string) bool {
	if j.Running == nil {
		return false
	}
	if j.Shape == Preemptible || j.Shape == Malleable {
		return true
	}
	pool, ok := ix.Pools[j.Running.Pool]
	return ok && ix.RegionOf(pool) == region
}

// DatasetSources returns the regions that have the dataset from the start and a
// data link to the region, in the dataset's order; there says that the region
// itself has it.
func (ix *Index) DatasetSources(d *Dataset, region string) (sources []string, there bool) {
	for _, from := range d.Regions {
		route, ok := ix.DataRoute(from, region)
		switch {
		case ok && route.Link < 0:
			return nil, true
		case ok:
			sources = append(sources, from)
		}
	}
	return sources, false
}

// dataset returns the dataset of that name, nil for none.
func (ix *Index) dataset(name string) *Dataset {
	if i, ok := ix.Datasets[name]; ok {
		return &ix.c.Datasets[i]
	}
	return nil
}

// routeData finds the way of the job's data to the placement's pool and back,
// and says in words why there is none.
func (ix *Index) routeData(j *Job, p *Placement) (reason string) {
	region := ix.RegionOf(p.Pool)
	for _, name := range j.Datasets {
		if d := ix.dataset(name); d != nil && !d.MayBeIn(region) {
			return fmt.Sprintf("dataset %s may not be in %s", name, region)
		}
	}
	missing := func(from, to string) string { return fmt.Sprintf("no data link from %s to %s", from, to) }
	if !ix.HasData(j, region) {
		var room [1]DataFlow
		for i, in := range j.inflows(&room) {
			route, ok := ix.DataRoute(in.Region, region)
			switch {
			case in.GB <= 0:
			case !ok:
				return missing(in.Region, region)
			case i == 0 && j.InputGB > 0:
				p.DataLink, p.Forward = route.Link, route.Forward
			}
		}
		for _, name := range j.Datasets {
			d := ix.dataset(name)
			switch {
			case d == nil:
				return fmt.Sprintf("dataset %s unknown", name)
			case d.GB <= 0:
				continue
			}
			if sources, there := ix.DatasetSources(d, region); !there && len(sources) == 0 {
				return fmt.Sprintf("no data link from a region with dataset %s to %s", name, region)
			}
		}
	}
	for _, out := range j.Outputs {
		if _, ok := ix.DataRoute(region, out.Region); !ok && out.GB > 0 {
			return missing(region, out.Region)
		}
	}
	return ""
}

// EarliestWork returns the first period in which the job may work over the
// placement: the first of its window in which its input and its datasets can be
// there, each of them sent at full link capacity, input from the release on and
// datasets from the start. It is T when they cannot arrive.
func (ix *Index) EarliestWork(j *Job, p Placement) int {
	release, _, _ := ix.JobWindow(j)
	return ix.earliestWork(j, p, release)
}

// earliestWork is EarliestWork of a job whose window begins with period release.
func (ix *Index) earliestWork(j *Job, p Placement, release int) int {
	region := ix.RegionOf(p.Pool)
	if ix.HasData(j, region) {
		return release
	}
	earliest := release
	var room [1]DataFlow
	inflows := j.inflows(&room)
	for _, in := range inflows {
		if route, ok := ix.DataRoute(in.Region, region); ok && route.Link >= 0 && in.GB > 0 {
			earliest = max(earliest, ix.arrival(route, fromRegion(inflows, in.Region), release))
		}
	}
	for _, name := range j.Datasets {
		d := ix.dataset(name)
		if d == nil || d.GB <= 0 {
			continue
		}
		sources, there := ix.DatasetSources(d, region)
		if there {
			continue
		}
		arrival := len(ix.Hours)
		for _, from := range sources {
			route, _ := ix.DataRoute(from, region)
			arrival = min(arrival, ix.arrival(route, d.GB, 0))
		}
		earliest = max(earliest, arrival)
	}
	return earliest
}

// LatestEnd returns the period by whose beginning the job must have ended over
// the placement so that its outputs leave before the horizon does, at full link
// capacity: T when there are none, or when a job with work left owes none, and
// negative when they cannot.
func (ix *Index) LatestEnd(j *Job, p Placement) int {
	T := len(ix.Hours)
	if ix.MayLeaveWork(j) {
		return T
	}
	region := ix.RegionOf(p.Pool)
	latest := T
	for _, out := range j.Outputs {
		route, ok := ix.DataRoute(region, out.Region)
		if !ok || route.Link < 0 || out.GB <= 0 {
			continue
		}
		gb := fromRegion(j.Outputs, out.Region)
		t := T
		for left := gb; left > 1e-9*gb && t >= 0; {
			if t--; t >= 0 {
				left -= ix.DataGB(route.Link, t)
			}
		}
		latest = min(latest, t)
	}
	return latest
}

// arrival returns the first period in which GB can be used that are sent at full
// capacity from a period on; T when they do not arrive.
func (ix *Index) arrival(route DataRoute, gb float64, from int) int {
	left := gb
	for t := from; t < len(ix.Hours); t++ {
		if left -= ix.DataGB(route.Link, t); left <= 1e-9*gb {
			return ix.Usable(t, route.Link)
		}
	}
	return len(ix.Hours)
}

// arrivesBy returns the GB that can be sent from a period on and used before another.
func (ix *Index) arrivesBy(route DataRoute, from, by int) float64 {
	gb := 0.0
	for t := from; t < by && ix.Usable(t, route.Link) < by; t++ {
		gb += ix.DataGB(route.Link, t)
	}
	return gb
}

// DataGB returns what the data link can carry each way in period t.
func (ix *Index) DataGB(link, t int) float64 {
	return ix.c.DataLinks[link].CapacityGbps.At(t, 0) * GBPerGbpsH * ix.Hours[t]
}

// DataPricePerGB returns the money per GB that leaves a region over the data link.
func (ix *Index) DataPricePerGB(link int, from string) float64 {
	return ix.c.DataLinks[link].PricePerGB + ix.c.Regions[ix.Regions[from]].EgressPricePerGB
}

// fromRegion sums the flows from or to one region: they share a data link.
func fromRegion(flows []DataFlow, region string) float64 {
	gb := 0.0
	for _, f := range flows {
		if f.Region == region {
			gb += f.GB
		}
	}
	return gb
}

// dataTooLate says why the job's data make it impossible to work in any period of
// its window, of which from is the earliest with all input; "" when they do not, or
// when the job may come from another pool or go on in one.
func (ix *Index) dataTooLate(j *Job, p Placement, w window, from int, between string) string {
	if j.Migration != nil {
		return ""
	}
	switch {
	case from > w.first && from >= w.last && j.InputGB > 0 && p.DataLink >= 0:
		route := DataRoute{Link: p.DataLink}
		return fmt.Sprintf("cannot finish: its %s GB of input do not arrive %s: at full link speed %s GB do", short(j.InputGB), between,
			short(ix.arrivesBy(route, w.first, w.last)))
	case from > w.first && from >= w.last:
		return fmt.Sprintf("cannot finish: its input and datasets do not arrive %s, even at full link speed", between)
	case len(j.Outputs) > 0 && ix.LatestEnd(j, p) <= from:
		return "cannot finish: its outputs do not leave before the horizon's end, even at full link speed"
	}
	return ""
}
