package opt

// The jobs of a case as a placement sees them (package place), and back.

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/wattbit/wattbit/internal/inorder"
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
)

// jobPlaces is every single job that is placed outside the program, with its present
// place.
type jobPlaces struct {
	c       *model.Case
	ix      *model.Index
	problem *place.Problem
	at      []place.Assignment
	// copies of datasets, of which each of the problem's is one, and how they come.
	copies []copyKey
	comes  []place.Delivery
	// secure says that in outages some jobs keep their units while others yield. Those that
	// do hold them in pools of their own on the same modules, as power levels do, so that
	// their units have a price of their own: after the pools of the case the same once more.
	secure bool
	// others says which classes are in the program, and why.
	others string
	// first is the position of each class's first job in the problem; -1 for
	// classes that are in the program.
	first []int32
	// real are the pools of the case that the problem's stand for: jobs that offer reserve have
	// pools of their own on the same modules, from callAt on (placed_offers.go); nil for none.
	real   []int
	callAt []int32
	// middles part the groups of such jobs, in hours.
	middles []float64
	// few is the number of classes offering reserve up to which they are in the program;
	// offers is what those that are placed may promise, nil for nothing, and mixtures what they
	// do, by pool of the problem.
	few      int
	offers   *jobOffers
	mixtures map[int]*callMixture
}

// newJobPlaces states the jobs of a valid case as a placement, as far as it can hold
// them; the others are in the program, and so are classes offering reserve where they are few.
func newJobPlaces(c *model.Case, few int) *jobPlaces {
	ix := c.Index()
	T := len(ix.Hours)
	k := &jobPlaces{c: c, ix: ix, problem: &place.Problem{Hours: ix.Hours}, few: few, mixtures: make(map[int]*callMixture)}
	p := k.problem
	k.secure = c.ComputingOutages.JobsYield() && len(ix.Outages()) > 0
	for i := range c.Pools {
		pool := place.Pool{CapacityUnits: make([]float64, T)}
		for t := range T {
			pool.CapacityUnits[t] = ix.MaxUnits(i, t)
		}
		if base := ix.BasePool(i); base != i {
			pool.Base = int32(base) + 1
		}
		p.Pools, k.real = append(p.Pools, pool), append(k.real, i)
	}
	for i := range c.Pools {
		if k.secure {
			k.samePool(i)
		}
	}
	if manyOffer(c, few) {
		k.callPools()
	}
	for i := range c.DataLinks {
		gb := make([]float64, T)
		for t := range gb {
			gb[t] = ix.DataGB(i, t)
		}
		link := place.Link{CapacityGB: gb, LeadH: c.DataLinks[i].LeadTimeH}
		p.Links = append(p.Links, link, link)
	}
	n := 0
	for i := range c.Jobs {
		n += c.Jobs[i].N()
	}
	p.Jobs, k.first = make([]place.Job, 0, n), make([]int32, 0, len(c.Jobs))
	d := newDrafter(k)
	inorder.Blocks(len(c.Jobs), placementsAtOnce, func(from, to int) [][]model.Placement {
		placements := make([][]model.Placement, to-from)
		for i := range placements {
			if !d.inside[from+i] {
				placements[i] = ix.JobPlacements(&c.Jobs[from+i])
			}
		}
		return placements
	}, func(from, _ int, placements [][]model.Placement) {
		for i := range placements {
			d.state(from+i, placements[i])
		}
	})
	d.tie()
	k.others, k.offers = d.others(), newJobOffers(k)
	k.at = k.nobody()
	return k
}

// nobody are the places of jobs that all do nothing.
func (k *jobPlaces) nobody() []place.Assignment {
	at := make([]place.Assignment, len(k.problem.Jobs))
	for i := range at {
		at[i].Pool = place.None
	}
	return at
}

// undoneCost is what the jobs cost then, money.
func (k *jobPlaces) undoneCost() (cost float64) {
	for i := range k.problem.Jobs {
		cost += k.problem.Jobs[i].DropPrice
	}
	return cost
}

// placementsAtOnce is of how many jobs one processor works out the placements in one go.
const placementsAtOnce = 256

// has says whether class i is placed outside the program.
func (k *jobPlaces) has(i int) bool { return k != nil && k.first[i] >= 0 }

