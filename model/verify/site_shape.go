package verify

import "github.com/wattbit/wattbit/model"

// siteSeries checks the lengths of series of sites and of their programmes.
func (k *checker) siteSeries() {
	const sites, programmes = "sites", "demand_responses"
	for i := range k.c.Sites {
		s := &k.c.Sites[i]
		k.series(sites, s.Name, "pue", s.PUE)
		k.series(sites, s.Name, "ambient_c", s.AmbientC)
		k.series(sites, s.Name, "base_mw", s.BaseMW)
		k.series(sites, s.Name, "import_limit_mw", s.ImportLimitMW)
		k.series(sites, s.Name, "export_limit_mw", s.ExportLimitMW)
		k.series(sites, s.Name, "water_l_per_kwh", s.WaterLPerKWh)
		if s.Heat != nil {
			k.series(sites, s.Name, "heat.demand_mw", s.Heat.DemandMW)
			k.series(sites, s.Name, "heat.price_per_mwh", s.Heat.PricePerMWh)
		}
	}
	for i := range k.c.DemandResponses {
		d := &k.c.DemandResponses[i]
		k.series(programmes, d.Name, "baseline_mw", d.BaselineMW)
		k.series(programmes, d.Name, "offered", d.Offered)
	}
}

// siteShape checks the form of a site's plan: it has the series that its fields
// call for, and no other.
func (k *checker) siteShape(s *model.Site, p *model.SitePlan, metered bool) {
	const section = "sites"
	k.floats(section, p.Name, "power_mw", p.PowerMW)
	for _, series := range []struct {
		field  string
		values []float64
		wanted bool
	}{
		{"import_mw", p.ImportMW, metered},
		{"heat_mw", p.HeatMW, s.Heat != nil},
		{"green_short_mw", p.GreenShortMW, s.Green != nil && s.Green.HourlyShareMin > 0},
	} {
		switch {
		case series.wanted:
			k.floats(section, p.Name, series.field, series.values)
		case len(series.values) > 0:
			k.shapeBreach(section, p.Name, "it has %s, which the site does not call for", series.field)
		}
	}
	k.number(section, p.Name, -1, p.WaterM3)
	k.number(section, p.Name, -1, p.WaterExcessM3)
	k.number(section, p.Name, -1, p.GreenShortMWh)
	k.numbers(section, p.Name, p.GreenShortByDayMWh)
	if len(p.GreenShortByDayMWh) > 0 && (s.Green == nil || s.Green.DailyShareMin <= 0) {
		k.shapeBreach(section, p.Name, "it has green_short_by_day_mwh, which the site does not call for")
	}
	k.greenShape(s, p)
}
