package verify

import "github.com/wattbit/wattbit/model"

// gang is what a callable job is beside, that holds all its units or none.
type gang struct {
	held   []bool
	lossH  float64 // hours of the gang that an interruption costs
	most   *int    // interruptions
	goesOn bool    // it was on before the horizon
}

func (k *checker) openGang(j *model.Job, s *stay) *gang {
	g := &gang{held: make([]bool, k.periods), lossH: j.RestartH + j.CheckpointLossH, most: j.MaxInterruptions, goesOn: j.Running != nil}
	held := s.held
	if held == nil {
		held = s.busy // reported by heldStated
	}
	for n, units := range held {
		g.held[s.first+n] = k.active(units)
	}
	return g
}

// interruptionH is what an interruption costs, in hours of all units.
func (a *callable) interruptionH() float64 {
	if a.gang == nil {
		return 0
	}
	return a.gang.lossH
}

// holds returns the units that the plan gives the job in a period.
func (a *callable) holds(t int) float64 {
	switch {
	case a.gang == nil:
		return a.busy[t]
	case a.gang.held[t]:
		return a.units
	}
	return 0
}

// promises says whether the job promises something of an offer in a period.
func (k *checker) promises(o *offer, t int) bool { return k.above(o.units[t], 0) }

// everPromised says whether the job promises something of an offer at all.
func (k *checker) everPromised(o *offer) bool {
	for t := range o.units {
		if k.promises(o, t) {
			return true
		}
	}
	return false
}

// wholeGang checks that a gang promises and keeps all its units or none, and that
// what it keeps follows a run: only so is catching up no interruption of its own.
func (k *checker) wholeGang(a *callable) {
	for i := range a.offers {
		o := &a.offers[i]
		for t, units := range o.units {
			if k.promises(o, t) && k.below(units, a.units) {
				k.breach(ruleJobReserveUp, a.job, t, units, a.units, "number %d promises to drop %g units of its gang of %g", a.number, units, a.units)
			}
		}
	}
	follows := a.gang.goesOn
	for t, units := range a.spare {
		kept := k.above(units, 0)
		if kept && k.below(units, a.units) {
			k.breach(ruleJobSpare, a.job, t, units, a.units, "number %d keeps %g units of its gang of %g", a.number, units, a.units)
		}
		if kept && !follows {
			k.breach(ruleJobSpare, a.job, t, units, 0, "number %d keeps %g units after a period in which it has none", a.number, units)
		}
		follows = kept || a.gang.held[t]
	}
}

// callsInterrupt checks that a gang may be interrupted as often as it is planned to
// pause and as all that it promises may be called.
func (k *checker) callsInterrupt(a *callable, planned int) {
	most := a.gang.most
	calls := 0
	for i := range a.offers {
		if o := &a.offers[i]; k.everPromised(o) {
			calls += max(1, k.c.Reserves[o.product].Activations)
		}
	}
	// Planned ones alone are reported where they are counted.
	if most != nil && calls > 0 && planned <= *most && k.aboveInt(planned+calls, *most) {
		k.breachInt(ruleJobInterruptions, a.job, -1, planned+calls, *most,
			"number %d is interrupted %d times and may be called %d times, at most %d in all", a.number, planned, calls, *most)
	}
}
