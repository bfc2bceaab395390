package place

import (
	"math"
	"slices"
)

// asker asks for the best place of one job after the other. Each goroutine has
// its own.
type asker struct {
	m    *market
	fill fill
	best answer
	// low is a number that no place of the job costs less than: the cost of the
	// best place but for malleable jobs, whose oracle may miss the cheapest, and gangs
	// that may do more than they are placed with.
	low float64
	// bounds says that low is of interest where it takes more to know.
	bounds bool

	// What malleable jobs need: the rates of a trial, and the best widths.
	rates, spare []float64
	chosen       []Load // those of gangs, too
	trellis      trellis
	trail        runs

	// arrive holds what the input costs that is there by each period, over links, and
	// ending what it costs to end before each: lateness, and to send results from then on.
	// earliest is the first period by which all input can be there; ends says that ending is
	// more than nothing somewhere.
	links          []int32
	copies         []int32
	known          bool // arrive and ending are those of links and copies
	earliest       int
	arrive, ending []float64
	ends           bool
	// barred are pools that the job may not use; nil for none.
	barred []bool
	// tolls are what it pays for copies that it needs.
	tolls []toll
	job   Job // scratch of askFor

	questions int64
}

// proposal is a place written out, with slices of its own to write to.
type proposal struct {
	place Assignment
	work  []Load
	data  []Sent
}

// answer is a place in short: with the market it stands for one assignment.
type answer struct {
	cost       float64
	option     int32   // None: dropped
	first, end int32   // the periods of work, or the window for it
	width      Width   // 0 for a job that may pause, but a gang
	leaves     bool    // a preemptible job leaves work at the horizon's end
	left       float64 // unit-hours of work that a gang or a malleable job leaves
}

func newAsker(m *market) *asker {
	T := len(m.p.Hours)
	return &asker{m: m, arrive: make([]float64, T+1), ending: make([]float64, T+1), rates: make([]float64, T)}
}

// ask finds the cheapest place of the job at the market's prices and returns its
// cost, lateness and drop price included; low is at most the least of all places.
// compose then writes it out. The pool hint is asked first, or None: of places that cost
// the same, the one there wins.
func (a *asker) ask(j *Job, hint int32) float64 {
	a.questions++
	a.best = answer{cost: j.DropPrice, option: None}
	a.low = j.DropPrice
	a.known = false
	options := a.m.p.Reach[j.Reach]
	if hint != None {
		for k := range options {
			if options[k].Pool == hint {
				a.option(j, k)
			}
		}
	}
	for k := range options {
		if options[k].Pool != hint {
			a.option(j, k)
		}
	}
	if j.Roams > 0 && a.bounds {
		a.low = min(a.low, a.roaming(j))
	}
	a.low = min(a.low, a.best.cost)
	return a.best.cost
}

// option offers the places of one option.
func (a *asker) option(j *Job, k int) {
	o := &a.m.p.Reach[j.Reach][k]
	if a.barred != nil && a.barred[o.Pool] {
		return
	}
	if a.floor(j, o) >= a.best.cost {
		return
	}
	if !a.known || !slices.Equal(o.Links, a.links) || !slices.Equal(o.Copies, a.copies) {
		a.links, a.copies, a.known = o.Links, o.Copies, true
		a.earliest = max(a.arrivals(j, o.Links), int(j.Begin))
		a.awaitCopies(j, o.Copies)
		a.endings(j, o.Links)
	}
	if a.earliest >= int(j.End) {
		return
	}
	switch j.Shape {
	case Preemptible:
		a.preemptible(j, k, a.earliest)
	case Malleable:
		if j.PausesCount {
			a.pausing(j, k, a.earliest)
		} else {
			a.malleable(j, k, a.earliest)
		}
	case Gang:
		a.gang(j, k, a.earliest)
	case Moldable:
		for _, w := range a.m.p.Widths[j.Widths] {
			if !o.Now || w.Units == j.NowUnits {
				a.rigid(j, w, k, a.earliest)
			}
		}
	default:
		a.rigid(j, Width{j.Units, j.Units}, k, a.earliest)
	}
}

