package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wattbit/wattbit/model"
)

// ShortageKind says what is short.
type ShortageKind string

const (
	ShortPower     ShortageKind = "power"           // demand shed at a bus
	ShortRoom      ShortageKind = "surplus"         // power that a bus cannot get rid of
	ShortReserve   ShortageKind = "reserve"         // a product below its requirement
	ShortWork      ShortageKind = "unserved work"   // a workload
	ShortOutage    ShortageKind = "outage"          // a workload, if a site or data link is lost
	ShortDropped   ShortageKind = "dropped jobs"    // a job or class
	ShortLate      ShortageKind = "late jobs"       // a job or class
	ShortLeft      ShortageKind = "work left"       // of a job or class, at the horizon's end
	ShortCO2       ShortageKind = "co2 excess"      // tonnes above the cap
	ShortRenewable ShortageKind = "renewable share" // energy below the share
	ShortWater     ShortageKind = "water excess"    // of a site, above its limit
	ShortGreen     ShortageKind = "green share"     // of a site, energy below its shares
)

// Shortage is something that the plan could not serve or keep in consecutive
// periods, why, and what would mend it. Sentences are computed from the plan:
// headroom, free link capacity, levels, and the work that runs there.
type Shortage struct {
	Kind ShortageKind `json:"kind"`
	// Where is the bus, product, workload, job or site; empty for policy.
	Where string `json:"where,omitempty"`
	// From and To in the case's zone; the horizon where no time applies.
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
	// Amount and its Unit, as in MWh, unit-h, t.
	Amount float64 `json:"amount"`
	Unit   string  `json:"unit"`
	// Peak is the most at once, in PeakUnit, in the period from PeakTime;
	// 0 where it makes no sense.
	Peak     float64   `json:"peak,omitempty"`
	PeakUnit string    `json:"peak_unit,omitempty"`
	PeakTime time.Time `json:"peak_time"`
	// Cost is the penalty paid.
	Cost float64 `json:"cost"`

	// Text says what is short in a sentence; Why and Mend follow it. Of jobs that are
	// late, dropped or leave work the thousand most costly are explained.
	Text string   `json:"text"`
	Why  []string `json:"why,omitempty"`
	Mend []string `json:"mend,omitempty"`

	explain func() (why, mend []string) // of jobs, until it has been asked
}

const maxExplained = 1_000

// shortageMW is the least that counts as short: above what rounding leaves.
const shortageMW = 1e-3

// window is a run of consecutive periods in which something is short.
type window struct {
	first, last int
	amount      float64 // times hours
	peak        float64
	at          int
}

func (w window) holds(t int) bool { return w.first <= t && t <= w.last }

// windows finds the runs in which a series is above what rounding leaves.
func (j *joined) windows(short []float64) []window {
	var out []window
	for t, x := range short {
		if x <= shortageMW {
			continue
		}
		if n := len(out); n == 0 || out[n-1].last != t-1 {
			out = append(out, window{first: t, at: t})
		}
		w := &out[len(out)-1]
		w.last = t
		w.amount += x * j.hours[t]
		if x > w.peak {
			w.peak, w.at = x, t
		}
	}
	return out
}

// shortages lists everything that is short, most costly first.
func (j *joined) shortages() []Shortage {
	var out []Shortage
	m := j.mobility()
	for b := range j.c.Buses {
		for _, w := range j.windows(j.buses[b].ShedMW) {
			out = append(out, j.powerShortage(m, b, w))
		}
		for _, w := range j.windows(j.buses[b].SpillMW) {
			out = append(out, j.surplus(b, w))
		}
	}
	for i := range j.c.Reserves {
		for _, w := range j.windows(j.reserves[i].ShortageMW) {
			out = append(out, j.reserveShortage(i, w))
		}
	}
	for i := range j.c.Workloads {
		for _, w := range j.windows(j.workloads[i].UnservedUnits) {
			out = append(out, j.workShortage(m, i, w))
		}
	}
	out = append(out, j.outageShortages(m)...)
	out = append(out, j.jobShortages()...)
	out = append(out, j.policyShortages()...)
	out = append(out, j.siteShortages()...)
	slices.SortStableFunc(out, func(a, b Shortage) int { return cmp.Compare(b.Cost, a.Cost) })
	explained := 0
	for i := range out {
		s := &out[i]
		if s.explain == nil {
			continue
		}
		if explained++; explained <= maxExplained {
			s.Why, s.Mend = s.explain()
		}
		s.explain = nil
	}
	return out
}

