package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/wattbit/wattbit/model"
)

func (p *page) computeCharts(j *joined, axis *timeAxis) {
	p.workCharts(j, axis)
	p.workTables(j)
	p.moved(j, axis)
	p.jobChart(j, axis)
	p.absorptionChart(j, axis)
	p.ties()
	p.accounts(j)
	p.outages(j, axis)
	p.siteCharts(j, axis)
	p.reachTable(j)
	p.watt(j)
}

// workCharts draws the reference units busy, by site, by class, and by class at
// each site.
func (p *page) workCharts(j *joined, axis *timeAxis) {
	classes := j.classes()
	class := map[string]int{}
	for i, name := range classes {
		class[name] = i
	}
	cells := make([][][]float64, len(j.c.Sites)) // site, class, period
	for s := range cells {
		cells[s] = make([][]float64, len(classes))
		for k := range cells[s] {
			cells[s][k] = make([]float64, j.T)
		}
	}
	for i := range j.work {
		w := &j.work[i]
		onto := cells[w.site][class[w.class]]
		for k, u := range w.units {
			onto[w.first+k] += u
		}
	}
	byClass := make([]layer, len(classes))
	for k, name := range classes {
		byClass[k] = layer{name: title(name), class: classColour(k), values: make([]float64, axis.columns())}
	}
	bySite := make([]layer, 0, len(j.c.Sites))
	for s := range cells {
		site := layer{name: j.c.Sites[s].Name, class: colour(s), values: make([]float64, axis.columns())}
		layers := make([]layer, len(classes))
		for k := range classes {
			layers[k] = layer{name: byClass[k].name, class: byClass[k].class, values: axis.mean(cells[s][k])}
			for i, v := range layers[k].values {
				site.values[i] += v
				byClass[k].values[i] += v
			}
		}
		bySite = append(bySite, site)
		if len(p.Work.Panels) < maxPanels {
			line := p.S.Computing.Sites[s]
			p.Work.Panels = append(p.Work.Panels, panel{Title: site.name,
				Sub: fmt.Sprintf("%s unit-h, %s", compact(line.UnitH), energy(line.MWh)),
				SVG: stack(smallPlot, axis, layers, nil, nil, "units", "Work at "+site.name+" by class over time")})
		}
	}
	if n := len(j.c.Sites); n > maxPanels {
		p.Work.Note = fmt.Sprintf("The first %d of %s sites; workloads.csv and job_periods.csv have all.", maxPanels, number(float64(n), 0))
	}
	bySite = fold(bySite)
	p.WorkBySite = chart{SVG: stack(halfPlot, axis, bySite, nil, nil, "units", "Work by site over time"), Legend: legendOf(bySite)}
	p.WorkByClass = chart{SVG: stack(halfPlot, axis, byClass, nil, nil, "units", "Work by latency class over time"), Legend: legendOf(byClass)}
	p.Work.Legend = legendOf(byClass)
}

// classColour sets the classes apart from the sites.
func classColour(i int) string { return fmt.Sprintf("c%d", min(i, 5)) }

// fold sums the layers beyond the colours there are into one.
func fold(layers []layer) []layer {
	if len(layers) <= colourCount {
		return layers
	}
	rest := layer{name: fmt.Sprintf("%d others", len(layers)-colourCount), class: "rest", values: slices.Clone(layers[colourCount].values)}
	for _, l := range layers[colourCount+1:] {
		for i, v := range l.values {
			rest.values[i] += v
		}
	}
	return append(slices.Clone(layers[:colourCount]), rest)
}

// workTables fills the tables of class by site and of region by site.
func (p *page) workTables(j *joined) {
	c := p.S.Computing
	var sites []string
	for i := range j.c.Sites {
		sites = append(sites, j.c.Sites[i].Name)
	}
	classTable := newTally(j.classes(), sites)
	for _, w := range c.Work {
		classTable.add(w.Class, w.Site, w.UnitH)
	}
	p.ClassTable = classTable.matrix("Class \\ site")
	p.ClassTable.noteAreas(j)
	var regions []string
	for i := range j.c.Regions {
		regions = append(regions, j.c.Regions[i].Name)
	}
	served := newTally(regions, sites)
	for _, s := range c.Served {
		served.add(s.Region, s.Site, s.UnitH)
	}
	p.ServedTable = served.matrix("From \\ done at")
	p.ServedTable.noteAreas(j)
}

// tally is work by two names.
type tally struct {
	rows, columns []string
	sums          map[[2]string]float64
}

func newTally(rows, columns []string) *tally {
	return &tally{rows: rows, columns: columns, sums: map[[2]string]float64{}}
}

func (t *tally) add(row, column string, v float64) { t.sums[[2]string{row, column}] += v }

