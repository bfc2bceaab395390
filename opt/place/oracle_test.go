package place

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
)

// smallMarket is a random market of few periods, for one job: prices of any
// sign, rooms that are narrow or none, periods of different lengths.
func smallMarket(r *rand.Rand) *market {
	T := 1 + r.IntN(7)
	p := &Problem{Hours: make([]float64, T), Widths: [][]Width{{{1, 1}, {2, 1.8}, {4, 2.5}}}}
	uniform := r.IntN(2) == 0
	for t := range p.Hours {
		p.Hours[t] = []float64{0.25, 0.5, 1, 1}[r.IntN(4)]
		if uniform {
			p.Hours[t] = p.Hours[0]
		}
	}
	series := func(high float64) []float64 {
		v := make([]float64, T)
		for t := range v {
			v[t] = math.Floor(high * r.Float64())
			if r.IntN(3) > 0 {
				v[t] = high
			}
		}
		return v
	}
	for range 2 {
		p.Pools = append(p.Pools, Pool{CapacityUnits: series(5)})
	}
	for range 4 {
		p.Links = append(p.Links, Link{CapacityGB: series(4), LeadH: []float64{0, 0, 0.3, 1}[r.IntN(4)]})
	}
	var flows []Flow
	for range r.IntN(7) - 3 {
		flows = append(flows, Flow{GB: 0.1 + 4*r.Float64(), Out: r.IntN(2) == 0})
	}
	links := func(running bool) []int32 { // one for each flow, or at home, as input is where the job is running
		var out []int32
		for i, l := range r.Perm(len(p.Links))[:len(flows)] {
			if r.IntN(5) == 0 || running && !flows[i].Out {
				l = None
			}
			out = append(out, int32(l))
		}
		return out
	}
	now := r.IntN(4) == 0
	options := []Option{{Pool: 0, Links: links(now), Speed: 0.5 + r.Float64(), Now: now}, {Pool: 1, Links: links(false), Speed: 1}}
	few := options[:1+r.IntN(2)]
	anew := Option{Pool: 0, Links: links(false), Speed: options[0].Speed, Later: true}
	p.Jobs = []Job{{Flows: flows}}
	p.Reach = [][]Option{few, append(slices.Clone(few), anew)}
	prices, mu := NewPrices(p), NewMultipliers(p)
	for _, v := range [][]float64{prices.Held, prices.Busy, prices.GB, mu.Held, mu.GB} {
		for c := range v {
			v[c] = math.Floor(10 * r.Float64()) // ties are common
		}
	}
	if r.IntN(2) == 0 {
		for c := range prices.Busy {
			prices.Busy[c] -= 15 * r.Float64()
		}
	}
	return marketAt(p, newSeating(p), &prices, &mu)
}

func smallJob(r *rand.Rand, p *Problem) Job {
	T := len(p.Hours)
	j := Job{
		Shape: Shape(r.IntN(5)), MaxInterruptions: r.Int32N(3), LossH: []float64{0, 0.25, 0.4}[r.IntN(3)], Units: []float64{0.5, 1, 2, 3}[r.IntN(4)],
		WorkUnitH: 0.1 + 3*r.Float64(), DropPrice: 60 * r.Float64(),
		First: int32(r.IntN(T)), DeadlineH: math.Inf(1),
	}
	if (j.Shape == Rigid || j.Shape == Moldable) && p.Reach[0][0].Now {
		j.Reach = r.Int32N(2)
	}
	if r.IntN(3) == 0 {
		j.WorkUnitH = math.Ceil(j.WorkUnitH) // ends that fall on ends of periods
	}
	j.End = j.First + int32(r.IntN(T-int(j.First)+1))
	j.Flows = p.Jobs[0].Flows
	if r.IntN(3) == 0 && int(j.End) == T {
		j.BacklogPricePerUnitH = 20 * r.Float64()
	}
	if j.Shape != Preemptible && r.IntN(3) == 0 {
		j.DoneUnitH = j.WorkUnitH * r.Float64()
	}
	if j.Shape == Moldable {
		j.NowUnits = p.Widths[0][r.IntN(3)].Units
	}
	if r.IntN(2) == 0 {
		j.LatePricePerH, j.DeadlineH = 10*r.Float64(), 3*r.Float64()
	}
	results := slices.ContainsFunc(j.Flows, func(f Flow) bool { return f.Out })
	if (j.Shape == Malleable || j.Shape == Preemptible) && results {
		j.BacklogPricePerUnitH = 0
	}
	if j.BacklogPricePerUnitH > 0 {
		horizon := 0.0
		for _, h := range p.Hours {
			horizon += h
		}
		j.DropPrice = min(j.DropPrice, j.WorkUnitH*j.BacklogPricePerUnitH+j.LatePricePerH*max(0, horizon-j.DeadlineH))
	}
	return j
}

