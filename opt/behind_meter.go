package opt

// What stands behind a site's meter: storages, thermal units and renewables feed in
// at the site's bus as any other, and count in what the site imports,
//
//	import_t = power_t + sum of charge_t - sum of discharge_t - sum of generation_t   (shared)
//	- export limit_t <= import_t <= import limit_t,  ramp (site.go)
//	import_t - sum of up reserve_t >= - export limit_t,  import_t + sum of down reserve_t <= import limit_t
//
// with the reserve that they promise, which has to get through the meter;
// and, where its storages are to carry the site for so many minutes, with D the most
// they discharge together, and with what their upward reserve could draw in the period
// counted as gone,
//
//	power_t <= D
//	sum of eff_d level_{t-1} - sum of sustained up reserve_t >= power_t minutes / 60
//	sum of eff_d level_t     - sum of sustained up reserve_t >= power_t minutes / 60
//
// The reserve takes none of D: when the grid fails a call is over. Each period stands for a
// call in itself alone; after it, later ones are planned anew. A site without any imports
// what it draws, and has no such columns and rows.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// terminal is where an asset feeds in: at a bus, perhaps behind the meter of a site
// there.
type terminal struct{ bus, site int }

// noSite stands for a terminal that is behind no meter.
const noSite = -1

// terminal returns where an asset of a bus, or of a site, feeds in.
func (m *Model) terminal(bus, site string) (at terminal, err error) {
	at.site = noSite
	if site != "" {
		if at.site, err = lookup(m.ix.Sites, "site", site); err != nil {
			return at, err
		}
	}
	at.bus, err = m.Bus(m.ix.BusOf(bus, site))
	return at, err
}

// injectAt is Inject that counts in the import of the terminal's site.
func (m *Model) injectAt(at terminal, t int, c solver.Col, mw float64) {
	m.Inject(at.bus, t, c, mw)
	if at.site != noSite {
		m.Add(m.importRow[at.site][t], c, mw)
	}
}

// importRows adds the rows of what sites import, where it is not what they draw.
func (m *Model) importRows() {
	m.importRow = make([][]solver.Row, len(m.Case.Sites))
	m.promised = make([][]provided, len(m.Case.Sites))
	for i := range m.importRow {
		if m.ix.BehindMeter(i).Any() {
			m.importRow[i] = m.sharedRows("site import", m.T, func(int) (float64, float64) { return 0, 0 })
		}
	}
}

// promise notes the reserve of an asset behind a site's meter; "" is none.
func (m *Model) promise(site string, res []provided) {
	if i, ok := m.ix.Sites[site]; ok && site != "" {
		m.promised[i] = append(m.promised[i], res...)
	}
}

// promises are the terms of what is promised in a direction and a period.
func (m *Model) promises(site, t int, d model.Direction, coef float64) []term {
	var out []term
	for _, r := range m.promised[site] {
		if r.product.Direction == d {
			out = append(out, term{r.col + solver.Col(t), coef})
		}
	}
	return out
}

// throughMeter lets promised reserve through a site's meter.
func (m *Model) throughMeter(site int, imported solver.Col) {
	s, res := &m.Case.Sites[site], m.promised[site]
	m.Label("reserve through the meter")
	for t := range m.T {
		c := imported + solver.Col(t)
		m.within(res, t, model.Up, s.ExportLimitMW.At(t, 0), []term{{c, 1}}, nil)
		if s.ImportLimitMW.Given() {
			m.within(res, t, model.Down, s.ImportLimitMW.At(t, 0), []term{{c, -1}}, nil)
		}
	}
}

// imported adds the import of a site with assets behind its meter, and returns its
// first column; without such assets that is the site's power.
func (m *Model) imported(site int, power solver.Col) solver.Col {
	rows := m.importRow[site]
	if rows == nil {
		return power
	}
	s := &m.Case.Sites[site]
	imported := m.Columns("import", solver.Continuous, func(t int) (float64, float64) {
		return -s.ExportLimitMW.At(t, 0), s.ImportLimitMW.At(t, inf)
	})
	for t, row := range rows {
		m.Add(row, imported+solver.Col(t), 1)
		m.Add(row, power+solver.Col(t), -1)
	}
	m.throughMeter(site, imported)
	return imported
}

// mostPower is the most that a site may draw in a period, whatever its machines
// could: its import limit, where it imports what it draws, and what its storages
// carry, as far as that is known before.
func (m *Model) mostPower(site, t int) float64 {
	s, most := &m.Case.Sites[site], inf
	behind := m.ix.BehindMeter(site)
	if !behind.Any() {
		most = s.ImportLimitMW.At(t, inf)
	}
	if s.UPSMinutes == 0 {
		return most
	}
	discharge, first := 0.0, 0.0
	for _, i := range behind.Storages {
		b := &m.Case.Storages[i]
		discharge += b.MaxDischargeMW
		first += b.DischargeEfficiency() * b.InitialLevelMWh
	}
	if most = math.Min(most, discharge); t == 0 {
		most = math.Min(most, first*60/s.UPSMinutes)
	}
	return most
}

// backup adds the rows by which the storages of a site can carry it.
func (m *Model) backup(site int, power solver.Col) {
	s := &m.Case.Sites[site]
	if s.UPSMinutes == 0 {
		return
	}
	m.Label("backup")
	storages := m.ix.BehindMeter(site).Storages
	initialMWh := 0.0
	var up []provided
	for _, i := range storages {
		initialMWh += m.Case.Storages[i].DischargeEfficiency() * m.Case.Storages[i].InitialLevelMWh
		for _, r := range m.storageReserve[i] {
			if r.product.Direction == model.Up {
				up = append(up, r)
			}
		}
	}
	covered := func(t int, heldMWh float64) solver.Row {
		row := m.Row(-heldMWh, inf)
		m.Add(row, power+solver.Col(t), -s.UPSMinutes/60)
		for _, r := range up {
			m.Add(row, r.col+solver.Col(t), -r.product.Sustained())
		}
		return row
	}
	byLevels := func(t, end int) {
		row := covered(t, 0)
		for _, i := range storages {
			m.Add(row, m.storageLevel[i]+solver.Col(end), m.Case.Storages[i].DischargeEfficiency())
		}
	}
	for t := range m.T {
		switch {
		case t > 0:
			byLevels(t, t-1)
		case len(up) > 0: // levels are known; without reserve that is a bound of power
			covered(t, initialMWh)
		}
		byLevels(t, t)
	}
}
