package verify

import "math"

// staffing tells how many units a class with a queue needs for a load in pools of
// one speed: an M/M/c queue, whose requests wait longer than the limit with
//
//	P = C(c, a) * exp(-(c - a) * patience)
//
// for a units busy of c held, where patience is the limit in mean service times and
// C(c, a) = B / (1 - (a/c) * (1 - B)) is Erlang's probability of delay, with his
// probability of loss B by the recursion B(c) = a B(c-1) / (c + a B(c-1)), B(0) = 1
// (A. K. Erlang 1917).
type staffing struct {
	patience, allowed float64
	bears             map[int]float64 // by units held: the most that may be busy
}

// maxStaff is the largest number of units that staffing counts one by one. The
// headroom that a larger load needs is below a thousandth of it; it is left out.
const maxStaff = 1_000_000

func newStaffing(serviceMS, limitMS, percentile, speed float64) *staffing {
	return &staffing{patience: limitMS * speed / serviceMS, allowed: 1 - percentile, bears: map[int]float64{}}
}

// late is the share of requests that wait longer than the limit with c units, from
// their probability of loss.
func (s *staffing) late(c int, a, loss float64) float64 {
	free := float64(c) - a
	if free <= 0 {
		return 1
	}
	delay := loss / (1 - a/float64(c)*(1-loss))
	return delay * math.Exp(-free*s.patience)
}

func loss(c int, a float64) float64 {
	b := 1.0
	for n := 1; n <= c; n++ {
		b = a * b / (float64(n) + a*b)
	}
	return b
}

// most is the greatest load that c units bear, by bisection: the more is busy, the
// more wait.
func (s *staffing) most(c int) float64 {
	if a, ok := s.bears[c]; ok {
		return a
	}
	low, high := 0.0, float64(c)
	for range 60 {
		a := (low + high) / 2
		if s.late(c, a, loss(c, a)) <= s.allowed {
			low = a
		} else {
			high = a
		}
	}
	s.bears[c] = low
	return low
}

// need returns the units held that a load needs: whole numbers of units at the
// loads that they just bear, and on the straight lines between.
func (s *staffing) need(a float64) float64 {
	if !(a > 0) || a > maxStaff {
		return max(0, a)
	}
	c, b := 0, 1.0
	for bears := false; !bears; {
		c++
		b = a * b / (float64(c) + a*b)
		bears = s.late(c, a, b) <= s.allowed
	}
	below, above := s.most(c-1), s.most(c)
	if above <= below {
		return float64(c)
	}
	return float64(c-1) + min(1, max(0, (a-below)/(above-below)))
}
