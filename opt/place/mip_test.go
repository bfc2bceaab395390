package place

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/engines"
)

// optimum solves a small instance as one mixed-integer program: a binary for
// every start of a rigid or moldable job, and for the first and the last period
// of work of a preemptible one. It returns bounds on the optimum.
func optimum(t *testing.T, p *Problem, s *supply) (low, high float64) {
	t.Helper()
	T := len(p.Hours)
	b := &solver.Builder{}
	inf := math.Inf(1)
	begin := make([]float64, T+1)
	for k, h := range p.Hours {
		begin[k+1] = begin[k] + h
	}
	balance := make([]solver.Row, len(s.steps)) // supply - draw >= fixed load
	for c := range balance {
		balance[c] = b.Row(s.base[c/T][c%T], inf)
		for _, st := range s.steps[c] {
			b.Add(balance[c], b.Col(0, st.mw, p.Hours[c%T]*st.cost, solver.Continuous), 1)
		}
	}
	rows := func(n int, limit func(c int) float64) []solver.Row {
		out := make([]solver.Row, n)
		for c := range out {
			out[c] = b.Row(-inf, limit(c))
		}
		return out
	}
	held := rows(len(p.Pools)*T, func(c int) float64 { return p.Pools[c/T].CapacityUnits[c%T] })
	sent := rows(len(p.Links)*T, func(c int) float64 { return p.Links[c/T].CapacityGB[c%T] })
	quota := rows(len(p.Quotas)*T, func(c int) float64 {
		if most := p.Quotas[c/T].MaxUnits; most != nil {
			return most[c%T]
		}
		return inf
	})
	unitH := rows(len(p.Quotas), func(q int) float64 { return p.Quotas[q].MaxUnitH })
	var job *Job
	use := func(q, k int, c solver.Col, units, busy float64) {
		base := q
		if p.Pools[q].Base > 0 {
			base = int(p.Pools[q].Base) - 1
		}
		b.Add(held[base*T+k], c, units)
		for i := range p.Quotas {
			if of := &p.Quotas[i]; job.Owner > 0 && slices.Contains(p.Owners[job.Owner-1], int32(i)) && (of.Pools == nil || of.Pools[q]) {
				b.Add(quota[i*T+k], c, units)
				b.Add(unitH[i], c, units*p.Hours[k])
			}
		}
		b.Add(balance[s.zone[q]*T+k], c, -s.heldMW[q]*units-s.unitMW[q]*busy)
	}
	// there[k][t]: copies that are there by period t less jobs that begin by then are not
	// negative, for each job.
	there := make([][]solver.Col, len(p.Copies))
	for k := range p.Copies {
		c := &p.Copies[k]
		once := b.Row(-inf, 1)
		stock := rows(T, func(int) float64 { return 0 }) // what is whole by t less what has come
		for range T {
			there[k] = append(there[k], b.Col(0, 1, 0, solver.Integer))
		}
		for t := range T {
			for later := t; later < T; later++ {
				b.Add(stock[later], there[k][t], c.GB)
			}
		}
		for _, l := range c.Links {
			made, all := b.Col(0, 1, 0, solver.Integer), b.Row(0, 0)
			b.Add(once, made, 1)
			b.Add(all, made, -c.GB)
			for t := range T {
				x := b.Col(0, inf, s.gbPrice[l], solver.Continuous)
				b.Add(all, x, 1)
				b.Add(sent[int(l)*T+t], x, 1)
				for later := t + 1; later < T; later++ {
					if begin[t+1]+p.Links[l].LeadH <= begin[later]+1e-9 {
						b.Add(stock[later], x, -1)
					}
				}
			}
		}
	}
	program := tiedProgram{b: b, p: p, begin: begin, begins: make([][]event, len(p.Jobs)), ends: make([][]event, len(p.Jobs))}
	for i := range p.Jobs {
		j := &p.Jobs[i]
		job = j
		one := b.Row(1, 1)
		out := b.Col(0, 1, j.DropPrice, solver.Integer)
		b.Add(one, out, 1)
		program.dropped = append(program.dropped, out)
		late := func(end int) float64 { return j.LatePricePerH * max(0, begin[end]-j.DeadlineH) }
		for _, o := range p.Reach[j.Reach] {
			q := int(o.Pool)
			// Of input, what is there by period k, less that of what begins by then, is
			// not negative; of results, what ends by k less what is sent before k+1 is
			// not, and at last all is sent.
			var begun, ended []func(c solver.Col, k int)
			for i, link := range o.Links {
				f := j.Flows[i]
				if link == None {
					continue
				}
				stock := make([]solver.Row, T)
				for k := range stock {
					stock[k] = b.Row(0, inf)
				}
				all := b.Row(0, 0)
				for k := int(j.First); k < T; k++ {
					c := b.Col(0, inf, s.gbPrice[link], solver.Continuous)
					b.Add(sent[int(link)*T+k], c, 1)
					for later := range T {
						switch in := later > k && begin[k+1]+p.Links[link].LeadH <= begin[later]+1e-9; {
						case f.Out && later >= k:
							b.Add(stock[later], c, -1)
						case !f.Out && in:
							b.Add(stock[later], c, 1)
						}
					}
					if f.Out {
						b.Add(all, c, -1)
					}
				}
				if f.Out {
					ended = append(ended, func(c solver.Col, k int) {
						for later := k; later < T; later++ {
							b.Add(stock[later], c, f.GB)
						}
						b.Add(all, c, f.GB)
					})
					continue
				}
				begun = append(begun, func(c solver.Col, k int) {
					for later := k; later < T; later++ {
						b.Add(stock[later], c, -f.GB)
					}
				})
			}
			for _, k := range o.Copies {
				waits := rows(T, func(int) float64 { return 0 })
				for t := range T {
					for later := t; later < T; later++ {
						b.Add(waits[later], there[k][t], -1)
					}
				}
				begun = append(begun, func(c solver.Col, k int) {
					for later := k; later < T; later++ {
						b.Add(waits[later], c, 1)
					}
				})
			}
			begins := func(c solver.Col, k int) {
				program.begins[i] = append(program.begins[i], event{k, o.Pool, c})
				for _, f := range begun {
					f(c, k)
				}
			}
			ends := func(c solver.Col, k int) {
				program.ends[i] = append(program.ends[i], event{k, o.Pool, c})
				for _, f := range ended {
					f(c, k)
				}
			}
			if j.Shape == Preemptible || j.Shape == Malleable {
				need := j.WorkUnitH / o.Speed
				work, once := b.Row(0, 0), b.Row(0, 0)
				var first, last, on []solver.Col
				for k := int(j.First); k < int(j.End); k++ {
					a := b.Col(0, 1, 0, solver.Integer)
					b.Add(one, a, 1)
					b.Add(work, a, -need)
					b.Add(once, a, 1)
					begins(a, k)
					f := b.Col(0, 1, late(k+1), solver.Integer)
					b.Add(once, f, -1)
					ends(f, k+1)
					first, last = append(first, a), append(last, f)
				}
				for n := range first {
					k := int(j.First) + n
					begun, going := b.Row(-inf, 0), b.Row(-inf, 0)
					x := b.Col(0, 1, 0, solver.Continuous) // share of the units, or at the narrowest width
					b.Add(begun, x, 1)
					b.Add(going, x, 1)
					for m := range first {
						if m <= n {
							b.Add(begun, first[m], -1)
						}
						if m >= n {
							b.Add(going, last[m], -1)
						}
					}
					if j.Shape == Preemptible {
						b.Add(work, x, j.Units*p.Hours[k])
						use(q, k, x, j.Units, j.Units)
						continue
					}
					narrow := b.Col(0, 1, 0, solver.Integer)
					on = append(on, narrow)
					whole := b.Row(0, 0)
					b.Add(whole, x, 1)
					b.Add(whole, narrow, -1)
					before := Width{}
					for i, w := range p.Widths[j.Widths] {
						y := x
						if i > 0 {
							y = b.Col(0, 1, 0, solver.Continuous)
							wider := b.Row(-inf, 0)
							b.Add(wider, y, 1)
							b.Add(wider, x, -1)
						}
						b.Add(work, y, (w.Rate-before.Rate)*p.Hours[k])
						use(q, k, y, w.Units-before.Units, w.Units-before.Units)
						before = w
					}
				}
				if j.PausesCount {
					countPauses(b, work, first, on, float64(j.MaxInterruptions), j.LossH*p.Widths[j.Widths][0].Rate)
				}
				continue
			}
			widths := []Width{{j.Units, j.Units}}
			if j.Shape == Moldable {
				widths = p.Widths[j.Widths]
			}
			for _, w := range widths {
				need := j.WorkUnitH / w.Rate / o.Speed
				for k := int(j.First); k < int(j.End); k++ {
					e := k + 1
					for e <= int(j.End) && begin[e]-begin[k] < need-1e-9 {
						e++
					}
					if e > int(j.End) {
						break
					}
					c := b.Col(0, 1, late(e), solver.Integer)
					b.Add(one, c, 1)
					begins(c, k)
					ends(c, e)
					for n := k; n < e; n++ {
						share := min(1, (need-(begin[n]-begin[k]))/p.Hours[n])
						use(q, n, c, w.Units, w.Units*share)
					}
				}
			}
		}
	}
	program.tie()
	e, err := engines.Open("highs", "")
	if err != nil {
		t.Skipf("no engine: %v", err)
	}
	r, err := e.Solve(context.Background(), b.Build(), solver.Options{RelGap: 1e-7})
	if err != nil || r.Status != solver.Optimal {
		t.Fatalf("%v, %v", r, err)
	}
	return r.Bound, r.Objective
}

