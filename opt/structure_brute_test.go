package opt_test

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// Every way to run a few jobs, with every source of every copy, checked by the
// rules alone: the least cost over all of them must be what Solve finds. Power is
// for sale at a price, so a way to run has a cost of its own, and what the jobs
// share is room in pools, data links, and what ties them to each other.
func TestStructureAgainstEnumeration(t *testing.T) {
	enginetest.Sequential(t)
	t.Parallel()
	cases := uint64(150)
	if testing.Short() {
		cases = 40
	}
	seen := make(map[string]int)
	for seed := range cases {
		c := structured(seed)
		s := newStructure(c)
		want := s.best()
		p := outcome(t, c, opt.Options{})
		if p.Status != opt.Optimal {
			t.Fatalf("seed %d: status %v, want optimal; notes %q", seed, p.Status, p.Notes)
		}
		for _, note := range p.Notes {
			if strings.Contains(note, "set aside") {
				t.Errorf("seed %d: rounding makes what cannot be: %s", seed, note)
			}
		}
		if p := p.Plan; !close(p.Objective, want) {
			t.Errorf("seed %d: %.9g, enumeration finds %.9g", seed, p.Objective, want)
		}
		for _, j := range p.Plan.Jobs {
			if j.Dropped {
				seen["dropped"]++
			}
			if j.LeftUnitH > 0 {
				seen["left"]++
			}
			for _, tr := range j.Transfers {
				seen[string(tr.What)]++
			}
		}
		for _, d := range p.Plan.Datasets {
			seen["copies"] += len(d.Copies)
		}
	}
	for _, what := range []string{"dropped", "left", "input", "output", "handover", "copies"} {
		if seen[what] < int(cases)/40 {
			t.Errorf("only %d of %s in %d cases", seen[what], what, cases)
		}
	}
}

// structured returns a case of a seed that is valid.
func structured(seed uint64) *model.Case {
	for attempt := uint64(0); ; attempt++ {
		c := drawStructured(rand.New(rand.NewPCG(seed, attempt)))
		if _, err := c.Validate(); err == nil {
			return c
		}
	}
}

