package verify

// stops is what calls do to a gang by period: a call stops it from the first period
// that it covers and in which something is promised, until the call ends. Every stop
// begins with a period.
type stops struct {
	hit   []bool    // a stop begins
	hours []float64 // stopped, from the period's begin on
}

func (k *checker) newStops() *stops {
	return &stops{hit: make([]bool, k.periods), hours: make([]float64, k.periods)}
}

func (s *stops) clear() {
	clear(s.hit)
	clear(s.hours)
}

// stop adds a call of an offer.
func (k *checker) stop(s *stops, o *offer, c *call) {
	ends := k.begin[c.first] + k.c.Reserves[o.product].Sustained()
	stopped := false
	for t := c.first; t < c.end; t++ {
		if !stopped && k.promises(o, t) {
			stopped, s.hit[t] = true, true
		}
		if stopped {
			s.hours[t] = max(s.hours[t], min(k.hours[t], ends-k.begin[t]))
		}
	}
}

// outcomeOfStops is what became of a gang that was stopped.
type outcomeOfStops struct {
	behindH       float64   // hours of the gang that are missing at the end
	lostH         float64   // that stops took in all
	interruptions int       // all, planned ones included
	caughtH       []float64 // by period, in spare units
}

// live lets a gang go through the horizon with stops: it follows its plan and, while
// it is behind, uses its spare units. Where it goes on after a pause that the plan
// has not there, it loses what an interruption costs.
func (k *checker) live(a *callable, s *stops, out *outcomeOfStops) {
	g := a.gang
	*out = outcomeOfStops{caughtH: out.caughtH[:0]}
	begun, on := g.goesOn, g.goesOn
	planned := g.goesOn // on in the period before, as planned
	lose := func(hours float64) { out.behindH, out.lostH = out.behindH+hours, out.lostH+hours }
	for t, h := range k.hours {
		lose(s.hours[t] * a.busy[t] / a.units)
		catches := !g.held[t] && !k.below(a.spare[t], a.units) && k.active(out.behindH)
		goes := (g.held[t] || catches) && s.hours[t] < h-hoursTolerance
		if goes && begun && (!on || s.hit[t]) {
			out.interruptions++
			if !g.held[t] || planned {
				lose(g.lossH)
			}
		}
		caught := 0.0
		if goes && catches {
			caught = min(out.behindH, h-s.hours[t])
			out.behindH -= caught
		}
		out.caughtH = append(out.caughtH, caught)
		begun = begun || goes
		on = goes && (g.held[t] || k.active(out.behindH))
		planned = g.held[t]
	}
}

// answerGang lets the n-th callable job, a gang, answer all calls of a run, and catch
// up.
func (y *replay) answerGang(n int, a *callable) {
	y.stops.clear()
	clear(y.called)
	some := false
	for i := range y.calls {
		c := &y.calls[i]
		share := c.asks(n)
		for k := range a.offers {
			if o := &a.offers[k]; o.product == c.product && share > 0 {
				some = true
				y.stop(y.stops, o, c)
				for t := c.first; t < c.end; t++ {
					y.called[t] += share * o.units[t]
				}
			}
		}
	}
	if !some {
		return
	}
	out := &y.lived
	y.live(a, y.stops, out)
	y.out.MostMovedUnitH = max(y.out.MostMovedUnitH, out.lostH*a.units)
	for t, caught := range out.caughtH {
		y.out.UpMWh += y.stops.hours[t] * a.busy[t] * y.mwPerUnit(a.pool, t)
		if caught > 0 {
			caught = a.units // it takes its whole gang to catch up
		}
		y.period(a, t, y.called[t], caught)
	}
	if left := out.behindH * a.units; y.above(left, 0) {
		y.breach(ruleReplayFinish, a.job, -1, left, 0, "run %d: number %d is %g unit-h of its pool from its planned work at the end; calls: %s", y.number, a.number, left, y.words())
	}
	if most := a.gang.most; most != nil && y.aboveInt(out.interruptions, *most) {
		y.breachInt(ruleReplayInterruptions, a.job, -1, out.interruptions, *most, "run %d: number %d is interrupted %d times, at most %d; calls: %s", y.number, a.number, out.interruptions, *most, y.words())
	}
}
