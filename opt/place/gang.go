package place

import "math"

// Gangs that may be interrupted. In every period the job holds all of its g units
// or none; of those held it keeps busy as many as it likes. A run is a stretch of
// periods that it holds; runs - 1 interruptions, K at most, cost it L hours each,
// which it works again:
//
//	sum over periods held of busy hours = W / (g speed) + L interruptions
//
// Of the periods held, an optimum keeps some busy throughout, some idle, and one
// in part, the costs being linear in busy hours. All periods being whole multiples
// of a grain, a dynamic program over periods has the states
//
//	interruptions so far, busy grains so far, whether the period in part is past, held or not
//
// once for every number of interruptions k, as the work depends on it. The hours
// needed are n grains and a rest of 0 < f <= 1; the period in part takes x + f of
// its grains, for any whole x. The first period held costs arrive, the last one
// ending.
//
// A job that may leave work ends the horizon in any state, held or not, before its period in
// part, and pays for the hours that are not done.

// gang finds the cheapest runs from earliest on in the pool of option k.
func (a *asker) gang(j *Job, k, earliest int) {
	o := &a.m.p.Reach[j.Reach][k]
	q := a.m.pool(j, o.Pool)
	need := j.workAt(o) / (j.Units * o.Speed)
	a.trellis.known, a.trellis.most = false, a.wholeGrains(need+float64(j.MaxInterruptions)*j.LossH)+1
	if j.MoreInterruptions && a.bounds {
		a.low = min(a.low, a.freely(j, q, need, earliest, o.Speed))
	}
	for runs := range int(j.MaxInterruptions) + 1 {
		hours := need + float64(runs)*j.LossH
		if q.positive && earliest < int(j.End) && !a.mayLeave(j) {
			// A fluid job of as much work costs no more.
			limit := a.best.cost - a.arrive[j.End-1] - a.ending[earliest+1]
			if _, _, ok := a.cheapest(j, q, hours*j.Units, earliest, int(j.End), limit); !ok {
				return
			}
		}
		a.runs(j, k, o, earliest, runs, hours)
	}
}

// freely is what no way costs less than, with any number of interruptions: a fluid job of
// as much work. Where prices are negative, hours lost to interruptions may pay, and so may
// units that are held and idle.
func (a *asker) freely(j *Job, q *poolMarket, need float64, earliest int, speed float64) float64 {
	end := int(j.End)
	if earliest >= end {
		return math.Inf(1)
	}
	cost, _, ok := a.cheapest(j, q, need*j.Units, earliest, end, math.Inf(1))
	ends := a.ending[earliest+1]
	if a.mayLeave(j) {
		cost, ends = a.leaving(j, q, need*j.Units, earliest, speed), min(ends, j.LatePricePerH*lateH(j, a.m.starts[end]))
	} else if !ok {
		return math.Inf(1)
	}
	for t := earliest; t < end && !q.positive; t++ {
		cost -= j.Units * (max(0, -q.both[t]) + max(0, q.busy[t]-q.both[t]))
	}
	return a.arrive[end-1] + cost + ends
}

// leaving is what need unit-hours cost a fluid job where they are left wherever that is
// cheaper.
func (a *asker) leaving(j *Job, q *poolMarket, need float64, from int, speed float64) (cost float64) {
	price := j.BacklogPricePerUnitH * speed
	for _, x := range q.cheapest {
		if t := int(x); t >= from && t < int(j.End) && q.perHour[t] < price {
			part := min(need, min(j.Units, q.room[t])*a.m.p.Hours[t])
			cost, need = cost+part*q.perHour[t], need-part
		}
	}
	return cost + need*price
}

// trellis is the memory of the dynamic program: costs by state, for periods held
// and not held, and how each was reached.
type trellis struct {
	grains      int // whole grains of work
	held, off   []float64
	next        []float64
	heldBy      []step16 // by period of the window and state
	offFromHeld []bool
	// least is what so many grains cost at least from a period of the window on, and to end: states that
	// cannot come below the best place are left. known says that it is of the job and pool at hand.
	least  []float64 // (t - earliest) * (most + 1) + grains
	most   int       // grains of the most interruptions
	offers []offer   // of the periods from one on, cheapest first
	known  bool
}

// offer is what a period offers: grains at a price each.
type offer struct {
	price  float64
	grains int
}

// step16 says how a state of a period held came about: where from, and how many
// grains were busy; the period in part has them plus the rest.
type step16 struct {
	from   int8 // fromHeld, fromOff, fromStart
	part   bool
	grains int16
}

const (
	fromHeld int8 = iota
	fromOff
	fromStart
)

// at is the position of a state: i interruptions, part past (1) or not (0), b
// grains done.
func (d *trellis) at(i, part, b int) int { return (2*i+part)*(d.grains+1) + b }

