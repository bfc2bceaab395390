package model

import (
	"fmt"
	"math"
)

// checkCooling checks the cooling, and says whether it can be
// worked with.
func (s *Site) checkCooling(k *checker) bool {
	c := s.Cooling
	if c == nil {
		return true
	}
	ok := true
	if s.PUE.Given() {
		k.fail("pue", "is given beside cooling", "give one of the two")
		ok = false
	}
	ok = c.checkPieces(k) && ok
	return c.checkFactors(k) && ok
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
	ok := k.pointsByTemperature("cooling.by_temperature", "factor", len(c.ByTemperature), c.factorPoint)
	if c.FreeBelowC == nil && c.FreeFactor != 0 {
		k.fail("cooling.free_factor", "is given without free_below_c", "give both or none")
		return false
	}
	return k.notNegative("cooling.free_factor", c.FreeFactor) && ok
}