// drawStructured draws two or three regions with a pool each, two or three jobs, and
// a few of the things that surround and tie them.
func drawStructured(r *rand.Rand) *model.Case {
	chance := func(p float64) bool { return r.Float64() < p }
	between := func(lo, hi float64) float64 { return math.Round(10*(lo+(hi-lo)*r.Float64())) / 10 }
	hours := make([]float64, 4+r.IntN(2))
	price := make(model.Series, len(hours))
	for t := range hours {
		hours[t] = []float64{0.5, 1, 1, 2}[r.IntN(4)]
		price[t] = between(5, 60)
	}
	c := newCase(hours...)
	unit(c, "U", 0, 1_000, 1).CostFactor = price
	regions := 2 + r.IntN(2)
	name := func(i int) string { return string(rune('a' + i)) }
	for i := range regions {
		c.Regions = append(c.Regions, model.Region{Name: name(i), EgressPricePerGB: between(0, 2) / 100})
		addSite(c, "site "+name(i), name(i), "pool "+name(i), 1)
		p := &c.Pools[i]
		p.AlwaysOn, p.IdleMWPerModule, p.DynamicMWPerUnit, p.UnitsPerModule = true, 0, []float64{0.1, 0.2}[r.IntN(2)], 6
		for k := range i {
			if chance(0.8) {
				c.DataLinks = append(c.DataLinks, model.DataLink{
					Name: name(k) + name(i), From: name(k), To: name(i), CapacityGbps: model.Constant(between(0.2, 1)),
					PricePerGB: between(0, 2) / 100, LeadTimeH: []float64{0, 0, 0.5, 1}[r.IntN(4)],
				})
			}
		}
	}
	region := func() string { return name(r.IntN(regions)) }
	flows := func() (out []model.DataFlow) {
		for range 1 + r.IntN(2) {
			out = append(out, model.DataFlow{Region: region(), GB: between(20, 200)})
		}
		return out
	}
	if chance(0.5) {
		c.Datasets = []model.Dataset{{Name: "data", GB: between(50, 400), Regions: []string{region()}}}
		if other := region(); chance(0.3) && other != c.Datasets[0].Regions[0] {
			c.Datasets[0].Regions = append(c.Datasets[0].Regions, other)
		}
	}
	total := c.Horizon.TotalHours()
	// What the pools hold is the same for every schedule of most shapes. Of those
	// that pause at will it is not: they come with room for everything.
	shapes := []func(j *model.Job){
		nil,
		func(j *model.Job) {
			j.Shape, j.Units = model.Moldable, 0
			j.Scaling = []model.ScalingPoint{{Units: 1, EffectiveUnits: 1}, {Units: 4, EffectiveUnits: 3}}
		},
		func(j *model.Job) {
			j.Shape, j.MaxInterruptions, j.RestartH = model.Preemptible, ptr(r.IntN(2)), between(0, 0.3)
		},
		func(j *model.Job) { j.BacklogPricePerUnitH = ptr(between(1, 12)) },
	}
	fluid := chance(0.3)
	if fluid {
		shapes = []func(j *model.Job){nil, func(j *model.Job) { j.Shape = model.Preemptible }}
		for i := range c.Pools {
			c.Pools[i].UnitsPerModule = 60
		}
	}
	jobs := 2 + r.IntN(2)
	for i := range jobs {
		j := model.Job{Name: fmt.Sprintf("job %d", i), Region: region(), Shape: model.Rigid, Units: []float64{2, 3, 4}[r.IntN(3)]}
		j.WorkUnitH = j.Units * between(0.3, 0.3*total)
		j.DropPrice = ptr(between(20, 300))
		if kind := shapes[r.IntN(len(shapes))]; kind != nil {
			kind(&j)
		}
		if chance(0.3) {
			j.ReleaseH = between(0, 0.4*total)
		}
		if j.BacklogPricePerUnitH == nil && chance(0.3) {
			j.DeadlineH = ptr(between(0.6*total, total))
		}
		if chance(0.3) {
			j.Inputs = flows()
		} else if chance(0.2) {
			j.InputGB, j.DataRegion = between(20, 300), region()
		}
		if chance(0.3) {
			j.Outputs = flows()
		}
		if len(c.Datasets) > 0 && chance(0.7) {
			j.Datasets = []string{"data"}
		}
		if chance(0.7) {
			j.Owner = "team"
		}
		if chance(0.5) {
			j.AllowedSites = []string{"site " + region()}
		}
		c.Jobs = append(c.Jobs, j)
	}
	if chance(0.5) {
		// Ties join single jobs; without them one job is a class.
		for i := 1; i < jobs; i++ {
			if chance(0.5) {
				before := &c.Jobs[r.IntN(i)]
				c.Jobs[i].After = []model.Precedence{{Job: before.Name}}
				if a := &c.Jobs[i].After[0]; chance(0.6) {
					a.GB = between(20, 200)
					before.AllowedSites, c.Jobs[i].AllowedSites = []string{"site a"}, []string{"site b"}
				} else if chance(0.5) {
					a.LagH = between(0, 1)
				}
			}
		}
	} else if chance(0.6) {
		g := model.JobGroup{Name: "group"}
		for i := range jobs {
			g.Jobs = append(g.Jobs, c.Jobs[i].Name)
		}
		place := []model.Place{model.InPool, model.InSite, model.InRegion}[r.IntN(3)]
		switch r.IntN(3) {
		case 0:
			g.Together = place
		case 1:
			g.Apart, g.MaxPer = place, 1+r.IntN(2)
		}
		if !fluid && chance(0.5) {
			g.FinishWithinH = ptr(between(0, 0.5*total))
		}
		g.AllOrNone = chance(0.4)
		c.JobGroups = []model.JobGroup{g}
	} else {
		c.Jobs[0].Count = 2
	}
	if chance(0.4) {
		q := model.Quota{Name: "quota", Owner: "team"}
		switch kind := r.IntN(3); {
		case kind == 0 || fluid:
			q.MaxUnitH = ptr(between(2, 15))
		case kind == 1:
			q.MaxUnits = model.Constant(between(2, 8))
		default:
			q.MaxShare = model.Constant(between(0.2, 0.7))
		}
		if chance(0.4) {
			q.Pools = []string{"pool a"}
		}
		c.Quotas = []model.Quota{q}
	}
	return c
}

// structure tries all ways to run the jobs of a case.
type structure struct {
	c       *model.Case
	begins  []float64 // of each period, and the horizon's end
	jobs    []*model.Job
	options [][]run // by job
	chosen  []run   // by job
	least   float64
}