// countPauses limits the pauses of a job that works in the periods that are on, and adds what each
// loses to its work. A run starts exactly where a period is on and the one before is not.
func countPauses(b *solver.Builder, work solver.Row, first, on []solver.Col, most, loss float64) {
	inf := math.Inf(1)
	count := b.Row(-inf, most) // runs less one
	for n := range on {
		start := b.Col(0, 1, 0, solver.Continuous)
		b.Add(count, start, 1)
		b.Add(count, first[n], -1)
		b.Add(work, start, -loss)
		b.Add(work, first[n], loss)
		needed, here := b.Row(0, inf), b.Row(-inf, 0)
		b.Add(needed, start, 1)
		b.Add(needed, on[n], -1)
		b.Add(here, start, 1)
		b.Add(here, on[n], -1)
		if n > 0 {
			b.Add(needed, on[n-1], 1)
			anew := b.Row(-inf, 1)
			b.Add(anew, start, 1)
			b.Add(anew, on[n-1], 1)
		}
	}
}

// event is a column that is 1 where a job begins, or ends, in a pool at a boundary of
// periods.
type event struct {
	at   int
	pool int32
	col  solver.Col
}

// tiedProgram adds ties to a program.
type tiedProgram struct {
	b            *solver.Builder
	p            *Problem
	begin        []float64
	dropped      []solver.Col // by job
	begins, ends [][]event
}

