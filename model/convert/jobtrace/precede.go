package jobtrace

// Jobs that come after others, as far as the trace says so. The job before is one of
// the window, read earlier; or it is not, for it had ended, was left out, or was
// rejected: then it counts as done. Times are checked as if each job began as early as
// it may.

import "github.com/wattbit/wattbit/model"

// precede gives a row's job the one that comes before it. A job that goes on when the
// window begins has had it.
func (im *importer) precede(j *model.Job, w *row) *rowError {
	if im.after < 0 || im.o.Hours == 0 || w.doneH > 0 {
		return nil
	}
	before, there := im.named[im.cell(w.cells, im.after)]
	if !there {
		return nil
	}
	lagH, _, bad := im.quantity(im.lag, w.cells, false)
	switch {
	case bad != nil:
		return bad
	case lagH < 0 || lagH > maxHours:
		return im.about(im.lag, w.cells, "is no time between two jobs")
	}
	j.After = []model.Precedence{{Job: im.jobs[before].Name, LagH: tidy(lagH)}}
	w.readyH = im.endsH[before] + lagH
	return nil
}

// follow keeps what is needed of a job that is the next of im.jobs for those that come
// after it, by its name in the trace; and that it came after one that had not been read.
func (im *importer) follow(j *model.Job, name string, w *row) {
	i := len(im.jobs)
	im.named[name], im.endsH = i, append(im.endsH, w.firstEnd(im.grid))
	if before := im.cell(w.cells, im.after); before != "" && len(j.After) == 0 && w.doneH == 0 {
		im.unknown = append(im.unknown, unknown{i, before})
	}
}

// settleUnknown ends a trace: what named a job that came later is rejected, and what
// named one that is no job of the window comes after none.
func (im *importer) settleUnknown() error {
	for _, u := range im.unknown {
		if _, later := im.named[u.name]; !later {
			im.result.Counts.AfterDone++
			continue
		}
		o := im.origin[u.job]
		if err := im.rejectJob(u.job, Reject{File: o.file, Line: int(o.line), Column: im.columns[im.after],
			Reason: "names a job that comes no earlier in the trace as the one before it", Text: u.name}); err != nil {
			return err
		}
	}
	im.unknown = im.unknown[:0]
	return nil
}