// matrix shades each cell by its share of its row. Rows without work are left
// out; rows and columns beyond maxMatrix are summed up.
func (t *tally) matrix(corner string) matrix {
	rowSum, columnSum, all := map[string]float64{}, map[string]float64{}, 0.0
	for _, r := range t.rows {
		for _, c := range t.columns {
			v := t.sums[[2]string{r, c}]
			rowSum[r], columnSum[c], all = rowSum[r]+v, columnSum[c]+v, all+v
		}
	}
	rows, moreRows := largest(t.rows, rowSum, maxMatrix)
	columns, moreColumns := largest(t.columns, columnSum, maxMatrix)
	m := matrix{Corner: corner, Columns: slices.Clone(columns)}
	if len(moreColumns) > 0 {
		m.Columns = append(m.Columns, fmt.Sprintf("%d others", len(moreColumns)))
	}
	m.Columns = append(m.Columns, "All")
	add := func(label string, from []string, bold bool) {
		row := matrixRow{Label: label}
		total := 0.0
		for _, r := range from {
			total += rowSum[r]
		}
		cell := func(to []string) {
			v := 0.0
			for _, r := range from {
				for _, c := range to {
					v += t.sums[[2]string{r, c}]
				}
			}
			x := matrixCell{Text: whole(v), Class: level(ratio(v, total)), Tip: number(v, 0) + " unit-h, " + percent(ratio(v, total)) + " of the row"}
			if v == 0 {
				x = matrixCell{Text: "·", Class: "none"}
			}
			if bold && v != 0 {
				x.Class = "sum"
			}
			row.Cells = append(row.Cells, x)
		}
		for _, c := range columns {
			cell([]string{c})
		}
		if len(moreColumns) > 0 {
			cell(moreColumns)
		}
		row.Cells = append(row.Cells, matrixCell{Text: whole(total), Class: "sum", Tip: number(total, 0) + " unit-h, " + percent(ratio(total, all)) + " of all"})
		m.Rows = append(m.Rows, row)
	}
	for _, r := range rows {
		add(r, []string{r}, false)
	}
	if len(moreRows) > 0 {
		add(fmt.Sprintf("%d others", len(moreRows)), moreRows, false)
	}
	if len(m.Rows) > 1 {
		add("All", append(slices.Clone(rows), moreRows...), true)
	}
	return m
}

// whole writes work without decimals, which a table of it can do without.
func whole(v float64) string {
	if v >= 1e7 {
		return compact(v)
	}
	if v < 0.5 {
		return amount(v)
	}
	return number(v, 0)
}

// noteAreas sets the area below each site's and beside each region's name, where
// there are several.
func (m *matrix) noteAreas(j *joined) {
	if len(j.areas()) < 2 {
		return
	}
	note := func(region string) string {
		at, known := j.ix.Regions[region]
		if !known || j.area(at) == region {
			return ""
		}
		return j.area(at)
	}
	m.ColumnNotes = make([]string, len(m.Columns))
	for i, name := range m.Columns {
		if s, ok := j.ix.Sites[name]; ok {
			m.ColumnNotes[i] = note(j.c.Sites[s].Region)
		}
	}
	for i := range m.Rows {
		m.Rows[i].Note = note(m.Rows[i].Label)
	}
}

// largest keeps the names with a sum, at most limit of them: the largest, in
// their first order. The rest come second.
func largest(names []string, sums map[string]float64, limit int) (kept, rest []string) {
	var with []string
	for _, n := range names {
		if sums[n] != 0 {
			with = append(with, n)
		}
	}
	if len(with) <= limit {
		return with, nil
	}
	order := slices.Clone(with)
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(sums[b], sums[a]) })
	keep := map[string]bool{}
	for _, n := range order[:limit] {
		keep[n] = true
	}
	for _, n := range with {
		if keep[n] {
			kept = append(kept, n)
		} else {
			rest = append(rest, n)
		}
	}
	return kept, rest
}

// level is the class of a shade from h0 to h9.
func level(share float64) string {
	return fmt.Sprintf("h%d", min(9, max(0, int(finite(share)*10))))
}

func (p *page) siteCharts(j *joined, axis *timeAxis) {
	var layers []layer
	for i := range j.c.Sites {
		layers = append(layers, layer{name: j.c.Sites[i].Name, class: colour(i), values: axis.mean(j.sites[i].PowerMW)})
	}
	layers = fold(layers)
	p.SitePower = chart{SVG: stack(halfPlot, axis, layers, nil, nil, "MW", "Power of the sites over time"), Legend: legendOf(layers)}
	p.SiteRows = p.S.Computing.Sites
	if n := len(p.SiteRows); n > maxTableRows {
		p.SiteRows, p.SiteMore = p.SiteRows[:maxTableRows], n-maxTableRows
	}
	p.siteUses(j, axis)
	if len(j.c.Pools) == 0 {
		return
	}
	var rows []heatRow
	var names []string
	p.PoolUse.Note = "Palest is idle, strongest all busy."
	for i := range j.c.Pools {
		names = append(names, j.c.Pools[i].Name)
		if len(rows) == maxHeatRows {
			p.PoolUse.Note = fmt.Sprintf("Palest is idle, strongest all busy. The first %d of %s pools; pools.csv has all.", maxHeatRows, number(float64(len(j.c.Pools)), 0))
			continue
		}
		share := make([]float64, j.T)
		for t := range share {
			share[t] = ratio(j.pools[i].BusyUnits[t], j.ix.MaxUnits(i, t))
		}
		row := heatRow{label: j.c.Pools[i].Name}
		for _, v := range axis.mean(share) {
			row.cells = append(row.cells, heatCell{strength: math.Round(100*v) / 100, text: number(100*v, 0) + " % busy"})
		}
		rows = append(rows, row)
	}
	p.PoolUse.SVG = heatMap(axis, rows, "Share of each pool's units that is busy, over time")
	if j.p.Prices == nil {
		return
	}
	unit := j.c.Currency + "/unit-h"
	p.PoolPrices = j.prices(axis, names, j.openPools(j.p.Prices.ComputeWithPower), unit, "Price of a unit-hour by pool over time", "prices.csv")
	if p.PoolPrices.SVG == "" {
		p.PoolPrices = j.prices(axis, names, j.openPools(j.p.Prices.Compute), unit, "Price of a unit-hour by pool over time", "prices.csv")
	}
}

