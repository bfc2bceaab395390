package place

// Rigid and moldable jobs. On g units at rate r a job of work W takes
// W / (r speed) hours. It holds g through whole periods s..e-1, where e is the
// first at which so many hours have passed, and in the last period it is busy
// only for the work that is left:
//
//	min over s of  arrive(s) + sum over s <= t < e of g (held_t + busy_t) - (g - left) busy_{e-1} + ending(e)
//	left = g (hours needed - hours from s to e-1) / hours of e-1
//
// over all s at which every period s..e-1 has room for g. e never falls as s
// grows, so one sweep answers; a moldable job is swept once for each width.
//
// An option that goes on with a running job has the start First alone and the
// work that is left; one to begin anew there has all starts but that. Where work may be left at the horizon's end, starts that
// come too late hold their units to that end and pay for the rest.

// rigid offers the cheapest start at a width of those from earliest on, in the
// pool of option k.
func (a *asker) rigid(j *Job, w Width, k, earliest int) {
	o := &a.m.p.Reach[j.Reach][k]
	q := a.m.pool(j, o.Pool)
	starts, end := a.m.starts, int(j.End)
	need := j.workAt(o) / (w.Rate * o.Speed)
	roomy := w.Units <= q.leastRoom
	floor := w.Units * (1 - roomSlack)
	narrow := -1 // the last period without room for the units
	lastStart := end - 1
	if o.Now {
		lastStart = int(j.First)
	}
	e := earliest
	for s := earliest; s <= lastStart; s++ {
		for e < end && (e <= s || starts[e]-starts[s] < need-durationSlack) {
			if !roomy && q.room[e] < floor {
				narrow = e
			}
			e++
		}
		after := a.ending[e] // what the end of the work, or leaving some, costs
		if short := need - (starts[e] - starts[s]); short > durationSlack {
			if !a.mayLeave(j) {
				return
			}
			after = j.BacklogPricePerUnitH*short*w.Rate*o.Speed + j.LatePricePerH*lateH(j, starts[e])
		}
		if narrow >= s || o.Later && s == int(j.First) && (j.Shape == Rigid || w.Units == j.NowUnits) {
			continue
		}
		// Nothing of the last period busy, before the share is reckoned.
		cost := a.arrive[s] + w.Units*(q.before[e]-q.before[s]-max(0, q.busy[e-1]))
		if cost >= a.best.cost {
			continue
		}
		cost = a.arrive[s] + after + w.Units*(q.before[e]-q.before[s]-(1-lastShare(starts, need, s, e))*q.busy[e-1])
		if cost < a.best.cost {
			a.best = answer{cost: cost, option: int32(k), first: int32(s), end: int32(e), width: w}
		}
	}
}

// block writes out the place of an answer of rigid.
func (a *asker) block(j *Job, o *Option, x *Assignment) {
	w, starts := a.best.width, a.m.starts
	x.First, x.End, x.Units = a.best.first, a.best.end, w.Units
	need := j.workAt(o) / (w.Rate * o.Speed)
	x.LastBusy = w.Units * lastShare(starts, need, int(x.First), int(x.End))
	if short := need - (starts[x.End] - starts[x.First]); short > durationSlack {
		x.LeftUnitH = short * w.Rate * o.Speed
	}
}

// workAt is the work that the job has to do at an option, unit-hours.
func (j *Job) workAt(o *Option) float64 {
	if o.Now {
		return j.WorkUnitH - j.DoneUnitH
	}
	return j.WorkUnitH
}

// mayLeave says whether the job may leave work at the horizon's end.
func (a *asker) mayLeave(j *Job) bool {
	return j.BacklogPricePerUnitH > 0 && int(j.End) == len(a.m.p.Hours)
}

// lastShare is the share of the last period s..e-1 that work of need hours is
// busy in.
func lastShare(starts []float64, need float64, s, e int) float64 {
	return max(0, min(1, (need-(starts[e-1]-starts[s]))/(starts[e]-starts[e-1])))
}

// roomSlack is how much of its units a job may lack in room, relative: sums of
// many amounts are not exact.
const roomSlack = 1e-9
