package opt

// What a job with a place would promise at prices of what it promises and of the spare units
// that it keeps: the linear program of job_reserve.go with z held.
//
// Upward, of one product whose calls lose L = K D hours of what is promised, with
// b_e the unit-hours of spare units from period e on:
//
//	max  sum over t of price_t min(z_t, b_{end(t)} / L)  -  sum over e of price of spare_e q_e
//	b_e = b_{e+1} + h_e q_e,   0 <= q_e <= room_e
//
// From the last period on, the most that b_e is worth is a concave function of it, kept
// as pieces of falling slope: q_e adds a piece of slope -price/h_e and width h_e room_e where it
// belongs, and what is promised by end(t) = e adds price_t/L up to L z_t. At the first
// period all pieces are taken that are worth anything; which of them are whose follows from there on.
//
// Downward, b is what is planned, and the most that can be promised is
// min(room_t, b_{end(t)} / L), whatever the prices.
//
// Several products are answered one after the other, those of the highest prices first, each
// with what the ones before it leave: of units, of spare units and, downward, of b. That may
// be less than the best, and is allowed: losses and what makes good for them add up.

import (
	"cmp"
	"math"
	"slices"

	"github.com/wattbit/wattbit/opt/place"
)

// jobOnCall is a job that has a place and offers reserve.
type jobOnCall struct {
	at                   int32 // in the problem
	begin, last, catchUp int
	mask                 []bool    // of the products given in its pool: those that it may promise to
	busy                 []float64 // units planned, by period
	room                 []float64 // units beyond them, by period
}

// onCall are the jobs that may promise something in the pool that they are in. scarce
// is the part of their room that quotas leave them, by owner and period.
func (k *jobPlaces) onCall(b *poolPromises, scarce map[int32][]float64) (out []jobOnCall) {
	T := len(k.ix.Hours)
	for i := range k.offers.classes {
		o := &k.offers.classes[i]
		if o.up != b.up {
			continue
		}
		var mask []bool
		for n := range int32(o.job.N()) {
			at := &k.at[o.first+n]
			if at.Dropped() || int(at.Pool) != b.seat {
				continue
			}
			if mask == nil {
				mask = b.mask(k, o)
			}
			j := jobOnCall{
				at: o.first + n, begin: o.begin, last: o.last, catchUp: o.catchUp,
				mask: mask, busy: make([]float64, T), room: k.beyond(o, o.first+n),
			}
			for _, w := range at.Work {
				j.busy[w.Period] = w.Amount
			}
			for t, part := range scarce[k.problem.Jobs[j.at].Owner] {
				j.room[t] *= part
			}
			out = append(out, j)
		}
	}
	return out
}

// mask says of the products given in a pool which ones a job may promise to.
func (b *poolPromises) mask(k *jobPlaces, o *offering) (out []bool) {
	for i := range b.reserve.given {
		product := b.reserve.given[i].product
		out = append(out, mayPromise(k.c, k.ix, o.job, product, b.pool) &&
			slices.Contains(o.job.Reserves, k.c.Reserves[product].Name))
	}
	return out
}

// roomInQuotas is the part of what jobs that offer reserve could hold beyond their plan that
// the quotas of their owner leave for all of them, by owner and period. Units beyond the
// plan count as held, but not as unit-hours.
func (k *jobPlaces) roomInQuotas() map[int32][]float64 {
	p, T := k.problem, len(k.ix.Hours)
	left, asked := make([][]float64, len(p.Quotas)), make([][]float64, len(p.Quotas))
	for q := range p.Quotas {
		left[q], asked[q] = slices.Clone(p.Quotas[q].MaxUnits), make([]float64, T)
		for t, kept := range p.Quotas[q].KeptUnits {
			if left[q] != nil {
				left[q][t] -= kept
			}
		}
	}
	each := func(at int32, visit func(quota int32, cells int)) {
		if owner := p.Jobs[at].Owner; owner > 0 && !k.at[at].Dropped() {
			for _, q := range p.Owners[owner-1] {
				if pool := k.at[at].Pool; left[q] != nil && p.Quotas[q].Pools[pool] {
					visit(q, int(pool)*T)
				}
			}
		}
	}
	u := place.NewUse(p)
	for at := range int32(len(p.Jobs)) {
		each(at, func(q int32, cells int) {
			held := u.Held[cells : cells+T]
			u.Add(&k.at[at], T)
			for t := range held {
				left[q][t] -= held[t]
			}
			clear(held)
		})
	}
	for i := range k.offers.classes {
		o := &k.offers.classes[i]
		for n := range int32(o.job.N()) {
			each(o.first+n, func(q int32, cells int) {
				for t, v := range k.beyond(o, o.first+n) {
					asked[q][t] += v
				}
			})
		}
	}
	out := make(map[int32][]float64)
	for owner, quotas := range p.Owners {
		part := slices.Repeat([]float64{1}, T)
		for _, q := range quotas {
			for t := range left[q] {
				if most := math.Max(0, left[q][t]); asked[q][t] > most {
					part[t] = math.Min(part[t], most/asked[q][t])
				}
			}
		}
		out[int32(owner)+1] = part
	}
	return out
}

