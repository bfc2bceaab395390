package report

// Headroom: what pools hold for synchronous work beyond the units that it keeps busy,
// by class. A class with a utilisation cap holds busy/cap; one with a queue what the plan
// states, shared among its workloads by what they keep busy.

import "math"

// HeadroomLine is the headroom of a class in a pool, in unit-hours of its machines.
type HeadroomLine struct {
	Pool  string `json:"pool"`
	Class string `json:"class"`
	// Queue says that the headroom is for a waiting time, not a utilisation.
	Queue         bool    `json:"queue,omitempty"`
	BusyUnitH     float64 `json:"busy_unit_h"`
	HeldUnitH     float64 `json:"held_unit_h"`
	HeadroomUnitH float64 `json:"headroom_unit_h"`
	// PeakUnits of headroom at once.
	PeakUnits float64 `json:"peak_units"`
}

// headroom is the same by period.
type headroom struct {
	pool       int
	class      string
	busy, held []float64
}

// headrooms are those of every class and pool with synchronous work, by pool.
func (j *joined) headrooms() []headroom {
	at := map[[2]int]int{} // class, pool
	var out []headroom
	for i := range j.c.Pools {
		for k := range j.c.LatencyClasses {
			at[[2]int{k, i}] = len(out)
			out = append(out, headroom{pool: i, class: j.c.LatencyClasses[k].Name})
		}
	}
	for i := range j.work {
		w := &j.work[i]
		if w.job {
			continue
		}
		h := &out[at[[2]int{j.ix.LatencyClasses[w.class], w.pool}]]
		if h.busy == nil {
			h.busy, h.held = make([]float64, j.T), make([]float64, j.T)
		}
		for t, busy := range w.busy {
			h.busy[t] += busy
			h.held[t] += w.held[t]
		}
	}
	n := 0
	for _, h := range out {
		if h.busy != nil {
			out[n] = h
			n++
		}
	}
	return out[:n]
}

func (j *joined) headroomLines() []HeadroomLine {
	var out []HeadroomLine
	for _, h := range j.headrooms() {
		line := HeadroomLine{
			Pool: j.c.Pools[h.pool].Name, Class: h.class, BusyUnitH: j.sum(h.busy), HeldUnitH: j.sum(h.held),
			Queue: j.c.LatencyClasses[j.ix.LatencyClasses[h.class]].Queue != nil,
		}
		line.HeadroomUnitH = line.HeldUnitH - line.BusyUnitH
		for t := range h.busy {
			line.PeakUnits = math.Max(line.PeakUnits, h.held[t]-h.busy[t])
		}
		out = append(out, line)
	}
	return out
}

// headroomRows leaves out the periods in which nothing is held.
func (j *joined) headroomRows(w *tableWriter) {
	for _, h := range j.headrooms() {
		text := []string{j.c.Pools[h.pool].Name, j.c.Pools[h.pool].Site, h.class}
		for t := range h.busy {
			if h.held[t] > 0 {
				w.at(t, text, h.busy[t], h.held[t], h.held[t]-h.busy[t])
			}
		}
	}
}

// heldPerBusy are the units that a pool holds for each that work of a class keeps busy
// there, by period.
func (j *joined) heldPerBusy(class string, pool int) []float64 {
	out := make([]float64, j.T)
	l := &j.c.LatencyClasses[j.ix.LatencyClasses[class]]
	if l.Queue == nil {
		for t := range out {
			out[t] = 1 / l.Cap()
		}
		return out
	}
	busy := make([]float64, j.T)
	for i := range j.c.Workloads {
		if j.c.Workloads[i].Class != class {
			continue
		}
		for _, r := range j.workloads[i].Routes {
			if j.ix.Pools[r.Pool] == pool {
				for t, units := range r.Units {
					busy[t] += units / j.c.Pools[pool].UnitSpeed()
				}
			}
		}
	}
	for _, q := range j.pools[pool].Queues {
		if q.Class == class {
			for t := range out {
				out[t] = ratio(q.HeldUnits[t], busy[t])
			}
		}
	}
	return out
}
