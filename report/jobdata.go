package report

// What the data of one job cost in a region: its input and output by the prices of the
// way there and back, and copies of datasets that it would need and that the plan does
// not make.

import (
	"fmt"
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

// dataCost is what input and output cost of a job in a region.
func (j *joined) dataCost(job *model.Job, region string) float64 {
	money := 0.0
	for _, in := range job.Inflows() {
		money += j.sendCost(in.Region, region, in.GB)
	}
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

// dataOfDropped says what a job's data cost at least in the pools that can take it,
// "" where they cost nothing; dear says that this alone is more than to drop the job.
func (j *joined) dataOfDropped(job *model.Job, made map[[2]string]bool) (why string, dear bool) {
	if job.Running != nil {
		return "", false // it may have its data already
	}
	least, copies := math.Inf(1), []string(nil)
	for _, p := range j.ix.JobPlacements(job) {
		if !p.OK {
			continue
		}
		region := j.ix.RegionOf(p.Pool)
		money, missing := j.dataCost(job, region), []string(nil)
		for _, d := range j.missingDatasets(job, region, made) {
			money += j.copyCost(d, region)
			missing = append(missing, fmt.Sprintf("%s, %s GB", d.Name, number(d.GB, 0)))
		}
		if money < least {
			least, copies = money, missing
		}
	}
	if least == 0 || math.IsInf(least, 1) {
		return "", false
	}
	with := ""
	if len(copies) > 0 {
		with = " with a copy that the plan does not make (" + list(copies, 3) + ")"
	}
	drop := j.c.DropCost(job)
	return fmt.Sprintf("its data cost at least %s %s%s, to drop it %s %s",
		number(least, 0), j.c.Currency, with, number(drop, 0), j.c.Currency), least >= drop
}
