package hubjobs

import "github.com/wattbit/wattbit/model"

// reserve has preemptible jobs offer upward products: those that may (docs/model/reserve.md), as
// many of them as ReserveShare says.
func (d *draw) reserve(c *model.Case) {
	if d.o.ReserveShare <= 0 {
		return
	}
	var up []string
	for i := range c.Reserves {
		if c.Reserves[i].Direction == model.Up {
			up = append(up, c.Reserves[i].Name)
		}
	}
	tied := c.TiedJobs()
	for i := range c.Jobs {
		j := &c.Jobs[i]
		if j.Fluid() && len(j.Outputs)+len(j.After) == 0 && !tied[j.Name] && d.r.Float64() < d.o.ReserveShare {
			j.Reserves = up
		}
	}
}