// run is a way to run a job: in periods first..last of a pool, or not at all.
type run struct {
	pool        int // or dropped, or waiting
	first, last int
	left        bool      // with work left at the end
	held        []float64 // units by period
	unitH       float64   // held
	cost        float64
}

const (
	dropped = -1
	waiting = -2
)

// shipment is data that has to cross a link in periods from..to.
type shipment struct {
	from, to string
	gb       float64
	first    int
	last     int
}

func newStructure(c *model.Case) *structure {
	s := &structure{c: c, begins: []float64{0}, least: math.Inf(1)}
	for t, h := range c.Horizon.Hours() {
		s.begins = append(s.begins, s.begins[t]+h)
	}
	for i := range c.Jobs {
		j := &c.Jobs[i]
		for range j.N() {
			s.jobs = append(s.jobs, j)
			s.options = append(s.options, s.runs(j))
		}
	}
	return s
}

func (s *structure) periods() int { return len(s.begins) - 1 }

func (s *structure) hours(t int) float64 { return s.begins[t+1] - s.begins[t] }

// runs lists the ways to run a job.
func (s *structure) runs(j *model.Job) []run {
	out := []run{{pool: dropped, cost: *j.DropPrice}}
	if j.BacklogPricePerUnitH != nil {
		out = append(out, run{pool: waiting, cost: *j.BacklogPricePerUnitH * j.WorkUnitH})
	}
	for pool := range s.c.Pools {
		if allowed := j.AllowedSites; len(allowed) > 0 && allowed[0] != s.c.Pools[pool].Site {
			continue
		}
		for first := range s.periods() {
			switch {
			case s.begins[first] < j.ReleaseH-1e-9:
			case j.Shape == model.Rigid:
				out = s.steady(out, j, pool, first, model.ScalingPoint{Units: j.Units, EffectiveUnits: j.Units})
			case j.Shape == model.Moldable:
				for _, width := range j.Scaling {
					out = s.steady(out, j, pool, first, width)
				}
			case j.MaxInterruptions != nil:
				out = s.gang(out, j, pool, first)
			default:
				for last := first; last < s.periods(); last++ {
					on := make([]bool, s.periods())
					for t := first; t <= last; t++ {
						on[t] = true
					}
					out = s.fill(out, j, run{pool: pool, first: first, last: last, unitH: j.WorkUnitH, held: make([]float64, s.periods())}, on, j.WorkUnitH)
				}
			}
		}
	}
	return slices.DeleteFunc(out, func(o run) bool {
		return o.pool >= 0 && j.DeadlineH != nil && s.begins[o.last+1] > *j.DeadlineH+1e-9
	})
}

// power is the cost of a busy unit for an hour.
func (s *structure) power(pool, t int) float64 {
	return s.c.Pools[pool].DynamicMWPerUnit * s.c.ThermalUnits[0].CostFactor[t]
}

// steady adds the run at one width from a period on.
func (s *structure) steady(out []run, j *model.Job, pool, first int, width model.ScalingPoint) []run {
	o := run{pool: pool, first: first, last: first, held: make([]float64, s.periods())}
	left := j.WorkUnitH / width.EffectiveUnits // hours
	for t := first; t < s.periods() && left > 1e-9; t++ {
		h := s.hours(t)
		o.last, o.held[t] = t, width.Units
		o.unitH += width.Units * h
		o.cost += width.Units * math.Min(left, h) * s.power(pool, t)
		left -= h
	}
	if left > 1e-9 {
		if j.BacklogPricePerUnitH == nil {
			return out
		}
		o.left = true
		o.cost += *j.BacklogPricePerUnitH * left * width.EffectiveUnits
	}
	return append(out, o)
}

// gang adds the runs of a job that is on or off in each period, on in the first.
func (s *structure) gang(out []run, j *model.Job, pool, first int) []run {
	rest := s.periods() - first - 1
	for pattern := range 1 << rest {
		on := make([]bool, s.periods())
		on[first] = true
		o := run{pool: pool, first: first, held: make([]float64, s.periods())}
		times := -1
		for t := first; t < s.periods(); t++ {
			if on[t] = t == first || pattern>>(t-first-1)&1 == 1; !on[t] {
				continue
			}
			if t == first || !on[t-1] {
				times++
			}
			o.last, o.held[t] = t, j.Units
			o.unitH += j.Units * s.hours(t)
		}
		if times <= *j.MaxInterruptions {
			out = s.fill(out, j, o, on, j.WorkUnitH+float64(times)*j.RestartH*j.Units)
		}
	}
	return out
}

