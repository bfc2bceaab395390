package opt_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
)

// Every schedule of one gang that may be called, over three to five periods: in each it is
// off, on, on and promised to a product, or off with its units spare. What it does in
// periods that are not promised is filled greedily. The least cost must be what Solve
// finds, and no calls keep the gang from its work.
func TestGangReserveAgainstEnumeration(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	seeds, gave, paused := uint64(150), 0, 0
	if testing.Short() {
		seeds = 60
	}
	for seed := range seeds {
		c := gangOnCall(seed)
		if _, err := c.Validate(); err != nil {
			continue
		}
		want := newGangEnumeration(c).best()
		p := lasts(t, c)
		if !close(p.Objective, want) {
			t.Errorf("seed %d: %.9g, enumeration finds %.9g; job %s", seed, p.Objective, want, asText(&c.Jobs[0]))
		}
		if len(p.Jobs[0].Reserves) == 0 {
			continue
		}
		gave++
		pauses := 0
		for k, held := range p.Jobs[0].HeldUnits[1:] {
			if held > 0 && p.Jobs[0].HeldUnits[k] == 0 {
				pauses++
			}
		}
		if pauses > 0 {
			paused++
		}
	}
	if gave < int(seeds)/5 || paused < int(seeds)/30 {
		t.Errorf("of %d gangs %d give reserve, %d of them pause", seeds, gave, paused)
	}
}

// gangOnCall draws a case with a gang that may be called by one or two products.
func gangOnCall(seed uint64) *model.Case {
	g := rand.New(rand.NewPCG(seed, 11))
	chance := func(p float64) bool { return g.Float64() < p }
	pick := func(v ...float64) float64 { return v[g.IntN(len(v))] }
	T := 3 + g.IntN(3)
	hours, price := make([]float64, T), make(model.Series, T)
	total := 0.0
	for t := range hours {
		hours[t], price[t] = pick(0.5, 1, 1, 2), float64(5+g.IntN(90))
		total += hours[t]
	}
	c := newCase(hours...)
	unit(c, "U", 0, 1_000, 1).CostFactor = price
	c.Regions = []model.Region{{Name: "east"}}
	addSite(c, "S", "east", "P", 1)
	c.Sites[0].PUE = model.Constant(pick(1, 1.2))
	p := &c.Pools[0]
	p.IdleMWPerModule, p.DynamicMWPerUnit = pick(0, 0.05), 0.1
	if chance(0.3) {
		p.AvailableModules = make(model.Series, T)
		for t := range p.AvailableModules {
			p.AvailableModules[t] = pick(0, 1, 1, 1)
		}
	}
	j := model.Job{Name: "J", Region: "east", Shape: model.Preemptible, Units: pick(2, 4), DropPrice: ptr(pick(50, 500))}
	for _, name := range []string{"R", "S"}[:1+g.IntN(2)] {
		r := model.ReserveProduct{
			Name: name, Direction: model.Up, SustainedH: ptr(pick(0, 0.25, 0.5, 1)), Activations: 1 + g.IntN(2),
			RequirementMW: make(model.Series, T), ShortagePricePerMWh: ptr(pick(50, 1_000)),
		}
		for t := range r.RequirementMW {
			r.RequirementMW[t] = pick(0, 0.1, 0.3, 1)
		}
		c.Reserves = append(c.Reserves, r)
		j.Reserves = append(j.Reserves, name)
	}
	j.WorkUnitH = j.Units * total * (0.1 + 0.3*g.Float64())
	if chance(0.6) {
		j.MaxInterruptions = ptr(1 + g.IntN(4))
	}
	if j.MaxInterruptions == nil || chance(0.5) {
		j.RestartH, j.CheckpointLossH = pick(0.1, 0.25), pick(0, 0.25)
	}
	if chance(0.3) {
		j.ReleaseH = pick(0.5, 1)
	} else if chance(0.3) {
		j.Running = &model.Running{Pool: "P", DoneUnitH: j.WorkUnitH * pick(0, 0.5)}
	}
	if chance(0.4) {
		j.DeadlineH = ptr(total * (0.6 + 0.4*g.Float64()))
		if chance(0.5) {
			j.LatePricePerH = ptr(pick(1, 20))
		}
	}
	c.Jobs = []model.Job{j}
	return c
}

// gangEnumeration tries all schedules of a gang.
type gangEnumeration struct {
	*jobEnumeration
	first, due int // periods in which it may begin, and from which it may not catch up
	gangMW     float64
}

