package verify

import (
	"math"
	"slices"
)

// earthRadiusKM of the sphere that distances are measured on.
const earthRadiusKM = 6371

// indexNetwork resolves round-trip times and the passages of data links.
func (k *checker) indexNetwork() {
	k.at.roundTrips = map[pair]float64{}
	for _, entry := range slices.Backward(k.c.Network.RoundTrips) {
		r, okRegion := k.at.regions[entry.Region]
		s, okSite := k.at.sites[entry.Site]
		if okRegion && okSite {
			k.at.roundTrips[pair{r, s}] = entry.MS
		}
	}
	k.at.dataLinks = map[pair]passage{}
	for i := len(k.c.DataLinks) - 1; i >= 0; i-- {
		from, to := k.at.regions[k.c.DataLinks[i].From], k.at.regions[k.c.DataLinks[i].To]
		k.at.dataLinks[pair{to, from}] = passage{i, true}
		k.at.dataLinks[pair{from, to}] = passage{i, false}
	}
}

// roundTrip returns the time between a region and a site in ms: from the table,
// else by distance, else zero within the region; known is false otherwise. What
// it computes it keeps in the table.
func (k *checker) roundTrip(region, site int) (ms float64, known bool) {
	key := pair{region, site}
	if ms, ok := k.at.roundTrips[key]; ok {
		return ms, !math.IsNaN(ms)
	}
	ms = k.distanceTime(region, site)
	k.at.roundTrips[key] = ms
	return ms, !math.IsNaN(ms)
}

// distanceTime is the round trip of a pair that the table lacks, NaN where it is
// unknown.
func (k *checker) distanceTime(region, site int) float64 {
	r, s := &k.c.Regions[region], &k.c.Sites[site]
	home := k.at.regions[s.Region]
	if d := k.c.Network.ByDistance; d != nil {
		lat, lon := s.LatitudeDeg, s.LongitudeDeg
		if lat == nil || lon == nil {
			lat, lon = k.c.Regions[home].LatitudeDeg, k.c.Regions[home].LongitudeDeg
		}
		if lat != nil && lon != nil && r.LatitudeDeg != nil && r.LongitudeDeg != nil {
			km := greatCircleKM(*r.LatitudeDeg, *r.LongitudeDeg, *lat, *lon)
			return 2*valueOr(d.USPerKM, 5)*0.001*valueOr(d.RouteFactor, 1.4)*km + valueOr(d.FixedMS, 2)
		}
	}
	if home == region {
		return 0
	}
	return math.NaN()
}

// greatCircleKM is the haversine distance of two points in degrees.
func greatCircleKM(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	sinLat := math.Sin((lat2 - lat1) * rad / 2)
	sinLon := math.Sin((lon2 - lon1) * rad / 2)
	a := sinLat*sinLat + math.Cos(lat1*rad)*math.Cos(lat2*rad)*sinLon*sinLon
	return 2 * earthRadiusKM * math.Asin(math.Sqrt(min(1, a)))
}

func valueOr(p *float64, otherwise float64) float64 {
	if p == nil {
		return otherwise
	}
	return *p
}

// eligibility of work for a pool: what forbids it, or "" where nothing does.
type eligibility struct {
	region             int
	class              int // -1: no class
	poolKinds          []string
	allowed, forbidden []string
}

// latency says whether the work may be served at the pool's site by its class,
// with the round trip and the bound for the report.
func (k *checker) latency(e *eligibility, pool int) (ms, bound float64, ok bool) {
	if e.class < 0 || k.c.LatencyClasses[e.class].MaxRoundTripMS == nil {
		return 0, 0, true
	}
	bound = *k.c.LatencyClasses[e.class].MaxRoundTripMS
	ms, known := k.roundTrip(e.region, k.at.sites[k.c.Pools[pool].Site])
	if !known {
		return math.Inf(1), bound, false
	}
	return ms, bound, ms <= bound+1e-9
}

func (k *checker) kindFits(e *eligibility, pool int) bool {
	return len(e.poolKinds) == 0 || slices.Contains(e.poolKinds, k.kindOf(pool))
}

func (k *checker) siteFits(e *eligibility, pool int) bool {
	site := k.c.Pools[pool].Site
	return (len(e.allowed) == 0 || slices.Contains(e.allowed, site)) && !slices.Contains(e.forbidden, site)
}

// passageTo returns the direction of the data link that carries data from one
// region to another; ok is false where no link does.
func (k *checker) passageTo(from, to int) (p passage, ok bool) {
	p, ok = k.at.dataLinks[pair{from, to}]
	return p, ok
}

// send adds data to a data link.
func (k *checker) send(p passage, t int, gb float64) {
	if p.backward {
		k.backward[p.link][t] += gb
	} else {
		k.forward[p.link][t] += gb
	}
}
