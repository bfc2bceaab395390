package model

import (
	"fmt"
	"math"
)

// checkCooling checks the cooling and what it needs, and says whether it can be
// worked with.
func (s *Site) checkCooling(k *checker) bool {
	c := s.Cooling
	if c == nil {
		if s.AmbientC.Given() {
			k.warn("ambient_c", "is given, and the site has no cooling that follows it", "")
		}
		return true
	}
	ok := true
	if s.PUE.Given() {
		k.fail("pue", "is given beside cooling", "give one of the two")
		ok = false
	}
	ok = c.checkPieces(k) && ok
	ok = c.checkFactors(k) && ok
	if (len(c.ByTemperature) > 0 || c.FreeBelowC != nil) && !s.AmbientC.Given() {
		k.fail("ambient_c", "is missing, and the cooling follows it", "give a temperature, or a value a period")
		ok = false
	}
	return ok
}

func (c *Cooling) checkPieces(k *checker) bool {
	if len(c.Pieces) == 0 {
		k.fail("cooling.pieces", "has no items", "write pieces, as in [{overhead_mw_per_mw: 0.2}]")
		return false
	}
	if !k.fewParts("cooling.pieces", len(c.Pieces)) {
		return false
	}
	end, slope := 0.0, 0.0
	for i, p := range c.Pieces {
		at := fmt.Sprintf("cooling.pieces[%d].", i)
		switch last := i == len(c.Pieces)-1; {
		case p.ITMW == nil && !last:
			k.fail(at+"it_mw", "is missing, and another piece follows", "give the IT power where the piece ends")
			return false
		case p.ITMW != nil && *p.ITMW <= end:
			k.fail(at+"it_mw", fmt.Sprintf("%s is not above %s, where the piece begins", num(*p.ITMW), num(end)), "list the pieces by IT power")
			return false
		}
		switch {
		case p.OverheadMWPerMW < 0:
			return k.notNegative(at+"overhead_mw_per_mw", p.OverheadMWPerMW)
		case p.OverheadMWPerMW < slope:
			k.fail(at+"overhead_mw_per_mw", fmt.Sprintf("%s is below %s of the piece before: the overhead is not convex", num(p.OverheadMWPerMW), num(slope)), "give slopes that do not fall")
			return false
		}
		end, slope = orElse(p.ITMW, math.Inf(1)), p.OverheadMWPerMW
	}
	return true
}

func (c *Cooling) checkFactors(k *checker) bool {
	if !k.fewParts("cooling.by_temperature", len(c.ByTemperature)) {
		return false
	}
	ok := true
	for i, p := range c.ByTemperature {
		at := fmt.Sprintf("cooling.by_temperature[%d].", i)
		if i > 0 && p.AmbientC <= c.ByTemperature[i-1].AmbientC {
			k.fail(at+"ambient_c", fmt.Sprintf("%s is not above %s of the point before", num(p.AmbientC), num(c.ByTemperature[i-1].AmbientC)), "list the points by temperature")
			return false
		}
		ok = k.notNegative(at+"factor", p.Factor) && ok
	}
	if c.FreeBelowC == nil && c.FreeFactor != 0 {
		k.fail("cooling.free_factor", "is given without free_below_c", "give both or none")
		return false
	}
	return k.notNegative("cooling.free_factor", c.FreeFactor) && ok
}
