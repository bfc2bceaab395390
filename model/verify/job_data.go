package verify

import (
	"math"
	"sort"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleJobInput      = "job.input"
	ruleJobInputAt    = "job.input_time"
	ruleJobOutput     = "job.output"
	ruleJobOutputAt   = "job.output_time"
	ruleJobCheckpoint = "job.checkpoint"
	ruleJobData       = "job.data"
	ruleJobDataset    = "job.dataset"
	ruleJobRoute      = "job.route"
)

// flow is data that a job must send: so many GB between two regions, in the
// periods from since on and so early that it can be used in the period before;
// nothing within a region.
type flow struct {
	rule, timeRule string
	what           string // in words
	from, to       int
	gb             float64
	since, before  int
}

// noEnd is the period before which data must be there that is not waited for.
const noEnd = math.MaxInt

// jobData checks what is sent for a job that is not dropped: inputs, outputs and
// checkpoints. What other jobs hand over is checked once all of them are known.
func (k *checker) jobData(x *class, p *model.JobPlan, r *runs) {
	j := x.j
	k.given = k.transfersOf(p, k.given)
	// Of a job that is not begun nothing is due; what is sent all the same is
	// found.
	home, away, begins, ends := -1, -1, 0, 0
	if len(r.stays) > 0 && r.ran() {
		home, away, begins, ends = r.firstStay().region, r.lastStay().region, r.begins(), r.ends()
	}
	needsInput := home >= 0 && !k.hasData(x, r, home)
	if needsInput {
		k.datasetsThere(x, p, home, begins)
	}
	input := flow{ruleJobInput, ruleJobInputAt, "input", x.data, home, 0, x.release, begins}
	if needsInput {
		input.gb = j.InputGB
	}
	x.cost.data += k.flow(j, p, &input, p.TransferFirst, p.TransferGB)
	for i := range j.Inputs {
		f := flow{ruleJobInput, ruleJobInputAt, "input", k.at.regions[j.Inputs[i].Region], home, 0, x.release, begins}
		if needsInput {
			f.gb = j.Inputs[i].GB
		}
		x.cost.data += k.transfer(j, p, &f, transferKey{model.TransferInput, i})
	}
	for i := range j.Outputs {
		f := flow{ruleJobOutput, ruleJobOutputAt, "output", away, k.at.regions[j.Outputs[i].Region], 0, ends, noEnd}
		if away >= 0 && k.done(r) {
			f.gb = j.Outputs[i].GB
		}
		x.cost.data += k.transfer(j, p, &f, transferKey{model.TransferOutput, i})
	}
	for i := 1; i < len(r.stays); i++ {
		k.checkpoint(x, p, &r.stays[i-1], &r.stays[i], i-1)
	}
}

// hasData says whether a job that was running before the horizon needs no input
// and no dataset in the region where it begins.
func (k *checker) hasData(x *class, r *runs, region int) bool {
	return r.goesOn || x.runningIn >= 0 && k.regionOf(x.runningIn) == region
}

// datasetsThere checks that a job's datasets are where it begins.
func (k *checker) datasetsThere(x *class, p *model.JobPlan, home, begins int) {
	for _, name := range x.j.Datasets {
		i := k.at.datasets[name]
		if k.c.Datasets[i].GB == 0 {
			continue
		}
		if there := k.hasDataset(i, home); k.belowInt(begins, there) {
			k.breachInt(ruleJobDataset, x.j.Name, begins, begins, min(there, k.periods),
				"number %d begins in period %d without %q in %q", p.Number, begins, name, k.c.Regions[home].Name)
		}
	}
}

// checkpoint checks what a migration sends: equal parts an hour in the periods
// of the pause.
func (k *checker) checkpoint(x *class, p *model.JobPlan, from, to *stay, move int) {
	j := x.j
	if j.Migration == nil {
		return // reported by moves
	}
	f := flow{ruleJobCheckpoint, ruleJobCheckpoint, "checkpoint", from.region, to.region, j.Migration.GB, from.end(), noEnd}
	x.cost.data += k.transfer(j, p, &f, transferKey{model.TransferMigration, move})
	i, ok := k.given[transferKey{model.TransferMigration, move}]
	if !ok || f.from == f.to {
		return
	}
	given := &p.Transfers[i]
	pause := k.begin[max(to.first, from.end())] - k.begin[from.end()]
	for n, gb := range given.GB {
		t := given.First + n
		want := 0.0
		if t >= from.end() && t < to.first {
			want = f.gb * k.hours[t] / pause
		}
		if k.differ(gb, want) {
			k.breach(ruleJobCheckpoint, j.Name, t, gb, want, "number %d is sent %g GB of its checkpoint, an equal part of the pause is %g", p.Number, gb, want)
		}
	}
}

