package opt_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
)

// Every schedule of one job in one or two pools over three to five periods, written
// from the rules alone: which periods it is on, and where. What it does in them is
// filled greedily, which is best because power has a price a MWh and the curves are
// concave. The least cost must be what Solve finds.
func TestJobAgainstEnumeration(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	seen := make(map[model.JobShape]int)
	for seed := range uint64(300) {
		c := oneJob(seed)
		if _, err := c.Validate(); err != nil {
			continue
		}
		j := &c.Jobs[0]
		seen[j.Shape]++
		want := newJobEnumeration(c).best()
		p := solve(t, c)
		if !close(p.Objective, want) {
			t.Errorf("seed %d: %.9g, enumeration finds %.9g; job %s", seed, p.Objective, want, asText(j))
		}
	}
	for _, shape := range []model.JobShape{model.Rigid, model.Moldable, model.Preemptible, model.Malleable} {
		if seen[shape] < 20 {
			t.Errorf("only %d valid %s jobs", seen[shape], shape)
		}
	}
}

func asText(j *model.Job) string {
	out := fmt.Sprintf("%+v", *j)
	for _, p := range []struct {
		name string
		v    *float64
	}{{"deadline", j.DeadlineH}, {"due", j.DueH}, {"late", j.LatePricePerH}, {"drop", j.DropPrice}, {"backlog", j.BacklogPricePerUnitH}} {
		if p.v != nil {
			out += fmt.Sprintf(" %s %g", p.name, *p.v)
		}
	}
	if j.MaxInterruptions != nil {
		out += fmt.Sprintf(" interruptions %d", *j.MaxInterruptions)
	}
	if j.Migration != nil {
		out += fmt.Sprintf(" migration %+v", *j.Migration)
	}
	if j.Running != nil {
		out += fmt.Sprintf(" running %+v", *j.Running)
	}
	return out
}

// oneJob draws a case with one job.
func oneJob(seed uint64) *model.Case {
	g := rand.New(rand.NewPCG(seed, 7))
	chance := func(p float64) bool { return g.Float64() < p }
	pick := func(v ...float64) float64 { return v[g.IntN(len(v))] }
	T := 3 + g.IntN(3)
	hours := make([]float64, T)
	price := make(model.Series, T)
	total := 0.0
	for t := range hours {
		hours[t], price[t] = pick(0.5, 1, 1, 2), float64(5+g.IntN(90))
		total += hours[t]
	}
	c := newCase(hours...)
	unit(c, "U", 0, 1_000, 1).CostFactor = price
	c.Regions = []model.Region{{Name: "east"}, {Name: "west"}}
	for i := range 1 + g.IntN(2) {
		site, pool := fmt.Sprintf("S%d", i), fmt.Sprintf("P%d", i)
		addSite(c, site, c.Regions[g.IntN(2)].Name, pool, 1)
		c.Sites[i].PUE = model.Constant(pick(1, 1.1, 1.5))
		p := &c.Pools[i]
		p.Kind, p.IdleMWPerModule, p.DynamicMWPerUnit = []string{"cpu", "gpu"}[g.IntN(2)], pick(0, 0.05, 0.3), 0.1
		if chance(0.4) {
			p.AvailableModules = make(model.Series, T)
			for t := range p.AvailableModules {
				p.AvailableModules[t] = pick(0, 1, 1)
			}
		}
	}
	if chance(0.8) {
		c.DataLinks = []model.DataLink{{Name: "D", From: "east", To: "west", CapacityGbps: model.Series{0.1}, PricePerGB: 0.1}}
	}
	j := model.Job{Name: "J", Region: "east", Shape: []model.JobShape{model.Rigid, model.Moldable, model.Preemptible, model.Malleable}[g.IntN(4)]}
	j.Units = pick(2, 4, 5)
	widest := j.Units
	switch {
	case j.Shape == model.Moldable || j.Shape == model.Malleable:
		curves := [][]float64{{4, 4}, {2, 2, 6, 4}, {1, 1, 3, 2.5, 7, 4}, {2, 2, 4, 4, 8, 6}, {2, 1.5, 4, 3}}
		scaled(&j, j.Shape, curves[g.IntN(len(curves))]...)
		widest = j.Widest().EffectiveUnits
	}
	j.WorkUnitH = widest * total * (0.1 + 0.5*g.Float64())
	pauses := j.Shape == model.Preemptible || j.Shape == model.Malleable
	if pauses && chance(0.5) {
		j.MaxInterruptions = ptr(g.IntN(3))
	}
	if pauses && chance(0.4) {
		j.RestartH, j.CheckpointLossH = pick(0, 0.1, 0.5), pick(0, 0.25)
	}
	if pauses && chance(0.4) {
		j.Migration = &model.Migration{GB: pick(0, 0, 10), PauseH: pick(0, 0.5, 1), MaxMoves: g.IntN(3)}
	}
	if chance(0.4) {
		j.ReleaseH = pick(0, 0.5, 1)
	}
	if chance(0.3) {
		j.Running = &model.Running{Pool: c.Pools[g.IntN(len(c.Pools))].Name, DoneUnitH: j.WorkUnitH * pick(0, 0.3, 0.7), Pinned: chance(0.3)}
		j.ReleaseH = 0
		if j.Shape == model.Moldable {
			j.Running.Units = j.Scaling[g.IntN(len(j.Scaling))].Units
		}
	}
	if chance(0.5) {
		j.LatePricePerH = ptr(pick(0.5, 5))
		j.DeadlineH = ptr(total * (0.3 + 0.7*g.Float64()))
		if chance(0.5) {
			j.DueH = ptr(*j.DeadlineH * (0.3 + 0.6*g.Float64()))
		}
	} else if chance(0.3) {
		j.DeadlineH = ptr(total * (0.6 + 0.4*g.Float64()))
	}
	if chance(0.4) {
		j.BacklogPricePerUnitH = ptr(pick(0.5, 3, 20))
		if j.DeadlineH != nil && chance(0.5) {
			j.DeadlineH = ptr(total + 1)
		}
	}
	if chance(0.3) {
		j.KindSpeeds = []model.KindSpeed{{Kind: "gpu", Speed: pick(0.5, 2)}}
	}
	// A link carries all of it in the shortest period.
	if chance(0.3) {
		j.InputGB, j.DataRegion = 20, c.Regions[g.IntN(2)].Name
	}
	if chance(0.3) {
		j.Outputs = []model.DataFlow{{Region: c.Regions[g.IntN(2)].Name, GB: 10}}
	}
	j.DropPrice = ptr(pick(5, 50, 500))
	j.Value = pick(0, 0, 10)
	c.Jobs = []model.Job{j}
	return c
}

