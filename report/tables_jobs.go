package report

import (
	"math"
	"strconv"
	"time"

	"github.com/wattbit/wattbit/model"
)

// jobTables are the tables of jobs and of what ties them.
func (j *joined) jobTables() []table {
	return []table{
		{"jobs.csv", append([]string{"job", "number", "region", "class", "status", "site", "pool", "start", "end", "deadline", "late_h",
			"work_unit_h", "transfer_gb", "owner", "shape", "due", "widest_units", "interruptions", "moves", "last_pool", "left_unit_h"}, append(accountColumns, "hour_later_saves")...), j.jobRows},
		{"job_periods.csv", columns("job", "number", "site", "pool", "busy_units", "work_unit_h", "transfer_gb", "held_units"), j.jobPeriodRows},
		{"job_transfers.csv", columns("job", "number", "what", "from", "to", "gb"), j.jobTransferRows},
		{"datasets.csv", columns("dataset", "from", "to", "gb"), j.datasetRows},
		{"job_groups.csv", []string{"job_group", "jobs", "run", "dropped", "pools", "sites", "regions", "finish_spread_h"}, j.groupRows},
		{"quotas.csv", columns("quota", "owner", "held_units", "max_units", "offered_units", "max_share"), j.quotaRows},
	}
}

// hourText is the time of an hour after the horizon's start, "" for none.
func (j *joined) hourText(hour *float64) string {
	if hour == nil || !(math.Abs(*hour) < 1e6) {
		return ""
	}
	return j.cal.times[0].Add(hoursOf(*hour)).Format(time.RFC3339)
}

func (j *joined) jobRows(w *tableWriter) {
	accounts, deadlines := j.accounts(), j.deadlines()
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		job := &j.c.Jobs[j.ix.Jobs[v.Job]]
		site, pool, start, end, last := "", "", "", "", ""
		var u jobUse
		if !v.Dropped {
			u = j.use(v)
		}
		if n := len(u.runs); n > 0 {
			pool, last = u.runs[0].Pool, u.runs[n-1].Pool
			site = j.c.Pools[j.ix.Pools[pool]].Site
			start = j.cal.times[u.runs[0].First].Format(time.RFC3339)
			end = j.cal.times[u.end].Format(time.RFC3339)
		}
		cells := append(accounts.jobs[i].cells(accounts.priced), decimal(deadlines[i].perH))
		w.row(append([]string{v.Job, strconv.Itoa(v.Number), job.Region, job.Class, string(statusOf(v)), site, pool, start, end, j.hourText(job.DeadlineH),
			decimal(v.LateH), decimal(job.WorkUnitH), decimal(u.sentGB), job.Owner, string(job.Shape), j.hourText(job.DueH),
			decimal(u.widest), strconv.Itoa(u.interruptions), strconv.Itoa(u.moves), last, decimal(v.LeftUnitH)}, cells...)...)
	}
}

// jobPeriodRows has a row for every period in which a job holds units or is sent
// data, in the pool where it then is, was last or begins.
func (j *joined) jobPeriodRows(w *tableWriter) {
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		if v.Dropped {
			continue
		}
		job := &j.c.Jobs[j.ix.Jobs[v.Job]]
		sent := make(map[int]float64)
		first, end := j.T, 0
		send := func(from int, gb []float64) {
			for k, x := range gb {
				sent[from+k] += x
			}
			if len(gb) > 0 {
				first, end = min(first, from), max(end, from+len(gb))
			}
		}
		send(v.TransferFirst, v.TransferGB)
		for k := range v.Transfers {
			send(v.Transfers[k].First, v.Transfers[k].GB)
		}
		runs := runsOf(v)
		if len(runs) == 0 {
			continue
		}
		first, end = min(first, runs[0].First), max(end, runs[len(runs)-1].First+len(runs[len(runs)-1].BusyUnits))
		at := 0
		for t := first; t < end; t++ {
			for at+1 < len(runs) && runs[at+1].First <= t {
				at++
			}
			r := &runs[at]
			pool := j.ix.Pools[r.Pool]
			busy, work, held := 0.0, 0.0, 0.0
			if k := t - r.First; k >= 0 && k < len(r.BusyUnits) {
				busy, work, held = r.BusyUnits[k], j.busyWork(job, pool, r, k)*j.hours[t], heldUnits(job, r, k)
			}
			if gb := sent[t]; busy != 0 || held != 0 || gb != 0 {
				w.at(t, []string{v.Job, strconv.Itoa(v.Number), j.c.Pools[pool].Site, r.Pool}, busy, work, gb, held)
			}
		}
	}
}

func (j *joined) jobTransferRows(w *tableWriter) {
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		if v.Dropped {
			continue
		}
		rows := func(what model.TransferKind, from, to string, first int, gb []float64) {
			text := []string{v.Job, strconv.Itoa(v.Number), string(what), from, to}
			for k, x := range gb {
				if x != 0 {
					w.at(first+k, text, x)
				}
			}
		}
		if runs := runsOf(v); len(runs) > 0 {
			job := &j.c.Jobs[j.ix.Jobs[v.Job]]
			rows(model.TransferInput, job.InputRegion(), j.ix.RegionOf(j.ix.Pools[runs[0].Pool]), v.TransferFirst, v.TransferGB)
		}
		for k := range v.Transfers {
			t := &v.Transfers[k]
			rows(t.What, t.From, t.To, t.First, t.GB)
		}
	}
}

func (j *joined) datasetRows(w *tableWriter) {
	for i := range j.p.Datasets {
		d := &j.p.Datasets[i]
		for k := range d.Copies {
			c := &d.Copies[k]
			for n, gb := range c.GB {
				if gb != 0 {
					w.at(c.First+n, []string{d.Name, c.From, c.To}, gb)
				}
			}
		}
	}
}

func (j *joined) groupRows(w *tableWriter) {
	for _, g := range j.groupLines() {
		w.row(g.Group, strconv.Itoa(g.Jobs), strconv.Itoa(g.Run), strconv.Itoa(g.Dropped), strconv.Itoa(g.Pools), strconv.Itoa(g.Sites),
			strconv.Itoa(g.Regions), decimal(g.FinishSpreadH))
	}
}

func (j *joined) quotaRows(w *tableWriter) {
	for i := range j.c.Quotas {
		q := &j.c.Quotas[i]
		held, offered := j.quotaUse(q)
		for t := range j.T {
			w.at(t, []string{q.Name, q.Owner}, held[t], q.MaxUnits.At(t, math.NaN()), offered[t], q.MaxShare.At(t, math.NaN()))
		}
	}
}
