package model

import (
	"fmt"
	"math"
)

func (r *Region) check(k *checker) {
	if r.Bus != "" {
		k.ref("bus", "buses", r.Bus)
	}
	k.notNegative("egress_price_per_gb", r.EgressPricePerGB)
	k.coordinates(r.LatitudeDeg, r.LongitudeDeg)
}

func (k *checker) coordinates(lat, lon *float64) {
	switch {
	case lat == nil && lon == nil:
	case lat == nil:
		k.fail("latitude_deg", "is missing beside longitude_deg", "give both or none")
	case lon == nil:
		k.fail("longitude_deg", "is missing beside latitude_deg", "give both or none")
	case *lat < -90 || *lat > 90:
		k.fail("latitude_deg", num(*lat)+" is outside -90 to 90", "give degrees north")
	case *lon < -180 || *lon > 180:
		k.fail("longitude_deg", num(*lon)+" is outside -180 to 180", "give degrees east")
	}
}

func (w *Network) check(k *checker) {
	seen := make(map[[2]string]bool, len(w.RoundTrips))
	for i, r := range w.RoundTrips {
		at := func(field string) string { return fmt.Sprintf("round_trips[%d].%s", i, field) }
		k.ref(at("region"), "regions", r.Region)
		k.ref(at("site"), "sites", r.Site)
		k.notNegative(at("ms"), r.MS)
		if pair := [2]string{r.Region, r.Site}; seen[pair] {
			k.fail(at("site"), fmt.Sprintf("the round trip from %s to %s is given twice", clip(r.Region), clip(r.Site)), "keep one")
		} else {
			seen[pair] = true
		}
	}
	d := w.ByDistance
	if d == nil {
		return
	}
	k.notNegativeIf("by_distance.us_per_km", d.USPerKM)
	if f := d.RouteFactor; f != nil && *f < 1 {
		k.fail("by_distance.route_factor", num(*f)+" is below 1: no cable is shorter than the great circle", "give at least 1")
	}
	k.notNegativeIf("by_distance.fixed_ms", d.FixedMS)
	k.checkPlaces(seen)
}

// checkPlaces reports regions and sites for which a round trip is asked by
// distance and that lie nowhere.
func (k *checker) checkPlaces(table map[[2]string]bool) {
	located := map[string]bool{}
	for i := range k.c.Regions {
		r := &k.c.Regions[i]
		located[r.Name] = r.LatitudeDeg != nil
		for j := 0; j < len(k.c.Sites) && !located[r.Name]; j++ {
			if s := k.c.Sites[j]; s.Region != r.Name && !table[[2]string{r.Name, s.Name}] {
				k.in("regions", i, itemLabel(r.Name, i))
				k.fail("latitude_deg", "is missing: network.by_distance asks for it", "give coordinates, or the round trips in network.round_trips")
				break
			}
		}
	}
	for i := range k.c.Sites {
		s := &k.c.Sites[i]
		if s.LatitudeDeg != nil || located[s.Region] {
			continue
		}
		for _, r := range k.c.Regions {
			if s.Region != r.Name && !table[[2]string{r.Name, s.Name}] {
				k.in("sites", i, itemLabel(s.Name, i))
				k.fail("latitude_deg", "is missing, for its region too: network.by_distance asks for it", "give coordinates, or the round trips in network.round_trips")
				break
			}
		}
	}
	k.in("network", -1, "")
}

func (l *DataLink) check(k *checker) {
	k.ends(l.From, l.To, "regions")
	if k.needed("capacity_gbps", l.CapacityGbps) {
		k.series("capacity_gbps", l.CapacityGbps, 0, math.Inf(1))
	}
	k.notNegative("price_per_gb", l.PricePerGB)
	k.notNegative("lead_time_h", l.LeadTimeH)
	if !k.notNegative("energy_kwh_per_gb", l.EnergyKWhPerGB) || l.EnergyKWhPerGB == 0 {
		return
	}
	for _, region := range []string{l.From, l.To} {
		if i, ok := k.known["regions"].at[region]; ok && k.c.Regions[i].Bus == "" && !k.spoiled[itemKey{"regions", i}] {
			k.fail("energy_kwh_per_gb", fmt.Sprintf("draws half at region %s, which has no bus", clip(region)), "give the region a bus")
		}
	}
}

// checkDataLinkPairs refuses a second link between the same regions.
func (c *Case) checkDataLinkPairs(k *checker) {
	between := map[[2]string]string{}
	for i, l := range c.DataLinks {
		pair := [2]string{min(l.From, l.To), max(l.From, l.To)}
		if first, twice := between[pair]; twice {
			k.in("data_links", i, itemLabel(l.Name, i))
			k.fail("to", fmt.Sprintf("%s already joins %s and %s", clip(first), clip(l.From), clip(l.To)), "make the two one, with their capacity together")
			continue
		}
		between[pair] = l.Name
	}
	k.in("", -1, "")
}
