package jobtrace

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

// place is where a row lies to the window.
type place int

const (
	inside place = iota
	// before: ended before the window began.
	before
	// after: released when the window had ended.
	after
	// running when the window began.
	running
	// waiting: released before the window began, not started then.
	waiting
)

// where returns where a row lies to a window of so many hours.
func (w *row) where(hours float64) place {
	const slack = 1e-9
	switch {
	case w.releaseH >= hours-slack:
		return after
	case w.started && w.startH+w.lengthH <= slack:
		return before
	case w.started && w.startH < -slack:
		return running
	case w.releaseH < -slack:
		return waiting
	}
	return inside
}

// grid rounds times to periods of equal length; a length of 0 leaves them.
type grid struct{ stepH float64 }

// up and down round to the grid, forgiving what is within 1e-9 of it.
func (g grid) up(h float64) float64 {
	if g.stepH == 0 {
		return tidy(h)
	}
	return tidy(math.Ceil(h/g.stepH-1e-9) * g.stepH)
}

func (g grid) down(h float64) float64 {
	if g.stepH == 0 {
		return tidy(h)
	}
	return tidy(math.Floor(h/g.stepH+1e-9) * g.stepH)
}

// fit puts a job of a row into the window: its release, and whether it can end
// within it on a machine as fast as the trace's, after the job that comes before. Where
// the work may be cut, that of one that cannot is reduced to what can be done.
func (w *row) fit(j *model.Job, hours float64, g grid, mayCut bool) (fits, cut bool) {
	j.ReleaseH = g.up(max(w.releaseH, 0))
	w.beginH = max(j.ReleaseH, g.up(w.readyH))
	room := g.down(hours) - w.beginH
	switch {
	case g.up(w.lengthH-w.doneH) <= room+1e-9:
		return true, false
	case !mayCut || room <= 1e-9:
		return false, false
	}
	w.lengthH = w.doneH + room
	j.WorkUnitH = tidy(w.units * w.lengthH)
	return true, true
}

// firstEnd is the earliest end of a job that was put into the window.
func (w *row) firstEnd(g grid) float64 { return tidy(w.beginH + g.up(w.lengthH-w.doneH)) }

// deadline sets a job's deadline by the slack: no earlier than the job can end,
// and left out where it is past the window. It says which of both happened.
func (w *row) deadline(j *model.Job, s *Slack, hours float64, g grid) (tooEarly, pastEnd bool) {
	limit := w.limitH
	if limit == 0 {
		limit = w.lengthH
	}
	d := g.down(w.releaseH + s.Factor*w.lengthH + s.LimitFactor*limit + s.Hours)
	if earliest := w.firstEnd(g); d < earliest {
		d, tooEarly = earliest, true
	}
	if d >= hours-1e-9 {
		return tooEarly, true
	}
	j.DeadlineH = &d
	return tooEarly, false
}
