package opt

// Start-up tiers of thermal units; their mathematics stand in thermal.go.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// startups adds the cost and emissions of starts.
func (k *thermal) startups(m *Model, d *thermalData, c *thermalColumns) {
	tiers := d.u.Startup
	if len(tiers) == 0 {
		return
	}
	c.coldest = d.coldestTiers(m)
	for t, k := range c.coldest {
		m.Cost(model.CostStartup, c.start+solver.Col(t), tiers[k].Cost)
		m.Count(Emissions, c.start+solver.Col(t), tiers[k].CO2T)
	}
	if len(tiers) == 1 {
		return
	}
	if d.n == 1 && k.form.Tiers == StartupWindows {
		k.startWindows(m, d, c)
		return
	}
	k.startPairs(m, d, c)
}

// coldestTiers returns, by period, the coldest tier that a start in it can be: of
// units that have been off since before the horizon, or since the earliest stop.
func (d *thermalData) coldestTiers(m *Model) []int {
	tiers := d.u.Startup
	out := make([]int, m.T)
	off := 0.0
	if d.n > d.initialOn {
		off = inf
		if s := d.u.Initial; s != nil && s.HoursOff != nil {
			off = *s.HoursOff
		}
	}
	for t := range out {
		out[t] = tierOf(tiers, off)
		off += m.Hours[t]
	}
	return out
}

// startPairs adds the warm starts by stop and start.
func (k *thermal) startPairs(m *Model, d *thermalData, c *thermalColumns) {
	tiers := d.u.Startup
	m.Label("warm start")
	arc := func(stop, t int, off float64) {
		tier, coldest := tierOf(tiers, off), tiers[c.coldest[t]]
		if tier == c.coldest[t] || off < d.u.MinDownH-durationSlack {
			return
		}
		if !m.possible(c.start+solver.Col(t)) || stop >= 0 && !m.possible(c.stop+solver.Col(stop)) {
			return
		}
		col := m.Column(0, d.n, solver.Integer)
		m.Cost(model.CostStartup, col, tiers[tier].Cost-coldest.Cost)
		m.Count(Emissions, col, tiers[tier].CO2T-coldest.CO2T)
		c.warm = append(c.warm, warmStart{col, stop, t, tier})
	}
	if s := d.u.Initial; s != nil && s.HoursOff != nil && d.n > d.initialOn {
		off := *s.HoursOff
		for t := range m.T {
			arc(-1, t, off)
			off += m.Hours[t]
		}
	}
	for s := range m.T {
		off := m.Hours[s]
		for t := s + 1; t < m.T; t++ {
			if tierOf(tiers, off) == len(tiers)-1 {
				break
			}
			arc(s, t, off)
			off += m.Hours[t]
		}
	}
	m.Label("warm start match")
	ofStop := solver.Row(-1)
	for i, w := range c.warm { // in order of stops
		if i == 0 || w.stop != c.warm[i-1].stop {
			ofStop = m.Row(math.Inf(-1), 0)
			if w.stop < 0 {
				m.b.ShiftRow(ofStop, d.n-d.initialOn)
			} else {
				m.Add(ofStop, c.stop+solver.Col(w.stop), -1)
			}
		}
		m.Add(ofStop, w.col, 1)
	}
	ofStart := make([]solver.Row, m.T) // 0, a row of the shared ones, for none
	for _, w := range c.warm {
		if ofStart[w.t] == 0 {
			ofStart[w.t] = m.Row(math.Inf(-1), 0)
			m.Add(ofStart[w.t], c.start+solver.Col(w.t), -1)
		}
		m.Add(ofStart[w.t], w.col, 1)
	}
}

// possible says whether a column can be above 0.
func (m *Model) possible(c solver.Col) bool {
	_, up := m.b.Bounds(c)
	return up > 0
}

// startWindows adds the warm starts by tier, each bounded by the stops in its
// tier's window. Stops before the latest are of a colder tier or the same, and
// colder starts may always be paid, so a single unit pays what it owes.
func (k *thermal) startWindows(m *Model, d *thermalData, c *thermalColumns) {
	tiers := d.u.Startup
	m.Label("warm start")
	for t := range m.T {
		ofStart := solver.Row(-1)
		coldest := tiers[c.coldest[t]]
		for tier, from := range d.tierWindows(m, t)[:c.coldest[t]] {
			if from.stops == nil && !from.before {
				continue
			}
			col := m.Column(0, 1, solver.Integer)
			m.Cost(model.CostStartup, col, tiers[tier].Cost-coldest.Cost)
			m.Count(Emissions, col, tiers[tier].CO2T-coldest.CO2T)
			c.warm = append(c.warm, warmStart{col, -1, t, tier})
			row := m.Row(math.Inf(-1), boolFloat(from.before))
			m.Add(row, col, 1)
			for _, s := range from.stops {
				m.Add(row, c.stop+solver.Col(s), -1)
			}
			if ofStart < 0 {
				ofStart = m.Row(math.Inf(-1), 0)
				m.Add(ofStart, c.start+solver.Col(t), -1)
			}
			m.Add(ofStart, col, 1)
		}
	}
}

// tierWindow lists where a unit that starts may have stopped: in periods, or
// before the horizon.
type tierWindow struct {
	stops  []int
	before bool
}

// tierWindows returns them for a start in t, by tier but the coldest.
func (d *thermalData) tierWindows(m *Model, t int) []tierWindow {
	tiers := d.u.Startup
	out := make([]tierWindow, len(tiers)-1)
	off := 0.0
	for s := t - 1; s >= 0; s-- {
		off += m.Hours[s]
		tier := tierOf(tiers, off)
		if tier == len(out) {
			return out
		}
		if off >= d.u.MinDownH-durationSlack {
			out[tier].stops = append(out[tier].stops, s)
		}
	}
	if s := d.u.Initial; s != nil && s.HoursOff != nil && d.n > d.initialOn {
		off += *s.HoursOff
		if tier := tierOf(tiers, off); tier < len(out) && off >= d.u.MinDownH-durationSlack {
			out[tier].before = true
		}
	}
	return out
}

// tierOf returns the tier of a start after off hours offline.
func tierOf(tiers []model.StartupTier, off float64) int {
	k := 0
	for k+1 < len(tiers) && off >= tiers[k+1].AfterOffH-durationSlack {
		k++
	}
	return k
}

func startsByTier(pt *Point, u *model.ThermalUnit, c *thermalColumns, starts []int) [][]int {
	tiers := make([][]int, len(u.Startup))
	for k := range tiers {
		tiers[k] = make([]int, pt.Model.T)
	}
	for t, n := range starts {
		tiers[c.coldest[t]][t] = n
	}
	for _, w := range c.warm {
		n := pt.Int(w.col)
		tiers[w.tier][w.t] += n
		tiers[c.coldest[w.t]][w.t] -= n
	}
	return tiers
}
