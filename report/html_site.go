package report

import (
	"fmt"
	"math"
)

// siteUses fills what sites did beyond drawing power, and the green share by the hour.
func (p *page) siteUses(j *joined, axis *timeAxis) {
	p.SiteUses, p.Calls = p.S.Computing.SiteUses, p.S.Computing.Calls
	p.SiteUses = p.SiteUses[:min(len(p.SiteUses), maxTableRows)]
	p.Calls = p.Calls[:min(len(p.Calls), maxTableRows)]
	var rows []heatRow
	for i := range j.c.Sites {
		if j.c.Sites[i].Green == nil || len(rows) == maxHeatRows {
			continue
		}
		green, share := j.allocated(i), make([]float64, j.T)
		for t, mw := range j.sites[i].PowerMW {
			share[t] = 1
			if mw > 0 {
				share[t] = math.Min(1, green[t]/mw)
			}
		}
		row := heatRow{label: j.c.Sites[i].Name}
		for _, v := range axis.mean(share) {
			row.cells = append(row.cells, heatCell{strength: math.Round(100*v) / 100, text: number(100*v, 0) + " % green"})
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return
	}
	p.GreenHours = chart{
		SVG:  heatMap(axis, rows, "Green share of each site by allocation, over time"),
		Note: "Strongest is all green. The share that the plan allocates, source by source: green_power.csv is the proof.",
	}
}

// greenNote says what the sites with a green share show together.
func greenNote(uses []SiteUse) (share float64, note string, ok bool) {
	allocated, matched, drawn := 0.0, 0.0, 0.0
	for _, u := range uses {
		if u.Green == nil || u.Green.Share == 0 {
			continue
		}
		mwh := u.Green.AllocatedMWh / u.Green.Share
		allocated, matched, drawn = allocated+u.Green.AllocatedMWh, matched+u.Green.MatchedShare*mwh, drawn+mwh
	}
	return ratio(allocated, drawn), fmt.Sprintf("shown by allocation, %s matched by the hour", percent(ratio(matched, drawn))), drawn > 0
}
