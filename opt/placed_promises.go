package opt

// What placed jobs promise once they have their places. Each job's promises are then
// those of a linear program of its own (job_reserve.go with z held), and sums of them are all
// that the rest of the case sees. So it takes no columns for every job, but a few a group, by
// the decomposition of Dantzig and Wolfe (1960, doi:10.1287/opre.8.1.101): at prices of what is
// promised and of spare units each job says what it would promise (job_response.go), and these
// answers, summed over the jobs of a group in a pool, are what is mixed:
//
//	u_{p,t} <= sum over k of lambda_k u^k_{p,t},  sum over k of lambda_k q^k_t <= q_t
//	sum over k of lambda_k <= 1,  lambda >= 0
//
// As every job may also promise less, and any mean of what it may promise, it promises
// the sum over k of lambda_k times its own answers, the part of it that u takes. The duals of
// these rows are the next prices; it ends when answers to them are worth little more than
// the mixture.
//
// The columns of mixtures are in the program from the beginning, closed, and their rows
// are open: so a bound has what jobs may promise (placed_offers.go), a plan what they do.

import (
	"context"
	"math"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// mostAnswers is how many answers a mixture has at most.
const mostAnswers = 20

// poolPromises is what a group of placed jobs promises in a pool.
type poolPromises struct {
	*poolOffer
	*callMixture
	reserve *jobReserve // the columns of all jobs together
	busy    periodCols  // and of their busy units

	mixture  solver.Col   // first of mostAnswers columns
	rows     []solver.Row // of products: the first, one a period of its columns
	spares   solver.Row   // the first, one a period of spare units
	together solver.Row   // of the mixture: 1 at most
}

// callMixture is what the jobs of a group in a pool answer. All programs of a case share it.
type callMixture struct {
	jobs    []jobOnCall
	prices  []callPrices
	answers []callAnswer // of all jobs, to each of the prices
}

// mixtureAt is that of a pool of the problem.
func (k *jobPlaces) mixtureAt(seat int) *callMixture {
	if k.mixtures[seat] == nil {
		k.mixtures[seat] = &callMixture{}
	}
	return k.mixtures[seat]
}

// callPrices are those of promises and spare units; callAnswer is what jobs answer. Both are
// by product as given and period, and by period.
type callPrices struct {
	mw    [][]float64 // money per MW
	spare []float64   // money per unit
}

type callAnswer struct {
	mw    [][]float64 // MW
	spare []float64   // units
}

// mixtures adds the columns and rows of mixtures.
func (b *poolPromises) mixtures(m *Model) {
	m.Label("mixture of answers")
	b.mixture = solver.Col(m.b.Cols())
	for range mostAnswers {
		m.Column(0, 0, solver.Continuous)
	}
	row := func(c solver.Col, coef float64) (r solver.Row) {
		r = m.Row(-inf, inf)
		m.Add(r, c, coef)
		for k := range solver.Col(mostAnswers) {
			m.Add(r, b.mixture+k, -coef) // its place: answers are written there
		}
		return r
	}
	for i := range b.reserve.given {
		mw := &b.reserve.given[i].mw
		b.rows = append(b.rows, solver.Row(m.b.Rows()))
		for t := mw.first; t < mw.end; t++ {
			c, _ := mw.at(t)
			row(c, 1)
		}
	}
	spare := &b.reserve.spare
	b.spares = solver.Row(m.b.Rows())
	for t := spare.first; t < spare.end; t++ {
		c, _ := spare.at(t)
		row(c, -1)
	}
	b.together = m.Row(-inf, 1)
	for k := range solver.Col(mostAnswers) {
		m.Add(b.together, b.mixture+k, 1)
	}
}

// each visits the rows of mixtures, with the number of the product, -1 for spare units.
func (b *poolPromises) each(visit func(product, t int, r solver.Row)) {
	for i := range b.reserve.given {
		mw := &b.reserve.given[i].mw
		for t := mw.first; t < mw.end; t++ {
			visit(i, t, b.rows[i]+solver.Row(t-mw.first))
		}
	}
	spare := &b.reserve.spare
	for t := spare.first; t < spare.end; t++ {
		visit(-1, t, b.spares+solver.Row(t-spare.first))
	}
}

// write states in a program what the jobs promise at their places.
func (b *poolPromises) write(q *solver.Problem) {
	for k := range mostAnswers {
		q.ColUpper[int(b.mixture)+k] = 0
		if k < len(b.answers) {
			q.ColUpper[int(b.mixture)+k] = 1
		}
	}
	b.each(func(product, t int, r solver.Row) {
		q.RowUpper[r] = 0
		for e := q.RowStart[r]; e < q.RowStart[r+1]; e++ {
			k := int(q.Index[e]) - int(b.mixture)
			switch {
			case k < 0 || k >= len(b.answers):
			case product < 0:
				q.Value[e] = b.answers[k].spare[t]
			default:
				q.Value[e] = -b.answers[k].mw[product][t]
			}
		}
	})
}

// promising is a program for what the jobs take, in which they promise no more than they
// do at their places.
func (k *placed) promising(q *solver.Problem) *solver.Problem {
	if len(k.promises) == 0 {
		return q
	}
	q = q.Clone(solver.ColBounds | solver.RowBounds | solver.Matrix)
	for _, b := range k.promises {
		b.write(q)
	}
	return q
}

// take gives the jobs their places, and has those that offer reserve answer all prices
// there that are known.
func (k *placed) take(r *place.Result) {
	k.jobs.take(r.Places, r.Copies)
	if len(k.promises) == 0 {
		return
	}
	scarce := k.jobs.roomInQuotas()
	for _, b := range k.promises {
		b.jobs = k.jobs.onCall(b, scarce)
		b.answers = nil
		if len(b.prices) == 0 {
			b.prices = append(b.prices, b.equalPrices())
		}
		for i := range b.prices {
			b.answers = append(b.answers, b.answer(k.jobs, &b.prices[i]))
		}
	}
}

// ask has jobs answer the prices of promises and spare units in duals of a relaxation, whether or
// not it has mixtures.
func (k *placed) ask(m *Model, duals []float64) {
	for _, b := range k.promises {
		b.prices = append(b.prices, b.equalPrices(), b.pricesIn(m, duals))
	}
}

// pricesIn are the prices in duals: what the products are short of, and what units of the pool are worth.
func (b *poolPromises) pricesIn(m *Model, duals []float64) callPrices {
	p := b.noPrices()
	for t := range p.spare {
		p.spare[t] = math.Max(0, -duals[m.poolRow[b.pool*m.T+t]])
	}
	for i := range p.mw {
		for t := range p.mw[i] {
			p.mw[i][t] = math.Max(0, duals[m.product[b.reserve.given[i].product*m.T+t]])
			if !b.up {
				p.mw[i][t] = math.Max(0, p.mw[i][t]-p.spare[t]/m.unitMW(b.pool, t))
			}
		}
	}
	return p
}

// equalPrices are those at which all that can be promised is.
func (b *poolPromises) equalPrices() callPrices {
	p := b.noPrices()
	for i := range p.mw {
		for t := range p.mw[i] {
			p.mw[i][t] = 1
		}
	}
	return p
}

func (b *poolPromises) noPrices() (p callPrices) {
	for range b.reserve.given {
		p.mw = append(p.mw, make([]float64, len(b.units)))
	}
	p.spare = make([]float64, len(b.units))
	return p
}

// answer is what the jobs promise at prices, summed.
func (b *poolPromises) answer(k *jobPlaces, p *callPrices) callAnswer {
	r, sum := newResponder(k, b), b.noPrices()
	for i := range b.jobs {
		r.respond(&b.jobs[i], p)
		for n := range sum.mw {
			for t, u := range r.units[n] {
				sum.mw[n][t] += u * r.unitMW[t]
			}
		}
		for t, q := range r.spare {
			sum.spare[t] += q
		}
	}
	return callAnswer(sum)
}

// worthMore is by what part of a program's cost answers at new prices must be worth more than
// the mixtures.
const worthMore = 2e-7

// reprice adds the answers to the prices of a relaxation that are worth more than what the
// mixtures have. It says whether there may be much to gain: no mixture gains more than all
// that the answers are worth more.
func (k *placed) reprice(res *solver.Result) bool {
	least, gain, more := worthMore*math.Max(1, math.Abs(res.Objective)), 0.0, false
	for _, b := range k.promises {
		if len(b.jobs) == 0 || len(b.prices) == mostAnswers {
			continue
		}
		p := b.noPrices()
		b.each(func(product, t int, r solver.Row) {
			to := p.spare
			if product >= 0 {
				to = p.mw[product]
			}
			to[t] = math.Max(0, -res.RowDual[r])
		})
		a := b.answer(k.jobs, &p)
		worth := res.RowDual[b.together]
		for i := range p.mw {
			for t, v := range p.mw[i] {
				worth += v * a.mw[i][t]
			}
		}
		for t, v := range p.spare {
			worth -= v * a.spare[t]
		}
		gain += math.Max(0, worth)
		if worth > least/float64(len(k.promises)) {
			b.prices, b.answers = append(b.prices, p), append(b.answers, a)
			more = true
		}
	}
	return more && gain > least
}

// mixingShare is the part of the time left that mixtures may take.
const mixingShare = 0.25

// mix solves the relaxation for what the jobs take, with better and better mixtures of what
// they promise. relax solves the program that the session then has, nil where it cannot.
func (s *session) mix(relax func() *solver.Result) *solver.Result {
	until := time.Now().Add(time.Duration(mixingShare * float64(s.o.TimeLimit-time.Since(s.searchBegan))))
	var last *solver.Result
	for {
		res := relax()
		if res == nil {
			return last // the program with fewer answers has these at nothing
		}
		late := s.o.TimeLimit > 0 && time.Now().After(until)
		if last = res; late || !res.HasDuals || !s.placed.reprice(res) {
			return res
		}
		s.step("reserve of placed jobs: %.9g", res.Objective/s.scale)
		s.p = s.placed.promising(s.p)
	}
}

// mixWhole is mix with the whole relaxation, whose optimum is then a bound for what the
// jobs take and may promise there.
func (s *session) mixWhole(ctx context.Context, w *power) *solver.Result {
	basis := w.basis
	res := s.mix(func() *solver.Result {
		res, err := w.solve(ctx, s.p.Relaxation(), &basis)
		if err != nil {
			return nil
		}
		return res
	})
	if res != nil {
		s.raise(res.Bound / s.scale)
	}
	return res
}

// mixNarrow is mix with the decisions held that are whole in a relaxation, and a bound that
// the assets' answers prove.
func (s *session) mixNarrow(ctx context.Context, w *power, relaxed *solver.Result) *solver.Result {
	n := w.few.unprepared() // from the basis of the last answer
	n.own, n.moving, n.tries = s.p, nil, narrowTries
	n.agree(relaxed.X)
	if err := n.prepare(); err != nil {
		return relaxed
	}
	res := s.mix(func() *solver.Result {
		n.own = s.p
		if err := n.reduce(); err != nil {
			return nil
		}
		res, err := n.engine(ctx, n.lp, &n.basis)
		if err != nil {
			return nil
		}
		return n.widen(res)
	})
	if res == nil {
		return relaxed
	}
	if n.prepare() != nil {
		return res
	}
	last, bound, err := n.solve(ctx, s.p)
	if err != nil {
		return res
	}
	s.raise(bound / s.scale)
	return last
}

// promisedOf is what one job promises.
type promisedOf struct {
	reserves []model.ProvidedPower
	spare    []float64
}

// promised is what the jobs promise at a point, by their position in the problem.
func (k *placed) promised(pt *Point) map[int32]*promisedOf {
	out := make(map[int32]*promisedOf)
	if k == nil {
		return out
	}
	for _, b := range k.promises {
		b.share(k.jobs, pt, out)
	}
	return out
}

// share gives every job its part of what is promised at a point.
func (b *poolPromises) share(k *jobPlaces, pt *Point, out map[int32]*promisedOf) {
	mixture := b.mixed(pt)
	if len(mixture) == 0 {
		return
	}
	part := b.taken(pt, mixture)
	r := newResponder(k, b)
	for i := range b.jobs {
		j, sum := &b.jobs[i], b.noPrices()
		for n, lambda := range mixture {
			if lambda == 0 {
				continue
			}
			r.respond(j, &b.prices[n])
			for g := range sum.mw {
				for t, u := range r.units[g] {
					sum.mw[g][t] += lambda * part[g][t] * u * r.unitMW[t]
				}
			}
			for t, q := range r.spare {
				sum.spare[t] += lambda * q
			}
		}
		if p := b.worded(pt.Model.Case, callAnswer(sum)); len(p.reserves) > 0 {
			out[j.at] = p
		}
	}
}

// mixed are the parts of the answers in the mixture at a point; none where nothing is
// promised.
func (b *poolPromises) mixed(pt *Point) (out []float64) {
	if len(b.jobs) == 0 {
		return nil
	}
	all := 0.0
	for n := range b.answers {
		v := math.Max(0, pt.X[int(b.mixture)+n])
		out, all = append(out, v), all+v
	}
	if all == 0 {
		return nil
	}
	for n := range out {
		out[n] /= math.Max(1, all)
	}
	return out
}

// taken are the parts of a mixture that are promised, by product and period.
func (b *poolPromises) taken(pt *Point, mixture []float64) [][]float64 {
	part := b.noPrices().mw
	for g := range part {
		mw := &b.reserve.given[g].mw
		for t := mw.first; t < mw.end; t++ {
			most := 0.0
			for n, lambda := range mixture {
				most += lambda * b.answers[n].mw[g][t]
			}
			if v := pt.X[int(mw.col)+t-mw.first]; most > 0 {
				part[g][t] = math.Min(1, math.Max(0, v)/most)
			}
		}
	}
	return part
}

// worded is an answer in a plan's words: products to which nothing is promised are left out.
func (b *poolPromises) worded(c *model.Case, a callAnswer) *promisedOf {
	p := &promisedOf{}
	for g := range a.mw {
		if some(a.mw[g]) {
			p.reserves = append(p.reserves, model.ProvidedPower{Product: c.Reserves[b.reserve.given[g].product].Name, MW: a.mw[g]})
		}
	}
	if some(a.spare) {
		p.spare = a.spare
	}
	return p
}

func some(values []float64) bool {
	for _, v := range values {
		if v > 0 {
			return true
		}
	}
	return false
}

// followPromises counts the units of pools that stay free for what jobs promise.
func (k *placed) followPromises(r *Rounding) {
	for _, b := range k.promises {
		for t := range r.Model.T {
			for _, x := range b.beyond(r.Model, t) {
				r.held[r.cell(b.pool, t)] += x.coef * r.X[x.col]
			}
		}
	}
}
