package model

import (
	"fmt"
	"sort"
)

// byTemperature reads a value off n points by outdoor temperature, ascending: the
// straight line between two, constant outside.
func byTemperature(ambientC float64, n int, point func(i int) (ambientC, value float64)) float64 {
	next := sort.Search(n, func(i int) bool { at, _ := point(i); return at >= ambientC })
	if next == 0 || next == n {
		_, value := point(min(next, n-1))
		return value
	}
	from, low := point(next - 1)
	to, high := point(next)
	return low + (high-low)*(ambientC-from)/(to-from)
}

// pointsByTemperature checks such points: ascending, with values that are not negative.
func (k *checker) pointsByTemperature(field, value string, n int, point func(i int) (ambientC, value float64)) bool {
	if !k.fewParts(field, n) {
		return false
	}
	ok := true
	for i := range n {
		at := fmt.Sprintf("%s[%d].", field, i)
		ambientC, v := point(i)
		if i > 0 {
			if before, _ := point(i - 1); ambientC <= before {
				k.fail(at+"ambient_c", fmt.Sprintf("%s is not above %s of the point before", num(ambientC), num(before)), "list the points by temperature")
				return false
			}
		}
		ok = k.notNegative(at+value, v) && ok
	}
	return ok
}

// checkAmbient checks that a temperature is given where something follows it.
func (s *Site) checkAmbient(k *checker) bool {
	follower := ""
	switch {
	case s.Cooling != nil && (len(s.Cooling.ByTemperature) > 0 || s.Cooling.FreeBelowC != nil):
		follower = "the cooling"
	case len(s.WaterByTemperature) > 0:
		follower = "water_by_temperature"
	}
	switch given := s.AmbientC.Given(); {
	case given && follower == "":
		k.warn("ambient_c", "is given, and nothing at the site follows it", "")
	case !given && follower != "":
		k.fail("ambient_c", "is missing, and "+follower+" follows it", "give a temperature, or a value a period")
		return false
	}
	return true
}