func (m *tiedProgram) tie() {
	inf := math.Inf(1)
	for _, e := range m.p.Precedences {
		for t := range m.p.Hours { // begun by t <= ended, with the lag, by t
			row := m.b.Row(-inf, 0)
			for _, x := range m.begins[e.After] {
				if x.at <= t {
					m.b.Add(row, x.col, 1)
				}
			}
			for _, x := range m.ends[e.Before] {
				if m.begin[x.at]+e.LagH <= m.begin[t]+1e-9 {
					m.b.Add(row, x.col, -1)
				}
			}
		}
	}
	for i := range m.p.Groups {
		g := &m.p.Groups[i]
		one := m.b.Row(-inf, 1)
		here := make(map[int32]solver.Col)
		for q := range m.p.Pools {
			if g.Together != nil {
				at := g.Together[q]
				if _, known := here[at]; !known {
					here[at] = m.b.Col(0, 1, 0, solver.Integer)
					m.b.Add(one, here[at], 1)
				}
				for _, k := range g.Jobs {
					for _, x := range m.begins[k] {
						if int(x.pool) == q {
							row := m.b.Row(-inf, 0)
							m.b.Add(row, x.col, 1)
							m.b.Add(row, here[at], -1)
						}
					}
				}
			}
		}
		if g.Apart != nil {
			for _, at := range g.Apart {
				row := m.b.Row(-inf, float64(g.MaxPer))
				for _, k := range g.Jobs {
					for _, x := range m.begins[k] {
						if g.Apart[x.pool] == at {
							m.b.Add(row, x.col, 1)
						}
					}
				}
			}
		}
		for _, a := range g.Jobs {
			for _, c := range g.Jobs {
				for t := range m.begin { // where a ends at t, c does not end so much later
					row := m.b.Row(-inf, 1)
					for _, x := range m.ends[a] {
						if x.at == t {
							m.b.Add(row, x.col, 1)
						}
					}
					for _, x := range m.ends[c] {
						if m.begin[x.at] > m.begin[t]+g.FinishWithinH+1e-9 {
							m.b.Add(row, x.col, 1)
						}
					}
				}
				if g.AllOrNone {
					row := m.b.Row(0, 0)
					m.b.Add(row, m.dropped[a], 1)
					m.b.Add(row, m.dropped[c], -1)
				}
			}
		}
	}
}