// jobEnumeration tries all schedules of the one job of a case.
type jobEnumeration struct {
	c      *model.Case
	j      *model.Job
	ix     *model.Index
	hours  []float64
	begin  []float64
	places []int // pools that may run it
	work   float64
	least  float64
}

func newJobEnumeration(c *model.Case) *jobEnumeration {
	n := &jobEnumeration{c: c, j: &c.Jobs[0], ix: c.Index(), hours: c.Horizon.Hours(), begin: []float64{0}}
	for _, h := range n.hours {
		n.begin = append(n.begin, n.begin[len(n.begin)-1]+h)
	}
	for p := range c.Pools {
		if len(c.DataLinks) > 0 || n.input(p) == 0 && n.output(p) == 0 {
			n.places = append(n.places, p)
		}
	}
	n.work = n.j.WorkUnitH
	if n.j.Running != nil {
		n.work -= n.j.Running.DoneUnitH
	}
	return n
}

const tiny = 1e-9

func (n *jobEnumeration) end() float64 { return n.begin[len(n.hours)] }

// late is the cost of ending at an hour; ok says whether the job may.
func (n *jobEnumeration) late(at float64) (cost float64, ok bool) {
	from := n.j.DeadlineH
	switch {
	case from == nil:
		return 0, true
	case n.j.DueH != nil:
		if at > *from+tiny && *from <= n.end()+tiny {
			return 0, false
		}
		from = n.j.DueH
	case n.j.LatePricePerH == nil:
		return 0, at <= *from+tiny || *from > n.end()+tiny
	}
	return math.Max(0, at-*from) * *n.j.LatePricePerH, true
}

// mayLeave is the cost of lateness of a job with work left.
func (n *jobEnumeration) mayLeave() (late float64, ok bool) {
	hard := n.j.DeadlineH != nil && (n.j.DueH != nil || n.j.LatePricePerH == nil)
	if n.j.BacklogPricePerUnitH == nil || hard && *n.j.DeadlineH <= n.end()+tiny {
		return 0, false
	}
	late, _ = n.late(n.end())
	return late, true
}

func (n *jobEnumeration) speed(pool int) float64 {
	for _, s := range n.j.KindSpeeds {
		if s.Kind == n.c.Pools[pool].Kind {
			return s.Speed
		}
	}
	return 1
}