// runs finds the cheapest way with exactly that many interruptions and hours.
func (a *asker) runs(j *Job, k int, o *Option, earliest, interruptions int, hours float64) {
	q, end, grain := a.m.pool(j, o.Pool), int(j.End), a.m.grain
	d := &a.trellis
	d.grains = a.wholeGrains(hours)
	rest := min(1, hours/grain-float64(d.grains))
	if there := a.m.grainsBefore[end] - a.m.grainsBefore[min(earliest, end)]; d.grains > there {
		if !a.mayLeave(j) {
			return
		}
		d.grains = there + 1 // out of reach: some is left
	}
	states := d.at(interruptions+1, 0, 0)
	d.reset(states, states*max(0, end-earliest))
	switch { // it was held until the horizon began
	case o.Now && earliest == int(j.First):
		d.held[0] = 0
	case o.Now:
		d.off[0] = 0
	}
	finish, last := a.best.cost, -1
	perGrain := j.BacklogPricePerUnitH * j.Units * o.Speed * grain // of work left
	goal := d.at(interruptions, 1, d.grains)
	a.leastFrom(j, q, earliest, perGrain)
	for t := earliest; t < end; t++ {
		row := (t - earliest) * states
		least, limit := d.least[(t-earliest)*(d.most+1):], finish+1e-12*math.Abs(finish)
		if t == earliest && a.arrive[end-1]+least[d.grains] >= limit {
			return
		}
		a.period(j, q, earliest, t, interruptions, rest, least, limit, d.heldBy[row:row+states], d.offFromHeld[row:row+states], o.Now)
		if cost := d.held[goal] + a.ending[t+1]; cost < finish {
			finish, last = cost, t
		}
	}
	at := trellisState{t: last, i: interruptions, part: 1, b: d.grains, held: true}
	left := 0.0
	// With nothing done it has not begun: that is for the drop price to say.
	for b := 1; b <= d.grains && a.mayLeave(j) && earliest < end; b++ {
		s := d.at(interruptions, 0, b)
		cost := min(d.held[s], d.off[s]) + perGrain*(hours/grain-float64(b)) + j.LatePricePerH*lateH(j, a.m.starts[end])
		if cost < finish {
			finish, left = cost, (hours-float64(b)*grain)*j.Units*o.Speed
			at = trellisState{t: end - 1, i: interruptions, b: b, held: d.held[s] <= d.off[s]}
		}
	}
	if at.t >= 0 {
		a.best = answer{cost: finish, option: int32(k), width: Width{j.Units, j.Units}, left: left}
		a.trace(j, earliest, at, states, rest)
		a.best.first = a.chosen[0].Period
	}
}

// trellisState is a state after period t.
type trellisState struct {
	t, i, part, b int
	held          bool
}

// reset makes room for states and steps; no state is reached.
func (d *trellis) reset(states, steps int) {
	if cap(d.held) < states {
		d.held, d.off, d.next = make([]float64, states), make([]float64, states), make([]float64, states)
	}
	d.held, d.off, d.next = d.held[:states], d.off[:states], d.next[:states]
	clearCosts(d.held)
	clearCosts(d.off)
	clearCosts(d.next)
	if cap(d.heldBy) < steps {
		d.heldBy, d.offFromHeld = make([]step16, steps), make([]bool, steps)
	}
	d.heldBy, d.offFromHeld = d.heldBy[:steps], d.offFromHeld[:steps]
}

// wholeGrains are those of so many hours before the period in part.
func (a *asker) wholeGrains(hours float64) int {
	return max(0, int(math.Ceil((hours-durationSlack)/a.m.grain))-1)
}

// leastFrom reckons what whole grains cost at least from each period on, the part of one beside, with the
// least that it costs to end; where work may be left, at a price a grain at most. With units held, at a
// cost h, x of the n grains of a period cost h + b x / n, which is no less than (h + b) x / n where h is not
// negative, and no less than h + b x / n, held or not, where it is.
func (a *asker) leastFrom(j *Job, q *poolMarket, earliest int, leave float64) {
	d, end := &a.trellis, int(j.End)
	if d.known {
		return
	}
	d.known = true
	grains := d.most
	if n := max(0, end-earliest) * (grains + 1); cap(d.least) < n {
		d.least = make([]float64, n)
	} else {
		d.least = d.least[:n]
	}
	left, ends, held := math.Inf(1), math.Inf(1), 0.0
	if a.mayLeave(j) {
		left, ends = leave, j.LatePricePerH*lateH(j, a.m.starts[end])
	}
	d.offers = d.offers[:0]
	for t := end - 1; t >= earliest; t-- {
		ends = min(ends, a.ending[t+1])
		if q.room[t] >= j.Units*(1-roomSlack) {
			n := a.m.grains[t]
			d.offers = append(d.offers, offer{})
			k := len(d.offers) - 1
			price := q.both[t] * j.Units / float64(n)
			if h := j.Units * (q.both[t] - q.busy[t]); h < 0 {
				held, price = held+h, q.busy[t]*j.Units/float64(n)
			}
			for ; k > 0 && d.offers[k-1].price > price; k-- {
				d.offers[k] = d.offers[k-1]
			}
			d.offers[k] = offer{price, n}
		}
		least := d.least[(t-earliest)*(grains+1):][:grains+1]
		cost, done := ends+held, 0
		if len(d.offers) > 0 {
			cost += min(0, d.offers[0].price)
		}
		least[0] = cost
		for _, x := range d.offers {
			for n := min(x.grains, grains-done); n > 0; n-- {
				cost += min(x.price, left)
				done++
				least[done] = cost
			}
		}
		for done < grains {
			cost += left
			done++
			least[done] = cost
		}
	}
}

