package opt

// The data of placed jobs. What a job needs from one region, or sends to one, crosses one
// data link: to a placement that is one flow, however many inputs or outputs it is in the case.

import (
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt/place"
)

// flow is a flow of a placed job, in the terms of the case.
type flow struct {
	what   model.TransferKind
	region string // where the input lies, or the output goes
	gb     float64
}

// flowsOf lists the flows of a job, inputs first, in order of their regions' first mention.
func flowsOf(j *model.Job) []flow {
	var out []flow
	add := func(what model.TransferKind, of []model.DataFlow) {
		for _, f := range of {
			at := -1
			for i := range out {
				if out[i].what == what && out[i].region == f.Region {
					at = i
				}
			}
			switch {
			case f.GB <= 0:
			case at < 0:
				out = append(out, flow{what, f.Region, f.GB})
			default:
				out[at].gb += f.GB
			}
		}
	}
	add(model.TransferInput, j.Inflows())
	add(model.TransferOutput, j.Outputs)
	return out
}

// flowsOf states the flows of a job.
func (d *drafter) flowsOf(j *model.Job) []place.Flow {
	if j.InputGB == 0 && len(j.Inputs) == 0 && len(j.Outputs) == 0 {
		return nil
	}
	var out []place.Flow
	for _, f := range flowsOf(j) {
		out = append(out, place.Flow{GB: f.gb, Out: f.what == model.TransferOutput})
	}
	return out
}

// linksOf lists the link of each of a job's flows to or from a pool; has says that the job has
// its input there.
func (d *drafter) linksOf(flows []flow, pool int, has bool) []int32 {
	region := d.ix.RegionOf(pool)
	var out []int32
	for _, f := range flows {
		from, to, home := f.region, region, has
		if f.what == model.TransferOutput {
			from, to, home = region, f.region, false
		}
		link := int32(place.None)
		if route, ok := d.ix.DataRoute(from, to); ok && route.Link >= 0 && !home {
			link = int32(dataIndex(route.Link, route.Forward))
		}
		out = append(out, link)
	}
	return out
}

// transfers writes what a placed job sends to its plan, and charges it.
func (k *jobPlaces) transfers(pt *Point, j *model.Job, a *place.Assignment, one *model.JobPlan, owner int32) {
	region := k.ix.RegionOf(k.real[a.Pool])
	for from := 0; from < len(a.Data); {
		end := from + 1
		for end < len(a.Data) && a.Data[end].Link == a.Data[from].Link {
			end++
		}
		first, gb := spread(a.Data[from:end])
		direction := int(a.Data[from].Link)
		leaves, comes := k.ends(direction)
		from = end
		var parts []flowPart
		if comes == region {
			parts = append(partsOf(j, flow{what: model.TransferInput, region: leaves}), k.handedFrom(j, leaves)...)
		} else {
			parts = partsOf(j, flow{what: model.TransferOutput, region: comes})
		}
		sum := 0.0
		for _, part := range parts {
			sum += part.gb
		}
		for _, part := range parts {
			own := scaled(gb, part.gb/sum)
			if part.of < 0 {
				one.TransferFirst, one.TransferGB = first, own
				continue
			}
			one.Transfers = append(one.Transfers, model.JobTransfer{What: part.what, Of: part.of, From: leaves, To: comes, First: first, GB: own})
		}
		pt.charge(model.CostData, owner, k.ix.DataPricePerGB(direction/2, leaves)*sum)
	}
}

// flowPart is one input or output of a flow, or what one job hands over: its position, -1 for
// input_gb.
type flowPart struct {
	what model.TransferKind
	of   int
	gb   float64
}

// handedFrom lists what the jobs of a region hand over to a job of another.
func (k *jobPlaces) handedFrom(j *model.Job, region string) (out []flowPart) {
	for n, e := range j.After {
		if at := &k.at[k.first[k.ix.Jobs[e.Job]]]; e.GB > 0 && k.ix.RegionOf(k.real[at.Pool]) == region {
			out = append(out, flowPart{model.TransferHandover, n, e.GB})
		}
	}
	return out
}

