package report

// What the data of one job cost in a region: its input and output by the prices of the
// way there and back, and copies of datasets that it would need and that the plan does
// not make.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// copiesMade has the copies of datasets that the plan makes, by dataset and region.
func (j *joined) copiesMade() map[[2]string]bool {
	made := map[[2]string]bool{}
	for i := range j.p.Datasets {
		d := &j.p.Datasets[i]
		for k := range d.Copies {
			made[[2]string{d.Name, d.Copies[k].To}] = true
		}
	}
	return made
}

// missingDatasets are those of the job that the region neither has from the start nor
// gets as planned.
func (j *joined) missingDatasets(job *model.Job, region string, made map[[2]string]bool) []*model.Dataset {
	var out []*model.Dataset
	for _, name := range job.Datasets {
		i, ok := j.ix.Datasets[name]
		if ok && !slices.Contains(j.c.Datasets[i].Regions, region) && !made[[2]string{name, region}] {
			out = append(out, &j.c.Datasets[i])
		}
	}
	return out
}

// inputCost is what the input of a job costs in a region.
func (j *joined) inputCost(job *model.Job, region string) (money float64) {
	for _, in := range job.Inflows() {
		money += j.sendCost(in.Region, region, in.GB)
	}
	return money
}

// outputCost is what the output of a job costs from a region.
func (j *joined) outputCost(job *model.Job, region string) (money float64) {
	for _, out := range job.Outputs {
		money += j.sendCost(region, out.Region, out.GB)
	}
	return money
}

// sendCost is the price of GB from one region to another, 0 within a region.
func (j *joined) sendCost(from, to string, gb float64) float64 {
	route, ok := j.ix.DataRoute(from, to)
	if !ok || route.Link < 0 {
		return 0
	}
	return gb * j.ix.DataPricePerGB(route.Link, from)
}

// copyCost is the least that a copy of the dataset to a region costs that lacks it.
func (j *joined) copyCost(d *model.Dataset, region string) float64 {
	least := math.Inf(1)
	sources, _ := j.ix.DatasetSources(d, region)
	for _, from := range sources {
		least = min(least, j.sendCost(from, region, d.GB))
	}
	return least
}
