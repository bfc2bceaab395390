package compare

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/wattbit/wattbit/model"
)

// atHome returns the case with every workload and job allowed at its home only: the
// sites of its own region that can take it, and the nearest ones with room for what
// does not fit there. A job that runs when the horizon begins stays at its site.
//
// Room is dealt out in two rounds, workloads before jobs and in the order of the
// case: each takes what it finds in its own region, then what is left over goes to
// the nearest sites that still have room. A job asks for its work in equal parts
// over its window.
func atHome(c *model.Case) (*model.Case, []string) {
	h := newHomes(c)
	out := *c
	out.Workloads, out.Jobs = slices.Clone(c.Workloads), slices.Clone(c.Jobs)
	var all []*guest
	for i := range out.Workloads {
		g := h.workload(&out.Workloads[i])
		all = append(all, g)
	}
	for i := range out.Jobs {
		all = append(all, h.job(&out.Jobs[i]))
	}
	for _, g := range all {
		h.settleOwn(g)
	}
	var away []string
	for _, g := range all {
		if sites := h.settleAway(g); len(sites) > 0 {
			away = append(away, g.work+" at "+strings.Join(sites, " and "))
		}
		*g.allowed, *g.forbidden = g.sites, nil
	}
	return &out, awayNotes(away)
}

// notedAway is how much work away from home is named.
const notedAway = 5

func awayNotes(away []string) []string {
	if len(away) == 0 {
		return nil
	}
	named := strings.Join(away[:min(len(away), notedAway)], ", ")
	if more := len(away) - notedAway; more > 0 {
		named += fmt.Sprintf(" and %d more", more)
	}
	return []string{"the sites of its region cannot take all of it, the nearest with room do: " + named}
}

// homes knows how much room pools have, in units by pool and period. A power level
// has the room of its base.
type homes struct {
	c    *model.Case
	ix   *model.Index
	room [][]float64
}

func newHomes(c *model.Case) *homes {
	h := &homes{c: c, ix: c.Index(), room: make([][]float64, len(c.Pools))}
	for i := range c.Pools {
		for t := range h.ix.Hours {
			h.room[i] = append(h.room[i], h.ix.MaxUnits(i, t))
		}
	}
	return h
}

// guest is work that asks for a home.
type guest struct {
	work, region string
	// units at reference speed that it asks for in each period, by which the room of
	// pools that it takes is divided by speed.
	units []float64
	speed func(pool int) float64
	// pools that can take it, its own region's first, then by distance.
	pools []int
	own   int // how many are of its own region
	// running is the site at which a job runs already, "" for none.
	running string

	sites              []string
	allowed, forbidden *[]string
}

func (h *homes) workload(w *model.Workload) *guest {
	g := &guest{
		work: "workload " + w.Name, region: w.Region, allowed: &w.AllowedSites, forbidden: &w.ForbiddenSites,
		speed: func(pool int) float64 { return h.c.Pools[pool].UnitSpeed() },
	}
	share := 1.0
	if i, ok := h.ix.LatencyClasses[w.Class]; ok {
		share = h.c.LatencyClasses[i].Cap()
	}
	for t := range h.ix.Hours {
		g.units = append(g.units, w.DemandUnits.At(t, 0)/share)
	}
	h.order(g, h.ix.WorkloadPlacements(w))
	return g
}

func (h *homes) job(j *model.Job) *guest {
	g := &guest{
		work: "job " + j.Name, region: j.Region, allowed: &j.AllowedSites, forbidden: &j.ForbiddenSites,
		speed: func(pool int) float64 { return h.ix.JobSpeed(j, pool) },
		units: make([]float64, len(h.ix.Hours)),
	}
	if j.Running != nil {
		g.running = h.c.Pools[h.ix.Pools[j.Running.Pool]].Site
	}
	if first, end, _ := h.ix.JobWindow(j); end > first {
		perH := float64(j.N()) * j.WorkLeft() / (h.ix.Starts[end] - h.ix.Starts[first])
		for t := first; t < end; t++ {
			g.units[t] = perH * j.Widest().Units / j.Widest().EffectiveUnits
		}
	}
	h.order(g, h.ix.JobPlacements(j))
	return g
}

// order lists the pools that can take a guest, nearest first.
func (h *homes) order(g *guest, placements []model.Placement) {
	distance := func(pool int) float64 {
		if h.ix.RegionOf(pool) == g.region {
			return math.Inf(-1)
		}
		if ms, known := h.ix.RoundTripMS(g.region, h.c.Pools[pool].Site); known {
			return ms
		}
		return math.Inf(1)
	}
	for _, p := range placements {
		if !p.OK {
			continue
		}
		g.pools = append(g.pools, p.Pool)
		if h.ix.RegionOf(p.Pool) == g.region {
			g.own++
		}
	}
	slices.SortStableFunc(g.pools, func(a, b int) int { return cmp.Compare(distance(a), distance(b)) })
}

// settleOwn gives a guest its own region's sites, and the site at which it runs.
func (h *homes) settleOwn(g *guest) {
	if g.running != "" {
		g.sites = []string{g.running}
		for _, pool := range g.pools {
			if h.c.Pools[pool].Site == g.running {
				h.take(g, pool)
			}
		}
		return
	}
	for _, pool := range g.pools[:g.own] {
		h.take(g, pool)
		g.join(h.c.Pools[pool].Site)
	}
}

// settleAway gives a guest that is not yet settled the nearest sites with room, and
// the nearest of all where none has; it returns those.
func (h *homes) settleAway(g *guest) []string {
	if g.running != "" {
		return nil
	}
	at := len(g.sites)
	for _, pool := range g.pools[g.own:] {
		if g.settled() {
			break
		}
		if h.take(g, pool) {
			g.join(h.c.Pools[pool].Site)
		}
	}
	if len(g.sites) == 0 && len(g.pools) > 0 {
		g.join(h.c.Pools[g.pools[0]].Site)
	}
	return g.sites[at:]
}

// leastUnits is what counts as room, or as work without a home.
const leastUnits = 1e-6

func (g *guest) settled() bool {
	return !slices.ContainsFunc(g.units, func(v float64) bool { return v > leastUnits })
}

func (g *guest) join(site string) {
	if !slices.Contains(g.sites, site) {
		g.sites = append(g.sites, site)
	}
}

// take gives a guest the room of a pool that it needs, and says whether it got any.
func (h *homes) take(g *guest, pool int) (any bool) {
	speed, room := g.speed(pool), h.room[h.ix.BasePool(pool)]
	for t, want := range g.units {
		if got := min(want, room[t]*speed); got > leastUnits {
			g.units[t] -= got
			room[t] -= got / speed
			any = true
		}
	}
	return any
}
