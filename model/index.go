package model

// Index answers where a name stands in its section, and what follows from a
// case before any program: reach, placements and windows of work. It is a
// snapshot: build a new one after changing the case. Of duplicate names the
// first counts. An Index may be used from several goroutines.
type Index struct {
	Buses           map[string]int
	ThermalUnits    map[string]int
	Renewables      map[string]int
	Hydro           map[string]int
	Storages        map[string]int
	Links           map[string]int
	Reserves        map[string]int
	LatencyClasses  map[string]int
	Regions         map[string]int
	Sites           map[string]int
	Pools           map[string]int
	DemandResponses map[string]int
	DataLinks       map[string]int
	Workloads       map[string]int
	Datasets        map[string]int
	Jobs            map[string]int
	JobGroups       map[string]int
	Quotas          map[string]int

	// Hours is the length of every period; Starts is where each begins, in
	// hours after the horizon's start, with the horizon's end as the last of
	// T+1 values.
	Hours, Starts []float64

	c       *Case
	trips   map[[2]string]float64
	siteOf  []int         // by pool: its site, -1 where it is unknown
	bases   []int         // by pool: the pool whose modules it runs on
	units   [][]float64   // by pool and period: what it can offer
	most    []float64     // by pool: the most that it can offer in a period
	behind  []BehindMeter // by site
	between map[[2]string]DataRoute
}

// Index builds the index of the case.
func (c *Case) Index() *Index {
	ix := &Index{
		Buses:           positions(c.Buses, func(v *Bus) string { return v.Name }),
		ThermalUnits:    positions(c.ThermalUnits, func(v *ThermalUnit) string { return v.Name }),
		Renewables:      positions(c.Renewables, func(v *Renewable) string { return v.Name }),
		Hydro:           positions(c.Hydro, func(v *Hydro) string { return v.Name }),
		Storages:        positions(c.Storages, func(v *Storage) string { return v.Name }),
		Links:           positions(c.Links, func(v *Link) string { return v.Name }),
		Reserves:        positions(c.Reserves, func(v *ReserveProduct) string { return v.Name }),
		LatencyClasses:  positions(c.LatencyClasses, func(v *LatencyClass) string { return v.Name }),
		Regions:         positions(c.Regions, func(v *Region) string { return v.Name }),
		Sites:           positions(c.Sites, func(v *Site) string { return v.Name }),
		Pools:           positions(c.Pools, func(v *Pool) string { return v.Name }),
		DemandResponses: positions(c.DemandResponses, func(v *DemandResponse) string { return v.Name }),
		DataLinks:       positions(c.DataLinks, func(v *DataLink) string { return v.Name }),
		Workloads:       positions(c.Workloads, func(v *Workload) string { return v.Name }),
		Datasets:        positions(c.Datasets, func(v *Dataset) string { return v.Name }),
		Jobs:            positions(c.Jobs, func(v *Job) string { return v.Name }),
		JobGroups:       positions(c.JobGroups, func(v *JobGroup) string { return v.Name }),
		Quotas:          positions(c.Quotas, func(v *Quota) string { return v.Name }),

		Hours:   c.Horizon.Hours(),
		c:       c,
		trips:   make(map[[2]string]float64, len(c.Network.RoundTrips)),
		between: make(map[[2]string]DataRoute, 2*len(c.DataLinks)),
	}
	ix.Starts = make([]float64, 1, len(ix.Hours)+1)
	for t, h := range ix.Hours {
		ix.Starts = append(ix.Starts, ix.Starts[t]+h)
	}
	T := len(ix.Hours)
	ix.bases = basePools(c.Pools, ix.Pools)
	ix.behind = ix.behindMeters()
	for i := range c.Pools {
		site, ok := ix.Sites[c.Pools[i].Site]
		if !ok {
			site = -1
		}
		ix.siteOf = append(ix.siteOf, site)
		p := &c.Pools[ix.bases[i]]
		units := make([]float64, T)
		// A series of the wrong length is reported by Validate; here it offers
		// nothing.
		if n := len(p.AvailableModules); n <= 1 || n == T {
			for t := range units {
				units[t] = p.MaxUnits(t)
			}
		}
		most := 0.0
		for _, v := range units {
			most = max(most, v)
		}
		ix.units, ix.most = append(ix.units, units), append(ix.most, most)
	}
	for _, r := range c.Network.RoundTrips {
		setFirst(ix.trips, [2]string{r.Region, r.Site}, r.MS)
	}
	for i, l := range c.DataLinks {
		setFirst(ix.between, [2]string{l.From, l.To}, DataRoute{i, true})
		setFirst(ix.between, [2]string{l.To, l.From}, DataRoute{i, false})
	}
	return ix
}

func positions[T any](section []T, name func(*T) string) map[string]int {
	at := make(map[string]int, len(section))
	for i := range section {
		setFirst(at, name(&section[i]), i)
	}
	return at
}

func setFirst[K comparable, V any](m map[K]V, key K, value V) {
	if _, ok := m[key]; !ok {
		m[key] = value
	}
}
