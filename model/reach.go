package model

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Placement says whether work may go to a pool, and how its data gets there.
type Placement struct {
	// Pool is the pool's position in the case.
	Pool int
	// OK says whether the work may go there; Reason says in words why not.
	OK     bool
	Reason string
	// DataLink that the work's data crosses, by its position in the case; -1
	// where none is needed: the work has no data, or the data is at home.
	DataLink int
	// Forward says that the data goes from the link's from to its to.
	Forward bool
}

// RoundTripMS returns the round-trip time between a region and a site in
// milliseconds: from network.round_trips, else by distance when the case gives
// the rule and both have coordinates, else 0 when the site lies in the region.
// Known is false when none of these applies.
func (c *Case) RoundTripMS(region, site string) (ms float64, known bool) {
	return c.Index().RoundTripMS(region, site)
}

// WorkloadPlacements returns where the workload may be served: one placement
// for each pool of the case, in order. A program that asks for many workloads
// builds one Index and asks that.
func (c *Case) WorkloadPlacements(w *Workload) []Placement { return c.Index().WorkloadPlacements(w) }

// JobPlacements returns where the job may run: one placement for each pool of
// the case, in order. A program that asks for many jobs builds one Index and
// asks that.
func (c *Case) JobPlacements(j *Job) []Placement { return c.Index().JobPlacements(j) }

// RoundTripMS is Case.RoundTripMS.
func (ix *Index) RoundTripMS(region, site string) (ms float64, known bool) {
	if ms, ok := ix.trips[[2]string{region, site}]; ok {
		return ms, true
	}
	r, okRegion := ix.Regions[region]
	s, okSite := ix.Sites[site]
	if !okRegion || !okSite {
		return 0, false
	}
	from, at := &ix.c.Regions[r], &ix.c.Sites[s]
	if rule := ix.c.Network.ByDistance; rule != nil {
		a, okA := position(from.LatitudeDeg, from.LongitudeDeg)
		b, okB := position(at.LatitudeDeg, at.LongitudeDeg)
		if home, ok := ix.Regions[at.Region]; !okB && ok {
			b, okB = position(ix.c.Regions[home].LatitudeDeg, ix.c.Regions[home].LongitudeDeg)
		}
		if okA && okB {
			return rule.MS(a.km(b)), true
		}
	}
	return 0, at.Region == region
}

// MS returns the round-trip time over a great-circle distance in km.
func (d *DistanceRule) MS(km float64) float64 {
	return 2*orElse(d.USPerKM, 5)*0.001*orElse(d.RouteFactor, 1.4)*km + orElse(d.FixedMS, 2)
}

// latLon is a place on the sphere, in radians.
type latLon struct{ lat, lon float64 }

func position(latDeg, lonDeg *float64) (latLon, bool) {
	if latDeg == nil || lonDeg == nil {
		return latLon{}, false
	}
	return latLon{*latDeg * math.Pi / 180, *lonDeg * math.Pi / 180}, true
}

// km is the great-circle distance by the haversine formula.
func (a latLon) km(b latLon) float64 {
	sinLat, sinLon := math.Sin((b.lat-a.lat)/2), math.Sin((b.lon-a.lon)/2)
	h := sinLat*sinLat + math.Cos(a.lat)*math.Cos(b.lat)*sinLon*sinLon
	return 2 * 6371 * math.Asin(math.Sqrt(min(1, h)))
}

// WorkloadPlacements is Case.WorkloadPlacements.
func (ix *Index) WorkloadPlacements(w *Workload) []Placement {
	out := make([]Placement, len(ix.c.Pools))
	for i := range out {
		out[i] = ix.place(i, &asked{
			region: w.Region, class: w.Class, kinds: w.PoolKinds, allowed: w.AllowedSites, forbidden: w.ForbiddenSites,
			hasData: w.DataGBPerUnitH > 0, dataRegion: w.Region,
		})
	}
	return out
}

// JobPlacements is Case.JobPlacements.
func (ix *Index) JobPlacements(j *Job) []Placement {
	ask := &asked{
		region: j.Region, class: j.Class, kinds: j.PoolKinds, allowed: j.AllowedSites, forbidden: j.ForbiddenSites,
	}
	out := make([]Placement, len(ix.c.Pools))
	var w window
	w.first, _, w.last = ix.JobWindow(j)
	for i := range out {
		p := ix.place(i, ask)
		if p.OK {
			if p.Reason = ix.routeData(j, &p); p.Reason == "" {
				p.Reason = ix.cannotFinish(j, p, w)
			}
			p.OK = p.Reason == ""
		}
		out[i] = p
	}
	if !j.migrates() || len(ix.Hours) == 0 {
		return out
	}
	if reason := ix.cannotMigrate(j, out, w.first, w.last, inWindow(j)); reason != "" {
		for i := range out {
			if out[i].OK {
				out[i].OK, out[i].Reason = false, reason
			}
		}
	}
	return out
}

// asked is what work asks of a pool, whatever its kind.
type asked struct {
	region, class      string
	kinds              []string
	allowed, forbidden []string
	hasData            bool
	dataRegion         string
}

func (ix *Index) place(pool int, a *asked) Placement {
	p := Placement{Pool: pool, DataLink: -1}
	at := &ix.c.Pools[pool]
	s := ix.siteOf[pool]
	if s < 0 {
		p.Reason = fmt.Sprintf("site %s unknown", at.Site)
		return p
	}
	site := &ix.c.Sites[s]
	switch {
	case len(a.kinds) > 0 && !slices.Contains(a.kinds, ix.KindOf(pool)):
		p.Reason = fmt.Sprintf("kind %q is not asked for", ix.KindOf(pool))
	case len(a.allowed) > 0 && !slices.Contains(a.allowed, site.Name):
		p.Reason = "not among the allowed sites"
	case slices.Contains(a.forbidden, site.Name):
		p.Reason = "forbidden"
	default:
		p.Reason = ix.tooFar(a, site)
	}
	if p.Reason != "" {
		return p
	}
	if a.hasData && a.dataRegion != site.Region {
		way, ok := ix.between[[2]string{a.dataRegion, site.Region}]
		if !ok {
			p.Reason = fmt.Sprintf("no data link from %s to %s", a.dataRegion, site.Region)
			return p
		}
		p.DataLink, p.Forward = way.Link, way.Forward
	}
	p.OK = true
	return p
}

func (ix *Index) tooFar(a *asked, site *Site) string {
	if a.class == "" {
		return ""
	}
	i, ok := ix.LatencyClasses[a.class]
	if !ok {
		return fmt.Sprintf("latency class %s unknown", a.class)
	}
	bound := ix.c.LatencyClasses[i].MaxRoundTripMS
	if bound == nil {
		return ""
	}
	ms, known := ix.RoundTripMS(a.region, site.Name)
	switch {
	case !known:
		return fmt.Sprintf("round trip from %s unknown", a.region)
	case ms > *bound:
		return fmt.Sprintf("latency %s ms > %s ms", short(ms), short(*bound))
	}
	return ""
}

// short writes a number for people: four digits, no exponent where avoidable.
func short(v float64) string {
	if a := math.Abs(v); a >= 1e4 && a < 1e15 {
		return strconv.FormatFloat(math.Round(v), 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