// handOver states the regions between which jobs hand data over, and the links between these.
func (d *drafter) handOver() {
	p, at := d.problem, make(map[string]int32)
	var names []string
	for _, real := range d.real {
		name := d.ix.RegionOf(real)
		if _, known := at[name]; !known {
			at[name] = int32(len(names))
			names = append(names, name)
		}
		p.Regions = append(p.Regions, at[name])
	}
	for _, from := range names {
		ways := make([]int32, len(names))
		for k, to := range names {
			ways[k] = place.NoWay
			if route, ok := d.ix.DataRoute(from, to); ok && route.Link >= 0 {
				ways[k] = int32(dataIndex(route.Link, route.Forward))
			}
		}
		p.Ways = append(p.Ways, ways)
	}
}

// partsOf lists the inputs or outputs that make up a flow.
func partsOf(j *model.Job, f flow) (out []flowPart) {
	of, all := 0, j.Outputs
	if f.what == model.TransferInput {
		all = j.Inflows()
		of = len(j.Inputs) - len(all)
	}
	for _, one := range all {
		if one.Region == f.region && one.GB > 0 {
			out = append(out, flowPart{f.what, of, one.GB})
		}
		of++
	}
	return out
}

// ends are the regions in which the direction of a data link begins and ends.
func (k *jobPlaces) ends(direction int) (from, to string) {
	link := &k.c.DataLinks[direction/2]
	if direction == dataIndex(direction/2, true) {
		return link.From, link.To
	}
	return link.To, link.From
}

// scaled returns the amounts times a factor, unchanged by 1.
func scaled(amounts []float64, by float64) []float64 {
	if by == 1 {
		return amounts
	}
	out := make([]float64, len(amounts))
	for i, v := range amounts {
		out[i] = by * v
	}
	return out
}

// spread turns what a link carries, in order of the periods, into a series.
func spread(sent []place.Sent) (first int, gb []float64) {
	from := sent[0].Period
	gb = make([]float64, sent[len(sent)-1].Period-from+1)
	for _, d := range sent {
		gb[d.Period-from] = d.GB
	}
	return int(from), gb
}

// copiesOf lists the copies of datasets that a job needs in a pool; has says that it has
// there what it needs.
func (d *drafter) copiesOf(j *model.Job, pool int, has bool) []int32 {
	if has || len(j.Datasets) == 0 {
		return nil
	}
	region := d.ix.RegionOf(pool)
	var out []int32
	for _, name := range j.Datasets {
		of := d.ix.Datasets[name]
		set := &d.c.Datasets[of]
		if sources, there := d.ix.DatasetSources(set, region); set.GB > 0 && !there {
			out = append(out, d.copyOf(copyKey{of, region}, sources))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// copyOf is the position of a copy. What jobs in the program may read is copied there, if at
// all: a copy is sent once.
func (d *drafter) copyOf(key copyKey, sources []string) int32 {
	at, known := d.copied[key]
	if !known {
		p := d.problem
		at = int32(len(p.Copies))
		c := place.Copy{GB: d.c.Datasets[key.dataset].GB, Never: d.readInside[key.dataset]}
		for _, from := range sources {
			route, _ := d.ix.DataRoute(from, key.to)
			c.Links = append(c.Links, int32(dataIndex(route.Link, route.Forward)))
		}
		p.Copies = append(p.Copies, c)
		d.copies, d.copied[key] = append(d.copies, key), at
	}
	return at
}

// extractCopies adds the copies that are made for placed jobs to a dataset's plan, and charges them.
func (k *jobPlaces) extractCopies(pt *Point, plan *model.DatasetPlan, dataset int, owner int32) {
	if k == nil {
		return
	}
	for i := range k.comes {
		if k.copies[i].dataset != dataset || !k.comes[i].Made() {
			continue
		}
		sent := k.comes[i].Data
		from, to := k.ends(int(sent[0].Link))
		first, gb := spread(sent)
		plan.Copies = append(plan.Copies, model.DatasetCopy{From: from, To: to, First: first, GB: gb})
		pt.charge(model.CostData, owner, k.ix.DataPricePerGB(int(sent[0].Link)/2, from)*k.c.Datasets[dataset].GB)
	}
}