// drafter states jobs; like jobs share what they can.
type drafter struct {
	*jobPlaces
	inside     []bool           // classes that are in the program
	readInside []bool           // datasets that one of these may read
	tied       map[string]bool  // jobs that others come after, or that are in a group
	moving     map[string]bool  // jobs that migrate, or whose pauses count, which are in the program
	owners     map[string]int32 // with a quota: the position plus 1; -1 for those with jobs in the program
	grain      bool             // periods are whole multiples of a common length
	reach      map[string]int32
	widths     map[string]int32
	copied     map[copyKey]int32
	key        []byte // of what is looked up in them
}

func newDrafter(k *jobPlaces) *drafter {
	d := &drafter{
		jobPlaces: k, tied: k.c.TiedJobs(), owners: make(map[string]int32),
		reach: make(map[string]int32), widths: make(map[string]int32), copied: make(map[copyKey]int32), grain: place.CommonGrain(k.problem.Hours),
	}
	d.moving = d.movingInside()
	d.inside = d.besides()
	d.readInside = make([]bool, len(k.c.Datasets))
	for i := range k.c.Jobs {
		for _, name := range k.c.Jobs[i].Datasets {
			d.readInside[k.ix.Datasets[name]] = d.readInside[k.ix.Datasets[name]] || d.inside[i]
		}
	}
	for i := range k.c.Jobs { // a quota is shared by jobs on one side only
		if owner := k.c.Jobs[i].Owner; owner != "" && d.inside[i] {
			d.owners[owner] = -1
		}
	}
	p := k.problem
	for i := range k.c.Quotas {
		q := &k.c.Quotas[i]
		if d.owners[q.Owner] < 0 {
			continue
		}
		quota := place.Quota{MaxUnitH: orElse(q.MaxUnitH, inf)}
		if q.MaxUnits.Given() || q.MaxShare.Given() {
			for t := range p.Hours {
				quota.MaxUnits = append(quota.MaxUnits, quotaUnits(k.c, k.ix, q, t))
			}
		}
		for _, pool := range k.real {
			quota.Pools = append(quota.Pools, quotaConcerns(k.c, q, pool))
		}
		if d.owners[q.Owner] == 0 {
			p.Owners = append(p.Owners, nil)
			d.owners[q.Owner] = int32(len(p.Owners))
		}
		own := &p.Owners[d.owners[q.Owner]-1]
		*own = append(*own, int32(len(p.Quotas)))
		p.Quotas = append(p.Quotas, quota)
	}
	return d
}

// mostMoving jobs that migrate, or whose pauses count, are in the program, those of most work,
// tied to no others and without a quota: all that they may do is tried there, and each takes
// hundreds of columns. More are placed in one pool or without a pause, and bounds have them move
// and pause for nothing.
const mostMoving = 16

// movingInside chooses them.
func (d *drafter) movingInside() map[string]bool {
	quotas := make(map[string]bool)
	for i := range d.c.Quotas {
		quotas[d.c.Quotas[i].Owner] = true
	}
	var all []*model.Job
	for i := range d.c.Jobs {
		if j := &d.c.Jobs[i]; (j.Migration != nil || pausesCount(j)) && d.obstacle(j) == "" && j.N() == 1 && len(j.After) == 0 && !d.tied[j.Name] && !quotas[j.Owner] {
			all = append(all, j)
		}
	}
	slices.SortStableFunc(all, func(a, b *model.Job) int { return cmp.Compare(b.WorkUnitH, a.WorkUnitH) })
	out := make(map[string]bool)
	for _, j := range all[:min(len(all), mostMoving)] {
		out[j.Name] = true
	}
	return out
}

