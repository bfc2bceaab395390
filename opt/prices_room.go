package opt

// What one more unit of a pool, or GB of a data link, would save. The dispatch behind a
// plan holds its jobs: in a pool that they fill, the work that was dropped or put off
// for want of room has no say in its duals. So capacity is priced by a program of its own,
//
//	min  cost x   s.t.  A x = b + e, bounds, the integers of power as planned
//
// in which jobs, what goes with them, and modules are free, and in part: its duals say
// what a unit-hour saves where work may take it, by whatever work that is. e is a little
// more of every capacity, each row's own, so that where several duals are right they
// are those of more (as in prices_idle.go).
//
// Where jobs are placed outside the program, the prices of the placement's bound say
// the same (package place): at them jobs, modules and power are relaxed together. A unit
// held there costs what the rows have as duals that it is in,
//
//	worth = -y_pool + sum over the others of a y
//
// so the dual of the row of capacity is what the others leave of it. Where the jobs are not
// very many it is then raised to what they would pay (place.Worth).
//
// A unit that runs on a module of its own saves its worth and costs the module's idle
// power and starts. What is left is the reduced cost of the module at its upper bound:
// nothing where modules are off that could be on. That is the price of the unit, and
// where modules are always on, so that nothing is to be had by another, all of its worth.
//
// Prices of power, and what it is worth to be servable in outages, are those of the
// dispatch.

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// pricesOfRoom gives the best plan prices of capacity that know what work it would be
// for.
func (s *session) pricesOfRoom(ctx context.Context) {
	if s.best == nil || s.best.plan.Prices == nil || len(s.best.last.m.Case.Jobs) == 0 || s.o.JobPrices != nil {
		return
	}
	late, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience())
	defer cancel()
	y, err := s.roomDuals(late, s.best.last)
	if err != nil {
		s.note("prices of units and data links are those of jobs as planned, where work that found no room has no say: %v", err)
		return
	}
	at := *s.best.last.at
	at.rowDual = y
	s.best.plan.Prices = at.prices()
}

// fewJobColumns is the number of columns that jobs would have up to which those that
// are placed outside the program are priced in one: a matter of a second.
const fewJobColumns = 20_000

// roomDuals returns the duals of a dispatch, in money, with those of capacity, and of
// loads of queues that rest on it, as they are where work is free to take it.
func (s *session) roomDuals(ctx context.Context, d *dispatch) (y []float64, err error) {
	m := d.m
	var reduced []float64
	if s.placed == nil || sizeOfJobs(m.Case) <= fewJobColumns {
		y, reduced, err = s.dualsWithJobs(ctx, d)
	} else {
		y, reduced, err = s.dualsOfPlacement(ctx, d)
	}
	if err != nil {
		return nil, err
	}
	m.payModules(y, reduced)
	if s.placed != nil && sizeOfJobs(m.Case) > fewJobColumns {
		if err := s.climb(ctx, d, y); err != nil {
			return nil, err
		}
	}
	loads := m.queueLoads(s.best.plan.Workloads)
	for i := range m.queues {
		q := &m.queues[i]
		for t, row := range q.load {
			if lines := q.columns[t].lines; len(lines) > 0 {
				r := m.poolRow[q.pool*m.T+t]
				y[row] += lines[least(lines, loads[i][t])].slope * (y[r] - d.at.rowDual[r])
			}
		}
	}
	for _, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("a dual is %v", v)
		}
	}
	return y, nil
}

// payModules leaves in the duals of pools what is left of a unit's worth once its module is
// paid, by the reduced costs of modules.
func (m *Model) payModules(y, reduced []float64) {
	for i := range m.Case.Pools {
		if p := &m.Case.Pools[i]; !p.PowerLevel() && !p.AlwaysOn {
			for t := range m.T {
				of := reduced[int(m.modulesOf[i])+t] / p.UnitsPerModule
				y[m.poolRow[i*m.T+t]] = math.Max(y[m.poolRow[i*m.T+t]], math.Min(0, of))
			}
		}
	}
}

// loosen moves the rows of modules' least times off away from their upper bounds: where no
// module stops they say the same, and the dual of a module more might stand there.
func (m *Model) loosen(q *solver.Problem) {
	for r, up := range q.RowUpper {
		if o, _ := m.OwnerOfRow(solver.Row(r)); o.Kind == poolKind && q.RowLower[r] < up && up > 0 && !math.IsInf(up, 0) {
			q.RowUpper[r] += nudge(r)
		}
	}
}

