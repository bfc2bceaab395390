package randomcase

import "math/rand/v2"

// feature is a group of fields that a case holds or does without.
type feature int

const (
	unevenPeriods feature = iota
	manyBuses
	exchange
	reserve
	renewable
	hydro
	storage
	clusters
	deepOperation
	ramps
	minimumTimes
	startTiers
	commitments
	initialState
	co2Cap
	renewableShare
	workloads
	jobs
	// The rest needs sites.
	manySites
	moduleLimits
	siteLimits
	powerLevels
	cooling
	water
	heat
	behindMeter
	green
	programmes
	// Of workloads.
	queues
	pins
	outages
	// Of jobs.
	jobTimes
	jobClasses
	jobShapes
	interruptions
	jobData
	jobTies
	quotas

	features
)

// held is the odds that a case of Case holds a feature: any two of them then meet in
// one of six cases. Work is in more, because so much belongs to it.
func (f feature) held() float64 {
	switch f {
	case jobs:
		return 0.7
	case workloads:
		return 0.5
	}
	return 0.4
}

// choose draws which features the case holds, with random numbers of its own.
func (g *generator) choose(seed, attempt uint64) {
	r := rand.New(rand.NewPCG(seed+1<<33, attempt))
	g.without = make([]bool, features)
	for f := range features {
		g.without[f] = r.Float64() >= f.held()
	}
}

// few says whether the case is one of Case, which are small.
func (g *generator) few() bool { return g.without != nil }

// holds says whether the case holds a feature; those of Full hold all.
func (g *generator) holds(f feature) bool { return !g.few() || !g.without[f] }

// with is chance, if the case holds the feature. That the feature was drawn counts
// for something: the chance is higher then.
func (g *generator) with(f feature, p float64) bool {
	switch {
	case !g.few():
		return g.chance(p)
	case g.without[f]:
		return false
	}
	return g.chance((1 + p) / 2)
}

// some draws how many items of a feature there are, below full in a case of Full and
// one up to most in one of Case that holds it.
func (g *generator) some(f feature, full, most int) int {
	switch {
	case !g.few():
		return g.IntN(full)
	case g.without[f]:
		return 0
	}
	return 1 + g.IntN(most)
}