// placedAndReplayed places the jobs, replays their places, and says what computing costs.
func placedAndReplayed(t *testing.T, p *Problem, power *supply) (r *Result, computing float64) {
	t.Helper()
	r, err := Place(context.Background(), p, power, Options{Passes: 60})
	if err != nil {
		t.Fatal(err)
	}
	replay(t, p, r.Places, capacityOf(p))
	replayCopies(t, p, r)
	none := NewUse(p)
	return r, r.Cost - power.Cost(&none)
}

// TestTiesAgainstEngine: with ties, bound <= optimum <= cost.
func TestTiesAgainstEngine(t *testing.T) {
	sum := 0.0
	const seeds = 18
	for seed := range uint64(seeds) {
		g := recipe{jobs: 9, periods: 10, sites: 2, seed: 100 + seed, utilisation: 0.4, widest: 0.6, links: 3, preemptible: 0.3, moldable: 0.2, malleable: 0.2, ties: true, hands: seed%3 == 2}
		p, power := g.make()     // the engine hands no data over, which costs no more
		for l := range p.Links { // input of jobs that wait for others is on its way meanwhile
			p.Links[l].LeadH = 2 * float64(seed%3)
		}
		low, high := optimum(t, p, power)
		r, computing := placedAndReplayed(t, p, power)
		off := (r.Cost - high) / computing
		sum += off
		t.Logf("seed %d: %d of %d dropped, bound %.0f, optimum %.0f, cost %.0f, off %.3f %% of computing's %.0f", seed, r.Dropped, len(p.Jobs), r.Bound, high, r.Cost, 100*off, computing)
		if r.Bound > high*(1+1e-7) || r.Cost < low*(1-1e-7) {
			t.Errorf("seed %d: bound %g, optimum %g to %g, cost %g", seed, r.Bound, low, high, r.Cost)
		}
	}
	if mean := sum / seeds; mean > 0.05 {
		t.Errorf("costs are %.3f of computing's part above the optimum on average", mean)
	}
}