// floor is a number that no place of the option costs less than: all work at the
// cheapest hour of the window, or left where that is cheaper, and all data at
// the cheapest prices of links.
func (a *asker) floor(j *Job, o *Option) float64 {
	q := a.m.pool(j, o.Pool)
	if !q.positive {
		return math.Inf(-1)
	}
	cost := a.leastData(j, o, false) + a.leastData(j, o, true)
	for _, t := range q.cheapest {
		if t >= j.First && t < j.End {
			price := q.perHour[t] / o.Speed * a.m.p.leastRatio(j)
			if j.BacklogPricePerUnitH > 0 {
				price = min(price, j.BacklogPricePerUnitH)
			}
			return cost + j.workAt(o)*price
		}
	}
	return cost
}

// leastRatio is the least number of units that the job holds for a rate of 1.
func (p *Problem) leastRatio(j *Job) float64 {
	if !j.Shape.hasWidths() {
		return 1
	}
	low := math.Inf(1)
	for _, w := range p.Widths[j.Widths] {
		low = min(low, w.Units/w.Rate)
	}
	return low
}

// compose writes out the place of the last answer.
func (a *asker) compose(j *Job, to *proposal) {
	if a.best.option == None {
		to.place = dropped()
		return
	}
	o := &a.m.p.Reach[j.Reach][a.best.option]
	to.place = Assignment{Pool: o.Pool}
	switch j.Shape {
	case Preemptible:
		a.pieces(j, o, to)
	case Malleable, Gang:
		to.work = append(to.work[:0], a.chosen...)
		to.place.setWork(to.work)
		to.place.Units, to.place.LeftUnitH = a.best.width.Units, a.best.left
	default:
		a.block(j, o, &to.place)
	}
	to.data = a.data(j, o.Links, int(a.best.first), &to.place, to.data[:0])
	to.place.Data = to.data
}

// keep returns the place with slices of its own.
func (x Assignment) keep() Assignment {
	x.Work, x.Data = append([]Load(nil), x.Work...), append([]Sent(nil), x.Data...)
	return x
}

// sameWork says whether two assignments do the same work in the same pool.
func (x *Assignment) sameWork(y *Assignment) bool {
	if x.Pool != y.Pool || x.First != y.First || x.End != y.End || x.Units != y.Units || x.LastBusy != y.LastBusy {
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
	q := m.pool(j, x.Pool)
	cost := 0.0
	if x.Work == nil {
		cost = x.Units*(q.before[x.End]-q.before[x.First]) - (x.Units-x.LastBusy)*q.busy[x.End-1]
	}
	for _, w := range x.Work {
		cost += x.held(w)*(q.both[w.Period]-q.busy[w.Period]) + w.Amount*q.busy[w.Period]
	}
	return cost + m.ownCost(j, x) + m.dataCost(x.Data)
}

// ownCost is what a place of the job costs whatever the prices: lateness and work
// left, or the drop price.
func (m *market) ownCost(j *Job, x *Assignment) float64 {
	switch {
	case x.Dropped():
		return j.DropPrice
	case x.LeftUnitH > 0:
		return j.BacklogPricePerUnitH*x.LeftUnitH + j.LatePricePerH*lateH(j, m.starts[len(m.starts)-1])
	case j.LatePricePerH > 0:
		return j.LatePricePerH * lateH(j, m.starts[x.End])
	}
	return 0
}

// setWork sets the work of a job that may pause.
func (x *Assignment) setWork(work []Load) {
	x.Work, x.First, x.End = work, work[0].Period, work[len(work)-1].Period+1
}

// dataCost returns what data cost at the market's prices.
func (m *market) dataCost(sent []Sent) float64 {
	cost := 0.0
	for _, d := range sent {
		cost += d.GB * m.links[d.Link].price[d.Period]
	}
	return cost
}
