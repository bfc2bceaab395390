package report

import (
	"fmt"
)

// jobChart draws each job when there are few, and how busy jobs keep each site
// when there are many.
func (p *page) jobChart(j *joined, axis *timeAxis) {
	if len(j.p.Jobs) == 0 {
		return
	}
	if len(j.p.Jobs) <= maxGanttRows {
		p.Jobs = j.ganttChart(axis)
		return
	}
	jobs := number(float64(len(j.p.Jobs)), 0)
	byJob := j.busyWithJobs(func(w *work) string { return j.c.Jobs[w.item].Name })
	if byJob.rows() <= maxHeatRows {
		names := make([]string, len(j.c.Jobs))
		for i := range names {
			names[i] = j.c.Jobs[i].Name
		}
		rows := byJob.heatRows(axis, j, names, true)
		p.Jobs.Note = jobs + " jobs, those of a class together, by the site where they run. The stronger the shade, the closer to the most units that the class keeps busy at once; jobs.csv has each."
		p.Jobs.SVG = heatMap(axis, rows, "Units busy with each class of jobs by site over time")
		return
	}
	rows := j.busyWithJobs(func(w *work) string { return w.class }).heatRows(axis, j, j.classes(), false)
	p.Jobs.Note = jobs + " jobs put together by site and latency class. The stronger the shade, the more units are busy with them; jobs.csv has each."
	if len(rows) > maxHeatRows {
		p.Jobs.Note += fmt.Sprintf(" The first %d of %d rows.", maxHeatRows, len(rows))
		rows = rows[:maxHeatRows]
	}
	p.Jobs.SVG = heatMap(axis, rows, "Units busy with jobs by site and class over time")
}

// jobHeat is the units busy with jobs in every period, by a key of the jobs and
// site.
type jobHeat map[string]map[int][]float64

func (j *joined) busyWithJobs(key func(*work) string) jobHeat {
	out := jobHeat{}
	for i := range j.work {
		w := &j.work[i]
		if !w.job {
			continue
		}
		of := out[key(w)]
		if of == nil {
			of = map[int][]float64{}
			out[key(w)] = of
		}
		if of[w.site] == nil {
			of[w.site] = make([]float64, j.T)
		}
		for k, units := range w.units {
			of[w.site][w.first+k] += units
		}
	}
	return out
}

func (h jobHeat) rows() int {
	n := 0
	for _, sites := range h {
		n += len(sites)
	}
	return n
}

// heatRows gives a row for every key and site, in the order of the keys. They
// are shaded by the most of each key, or by the most of all.
func (h jobHeat) heatRows(axis *timeAxis, j *joined, keys []string, each bool) []heatRow {
	most := 0.0
	if !each {
		for _, sites := range h {
			most = max(most, mostUnits(axis, sites))
		}
	}
	var rows []heatRow
	for _, key := range keys {
		if each {
			most = mostUnits(axis, h[key])
		}
		for s := range j.c.Sites {
			units := h[key][s]
			if units == nil {
				continue
			}
			row := heatRow{label: j.c.Sites[s].Name}
			if len(h) > 1 {
				row.label = key + " · " + row.label
			}
			for _, x := range axis.mean(units) {
				row.cells = append(row.cells, heatCell{strength: ratio(x, most), text: amount(x) + " units busy"})
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// mostUnits is the most of any site and column.
func mostUnits(axis *timeAxis, sites map[int][]float64) float64 {
	most := 0.0
	for _, units := range sites {
		for _, x := range axis.mean(units) {
			most = max(most, x)
		}
	}
	return most
}
