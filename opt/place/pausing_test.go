package place

import (
	"math/rand/v2"
	"testing"
)

// TestPausing: jobs whose pauses count, in a day of dear and cheap periods, are answered as by
// enumeration, nearly all, and what bounds say of them is near.
func TestPausing(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	cases := 600
	if testing.Short() {
		cases = 100
	}
	exact, paused, below, beyond, sum := 0, 0, 0.0, 0.0, 0.0
	for range cases {
		const T = 7
		p := &Problem{Hours: make([]float64, T), Widths: [][]Width{{{1, 1}, {2, 1.8}, {4, 2.5}}}}
		room := make([]float64, T)
		for t := range T {
			p.Hours[t] = 1
			room[t] = []float64{0, 1, 3, 5, 5, 5}[r.IntN(6)]
		}
		p.Pools = []Pool{{CapacityUnits: room}}
		p.Reach = [][]Option{{{Speed: 1, Now: r.IntN(4) == 0}}}
		j := Job{
			Shape: Malleable, PausesCount: true, MaxInterruptions: r.Int32N(4), MoreInterruptions: r.IntN(5) == 0, LossH: []float64{0, 0.1, 0.25}[r.IntN(3)],
			WorkUnitH: 1 + 5*r.Float64(), DropPrice: 200, End: T, LatePricePerH: float64(r.IntN(3)), DeadlineH: 4,
		}
		if j.MoreInterruptions {
			j.MaxInterruptions = T // more it cannot have
		}
		p.Jobs = []Job{j}
		prices, mu := NewPrices(p), NewMultipliers(p)
		for t := range T {
			prices.Held[t] = float64(1 + 9*r.IntN(2) + r.IntN(3))
		}
		m := marketAt(p, newSeating(p), &prices, &mu)
		a := newAsker(m)
		a.bounds = true
		a.ask(&j, None)
		want := min(j.DropPrice, enumerateWidths(m, &j, p.Reach[0][0]))
		if checkMalleable(t, m, &j, a, want) {
			exact++
		}
		if n := len(a.chosen); a.best.option != None && int(a.chosen[n-1].Period-a.chosen[0].Period) >= n {
			paused++
		}
		below, beyond, sum = below+want-a.low, beyond+a.best.cost-want, sum+want
	}
	t.Logf("%d of %d exact, %d pause; places %.2g beyond, bounds %.2g below the optimum", exact, cases, paused, beyond/sum, below/sum)
	if exact < cases*9/10 || paused < cases/4 || beyond > 0.01*sum || below > 0.1*sum {
		t.Errorf("%d of %d exact, %d pause; places %.2g beyond, bounds %.2g below the optimum", exact, cases, paused, beyond/sum, below/sum)
	}
}