// transferKey names a transfer of a job.
type transferKey struct {
	what model.TransferKind
	of   int
}

// transfersOf fills a map with the positions of a job's transfers.
func (k *checker) transfersOf(p *model.JobPlan, at map[transferKey]int) map[transferKey]int {
	if len(p.Transfers) == 0 && len(at) == 0 {
		return at
	}
	if at == nil {
		at = map[transferKey]int{}
	}
	clear(at)
	for i := range p.Transfers {
		at[transferKey{p.Transfers[i].What, p.Transfers[i].Of}] = i
	}
	return at
}

// transfer checks a flow against the plan's transfer for it, if there is one.
// It returns what it costs.
func (k *checker) transfer(j *model.Job, p *model.JobPlan, f *flow, key transferKey) (cost float64) {
	i, ok := k.given[key]
	if !ok {
		return k.flow(j, p, f, 0, nil)
	}
	t := &p.Transfers[i]
	k.report.Checked++
	if f.from >= 0 && f.to >= 0 && (k.at.regions[t.From] != f.from || k.at.regions[t.To] != f.to) {
		k.breach(ruleJobRoute, j.Name, t.First, 0, 0, "number %d: %s goes from %q to %q, should from %q to %q",
			p.Number, f.what, t.From, t.To, k.c.Regions[f.from].Name, k.c.Regions[f.to].Name)
	}
	return k.flow(j, p, f, t.First, t.GB)
}

// flow compares data sent, GB in each period from first on, with what must be
// sent, adds it to the data link and returns what it costs.
func (k *checker) flow(j *model.Job, p *model.JobPlan, f *flow, first int, sentGB []float64) (cost float64) {
	want := 0.0
	if f.from != f.to {
		want = f.gb
	}
	k.report.Checked++
	if want == 0 && len(sentGB) == 0 {
		return 0
	}
	way, linked := k.passageTo(f.from, f.to)
	if want > 0 && !linked {
		k.breach(ruleJobData, j.Name, -1, want, 0,
			"number %d: %s of %g GB goes from %q to %q, which no data link joins", p.Number, f.what, want, k.c.Regions[f.from].Name, k.c.Regions[f.to].Name)
		return 0
	}
	sent := 0.0
	for n, gb := range sentGB {
		t := first + n
		if k.below(gb, 0) {
			k.breach(f.rule, j.Name, t, gb, 0, "number %d: %g GB of %s are sent", p.Number, gb, f.what)
		}
		sent += gb
		if want == 0 {
			continue
		}
		k.send(way, t, gb)
		k.report.Checked++
		if math.Abs(gb) > k.o.Tolerances.Activity && (t < f.since || k.usable(way, t) > f.before) {
			k.breachInt(f.timeRule, j.Name, t, t, f.since,
				"number %d: %s is sent in period %d; it may be from period %d on and must be there in time", p.Number, f.what, t, f.since)
		}
	}
	if k.differ(sent, want) {
		k.breach(f.rule, j.Name, -1, sent, want, "number %d: %g GB of %s are sent, %g must be", p.Number, sent, f.what, want)
	}
	if want == 0 {
		return 0
	}
	return k.pricePerGB(f.from, way) * sent
}

// usable is the first period in which data can be used that a link carried in
// period t; beyond the last where there is none.
func (k *checker) usable(way passage, t int) int {
	lead := k.c.DataLinks[way.link].LeadTimeH
	if lead == 0 {
		return t + 1
	}
	return sort.SearchFloat64s(k.begin, k.begin[t+1]+lead-hoursTolerance)
}

// pricePerGB of data that leaves a region over a link.
func (k *checker) pricePerGB(from int, way passage) float64 {
	return k.c.DataLinks[way.link].PricePerGB + k.c.Regions[from].EgressPricePerGB
}