// TestCopiesAgainstEngine: with datasets that are copied, bound <= optimum <= cost.
func TestCopiesAgainstEngine(t *testing.T) {
	sum, made := 0.0, 0
	const seeds = 24
	for seed := range uint64(seeds) {
		g := recipe{jobs: 9, periods: 10, sites: 2 + int(seed%2), seed: 300 + seed, utilisation: 0.4, widest: 0.6, links: 3, preemptible: 0.3, moldable: 0.2, malleable: 0.2, datasets: true, ties: seed%4 == 3}
		p, power := g.make()
		for l := range p.Links {
			p.Links[l].LeadH = 2 * float64(seed%3)
			power.gbPrice[l] *= 0.2
		}
		low, high := optimum(t, p, power)
		r, computing := placedAndReplayed(t, p, power)
		off, copies := (r.Cost-high)/computing, 0
		for k := range r.Copies {
			if r.Copies[k].Made() {
				copies++
			}
		}
		sum, made = sum+off, made+copies
		t.Logf("seed %d: %d of %d dropped, %d copies, bound %.0f, optimum %.0f, cost %.0f, off %.3f %% of computing's %.0f", seed, r.Dropped, len(p.Jobs), copies, r.Bound, high, r.Cost, 100*off, computing)
		if r.Bound > high*(1+1e-7) || r.Cost < low*(1-1e-7) {
			t.Errorf("seed %d: bound %g, optimum %g to %g, cost %g", seed, r.Bound, low, high, r.Cost)
		}
	}
	if mean := sum / seeds; mean > 0.05 || made < 5 {
		t.Errorf("costs are %.3f of computing's part above the optimum on average, with %d copies", mean, made)
	}
}

// TestPausingAgainstEngine: with malleable jobs of which half count their pauses, bound <= optimum <= cost.
func TestPausingAgainstEngine(t *testing.T) {
	sum, paused := 0.0, 0
	const seeds = 16
	for seed := range uint64(seeds) {
		g := recipe{jobs: 6, periods: 10, sites: 2, seed: 600 + seed, utilisation: 0.4, widest: 0.3, links: 3, malleable: 0.8, pausing: true, uneven: seed%2 == 1}
		p, power := g.make()
		low, high := optimum(t, p, power)
		r, computing := placedAndReplayed(t, p, power)
		off := (r.Cost - high) / computing
		sum += off
		for i := range r.Places {
			if x := &r.Places[i]; p.Jobs[i].PausesCount && int(x.End-x.First) > len(x.Work) {
				paused++
			}
		}
		t.Logf("seed %d: %d of %d dropped, bound %.0f, optimum %.0f, cost %.0f, off %.3f %% of computing's %.0f", seed, r.Dropped, len(p.Jobs), r.Bound, high, r.Cost, 100*off, computing)
		if r.Bound > high*(1+1e-7) || r.Cost < low*(1-1e-7) {
			t.Errorf("seed %d: bound %g, optimum %g to %g, cost %g", seed, r.Bound, low, high, r.Cost)
		}
	}
	mean := sum / seeds
	if t.Logf("costs are %.3f of computing's part above the optimum on average, %d jobs pause", mean, paused); mean > 0.05 || paused < 2 {
		t.Errorf("costs are %.3f of computing's part above the optimum on average, %d jobs pause", mean, paused)
	}
}

