package model

// LatencyClass is a kind of work by how long its answers may travel.
type LatencyClass struct {
	// Name, as in hot, warm, cold.
	Name string `json:"name"`
	// MaxRoundTripMS between a region of origin and a site that serves it.
	// Left out: no bound.
	MaxRoundTripMS *float64 `json:"max_round_trip_ms,omitempty"`
	// UtilisationCap in (0, 1]: synchronous work of this class fills a unit
	// only so far, the rest is headroom. One busy unit takes the capacity of
	// 1/cap units, and the power of one. Default 1.
	UtilisationCap *float64 `json:"utilisation_cap,omitempty"`
	// Queue, in place of utilisation_cap, asks for headroom by waiting time.
	Queue *Queue `json:"queue,omitempty"`
}

// Cap returns utilisation_cap or its default.
func (l *LatencyClass) Cap() float64 { return orElse(l.UtilisationCap, 1) }

// Queue bounds how long requests of a class wait for a free unit. All workloads
// of the class that a pool serves are one queue (M/M/c: Poisson arrivals,
// exponential service, c units held). With a units busy of c held,
//
//	P(wait > limit_ms) = C(c, a) * exp(-(c - a) * limit_ms * speed / service_ms)
//
// is at most 1 - percentile, where C is Erlang's probability of delay and speed
// the pool's. The most that c = 0, 1, 2... units bear so is a_max(c); a load
// between takes units on the straight line between (a_max(c), c). The units held
// take capacity of the pool; the busy ones draw its power.
type Queue struct {
	// ServiceMS is the mean time that a unit of speed 1 serves a request.
	ServiceMS float64 `json:"service_ms"`
	// LimitMS of waiting before service, 0 or more.
	LimitMS float64 `json:"limit_ms"`
	// Percentile in (0, 1) of requests that wait no longer.
	Percentile float64 `json:"percentile"`
}

// ServiceAt returns the mean service time in a pool of the given speed, ms.
func (q *Queue) ServiceAt(speed float64) float64 { return q.ServiceMS / speed }

// Region is where work and data come from: an origin of demand, and the end of
// data links.
type Region struct {
	Name string `json:"name"`
	// Area groups regions in reports, as in east, west.
	Area string `json:"area,omitempty"`
	// Bus that feeds the region's end of data links; needed where a data link
	// of the region uses energy.
	Bus string `json:"bus,omitempty"`
	// EgressPricePerGB of data that leaves the region, on top of the link's.
	EgressPricePerGB float64 `json:"egress_price_per_gb,omitempty"`
	// LatitudeDeg and LongitudeDeg, for round-trip times by distance.
	LatitudeDeg  *float64 `json:"latitude_deg,omitempty"`
	LongitudeDeg *float64 `json:"longitude_deg,omitempty"`
}

// Network gives the round-trip time between regions and sites: from a table,
// else from coordinates, else zero within a region and unknown outside. Work of
// a bounded class is never served over an unknown time.
type Network struct {
	// RoundTrips is the table; a pair in it goes before coordinates.
	RoundTrips []RoundTrip `json:"round_trips,omitempty"`
	// ByDistance derives the other pairs from coordinates (a site without its
	// own takes its region's).
	ByDistance *DistanceRule `json:"by_distance,omitempty"`
}

// RoundTrip is the time between a region and a site, there and back.
type RoundTrip struct {
	Region string `json:"region"`
	Site   string `json:"site"`
	// MS there and back, milliseconds.
	MS float64 `json:"ms"`
}

// DistanceRule is a round-trip time by distance:
//
//	2 * us_per_km * 0.001 * route_factor * great-circle km + fixed_ms
//
// on a sphere of radius 6371 km.
type DistanceRule struct {
	// USPerKM one way in fibre, microseconds. Default 5.
	USPerKM *float64 `json:"us_per_km,omitempty"`
	// RouteFactor of cable over great circle. Default 1.4.
	RouteFactor *float64 `json:"route_factor,omitempty"`
	// FixedMS of equipment, there and back. Default 2.
	FixedMS *float64 `json:"fixed_ms,omitempty"`
}
