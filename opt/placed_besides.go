package opt

// Which jobs a placement does not hold, for their own sake or for that of others that they are
// tied to, and the ties of those that it holds.

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
)

// mostMoving jobs that migrate, or whose pauses count, are in the program, those of most work and
// tied to no others: all that they may do is tried there, and each takes hundreds of columns. More
// are placed: those that migrate in one pool, and bounds have them move for nothing.
const mostMoving = 16

// chooseMoving chooses them.
func (d *drafter) chooseMoving() {
	var all []*model.Job
	for i := range d.c.Jobs {
		if j := &d.c.Jobs[i]; (j.Migration != nil || pausesCount(j)) && d.obstacle(j) == "" && j.N() == 1 && len(j.After) == 0 && !d.tied[j.Name] {
			all = append(all, j)
		}
	}
	slices.SortStableFunc(all, func(a, b *model.Job) int { return cmp.Compare(b.WorkUnitH, a.WorkUnitH) })
	d.moving = make(map[string]bool)
	chosen := make(map[string]holding) // by owner
	for _, j := range all {
		with := d.with(chosen[j.Owner], j)
		if !d.fits(j.Owner, with) {
			continue
		}
		if chosen[j.Owner], d.moving[j.Name] = with, true; len(d.moving) == mostMoving {
			return
		}
	}
}

func (d *drafter) isMoving(class int) bool { return d.moving[d.c.Jobs[class].Name] }

// chooseInside chooses the classes in the program: those that a placement cannot hold, and those
// that are tied to one of them. A quota is shared between jobs on both sides by keeping a part of it
// for those in the program; where that is too large a part, or the others are few, all of its
// owner are there.
func (d *drafter) chooseInside() {
	d.chooseMoving()
	d.shares = make(map[string]bool)
	for i := range d.c.Quotas {
		d.shares[d.c.Quotas[i].Owner] = true
	}
	for changed := true; changed; {
		changed = false
		d.inside = d.besides()
		for i := range d.c.Quotas {
			owner := d.c.Quotas[i].Owner
			if !d.shares[owner] || d.keepsQuotas(owner, func(class int) bool { return d.inside[class] }) && !d.fewBesides(owner) {
				continue
			}
			changed = true
			delete(d.shares, owner)
			for j := range d.c.Jobs { // these would take all others with them
				if d.c.Jobs[j].Owner == owner {
					delete(d.moving, d.c.Jobs[j].Name)
				}
			}
		}
	}
}

// mostKept is the largest part of a quota that is kept for jobs in the program.
const mostKept = 2.0 / 3

// holding is the most that some jobs hold: units in each period, nil for none, and unit-hours.
type holding struct {
	units []float64
	unitH float64
}

// with is a holding with that of one more class.
func (k *jobPlaces) with(h holding, j *model.Job) holding {
	out := holding{make([]float64, len(k.problem.Hours)), h.unitH}
	copy(out.units, h.units)
	k.add(&out, j)
	return out
}

// add adds the most that a class holds.
func (k *jobPlaces) add(h *holding, j *model.Job) {
	first, _, last := k.ix.JobWindow(j)
	most := float64(j.N()) * j.Widest().Units
	for t := first; t < last; t++ {
		h.units[t], h.unitH = h.units[t]+most, h.unitH+most*k.problem.Hours[t]
	}
}

// fits says whether a holding is a small part of an owner's quotas.
func (k *jobPlaces) fits(owner string, h holding) bool {
	for i := range k.c.Quotas {
		q := &k.c.Quotas[i]
		if q.Owner != owner {
			continue
		}
		if h.unitH > mostKept*orElse(q.MaxUnitH, inf) {
			return false
		}
		for t, v := range h.units {
			if v > mostKept*quotaUnits(k.c, k.ix, q, t) {
				return false
			}
		}
	}
	return true
}

// keepsQuotas says whether what some classes of an owner may ever hold is a small part of its quotas.
func (k *jobPlaces) keepsQuotas(owner string, of func(class int) bool) bool {
	if !slices.ContainsFunc(k.c.Quotas, func(q model.Quota) bool { return q.Owner == owner }) {
		return true
	}
	return k.fits(owner, k.mayHold(owner, of))
}

// mayHold is the most that some classes of an owner hold.
func (k *jobPlaces) mayHold(owner string, of func(class int) bool) holding {
	h := holding{units: make([]float64, len(k.problem.Hours))}
	for i := range k.c.Jobs {
		if j := &k.c.Jobs[i]; j.Owner == owner && of(i) {
			k.add(&h, j)
		}
	}
	return h
}

// fewBesides says that an owner has jobs in the program whose places a placement cannot choose, and few
// others: these are there as well.
func (d *drafter) fewBesides(owner string) bool {
	obstacles, others := 0, 0
	for i := range d.c.Jobs {
		switch {
		case d.c.Jobs[i].Owner != owner:
		case !d.inside[i]:
			others++
		case !d.isMoving(i):
			obstacles++
		}
	}
	return obstacles > 0 && others > 0 && others <= fewOffering
}

