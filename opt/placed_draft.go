package opt

// The jobs of a case stated for a placement: what each may do, and what alike jobs share.

import (
	"encoding/binary"
	"math"
	"strconv"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
)

// drafter states jobs; like jobs share what they can.
type drafter struct {
	*jobPlaces
	inside     []bool           // classes that are in the program
	readInside []bool           // datasets that one of these may read
	tied       map[string]bool  // jobs that others come after, or that are in a group
	moving     map[string]bool  // jobs that migrate, or whose pauses count, which are in the program
	shares     map[string]bool  // owners whose quotas have a part kept for jobs in the program, if any
	owners     map[string]int32 // with a quota: the position plus 1; -1 for those with all jobs in the program
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
	d.chooseInside()
	d.readInside = make([]bool, len(k.c.Datasets))
	for i := range k.c.Jobs {
		for _, name := range k.c.Jobs[i].Datasets {
			d.readInside[k.ix.Datasets[name]] = d.readInside[k.ix.Datasets[name]] || d.inside[i]
		}
	}
	for i := range k.c.Jobs {
		if owner := k.c.Jobs[i].Owner; owner != "" && d.inside[i] && !d.shares[owner] {
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
		if h := d.mayHold(q.Owner, func(class int) bool { return d.inside[class] }); h.unitH > 0 {
			quota.KeptUnits, quota.KeptUnitH = h.units, h.unitH
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

// keeps says that a job keeps its units in outages while others yield.
func (k *jobPlaces) keeps(j *model.Job) bool {
	return k.secure && !k.c.ComputingOutages.Yields(j)
}

// stays says whether units of a pool of the problem are held in outages while others yield.
func (k *jobPlaces) stays(pool int) bool {
	n := len(k.c.Pools)
	return k.secure && pool >= n && pool < 2*n
}

// mostInterruptions of a job that is placed: the work of a gang's oracle grows with their
// square. Bounds know of jobs that may have more.
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
		if job.PausesCount = pausesCount(j); job.PausesCount {
			job.LossH = j.RestartH + j.CheckpointLossH
			interrupt(&job, j)
		}
	case j.Gang():
		job.Shape, job.LossH = place.Gang, j.RestartH+j.CheckpointLossH
		interrupt(&job, j)
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

// interrupt states how often a job may be interrupted.
func interrupt(job *place.Job, j *model.Job) {
	job.MaxInterruptions, job.MoreInterruptions = mostInterruptions, true
	if n := j.MaxInterruptions; n != nil && *n <= mostInterruptions {
		job.MaxInterruptions, job.MoreInterruptions = int32(*n), false
	}
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
