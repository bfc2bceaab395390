package model

// Green is the share of renewable energy that a site must show, by an allocation
// of what its sources give, after curtailment: no source is allocated more than
// it gives in a period, to all sites together. One allocation serves all shares.
// What is missing is paid at penalties.green_shortfall_price_per_mwh.
type Green struct {
	// ShareMin of the energy that the site draws over the horizon, 0 to 1; what
	// is allocated may exceed what is drawn in a period. Default 0.
	ShareMin float64 `json:"share_min,omitempty"`
	// DailyShareMin of the energy that the site draws in every calendar day of the
	// horizon's zone, 0 to 1, each day by itself; a period is of the day in which it
	// begins. Default 0.
	DailyShareMin float64 `json:"daily_share_min,omitempty"`
	// HourlyShareMin of what the site draws in every period, 0 to 1. Default 0.
	HourlyShareMin float64 `json:"hourly_share_min,omitempty"`
	// Sources are names of renewables and hydro. Left out: all renewables.
	Sources []string `json:"sources,omitempty"`
}

// GreenSource is a renewable or a hydro plant that gives a site green power.
type GreenSource struct {
	Name string
	// Hydro says which section At is a position in: hydro or renewables.
	Hydro bool
	At    int
}

// GreenSources returns the sources of a green share, in its order.
func (ix *Index) GreenSources(g *Green) []GreenSource {
	var out []GreenSource
	if len(g.Sources) == 0 {
		for i := range ix.c.Renewables {
			out = append(out, GreenSource{Name: ix.c.Renewables[i].Name, At: i})
		}
		return out
	}
	for _, name := range g.Sources {
		if i, ok := ix.Renewables[name]; ok {
			out = append(out, GreenSource{Name: name, At: i})
		} else if i, ok := ix.Hydro[name]; ok {
			out = append(out, GreenSource{Name: name, Hydro: true, At: i})
		}
	}
	return out
}
