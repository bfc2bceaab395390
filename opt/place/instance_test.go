package place

import (
	"math"
	"math/rand/v2"
)

// recipe of a random instance after the lab's: sites in zones with wind, solar
// and steps of supply; pools of two kinds; data links between all pairs; jobs
// with the lengths and widths of a cluster trace (many short and narrow, half
// of the work in the largest hundredth).
type recipe struct {
	jobs, periods, sites int
	seed                 uint64
	utilisation          float64 // work over capacity
	widest               float64 // widest gang, share of the smallest pool
	links                float64 // capacity of data links, 1: plenty on average
	preemptible          float64 // share of jobs
	moldable             float64
	malleable, gang      float64
	// pausing: half of the malleable jobs count their pauses.
	pausing bool
	uneven  bool // periods of different lengths
	// quotas: half of the jobs are of two owners; of one the units are limited in every
	// period, of the other the unit-hours.
	quotas bool
	// levels: every other pool runs on the modules of the one before.
	levels bool
	// ties: a third of the jobs wait for another, and a third are in groups of three.
	ties bool
	// hands: of jobs that wait most are handed data over.
	hands bool
	// results: half of the jobs send results home, and half have input from a second place.
	results bool
	// datasets: two thirds of the jobs read one of two datasets, which lie at the first and the
	// second site.
	datasets bool
}

