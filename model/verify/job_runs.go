package verify

import "github.com/wattbit/wattbit/model"

// stay is a job's work in one pool, with its pauses there.
type stay struct {
	spot
	first      int
	busy, held []float64
}

// end is the period after the last one of the stay.
func (s *stay) end() int { return s.first + len(s.busy) }

// runs is where and when a job runs. What follows from its work is filled in by
// the check of its shape.
type runs struct {
	stays []stay
	// goesOn says that the job was on before the horizon, and that what it did
	// then counts.
	goesOn bool
	// left is the work left at the horizon's end, as the plan declares it.
	left float64
	// interruptions of a job that may pause.
	interruptions int
}

// ran says whether the job works in some period.
func (r *runs) ran() bool {
	for i := range r.stays {
		if len(r.stays[i].busy) > 0 {
			return true
		}
	}
	return false
}

// begins is the first period of work, and first its stay. The job must have run.
func (r *runs) begins() int { return r.firstStay().first }

func (r *runs) firstStay() *stay {
	for i := range r.stays {
		if len(r.stays[i].busy) > 0 {
			return &r.stays[i]
		}
	}
	return &r.stays[0]
}

// ends is the period after the last period of work.
func (r *runs) ends() int { return r.lastStay().end() }

func (r *runs) lastStay() *stay { return &r.stays[len(r.stays)-1] }

// done says that no work is left.
func (k *checker) done(r *runs) bool { return !(r.left > k.o.Tolerances.Activity) }

// openRuns reads the stays of a job that is not dropped, and checks where they
// are. They stand until the next job is read.
func (k *checker) openRuns(x *class, p *model.JobPlan) (r runs) {
	r.left = p.LeftUnitH
	if p.Pool == "" {
		return r
	}
	add := func(pool string, first int, busy, held []float64) {
		s := stay{spot: k.spotAt(x, k.at.pools[pool]), first: first, busy: busy, held: held}
		k.place(x, &s, p.Number)
		r.stays = append(r.stays, s)
	}
	r.stays = k.stays[:0]
	add(p.Pool, p.First, p.BusyUnits, p.HeldUnits)
	for i := range p.Then {
		n := &p.Then[i]
		add(n.Pool, n.First, n.BusyUnits, n.HeldUnits)
	}
	k.stays = r.stays
	k.heldStated(x, p, &r)
	return r
}

// heldStated checks that what is held is stated where it must be, and nowhere
// else. A series that is not as it must be is left out of further checks.
func (k *checker) heldStated(x *class, p *model.JobPlan, r *runs) {
	stated := x.gang || x.j.Shape == model.Moldable
	k.report.Checked++
	for i := range r.stays {
		s := &r.stays[i]
		want := 0
		if stated {
			want = len(s.busy)
		}
		if len(s.held) != want {
			k.breachInt(ruleJobHeld, x.j.Name, s.first, len(s.held), want,
				"number %d states held units for %d periods, should for %d", p.Number, len(s.held), want)
			s.held = nil
		}
	}
}

// use adds a period of a stay to the pool and to the owner's quotas.
func (k *checker) use(x *class, s *stay, t int, held, busy float64) {
	k.taken[s.pool][t] += held
	k.busy[s.pool][t] += busy
	if !x.givesWay {
		k.keep(s.pool, t, held, busy)
	}
	k.hold(x.quotas, s.pool, t, held)
}
