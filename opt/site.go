package opt

// Sites.
//
//	power_t - PUE_t IT_t = base_t                                             (shared)
//	import_t = power_t                                                        (behind_meter.go: less what is made there)
//	import_t <= import limit_t,  |import_t - import_{t-1}| <= ramp H_t        (and beyond the plan: site_room.go)
//
// IT power is that of pools (pool.go). A site with cooling, water or heat counts it
// by itself (cooling.go). Its bus gives what it draws, less what stands behind its
// meter.

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type sites struct {
	power, imported []solver.Col // first of T; the same where nothing stands behind the meter
	it              []*itPower   // nil where the row of the site is of its power
}

func (*sites) Kind() string { return "site" }

func (k *sites) Formulate(m *Model) error {
	for i := range m.Case.Sites {
		s := &m.Case.Sites[i]
		bus, err := m.Bus(s.Bus)
		if err != nil {
			return err
		}
		m.Begin("site", s.Name)
		power := m.Columns("power", solver.Continuous, func(t int) (float64, float64) { return 0, m.mostPower(i, t) })
		for t := range m.T {
			if !m.detailed[i] {
				m.Add(m.siteRow[i*m.T+t], power+solver.Col(t), 1)
			}
			m.Inject(bus, t, power+solver.Col(t), -1)
		}
		var it *itPower
		if m.detailed[i] {
			it = m.itPower(i, power)
		}
		imported, heat := m.imported(i, power), noCol
		if it != nil {
			heat = it.heat
		}
		m.importInOutages(i, power, imported, heat)
		m.rampBothWays("ramp", func(t int) (solver.Col, float64) { return imported + solver.Col(t), 1 }, -1, s.RampMWPerH, s.InitialPowerMW)
		m.backup(i, power)
		k.power, k.imported, k.it = append(k.power, power), append(k.imported, imported), append(k.it, it)
		m.sitePowerOf, m.siteImportOf, m.siteIT = k.power, k.imported, k.it
		m.room(i)
	}
	return nil
}

// sitePower returns the column of what a site draws in a period.
func (m *Model) sitePower(site, t int) solver.Col { return m.sitePowerOf[site] + solver.Col(t) }

// siteImport returns the column of what a site imports in a period.
func (m *Model) siteImport(site, t int) solver.Col { return m.siteImportOf[site] + solver.Col(t) }

func (k *sites) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Sites {
		s := &pt.Model.Case.Sites[i]
		out := model.SitePlan{Name: s.Name, PowerMW: pt.Series(k.power[i])}
		if k.imported[i] != k.power[i] {
			out.ImportMW = pt.Series(k.imported[i])
		}
		if k.it[i] != nil {
			k.it[i].extract(pt, s, &out)
		}
		p.Sites = append(p.Sites, out)
	}
}

// looseColumns are the order of the pieces.
func (k *sites) looseColumns(T int, visit func(solver.Col)) {
	for _, it := range k.it {
		if it == nil {
			continue
		}
		for _, p := range it.pieces {
			for t := 0; p.full >= 0 && t < T; t++ {
				visit(p.full + solver.Col(t))
			}
		}
	}
}

// settle makes the order of the pieces whole; what is out of order waits.
func (k *sites) settle(m *Model, x []float64, hold func(solver.Col)) {
	for i, it := range k.it {
		if it == nil || it.pieces[0].full < 0 {
			continue
		}
		s := &m.Case.Sites[i]
		for t := range m.T {
			if !ordered(s, t) || it.settle(s, x, t) {
				continue
			}
			for _, p := range it.pieces[:len(it.pieces)-1] {
				hold(p.full + solver.Col(t))
			}
		}
	}
}
