package place

import "math"

// The price of capacity in a cell is max(0, mu + rho (load - capacity)). rho is
// such that a cell over its capacity by the share "softness" has the typical
// price of use on top of mu.

// unitPrice is the price of capacity of a unit held in a cell and period.
func (s *Session) unitPrice(cell, t int) float64 {
	c := cell*len(s.p.Hours) + t
	return max(0, s.mu.Held[c]+s.unitRho[cell]*(s.load.units[c]-s.room.units[c]))
}

// unitHPrice is the price of a unit-hour of a quota.
func (s *Session) unitHPrice(quota int) float64 {
	return max(0, s.mu.UnitH[quota]+s.unitHRho[quota]*(s.load.unitH[quota]-s.p.Quotas[quota].unitH()))
}

// gbPrice is the price of capacity of a GB on a link in a period.
func (s *Session) gbPrice(link, t int) float64 {
	c := link*len(s.p.Hours) + t
	return max(0, s.mu.GB[c]+s.gbRho[link]*(s.use.GB[c]-s.room.gb[c]))
}

// gauge takes the measure of money from the first prices and the jobs.
func (s *Session) gauge() {
	units, unitH, gb, drop := 0.0, 0.0, s.p.GB(), 0.0
	for _, v := range s.p.Hours {
		unitH += v
	}
	hour := unitH / max(1, float64(len(s.p.Hours)))
	for i := range s.p.Jobs {
		j := &s.p.Jobs[i]
		units += j.WorkUnitH / max(hour, durationSlack)
		drop += j.DropPrice
	}
	typical := 0.0
	for c, v := range s.prices.Held {
		typical += math.Abs(v + s.prices.Busy[c])
	}
	s.typicalUnit = typical / max(1, float64(len(s.prices.Held)))
	if units > 0 {
		// Where use is all but free, capacity still has a price: what is at
		// stake is then what jobs are worth.
		s.typicalUnit = max(s.typicalUnit, 0.02*drop/units)
	}
	if s.typicalUnit <= 0 {
		s.typicalUnit = 1
	}
	typical = 0
	for _, v := range s.prices.GB {
		typical += math.Abs(v)
	}
	s.typicalGB = typical / max(1, float64(len(s.prices.GB)))
	if gb > 0 {
		s.typicalGB = max(s.typicalGB, 0.1*s.typicalUnit*units/gb)
	}
	s.leastGain = 1e-9 * s.typicalUnit
	s.soften()
}

// soften sets how steeply the price of capacity rises.
func (s *Session) soften() {
	T := len(s.p.Hours)
	for i := range s.unitRho {
		s.unitRho[i] = s.typicalUnit / (s.softness * max(mean(s.capacity[i*T:(i+1)*T]), 1e-6))
	}
	for i := range s.unitHRho { // of all hours together, so that money per unit-hour is per mean hour
		s.unitHRho[i] = s.typicalUnit / max(mean(s.p.Hours), durationSlack) / (s.softness * max(s.p.Quotas[i].unitH(), 1e-6))
	}
	for i := range s.gbRho {
		// Data come in lumps: links stay half as steep.
		s.gbRho[i] = s.typicalGB / (s.softness * 2 * max(s.meanGB[i], 1e-6))
	}
}

// SetSoftness says how far over its capacity a cell may be loaded, relative,
// before its price of capacity rises by the typical price of use.
func (s *Session) SetSoftness(share float64) { s.softness = max(share, 1e-6); s.soften() }

// Tighten takes the prices of capacity of now as the multipliers. Where a cell
// errs on the same side time after time its step grows, up to mostPace times: the
// price that clears a crowded cell may be many steps away.
func (s *Session) Tighten() {
	T := len(s.p.Hours)
	for c, capacity := range s.capacity {
		s.mu.Held[c] = s.pace.Held[c].step(s.mu.Held[c], s.unitRho[c/T]*(s.load.units[c]-capacity))
	}
	for q, rho := range s.unitHRho {
		if rho > 0 {
			s.mu.UnitH[q] = s.pace.UnitH[q].step(s.mu.UnitH[q], rho*(s.load.unitH[q]-s.p.Quotas[q].unitH()))
		}
	}
	for i := range s.p.Links {
		for t, capacity := range s.p.Links[i].CapacityGB {
			c := i*T + t
			s.mu.GB[c] = s.pace.GB[c].step(s.mu.GB[c], s.gbRho[i]*(s.use.GB[c]-capacity))
		}
	}
}

// pace is by how much the steps of a multiplier are stretched; its sign is the
// direction of the last step.
type pace float64

const (
	faster   = 1.3
	mostPace = 4
)

// step moves a multiplier and returns it.
func (p *pace) step(mu, by float64) float64 {
	switch old := float64(*p); {
	case by > 0 && old > 0:
		*p = pace(min(mostPace, old*faster))
	case by < 0 && old < 0:
		*p = pace(max(-mostPace, old*faster))
	case by > 0:
		*p = 1
	default:
		*p = -1
	}
	return max(0, mu+math.Abs(float64(*p))*by)
}

// paces are laid out as Multipliers.
type paces struct{ Held, GB, UnitH []pace }

// over returns the load beyond capacity, relative to all capacity.
func (s *Session) over() (units, gb float64) {
	T := len(s.p.Hours)
	beyond, all := 0.0, 0.0
	for c, capacity := range s.room.units {
		beyond += max(0, s.load.units[c]-capacity)
		all += capacity
	}
	units = beyond / max(all, 1e-6)
	beyond, all = 0, 0
	for i := range s.p.Links {
		for t, capacity := range s.room.gb[i*T : (i+1)*T] {
			beyond += max(0, s.use.GB[i*T+t]-capacity)
			all += capacity
		}
	}
	return units, beyond / max(all, 1e-6)
}