// beyond are the units that a job could hold beyond its plan, by period.
func (k *jobPlaces) beyond(o *offering, at int32) []float64 {
	out := make([]float64, len(k.ix.Hours))
	for t := range out {
		out[t] = o.width(k, k.real[k.at[at].Pool], t)
	}
	for _, w := range k.at[at].Work {
		out[w.Period] = math.Max(0, out[w.Period]-w.Amount)
	}
	return out
}

// responder answers prices for one job after the other.
type responder struct {
	b      *poolPromises
	hours  []float64
	unitMW []float64

	units [][]float64 // promised, by product as given and period
	spare []float64   // by period

	left, room []float64    // of busy units, and of those beyond
	behind     []float64    // b_e less what is asked of it
	order      []int        // of products
	pieces     []slopePiece // of all stages
	stage      []int        // first piece of each
}

// slopePiece is a width of unit-hours, each worth slope.
type slopePiece struct{ slope, width float64 }

func newResponder(k *jobPlaces, b *poolPromises) *responder {
	T := len(k.ix.Hours)
	r := &responder{
		b: b, hours: k.ix.Hours, unitMW: make([]float64, T), spare: make([]float64, T),
		left: make([]float64, T), room: make([]float64, T), behind: make([]float64, T+1), stage: make([]int, T+2),
	}
	for t := range r.unitMW {
		r.unitMW[t] = unitMW(k.c, k.ix, b.pool, t)
	}
	for i := range b.reserve.given {
		r.units = append(r.units, make([]float64, T))
		r.order = append(r.order, i)
	}
	return r
}

// respond writes what a job promises at prices to units and spare.
func (r *responder) respond(j *jobOnCall, p *callPrices) {
	copy(r.left, j.busy)
	copy(r.room, j.room)
	clear(r.spare)
	worth := func(i int) (sum float64) {
		for t, v := range p.mw[i] {
			sum += v * j.busy[t]
		}
		return sum
	}
	if len(r.order) > 1 {
		slices.Sort(r.order)
		slices.SortStableFunc(r.order, func(a, b int) int { return cmp.Compare(worth(b), worth(a)) })
	}
	for _, units := range r.units {
		clear(units)
	}
	if !r.b.up {
		r.ahead(j)
	}
	for _, i := range r.order {
		switch {
		case !j.mask[i]:
		case r.b.up:
			r.up(j, i, p)
		default:
			r.down(j, i, p.mw[i])
		}
	}
}

// each calls yield with the periods in which the job may promise to a product: those that
// have a price, or all where no other product could want what is promised for nothing.
func (r *responder) each(j *jobOnCall, i int, price []float64, yield func(t, end int)) {
	g := &r.b.reserve.given[i]
	for t := max(j.begin, g.mw.first); t < min(j.last, g.mw.end); t++ {
		if (g.end[t] < j.catchUp || g.loss == 0) && (price[t] > 0 || len(r.order) == 1) {
			yield(t, g.end[t])
		}
	}
}

