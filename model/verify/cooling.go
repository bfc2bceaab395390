package verify

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

// coolingFactor is the factor of a site's overhead at its outdoor temperature.
func coolingFactor(s *model.Site, t int) float64 {
	c, ambient := s.Cooling, s.AmbientC.At(t, 0)
	if c.FreeBelowC != nil && ambient <= *c.FreeBelowC {
		return c.FreeFactor
	}
	if len(c.ByTemperature) == 0 {
		return 1
	}
	return atTemperature(ambient, c.ByTemperature, func(p model.CoolingFactor) (float64, float64) { return p.AmbientC, p.Factor })
}

// waterUse is what a site uses at its outdoor temperature, litres a kWh of IT energy.
func waterUse(s *model.Site, t int) float64 {
	if len(s.WaterByTemperature) == 0 {
		return s.WaterLPerKWh.At(t, 0)
	}
	return atTemperature(s.AmbientC.At(t, 0), s.WaterByTemperature, func(p model.WaterUse) (float64, float64) { return p.AmbientC, p.LPerKWh })
}

// atTemperature is the value at a temperature on the lines between points, and that of
// the first or the last one outside.
func atTemperature[P any](ambient float64, points []P, read func(P) (ambient, value float64)) float64 {
	before, value := read(points[0])
	for _, p := range points {
		at, there := read(p)
		if ambient < at {
			if at > before {
				value += (ambient - before) / (at - before) * (there - value)
			}
			return value
		}
		before, value = at, there // so far the last point at or below
	}
	return value
}

// overheadMW is the overhead of a site before the factor: each piece's slope over
// the part of the IT power that lies on it.
func overheadMW(c *model.Cooling, itMW float64) float64 {
	sum, begin := 0.0, 0.0
	for i, p := range c.Pieces {
		end := itMW
		if p.ITMW != nil && i < len(c.Pieces)-1 {
			end = min(end, *p.ITMW)
		}
		if end > begin {
			sum += p.OverheadMWPerMW * (end - begin)
			begin = end
		}
	}
	return sum
}

// coolingEnd is the most IT power that a site's cooling serves, MW.
func coolingEnd(s *model.Site) float64 {
	if s.Cooling == nil || len(s.Cooling.Pieces) == 0 {
		return math.Inf(1)
	}
	return valueOr(s.Cooling.Pieces[len(s.Cooling.Pieces)-1].ITMW, math.Inf(1))
}

// coolingLimit checks that the cooling serves the IT power.
func (k *checker) coolingLimit(i int) {
	s := &k.c.Sites[i]
	end := coolingEnd(s)
	for t, mw := range k.siteIT[i] {
		if k.above(mw, end) {
			k.breach(ruleSiteCooling, s.Name, t, mw, end, "IT power is %g MW, the cooling serves %g", mw, end)
		}
	}
}
