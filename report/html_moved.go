package report

import "fmt"

// movedRow is how far the work of a class goes. Home, Near and Far are the parts
// done in its region, elsewhere in its area, and in another area.
type movedRow struct {
	Class           string
	UnitH           float64
	Home, Near, Far float64
	FarUnitH        float64
}

// moved fills the table of how far work goes, and draws the work that leaves its
// area over time. There is nothing to show where all regions are of one area.
func (p *page) moved(j *joined, axis *timeAxis) {
	areas := j.areas()
	if len(areas) < 2 {
		return
	}
	classes := j.classes()
	rows := make([]movedRow, len(classes))
	far := make([][]float64, len(classes))
	class := make(map[string]int, len(classes))
	for k, name := range classes {
		rows[k].Class, far[k] = name, make([]float64, j.T)
		class[name] = k
	}
	type way struct{ from, to string }
	ways := map[way]bool{}
	for i := range j.work {
		w := &j.work[i]
		k := class[w.class]
		unitH := j.unitH(w)
		row := &rows[k]
		row.UnitH += unitH
		from, to := j.area(w.region), j.area(j.ix.Regions[j.c.Sites[w.site].Region])
		switch {
		case !w.away:
			row.Home += unitH
		case from == to:
			row.Near += unitH
		default:
			row.FarUnitH += unitH
			ways[way{from, to}] = ways[way{from, to}] || unitH > 0
			for n, units := range w.units {
				far[k][w.first+n] += units
			}
		}
	}
	all := movedRow{Class: "All"}
	var layers []layer
	for k := range rows {
		r := &rows[k]
		all.UnitH, all.Home, all.Near, all.FarUnitH = all.UnitH+r.UnitH, all.Home+r.Home, all.Near+r.Near, all.FarUnitH+r.FarUnitH
		layers = append(layers, layer{name: title(r.Class), class: classColour(k), values: axis.mean(far[k])})
	}
	if all.UnitH == 0 {
		return
	}
	for _, r := range append(rows, all) {
		if r.UnitH > 0 {
			r.Home, r.Near, r.Far = r.Home/r.UnitH, r.Near/r.UnitH, r.FarUnitH/r.UnitH
			p.Moved = append(p.Moved, r)
		}
	}
	if all.FarUnitH == 0 {
		return
	}
	p.MovedTitle = "Work done outside its area"
	for w := range ways {
		if len(ways) == 1 {
			p.MovedTitle = fmt.Sprintf("Work moved from %s to %s", w.from, w.to)
		}
	}
	p.MovedOverTime = chart{SVG: stack(halfPlot, axis, layers, nil, nil, "units", p.MovedTitle+" by class over time"), Legend: legendOf(layers)}
}