// besides says which classes are in the program: those that a placement cannot hold, and
// those that are tied to one of them or share a quota with one.
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
		if of := owned[c.Quotas[i].Owner]; len(of) > 1 {
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

// keeps says that a job keeps its units in outages while others yield.
func (k *jobPlaces) keeps(j *model.Job) bool {
	return k.secure && !k.c.ComputingOutages.Yields(j)
}

// stays says whether units of a pool of the problem are held in outages while others yield.
func (k *jobPlaces) stays(pool int) bool {
	n := len(k.c.Pools)
	return k.secure && pool >= n && pool < 2*n
}

// obstacle is why a placement cannot hold the job, as far as it alone is concerned; empty
// where it can.
func (d *drafter) obstacle(j *model.Job) string {
	switch {
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

// pausesCount says of a malleable job that its pauses are counted, or cost work. It is placed
// without any.
func pausesCount(j *model.Job) bool {
	return j.Shape == model.Malleable && (j.MaxInterruptions != nil || j.InterruptionH() > 0)
}

// mostInterruptions of a gang that is placed: its oracle's work grows with their
// square. Bounds know of gangs that may have more.
const mostInterruptions = 8

// state states the jobs of a class; the next one.
func (d *drafter) state(class int, placements []model.Placement) {
	if d.inside[class] {
		d.first = append(d.first, -1)
		return
	}
	p, j := d.problem, &d.c.Jobs[class]
	d.first = append(d.first, int32(len(p.Jobs)))
	job := d.job(j, placements)
	for range j.N() {
		p.Jobs = append(p.Jobs, job)
	}
}

// job states one job of a class.
func (d *drafter) job(j *model.Job, placements []model.Placement) place.Job {
	first, _, last := d.ix.JobWindow(j)
	job := place.Job{
		First: int32(first), End: int32(last), Units: j.Units, WorkUnitH: j.WorkUnitH, Flows: d.flowsOf(j),
		DeadlineH: orElse(j.LateFrom(), math.Inf(1)), LatePricePerH: orElse(j.LatePricePerH, 0),
		DropPrice: d.undone(j), Owner: max(0, d.owners[j.Owner]),
	}
	if d.ix.MayLeaveWork(j) {
		job.BacklogPricePerUnitH = *j.BacklogPricePerUnitH
	}
	switch {
	case j.Shape == model.Moldable:
		job.Shape, job.Widths = place.Moldable, d.widthsOf(j)
	case j.Shape == model.Malleable:
		job.Shape, job.Widths = place.Malleable, d.widthsOf(j)
		if job.Unbroken = pausesCount(j); job.Unbroken {
			job.LossH, job.MaxInterruptions = j.RestartH+j.CheckpointLossH, mostInterruptions
			if n := j.MaxInterruptions; n != nil {
				job.MaxInterruptions = int32(min(*n, mostInterruptions))
			}
		}
	case j.Gang():
		job.Shape, job.LossH = place.Gang, j.RestartH+j.CheckpointLossH
		job.MaxInterruptions, job.MoreInterruptions = mostInterruptions, true
		if n := j.MaxInterruptions; n != nil && *n <= mostInterruptions {
			job.MaxInterruptions, job.MoreInterruptions = int32(*n), false
		}
	case j.Fluid():
		job.Shape = place.Preemptible
	}
	if r := j.Running; r != nil {
		job.DoneUnitH = r.DoneUnitH
		switch {
		case j.Fluid() || j.Shape == model.Malleable: // it goes on as one of the work that is left
			job.WorkUnitH, job.DoneUnitH = j.WorkLeft(), 0
		case j.Shape == model.Moldable:
			job.NowUnits = d.ix.RunningWidth(j).Units
		}
	}
	job.Reach = d.reachOf(j, placements, false)
	if j.Migration != nil && (j.Running == nil || !j.Running.Pinned) {
		job.Roams = d.reachOf(j, placements, true) + 1
	}
	return job
}

// undone is what a job costs that does nothing: dropped or, where that is cheaper,
// left to the next plan.
func (k *jobPlaces) undone(j *model.Job) float64 {
	return math.Min(k.c.DropCost(j), k.notBegun(j))
}

// notBegun is the cost of a job that is left to the next plan with all its work, or all
// that is left of it.
func (k *jobPlaces) notBegun(j *model.Job) float64 {
	if !k.ix.MayLeaveWork(j) || j.Running != nil && j.Running.Pinned && j.Steady() {
		return math.Inf(1)
	}
	return *j.BacklogPricePerUnitH*allLeft(j) + orElse(j.LatePricePerH, 0)*k.ix.LateHours(j, len(k.ix.Hours))
}

// allLeft is the work that a job leaves which does nothing: of one that would have to begin
// anew, all; of one that may be interrupted, what is left.
func allLeft(j *model.Job) float64 {
	if j.Steady() {
		return j.WorkUnitH
	}
	return j.WorkLeft()
}

// reachOf returns the position of a job's options: where it may begin or, roams, come to.
func (d *drafter) reachOf(j *model.Job, placements []model.Placement, roams bool) int32 {
	options, flows := make([]place.Option, 0, len(placements)+1), flowsOf(j)
	running := -1
	if r := j.Running; r != nil {
		if running = d.ix.Pools[r.Pool]; placements[running].OK {
			options = append(options, place.Option{
				Pool: d.seat(j, running), Links: d.linksOf(flows, running, true), Speed: d.ix.JobSpeed(j, running), Now: j.Steady() || j.Gang() || pausesCount(j),
			})
		}
	}
	for _, from := range placements {
		if !from.OK || running >= 0 && !roams && (j.Running.Pinned || !j.Steady()) {
			continue
		}
		has := d.ix.HasData(j, d.ix.RegionOf(from.Pool))
		options = append(options, place.Option{
			Pool: d.seat(j, from.Pool), Links: d.linksOf(flows, from.Pool, has), Copies: d.copiesOf(j, from.Pool, has),
			Speed: d.ix.JobSpeed(j, from.Pool), Later: from.Pool == running,
		})
	}
	d.key = d.key[:0]
	for _, o := range options {
		d.key = binary.LittleEndian.AppendUint32(d.key, uint32(o.Pool))
		for _, list := range [...][]int32{o.Links, o.Copies} {
			d.key = binary.LittleEndian.AppendUint32(d.key, uint32(len(list)))
			for _, v := range list {
				d.key = binary.LittleEndian.AppendUint32(d.key, uint32(v))
			}
		}
		d.key = binary.LittleEndian.AppendUint64(d.key, math.Float64bits(o.Speed))
		d.key = strconv.AppendBool(strconv.AppendBool(d.key, o.Now), o.Later)
	}
	return shared(d.reach, d.key, &d.problem.Reach, options)
}

func (d *drafter) widthsOf(j *model.Job) int32 {
	var widths []place.Width
	for _, w := range j.Widths() {
		widths = append(widths, place.Width{Units: w.Units, Rate: w.EffectiveUnits})
	}
	d.key = d.key[:0]
	for _, w := range widths {
		d.key = binary.LittleEndian.AppendUint64(d.key, math.Float64bits(w.Units))
		d.key = binary.LittleEndian.AppendUint64(d.key, math.Float64bits(w.Rate))
	}
	return shared(d.widths, d.key, &d.problem.Widths, widths)
}

// shared returns the position in all of what has a key, adding it where it is new.
func shared[T any](known map[string]int32, key []byte, all *[][]T, one []T) int32 {
	at, ok := known[string(key)]
	if !ok {
		at = int32(len(*all))
		*all = append(*all, one)
		known[string(key)] = at
	}
	return at
}

// single appends the plans of a class's jobs, and charges its costs.
func (k *jobPlaces) single(out []model.JobPlan, pt *Point, class int, owner int32, promised map[int32]*promisedOf) []model.JobPlan {
	j := &k.c.Jobs[class]
	for n := range j.N() {
		at := int(k.first[class]) + n
		job, a := &k.problem.Jobs[at], &k.at[at]
		out = append(out, model.JobPlan{Job: j.Name, Number: n + 1})
		one := &out[len(out)-1]
		if a.Dropped() {
			k.leave(pt, j, one, owner)
			continue
		}
		one.Pool, one.First, one.LeftUnitH = k.c.Pools[k.real[a.Pool]].Name, int(a.First), a.LeftUnitH
		one.BusyUnits, one.HeldUnits = units(job, a)
		if r := promised[int32(at)]; r != nil {
			one.Reserves, one.SpareUnits = r.reserves, r.spare
		}
		end := int(a.End)
		k.transfers(pt, j, a, one, owner)
		if a.LeftUnitH > 0 {
			pt.charge(model.CostBacklog, owner, orElse(j.BacklogPricePerUnitH, 0)*a.LeftUnitH)
			end = len(k.ix.Hours)
		}
		if j.LatePricePerH != nil {
			one.LateH = k.ix.LateHours(j, end)
			pt.charge(model.CostLate, owner, *j.LatePricePerH*one.LateH)
		}
	}
	return out
}

// leave writes the plan of a job that does nothing.
func (k *jobPlaces) leave(pt *Point, j *model.Job, one *model.JobPlan, owner int32) {
	if drop := k.c.DropCost(j); drop <= k.notBegun(j) {
		one.Dropped = true
		pt.charge(model.CostDropped, owner, drop)
		return
	}
	one.LeftUnitH = allLeft(j)
	pt.charge(model.CostBacklog, owner, *j.BacklogPricePerUnitH*one.LeftUnitH)
	if j.LatePricePerH != nil {
		one.LateH = k.ix.LateHours(j, len(k.ix.Hours))
		pt.charge(model.CostLate, owner, *j.LatePricePerH*one.LateH)
	}
}

// units of a job, busy and held, from its first period of work to its last; held is
// nil where the plan does not state it.
func units(j *place.Job, a *place.Assignment) (busy, held []float64) {
	busy = make([]float64, a.End-a.First)
	switch j.Shape {
	case place.Preemptible, place.Malleable:
		for _, w := range a.Work {
			busy[w.Period-a.First] = w.Amount
		}
		return busy, nil
	case place.Gang:
		held = make([]float64, len(busy))
		for _, w := range a.Work {
			busy[w.Period-a.First], held[w.Period-a.First] = w.Amount, a.Units
		}
		return busy, held
	}
	for t := range busy {
		busy[t] = a.Units
	}
	busy[len(busy)-1] = a.LastBusy
	if j.Shape == place.Moldable {
		held = make([]float64, len(busy))
		for t := range held {
			held[t] = a.Units
		}
	}
	return busy, held
}

// take gives the jobs their places, and their datasets copies.
func (k *jobPlaces) take(places []place.Assignment, copies []place.Delivery) {
	k.comes = slices.Clone(copies)
	for i := range places {
		k.at[i] = places[i]
		if k.problem.Jobs[i].Shape == place.Preemptible {
			trimRests(&k.at[i], k.problem.Hours)
		}
	}
}

// idle is the number of units up to which a plan's reader takes a job to be paused:
// no work begins or ends so.
const idle = 2e-6

// trimRests takes rests of rounding from both ends of the work of a job that may pause;
// the period next to them does them too.
func trimRests(a *place.Assignment, hours []float64) {
	from, to := 0, len(a.Work)
	for to-from > 1 && a.Work[from].Amount <= idle {
		from++
	}
	for to-from > 1 && a.Work[to-1].Amount <= idle {
		to--
	}
	if to-from == len(a.Work) {
		return
	}
	work := slices.Clone(a.Work[from:to]) // an assignment's slices are shared
	give := func(to *place.Load, rests []place.Load) {
		for _, w := range rests {
			to.Amount += w.Amount * hours[w.Period] / hours[to.Period]
		}
	}
	give(&work[0], a.Work[:from])
	give(&work[len(work)-1], a.Work[to:])
	a.Work, a.First, a.End = work, work[0].Period, work[len(work)-1].Period+1
}

// use is what the jobs take now.
func (k *jobPlaces) use() *place.Use {
	u := place.NewUse(k.problem)
	for i := range k.comes {
		u.AddData(k.comes[i].Data, len(k.problem.Hours))
	}
	for i := range k.at {
		u.Add(&k.at[i], len(k.problem.Hours))
	}
	return &u
}

// guess is a use to begin with: all work, spread over all pools and periods.
func (k *jobPlaces) guess() *place.Use {
	work, offer := 0.0, 0.0
	for i := range k.problem.Jobs {
		work += k.problem.Jobs[i].WorkUnitH
	}
	for i := range k.problem.Pools {
		for t, units := range k.modules(i) {
			offer += units * k.c.Pools[k.real[i]].UnitSpeed() * k.problem.Hours[t]
		}
	}
	share := 0.0
	if offer > 0 {
		share = math.Min(fullest, work/offer)
	}
	return k.even(share)
}

// modules are the units of a pool's own modules by period; none for a power level.
func (k *jobPlaces) modules(pool int) []float64 {
	if k.problem.Pools[pool].Base > 0 {
		return nil
	}
	return k.problem.Pools[pool].CapacityUnits
}

// even is a share of all capacity of pools, held and busy.
func (k *jobPlaces) even(share float64) *place.Use {
	u := place.NewUse(k.problem)
	T := len(k.problem.Hours)
	for i := range k.problem.Pools {
		for t, units := range k.modules(i) {
			u.Held[i*T+t], u.Busy[i*T+t] = share*units, share*units
		}
	}
	return &u
}

// fullest is how full pools are in a guess at most.
const fullest = 0.9
