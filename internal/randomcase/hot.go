package randomcase

import (
	"math/rand/v2"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// hot draws what synchronous work may ask for beyond a place: headroom by waiting time,
// pinned shares, and to be servable in outages. It has random numbers of its own, so that
// all else in a case is as it is without.
func (g *generator) hot(seed, attempt uint64) {
	g.Rand = rand.New(rand.NewPCG(^seed, ^attempt))
	c := g.c
	for i := range c.LatencyClasses {
		if l := &c.LatencyClasses[i]; g.with(queues, 0.25) {
			l.UtilisationCap = nil
			l.Queue = &model.Queue{ServiceMS: *g.pick(20, 50), LimitMS: *g.pick(0, 20, 100), Percentile: *g.pick(0.5, 0.9, 0.99)}
		}
	}
	for i := range c.Workloads {
		if g.with(pins, 0.3) {
			g.pin(&c.Workloads[i])
		}
	}
	if !g.holds(outages) || g.chance(0.5) {
		return
	}
	o := &c.ComputingOutages
	for i := range c.LatencyClasses {
		if g.chance(0.6) {
			o.Classes = append(o.Classes, c.LatencyClasses[i].Name)
		}
	}
	if len(o.Classes) == 0 {
		return
	}
	o.Sites = g.chance(0.8)
	o.DataLinks = !o.Sites || g.chance(0.5)
	if g.chance(0.4) {
		yields := g.chance(0.5)
		o.PreemptibleYields = &yields
	}
	c.Penalties.OutageShortPricePerUnitH = g.maybe(0.8, 0.5, 40)
}

// pin draws a share of a workload for a site in its reach.
func (g *generator) pin(w *model.Workload) {
	var sites []string
	for _, p := range g.c.WorkloadPlacements(w) {
		if p.OK {
			sites = append(sites, g.c.Pools[p.Pool].Site)
		}
	}
	pin := model.PinnedShare{Site: sites[g.IntN(len(sites))], ShareMin: *g.pick(0, 0.2, 0.5)}
	if slices.Max(sites) != slices.Min(sites) { // else none is left for the rest
		pin.ShareMax = g.share(0.5, 0.5, 0.8)
	}
	if pin.ShareMin == 0 && pin.ShareMax == nil {
		pin.ShareMin = 0.3
	}
	w.Pinned = []model.PinnedShare{pin}
}
