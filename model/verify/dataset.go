package verify

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleDatasetCopy  = "dataset.copy"
	ruleDatasetStay  = "dataset.residency"
	ruleDatasetWhole = "dataset.whole"
)

func datasetRules() []Rule {
	return []Rule{
		{ruleDatasetCopy, "A dataset is copied over a data link, from a region that has it from the start to one that has not."},
		{ruleDatasetStay, "No copy of a dataset goes to a region where it may not be."},
		{ruleDatasetWhole, "A copy is sent whole, and no part of it is negative."},
	}
}

// never is the period in which a region has a dataset that does not come there.
const never = math.MaxInt

// datasets checks the copies and notes from which period on each region has
// which dataset.
func (k *checker) datasets() {
	k.datasetAt = make([]map[int]int, len(k.c.Datasets))
	k.copyCost = make([]float64, len(k.c.Datasets))
	for i := range k.c.Datasets {
		d, p := &k.c.Datasets[i], &k.p.Datasets[i]
		k.datasetAt[i] = map[int]int{}
		for _, region := range d.Regions {
			k.datasetAt[i][k.at.regions[region]] = 0
		}
		for n := range p.Copies {
			k.copyCost[i] += k.datasetCopy(i, d, &p.Copies[n])
		}
	}
}

// datasetCopy checks one copy and returns what it costs.
func (k *checker) datasetCopy(i int, d *model.Dataset, c *model.DatasetCopy) (cost float64) {
	from, to := k.at.regions[c.From], k.at.regions[c.To]
	way, linked := k.passageTo(from, to)
	k.report.Checked++
	if !linked || !slices.Contains(d.Regions, c.From) || slices.Contains(d.Regions, c.To) {
		k.breach(ruleDatasetCopy, d.Name, c.First, 0, 0, "a copy goes from %q to %q, which is no way to one", c.From, c.To)
		return 0
	}
	if !mayBeIn(d, c.To) {
		k.breach(ruleDatasetStay, d.Name, c.First, 0, 0, "a copy goes to %q, where it may not be", c.To)
	}
	sent, there := 0.0, c.First
	for n, gb := range c.GB {
		t := c.First + n
		if k.below(gb, 0) {
			k.breach(ruleDatasetWhole, d.Name, t, gb, 0, "%g GB are sent to %q", gb, c.To)
		}
		sent += gb
		k.send(way, t, gb)
		if math.Abs(gb) > k.o.Tolerances.Activity {
			there = k.usable(way, t)
		}
	}
	if k.differ(sent, d.GB) {
		k.breach(ruleDatasetWhole, d.Name, c.First, sent, d.GB, "%g GB are sent to %q, the dataset has %g", sent, c.To, d.GB)
	}
	k.datasetAt[i][to] = there
	return k.pricePerGB(from, way) * sent
}

// mayBeIn says whether a dataset is allowed in a region and not forbidden there.
func mayBeIn(d *model.Dataset, region string) bool {
	allowed := len(d.AllowedRegions) == 0 || slices.Contains(d.AllowedRegions, region)
	return allowed && !slices.Contains(d.ForbiddenRegions, region)
}

// hasDataset is the first period in which a region has a dataset.
func (k *checker) hasDataset(dataset, region int) int {
	if t, ok := k.datasetAt[dataset][region]; ok {
		return t
	}
	return never
}

// datasetShape checks that every dataset stands in the plan, its copies once for
// each region.
func (k *checker) datasetShape() {
	c, p := k.c, k.p
	if !sameNames(k, "datasets", p.Datasets, func(d *model.DatasetPlan) string { return d.Name },
		c.Datasets, func(d *model.Dataset) string { return d.Name }) {
		return
	}
	used := make(map[string]int) // 1 + the last dataset with a copy to the region
	for i := range p.Datasets {
		d := &p.Datasets[i]
		for n := range d.Copies {
			copied := &d.Copies[n]
			k.regionEnd("datasets", d.Name, copied.From)
			k.regionEnd("datasets", d.Name, copied.To)
			k.within("datasets", d.Name, "gb", copied.First, copied.GB)
			if used[copied.To] == i+1 {
				k.shapeBreach("datasets", d.Name, "two copies go to %q", copied.To)
				return
			}
			used[copied.To] = i + 1
		}
	}
}
