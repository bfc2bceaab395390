package hubjobs

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

// Data of a draw, beside the input that every job has. Of as many jobs as DataShare says each sends
// home results of half to all of its input; as many have input of that size from a second
// region; and as many read one of some datasets, each of which lies in one region and takes half
// an hour to three hours of the smallest data link. A job that could run nowhere with that does without.

// datasets is the number of datasets.
const datasets = 12

func (d *draw) data(c *model.Case) {
	if d.o.DataShare <= 0 {
		return
	}
	r := d.r
	perH := math.Inf(1) // GB, of the smallest data link
	for i := range c.DataLinks {
		for t := range d.ix.Hours {
			perH = math.Min(perH, c.DataLinks[i].CapacityGbps.At(t, 0)*model.GBPerGbpsH)
		}
	}
	c.Datasets = nil
	for k := range datasets {
		c.Datasets = append(c.Datasets, model.Dataset{
			Name: fmt.Sprintf("dataset-%02d", k), GB: (0.5 + 2.5*r.Float64()) * perH, Regions: []string{d.regions[r.IntN(len(d.regions))]},
		})
	}
	ix := c.Index()
	for i := range c.Jobs {
		j := &c.Jobs[i]
		try := func(give func(j *model.Job)) {
			if r.Float64() >= d.o.DataShare {
				return
			}
			more := *j
			give(&more)
			for _, p := range ix.JobPlacements(&more) {
				if p.OK {
					*j = more
					return
				}
			}
		}
		try(func(j *model.Job) {
			j.Outputs = []model.DataFlow{{Region: j.Region, GB: (0.5 + 0.5*r.Float64()) * j.InputGB}}
		})
		try(func(j *model.Job) {
			other := model.DataFlow{Region: d.regions[r.IntN(len(d.regions))], GB: (0.5 + 0.5*r.Float64()) * j.InputGB}
			j.Inputs, j.InputGB = []model.DataFlow{{Region: j.Region, GB: j.InputGB}, other}, 0
		})
		try(func(j *model.Job) { j.Datasets = []string{c.Datasets[r.IntN(datasets)].Name} })
	}
}