// TestOracles compares every shape's answer with the enumeration of all places.
func TestOracles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	placed := map[Shape]int{}
	exact, exactPausing := 0, 0
	for n := range 20000 {
		m := smallMarket(r)
		j := smallJob(r, m.p)
		m.p.Jobs = []Job{j}
		a := newAsker(m)
		got := a.ask(&j, int32(r.IntN(3)-1))
		want := enumerate(m, &j)
		if j.Shape == Malleable {
			if checkMalleable(t, m, &j, a, want) {
				exact++
			}
			placed[j.Shape]++
			j.PausesCount, a.bounds = true, true
			m.p.Jobs = []Job{j}
			a.ask(&j, None)
			pausing := j.DropPrice
			for _, o := range m.p.Reach[j.Reach] {
				pausing = min(pausing, enumerateWidths(m, &j, o))
			}
			if checkMalleable(t, m, &j, a, pausing) {
				exactPausing++
			}
			continue
		}
		if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
			t.Fatalf("case %d: job %+v costs %g, by enumeration %g; %+v", n, j, got, want, a.best)
		}
		var x proposal
		a.compose(&j, &x)
		if at := m.costAt(&j, &x.place); math.Abs(at-want) > 1e-6*(1+math.Abs(want)) {
			t.Fatalf("case %d: job %+v at %+v costs %g, want %g", n, j, x.place, at, want)
		}
		if x.place.Dropped() {
			continue
		}
		placed[j.Shape]++
		if j.Shape == Gang {
			a.bounds = true
			// Where it moves at will, low knows of all that it can do at one place.
			roams := j
			roams.Roams = 1
			if a.ask(&roams, None); a.low > got+1e-6 {
				t.Fatalf("case %d: job %+v costs %g, low where it roams is %g", n, j, got, a.low)
			}
			// Where it may have more interruptions than are tried, low knows of them.
			few, all := j, j
			few.MaxInterruptions, few.MoreInterruptions, all.MaxInterruptions = 0, true, int32(len(m.p.Hours))
			if a.ask(&few, None); a.low > enumerate(m, &all)+1e-6 {
				t.Fatalf("case %d: job %+v costs %g with more interruptions, low is %g", n, all, enumerate(m, &all), a.low)
			}
		}
		if replay(t, m.p, []Assignment{x.place}, capacityOf(m.p)); t.Failed() {
			t.Fatalf("case %d", n)
		}
	}
	if t.Logf("malleable: %d of %d exact", exact, placed[Malleable]); exact < placed[Malleable]*9/10 {
		t.Errorf("only %d of %d malleable jobs are answered exactly", exact, placed[Malleable])
	}
	t.Logf("where pauses count: %d of %d exact", exactPausing, placed[Malleable])
	if exactPausing < placed[Malleable]*9/10 {
		t.Errorf("only %d of %d malleable jobs whose pauses count are answered exactly", exactPausing, placed[Malleable])
	}
	for s := Rigid; s <= Gang; s++ {
		if placed[s] < 500 {
			t.Errorf("only %d jobs of shape %d are placed", placed[s], s)
		}
	}
}

