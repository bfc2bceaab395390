package place

import "slices"

// asker asks for the best place of one job after the other. Each goroutine has
// its own.
type asker struct {
	m      *market
	arrive []float64
	fill   fill
	best   answer

	questions int64
}

// proposal is a place written out, with slices of its own to write to.
type proposal struct {
	place       Assignment
	work, input []Load
}

// answer is a place in short: with the market it stands for one assignment.
type answer struct {
	cost       float64
	option     int32 // None: dropped
	first, end int32 // the periods of work, or the window for it
	width      Width // 0 for a preemptible job
}

func newAsker(m *market) *asker {
	return &asker{m: m, arrive: make([]float64, len(m.p.Hours)+1)}
}

// ask finds the cheapest place of the job at the market's prices and returns its
// cost, lateness and drop price included. It is the least of all places. compose
// then writes it out.
func (a *asker) ask(j *Job) float64 {
	a.questions++
	p := a.m.p
	a.best = answer{cost: j.DropPrice, option: None}
	link, earliest := int32(None), -1
	for k, o := range p.Reach[j.Reach] {
		way := o.Link
		if j.InputGB <= 0 {
			way = None
		}
		if earliest < 0 || way != link {
			link, earliest = way, a.arrivals(j, way)
		}
		switch j.Shape {
		case Preemptible:
			a.preemptible(j, k, earliest)
		case Moldable:
			for _, w := range p.Widths[j.Widths] {
				a.rigid(j, w, k, earliest)
			}
		default:
			a.rigid(j, Width{j.Units, j.Units}, k, earliest)
		}
	}
	return a.best.cost
}

// compose writes out the place of the last answer.
func (a *asker) compose(j *Job, to *proposal) {
	if a.best.option == None {
		to.place = dropped()
		return
	}
	o := a.m.p.Reach[j.Reach][a.best.option]
	if j.InputGB <= 0 {
		o.Link = None
	}
	q := &a.m.pools[o.Pool]
	x := Assignment{Pool: o.Pool, Link: o.Link, First: a.best.first, End: a.best.end}
	due := int(x.First)
	if j.Shape == Preemptible {
		to.work = a.work(j, q, j.WorkUnitH/o.Speed, int(x.First), int(x.End), to.work[:0])
		x.Work = to.work
		x.First, x.End = x.Work[0].Period, x.Work[len(x.Work)-1].Period+1
	} else {
		need := j.WorkUnitH / (a.best.width.Rate * o.Speed)
		x.Units = a.best.width.Units
		x.LastBusy = x.Units * lastShare(a.m.starts, need, int(x.First), int(x.End))
	}
	to.input = a.input(j, o.Link, due, to.input[:0])
	x.Input = to.input
	to.place = x
}

// keep returns the place with slices of its own.
func (x Assignment) keep() Assignment {
	x.Work, x.Input = append([]Load(nil), x.Work...), append([]Load(nil), x.Input...)
	return x
}

// sameWork says whether two assignments do the same work in the same pool.
func (x *Assignment) sameWork(y *Assignment) bool {
	if x.Pool != y.Pool || x.First != y.First || x.End != y.End || x.Units != y.Units {
		return false
	}
	return slices.Equal(x.Work, y.Work)
}

// costAt returns what the place of the job costs at the market's prices,
// lateness and drop price included.
func (m *market) costAt(j *Job, x *Assignment) float64 {
	if x.Dropped() {
		return j.DropPrice
	}
	q := &m.pools[x.Pool]
	cost := 0.0
	if x.Work == nil {
		cost = x.Units*(q.before[x.End]-q.before[x.First]) - (x.Units-x.LastBusy)*q.busy[x.End-1]
	}
	for _, w := range x.Work {
		cost += w.Amount * q.both[w.Period]
	}
	if j.LatePricePerH > 0 {
		cost += j.LatePricePerH * lateH(j, m.starts[x.End])
	}
	return cost + m.inputCost(x)
}

// inputCost returns what the input of a place costs at the market's prices.
func (m *market) inputCost(x *Assignment) float64 {
	cost := 0.0
	for _, d := range x.Input {
		cost += d.Amount * m.links[x.Link].price[d.Period]
	}
	return cost
}