// openPools are the prices of pools, but of periods in which no module is on:
// with commitments as they are, a unit-hour is not to be had there at any price.
func (j *joined) openPools(series []model.PriceSeries) [][]float64 {
	out := prices(j.ix.Pools, series)
	for i, v := range out {
		if v == nil {
			continue
		}
		out[i] = slices.Clone(v)
		for t, n := range j.pools[j.ix.BasePool(i)].ModulesOn {
			if n == 0 {
				out[i][t] = math.NaN()
			}
		}
	}
	return out
}

// reachTable shows the round trip from each region to each site, and the
// tightest class that may use it; none where no class is bounded.
func (p *page) reachTable(j *joined) {
	if len(j.c.Regions) == 0 || len(j.c.LatencyClasses) == 0 {
		return
	}
	var bounded []*model.LatencyClass
	for i := range j.c.LatencyClasses {
		if l := &j.c.LatencyClasses[i]; l.MaxRoundTripMS != nil {
			bounded = append(bounded, l)
		}
	}
	if len(bounded) == 0 {
		return
	}
	slices.SortStableFunc(bounded, func(a, b *model.LatencyClass) int { return cmp.Compare(*a.MaxRoundTripMS, *b.MaxRoundTripMS) })
	m := matrix{Corner: "From \\ site"}
	sites := min(len(j.c.Sites), maxMatrix)
	for s := range sites {
		m.Columns = append(m.Columns, j.c.Sites[s].Name)
	}
	for r := range j.c.Regions {
		if r == maxTableRows {
			break
		}
		row := matrixRow{Label: j.c.Regions[r].Name}
		for s := range sites {
			ms, known := j.ix.RoundTripMS(j.c.Regions[r].Name, j.c.Sites[s].Name)
			cell := matrixCell{Text: "?", Class: "none", Tip: "round trip unknown: classes without a bound only"}
			if known {
				cell = matrixCell{Text: number(ms, 1), Class: "reach-none", Tip: "beyond every bound: classes without one only"}
				for k, l := range bounded {
					if ms <= *l.MaxRoundTripMS {
						cell.Class = fmt.Sprintf("reach%d", min(k, 3))
						cell.Tip = l.Name + " work may be served over it"
						break
					}
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		m.Rows = append(m.Rows, row)
	}
	var parts []string
	for _, l := range bounded {
		parts = append(parts, fmt.Sprintf("%s up to %s ms", l.Name, amount(*l.MaxRoundTripMS)))
	}
	m.Note = "Round trip in ms; " + strings.Join(parts, ", ") + ". The stronger the shade, the tighter the class that may use it."
	if len(j.c.Regions) > maxTableRows || len(j.c.Sites) > sites {
		m.Note += fmt.Sprintf(" The first of %d regions and %d sites.", len(j.c.Regions), len(j.c.Sites))
	}
	p.Reach = m
}

// watt fills the comparison of moving power with moving work.
func (p *page) watt(j *joined) {
	p.Corridors = slices.Clone(p.S.Computing.Corridors)
	for _, c := range p.Corridors {
		p.AwayMWh += c.MWh
	}
	for _, l := range p.S.Computing.DataLinks {
		if l.ForwardGB+l.BackwardGB > 0 {
			p.DataRows = append(p.DataRows, l)
		}
	}
	if n := len(p.DataRows); n > maxTableRows {
		slices.SortStableFunc(p.DataRows, func(a, b DataLinkLine) int {
			return cmp.Compare(b.ForwardGB+b.BackwardGB, a.ForwardGB+a.BackwardGB)
		})
		p.DataRows, p.DataMore = p.DataRows[:maxTableRows], n-maxTableRows
	}
	if n := len(p.Corridors); n > maxTableRows {
		slices.SortStableFunc(p.Corridors, func(a, b Corridor) int {
			return cmp.Or(cmp.Compare(b.UnitH, a.UnitH), cmp.Compare(b.WireMWh, a.WireMWh))
		})
		p.Corridors, p.CorridorMore = p.Corridors[:maxTableRows], n-maxTableRows
	}
}
