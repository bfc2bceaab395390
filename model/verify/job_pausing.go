package verify

import "github.com/wattbit/wattbit/model"

const (
	ruleJobWork          = "job.work"
	ruleJobSpan          = "job.span"
	ruleJobInterruptions = "job.interruptions"
)

// pausing checks a job that may pause: preemptible or malleable.
func (k *checker) pausing(x *class, p *model.JobPlan, r *runs) {
	j := x.j
	work := j.WorkUnitH
	if j.Running != nil {
		r.goesOn = true
		work -= j.Running.DoneUnitH
		k.report.Checked++
		if s := &r.stays[0]; s.pool != x.runningIn {
			k.breach(ruleJobRunning, j.Name, s.first, 0, 0,
				"number %d ran in %s and goes on in %s without a migration", p.Number, j.Running.Pool, p.Pool)
		}
	}
	k.moves(x, p, r)
	// An interruption adds so many unit-h to the work, at speed 1.
	added := (j.RestartH + j.CheckpointLossH) * narrowest(j)
	interruptions, done := 0, 0.0
	begun, before := r.goesOn, -1 // whether it has been on, and in which period last
	for i := range r.stays {
		s := &r.stays[i]
		k.span(x, p, r, i)
		for n := range s.busy {
			t := s.first + n
			on, rate := k.pausingPeriod(x, p, s, n)
			done += rate * s.speed * k.hours[t]
			if !on {
				continue
			}
			if begun && (before < t-1 || i > 0 && n == 0) {
				interruptions++
				work += added * s.speed
			}
			begun, before = true, t
		}
	}
	if !r.ran() {
		return // reported by span
	}
	if most := j.MaxInterruptions; most != nil && k.aboveInt(interruptions, *most) {
		k.breachInt(ruleJobInterruptions, j.Name, -1, interruptions, *most, "number %d is interrupted %d times, at most %d", p.Number, interruptions, *most)
	}
	if k.differ(done, work-r.left) {
		k.breach(ruleJobWork, j.Name, -1, done, work-r.left,
			"number %d does %g unit-h of %g and leaves %g; interruptions: %d", p.Number, done, work, r.left, interruptions)
	}
	r.interruptions = interruptions
	k.leaves(x, p, r.left)
}

// narrowest is the work that a job does in an hour at speed 1 when it holds the
// fewest units that it can.
func narrowest(j *model.Job) float64 {
	if j.Shape == model.Malleable {
		return j.Scaling[0].EffectiveUnits
	}
	return j.Units
}

// span checks that a stay begins and ends with a period that is on. Only the
// stay of a running job that migrates at once may have none.
func (k *checker) span(x *class, p *model.JobPlan, r *runs, i int) {
	s := &r.stays[i]
	k.report.Checked++
	on := func(n int) bool {
		if x.gang && s.held != nil {
			return k.active(s.held[n])
		}
		return k.active(s.busy[n])
	}
	if len(s.busy) == 0 {
		if i > 0 || !r.goesOn || s.first > 0 || len(r.stays) == 1 {
			k.breach(ruleJobSpan, x.j.Name, s.first, 0, 0, "number %d has an empty series of work in %s", p.Number, k.c.Pools[s.pool].Name)
		}
		return
	}
	if !on(0) || !on(len(s.busy)-1) {
		k.breach(ruleJobSpan, x.j.Name, s.first, min(s.busy[0], s.busy[len(s.busy)-1]), 0,
			"number %d has a series of work that begins or ends with none", p.Number)
	}
}

// active says that a number of units counts as being on.
func (k *checker) active(units float64) bool { return units > k.o.Tolerances.Activity }

// pausingPeriod checks what the job holds and keeps busy in the n-th period of a
// stay, and returns whether it is on and the work that it does in an hour at
// speed 1.
func (k *checker) pausingPeriod(x *class, p *model.JobPlan, s *stay, n int) (on bool, rate float64) {
	j, t, busy := x.j, s.first+n, s.busy[n]
	most := j.Units
	rate, held := busy, busy
	on = k.active(busy)
	switch {
	case j.Shape == model.Malleable:
		least := j.Scaling[0].Units
		most = j.Scaling[len(j.Scaling)-1].Units
		rate = 0
		if on {
			rate = throughput(j.Scaling, busy)
			if k.below(busy, least) {
				k.breach(ruleJobUnits, j.Name, t, busy, least, "number %d holds %g units, at least %g or none", p.Number, busy, least)
			}
		}
	case x.gang:
		if s.held != nil {
			held = s.held[n]
			on = k.active(held)
			if want := j.Units; (on || held < 0) && k.differ(held, want) {
				k.breach(ruleJobHeld, j.Name, t, held, want, "number %d holds %g units of its gang of %g", p.Number, held, want)
			}
		} else if on {
			held = j.Units
		}
		most = max(0, held)
	}
	if k.below(busy, 0) {
		k.breach(ruleJobUnits, j.Name, t, busy, 0, "number %d keeps %g units busy", p.Number, busy)
	}
	if k.above(busy, most) {
		k.breach(ruleJobUnits, j.Name, t, busy, most, "number %d keeps %g units busy, at most %g", p.Number, busy, most)
	}
	k.use(x, s, t, held, busy)
	return on, rate
}

// throughput is the work done in an hour at speed 1 by a width: on the straight
// line between the points around it, and that of the nearest point outside.
func throughput(scaling []model.ScalingPoint, units float64) float64 {
	a := scaling[0]
	if units <= a.Units {
		return a.EffectiveUnits
	}
	for _, b := range scaling[1:] {
		if units <= b.Units {
			return a.EffectiveUnits + (b.EffectiveUnits-a.EffectiveUnits)*(units-a.Units)/(b.Units-a.Units)
		}
		a = b
	}
	return a.EffectiveUnits
}
