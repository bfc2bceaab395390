package opt_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// Every placement of a few rigid jobs, with every source of every copy, checked
// by the rules alone: the least cost over all of them must be what Solve finds.
// Power is for sale at a price, so a placement has a cost of its own, and what the
// jobs share is room in pools, data links, and what ties them to each other.
func TestStructureAgainstEnumeration(t *testing.T) {
	cases := uint64(300)
	if testing.Short() {
		cases = 60
	}
	dropped, seen := 0, make(map[string]int)
	for seed := range cases {
		c := structured(seed)
		s := newStructure(c)
		want := s.best()
		p := solve(t, c)
		if !close(p.Objective, want) {
			t.Errorf("seed %d: %.9g, enumeration finds %.9g", seed, p.Objective, want)
		}
		for _, j := range p.Jobs {
			if j.Dropped {
				dropped++
			}
			for _, tr := range j.Transfers {
				seen[string(tr.What)]++
			}
		}
		for _, d := range p.Datasets {
			seen["copies"] += len(d.Copies)
		}
	}
	for _, what := range []string{"input", "output", "handover", "copies"} {
		if seen[what] < int(cases)/40 {
			t.Errorf("only %d of %s in %d cases", seen[what], what, cases)
		}
	}
	if dropped < int(cases)/20 {
		t.Errorf("only %d jobs dropped", dropped)
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

// drawStructured draws two or three regions with a pool each, three or so rigid jobs,
// and a few of the things that surround and tie them.
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
	jobs := 2 + r.IntN(2)
	for i := range jobs {
		j := model.Job{Name: fmt.Sprintf("job %d", i), Region: region(), Shape: model.Rigid, Units: []float64{2, 3, 4}[r.IntN(3)]}
		j.WorkUnitH = j.Units * between(0.3, 0.3*total)
		j.DropPrice = ptr(between(20, 300))
		if chance(0.3) {
			j.ReleaseH = between(0, 0.4*total)
		}
		if chance(0.3) {
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
		if chance(0.5) {
			g.FinishWithinH = ptr(between(0, 0.5*total))
		}
		g.AllOrNone = chance(0.4)
		c.JobGroups = []model.JobGroup{g}
	} else {
		c.Jobs[0].Count = 2
	}
	if chance(0.4) {
		q := model.Quota{Name: "quota", Owner: "team"}
		switch r.IntN(3) {
		case 0:
			q.MaxUnitH = ptr(between(2, 15))
		case 1:
			q.MaxUnits = model.Constant(between(2, 8))
		case 2:
			q.MaxShare = model.Constant(between(0.2, 0.7))
		}
		if chance(0.4) {
			q.Pools = []string{"pool a"}
		}
		c.Quotas = []model.Quota{q}
	}
	return c
}

// structure tries all placements of the jobs of a case.
type structure struct {
	c      *model.Case
	begins []float64 // of each period, and the horizon's end
	jobs   []*model.Job
	chosen []spot // by job
	least  float64
}

// spot is where a job runs: in periods first..last of a pool; pool -1 where it is
// dropped.
type spot struct{ pool, first, last int }

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
		for range c.Jobs[i].N() {
			s.jobs = append(s.jobs, &c.Jobs[i])
		}
	}
	return s
}

func (s *structure) periods() int { return len(s.begins) - 1 }

func (s *structure) best() float64 {
	s.place()
	return s.least
}

// place chooses for the next job.
func (s *structure) place() {
	if len(s.chosen) == len(s.jobs) {
		s.evaluate()
		return
	}
	j := s.jobs[len(s.chosen)]
	s.with(spot{pool: -1})
	for pool := range s.c.Pools {
		for first := range s.periods() {
			last := first
			if allowed := j.AllowedSites; len(allowed) > 0 && allowed[0] != s.c.Pools[pool].Site {
				continue
			}
			for last < s.periods() && s.begins[last+1]-s.begins[first] < j.WorkUnitH/j.Units-1e-9 {
				last++
			}
			if s.begins[first] < j.ReleaseH-1e-9 || last >= s.periods() || j.DeadlineH != nil && s.begins[last+1] > *j.DeadlineH+1e-9 {
				continue
			}
			s.with(spot{pool, first, last})
		}
	}
}

func (s *structure) with(at spot) {
	s.chosen = append(s.chosen, at)
	s.place()
	s.chosen = s.chosen[:len(s.chosen)-1]
}

// evaluate costs a placement, if it can be.
func (s *structure) evaluate() {
	if !s.fits() || !s.tied() {
		return
	}
	cost := 0.0
	var ships []shipment
	for i, j := range s.jobs {
		at := s.chosen[i]
		if at.pool < 0 {
			cost += *j.DropPrice
			continue
		}
		left := j.WorkUnitH
		for t := at.first; t <= at.last; t++ {
			work := math.Min(left, j.Units*(s.begins[t+1]-s.begins[t]))
			left -= work
			cost += work * s.c.Pools[at.pool].DynamicMWPerUnit * s.c.ThermalUnits[0].CostFactor[t]
		}
		ships = append(ships, s.data(i)...)
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

// fits checks the room in pools.
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

// held sums the units held in a period by jobs that run.
func (s *structure) held(t int, of func(i int) bool) float64 {
	units := 0.0
	for i, j := range s.jobs {
		if at := s.chosen[i]; at.pool >= 0 && at.first <= t && t <= at.last && of(i) {
			units += j.Units
		}
	}
	return units
}

// tied checks order, groups and quotas.
func (s *structure) tied() bool {
	for i, j := range s.jobs {
		for _, a := range j.After {
			other := s.chosen[s.index(a.Job)]
			if s.chosen[i].pool >= 0 && (other.pool < 0 || s.begins[s.chosen[i].first] < s.begins[other.last+1]+a.LagH-1e-9) {
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
	runs, in := 0, make(map[int]int)
	first, last := math.Inf(1), math.Inf(-1)
	for _, at := range s.chosen {
		if at.pool >= 0 {
			runs++
			in[at.pool]++
			first, last = math.Min(first, s.begins[at.last+1]), math.Max(last, s.begins[at.last+1])
		}
	}
	if g.Together != "" && len(in) > 1 || g.AllOrNone && runs > 0 && runs < len(s.jobs) {
		return false
	}
	for _, n := range in {
		if g.Apart != "" && n > max(1, g.MaxPer) {
			return false
		}
	}
	return g.FinishWithinH == nil || runs == 0 || last-first <= *g.FinishWithinH+1e-9
}

func (s *structure) within(q *model.Quota) bool {
	pools := 0
	concerns := func(p int) bool { return len(q.Pools) == 0 || s.c.Pools[p].Name == q.Pools[0] }
	for p := range s.c.Pools {
		if concerns(p) {
			pools++
		}
	}
	sum := 0.0
	for t := range s.periods() {
		held := s.held(t, func(i int) bool { return s.jobs[i].Owner == q.Owner && concerns(s.chosen[i].pool) })
		if held > q.MaxUnits.At(t, math.Inf(1))+1e-9 || q.MaxShare.Given() && held > q.MaxShare.At(t, 1)*6*float64(pools)+1e-9 {
			return false
		}
		sum += held * (s.begins[t+1] - s.begins[t])
	}
	return q.MaxUnitH == nil || sum <= *q.MaxUnitH+1e-9
}
