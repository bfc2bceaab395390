package opt

// Jobs that are placed outside the program (package place). In the program they
// are what they take together:
//
//	held_{pool,t}   units held of a pool, by those that yield in outages and those that do not
//	busy_{pool,t}   units that draw dynamic power there
//	sent_{link,t}   GB on a data link, one way
//
// and, where they offer reserve, what they promise (placed_offers.go).
//
// Fixed, they are the demand that power has to serve, and the reduced cost of
// each is the price of one more. Free between nothing and the most there can be,
// and paid that price, they turn the program into power's own part of a bound on
// the whole: nothing ties the two parts together but these columns.
//
// A linear program answers a change of demand with a leap of its prices, and jobs
// would follow it to and fro. So the rows that jobs share with others, the power of
// sites, pools and data links, have ladders: columns that buy and sell what the row
// is about, in steps around a price. In plans and bounds there are none.

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// placed is what placed jobs take. In the catalog it stands before the jobs that are
// in the program, which make do with the room that is left.
type placed struct {
	held, busy []solver.Col // first of T, by pool
	sent       []solver.Col // first of T, by data link and direction

	// Ladders of sites' power, of units held and of data: site*T+t, pool*T+t,
	// direction*T+t; and of the busy units that may be called, promises*T+t.
	power, units, gb, calls []ladder
	reliefs                 []relief     // of buses that power data links
	spared                  []solver.Col // first of T, by pool; noCol for none (placed_sparing.go)
	jobs                    *jobPlaces
	promises                []*poolPromises
	offered                 int // columns of what jobs may promise

	// worth of one more unit and GB, as the relaxation has it, money; nil while no
	// bound is known.
	worth *place.Prices
	// quotas has the bound's multipliers of quotas, and no others.
	quotas place.Multipliers
}

// ladder is the columns around the price of a row: rungs that give to the row, and
// as many that take from it.
type ladder struct {
	row        solver.Row
	sign       float64 // of the row's dual: its price is sign * dual
	rungs      int     // each way
	give, take solver.Col
}

// Rungs of a ladder: prices of power and units move with every answer; there are many
// links, and few of them are full.
const rungs, dataRungs = 8, 3

const placedKind = "placed jobs"

func (*placed) Kind() string { return placedKind }

func (k *placed) Formulate(m *Model) error {
	yield := m.Case.ComputingOutages.JobsYield()
	for i, real := range k.jobs.real {
		m.Begin(placedKind, m.Case.Pools[real].Name)
		most := func(t int) (float64, float64) { return 0, k.jobs.problem.Pools[i].CapacityUnits[t] }
		held := m.Columns("held", solver.Continuous, most)
		busy := m.Columns("busy", solver.Continuous, most)
		for t := range m.T {
			m.Use(real, t, held+solver.Col(t), 1, 0)
			m.Use(real, t, busy+solver.Col(t), 0, 1)
			l := noLadder
			if k.jobs.problem.Pools[i].Base == 0 {
				l = newLadder(m, m.poolRow[i*m.T+t], -1, rungs)
			}
			k.units = append(k.units, l)
		}
		k.held, k.busy = append(k.held, held), append(k.busy, busy)
		k.spare(m, i, yield)
	}
	for i := range m.Case.DataLinks {
		m.Begin(placedKind, m.Case.DataLinks[i].Name)
		for _, forward := range [2]bool{true, false} {
			sent := m.Columns("sent", solver.Continuous, func(t int) (float64, float64) {
				return 0, m.ix.DataGB(i, t)
			})
			for t := range m.T {
				m.Send(i, forward, t, sent+solver.Col(t), 1)
				k.gb = append(k.gb, newLadder(m, m.dataRow[dataIndex(i, forward)*m.T+t], -1, dataRungs))
			}
			k.sent = append(k.sent, sent)
		}
	}
	for i := range m.Case.Sites {
		m.Begin(placedKind, m.Case.Sites[i].Name)
		for t := range m.T {
			k.power = append(k.power, newLadder(m, m.siteRow[i*m.T+t], 1, rungs))
		}
	}
	k.reliefs = newReliefs(m)
	k.formulateOffers(m)
	return nil
}

// noLadder stands for the ladder of a power level, whose modules are another pool's.
var noLadder = ladder{row: -1}

// newLadder adds the columns of a ladder, none of them open.
func newLadder(m *Model, row solver.Row, sign float64, rungs int) ladder {
	m.Label("ladder")
	l := ladder{row: row, sign: sign, rungs: rungs, give: solver.Col(m.b.Cols())}
	for range rungs {
		m.Add(row, m.Column(0, 0, solver.Continuous), sign)
	}
	l.take = solver.Col(m.b.Cols())
	for range rungs {
		m.Add(row, m.Column(0, 0, solver.Continuous), -sign)
	}
	return l
}

// given is how much a ladder gives at a point.
func (l *ladder) given(x []float64) float64 {
	sum := 0.0
	for k := range l.rungs {
		sum += x[int(l.give)+k]
	}
	return sum
}

// stand puts a ladder around a price: what it gives costs the price and more, what
// it takes pays the price and less, by rise per unit. Its rungs are so wide that
// together they reach so far each way; the last that gives has no end.
func (l *ladder) stand(p *solver.Problem, price, rise, reach float64) {
	width := reach / float64(l.rungs)
	for k := range l.rungs {
		give, take := l.give+solver.Col(k), l.take+solver.Col(k)
		step := rise * width * (float64(k) + 0.5)
		p.ColUpper[give], p.ColUpper[take] = width, width
		p.ColCost[give], p.ColCost[take] = price+step, step-price
	}
	p.ColUpper[int(l.give)+l.rungs-1] = inf
	if price > rise*reach {
		return
	}
	// What is taken is never paid for by less than nothing.
	for k := range l.rungs {
		take := l.take + solver.Col(k)
		p.ColCost[take] = max(p.ColCost[take], 0)
	}
}

// fall takes a ladder away.
func (l *ladder) fall(p *solver.Problem) {
	if l.row < 0 {
		return
	}
	for k := range l.rungs {
		p.ColUpper[l.give+solver.Col(k)], p.ColUpper[l.take+solver.Col(k)] = 0, 0
	}
}

// Extract writes nothing: the jobs' plans stand among those of other jobs (job.go).
func (*placed) Extract(*Point, *model.Plan) {}

// each visits the columns of use in the order of place.Use.
func (k *placed) each(T int, held, busy, sent func(i int, c solver.Col)) {
	for i := range k.held {
		for t := range T {
			held(i*T+t, k.held[i]+solver.Col(t))
			busy(i*T+t, k.busy[i]+solver.Col(t))
		}
	}
	for i := range k.sent {
		for t := range T {
			sent(i*T+t, k.sent[i]+solver.Col(t))
		}
	}
}

// Follow counts what the jobs take: it is settled.
func (k *placed) Follow(r *Rounding) {
	k.each(r.Model.T,
		func(i int, c solver.Col) { r.held[r.cell(k.jobs.real[i/r.Model.T], i%r.Model.T)] += r.X[c] },
		func(int, solver.Col) {},
		func(i int, c solver.Col) { r.ready[i] -= r.X[c] })
	k.followPromises(r)
}

// ladders are all of them.
func (k *placed) ladders() [4][]ladder { return [...][]ladder{k.power, k.units, k.gb, k.calls} }

// poolRow is the row of the modules on which units run, at pool*T+t of the problem.
func (k *jobPlaces) poolRow(m *Model, i int) solver.Row {
	return m.poolRow[k.real[i/m.T]*m.T+i%m.T]
}