// power is the cost of a MWh of IT power in a pool and period.
func (n *jobEnumeration) power(pool, t int) float64 {
	return n.c.ThermalUnits[0].CostFactor[t] * n.c.Sites[pool].PUE[0]
}

func (n *jobEnumeration) room(pool, t int) float64 {
	return 10 * n.c.Pools[pool].AvailableModules.At(t, 1)
}

// input is what must be sent to the pool before the job begins there.
func (n *jobEnumeration) input(pool int) float64 {
	run := n.j.Running
	region := n.c.Sites[pool].Region
	if region == n.j.InputRegion() || run != nil && (n.pauses() || region == n.c.Sites[n.ix.Pools[run.Pool]].Region) {
		return 0
	}
	return n.j.InputGB
}

// output is what must be sent from the pool after the job has ended there.
func (n *jobEnumeration) output(pool int) float64 {
	for _, out := range n.j.Outputs {
		if out.Region != n.c.Sites[pool].Region {
			return out.GB
		}
	}
	return 0
}

func (n *jobEnumeration) pauses() bool {
	return n.j.Shape == model.Preemptible || n.j.Shape == model.Malleable
}

// data is the cost of the input of a job that begins in a pool and period; ok says
// whether it is there.
func (n *jobEnumeration) data(pool, t int) (cost float64, ok bool) {
	gb := n.input(pool)
	return 0.1 * gb, gb == 0 || t > 0 && n.begin[t-1] >= n.j.ReleaseH-tiny
}

// ends offers the cost of a job that ends in a pool with period t.
func (n *jobEnumeration) ends(pool, t int, cost float64) {
	late, ok := n.late(n.begin[t+1])
	gb := n.output(pool)
	if ok && (gb == 0 || t+1 < len(n.hours)) {
		n.offer(cost + late + 0.1*gb)
	}
}

// sends says whether the job's end matters to its data.
func (n *jobEnumeration) sends() bool {
	for _, p := range n.places {
		if n.output(p) > 0 {
			return true
		}
	}
	return false
}

func (n *jobEnumeration) best() float64 {
	n.least = *n.j.DropPrice + n.j.Value
	run := n.j.Running
	steady := !n.pauses()
	if late, ok := n.mayLeave(); ok && (run == nil || !steady || !run.Pinned) {
		left := n.j.WorkUnitH
		if !steady {
			left = n.work
		}
		n.offer(late + left**n.j.BacklogPricePerUnitH)
	}
	if steady {
		n.steady()
	} else {
		n.sequences(make([]int, 0, len(n.hours)))
	}
	return n.least
}

func (n *jobEnumeration) offer(cost float64) { n.least = math.Min(n.least, cost) }

// steady tries every start at every width.
func (n *jobEnumeration) steady() {
	widths := n.j.Scaling
	if len(widths) == 0 {
		widths = []model.ScalingPoint{{Units: n.j.Units, EffectiveUnits: n.j.Units}}
	}
	run := n.j.Running
	for _, p := range n.places {
		here := run != nil && n.c.Pools[p].Name == run.Pool
		for _, w := range widths {
			for t := range n.hours {
				if n.begin[t] >= n.j.ReleaseH-tiny && (run == nil || !run.Pinned) {
					n.hold(p, t, w, n.j.WorkUnitH)
				}
			}
			if here && (run.Units == 0 || run.Units == w.Units) {
				n.hold(p, 0, w, n.work)
			}
		}
	}
}

// hold tries a start in a pool and period at a width.
func (n *jobEnumeration) hold(p, t int, w model.ScalingPoint, work float64) {
	cost, ok := n.data(p, t)
	if !ok {
		return
	}
	for ; t < len(n.hours); t++ {
		if n.room(p, t) < w.Units {
			return
		}
		does := math.Min(work, w.EffectiveUnits*n.speed(p)*n.hours[t])
		work -= does
		busy := w.Units * does / (w.EffectiveUnits * n.speed(p))
		cost += n.power(p, t) * (n.c.Pools[p].IdleMWPerModule*n.hours[t] + 0.1*busy)
		if work <= tiny {
			n.ends(p, t, cost)
			return
		}
	}
	if late, ok := n.mayLeave(); ok {
		n.offer(cost + late + work**n.j.BacklogPricePerUnitH)
	}
}

// sequences tries every sequence of pools; -1 is off.
func (n *jobEnumeration) sequences(at []int) {
	if len(at) == len(n.hours) {
		n.try(at)
		return
	}
	n.sequences(append(at, -1))
	for _, p := range n.places {
		if n.begin[len(at)] >= n.j.ReleaseH-tiny && n.room(p, len(at)) >= n.narrowest() {
			n.sequences(append(at, p))
		}
	}
}

