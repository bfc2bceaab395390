package opt

// Storage.
//
//	level_t = level_{t-1} retention^{h_t} + eff_c h_t c_t - h_t / eff_d d_t
//	level_min <= level_t <= level_max,  terminal band on level_{T-1}
//	c_min y^c_t <= c_t <= c_max y^c_t,  d_min y^d_t <= d_t <= d_max y^d_t,  y^c_t + y^d_t <= 1
//	sum h_t / eff_d d_t <= cycles (level_max - level_min)
//	up reserve:    sum r <= d_max - d_t + c_t,  sum r sustained / eff_d <= level_t - level_min
//	down reserve:  sum r <= c_max - c_t + d_t,  sum r sustained eff_c <= level_max - level_t
//	cost: h_t wear d_t - terminal value level_{T-1}
//
// Without least powers y^d = 1 - y^c, one binary a period. The binaries are what
// keeps energy from being burnt by charging and discharging at once where prices
// are negative.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type storages struct {
	charge, discharge, level []solver.Col
	charging, discharging    []solver.Col // y^c, y^d (-1: 1 - y^c)
	reserves                 [][]provided
}

func (*storages) Kind() string { return "storage" }

func (k *storages) Formulate(m *Model) error {
	for i := range m.Case.Storages {
		s := &m.Case.Storages[i]
		at, err := m.terminal(s.Bus, s.Site)
		if err != nil {
			return err
		}
		m.Begin("storage", s.Name)
		effC, effD := s.ChargeEfficiency(), s.DischargeEfficiency()
		c := m.Columns("charge", solver.Continuous, between(0, s.MaxChargeMW))
		d := m.Columns("discharge", solver.Continuous, between(0, s.MaxDischargeMW))
		level := m.levelColumns(s.LevelMinMWh, s.LevelMaxMWh, s.TerminalMinMWh, s.TerminalMaxMWh)
		yc := m.Columns("charging", solver.Integer, between(0, 1))
		yd := solver.Col(-1)
		if s.MinChargeMW > 0 || s.MinDischargeMW > 0 {
			yd = m.Columns("discharging", solver.Integer, between(0, 1))
		}
		res, err := m.offer(m.ix.BusOf(s.Bus, s.Site), s.Reserves, func(*model.ReserveProduct) float64 { return inf })
		if err != nil {
			return err
		}
		m.promise(s.Site, res)
		m.Label("energy")
		cycles := solver.Row(-1)
		if s.MaxCycles != nil {
			cycles = m.Row(math.Inf(-1), *s.MaxCycles*(s.LevelMaxMWh-s.LevelMinMWh))
		}
		for t := range m.T {
			x, h := solver.Col(t), m.Hours[t]
			m.injectAt(at, t, c+x, -1)
			m.injectAt(at, t, d+x, 1)
			m.Cost(model.CostWear, d+x, s.WearCostPerMWh*h)
			row := m.levelRow(level, t, math.Pow(s.Retention(), h), s.InitialLevelMWh, 0)
			m.Add(row, c+x, -effC*h)
			m.Add(row, d+x, h/effD)
			if cycles >= 0 {
				m.Add(cycles, d+x, h/effD)
			}
		}
		m.Label("one way")
		for t := range m.T {
			x := solver.Col(t)
			m.offUnless(c+x, s.MaxChargeMW, yc+x)
			if yd < 0 {
				row := m.Row(math.Inf(-1), s.MaxDischargeMW)
				m.Add(row, d+x, 1)
				m.Add(row, yc+x, s.MaxDischargeMW)
				continue
			}
			m.offUnless(d+x, s.MaxDischargeMW, yd+x)
			m.atLeastIf(c+x, s.MinChargeMW, yc+x)
			m.atLeastIf(d+x, s.MinDischargeMW, yd+x)
			row := m.Row(math.Inf(-1), 1)
			m.Add(row, yc+x, 1)
			m.Add(row, yd+x, 1)
		}
		m.Label("reserve")
		sustainedOut := func(r *model.ReserveProduct) float64 { return r.Sustained() / effD }
		sustainedIn := func(r *model.ReserveProduct) float64 { return r.Sustained() * effC }
		for t := range m.T {
			x := solver.Col(t)
			m.within(res, t, model.Up, s.MaxDischargeMW, []term{{d + x, -1}, {c + x, 1}}, nil)
			m.within(res, t, model.Up, -s.LevelMinMWh, []term{{level + x, 1}}, sustainedOut)
			m.within(res, t, model.Down, s.MaxChargeMW, []term{{c + x, -1}, {d + x, 1}}, nil)
			m.within(res, t, model.Down, s.LevelMaxMWh, []term{{level + x, -1}}, sustainedIn)
		}
		m.Cost(model.CostTerminalValue, level+solver.Col(m.T-1), -s.TerminalValuePerMWh)
		k.charge, k.discharge, k.level = append(k.charge, c), append(k.discharge, d), append(k.level, level)
		k.charging, k.discharging = append(k.charging, yc), append(k.discharging, yd)
		k.reserves = append(k.reserves, res)
	}
	m.storageLevel, m.storageReserve = k.level, k.reserves
	return nil
}

// offUnless states c <= most * y.
func (m *Model) offUnless(c solver.Col, most float64, y solver.Col) {
	row := m.Row(math.Inf(-1), 0)
	m.Add(row, c, 1)
	m.Add(row, y, -most)
}

// atLeastIf states c >= least * y.
func (m *Model) atLeastIf(c solver.Col, least float64, y solver.Col) {
	if least == 0 {
		return
	}
	row := m.Row(0, inf)
	m.Add(row, c, 1)
	m.Add(row, y, -least)
}

// Propose rests every storage: charging is allowed (a storage with a terminal
// minimum may have to), nothing is forced. A level that can only be kept by
// discharging is left to the search.
func (k *storages) Propose(pt *Proposal) {
	for i := range pt.Model.Case.Storages {
		s := &pt.Model.Case.Storages[i]
		mustFall := orElse(s.TerminalMaxMWh, s.LevelMaxMWh) < s.InitialLevelMWh
		for t := range pt.Model.T {
			x := solver.Col(t)
			if yd := k.discharging[i]; yd >= 0 {
				pt.Set(k.charging[i]+x, 0)
				pt.Set(yd+x, 0)
				continue
			}
			pt.Set(k.charging[i]+x, boolFloat(!mustFall))
		}
	}
}

func boolFloat(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (k *storages) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Storages {
		p.Storages = append(p.Storages, model.StoragePlan{
			Name:        pt.Model.Case.Storages[i].Name,
			ChargeMW:    pt.Series(k.charge[i]),
			DischargeMW: pt.Series(k.discharge[i]),
			LevelMWh:    pt.Series(k.level[i]),
			Reserves:    pt.provided(k.reserves[i]),
		})
	}
}
