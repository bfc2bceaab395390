package report

// Why a job is dropped for which pools have room: what its cheapest place costs at the
// plan's prices, and what a copy of its datasets costs that the plan does not make,
// beside what it costs to drop it.

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

// dropReasons finds reasons for dropped jobs.
type dropReasons struct {
	j      *joined
	copies map[[2]string]bool
	placer *placer // nil where the plan has no prices
}

func (j *joined) dropReasons() *dropReasons {
	r := &dropReasons{j: j, copies: j.copiesMade()}
	if prices := j.poolPrices(); prices != nil {
		r.placer = j.newPlacer(prices)
	}
	return r
}

// of says what there is to say of a job, and what would mend it where more units would
// not; "" where they would.
func (r *dropReasons) of(job *model.Job) (why []string, mend string) {
	currency, drop := r.j.c.Currency, r.j.c.DropCost(job)
	if place := r.place(job); !math.IsInf(place, 1) {
		why = append(why, fmt.Sprintf("its cheapest place costs %s %s at the plan's prices, to drop it %s %s",
			number(place, 0), currency, number(drop, 0), currency))
		if mend = "a longer search or a smaller gap may place it"; place >= drop {
			mend = "a drop price above that"
		}
	}
	if data, with := r.copy(job); !math.IsInf(data, 1) {
		where := "where it may run"
		if len(why) > 0 {
			where = "elsewhere"
		}
		why = append(why, fmt.Sprintf("%s its data cost %s %s with a copy that the plan does not make (%s)",
			where, number(data, 0), currency, list(with, 3)))
		if mend == "" && data >= drop {
			mend = fmt.Sprintf("a drop price (%s %s) above that, or its data nearer to these pools", number(drop, 0), currency)
		}
	}
	return why, mend
}

// place is what the cheapest place of the job costs that needs no more copies; +Inf
// where none is known.
func (r *dropReasons) place(job *model.Job) float64 {
	s := r.placer
	if s == nil || s.j.ix.MayLeaveWork(job) {
		return math.Inf(1)
	}
	_, _, last := s.j.ix.JobWindow(job)
	w := jobWindow{from: s.after(job), last: last, laterLast: last, due: math.Inf(1), laterDue: math.Inf(1)}
	if by := job.LateFrom(); by != nil && job.LatePricePerH != nil {
		w.due, w.laterDue, w.latePrice = *by, *by, *job.LatePricePerH
	}
	return s.best(job, nil, &w).now
}

// copy is the least that the job's data cost where it needs copies that the plan does
// not make, and these; +Inf where there is no such place.
func (r *dropReasons) copy(job *model.Job) (least float64, with []string) {
	j := r.j
	least = math.Inf(1)
	if job.Running != nil {
		return least, nil // it may have its data already
	}
	for _, p := range j.ix.JobPlacements(job) {
		region := j.ix.RegionOf(p.Pool)
		missing := j.missingDatasets(job, region, r.copies)
		if !p.OK || len(missing) == 0 {
			continue
		}
		money, named := j.inputCost(job, region)+j.outputCost(job, region), []string(nil)
		for _, d := range missing {
			money += j.copyCost(d, region)
			named = append(named, fmt.Sprintf("%s, %s GB", d.Name, number(d.GB, 0)))
		}
		if money < least {
			least, with = money, named
		}
	}
	return least, with
}