// shortage fills in what every kind has.
func (j *joined) shortage(kind ShortageKind, where string, w window, unit, peakUnit string) Shortage {
	return Shortage{
		Kind: kind, Where: where, From: j.cal.times[w.first], To: j.cal.times[w.last+1],
		Amount: w.amount, Unit: unit, Peak: w.peak, PeakUnit: peakUnit, PeakTime: j.cal.times[w.at],
	}
}

// between is the window in words.
func (j *joined) between(w window) string {
	return "between " + j.cal.clock(w.first) + " and " + j.cal.clock(w.last+1)
}

func (j *joined) surplus(b int, w window) Shortage {
	bus := &j.c.Buses[b]
	s := j.shortage(ShortRoom, bus.Name, w, "MWh", "MW")
	price := j.c.Penalties.Spill()
	if bus.SpillPricePerMWh != nil {
		price = *bus.SpillPricePerMWh
	}
	s.Cost = price * w.amount
	s.Text = fmt.Sprintf("%s has %s MWh too much %s, at most %s MW (%s).",
		bus.Name, amount(w.amount), j.between(w), amount(w.peak), j.cal.clock(w.at))
	thermal := 0.0
	for i := range j.c.ThermalUnits {
		if j.c.ThermalUnits[i].Bus == bus.Name {
			thermal += j.thermal[i].PowerMW[w.at]
		}
	}
	if thermal > 0 {
		s.Why = append(s.Why, fmt.Sprintf("units on %s still make %s MW at %s: minimum output, must-run or ramps keep them there",
			bus.Name, amount(thermal), j.cal.clock(w.at)))
	}
	s.Mend = append(s.Mend, fmt.Sprintf("%s MW more export, charging or load on %s", amount(w.peak), bus.Name))
	return s
}

func (j *joined) reserveShortage(i int, w window) Shortage {
	r := &j.c.Reserves[i]
	s := j.shortage(ShortReserve, r.Name, w, "MW·h", "MW")
	price := j.c.Penalties.ReserveShortage()
	if r.ShortagePricePerMWh != nil {
		price = *r.ShortagePricePerMWh
	}
	s.Cost = price * w.amount
	s.Text = fmt.Sprintf("Reserve %s lacks %s MW·h %s, at most %s MW of %s MW (%s).", r.Name, amount(w.amount),
		j.between(w), amount(w.peak), amount(r.RequirementMW.At(w.at, 0)), j.cal.clock(w.at))
	inZone := func(bus string) bool { return len(r.Buses) == 0 || slices.Contains(r.Buses, bus) }
	var idle []string
	units, offMW, idleMW := 0, 0.0, 0.0
	for k := range j.c.ThermalUnits {
		u := &j.c.ThermalUnits[k]
		if !inZone(j.ix.BusOf(u.Bus, u.Site)) {
			continue
		}
		if slices.Contains(u.Reserves, r.Name) {
			_, off := j.thermalRoom(k, w.at)
			units, offMW = units+1, offMW+off
			continue
		}
		room, _ := j.thermalRoom(k, w.at)
		if r.Direction == model.Down {
			room = j.thermal[k].PowerMW[w.at] - float64(j.thermal[k].UnitsOn[w.at])*u.MinPowerMW
		}
		if room > shortageMW {
			idle, idleMW = append(idle, u.Name), idleMW+room
		}
	}
	if offMW > shortageMW {
		s.Why = append(s.Why, fmt.Sprintf("units that may provide it and are off at %s have %s MW: starting them costs more or comes too late",
			j.cal.clock(w.at), amount(offMW)))
	} else if units > 0 {
		s.Why = append(s.Why, "every unit that may provide it runs, and has no more to give within its limits")
	} else {
		s.Why = append(s.Why, "no thermal unit may provide it, and what may has no more to give within its limits, or is worth more elsewhere")
	}
	s.Mend = append(s.Mend, fmt.Sprintf("%s MW more from providers %s", amount(w.peak), j.between(w)))
	if idleMW > 0 {
		s.Mend = append(s.Mend, fmt.Sprintf("units in the zone that do not take part have %s MW of room: %s", amount(idleMW), list(idle, 4)))
	}
	return s
}