// dualsWithJobs returns the duals of a dispatch with those of capacity from a program in
// which jobs are free, and the reduced costs of modules there, in money.
func (s *session) dualsWithJobs(ctx context.Context, d *dispatch) (y, reduced []float64, err error) {
	m, q, held, err := s.withJobs(d)
	if err != nil {
		return nil, nil, err
	}
	for k, r := range m.roomRows() {
		q.RowUpper[r] += nudge(k)
	}
	m.loosen(q)
	patience := s.patienceLeft()
	if patience <= 0 {
		return nil, nil, errors.New("there was no time")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	red, err := s.reduced(q, true)
	if err != nil {
		return nil, nil, err
	}
	res, err := s.optimum(ctx, red.Problem, solver.Options{Threads: s.o.Threads, Seed: s.o.Seed})
	if err != nil {
		return nil, nil, err
	}
	dual := make([]float64, q.Rows())
	for r, i := range rowsOf(red, q.Rows()) {
		if i >= 0 {
			dual[r] = res.RowDual[i] / s.scale
		}
	}
	y, reduced = slices.Clone(d.at.rowDual), make([]float64, d.p.Cols())
	from := m.roomRows()
	for k, r := range d.m.roomRows() {
		y[r] = dual[from[k]]
	}
	of := s.reducedCosts(q, dual, nil)
	for k, c := range d.m.besideJobs() {
		reduced[c] = of[held[k]]
	}
	return y, reduced, nil
}

// withJobs returns the program of a dispatch in which jobs and modules are free, those jobs
// too that are placed outside, and its columns of all kinds but jobs.
func (s *session) withJobs(d *dispatch) (m *Model, q *solver.Problem, beside []solver.Col, err error) {
	m, p := d.m, d.p
	if s.placed != nil {
		if m, p, err = Formulate(d.m.Case, d.merged.catalog(s.o.Formulation)); err != nil {
			return nil, nil, nil, err
		}
		scaleCosts(p, s.scale)
	}
	q = p.Relaxation().Clone(solver.ColBounds | solver.RowBounds)
	beside, as := m.besideJobs(), d.m.besideJobs()
	if len(beside) != len(as) {
		return nil, nil, nil, fmt.Errorf("%d columns beside jobs, %d in the dispatch", len(beside), len(as))
	}
	for k, c := range beside {
		if o, _ := m.OwnerOf(c); o.Kind != poolKind {
			q.ColLower[c], q.ColUpper[c] = d.q.ColLower[as[k]], d.q.ColUpper[as[k]]
		}
	}
	return m, q, beside, nil
}

// besideJobs are the columns of all kinds but jobs and what goes with them, or is summed up
// of them.
func (m *Model) besideJobs() []solver.Col {
	var out []solver.Col
	for c := range solver.Col(m.b.Cols()) {
		switch o, _ := m.OwnerOf(c); o.Kind {
		case jobKind, jobGroupKind, datasetKind, placedKind, stayKind:
		default:
			out = append(out, c)
		}
	}
	return out
}

// roomRows are the rows of capacity: of pools, and of data links each way.
func (m *Model) roomRows() []solver.Row {
	var out []solver.Row
	for i := range m.Case.Pools {
		if m.ix.BasePool(i) == i {
			out = append(out, m.poolRow[i*m.T:][:m.T]...)
		}
	}
	return append(out, m.dataRow...)
}

// reducedCosts are what columns cost in money less what rows, but for those left out,
// give them at their duals.
func (s *session) reducedCosts(p *solver.Problem, dual []float64, without []solver.Row) []float64 {
	out := make([]float64, p.Cols())
	for j, c := range p.ColCost {
		out[j] = c / s.scale
	}
	left := make([]bool, p.Rows())
	for _, r := range without {
		left[r] = true
	}
	for r, y := range dual {
		if left[r] || y == 0 {
			continue
		}
		for e := p.RowStart[r]; e < p.RowStart[r+1]; e++ {
			out[p.Index[e]] -= p.Value[e] * y
		}
	}
	return out
}

// clearPrice is the part of the worth of a GB from which its capacity has a price: below
// it is by what prices of power on the way differ between the bound and the plan.
const clearPrice = 0.05

// dualsOfPlacement returns the duals of a dispatch with those of capacity from the
// prices of the placement's bound, and the reduced costs of modules at these.
func (s *session) dualsOfPlacement(ctx context.Context, d *dispatch) (y, reduced []float64, err error) {
	worth := s.placed.worth
	if worth == nil {
		return nil, nil, errors.New("the placement has no bound")
	}
	m := d.m
	y = slices.Clone(d.at.rowDual)
	given := slices.Clone(y) // what modules are paid, and pay
	left := s.reducedCosts(d.p, y, m.roomRows())
	k := d.placed()
	k.each(m.T,
		func(i int, c solver.Col) {
			if k.jobs.problem.Pools[i/m.T].Base == 0 {
				r := m.poolRow[i]
				y[r] = math.Min(0, left[c]-worth.Held[i])
				given[r] = y[r]
			}
		},
		func(i int, _ solver.Col) {
			if i >= len(m.poolRow) {
				return // a pool of jobs on call, or that keep their units in outages: its price has the worth of that in it
			}
			p := &m.Case.Pools[i/m.T]
			site := m.ix.Sites[p.Site]
			if mw := m.itFactor(site, i%m.T) * p.DynamicMWPerUnit; mw > 0 {
				given[m.siteRow[site*m.T+i%m.T]] = worth.Busy[i] / mw
			}
		},
		func(i int, c solver.Col) {
			y[m.dataRow[i]] = left[c] - worth.GB[i]
			if y[m.dataRow[i]] > -clearPrice*worth.GB[i] {
				y[m.dataRow[i]] = 0
			}
		})
	reduced, err = s.modulesAt(ctx, d, given)
	return y, reduced, err
}

// placed is the ingredient that stands for the jobs outside the program.
func (d *dispatch) placed() *placed {
	for _, k := range d.catalog {
		if k, ok := k.(*placed); ok {
			return k
		}
	}
	return nil
}

// So many questions to oracles are spent on what room is worth, in no more rounds than
// that and in none where they would be less than the other: many jobs are small, and their
// multipliers good.
const (
	worthQuestions          = 600_000
	mostRounds, leastRounds = 300, 20
)

// climb raises the prices of capacity in duals to what the jobs would pay for it, where
// they are not so many that this would take long: with all other prices as they are,
// beside what others have in the plan.
func (s *session) climb(ctx context.Context, d *dispatch, y []float64) error {
	k, m := s.placed.jobs, d.m
	rounds := min(mostRounds, worthQuestions/len(k.problem.Jobs))
	if rounds < leastRounds {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, s.patienceLeft())
	defer cancel()
	others := make([]float64, d.p.Rows()) // that rows have of columns that are neither jobs' nor modules
	for r := range others {
		for e := d.p.RowStart[r]; e < d.p.RowStart[r+1]; e++ {
			if o, _ := m.OwnerOf(solver.Col(d.p.Index[e])); o.Kind != placedKind && o.Kind != poolKind {
				others[r] += d.p.Value[e] * d.at.X[d.p.Index[e]]
			}
		}
	}
	use := k.use()
	prices, mu, room := place.NewPrices(k.problem), s.placed.quotas.Clone(), place.NewMultipliers(k.problem)
	d.placed().each(m.T,
		func(i int, _ solver.Col) {
			if k.problem.Pools[i/m.T].Base > 0 { // its pool's modules have the price
				prices.Held[i] = math.Max(0, s.placed.worth.Held[i]+y[k.poolRow(m, i)])
				return
			}
			mu.Held[i] = -y[m.poolRow[i]]
			prices.Held[i] = math.Max(0, s.placed.worth.Held[i]-mu.Held[i])
			room.Held[i] = math.Max(use.Held[i], k.problem.Pools[i/m.T].CapacityUnits[i%m.T]-others[m.poolRow[i]])
		},
		func(i int, _ solver.Col) { prices.Busy[i] = s.placed.worth.Busy[i] },
		func(i int, _ solver.Col) {
			mu.GB[i] = -y[m.dataRow[i]]
			prices.GB[i] = math.Max(0, s.placed.worth.GB[i]-mu.GB[i])
			room.GB[i] = math.Max(use.GB[i], k.problem.Links[i/m.T].CapacityGB[i%m.T]-others[m.dataRow[i]])
		})
	mu, err := place.Worth(ctx, k.problem, k.at, k.comes, &room, &prices, &mu, rounds, place.Options{Threads: max(1, s.o.Threads)})
	if err != nil {
		return err
	}
	d.placed().each(m.T,
		func(i int, _ solver.Col) {
			if k.problem.Pools[i/m.T].Base == 0 {
				y[m.poolRow[i]] = -mu.Held[i]
			}
		},
		func(int, solver.Col) {},
		func(i int, _ solver.Col) { y[m.dataRow[i]] = -mu.GB[i] })
	return nil
}

// modulesAt returns the reduced costs of modules that take these duals, in money, as they
// come: pool by pool, at what their units and power are worth.
func (s *session) modulesAt(ctx context.Context, d *dispatch, dual []float64) ([]float64, error) {
	ours := make([]bool, d.p.Cols())
	for j := range ours {
		o, _ := d.m.OwnerOf(solver.Col(j))
		ours[j] = o.Kind == poolKind
	}
	in := s.on(d.p)
	in.m = d.m
	lp := &solver.Result{RowDual: make([]float64, len(dual))}
	for r, y := range dual {
		lp.RowDual[r] = y * s.scale
	}
	q := in.priced(lp, ours).Relaxation()
	d.m.loosen(q)
	res, err := s.optimum(ctx, q, solver.Options{Threads: s.o.Threads, Seed: s.o.Seed})
	if err != nil {
		return nil, err
	}
	out := slices.Clone(res.ColDual)
	for j := range out {
		out[j] /= s.scale
	}
	return out, nil
}