// enumerate returns the least cost of all places of the job: of rigid and
// moldable ones, all starts; of preemptible ones, all sets of periods at full
// width with one more in part, which hold an optimum as the costs of a set are
// linear.
func enumerate(m *market, j *Job) float64 {
	p := m.p
	best := j.DropPrice
	hours := func(from, to int) float64 {
		sum := 0.0
		for t := from; t < to; t++ {
			sum += p.Hours[t]
		}
		return sum
	}
	lateness := func(end int) float64 { return j.LatePricePerH * max(0, hours(0, end)-j.DeadlineH) }
	mayLeave := j.BacklogPricePerUnitH > 0 && int(j.End) == len(p.Hours)
	for _, o := range p.Reach[j.Reach] {
		q := &m.pools[o.Pool]
		work := j.WorkUnitH
		if o.Now && (j.Shape == Rigid || j.Shape == Moldable) {
			work -= j.DoneUnitH
		}
		arrive := func(s int) float64 { return cheapestInput(m, j, o.Links, s) }
		late := func(end int) float64 { return lateness(end) + cheapestResults(m, j, o.Links, end) }
		if j.Shape == Gang {
			best = min(best, enumerateRuns(m, j, o))
			continue
		}
		if j.Shape == Malleable {
			best = min(best, enumerateWidths(m, j, o))
			continue
		}
		if j.Shape == Preemptible {
			n := int(j.End - j.First)
			for set := range 1 << n {
				for part := -1; part < n; part++ {
					if part >= 0 && set>>part&1 == 1 {
						continue
					}
					left, cost, first, last := work/o.Speed, 0.0, -1, -1
					use := func(k int, unitH float64) {
						if unitH <= 1e-12 {
							return
						}
						t := int(j.First) + k
						left -= unitH
						cost += unitH / p.Hours[t] * q.both[t]
						if first < 0 || t < first {
							first = t
						}
						last = max(last, t)
					}
					most := func(k int) float64 {
						t := int(j.First) + k
						return min(j.Units, q.room[t]) * p.Hours[t]
					}
					for k := range n {
						if set>>k&1 == 1 {
							use(k, most(k))
						}
					}
					if part >= 0 && left > 0 && left <= most(part)+1e-9 {
						use(part, left)
					}
					if math.Abs(left) < 1e-8 && first >= 0 {
						best = min(best, cost+arrive(first)+late(last+1))
					} else if mayLeave && left > 0 && first >= 0 {
						best = min(best, cost+arrive(first)+lateness(len(p.Hours))+left*o.Speed*j.BacklogPricePerUnitH)
					}
				}
			}
			continue
		}
		widths := []Width{{j.Units, j.Units}}
		if j.Shape == Moldable {
			widths = p.Widths[j.Widths]
		}
		for _, w := range widths {
			need, runs := work/w.Rate/o.Speed, j.Shape == Rigid || w.Units == j.NowUnits
			for s := int(j.First); s < int(j.End); s++ {
				if o.Now && (s > int(j.First) || !runs) {
					break
				}
				if o.Later && s == int(j.First) && runs {
					continue
				}
				e := s + 1
				for e <= int(j.End) && hours(s, e) < need-1e-9 {
					e++
				}
				left := 0.0
				if e > int(j.End) {
					if !mayLeave {
						continue
					}
					e = int(j.End)
					left = work - hours(s, e)*w.Rate*o.Speed
				}
				cost, fits := arrive(s)+late(e), true
				if left > 0 {
					cost = arrive(s) + lateness(e) + left*j.BacklogPricePerUnitH
				}
				for t := s; t < e; t++ {
					fits = fits && q.room[t] >= w.Units
					share := 1.0
					if t == e-1 {
						share = min(1, (need-hours(s, t))/p.Hours[t])
					}
					cost += w.Units * (q.both[t] - q.busy[t] + share*q.busy[t])
				}
				if fits {
					best = min(best, cost)
				}
			}
		}
	}
	return best
}

// cheapestInput is the least cost of all input over its links, to be there in period s.
func cheapestInput(m *market, j *Job, links []int32, s int) float64 {
	begin, cost := m.starts[s], 0.0
	for i, link := range links {
		if f := j.Flows[i]; link != None && !f.Out {
			var periods []int
			for t := int(j.First); t < s; t++ {
				if m.starts[t+1]+m.p.Links[link].LeadH <= begin+1e-9 {
					periods = append(periods, t)
				}
			}
			cost += cheapestWay(&m.links[link], f.GB, periods)
		}
	}
	return cost
}

// cheapestResults is the least cost of sending all results in the periods from end on.
func cheapestResults(m *market, j *Job, links []int32, end int) float64 {
	cost := 0.0
	for i, link := range links {
		if f := j.Flows[i]; link != None && f.Out {
			var periods []int
			for t := end; t < len(m.p.Hours); t++ {
				periods = append(periods, t)
			}
			cost += cheapestWay(&m.links[link], f.GB, periods)
		}
	}
	return cost
}

// cheapestWay is the least cost of so many GB in some periods.
func cheapestWay(l *linkMarket, gb float64, periods []int) float64 {
	sort.Slice(periods, func(a, b int) bool { return l.price[periods[a]] < l.price[periods[b]] })
	left, cost := gb, 0.0
	for _, t := range periods {
		part := min(left, l.room[t])
		left -= part
		cost += part * l.price[t]
	}
	if left > 1e-9*gb {
		return math.Inf(1)
	}
	return cost
}
