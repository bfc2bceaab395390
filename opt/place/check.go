package place

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// maxFindings is the number of findings that Check returns.
const maxFindings = 20

// mostInterruptions of a job: memory and time of its oracle grow with them.
const mostInterruptions = 100

// Check returns what makes the problem meaningless, up to twenty findings
// joined, or nil.
func (p *Problem) Check() error {
	var found []error
	find := func(format string, args ...any) {
		if len(found) < maxFindings {
			found = append(found, fmt.Errorf("place: "+format, args...))
		}
	}
	positive := func(v float64) bool { return v > 0 && !math.IsInf(v, 1) }
	amount := func(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }
	series := func(v []float64) bool {
		for _, x := range v {
			if !amount(x) {
				return false
			}
		}
		return len(v) == len(p.Hours)
	}
	for t, h := range p.Hours {
		if !positive(h) {
			find("period %d has %g hours, want a positive number", t, h)
		}
	}
	if len(p.Hours) > math.MaxInt32 || len(p.Jobs) > math.MaxInt32 {
		find("%d periods and %d jobs, want at most %d of each", len(p.Hours), len(p.Jobs), math.MaxInt32)
	}
	for i := range p.Pools {
		if !series(p.Pools[i].CapacityUnits) {
			find("pool %d: want %d capacities, none negative", i, len(p.Hours))
		}
	}
	for i := range p.Links {
		if !series(p.Links[i].CapacityGB) {
			find("link %d: want %d capacities, none negative", i, len(p.Hours))
		}
		if !amount(p.Links[i].LeadH) {
			find("link %d has a lead of %g h, want a number, not negative", i, p.Links[i].LeadH)
		}
	}
	if region := func(r int32) bool { return r >= 0 && int(r) < len(p.Ways) }; p.handsOver() && (len(p.Regions) != len(p.Pools) ||
		slices.ContainsFunc(p.Regions, func(r int32) bool { return !region(r) })) {
		find("regions %d of %d pools, want one of %d for each", p.Regions, len(p.Pools), len(p.Ways))
	}
	for i, to := range p.Ways {
		if len(to) != len(p.Ways) || slices.ContainsFunc(to, func(l int32) bool { return l < NoWay || int(l) >= len(p.Links) }) {
			find("ways from region %d: links %d of %d, want one for each of %d regions, or none", i, to, len(p.Links), len(p.Ways))
		}
	}
	for i := range p.Copies {
		c := &p.Copies[i]
		if !positive(c.GB) || len(c.Links) == 0 || slices.ContainsFunc(c.Links, func(l int32) bool { return l < 0 || int(l) >= len(p.Links) }) {
			find("copy %d: %g GB over links %d of %d; want positive GB, and a link", i, c.GB, c.Links, len(p.Links))
		}
	}
	for i, set := range p.Reach {
		for _, o := range set {
			if o.Pool < 0 || int(o.Pool) >= len(p.Pools) || slices.ContainsFunc(o.Links, func(l int32) bool { return l < None || int(l) >= len(p.Links) }) {
				find("reach %d names pool %d and links %d; there are %d and %d", i, o.Pool, o.Links, len(p.Pools), len(p.Links))
			}
			if slices.ContainsFunc(o.Copies, func(k int32) bool { return k < 0 || int(k) >= len(p.Copies) }) {
				find("reach %d needs copies %d of %d", i, o.Copies, len(p.Copies))
			}
			if len(o.Links) != len(set[0].Links) || twice(o.Links) {
				find("reach %d: links %d in pool %d, %d in pool %d; want one for each flow, none twice", i, o.Links, o.Pool, set[0].Links, set[0].Pool)
			}
			if !positive(o.Speed) {
				find("reach %d has speed %g in pool %d, want a positive number", i, o.Speed, o.Pool)
			}
		}
	}
	for i, list := range p.Widths {
		last, slope := Width{}, math.Inf(1)
		for _, w := range list {
			rise := (w.Rate - last.Rate) / (w.Units - last.Units)
			if !positive(w.Units-last.Units) || !positive(w.Rate-last.Rate) || rise > slope*(1+1e-9) {
				find("widths %d: %g units at rate %g after %g at %g; want both to rise, the rate ever less", i, w.Units, w.Rate, last.Units, last.Rate)
			}
			last, slope = w, rise
		}
		if len(list) == 0 {
			find("widths %d: none", i)
		}
	}
	for i := range p.Pools {
		if b := p.Pools[i].Base; b < 0 || int(b) > len(p.Pools) || p.BasePool(p.BasePool(i)) != p.BasePool(i) {
			find("pool %d runs on the modules of pool %d, which has none of its own", i, b-1)
		}
	}
	for i := range p.Quotas {
		q := &p.Quotas[i]
		if q.Pools != nil && len(q.Pools) != len(p.Pools) || q.MaxUnits != nil && len(q.MaxUnits) != len(p.Hours) || slices.ContainsFunc(q.MaxUnits, func(v float64) bool { return !(v >= 0) }) || !(q.MaxUnitH >= 0) ||
			q.KeptUnits != nil && len(q.KeptUnits) != len(p.Hours) || slices.ContainsFunc(q.KeptUnits, func(v float64) bool { return !amount(v) }) || !amount(q.KeptUnitH) || q.KeptUnitH > q.MaxUnitH {
			find("quota %d: want a word on each of %d pools, %d numbers of units, and unit-hours, none negative, and no more kept of these", i, len(p.Pools), len(p.Hours))
		}
	}
	for i, own := range p.Owners {
		for _, q := range own {
			if q < 0 || int(q) >= len(p.Quotas) {
				find("owner %d has quota %d of %d", i, q, len(p.Quotas))
			}
		}
	}
	known := func(i int32) bool { return i >= 0 && int(i) < len(p.Jobs) }
	sound := true
	for i, e := range p.Precedences {
		if !known(e.Before) || !known(e.After) || !amount(e.LagH) || !amount(e.GB) || e.GB > 0 && !p.handsOver() {
			sound = false
			find("precedence %d: job %d before job %d of %d, %g h apart, %g GB handed over; want ways for these", i, e.Before, e.After, len(p.Jobs), e.LagH, e.GB)
		}
	}
	for i := range p.Groups {
		g := &p.Groups[i]
		placed := func(of []int32) bool { return of == nil || len(of) == len(p.Pools) }
		switch {
		case len(g.Jobs) == 0 || slices.ContainsFunc(g.Jobs, func(i int32) bool { return !known(i) }):
			sound = false
			find("group %d: want jobs, of which there are %d", i, len(p.Jobs))
		case !placed(g.Together) || !placed(g.Apart) || g.Apart != nil && g.MaxPer < 1 || !(g.FinishWithinH >= 0):
			find("group %d: want a place for each of %d pools, one job or more at each, and hours, not negative", i, len(p.Pools))
		}
	}
	if sound {
		if s := newTies(p); s != nil && s.circular {
			find("jobs wait for each other")
		}
	}
	length, _ := grain(p.Hours)
	for i := range p.Jobs {
		j := &p.Jobs[i]
		switch {
		case j.Shape > Gang:
			find("job %d has shape %d, which there is not", i, j.Shape)
		case j.Owner < 0 || int(j.Owner) > len(p.Owners):
			find("job %d is of owner %d of %d", i, j.Owner, len(p.Owners))
		case j.Reach < 0 || int(j.Reach) >= len(p.Reach):
			find("job %d has reach %d of %d", i, j.Reach, len(p.Reach))
		case j.PausesCount && j.Shape != Malleable:
			find("job %d of shape %d counts its pauses, want a malleable one", i, j.Shape)
		case j.Roams < 0 || int(j.Roams) > len(p.Reach) || j.Roams > 0 && j.Shape != Gang:
			find("job %d of shape %d roams in reach %d of %d", i, j.Shape, j.Roams-1, len(p.Reach))
		case !p.joins(j.Reach, j.Flows) || j.Roams > 0 && !p.joins(j.Roams-1, j.Flows):
			find("job %d has %d flows, and options with links for another number", i, len(j.Flows))
		case j.Shape.hasWidths() && (j.Widths < 0 || int(j.Widths) >= len(p.Widths)):
			find("job %d has widths %d of %d", i, j.Widths, len(p.Widths))
		case j.First < 0 || int(j.End) > len(p.Hours):
			find("job %d works in periods %d to %d of %d", i, j.First, j.End-1, len(p.Hours))
		case !j.Shape.hasWidths() && !positive(j.Units):
			find("job %d has %g units, want a positive number", i, j.Units)
		case !positive(j.WorkUnitH):
			find("job %d has %g unit-hours of work, want a positive number", i, j.WorkUnitH)
		case slices.ContainsFunc(j.Flows, func(f Flow) bool { return !positive(f.GB) }):
			find("job %d has flows %v, want positive GB", i, j.Flows)
		case !amount(j.LatePricePerH) || !amount(j.DropPrice) || !amount(j.BacklogPricePerUnitH) || math.IsNaN(j.DeadlineH):
			find("job %d: late price %g, drop price %g, backlog price %g, deadline %g h: want numbers, none negative",
				i, j.LatePricePerH, j.DropPrice, j.BacklogPricePerUnitH, j.DeadlineH)
		case (j.Shape == Malleable || j.Shape == Preemptible) && j.BacklogPricePerUnitH > 0 && slices.ContainsFunc(j.Flows, func(f Flow) bool { return f.Out }):
			find("job %d may leave work, of any size, and has results, which it does not owe then: a preemptible or malleable job cannot have both here", i)
		case j.Shape == Gang && length == 0:
			find("job %d is a gang that may be interrupted: that takes periods that are whole multiples of a common length, %d of them at most", i, mostGrains)
		case j.MaxInterruptions < 0 || j.MaxInterruptions > mostInterruptions || !amount(j.LossH):
			find("job %d may have %d interruptions of %g h, want 0 to %d and a number, not negative", i, j.MaxInterruptions, j.LossH, mostInterruptions)
		case !(j.DoneUnitH >= 0 && j.DoneUnitH < j.WorkUnitH):
			find("job %d has %g of %g unit-hours done, want less than all", i, j.DoneUnitH, j.WorkUnitH)
		}
	}
	return errors.Join(found...)
}

// twice says that a link is listed more than once.
func twice(links []int32) bool {
	for i, l := range links {
		if l != None && slices.Contains(links[:i], l) {
			return true
		}
	}
	return false
}

// joins says that the options have a link for each flow.
func (p *Problem) joins(reach int32, flows []Flow) bool {
	set := p.Reach[reach]
	return len(set) == 0 || len(set[0].Links) == len(flows)
}
