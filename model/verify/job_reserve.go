package verify

import "github.com/wattbit/wattbit/model"

const (
	ruleJobReserve     = "job.reserve"
	ruleJobDropTime    = "job.drop_time"
	ruleJobReserveUp   = "job.reserve_up"
	ruleJobReserveDown = "job.reserve_down"
	ruleJobSpare       = "job.spare"
	ruleJobRecovery    = "job.recovery"
)

func jobReserveRules() []Rule {
	return []Rule{
		{ruleJobReserve, "Only a preemptible job that runs, and does not migrate, provides reserve or keeps spare units; its products are of one direction, of a gang upward."},
		{ruleJobDropTime, "A job provides upward reserve only of products whose minutes are at least those that it takes to drop."},
		{ruleJobReserveUp, "Upward reserve of a job is at most the power of its busy units; a gang promises the power of all its units, or none, of one product at a time."},
		{ruleJobReserveDown, "Busy units and those that downward reserve would add are at most the job's, and none is added before its release or after a hard deadline."},
		{ruleJobSpare, "Spare units are not negative, with the busy ones at most the job's, and lie between its release and its due time, or else its deadline; a gang keeps all its units or none, and only in periods that follow a run."},
		{ruleJobRecovery, "However often within its activations and whenever a job is called, it catches up in its spare units with what it loses, of a gang also with what interruptions add, or has planned work left to skip."},
	}
}

// callable is a job that may be called: what it does, promises and keeps, by
// period.
type callable struct {
	job          string
	number       int
	pool         int
	speed, units float64
	first, end   int       // the periods in which it may work: until a hard deadline
	due          int       // the end of those in which it may catch up
	down         bool      // it works ahead instead of dropping
	busy         []float64 // units planned
	spare        []float64 // units kept
	offers       []offer
	gang         *gang // nil: it holds any number of units
}

// offer is what a job promises of a product.
type offer struct {
	product int
	units   []float64 // busy units dropped or added
}

// jobReserve checks what a job promises and keeps for it, and adds it up.
func (k *checker) jobReserve(x *class, p *model.JobPlan, r *runs) {
	if len(p.Reserves) == 0 && p.SpareUnits == nil {
		return
	}
	k.report.Checked++
	up, down := false, false
	for i := range p.Reserves {
		isDown := k.c.Reserves[k.at.products[p.Reserves[i].Product]].Direction == model.Down
		up, down = up || !isDown, down || isDown
	}
	if x.j.Shape != model.Preemptible || x.j.Migration != nil || len(r.stays) != 1 || up && down || x.gang && down {
		k.breach(ruleJobReserve, x.j.Name, -1, 0, 0, "number %d provides reserve or keeps spare units, and may not or does not run", p.Number)
		return
	}
	a := k.openCallable(x, p, &r.stays[0], down)
	bus := k.at.buses[k.c.Sites[k.at.sites[k.c.Pools[a.pool].Site]].Bus]
	k.provide(x.j.Name, bus, x.j.Reserves, p.Reserves)
	if down {
		k.reserveDown(x, a, p)
	} else {
		k.dropTime(x, p)
		k.reserveUp(x, a, p)
	}
	k.spare(x, a)
	if a.gang != nil {
		k.wholeGang(a)
		k.callsInterrupt(a, r.interruptions)
	}
	k.recovery(a)
	if k.replays {
		k.callables = append(k.callables, a)
	}
}

func (k *checker) openCallable(x *class, p *model.JobPlan, s *stay, down bool) *callable {
	j := x.j
	a := &callable{
		job: j.Name, number: p.Number, pool: s.pool, speed: s.speed, units: j.Units, down: down,
		first: x.release, end: k.periods, busy: make([]float64, k.periods), spare: make([]float64, k.periods),
	}
	copy(a.busy[s.first:], s.busy)
	copy(a.spare, p.SpareUnits)
	for a.due < k.periods && k.begin[a.due+1] <= x.due+hoursTolerance {
		a.due++
	}
	if j.DeadlineH != nil && (j.LatePricePerH == nil || j.DueH != nil) {
		for a.end > 0 && k.begin[a.end] > *j.DeadlineH+hoursTolerance {
			a.end--
		}
	}
	for i := range p.Reserves {
		o := offer{product: k.at.products[p.Reserves[i].Product], units: make([]float64, k.periods)}
		for t, mw := range p.Reserves[i].MW {
			if perUnit := k.mwPerUnit(s.pool, t); perUnit > 0 {
				o.units[t] = mw / perUnit
			}
		}
		a.offers = append(a.offers, o)
	}
	if x.gang {
		a.gang = k.openGang(j, s)
	}
	return a
}

// mwPerUnit is what a busy unit of a pool draws at the bus, as far as it is counted
// as reserve.
func (k *checker) mwPerUnit(pool, t int) float64 {
	p := &k.c.Pools[pool]
	return k.c.Sites[k.at.sites[p.Site]].PUE.At(t, 1) * p.DynamicMWPerUnit
}

// promised is what all products together call of a job in a period, MW.
func promised(p *model.JobPlan, t int) (mw float64) {
	for i := range p.Reserves {
		mw += p.Reserves[i].MW[t]
	}
	return mw
}

