package opt

import (
	"math"
	"testing"
)

// Numbers of others: 4/9 and 1/3 are textbook results for loads of 2 at 3 units and of 1
// at 2; the rest is the worked example that call centres learn the formula by (200 calls
// of 180 s an hour at 14 agents: 17.4 % wait, 88.8 % are answered within 20 s).
func TestWaitingPublished(t *testing.T) {
	for _, v := range []struct {
		units      int
		load, want float64
	}{
		{1, 0.3, 0.3}, {2, 1, 1.0 / 3}, {3, 2, 4.0 / 9}, {4, 3, 27.0 / 53}, {14, 10, 0.1741},
	} {
		if got := waiting(v.units, v.load); math.Abs(got-v.want) > 5e-5 {
			t.Errorf("C(%d, %g) = %.6f, want %.6f", v.units, v.load, got, v.want)
		}
	}
	if late := waiting(14, 10) * math.Exp(-4*20.0/180); math.Abs(1-late-0.8884) > 5e-5 {
		t.Errorf("%.4f of the calls are answered in time, want 0.8884", 1-late)
	}
}

// waitingBySum is C(c, a) by the definition: the probabilities of n requests in the
// system, summed up in logarithms.
func waitingBySum(c int, a float64) float64 {
	logs := make([]float64, c+1) // of a^n / n!
	for n := 1; n <= c; n++ {
		logs[n] = logs[n-1] + math.Log(a/float64(n))
	}
	busy := math.Exp(logs[c]) / (1 - a/float64(c)) // all units, and any queue
	rest := 0.0
	for n := range c {
		rest += math.Exp(logs[n])
	}
	return busy / (busy + rest)
}

func TestWaitingBySum(t *testing.T) {
	for _, c := range []int{1, 2, 3, 7, 20, 100, 400} {
		for _, share := range []float64{0.05, 0.5, 0.8, 0.95, 0.999} {
			a := share * float64(c)
			if got, want := waiting(c, a), waitingBySum(c, a); math.Abs(got-want) > 1e-9 {
				t.Errorf("C(%d, %g) = %.12g, by the sum %.12g", c, a, got, want)
			}
		}
	}
}

// queuesToTry have strict and loose percentiles, and limits from none to many times of
// service.
var queuesToTry = []*queue{
	newQueue(0.05, 0), newQueue(0.2, 1), newQueue(0.01, 3), newQueue(0.001, 0.2), newQueue(0.5, 0), newQueue(0.9, 0.5), newQueue(0.5, 30),
}

// A unit more bears more load than the last: without that the lines would not lie above
// the need. The greatest load keeps the promise, and a little more does not.
func TestBears(t *testing.T) {
	for _, q := range queuesToTry {
		before, step := 0.0, 0.0
		for c := 1; c <= 120; c++ {
			a := q.bears(c)
			if a-before < step-1e-9 {
				t.Errorf("late %g, limit %g: unit %d bears %g more, the last one %g", q.late, q.limit, c, a-before, step)
			}
			before, step = a, a-before
			late := func(a float64) float64 { return waitingBySum(c, a) * math.Exp(-(float64(c)-a)*q.limit) }
			if late(a) > q.late*(1+1e-6) || late(a*(1+1e-6)) < q.late*(1-1e-6) {
				t.Errorf("late %g, limit %g: %d units bear %g, where %g come late", q.late, q.limit, c, a, late(a))
			}
		}
	}
}

// The lines are nowhere below the need and not far above it: exact in small pools.
func TestNeedLines(t *testing.T) {
	for _, q := range queuesToTry {
		for _, most := range []float64{0.7, 1, 4, 60, 250} {
			lines := q.lines(most)
			if len(lines) > mostLines {
				t.Errorf("late %g, limit %g: %d lines", q.late, q.limit, len(lines))
			}
			within := needWithin * most
			if most >= 60 {
				within *= 2 // there may be no more lines
			}
			for c := 1; c <= int(most); c++ {
				load := q.bears(c)
				if held := lines[least(lines, load)].at(load); held < float64(c)*(1-1e-9) || held > float64(c)+within {
					t.Errorf("late %g, limit %g: the load of %d units takes %g by the lines of %g units", q.late, q.limit, c, held, most)
				}
			}
		}
	}
}