func (g recipe) make() (*Problem, *supply) {
	r := rand.New(rand.NewPCG(g.seed, 77))
	uniform := func(a, b float64) float64 { return a + (b-a)*r.Float64() }
	T, S := g.periods, g.sites
	p := &Problem{Hours: make([]float64, T)}
	starts := make([]float64, T+1)
	for t := range p.Hours {
		p.Hours[t] = 24 / float64(T)
		if g.uneven {
			p.Hours[t] *= []float64{0.5, 1, 1, 1.5}[r.IntN(4)]
		}
		starts[t+1] = starts[t] + p.Hours[t]
	}
	horizon := starts[T]
	periodAt := func(h float64) int32 { // first that begins at or after
		t := 0
		for t < T && starts[t] < h-durationSlack {
			t++
		}
		return int32(t)
	}
	endBy := func(h float64) int32 { // first that does not end by
		t := 0
		for t < T && starts[t+1] <= h+durationSlack {
			t++
		}
		return int32(t)
	}

	type kindOf struct{ site, kind int }
	var pools []kindOf
	var speed, unitMW []float64
	for s := range S {
		for kind := range 2 - s%2 {
			pools = append(pools, kindOf{s, kind})
			speed = append(speed, uniform(0.9, 1.1)+0.35*float64(kind))
			unitMW = append(unitMW, uniform(0.9, 1.1)+0.3*float64(kind))
		}
	}
	linkOf := func(from, to int) int32 {
		if from == to {
			return None
		}
		return int32(from*S + to)
	}

	work, gb := 0.0, 0.0
	p.Jobs = make([]Job, g.jobs)
	type reach struct {
		home           int
		kinds          int
		sites          uint64
		second, result bool
		dataset        int // 1 or 2; 0 for none
	}
	sets := map[reach]int32{}
	for i := range p.Jobs {
		j := &p.Jobs[i]
		home := r.IntN(S)
		in := reach{home: home, kinds: 3}
		switch x := r.Float64(); {
		case x < 0.6:
		case x < 0.9 || home%2 == 1:
			in.kinds = 1
		default:
			in.kinds = 2
		}
		switch x := r.Float64(); {
		case x < 0.15:
			in.sites = 1 << home
		case x < 0.5:
			in.sites = 1<<home | 1<<((home+1)%S) | 1<<((home+S-1)%S) | 1<<((home+3)%S)
		default:
			in.sites = 1<<S - 1
		}
		if g.results {
			in.second, in.result = r.IntN(2) == 0, r.IntN(2) == 0
		}
		j.Flows = make([]Flow, 1, 3)
		if in.second {
			j.Flows = append(j.Flows, Flow{})
		}
		if in.result {
			j.Flows = append(j.Flows, Flow{Out: true})
		}
		if g.datasets {
			in.dataset = r.IntN(3)
		}
		set, known := sets[in]
		if !known {
			set = int32(len(p.Reach))
			sets[in] = set
			var options []Option
			for q, k := range pools {
				if in.kinds>>k.kind&1 == 0 || in.sites>>k.site&1 == 0 {
					continue
				}
				links := []int32{linkOf(home, k.site)}
				if in.second {
					links = append(links, linkOf((home+1)%S, k.site))
				}
				if in.result {
					links = append(links, linkOf(k.site, home))
				}
				o := Option{Pool: int32(q), Links: links, Speed: speed[q]}
				if in.dataset > 0 && k.site != in.dataset-1 {
					o.Copies = []int32{int32((in.dataset-1)*S + k.site)}
				}
				options = append(options, o)
			}
			p.Reach = append(p.Reach, options)
		}
		j.Reach = set
		length := min(math.Exp(-0.4+1.55*r.NormFloat64()), 0.7*horizon)
		length = max(length, 0.08)
		j.Units = math.Ceil(math.Exp(1.3 * r.NormFloat64()))
		if r.Float64() < 0.06 {
			j.Units = math.Ceil(8 * math.Exp(1.1*r.NormFloat64()))
		}
		j.WorkUnitH = length * j.Units
		if g.jobs < 100 {
			j.Units, j.WorkUnitH = math.Ceil(j.Units/2), length*math.Ceil(j.Units/2)
		}
		switch x := r.Float64(); {
		case x < g.preemptible:
			j.Shape = Preemptible
		case x < g.preemptible+g.moldable:
			j.Shape = Moldable
		case x < g.preemptible+g.moldable+g.malleable:
			j.Shape = Malleable
			length = max(length, 48/float64(T)) // it must not end within a period at its narrowest
			j.WorkUnitH = length * j.Units
			if g.pausing && r.IntN(2) == 0 {
				j.PausesCount, j.LossH, j.MaxInterruptions = true, 0.2, r.Int32N(4)
			}
		case x < g.preemptible+g.moldable+g.malleable+g.gang:
			j.Shape = Gang
			j.MaxInterruptions, j.LossH = r.Int32N(4), uniform(0, 0.3)
		}
		take := length/0.85 + 24/float64(T)
		release := max(0, min(uniform(0, horizon), horizon-take))
		if release+take >= horizon {
			release *= r.Float64()
		}
		j.DeadlineH = min(horizon, release+take*uniform(1.1, 6))
		if r.Float64() < 0.2 {
			j.DeadlineH = horizon
		}
		j.First, j.End = periodAt(release), endBy(j.DeadlineH)
		work += j.WorkUnitH
	}

	total := work / horizon / g.utilisation
	shares, sum := make([]float64, len(pools)), 0.0
	for q, k := range pools {
		shares[q] = uniform(0.6, 1.4)
		if k.kind == 1 {
			shares[q] *= 0.4
		}
		sum += shares[q] * speed[q]
	}
	smallest := math.Inf(1)
	for q := range pools {
		capacity := make([]float64, T)
		c, off := total*shares[q]/sum, r.IntN(T)
		for t := range capacity {
			capacity[t] = math.Floor(c)
			if (t+T-off)%T < T/12 {
				capacity[t] = math.Floor(0.85 * c)
			}
			smallest = min(smallest, capacity[t])
		}
		p.Pools = append(p.Pools, Pool{CapacityUnits: capacity})
		unitMW[q] *= 240 / total
	}
	meanMW := 240 / total
	widths := map[float64]int32{}
	for i := range p.Jobs {
		j := &p.Jobs[i]
		if most := max(1, math.Floor(g.widest*smallest)); j.Units > most {
			// The gang is narrower and the work less, so that it still ends in time.
			j.WorkUnitH *= most / j.Units
			j.Units = most
		}
		if j.Shape.hasWidths() {
			list, known := widths[j.Units]
			if !known {
				list = int32(len(p.Widths))
				widths[j.Units] = list
				u := j.Units
				p.Widths = append(p.Widths, []Width{{u, u}, {2 * u, 1.7 * u}, {4 * u, 2.6 * u}})
			}
			j.Widths = list
		}
		for k := range j.Flows {
			j.Flows[k].GB = 2 * math.Exp(r.NormFloat64()) * math.Pow(j.WorkUnitH*float64(T)/24, 0.7)
		}
		for _, f := range j.Flows {
			gb += f.GB
		}
		energy := j.WorkUnitH * meanMW
		j.DropPrice = energy * 60 * uniform(1.5, 8)
		if r.Float64() < 0.2 {
			length := j.WorkUnitH / j.Units
			j.DeadlineH = min(j.DeadlineH, starts[min(int(j.First), T)]+1.2*length)
			j.LatePricePerH = energy * 40 * uniform(0.2, 1) / 6
		}
	}
	power := &supply{p: p, stiffness: 1, heldMW: make([]float64, len(pools)), unitMW: unitMW}
	for q, k := range pools {
		power.zone = append(power.zone, k.site)
		power.heldMW[q] = 0.1 * unitMW[q]
		power.unitMW[q] *= 0.9
	}
	for range S * S {
		capacity := make([]float64, T)
		c := gb / float64(S*S*T) * uniform(0.5, 1.5) * g.links
		for t := range capacity {
			capacity[t] = c
		}
		p.Links = append(p.Links, Link{CapacityGB: capacity})
		if g.datasets && len(p.Copies) < 2*S { // some larger, some smaller than what a link carries in a period
			from := len(p.Copies) / S
			links := []int32{max(0, linkOf(from, len(p.Copies)%S))}
			if other := linkOf((from+1)%S, len(p.Copies)%S); other != None && r.IntN(3) == 0 {
				links = append(links, other)
			}
			p.Copies = append(p.Copies, Copy{GB: c * uniform(0.1, 3), Links: links})
		}
		power.gbPrice = append(power.gbPrice, 0.15*work*meanMW*40/max(gb, 1e-9)*uniform(0.4, 1.6))
	}
	for s := range S {
		solar, wind, phase, load := uniform(20, 160), uniform(10, 120), uniform(0, 6.28), uniform(120, 220)
		var steps []step
		cost := uniform(12, 25)
		for range 12 {
			steps = append(steps, step{uniform(15, 60), cost})
			cost += uniform(5, 25)
		}
		base := make([]float64, T)
		for t := range T {
			h := starts[t]
			renewable := solar*max(0, math.Sin((h-6)/12*math.Pi)) + wind*(0.5+0.5*math.Sin(h/9+phase))
			base[t] = load*(0.8+0.2*math.Sin((h-8)/24*2*math.Pi)) + 10
			here := []step{{renewable, 0}}
			for i, st := range steps {
				here = append(here, step{st.mw, st.cost * (1 + 0.02*math.Sin(h+float64(i+s)))})
			}
			power.steps = append(power.steps, append(here, step{1e6, 500}))
		}
		power.base = append(power.base, base)
	}
	power.centre, power.live = make([]float64, S*T), make([]float64, S*T)
	for c := range power.centre {
		demand := power.base[c/T][c%T] + 15
		for _, st := range power.steps[c] {
			power.centre[c] = st.cost
			if demand -= st.mw; demand < 0 {
				break
			}
		}
	}
	copy(power.live, power.centre)
	if g.levels {
		for i := 1; i < len(p.Pools); i += 2 {
			p.Pools[i].Base, p.Pools[i].CapacityUnits = int32(i), p.Pools[i-1].CapacityUnits
		}
	}
	if g.quotas {
		some := make([]bool, len(p.Pools))
		units, unitH := make([]float64, T), 0.0
		for i := range p.Pools {
			some[i] = i != 1
			for t, v := range p.Pools[i].CapacityUnits {
				if some[i] {
					units[t] += 0.25 * v
				}
				unitH += 0.1 * v * p.Hours[t]
			}
		}
		p.Quotas = []Quota{{Pools: some, MaxUnits: units, MaxUnitH: math.Inf(1)}, {MaxUnitH: unitH}}
		p.Owners = [][]int32{{0}, {1}}
		for i := range p.Jobs {
			p.Jobs[i].Owner = r.Int32N(4) % 3
		}
	}
	if g.ties {
		g.tie(r, p, power.zone)
	}
	if g.hands {
		for i := range p.Precedences {
			e := &p.Precedences[i]
			e.GB = uniform(-0.5, 3) * math.Pow(p.Jobs[e.After].WorkUnitH*float64(T)/24, 0.7)
			e.GB = max(0, e.GB)
		}
		for _, site := range power.zone {
			p.Regions = append(p.Regions, int32(site))
		}
		for from := range S {
			ways := make([]int32, S)
			for to := range S {
				if ways[to] = linkOf(from, to); ways[to] == None || from == 2 && to == 0 {
					ways[to] = NoWay
				}
			}
			p.Ways = append(p.Ways, ways)
		}
	}
	return p, power
}

// tie adds precedences and groups of every kind, among nine jobs and nine.
func (g recipe) tie(r *rand.Rand, p *Problem, zone []int) {
	site, pool := make([]int32, len(p.Pools)), make([]int32, len(p.Pools))
	for q := range p.Pools {
		site[q], pool[q] = int32(zone[q]), int32(q)
	}
	for i := range p.Jobs {
		switch before := i - 1 - r.IntN(i%9+1); {
		case i%3 == 1 && before >= 0 && p.Jobs[before].First <= p.Jobs[i].First:
			p.Precedences = append(p.Precedences, Precedence{Before: int32(before), After: int32(i), LagH: r.Float64()})
		case i%9 == 8:
			group := Group{Jobs: []int32{int32(i - 6), int32(i - 3), int32(i)}, FinishWithinH: math.Inf(1)}
			switch r.IntN(5) {
			case 0:
				group.Together = site
			case 1:
				group.Together, group.AllOrNone = pool, true
			case 2:
				group.Apart, group.MaxPer = site, 1+r.IntN(2)
			case 3:
				group.FinishWithinH = 6 * r.Float64()
			default:
				group.AllOrNone = true
			}
			p.Groups = append(p.Groups, group)
		}
	}
}
