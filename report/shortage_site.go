package report

import "fmt"

// siteShortages are limits of sites that the plan pays for instead of keeping: of water,
// and of a share of green energy.
func (j *joined) siteShortages() []Shortage {
	var out []Shortage
	horizon := window{last: j.T - 1}
	for i := range j.c.Sites {
		site, p := &j.c.Sites[i], j.sites[i]
		if over := p.WaterExcessM3; over > shortageMW && site.WaterLimitM3 != nil {
			horizon.amount = over
			s := j.shortage(ShortWater, site.Name, horizon, "m3", "")
			s.Cost = j.c.Penalties.WaterExcess() * over
			s.Text = fmt.Sprintf("Site %s uses %s m³ of water, %s m³ above its limit of %s m³.",
				site.Name, amount(p.WaterM3), amount(over), amount(*site.WaterLimitM3))
			s.Mend = []string{fmt.Sprintf("a limit of %s m³, or work at other sites or in cooler hours; a higher water_excess_price_per_m3 asks for that", amount(p.WaterM3))}
			out = append(out, s)
		}
		if site.Green == nil {
			continue
		}
		if lacks := j.greenShort(i); lacks > shortageMW {
			horizon.amount = lacks
			s := j.shortage(ShortGreen, site.Name, horizon, "MWh", "")
			s.Cost = j.c.Penalties.GreenShortfall() * lacks
			s.Text = fmt.Sprintf("Site %s lacks %s MWh of green energy for the shares that it must show.", site.Name, amount(lacks))
			s.Mend = []string{"a lower share, more of the sources that it may show, or work moved to hours and sites that have them"}
			out = append(out, s)
		}
	}
	return out
}

// greenShort is what all shares of a site lack, in MWh.
func (j *joined) greenShort(site int) float64 {
	p := j.sites[site]
	return j.sum(p.GreenShortMW) + p.GreenShortMWh + plainSum(p.GreenShortByDayMWh)
}
