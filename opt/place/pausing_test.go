package place

import (
	"math"
	"math/rand/v2"
	"testing"
)

// pausingAlone is the market of one pool for one malleable job whose pauses count, at prices of a unit
// through each period.
func pausingAlone(j *Job, o Option, hours, room, price []float64) *market {
	j.Shape, j.PausesCount, j.End = Malleable, true, int32(len(hours))
	p := &Problem{
		Hours: hours, Widths: [][]Width{{{1, 1}, {2, 1.8}, {4, 2.5}}}, Jobs: []Job{*j},
		Pools: []Pool{{CapacityUnits: room}}, Reach: [][]Option{{o}},
	}
	prices, mu := NewPrices(p), NewMultipliers(p)
	for t, v := range price {
		if v < 0 {
			prices.Busy[t] = v
		} else {
			prices.Held[t] = v
		}
	}
	return marketAt(p, newSeating(p), &prices, &mu)
}

// askPausing asks for the place of the job, and returns what it costs at the least, by enumeration.
func askPausing(t *testing.T, m *market, j *Job) (a *asker, want float64, exact bool) {
	t.Helper()
	a = newAsker(m)
	a.bounds = true
	a.ask(j, None)
	want = min(j.DropPrice, enumerateWidths(m, j, m.p.Reach[0][0]))
	return a, want, checkMalleable(t, m, j, a, want)
}

// TestPausing: jobs whose pauses count, in a day of dear and cheap periods, of power that costs nothing, or that is
// paid for, are answered as by enumeration, nearly all, and what bounds say of them is near, late or not.
func TestPausing(t *testing.T) {
	days := map[string]func(r *rand.Rand) float64{
		"dear and cheap": func(r *rand.Rand) float64 { return float64(1 + 9*r.IntN(2) + r.IntN(3)) },
		"free":           func(*rand.Rand) float64 { return 0 },
		"paid for":       func(r *rand.Rand) float64 { return float64(r.IntN(8) - 9) },
		"of both signs":  func(r *rand.Rand) float64 { return float64(r.IntN(9) - 4) },
	}
	for name, price := range days {
		t.Run(name, func(t *testing.T) { pausingOn(t, price) })
	}
}

func pausingOn(t *testing.T, price func(r *rand.Rand) float64) {
	r := rand.New(rand.NewPCG(3, 5))
	cases := 600
	if testing.Short() {
		cases = 100
	}
	exact, paused, below, beyond, sum := 0, 0, 0.0, 0.0, 0.0
	for range cases {
		const T = 7
		hours, room, prices := make([]float64, T), make([]float64, T), make([]float64, T)
		for t := range T {
			hours[t], room[t], prices[t] = 1, []float64{0, 1, 3, 5, 5, 5}[r.IntN(6)], price(r)
		}
		j := Job{
			MaxInterruptions: r.Int32N(4), MoreInterruptions: r.IntN(5) == 0, LossH: []float64{0, 0.1, 0.25}[r.IntN(3)],
			WorkUnitH: 1 + 5*r.Float64(), DropPrice: 200, LatePricePerH: []float64{0, 1, 2, 50}[r.IntN(4)], DeadlineH: float64(2 + r.IntN(3)),
		}
		if j.MoreInterruptions {
			j.MaxInterruptions = T // more it cannot have
		}
		m := pausingAlone(&j, Option{Speed: 1, Now: r.IntN(4) == 0}, hours, room, prices)
		a, want, best := askPausing(t, m, &j)
		if best {
			exact++
		}
		if n := len(a.chosen); a.best.option != None && int(a.chosen[n-1].Period-a.chosen[0].Period) >= n {
			paused++
		}
		below, beyond, sum = below+want-a.low, beyond+a.best.cost-want, sum+math.Abs(want)
	}
	t.Logf("%d of %d exact, %d pause; places %.2g beyond, bounds %.2g below the optimum", exact, cases, paused, beyond/sum, below/sum)
	if exact < cases*17/20 || paused < cases/10 || beyond > 0.05*sum || below > 0.2*sum {
		t.Errorf("%d of %d exact, %d pause; places %.2g beyond, bounds %.2g below the optimum", exact, cases, paused, beyond/sum, below/sum)
	}
}

// TestPausingLate: where power costs nothing all of the bound is lateness. Work of 25 takes ten hours at the widest width,
// six of them late, at 10,000.
func TestPausingLate(t *testing.T) {
	const T = 24
	hours, room := make([]float64, T), make([]float64, T)
	for t := range T {
		hours[t], room[t] = 1, 5
	}
	j := Job{MaxInterruptions: 3, LossH: 0.25, WorkUnitH: 25, DropPrice: 1e6, LatePricePerH: 10000, DeadlineH: 4}
	m := pausingAlone(&j, Option{Speed: 1}, hours, room, make([]float64, T))
	a := newAsker(m)
	a.bounds = true
	if cost := a.ask(&j, None); math.Abs(cost-60000) > 1e-3 || a.low < 60000*(1-1e-6) || a.low > cost {
		t.Errorf("costs %g, bound %g, want 60000", cost, a.low)
	}
}

// TestPausingBetweenLongPeriods: a quarter hour and the second of two long periods are just enough, with a pause between
// that adds 1; either of the long ones alone is too much, and all three are. So are the sets that are best at prices of work.
func TestPausingBetweenLongPeriods(t *testing.T) {
	hours, room := []float64{0.25, 0.25, 2, 2}, []float64{2.5, 5, 1.5, 5}
	r := rand.New(rand.NewPCG(7, 9))
	for range 200 {
		price := make([]float64, len(hours))
		for t := range price {
			price[t] = 10 * r.Float64()
		}
		j := Job{Begin: 1, MaxInterruptions: 1, LossH: 1, WorkUnitH: 2.113, DropPrice: 200, LatePricePerH: 1, DeadlineH: 2}
		m := pausingAlone(&j, Option{Speed: 1.5}, hours, room, price)
		alone := j
		alone.First = 1 // as without input there is nothing to wait for
		want := enumerateWidths(m, &alone, m.p.Reach[0][0])
		if a := newAsker(m); math.Abs(a.ask(&j, None)-want) > 1e-6 {
			t.Errorf("at prices %v: costs %g, by enumeration %g", price, a.best.cost, want)
		}
	}
}