func newGangEnumeration(c *model.Case) *gangEnumeration {
	n := &gangEnumeration{jobEnumeration: newJobEnumeration(c)}
	n.gangMW = n.j.Units * c.Pools[0].DynamicMWPerUnit * c.Sites[0].PUE[0]
	for n.begin[n.first] < n.j.ReleaseH-tiny {
		n.first++
	}
	due := n.end()
	if n.j.DeadlineH != nil {
		due = *n.j.DeadlineH
	}
	for n.due < len(n.hours) && n.begin[n.due+1] <= due+tiny {
		n.due++
	}
	return n
}

// What a gang does in a period; from gangPromises on it is on, and promised to a product.
const (
	gangOff = iota
	gangSpare
	gangOn
	gangPromises
)

func (n *gangEnumeration) best() float64 {
	n.least = *n.j.DropPrice + n.short(make([]int, len(n.hours)))
	n.choose(nil)
	return n.least
}

func (n *gangEnumeration) choose(does []int) {
	t := len(does)
	if t == len(n.hours) {
		n.plan(does)
		return
	}
	for what := range gangPromises + len(n.c.Reserves) {
		fits := n.j.Units <= n.room(0, t)+tiny
		if what == gangOff || fits && t >= n.first && (what != gangSpare || t > 0 && t < n.due && does[t-1] != gangOff) {
			n.choose(append(does[:t:t], what))
		}
	}
}

// plan offers the cost of a schedule, where it is one.
func (n *gangEnumeration) plan(does []int) {
	rises, last, running := 0, -1, n.j.Running != nil
	for t, what := range does {
		if what >= gangOn {
			if before := t > 0 && does[t-1] >= gangOn || t == 0 && running; !before {
				rises++
			}
			last = t
		}
	}
	if last < 0 {
		return
	}
	again := rises
	if !running {
		again--
	}
	if most := n.j.MaxInterruptions; most != nil && again+n.calls(does) > *most {
		return
	}
	late, ok := n.late(n.begin[last+1])
	if !ok || !n.recovers(does) {
		return
	}
	power, ok := n.works(does, n.work/n.j.Units+float64(again)*n.lossH())
	if ok {
		n.offer(power + late + n.short(does))
	}
}

func (n *gangEnumeration) lossH() float64 { return n.j.RestartH + n.j.CheckpointLossH }

// calls are the interruptions by calls.
func (n *gangEnumeration) calls(does []int) int {
	sum := 0
	for i := range n.c.Reserves {
		for _, what := range does {
			if what == gangPromises+i {
				sum += n.c.Reserves[i].Activations
				break
			}
		}
	}
	return sum
}

// recovers says whether the hours spare from each period on are enough for the calls that
// may end there or later.
func (n *gangEnumeration) recovers(does []int) bool {
	for e := 1; e <= len(does); e++ {
		need, have := 0.0, 0.0
		for t := e; t < len(does); t++ {
			if does[t] == gangSpare {
				have += n.hours[t]
			}
		}
		for i := range n.c.Reserves {
			r := &n.c.Reserves[i]
			for t, what := range does {
				if what == gangPromises+i && (t >= e-1 || n.begin[e-1]+tiny < n.begin[t]+*r.SustainedH) {
					need += float64(r.Activations) * (*r.SustainedH + n.lossH())
					break
				}
			}
		}
		if need > have+tiny {
			return false
		}
	}
	return true
}

// works is the cost of power where the gang works for so many hours; ok says whether it can:
// what is promised is busy throughout.
func (n *gangEnumeration) works(does []int, need float64) (cost float64, ok bool) {
	free := make(map[int]float64) // hours on that are not promised
	for t, what := range does {
		if what != gangOff {
			cost += n.hours[t] * n.power(0, t) * n.c.Pools[0].IdleMWPerModule
		}
		switch {
		case what >= gangPromises:
			cost += n.hours[t] * n.power(0, t) * n.j.Units * n.c.Pools[0].DynamicMWPerUnit
			need -= n.hours[t]
		case what == gangOn:
			free[t] = n.hours[t]
		}
	}
	if need < -tiny {
		return 0, false
	}
	for need > tiny {
		cheapest := -1
		for t := range free {
			if cheapest < 0 || n.power(0, t) < n.power(0, cheapest) {
				cheapest = t
			}
		}
		if cheapest < 0 {
			return 0, false
		}
		h := math.Min(need, free[cheapest])
		delete(free, cheapest)
		need -= h
		cost += h * n.power(0, cheapest) * n.j.Units * n.c.Pools[0].DynamicMWPerUnit
	}
	return cost, true
}

// short is the cost of reserve that nobody gives.
func (n *gangEnumeration) short(does []int) float64 {
	cost := 0.0
	for i := range n.c.Reserves {
		r := &n.c.Reserves[i]
		for t, what := range does {
			given := 0.0
			if what == gangPromises+i {
				given = n.gangMW
			}
			cost += n.hours[t] * *r.ShortagePricePerMWh * math.Max(0, r.RequirementMW[t]-given)
		}
	}
	return cost
}