// fill adds a run that does its work in the cheapest of the periods it is on.
func (s *structure) fill(out []run, j *model.Job, o run, on []bool, work float64) []run {
	var order []int
	for t := range on {
		if on[t] {
			order = append(order, t)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.power(o.pool, a), s.power(o.pool, b)) })
	for _, t := range order {
		part := math.Min(work, j.Units*s.hours(t))
		work -= part
		o.cost += part * s.power(o.pool, t)
	}
	if work > 1e-9 {
		return out
	}
	return append(out, o)
}

func (s *structure) best() float64 {
	s.choose()
	return s.least
}

// choose tries every way for the next job, as far as there is room.
func (s *structure) choose() {
	if len(s.chosen) == len(s.jobs) {
		s.evaluate()
		return
	}
	for _, o := range s.options[len(s.chosen)] {
		s.chosen = append(s.chosen, o)
		if s.fits() {
			s.choose()
		}
		s.chosen = s.chosen[:len(s.chosen)-1]
	}
}

// evaluate costs what is chosen, if it can be.
func (s *structure) evaluate() {
	cost := 0.0
	for i := range s.chosen {
		cost += s.chosen[i].cost
	}
	if cost >= s.least || !s.tied() {
		return
	}
	var ships []shipment
	for i := range s.jobs {
		if s.chosen[i].pool >= 0 {
			ships = append(ships, s.data(i)...)
		}
	}
	s.copies(cost, ships, s.wanted())
}

func (s *structure) region(i int) string { return s.c.Sites[s.chosen[i].pool].Region }

// data are a job's shipments.
func (s *structure) data(i int) []shipment {
	j, at, home := s.jobs[i], s.chosen[i], s.region(i)
	release := slices.IndexFunc(s.begins, func(b float64) bool { return b >= j.ReleaseH-1e-9 })
	var out []shipment
	if j.InputGB > 0 {
		out = append(out, s.before(j.DataRegion, home, j.InputGB, release, at.first))
	}
	for _, in := range j.Inputs {
		out = append(out, s.before(in.Region, home, in.GB, release, at.first))
	}
	for _, f := range j.Outputs {
		if at.left {
			break
		}
		out = append(out, shipment{home, f.Region, f.GB, at.last + 1, s.periods() - 1})
	}
	for _, a := range j.After {
		if other := s.index(a.Job); a.GB > 0 {
			out = append(out, s.before(s.region(other), home, a.GB, s.chosen[other].last+1, at.first))
		}
	}
	return out
}

// before is a shipment that can be used in period t.
func (s *structure) before(from, to string, gb float64, first, t int) shipment {
	last := t - 1
	for _, l := range s.c.DataLinks {
		if l.From == from && l.To == to || l.From == to && l.To == from {
			for last >= 0 && s.begins[last+1]+l.LeadTimeH > s.begins[t]+1e-9 {
				last--
			}
		}
	}
	return shipment{from, to, gb, first, last}
}

func (s *structure) index(job string) int {
	return slices.IndexFunc(s.jobs, func(j *model.Job) bool { return j.Name == job })
}

// wanted says by when the dataset is read, by region without it.
func (s *structure) wanted() map[string]int {
	out := make(map[string]int)
	for i, j := range s.jobs {
		if s.chosen[i].pool < 0 || len(j.Datasets) == 0 || slices.Contains(s.c.Datasets[0].Regions, s.region(i)) {
			continue
		}
		if by, ok := out[s.region(i)]; !ok || s.chosen[i].first < by {
			out[s.region(i)] = s.chosen[i].first
		}
	}
	return out
}

// copies chooses a source for each copy that is wanted.
func (s *structure) copies(cost float64, ships []shipment, wanted map[string]int) {
	for region, by := range wanted {
		rest := make(map[string]int)
		for other, t := range wanted {
			if other != region {
				rest[other] = t
			}
		}
		for _, from := range s.c.Datasets[0].Regions {
			ship := s.before(from, region, s.c.Datasets[0].GB, 0, by)
			s.copies(cost, append(slices.Clone(ships), ship), rest)
		}
		return
	}
	if money, ok := s.carry(ships); ok {
		s.least = math.Min(s.least, cost+money)
	}
}

