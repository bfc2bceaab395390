package report

import (
	"fmt"
	"math"
	"strings"
)

// outages fills the tables of headroom and of outages.
func (p *page) outages(j *joined, axis *timeAxis) {
	c := p.S.Computing
	p.HeadroomRows = c.Headroom
	if n := len(p.HeadroomRows); n > maxTableRows {
		p.HeadroomRows, p.HeadroomMore = p.HeadroomRows[:maxTableRows], n-maxTableRows
	}
	var rows []heatRow
	for _, h := range j.headrooms() {
		if len(rows) == maxHeatRows {
			p.Headroom.Note = "The first of them; headroom.csv has all."
			break
		}
		share := make([]float64, j.T)
		for t := range share {
			share[t] = ratio(h.held[t]-h.busy[t], h.held[t])
		}
		row := heatRow{label: h.class + " at " + j.c.Pools[h.pool].Name}
		for _, v := range axis.mean(share) {
			row.cells = append(row.cells, heatCell{strength: math.Round(100*v) / 100, text: number(100*v, 0) + " % of what is held is headroom"})
		}
		rows = append(rows, row)
	}
	if len(rows) > 0 {
		p.Headroom.Note = strings.TrimSpace("Share of what is held that is headroom: palest 0 %, strongest 100 %. " + p.Headroom.Note)
		p.Headroom.SVG = heatMap(axis, rows, "Headroom in what pools hold for each class, over time")
	}
	for _, o := range c.Outages {
		if len(p.OutageRows) == maxTableRows {
			p.OutageMore = len(c.Outages) - maxTableRows
			break
		}
		row := outageRow{OutageLine: o}
		var goes []string
		for _, m := range o.Goes {
			goes = append(goes, fmt.Sprintf("%s %s", m.Pool, amount(m.UnitH)))
		}
		if row.Where = list(goes, 4); len(goes) == 0 {
			row.Where = "nothing"
		}
		row.Where = strings.TrimSpace(row.Where)
		p.OutageRows = append(p.OutageRows, row)
	}
}

// outageRow is an outage in the page.
type outageRow struct {
	OutageLine
	Where string
}