// replayCopies checks from the data alone that copies come whole and in time, and that the
// account adds up.
func replayCopies(t *testing.T, p *Problem, r *Result) {
	t.Helper()
	begin := make([]float64, len(p.Hours)+1)
	for k, h := range p.Hours {
		begin[k+1] = begin[k] + h
	}
	for k := range r.Copies {
		d, gb := &r.Copies[k], 0.0
		for _, x := range d.Data {
			if gb += x.GB; !slices.Contains(p.Copies[k].Links, x.Link) || x.Link != d.Data[0].Link || begin[x.Period+1]+p.Links[x.Link].LeadH > begin[d.Ready]+1e-9 {
				t.Errorf("copy %d ready in period %d: %+v", k, d.Ready, x)
			}
		}
		if want := p.Copies[k].GB; d.Made() && math.Abs(gb-want) > 1e-7*want {
			t.Errorf("copy %d: %g GB of %g", k, gb, want)
		}
	}
	use := NewUse(p)
	for k := range r.Copies {
		use.AddData(r.Copies[k].Data, len(p.Hours))
	}
	for i := range r.Places {
		x := &r.Places[i]
		use.Add(x, len(p.Hours))
		for _, k := range p.copiesAt(&p.Jobs[i], x) {
			if d := &r.Copies[k]; !d.Made() || d.Ready > x.First {
				t.Errorf("job %d begins in period %d, copy %d: %+v", i, x.First, k, *d)
			}
		}
	}
	for c, most := range use.GB {
		if gb := p.Links[c/len(p.Hours)].CapacityGB[c%len(p.Hours)]; most > gb*(1+1e-7)+1e-9 {
			t.Errorf("link %d carries %g GB in period %d, has %g", c/len(p.Hours), most, c%len(p.Hours), gb)
		}
	}
	if total := r.Bound + r.Account.Total() + r.PowerGap; !math.IsInf(r.Bound, 0) && math.Abs(total-r.Cost) > 1e-6*r.Cost {
		t.Errorf("the account adds up to %g, the cost is %g", total, r.Cost)
	}
}

// TestSmallAgainstEngine: bound <= optimum <= cost, and the cost is near; with quotas and
// power levels too.
func TestSmallAgainstEngine(t *testing.T) {
	worst, sum, count := 0.0, 0.0, 0
	for seed := range uint64(15) {
		g := recipe{jobs: 8, periods: 10, sites: 2, seed: seed, utilisation: 0.6, widest: 0.6, links: 1.5, preemptible: 0.3, moldable: 0.2, malleable: 0.2, uneven: seed%2 == 1}
		g.quotas, g.levels, g.results = seed >= 5 && seed != 8 && seed < 13, seed >= 8 && seed < 13, seed >= 11
		p, power := g.make()
		low, high := optimum(t, p, power)
		r, computing := placedAndReplayed(t, p, power)
		off := (r.Cost - high) / computing
		name := fmt.Sprintf("seed %d: %d of %d dropped, bound %.4f, optimum %.4f to %.4f, cost %.4f, off %.3f %% of computing's %.1f", seed, r.Dropped, len(p.Jobs), r.Bound, low, high, r.Cost, 100*off, computing)
		t.Log(name)
		if r.Bound > high*(1+1e-7) || r.Cost < low*(1-1e-7) {
			t.Error(name)
		}
		worst, sum, count = max(worst, off), sum+off, count+1
	}
	if mean := sum / float64(count); mean > 0.03 {
		t.Errorf("costs are %.3f of computing's part above the optimum on average, %.3f at worst", mean, worst)
	}
}

// TestKept: jobs leave the part of quotas that is kept for others, and bounds do not know of it: they are
// no higher than the optimum with all of the quotas.
func TestKept(t *testing.T) {
	dearer := 0
	for seed := range uint64(6) {
		g := recipe{jobs: 8, periods: 10, sites: 2, seed: 50 + seed, utilisation: 0.6, widest: 0.3, links: 1.5, preemptible: 0.3, moldable: 0.2, malleable: 0.2, quotas: true}
		p, power := g.make()
		_, high := optimum(t, p, power)
		all, _ := placedAndReplayed(t, p, power)
		for i := range p.Quotas {
			q := &p.Quotas[i]
			for _, v := range q.MaxUnits {
				q.KeptUnits = append(q.KeptUnits, 0.6*v)
			}
			if !math.IsInf(q.MaxUnitH, 1) {
				q.KeptUnitH = 0.6 * q.MaxUnitH
			}
		}
		some, _ := placedAndReplayed(t, p, power)
		if some.Bound > high*(1+1e-7) {
			t.Errorf("seed %d: bound %.6f, the optimum with all of the quotas is %.6f", seed, some.Bound, high)
		}
		if some.Cost > all.Cost*(1+1e-6) {
			dearer++
		}
	}
	if dearer == 0 {
		t.Error("to keep more than half of the quotas costs nothing")
	}
}