func (n *jobEnumeration) fluid() bool {
	return n.j.Shape == model.Preemptible && n.j.MaxInterruptions == nil && n.j.RestartH+n.j.CheckpointLossH == 0 && n.j.Migration == nil
}

func (n *jobEnumeration) narrowest() float64 {
	switch {
	case len(n.j.Scaling) > 0:
		return n.j.Scaling[0].Units
	case n.fluid():
		return tiny
	}
	return n.j.Units
}

// piece is work that may be done at a price a unit-hour.
type piece struct{ work, price float64 }

// try finds the least cost of a sequence.
func (n *jobEnumeration) try(at []int) {
	j := n.j
	must, cost, first, last := 0.0, 0.0, -1, -1
	need := n.work
	var more []piece
	interruptions, moves := 0, 0
	pool, lastOn := -1, -1
	if j.Running != nil {
		pool = n.ix.Pools[j.Running.Pool]
	}
	for t, p := range at {
		if p < 0 {
			continue
		}
		if last = t; first < 0 && pool < 0 {
			first = p
			in, ok := n.data(p, t)
			if cost += in; !ok {
				return
			}
		}
		if pool >= 0 && (lastOn < t-1 || pool != p) {
			interruptions++
			narrowest := j.Units
			if len(j.Scaling) > 0 {
				narrowest = j.Scaling[0].EffectiveUnits
			}
			need += (j.RestartH + j.CheckpointLossH) * narrowest * n.speed(p)
		}
		if pool >= 0 && pool != p {
			moves++
			gb, ok := n.moves(pool, p, lastOn+1, t)
			if !ok {
				return
			}
			cost += gb * 0.1
		}
		pool, lastOn = p, t
		rate := n.speed(p) * n.hours[t]
		unit := n.power(p, t) * 0.1 * n.hours[t] // of a busy unit
		cost += n.power(p, t) * n.c.Pools[p].IdleMWPerModule * n.hours[t]
		if len(j.Scaling) == 0 {
			more = append(more, piece{j.Units * rate, unit / rate})
			continue
		}
		must += j.Scaling[0].EffectiveUnits * rate
		cost += j.Scaling[0].Units * unit
		for k := 1; k < len(j.Scaling); k++ {
			a, b := j.Scaling[k-1], j.Scaling[k]
			slope := (b.EffectiveUnits - a.EffectiveUnits) / (b.Units - a.Units)
			more = append(more, piece{(b.EffectiveUnits - a.EffectiveUnits) * rate, unit / slope / rate})
		}
	}
	most := 0
	if j.Migration != nil && (j.Running == nil || !j.Running.Pinned) {
		most = max(1, j.Migration.MaxMoves)
	}
	if last < 0 || moves > most || j.MaxInterruptions != nil && interruptions > *j.MaxInterruptions {
		return
	}
	n.ends(pool, last, cost+fill(need-must, more))
	if late, ok := n.mayLeave(); ok {
		// What matters to its data leaves and does a little at least.
		price, least, most := *j.BacklogPricePerUnitH, 0.0, n.work
		if n.sends() {
			least = 1e-4 * n.work
		}
		if first >= 0 && n.input(first) > 0 && j.Migration == nil {
			most *= 1 - 1e-4
		}
		n.offer(cost + late + price*least + fill(need-must-least, append(more, piece{most - least, price})))
	}
}

// moves returns the GB of a move between pools that pauses in the periods from..to-1.
func (n *jobEnumeration) moves(a, b, from, to int) (gb float64, ok bool) {
	if n.j.Migration == nil {
		return 0, false
	}
	least := 0
	if n.c.Sites[a].Region != n.c.Sites[b].Region && n.j.Migration.GB > 0 {
		if len(n.c.DataLinks) == 0 {
			return 0, false
		}
		least, gb = 1, n.j.Migration.GB
	}
	pause := 0
	for pause < least || from+pause < len(n.hours) && n.begin[from+pause]-n.begin[from] < n.j.Migration.PauseH-tiny {
		pause++
	}
	return gb, to == from+pause
}

// fill does work at the least cost, infinite where there is too little or too much.
func fill(work float64, from []piece) float64 {
	sort.Slice(from, func(a, b int) bool { return from[a].price < from[b].price })
	if work < -1e-9 {
		return math.Inf(1)
	}
	cost := 0.0
	for _, p := range from {
		does := math.Min(p.work, work)
		cost += does * p.price
		work -= does
	}
	if work > 1e-9 {
		return math.Inf(1)
	}
	return cost
}