func (j *joined) jobShortages() []Shortage {
	type tally struct {
		late, dropped, left, waiting int
		lateH, leftUnitH             float64
		lateOne                      *model.JobPlan
	}
	tallies := make([]tally, len(j.c.Jobs))
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		t := &tallies[j.ix.Jobs[v.Job]]
		switch {
		case v.Dropped:
			t.dropped++
		case v.LateH > lateSlackH:
			t.late++
			t.lateH += v.LateH
			t.lateOne = v
		}
		if v.LeftUnitH > activeUnits {
			t.left++
			if statusOf(v) == JobWaiting {
				t.waiting++
			}
			t.leftUnitH += v.LeftUnitH
		}
	}
	costs := map[model.CostItem]map[string]float64{model.CostLate: {}, model.CostDropped: {}, model.CostBacklog: {}}
	for _, c := range j.p.Costs {
		if of := costs[c.Item]; of != nil {
			of[c.Asset] += c.Amount
		}
	}
	taken, ties, reasons := j.takenOfModules(), j.jobTies(), sync.OnceValue(j.dropReasons)
	var out []Shortage
	for i, t := range tallies {
		if t.late == 0 && t.dropped == 0 && t.left == 0 {
			continue
		}
		job := &j.c.Jobs[i]
		first, end, last := j.ix.JobWindow(job)
		w := window{first: min(first, j.T-1), last: min(max(first, end-1), j.T-1)}
		w.at = w.first
		if t.dropped > 0 {
			w := w
			w.last = min(max(w.first, last-1), j.T-1)
			w.amount = float64(t.dropped) * job.WorkLeft()
			s := j.shortage(ShortDropped, job.Name, w, "unit-h", "")
			s.Cost = costs[model.CostDropped][job.Name]
			s.Text = fmt.Sprintf("%s dropped: %s unit-h between %s (%s) and %s (%s).",
				jobs(job, t.dropped), amount(w.amount), windowBegins(job), j.cal.clock(w.first), windowEnds(job), j.cal.clock(w.last+1))
			s.explain = func() (why, mend []string) {
				why, mend = j.roomForJob(job, taken, first, last)
				more, instead := reasons().of(job)
				if instead != "" {
					mend[0] = instead // of more units
				}
				return append(append(why, more...), j.whyTied(job, nil, ties)...), mend
			}
			out = append(out, s)
		}
		if t.late > 0 {
			w.amount = t.lateH
			s := j.shortage(ShortLate, job.Name, w, "h", "")
			name, by := "deadline", j.cal.clock(w.last+1)
			if from := job.LateFrom(); from != nil {
				by = j.cal.after(*from)
			}
			if job.DueH != nil {
				name = "due time"
			}
			s.Cost = costs[model.CostLate][job.Name]
			s.Text = fmt.Sprintf("%s late: %s h after the %s (%s) in all.", jobs(job, t.late), amount(t.lateH), name, by)
			s.explain = func() (why, mend []string) {
				why, _ = j.roomForJob(job, taken, first, end)
				return append(why, j.whyTied(job, t.lateOne, ties)...),
					[]string{fmt.Sprintf("a %s later by %s h a job on average, or %s more before %s in a pool that can take them",
						name, amount(t.lateH/float64(t.late)), units(job.Widest().Units), by)}
			}
			out = append(out, s)
		}
		if t.left > 0 {
			w := window{first: w.first, last: j.T - 1, at: j.T - 1, amount: t.leftUnitH}
			s := j.shortage(ShortLeft, job.Name, w, "unit-h", "")
			s.Cost = costs[model.CostBacklog][job.Name]
			s.Text = fmt.Sprintf("%s not done by the horizon's end: %s unit-h are left.", jobs(job, t.left), amount(t.leftUnitH))
			s.explain = func() (why, mend []string) {
				why = []string{"what is begun goes on after the horizon's end"}
				if t.waiting > 0 {
					why, _ = j.roomForJob(job, taken, first, j.T)
				}
				return why, []string{"a higher backlog_price_per_unit_h, or a longer horizon"}
			}
			out = append(out, s)
		}
	}
	return out
}

// windowBegins and windowEnds name the bounds of the periods that a job may use.
func windowBegins(job *model.Job) string {
	if job.Running != nil {
		return "the horizon's start"
	}
	return "release"
}

func windowEnds(job *model.Job) string {
	if job.HardDeadline() != nil {
		return "deadline"
	}
	return "the horizon's end"
}

