// Package carryover turns a plan into the jobs that are under way at a time of it: the
// running jobs of a case whose horizon begins then.
package carryover

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/report"
)

// Options say how jobs are carried over.
type Options struct {
	// At is when the next horizon begins: the beginning of a period of the plan but
	// the first, or its end.
	At time.Time
	// Pinned keeps every job in its pool.
	Pinned bool
}

// Jobs returns the jobs that have begun by the time and are not done, in the order of the
// plan: each a single job with its pool, the unit-hours that it has done and, where it is
// moldable, its units. Times count from then on; interruptions and moves that it has had
// are taken off those that it may have. A preemptible or malleable job that pauses is
// among them. The error is that the time does not lie between periods of the plan.
func Jobs(c *model.Case, p *model.Plan, rows *report.JobRows, o Options) ([]model.Job, error) {
	ix := c.Index()
	now := slices.IndexFunc(ix.Starts, func(h float64) bool {
		return c.Horizon.Start.Add(time.Duration(math.Round(h*3600)) * time.Second).Equal(o.At)
	})
	if now < 1 {
		return nil, fmt.Errorf("%s is neither the beginning of a period of the plan after its first nor its end", o.At.Format(time.RFC3339))
	}
	states := begin(c, p, ix)
	for r := range rows.Periods {
		if s := states[single{r.Job, r.Number}]; s != nil && r.HeldUnits > activeUnits {
			s.hold(ix, r, now)
		}
	}
	names := make(map[string]bool, len(c.Jobs))
	for i := range c.Jobs {
		names[c.Jobs[i].Name] = true
	}
	var out []model.Job
	for i := range p.Jobs {
		v := &p.Jobs[i]
		s := states[single{v.Job, v.Number}]
		if s == nil || !s.begun || !s.later && v.LeftUnitH < model.MinWorkUnitH || s.job.WorkUnitH-s.done < model.MinWorkUnitH {
			continue
		}
		j := s.carried(ix.Starts[now], o.Pinned)
		if s.job.N() > 1 {
			for j.Name += "#" + strconv.Itoa(v.Number); names[j.Name]; {
				j.Name += "#"
			}
			names[j.Name] = true
		}
		out = append(out, j)
	}
	return out, nil
}

// activeUnits above which a job counts as being on.
const activeUnits = 1e-6

// single is a job by name and number.
type single struct {
	job    string
	number int
}

// state is what has become of a job by the time.
type state struct {
	job *model.Job
	// begun before the time, and holding units later.
	begun, later bool
	// done of its work, without what interruptions added, in unit-hours.
	done float64
	// pool, units held and period of its last work.
	pool  string
	units float64
	last  int

	interruptions, moves int
}

// begin returns the states of all jobs that are not dropped as the horizon begins.
func begin(c *model.Case, p *model.Plan, ix *model.Index) map[single]*state {
	states := make(map[single]*state, len(p.Jobs))
	for i := range p.Jobs {
		v := &p.Jobs[i]
		if v.Dropped {
			continue
		}
		s := &state{job: &c.Jobs[ix.Jobs[v.Job]], last: -1}
		states[single{v.Job, v.Number}] = s
		r := s.job.Running
		if r == nil {
			continue
		}
		// A rigid or moldable job may begin anew instead of going on as it was.
		anew := s.job.Steady() && (v.Pool != r.Pool || v.First > 0 ||
			s.job.Shape == model.Moldable && len(v.HeldUnits) > 0 && width(s.job, v.HeldUnits[0]) != r.Units)
		if !anew {
			s.begun, s.pool, s.done, s.units = true, r.Pool, r.DoneUnitH, r.Units
		}
	}
	return states
}

// hold counts a period in which the job holds units.
func (s *state) hold(ix *model.Index, r *report.JobPeriodRow, now int) {
	if r.Period >= now {
		s.later = true
		return
	}
	if s.begun && (s.last != r.Period-1 || s.pool != r.Pool) {
		s.interruptions++
		s.done -= s.job.InterruptionH() * ix.JobSpeed(s.job, ix.Pools[r.Pool])
		if s.pool != r.Pool {
			s.moves++
		}
	}
	s.begun, s.last, s.pool, s.units = true, r.Period, r.Pool, r.HeldUnits
	s.done += r.WorkUnitH
}

// carried is the job as it goes on some hours after the plan's start.
func (s *state) carried(hours float64, pinned bool) model.Job {
	j := *s.job
	run := &model.Running{Pool: s.pool, DoneUnitH: max(0, tidy(s.done)), Pinned: pinned || j.Running != nil && j.Running.Pinned}
	if j.Shape == model.Moldable {
		run.Units = width(&j, s.units)
	}
	j.Count, j.ReleaseH, j.After, j.Running = 0, 0, nil, run
	shift := func(hour *float64) *float64 {
		if hour == nil {
			return nil
		}
		left := max(0, tidy(*hour-hours))
		return &left
	}
	j.DeadlineH, j.DueH = shift(j.DeadlineH), shift(j.DueH)
	if d := j.DeadlineH; d != nil && *d == 0 {
		// Only a soft one can be over: the job is late from the beginning.
		j.DeadlineH, j.DueH = nil, d
	}
	if most := j.MaxInterruptions; most != nil {
		left := max(0, *most-s.interruptions)
		j.MaxInterruptions = &left
	}
	if m := j.Migration; m != nil {
		left := *m
		if left.MaxMoves = max(1, m.MaxMoves) - s.moves; left.MaxMoves < 1 {
			// None is left. It stays a gang, which it is by its migration.
			left.MaxMoves, run.Pinned = 1, true
		}
		j.Migration = &left
	}
	return j
}

// width is the width of a moldable job's scaling that is nearest to the units held, which
// the plan may have but for rounding.
func width(j *model.Job, units float64) float64 {
	best := j.Narrowest().Units
	for _, w := range j.Widths() {
		if math.Abs(w.Units-units) < math.Abs(best-units) {
			best = w.Units
		}
	}
	return best
}

// tidy rounds to 1e-9, far below what a plan sees.
func tidy(v float64) float64 {
	return math.Round(v*1e9) / 1e9
}