// besides are the classes in the program.
func (d *drafter) besides() []bool {
	c := d.c
	inside, with := make([]bool, len(c.Jobs)), make([][]int, len(c.Jobs))
	tie := func(jobs []int) {
		for _, i := range jobs[1:] {
			with[i], with[jobs[0]] = append(with[i], jobs[0]), append(with[jobs[0]], i)
		}
	}
	var next []int
	enter := func(i int) {
		if !inside[i] {
			inside[i] = true
			next = append(next, i)
		}
	}
	owned := make(map[string][]int)
	for i := range c.Jobs {
		j := &c.Jobs[i]
		if d.obstacle(j) != "" {
			enter(i)
		}
		for _, p := range j.After {
			tie([]int{i, d.ix.Jobs[p.Job]})
		}
		owned[j.Owner] = append(owned[j.Owner], i)
	}
	for i := range c.Quotas {
		if of := owned[c.Quotas[i].Owner]; len(of) > 1 && !d.shares[c.Quotas[i].Owner] {
			tie(of)
		}
	}
	for i := range c.JobGroups {
		g := &c.JobGroups[i]
		of := d.members(g)
		tie(of)
		if g.AllOrNone && slices.ContainsFunc(of, func(i int) bool { return d.ix.MayLeaveWork(&c.Jobs[i]) }) {
			enter(of[0]) // to leave all of a job's work is not to drop it
		}
	}
	for len(next) > 0 {
		i := next[len(next)-1]
		next = next[:len(next)-1]
		for _, k := range with[i] {
			enter(k)
		}
	}
	return inside
}

func (k *jobPlaces) members(g *model.JobGroup) []int {
	var out []int
	for _, name := range g.Jobs {
		out = append(out, k.ix.Jobs[name])
	}
	return out
}

// tie states the ties of the jobs that are placed.
func (d *drafter) tie() {
	p, c, hands := d.problem, d.c, false
	for i := range c.Jobs {
		if d.inside[i] {
			continue
		}
		for _, e := range c.Jobs[i].After {
			before := d.first[d.ix.Jobs[e.Job]]
			p.Precedences = append(p.Precedences, place.Precedence{Before: before, After: d.first[i], LagH: e.LagH, GB: e.GB})
			hands = hands || e.GB > 0
		}
	}
	if hands {
		d.handOver()
	}
	for i := range c.JobGroups {
		g := &c.JobGroups[i]
		if d.inside[d.members(g)[0]] {
			continue
		}
		group := place.Group{MaxPer: max(1, g.MaxPer), FinishWithinH: orElse(g.FinishWithinH, inf), AllOrNone: g.AllOrNone}
		for _, k := range d.members(g) {
			group.Jobs = append(group.Jobs, d.first[k])
		}
		if g.Together != "" {
			group.Together = d.placesOf(g.Together)
		}
		if g.Apart != "" {
			group.Apart = d.placesOf(g.Apart)
		}
		p.Groups = append(p.Groups, group)
	}
}

// placesOf numbers the places of pools.
func (d *drafter) placesOf(kind model.Place) []int32 {
	known, out := make(map[string]int32), make([]int32, len(d.real))
	for i, real := range d.real {
		pool := &d.c.Pools[real]
		name := pool.Name
		switch kind {
		case model.InSite:
			name = pool.Site
		case model.InRegion:
			name = d.c.Sites[d.ix.Sites[pool.Site]].Region
		}
		if _, ok := known[name]; !ok {
			known[name] = int32(len(known))
		}
		out[i] = known[name]
	}
	return out
}

// others says which classes are in the program, by reason; empty for none.
func (d *drafter) others() string {
	count := make(map[string]int)
	for i := range d.c.Jobs {
		if d.inside[i] {
			count[cmp.Or(d.obstacle(&d.c.Jobs[i]), "tied to such ones")]++
		}
	}
	var out []string
	for _, reason := range slices.Sorted(maps.Keys(count)) {
		out = append(out, fmt.Sprintf("%d %s", count[reason], reason))
	}
	return strings.Join(out, ", ")
}

// obstacle is why a placement cannot hold the job, as far as it alone is concerned; empty
// where it can.
func (d *drafter) obstacle(j *model.Job) string {
	switch {
	case len(j.Reserves) > 0 && j.Gang():
		return "gangs offering reserve"
	case len(j.Reserves) > 0 && d.callAt == nil:
		return "offering reserve"
	case j.N() > 1 && d.tied[j.Name]:
		return "of classes kept apart"
	case j.Migration != nil && j.Shape == model.Malleable || d.moving[j.Name]:
		return "that migrate, or whose pauses count"
	case j.Gang() && !d.grain:
		return "gangs in periods without a common measure"
	case j.BacklogPricePerUnitH != nil && (j.Fluid() || j.Shape == model.Malleable) && len(j.Outputs) > 0:
		return "preemptible or malleable with outputs and a backlog price"
	}
	return ""
}

// pausesCount says of a malleable job that its pauses are counted, or cost work.
func pausesCount(j *model.Job) bool {
	return j.Shape == model.Malleable && (j.MaxInterruptions != nil || j.InterruptionH() > 0)
}
