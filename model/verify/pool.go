package verify

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

const (
	rulePoolTransition = "pool.transition"
	rulePoolModules    = "pool.modules"
	rulePoolAlwaysOn   = "pool.always_on"
	rulePoolMinOn      = "pool.min_on"
	rulePoolMinOff     = "pool.min_off"
	rulePoolCapacity   = "pool.capacity"
	rulePoolBusy       = "pool.busy"
	rulePoolLevel      = "pool.modules_of"
	rulePoolRoom       = "pool.room"
)

func poolRules() []Rule {
	return []Rule{
		{rulePoolTransition, "Modules on change by starts minus stops, neither negative."},
		{rulePoolModules, "Modules on are at least none and at most those available."},
		{rulePoolAlwaysOn, "A pool that is always on has every available module on."},
		{rulePoolMinOn, "A module started stays on for its minimum time."},
		{rulePoolMinOff, "A module stopped stays off for its minimum time."},
		{rulePoolLevel, "A power level has no modules on, started or stopped: those of its base count."},
		{rulePoolCapacity, "Work with its headroom, in a pool and in its power levels, takes at most the units of the modules on."},
		{rulePoolRoom, "Work, and what jobs may take on top when their reserve is called, take at most the units of the modules on."},
		{rulePoolBusy, "Busy units are those of workloads and jobs in the pool."},
	}
}

func (k *checker) pools() {
	k.takeOfBases()
	room := k.sumOfBases(k.room)
	for i := range k.c.Pools {
		s, p := &k.c.Pools[i], &k.p.Pools[i]
		if s.ModulesOf != "" {
			k.powerLevel(i)
			continue
		}
		k.modules(s, p)
		if !s.AlwaysOn {
			// Nothing is decided where every available module is on.
			k.moduleTimes(s, p)
		}
		started := 0
		for t, h := range k.hours {
			most := float64(p.ModulesOn[t]) * s.UnitsPerModule
			if k.above(k.taken[i][t], most) {
				k.breach(rulePoolCapacity, s.Name, t, k.taken[i][t], most, "work takes %g units, %d modules on offer %g", k.taken[i][t], p.ModulesOn[t], most)
			}
			if room := room[i][t]; room > 0 && k.above(k.taken[i][t]+room, most) {
				k.breach(rulePoolRoom, s.Name, t, k.taken[i][t]+room, most, "work takes %g units and jobs that are called %g more, %d modules on offer %g",
					k.taken[i][t], room, p.ModulesOn[t], most)
			}
			k.busyUnits(i, t)
			k.drawn[i][t] = s.IdleMWPerModule*float64(p.ModulesOn[t]) + s.DynamicMWPerUnit*k.busy[i][t] +
				s.StartEnergyMWh*float64(p.ModuleStarts[t])/h
			started += p.ModuleStarts[t]
		}
		k.charge(model.CostModuleStart, s.Name, i, s.StartCost*float64(started))
	}
}

// availableModules is the whole number of modules available in t.
func availableModules(s *model.Pool, t int) int {
	return int(math.Floor(s.AvailableModules.At(t, float64(s.Modules)) + 1e-9))
}

func (k *checker) modules(s *model.Pool, p *model.PoolPlan) {
	before := availableModules(s, 0)
	if s.InitialModulesOn != nil {
		before = *s.InitialModulesOn
	}
	for t := range k.periods {
		on, starts, stops := p.ModulesOn[t], p.ModuleStarts[t], p.ModuleStops[t]
		if starts < 0 || stops < 0 || k.differInt(on-before, starts-stops) {
			k.breachInt(rulePoolTransition, s.Name, t, on-before, starts-stops,
				"modules on go from %d to %d with %d starts and %d stops", before, on, starts, stops)
		}
		before = on
		available := availableModules(s, t)
		if on < 0 || k.aboveInt(on, available) {
			k.breachInt(rulePoolModules, s.Name, t, on, available, "%d modules are on, %d are available", on, available)
		} else if s.AlwaysOn && k.differInt(on, available) {
			k.breachInt(rulePoolAlwaysOn, s.Name, t, on, available, "%d modules are on of %d available in a pool that is always on", on, available)
		}
	}
}

func (k *checker) moduleTimes(s *model.Pool, p *model.PoolPlan) {
	on := window{first: k.bound(s.MinOnH)}
	off := window{first: k.bound(s.MinOffH)}
	for t := range k.periods {
		if held := on.upTo(t, p.ModuleStarts); k.belowInt(p.ModulesOn[t], held) {
			k.breachInt(rulePoolMinOn, s.Name, t, p.ModulesOn[t], held,
				"%d modules are on; %d have not been on for %g h yet", p.ModulesOn[t], held, s.MinOnH)
		}
		rest := s.Modules - p.ModulesOn[t]
		if held := off.upTo(t, p.ModuleStops); k.belowInt(rest, held) {
			k.breachInt(rulePoolMinOff, s.Name, t, rest, held,
				"%d modules are off; %d have not been off for %g h yet", rest, held, s.MinOffH)
		}
	}
}