// called is what all products together call of a job in a period, units.
func (a *callable) called(t int) (units float64) {
	for i := range a.offers {
		units += a.offers[i].units[t]
	}
	return units
}

// dropTime checks that a job drops as fast as the products ask that it promises to.
func (k *checker) dropTime(x *class, p *model.JobPlan) {
	for i := range p.Reserves {
		r := &p.Reserves[i]
		within := valueOr(k.c.Reserves[k.at.products[r.Product]].Minutes, 10)
		if x.j.DropMinutes <= within {
			continue
		}
		for t, mw := range r.MW {
			if k.above(mw, 0) {
				k.breach(ruleJobDropTime, x.j.Name, t, x.j.DropMinutes, within,
					"number %d promises %g MW of %s, takes %g minutes to drop and has %g", p.Number, mw, r.Product, x.j.DropMinutes, within)
			}
		}
	}
}

func (k *checker) reserveUp(x *class, a *callable, p *model.JobPlan) {
	site := k.at.sites[k.c.Pools[a.pool].Site]
	for t := range k.periods {
		mw, most := promised(p, t), k.mwPerUnit(a.pool, t)*a.busy[t]
		if k.above(mw, most) {
			k.breach(ruleJobReserveUp, x.j.Name, t, mw, most, "number %d promises to drop %g MW and draws %g", a.number, mw, most)
		}
		k.promise[site][t] += mw
	}
}

func (k *checker) reserveDown(x *class, a *callable, p *model.JobPlan) {
	for t := range k.periods {
		most := a.units
		if t < a.first || t >= a.end {
			most = a.busy[t]
		}
		extra := a.called(t)
		if k.above(a.busy[t]+extra, most) {
			k.breach(ruleJobReserveDown, x.j.Name, t, a.busy[t]+extra, most, "number %d would hold %g units when called, at most %g", a.number, a.busy[t]+extra, most)
		}
		if mw := promised(p, t); k.mwPerUnit(a.pool, t) == 0 && k.above(mw, 0) {
			k.breach(ruleJobReserveDown, x.j.Name, t, mw, 0, "number %d promises to take %g MW in a pool whose busy units draw none", a.number, mw)
		}
		k.keepRoom(x, a.pool, t, extra)
	}
}

// keepRoom adds units that a job may take on top of the plan when it is called.
func (k *checker) keepRoom(x *class, pool, t int, units float64) {
	k.room[pool][t] += units
	k.holdRoom(x.quotas, pool, t, units)
}

func (k *checker) spare(x *class, a *callable) {
	for t, units := range a.spare {
		most := a.units - a.holds(t)
		if t < a.first || t >= a.due || a.down {
			most = 0
		}
		if k.below(units, 0) {
			k.breach(ruleJobSpare, x.j.Name, t, units, 0, "number %d keeps %g units", a.number, units)
		}
		if k.above(units, max(0, most)) {
			k.breach(ruleJobSpare, x.j.Name, t, units, max(0, most), "number %d keeps %g units, at most %g", a.number, units, max(0, most))
		}
		k.keepRoom(x, a.pool, t, units)
	}
}

// recovery checks that the job copes with any calls. What a call loses (or does
// ahead) is at most its duration times the most that is promised in a period that
// it covers, and counts from its end on: so for every period e, all calls that may
// end at e or later must find so many unit-hours from e on,
//
//	sum over p of K_p (D_p + L) max{u_{p,t} : a call of p in t ends at e or later} <= sum over s >= e of h_s spare_s
//
// (downward: planned units in place of spare ones), L being the hours that an
// interruption costs a gang, and nothing of other jobs. That this is enough is shown in
// docs/model/reserve.md.
func (k *checker) recovery(a *callable) {
	most := make([]float64, len(a.offers)) // max of u so far, from the back
	next := make([]int, len(a.offers))     // the last period not yet in it
	for i := range next {
		next[i] = k.last()
	}
	catch := a.spare
	if a.down {
		catch = a.busy
	}
	room := 0.0
	for e := k.periods; e > 0; e-- {
		if e < k.periods {
			room += k.hours[e] * catch[e]
		}
		lost := 0.0
		for i := range a.offers {
			o := &a.offers[i]
			product := &k.c.Reserves[o.product]
			for ; next[i] >= 0 && k.callEnd(next[i], product.Sustained()) >= e; next[i]-- {
				most[i] = max(most[i], o.units[next[i]])
			}
			lost += float64(max(1, product.Activations)) * (product.Sustained() + a.interruptionH()) * most[i]
		}
		if k.above(lost, room) {
			k.breach(ruleJobRecovery, a.job, e-1, lost, room, "number %d: calls that end at %g h or later may move %g unit-h of its pool, and there are %g to make up for it",
				a.number, k.begin[e], lost, room)
		}
	}
}

// callEnd is the period after the last one of a call in t: the fewest whole ones
// that last so long, as far as the horizon goes.
func (k *checker) callEnd(t int, hours float64) int {
	e := t + 1
	for e < k.periods && k.lasts(k.begin[e]-k.begin[t], hours) {
		e++
	}
	return e
}
