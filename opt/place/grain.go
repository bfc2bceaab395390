package place

import "math"

// mostGrains is the number of grains that a horizon may have.
const mostGrains = 4096

// grain returns the longest time that every period is a whole multiple of, and
// how many of them each has; 0 where the horizon would have too many.
func grain(hours []float64) (length float64, counts []int) {
	counts = make([]int, len(hours))
	total := 0.0
	for _, h := range hours {
		length = common(length, h)
		total += h
	}
	if length <= 0 || total/length > mostGrains {
		return 0, counts
	}
	for t, h := range hours {
		counts[t] = int(math.Round(h / length))
	}
	return length, counts
}

// common is the greatest common measure of two times in hours, by Euclid.
func common(a, b float64) float64 {
	for b > 1e-6 {
		a, b = b, a-b*math.Floor(a/b+1e-6)
	}
	return a
}

// CommonGrain says whether periods are whole multiples of a common length, as gangs that may
// be interrupted need them.
func CommonGrain(hours []float64) bool {
	length, _ := grain(hours)
	return length > 0
}