// up answers for one product upward.
func (r *responder) up(j *jobOnCall, i int, p *callPrices) {
	g := &r.b.reserve.given[i]
	loss, units := g.calls*g.loss, r.units[i]
	promise := func(t int, most float64) {
		units[t] = math.Min(r.left[t], most)
		r.left[t] -= units[t]
	}
	if loss == 0 {
		r.each(j, i, p.mw[i], func(t, _ int) { promise(t, inf) })
		return
	}
	if j.catchUp < j.begin+2 {
		return // no period is left after a call
	}
	r.stages(j, i, p, loss)
	b := 0.0
	for _, x := range r.pieces[r.stage[j.begin+1]:] {
		if x.slope > 0 {
			b += x.width
		}
	}
	for e := j.begin + 1; e < j.catchUp; e++ {
		r.behind[e] = b
		later, sooner := 0.0, 0.0 // unit-hours of later periods, and those that come before this one's
		for _, x := range r.pieces[r.stage[e+1]:r.stage[e]] {
			later += x.width
			if x.slope >= -p.spare[e]/r.hours[e] {
				sooner += x.width
			}
		}
		now := math.Min(math.Max(b-sooner, b-later), r.hours[e]*r.room[e])
		if now = math.Max(0, now); now > 0 {
			r.spare[e] += now / r.hours[e]
			r.room[e] = math.Max(0, r.room[e]-now/r.hours[e])
		}
		b -= now
	}
	r.each(j, i, p.mw[i], func(t, end int) { promise(t, r.behind[end]/loss) })
}

// stages writes the pieces of every period from the last to the first: those of period e
// are pieces[stage[e]:stage[e-1]], and there are none from the end of catching up on.
func (r *responder) stages(j *jobOnCall, i int, p *callPrices, loss float64) {
	r.pieces = r.pieces[:0]
	r.stage[j.catchUp] = 0
	g := &r.b.reserve.given[i]
	t := min(j.last, g.mw.end) - 1
	from := 0
	for e := j.catchUp - 1; e > j.begin; e-- {
		to := len(r.pieces)
		own := slopePiece{-p.spare[e] / r.hours[e], r.hours[e] * r.room[e]}
		at := from
		for ; at < to && r.pieces[at].slope >= own.slope; at++ {
			r.pieces = append(r.pieces, r.pieces[at])
		}
		if own.width > 0 {
			r.pieces = append(r.pieces, own)
		}
		r.pieces = append(r.pieces, r.pieces[at:to]...)
		for ; t >= max(j.begin, g.mw.first) && g.end[t] >= e; t-- {
			if g.end[t] == e {
				r.raise(to, p.mw[i][t]*r.unitMW[t]/loss, loss*r.left[t])
			}
		}
		r.stage[e], from = to, to
	}
	r.stage[j.begin] = len(r.pieces)
}

// raise makes the first width of the last stage, which begins at from, worth so much more.
func (r *responder) raise(from int, slope, width float64) {
	if slope <= 0 || width <= 0 {
		return
	}
	for k := from; k < len(r.pieces) && width > 0; k++ {
		if w := r.pieces[k].width; w > width {
			r.pieces = slices.Insert(r.pieces, k+1, slopePiece{r.pieces[k].slope, w - width})
			r.pieces[k].width = width
		}
		width -= r.pieces[k].width
		r.pieces[k].slope += slope
	}
}

// ahead sets behind to the planned units from each period on.
func (r *responder) ahead(j *jobOnCall) {
	r.behind[len(j.busy)] = 0
	for e := len(j.busy) - 1; e >= 0; e-- {
		r.behind[e] = r.behind[e+1] + r.hours[e]*j.busy[e]
	}
}

// down answers for one product downward.
func (r *responder) down(j *jobOnCall, i int, price []float64) {
	g := &r.b.reserve.given[i]
	loss, units := g.calls*g.loss, r.units[i]
	least, e := inf, 0 // of behind up to period e
	r.each(j, i, price, func(t, end int) {
		units[t] = r.room[t]
		if loss > 0 {
			for ; e < end; e++ {
				least = math.Min(least, r.behind[e+1])
			}
			units[t] = math.Min(units[t], math.Max(0, least)/loss)
		}
		r.room[t] -= units[t]
	})
	if loss == 0 {
		return
	}
	most, t := 0.0, len(units)-1
	for e := len(r.behind) - 1; e > 0; e-- {
		for ; t >= 0 && g.end[t] >= e; t-- {
			most = math.Max(most, units[t])
		}
		r.behind[e] -= loss * most
	}
}
