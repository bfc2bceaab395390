package verify

import "github.com/wattbit/wattbit/model"

// base is the position of the pool whose modules a pool runs on: its own, or its
// base's where it is a power level.
func (k *checker) base(pool int) int {
	if of := k.c.Pools[pool].ModulesOf; of != "" {
		return k.at.pools[of]
	}
	return pool
}

// kindOf is the kind of a pool's machines.
func (k *checker) kindOf(pool int) string {
	if kind := k.c.Pools[pool].Kind; kind != "" {
		return kind
	}
	return k.c.Pools[k.base(pool)].Kind
}

// levelReference checks that a power level has a base with modules.
func (k *checker) levelReference(s *model.Pool) {
	if s.ModulesOf == "" {
		return
	}
	k.refer("pools", s.Name, "modules_of", s.ModulesOf, k.at.pools)
	if i, ok := k.at.pools[s.ModulesOf]; ok && k.c.Pools[i].ModulesOf != "" {
		k.breach(ruleCaseValid, s.Name, -1, 0, 0, "pools: modules_of names %q, which has no modules of its own", s.ModulesOf)
	}
}

// takeOfBases counts what is taken of power levels as taken of their bases.
func (k *checker) takeOfBases() { k.taken = k.sumOfBases(k.taken) }

// sumOfBases adds up values by pool over each pool and its power levels.
func (k *checker) sumOfBases(values [][]float64) [][]float64 {
	out := grid(len(k.c.Pools), k.periods)
	for i := range k.c.Pools {
		sum := out[k.base(i)]
		for t, v := range values[i] {
			sum[t] += v
		}
	}
	return out
}

// powerLevel checks a pool without modules, and adds what its busy units draw.
func (k *checker) powerLevel(i int) {
	s, p := &k.c.Pools[i], &k.p.Pools[i]
	for t := range k.periods {
		for _, count := range [3]int{p.ModulesOn[t], p.ModuleStarts[t], p.ModuleStops[t]} {
			if k.differInt(count, 0) {
				k.breachInt(rulePoolLevel, s.Name, t, count, 0,
					"a power level of %q has %d modules on, %d starts and %d stops", s.ModulesOf, p.ModulesOn[t], p.ModuleStarts[t], p.ModuleStops[t])
				break
			}
		}
		k.busyUnits(i, t)
		k.drawn[i][t] = s.DynamicMWPerUnit * k.busy[i][t]
	}
}

// busyUnits compares the busy units of a pool with those of the work in it.
func (k *checker) busyUnits(i, t int) {
	if p := &k.p.Pools[i]; k.differ(p.BusyUnits[t], k.busy[i][t]) {
		k.breach(rulePoolBusy, p.Name, t, p.BusyUnits[t], k.busy[i][t], "%g units are called busy; work keeps %g busy", p.BusyUnits[t], k.busy[i][t])
	}
}