// jobs names a job, or how many of a class, with its verb.
func jobs(job *model.Job, n int) string {
	if job.N() == 1 {
		return fmt.Sprintf("Job %s from %s is", job.Name, job.Region)
	}
	verb := "are"
	if n == 1 {
		verb = "is"
	}
	return fmt.Sprintf("%s of %s %s from %s %s", number(float64(n), 0), plural(job.N(), "job"), job.Name, job.Region, verb)
}

// roomForJob says why a dropped job found no place and what would give it one.
func (j *joined) roomForJob(job *model.Job, taken [][]float64, first, last int) (why, mend []string) {
	var open, refused []string
	free := 0.0
	for _, p := range j.ix.JobPlacements(job) {
		pool := &j.c.Pools[p.Pool]
		if !p.OK {
			// That a pool is of another kind tells nobody anything.
			if len(job.PoolKinds) == 0 || slices.Contains(job.PoolKinds, pool.Kind) {
				refused = append(refused, pool.Name+": "+p.Reason)
			}
			continue
		}
		open = append(open, pool.Name)
		for t := first; t < last; t++ {
			free += max(0, j.ix.MaxUnits(p.Pool, t)-taken[p.Pool][t]) * j.ix.JobSpeed(job, p.Pool) * j.hours[t]
		}
	}
	if len(open) == 0 {
		return []string{"no pool can take it: " + list(refused, 3)},
			[]string{"a pool that fits, a looser latency class, or a later deadline"}
	}
	why = append(why, fmt.Sprintf("pools that can take it (%s) have %s unit-h left in its window, for work of %s unit-h a job",
		list(open, 4), amount(free), amount(job.WorkLeft())))
	longer := "a longer horizon"
	if job.HardDeadline() != nil {
		longer = "a deadline after " + j.cal.clock(min(last, j.T))
	}
	mend = append(mend, fmt.Sprintf("%s more in one of these pools from %s on, or %s",
		units(job.Widest().Units), j.cal.clock(min(first, j.T)), longer))
	if len(refused) > 0 {
		mend = append(mend, "other pools refuse it: "+list(refused, 3))
	}
	return why, mend
}

func (j *joined) policyShortages() []Shortage {
	var out []Shortage
	horizon := window{last: j.T - 1}
	if t := j.p.Policy.CO2ExcessT; t > shortageMW {
		horizon.amount = t
		s := j.shortage(ShortCO2, "", horizon, "t", "")
		s.Cost = j.c.Penalties.CO2Excess() * t
		s.Text = fmt.Sprintf("CO2 is %s t above the cap.", amount(t))
		if j.c.Policy.CO2CapT != nil {
			s.Text = fmt.Sprintf("CO2 is %s t above the cap of %s t.", amount(t), amount(*j.c.Policy.CO2CapT))
		}
		s.Mend = append(s.Mend, fmt.Sprintf("a cap of %s t, or as much less emitted: %s", amount(j.p.Policy.CO2T), j.unusedClean()))
		out = append(out, s)
	}
	if mwh := j.p.Policy.RenewableShortfallMWh; mwh > shortageMW {
		horizon.amount = mwh
		s := j.shortage(ShortRenewable, "", horizon, "MWh", "")
		s.Cost = j.c.Penalties.RenewableShortfall() * mwh
		s.Text = fmt.Sprintf("Renewable energy is %s MWh below the share asked for.", amount(mwh))
		if share := j.c.Policy.RenewableShareMin; share != nil {
			s.Text = fmt.Sprintf("Renewable energy is %s MWh below the share of %s.", amount(mwh), percent(*share))
		}
		s.Mend = append(s.Mend, j.unusedClean())
		out = append(out, s)
	}
	return out
}

// unusedClean says how much renewable energy the plan leaves.
func (j *joined) unusedClean() string {
	curtailed := 0.0
	bySource := busFlows{}
	for i := range j.c.Renewables {
		key := flowKey{flowRenewable, orName(j.c.Renewables[i].Source, "renewable")}
		for t, mw := range j.renewables[i].CurtailedMW {
			bySource.add(j.T, key, t, mw)
		}
		curtailed += j.sum(j.renewables[i].CurtailedMW)
	}
	if curtailed <= shortageMW {
		return "no renewable energy is left unused; it takes more capacity"
	}
	var parts []string
	for _, key := range bySource.keys() {
		parts = append(parts, amount(j.sum(bySource[key]))+" MWh of "+key.name)
	}
	return strings.Join(parts, " and ") + " are curtailed: links, storage or work that follows them would use it"
}
