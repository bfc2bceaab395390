package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wattbit/wattbit/model"
)

func (j *joined) ganttChart(axis *timeAxis) chart {
	var rows []ganttRow
	used := make([]bool, len(j.c.Sites))
	for i := range j.p.Jobs {
		rows = append(rows, j.ganttRow(axis, &j.p.Jobs[i], used))
	}
	slices.SortStableFunc(rows, func(a, b ganttRow) int {
		if a.bad != b.bad {
			if a.bad {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.first(), b.first())
	})
	out := chart{SVG: gantt(j, axis, rows, "Jobs over time, by site"),
		Note: "Pale bars reach from release to deadline or due time, red frames are lateness. Jobs are paler where they hold fewer units than they do at most."}
	for s, is := range used {
		if is {
			out.Legend = append(out.Legend, legend{Name: j.c.Sites[s].Name, Class: "f-" + colour(s)})
		}
	}
	return out
}

// ganttRow is the row of a job; the sites where it runs are marked as used.
func (j *joined) ganttRow(axis *timeAxis, v *model.JobPlan, used []bool) ganttRow {
	job := &j.c.Jobs[j.ix.Jobs[v.Job]]
	row := ganttRow{label: v.Job, release: job.ReleaseH, deadline: axis.total()}
	if job.N() > 1 {
		row.label = fmt.Sprintf("%s #%d", v.Job, v.Number)
	}
	if by := job.LateFrom(); by != nil {
		row.deadline = min(row.deadline, finite(*by))
	}
	tip := []string{row.label + " from " + job.Region + ", " + string(job.Shape) + ", " + amount(job.WorkUnitH) + " unit-h"}
	switch status := statusOf(v); status {
	case JobDropped, JobWaiting:
		row.instead, row.bad = string(status), status == JobDropped
		tip = append(tip, row.instead)
	default:
		u := j.use(v)
		row.end = j.ix.Starts[u.end]
		widest := max(u.widest, job.Widest().Units)
		for i := range u.runs {
			r := &u.runs[i]
			site := j.ix.Sites[j.c.Pools[j.ix.Pools[r.Pool]].Site]
			used[site] = true
			run := ganttRun{class: colour(site), first: r.First, share: make([]float64, len(r.BusyUnits))}
			for k := range run.share {
				run.share[k] = ratio(heldUnits(job, r, k), widest)
			}
			row.runs = append(row.runs, run)
			tip = append(tip, "in "+r.Pool+" at "+j.c.Sites[site].Name, j.cal.span(r.First, r.First+len(r.BusyUnits)-1))
		}
		tip = append(tip, u.words(job)...)
	}
	if v.LateH > lateSlackH {
		tip = append(tip, amount(v.LateH)+" h late")
	}
	if v.LeftUnitH > activeUnits {
		tip = append(tip, amount(v.LeftUnitH)+" unit-h left")
	}
	row.tip = strings.Join(tip, "\n")
	return row
}

// words says what a job did beyond running through.
func (u *jobUse) words(job *model.Job) []string {
	var out []string
	if len(job.Scaling) > 0 {
		out = append(out, amount(u.widest)+" units at most")
	}
	if u.interruptions > 0 {
		out = append(out, plural(u.interruptions, "interruption"))
	}
	if u.sentGB > 0 {
		out = append(out, amount(u.sentGB)+" GB sent")
	}
	return out
}

// ties fills the tables of groups, quotas and copies.
func (p *page) ties() {
	c := p.S.Computing
	p.Groups, p.GroupMore = firstRows(c.Groups)
	p.Quotas, p.QuotaMore = firstRows(c.Quotas)
	p.Copies, p.CopyMore = firstRows(c.Copies)
}

// firstRows keeps as many rows as a table shows, and says how many more there
// are.
func firstRows[T any](rows []T) (kept []T, more int) {
	if n := len(rows); n > maxTableRows {
		return rows[:maxTableRows], n - maxTableRows
	}
	return rows, 0
}
