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
		{"jobs_on_call.csv", []string{"job", "number", "site", "pool", "direction", "promised_mw_h", "most_mw", "moved_unit_h", "planned_end", "latest_end"}, j.onCallRows},
		{"job_promises.csv", columns("job", "number", "site", "pool", "product", "direction", "mw", "units", "spare_units"), j.promiseRows},
		{"absorption.csv", columns("bus", "surplus", "curtailed_mw", "price_per_mwh", "jobs_mw", "movable_jobs_mw"), j.absorptionRows},
		{"job_transfers.csv", columns("job", "number", "what", "from", "to", "gb"), j.jobTransferRows},
		{"datasets.csv", columns("dataset", "from", "to", "gb"), j.datasetRows},
		{"job_groups.csv", []string{"job_group", "jobs", "run", "dropped", "pools", "sites", "regions", "finish_spread_h"}, j.groupRows},
		{"quotas.csv", columns("quota", "owner", "held_units", "max_units", "offered_units", "max_share"), j.quotaRows},
	}
}

// timeText is RFC 3339, "" for no time.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

func (j *joined) jobRows(w *tableWriter) {
	j.eachJob(func(r *JobRow) bool {
		w.row(append([]string{r.Job, strconv.Itoa(r.Number), r.Region, r.Class, string(r.Status), r.Site, r.Pool, timeText(r.Start), timeText(r.End),
			timeText(r.Deadline), decimal(r.LateH), decimal(r.WorkUnitH), decimal(r.TransferGB), r.Owner, string(r.Shape), timeText(r.Due),
			decimal(r.WidestUnits), strconv.Itoa(r.Interruptions), strconv.Itoa(r.Moves), r.LastPool, decimal(r.LeftUnitH)},
			append(r.Account.cells(r.Priced, r.Marginal), decimal(r.HourLaterSaves))...)...)
		return w.err == nil
	})
}

func (j *joined) jobPeriodRows(w *tableWriter) {
	j.eachJobPeriod(func(r *JobPeriodRow) bool {
		w.at(r.Period, []string{r.Job, strconv.Itoa(r.Number), r.Site, r.Pool}, r.BusyUnits, r.WorkUnitH, r.TransferGB, r.HeldUnits)
		return w.err == nil
	})
}

func (j *joined) promiseRows(w *tableWriter) {
	j.eachPromise(func(r *JobPromiseRow) bool {
		w.at(r.Period, []string{r.Job, strconv.Itoa(r.Number), r.Site, r.Pool, r.Product, string(r.Direction)}, r.MW, r.Units, r.SpareUnits)
		return w.err == nil
	})
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
