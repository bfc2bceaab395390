package opt

// One period of a unit that is on, for the oracle. At given costs it is convex
// and piecewise linear in n, the power above minimum, 0 <= n <= room:
//
//	segments:      filled in order, their slopes rise
//	up reserve:    the dearest first, each at most its limit, together at most room - n
//	down reserve:  the dearest first, each at most its limit, together at most n
//
// Reserve that costs something is not given.

import "math"

// convex is a convex piecewise linear function: value at x[0], slope[i] between
// x[i] and x[i+1], infinite outside.
type convex struct {
	value float64
	x     []float64 // one more than slope
	slope []float64
}

// piece of a function that begins at none.
type piece struct{ width, slope float64 }

// begin makes f a single point.
func (f *convex) begin(x, value float64) {
	f.value = value
	f.x = append(f.x[:0], x)
	f.slope = f.slope[:0]
}

// extend adds a piece to the right; slopes that are equal join.
func (f *convex) extend(to, slope float64) {
	n := len(f.slope)
	if to <= f.x[n] {
		return
	}
	if n > 0 && slope == f.slope[n-1] {
		f.x[n] = to
		return
	}
	f.x = append(f.x, to)
	f.slope = append(f.slope, slope)
}

// least returns the least value of f and where it is, leftmost.
func (f *convex) least() (value, at float64) {
	value = f.value
	i := 0
	for i < len(f.slope) && f.slope[i] < 0 {
		value += f.slope[i] * (f.x[i+1] - f.x[i])
		i++
	}
	return value, f.x[i]
}

// bestUp returns what the dearest up reserve costs in period t, at most none.
func (o *thermalOracle) bestUp(cost []float64, t int) float64 {
	best := 0.0
	for i := range o.offers {
		if o.offers[i].up {
			best = min(best, cost[o.offers[i].col+t])
		}
	}
	return best
}

// least returns the least cost of period t above minimum, with the power there.
func (o *thermalOracle) least(s *thermalScratch, t int, at position) (value, power float64) {
	if !o.simple {
		o.stage(s, &s.c, t, at)
		return s.c.least()
	}
	room := o.room[at]
	lost := o.bestUp(s.cost, t) // what a MW of room is worth, which power takes away
	for i, w := range o.width {
		slope := s.cost[o.segments[i]+t] - lost
		if slope >= 0 || power >= room {
			break
		}
		w = min(w, room-power)
		value += slope * w
		power += w
	}
	return value + lost*room, power
}

// stage writes the cost of period t above minimum as a function of the power.
func (o *thermalOracle) stage(s *thermalScratch, f *convex, t int, at position) {
	room := o.room[at]
	fill := s.pieces[0][:0]
	slope := math.Inf(-1)
	for i, w := range o.width {
		slope = max(slope, s.cost[o.segments[i]+t])
		fill = append(fill, piece{w, slope})
	}
	s.pieces[0] = fill
	value, ups := o.upLost(s, t, room)
	downs := o.downs(s, t)
	f.begin(0, value)
	i, j, k := 0, 0, 0
	for i < len(fill) && f.x[len(f.x)-1] < room {
		w := min(fill[i].width, ups[j].width, downs[k].width)
		f.extend(min(room, f.x[len(f.x)-1]+w), fill[i].slope+ups[j].slope+downs[k].slope)
		i += cut(fill, i, w)
		j += cut(ups, j, w)
		k += cut(downs, k, w)
	}
}

// cut takes a width off a piece and says whether that ends it.
func cut(p []piece, i int, width float64) int {
	if p[i].width <= width {
		return 1
	}
	p[i].width -= width
	return 0
}

// upLost returns what up reserve earns at no power above minimum (negative), and
// what of it is lost as power takes the room: first room that nothing needs, then
// the least dear.
func (o *thermalOracle) upLost(s *thermalScratch, t int, room float64) (value float64, lost []piece) {
	lost = s.pieces[1][:0]
	left := room
	order := o.byReward(s, t, true)
	for _, i := range order {
		give := min(o.offers[i].most, left)
		left -= give
		c := s.cost[o.offers[i].col+t]
		value += c * give
		lost = append(lost, piece{give, -c})
	}
	lost = append(lost, piece{left, 0})
	for i, j := 0, len(lost)-1; i < j; i, j = i+1, j-1 {
		lost[i], lost[j] = lost[j], lost[i]
	}
	lost = append(lost, piece{inf, 0}) // beyond the room, never reached
	s.pieces[1] = lost
	return value, lost
}

// downs returns what down reserve costs as power makes room for it.
func (o *thermalOracle) downs(s *thermalScratch, t int) []piece {
	out := s.pieces[2][:0]
	for _, i := range o.byReward(s, t, false) {
		out = append(out, piece{o.offers[i].most, s.cost[o.offers[i].col+t]})
	}
	out = append(out, piece{inf, 0})
	s.pieces[2] = out
	return out
}

// byReward lists the offers of one direction that earn something in period t,
// the dearest first.
func (o *thermalOracle) byReward(s *thermalScratch, t int, up bool) []int {
	order := s.order[:0]
	for i := range o.offers {
		c := s.cost[o.offers[i].col+t]
		if o.offers[i].up != up || c >= 0 {
			continue
		}
		j := len(order)
		order = append(order, i)
		for ; j > 0 && c < s.cost[o.offers[order[j-1]].col+t]; j-- {
			order[j] = order[j-1]
		}
		order[j] = i
	}
	s.order = order
	return order
}