// period moves the program over period t. States from which what is least from there on would not
// lead below limit are left.
func (a *asker) period(j *Job, q *poolMarket, earliest, t, interruptions int, rest float64, least []float64, limit float64, steps []step16, offSteps []bool, running bool) {
	d := &a.trellis
	length := a.m.grains[t]
	held := j.Units * (q.both[t] - q.busy[t])
	busy := j.Units * q.busy[t] / float64(length)
	// No more grains can be done by now than there were, nor be left than there
	// are.
	done := a.m.grainsBefore[t] - a.m.grainsBefore[earliest]
	low, pauses := 0, interruptions // after the last interruption it is held to the end
	if a.mayLeave(j) {
		pauses++ // or not, where it may leave work
	} else {
		low = max(0, d.grains-(a.m.grainsBefore[j.End]-a.m.grainsBefore[t]))
	}
	high := min(d.grains, done)
	for i := range interruptions + 1 {
		for part := range 2 {
			s := d.at(i, part, low)
			clearCosts(d.next[s : s+min(d.grains, high+length)-low+1])
		}
	}
	if q.room[t] >= j.Units*(1-roomSlack) {
		for i := range interruptions + 1 {
			for part := range 2 {
				for b := low; b <= high; b++ {
					s := d.at(i, part, b)
					cost, from := d.held[s], fromHeld
					if i > 0 {
						if c := d.off[d.at(i-1, part, b)]; c < cost {
							cost, from = c, fromOff
						}
					}
					if i == 0 && part == 0 && b == 0 && !running && a.arrive[t] < cost {
						cost, from = a.arrive[t], fromStart
					}
					if cost+least[d.grains-b] >= limit {
						continue
					}
					// Idle, busy throughout, or in part.
					reach(d, steps, s, cost+held, step16{from: from})
					if b+length <= d.grains {
						reach(d, steps, s+length, cost+held+busy*float64(length), step16{from: from, grains: int16(length)})
					}
					if part == 0 {
						for x := 0; x < length && b+x <= d.grains; x++ {
							reach(d, steps, d.at(i, 1, b+x), cost+held+busy*(float64(x)+rest), step16{from: from, part: true, grains: int16(x)})
						}
					}
				}
			}
		}
	}
	for i := range pauses {
		for part := range 2 {
			for s := d.at(i, part, low); s <= d.at(i, part, high); s++ {
				if offSteps[s] = d.held[s] < d.off[s]; offSteps[s] {
					d.off[s] = d.held[s]
				}
			}
		}
	}
	d.held, d.next = d.next, d.held
}

// clearCosts says that no state is reached.
func clearCosts(costs []float64) {
	for i := range costs {
		costs[i] = math.Inf(1)
	}
}

// reach enters a way to a state of the next period, if it is the cheapest.
func reach(d *trellis, steps []step16, s int, cost float64, by step16) {
	if cost < d.next[s] {
		d.next[s], steps[s] = cost, by
	}
}

// trace writes the runs that end in a state to chosen.
func (a *asker) trace(j *Job, earliest int, at trellisState, states int, rest float64) {
	d := &a.trellis
	i, part, b, last := at.i, at.part, at.b, at.t
	// lastHeld is the period in which a state was held last that is not held after t.
	lastHeld := func(t int) int {
		for ; t >= earliest && !d.offFromHeld[(t-earliest)*states+d.at(i, part, b)]; t-- {
		}
		return t - 1
	}
	if !at.held {
		last = lastHeld(last)
	}
	a.chosen = a.chosen[:0]
	for t := last; t >= earliest; t-- {
		step := d.heldBy[(t-earliest)*states+d.at(i, part, b)]
		grains := float64(step.grains)
		if step.part {
			grains += rest
			part = 0
		}
		a.chosen = append(a.chosen, Load{int32(t), j.Units * grains / float64(a.m.grains[t])})
		b -= int(step.grains)
		if step.from == fromStart {
			break
		}
		if step.from == fromOff {
			i--
			t = lastHeld(t-1) + 1
		}
	}
	for x, y := 0, len(a.chosen)-1; x < y; x, y = x+1, y-1 {
		a.chosen[x], a.chosen[y] = a.chosen[y], a.chosen[x]
	}
}