// carry sends what is due first, first, over every link: that it all arrives then
// means that it can.
func (s *structure) carry(ships []shipment) (money float64, ok bool) {
	lanes := make(map[[2]string][]shipment)
	for _, ship := range ships {
		if ship.from != ship.to {
			lanes[[2]string{ship.from, ship.to}] = append(lanes[[2]string{ship.from, ship.to}], ship)
		}
	}
	for lane, queue := range lanes {
		at := slices.IndexFunc(s.c.DataLinks, func(l model.DataLink) bool {
			return l.From == lane[0] && l.To == lane[1] || l.From == lane[1] && l.To == lane[0]
		})
		if at < 0 {
			return 0, false
		}
		link := &s.c.DataLinks[at]
		egress := s.c.Regions[lane[0][0]-'a'].EgressPricePerGB
		slices.SortStableFunc(queue, func(a, b shipment) int { return a.last - b.last })
		for _, ship := range queue {
			money += ship.gb * (link.PricePerGB + egress)
		}
		for t := range s.periods() {
			room := link.CapacityGbps[0] * 450 * (s.begins[t+1] - s.begins[t])
			for i := range queue {
				if queue[i].first <= t && t <= queue[i].last {
					part := math.Min(room, queue[i].gb)
					queue[i].gb -= part
					room -= part
				}
			}
		}
		for _, ship := range queue {
			if ship.gb > 1e-9 {
				return 0, false
			}
		}
	}
	return money, true
}

// fits checks the room in pools of what is chosen so far.
func (s *structure) fits() bool {
	for p := range s.c.Pools {
		for t := range s.periods() {
			if s.held(t, func(i int) bool { return s.chosen[i].pool == p }) > s.c.Pools[p].UnitsPerModule {
				return false
			}
		}
	}
	return true
}

// held sums the units held in a period by some of the jobs.
func (s *structure) held(t int, of func(i int) bool) float64 {
	units := 0.0
	for i := range s.chosen {
		if s.chosen[i].pool >= 0 && of(i) {
			units += s.chosen[i].held[t]
		}
	}
	return units
}

// tied checks order, groups and quotas.
func (s *structure) tied() bool {
	for i, j := range s.jobs {
		for _, a := range j.After {
			other := s.chosen[s.index(a.Job)]
			if s.chosen[i].pool >= 0 && (other.pool < 0 || other.left || s.begins[s.chosen[i].first] < s.begins[other.last+1]+a.LagH-1e-9) {
				return false
			}
		}
	}
	for _, g := range s.c.JobGroups {
		if !s.grouped(&g) {
			return false
		}
	}
	for _, q := range s.c.Quotas {
		if !s.within(&q) {
			return false
		}
	}
	return true
}

// grouped checks the group, of all jobs; every region has one pool.
func (s *structure) grouped(g *model.JobGroup) bool {
	drops, in := 0, make(map[int]int)
	first, last := math.Inf(1), math.Inf(-1)
	for _, at := range s.chosen {
		if at.pool == dropped {
			drops++
		}
		if at.pool >= 0 {
			in[at.pool]++
		}
		if at.pool >= 0 && !at.left {
			first, last = math.Min(first, s.begins[at.last+1]), math.Max(last, s.begins[at.last+1])
		}
	}
	if g.Together != "" && len(in) > 1 || g.AllOrNone && drops > 0 && drops < len(s.jobs) {
		return false
	}
	for _, n := range in {
		if g.Apart != "" && n > max(1, g.MaxPer) {
			return false
		}
	}
	return g.FinishWithinH == nil || first > last || last-first <= *g.FinishWithinH+1e-9
}

func (s *structure) within(q *model.Quota) bool {
	offered := 0.0
	concerns := func(p int) bool { return len(q.Pools) == 0 || s.c.Pools[p].Name == q.Pools[0] }
	for p := range s.c.Pools {
		if concerns(p) {
			offered += s.c.Pools[p].UnitsPerModule
		}
	}
	counts := func(i int) bool { return s.jobs[i].Owner == q.Owner && concerns(s.chosen[i].pool) }
	sum := 0.0
	for i := range s.chosen {
		if s.chosen[i].pool >= 0 && counts(i) {
			sum += s.chosen[i].unitH
		}
	}
	if q.MaxUnitH != nil && sum > *q.MaxUnitH+1e-9 {
		return false
	}
	for t := range s.periods() {
		held := s.held(t, counts)
		if held > q.MaxUnits.At(t, math.Inf(1))+1e-9 || q.MaxShare.Given() && held > q.MaxShare.At(t, 1)*offered+1e-9 {
			return false
		}
	}
	return true
}
