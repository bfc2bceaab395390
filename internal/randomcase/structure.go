package randomcase

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// structure draws the data of jobs and what ties them to each other. It has
// random numbers of its own, so that all else in a case is as it is without.
func (g *generator) structure(seed, attempt uint64) {
	g.Rand = rand.New(rand.NewPCG(seed, ^attempt))
	c := g.c
	for i := range c.Regions {
		if g.with(jobData, 0.3) {
			c.Regions[i].EgressPricePerGB = g.between(0, 0.5)
		}
	}
	for i := range c.DataLinks {
		if g.with(jobData, 0.3) {
			c.DataLinks[i].LeadTimeH = *g.pick(0.25, 0.5, 1, 3)
		}
	}
	for i := range g.some(jobData, 3, 2) {
		d := model.Dataset{Name: fmt.Sprintf("dataset %d", i), GB: g.between(1, 400), Regions: []string{g.region()}}
		if other := g.region(); g.chance(0.3) && other != d.Regions[0] {
			d.Regions = append(d.Regions, other)
		}
		c.Datasets = append(c.Datasets, d)
	}
	// What was drawn before may not be possible with lead times.
	c.Jobs = slices.DeleteFunc(c.Jobs, func(j model.Job) bool { return !anywhere(c.JobPlacements(&j)) })
	if len(c.Jobs) > 0 && g.with(jobTies, 0.6) {
		g.next()
	}
	for i := range c.Jobs {
		g.surround(&c.Jobs[i])
	}
	if g.holds(jobTies) {
		g.tie()
	}
	if !g.holds(quotas) {
		return
	}
	var owners []string
	for _, j := range c.Jobs {
		if j.Owner != "" {
			owners = append(owners, j.Owner)
		}
	}
	for i := range min(g.IntN(3), len(owners)) {
		g.quota(i, owners[g.IntN(len(owners))])
	}
}

// next adds a single job like one that there is, so that there are more to tie.
func (g *generator) next() {
	// Nothing is shared with the other job: tests change cases.
	text, err := json.Marshal(&g.c.Jobs[g.IntN(len(g.c.Jobs))])
	var j model.Job
	if err != nil || json.Unmarshal(text, &j) != nil {
		return
	}
	j.Name, j.Count, j.Running, j.ReleaseH = "job next", 1, nil, 0
	if anywhere(g.c.JobPlacements(&j)) {
		g.c.Jobs = append(g.c.Jobs, j)
	}
}

// surround gives a job data and an owner, as far as it can still run somewhere.
func (g *generator) surround(j *model.Job) {
	if j.InputGB == 0 && g.holds(jobData) {
		g.try(j, 0.7, func(j *model.Job) { j.Inputs = g.flows() })
	}
	if g.holds(jobData) {
		g.try(j, 0.5, func(j *model.Job) { j.Outputs = g.flows() })
	}
	for _, d := range g.c.Datasets {
		g.try(j, 0.5, func(j *model.Job) { j.Datasets = append(slices.Clone(j.Datasets), d.Name) })
	}
	g.try(j, 0.7, func(j *model.Job) { j.Owner = []string{"lab", "shop"}[g.IntN(2)] })
}

func (g *generator) flows() []model.DataFlow {
	out := make([]model.DataFlow, 1+g.IntN(2))
	for i := range out {
		out[i] = model.DataFlow{Region: g.region(), GB: g.between(1, 200)}
	}
	return out
}

// tie draws precedence and groups of single jobs.
func (g *generator) tie() {
	var single []int
	for i := range g.c.Jobs {
		if g.c.Jobs[i].N() == 1 {
			single = append(single, i)
		}
	}
	if len(single) < 2 {
		return
	}
	for k := 1; k < len(single); k++ {
		j := &g.c.Jobs[single[k]]
		if j.Running != nil || !g.chance(0.6) {
			continue
		}
		p := model.Precedence{Job: g.c.Jobs[single[g.IntN(k)]].Name}
		if g.chance(0.4) {
			p.LagH = g.between(0, 2)
		}
		if g.chance(0.5) {
			p.GB = g.between(1, 200)
		}
		j.After = []model.Precedence{p}
	}
	if g.with(jobTies, 0.4) {
		g.group(single)
	}
}

func (g *generator) group(single []int) {
	out := model.JobGroup{Name: "group", AllOrNone: g.chance(0.3), FinishWithinH: g.maybe(0.4, 0, 4)}
	stays := true
	for _, i := range single {
		out.Jobs = append(out.Jobs, g.c.Jobs[i].Name)
		stays = stays && g.c.Jobs[i].Migration == nil
	}
	places := []model.Place{model.InPool, model.InSite, model.InRegion}
	switch kind := g.IntN(3); {
	case !stays:
	case kind == 0:
		out.Together = places[g.IntN(3)]
	case kind == 1:
		out.Apart, out.MaxPer = places[g.IntN(3)], g.IntN(3)
	}
	if out.OnlyApart() {
		for i := range g.c.Jobs {
			if j := &g.c.Jobs[i]; j.N() > 1 && j.Migration == nil {
				out.Jobs = append(out.Jobs, j.Name)
			}
		}
	}
	if out.AllOrNone || out.FinishWithinH != nil || out.Together != "" || out.Apart != "" {
		g.c.JobGroups = []model.JobGroup{out}
	}
}

func (g *generator) quota(i int, owner string) {
	q := model.Quota{Name: fmt.Sprintf("quota %d", i), Owner: owner}
	if g.chance(0.4) {
		q.Pools = []string{g.c.Pools[g.IntN(len(g.c.Pools))].Name}
	}
	switch g.IntN(3) {
	case 0:
		q.MaxUnitH = g.maybe(1, 2, 40)
	case 1:
		q.MaxUnits = g.series(1, 12)
	case 2:
		q.MaxShare = g.series(0, 1)
	}
	g.c.Quotas = append(g.c.Quotas, q)
}

// reside forbids datasets a region, or all but those that they lie in, as far as the jobs
// that read them still run somewhere.
func (g *generator) reside(seed, attempt uint64) {
	g.Rand = rand.New(rand.NewPCG(seed+1, ^attempt))
	for i := range g.c.Datasets {
		d := &g.c.Datasets[i]
		was := *d
		switch region := g.region(); {
		case g.chance(0.6):
		case g.chance(0.3):
			d.AllowedRegions = slices.Clone(d.Regions)
		case !slices.Contains(d.Regions, region):
			d.ForbiddenRegions = []string{region}
		}
		for k := range g.c.Jobs {
			j := &g.c.Jobs[k]
			if slices.Contains(j.Datasets, d.Name) && (!anywhere(g.c.JobPlacements(j)) || j.Running != nil && !d.MayBeIn(g.regionOf(j.Running.Pool))) {
				*d = was
				break
			}
		}
	}
}

// regionOf returns the region of a pool.
func (g *generator) regionOf(pool string) string {
	ix := g.c.Index()
	return ix.RegionOf(ix.Pools[pool])
}
