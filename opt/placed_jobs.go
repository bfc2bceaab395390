package opt

// The jobs of a case as a placement sees them (package place), and back.

import (
	"fmt"
	"math"
	"strings"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
)

// jobPlaces is every single job of a case with its present place.
type jobPlaces struct {
	c       *model.Case
	starts  []float64 // hours; of each period, and the horizon's end
	problem *place.Problem
	of      []int32 // the case's job of each single job
	at      []place.Assignment
}

// newJobPlaces states the jobs of a valid case as a placement.
func newJobPlaces(c *model.Case) *jobPlaces {
	ix := c.Index()
	T := len(ix.Hours)
	k := &jobPlaces{c: c, starts: ix.Starts, problem: &place.Problem{Hours: ix.Hours}}
	p := k.problem
	for i := range c.Pools {
		pool := place.Pool{CapacityUnits: make([]float64, T)}
		for t := range pool.CapacityUnits {
			pool.CapacityUnits[t] = c.Pools[i].MaxUnits(t)
		}
		p.Pools = append(p.Pools, pool)
	}
	for i := range c.DataLinks {
		gb := make([]float64, T)
		for t := range gb {
			gb[t] = c.DataLinks[i].CapacityGbps.At(t, 0) * model.GBPerGbpsH * ix.Hours[t]
		}
		p.Links = append(p.Links, place.Link{CapacityGB: gb}, place.Link{CapacityGB: gb})
	}
	reach := make(map[string]int32)
	for i := range c.Jobs {
		j := &c.Jobs[i]
		first, _, last := ix.JobWindow(j)
		job := place.Job{
			Reach: k.reach(ix.JobPlacements(j), reach), First: int32(first), End: int32(last),
			Units: j.Units, WorkUnitH: j.WorkUnitH, InputGB: j.InputGB,
			DeadlineH: orElse(j.DeadlineH, math.Inf(1)), LatePricePerH: orElse(j.LatePricePerH, 0),
			DropPrice: orElse(j.DropPrice, c.Penalties.Drop()*j.WorkUnitH),
		}
		if j.Shape == model.Preemptible {
			job.Shape = place.Preemptible
		}
		for range j.N() {
			p.Jobs = append(p.Jobs, job)
			k.of = append(k.of, int32(i))
		}
	}
	k.at = make([]place.Assignment, len(p.Jobs))
	for i := range k.at {
		k.at[i] = place.Assignment{Pool: place.None, Link: place.None}
	}
	return k
}

// reach returns the position of a set of options, adding it where it is new.
func (k *jobPlaces) reach(from []model.Placement, known map[string]int32) int32 {
	var options []place.Option
	var key strings.Builder
	for _, from := range from {
		if !from.OK {
			continue
		}
		o := place.Option{Pool: int32(from.Pool), Link: place.None, Speed: k.c.Pools[from.Pool].UnitSpeed()}
		if from.DataLink >= 0 {
			o.Link = int32(dataIndex(from.DataLink, from.Forward))
		}
		options = append(options, o)
		fmt.Fprintf(&key, "%d %d,", o.Pool, o.Link)
	}
	at, ok := known[key.String()]
	if !ok {
		at = int32(len(k.problem.Reach))
		k.problem.Reach = append(k.problem.Reach, options)
		known[key.String()] = at
	}
	return at
}

// extract writes the plan of every job, and the costs that are the jobs' own.
func (k *jobPlaces) extract(pt *Point, p *model.Plan) {
	number := 0
	for i := range k.at {
		j, a := &k.c.Jobs[k.of[i]], &k.at[i]
		if number++; i > 0 && k.of[i] != k.of[i-1] {
			number = 1
		}
		job := &k.problem.Jobs[i]
		one := model.JobPlan{Job: j.Name, Number: number}
		if a.Dropped() {
			one.Dropped = true
			pt.Charge(model.CostDropped, j.Name, job.DropPrice)
		} else {
			one.Pool, one.First = k.c.Pools[a.Pool].Name, int(a.First)
			one.BusyUnits = busyUnits(job, a)
			one.TransferFirst, one.TransferGB = spread(a.Input)
			if a.Link != place.None {
				pt.Charge(model.CostData, j.Name, k.c.DataLinks[a.Link/2].PricePerGB*job.InputGB)
			}
			if j.LatePricePerH != nil {
				one.LateH = k.lateH(j, int(a.End))
				pt.Charge(model.CostLate, j.Name, *j.LatePricePerH*one.LateH)
			}
		}
		p.Jobs = append(p.Jobs, one)
	}
}

// lateH is the hours from a job's deadline to the beginning of period end, where its
// work has ended.
func (k *jobPlaces) lateH(j *model.Job, end int) float64 {
	if j.DeadlineH == nil {
		return 0
	}
	if late := k.starts[end] - *j.DeadlineH; late > durationSlack {
		return late
	}
	return 0
}

// busyUnits of a job from its first period of work to its last.
func busyUnits(j *place.Job, a *place.Assignment) []float64 {
	busy := make([]float64, a.End-a.First)
	if j.Shape == place.Preemptible {
		for _, w := range a.Work {
			busy[w.Period-a.First] = w.Amount
		}
		return busy
	}
	for t := range busy {
		busy[t] = a.Units
	}
	busy[len(busy)-1] = a.LastBusy
	return busy
}

// spread turns loads in order of their periods into a series.
func spread(loads []place.Load) (first int, out []float64) {
	if len(loads) == 0 {
		return 0, nil
	}
	from := loads[0].Period
	out = make([]float64, loads[len(loads)-1].Period-from+1)
	for _, l := range loads {
		out[l.Period-from] = l.Amount
	}
	return int(from), out
}

// use is what the jobs take now.
func (k *jobPlaces) use() *place.Use {
	u := place.NewUse(k.problem)
	for i := range k.at {
		u.Add(&k.at[i], len(k.problem.Hours))
	}
	return &u
}

// guess is a use to begin with: all work, spread over all pools and periods.
func (k *jobPlaces) guess() *place.Use {
	u := place.NewUse(k.problem)
	work, offer := 0.0, 0.0
	for i := range k.problem.Jobs {
		work += k.problem.Jobs[i].WorkUnitH
	}
	for i := range k.problem.Pools {
		for t, units := range k.problem.Pools[i].CapacityUnits {
			offer += units * k.c.Pools[i].UnitSpeed() * k.problem.Hours[t]
		}
	}
	share := 0.0
	if offer > 0 {
		share = math.Min(fullest, work/offer)
	}
	T := len(k.problem.Hours)
	for i := range k.problem.Pools {
		for t, units := range k.problem.Pools[i].CapacityUnits {
			u.Held[i*T+t], u.Busy[i*T+t] = share*units, share*units
		}
	}
	return &u
}

// fullest is how full pools are in a guess at most.
const fullest = 0.9
