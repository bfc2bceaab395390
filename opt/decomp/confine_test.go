package decomp

import (
	"slices"
	"testing"
)

// TestShortPrices: a row that is short has its shortage's price, whatever the program
// that was solved says of it; no other price changes.
func TestShortPrices(t *testing.T) {
	p, assets := blocks(3, 6, 5)
	s := priced(t, p, assets, dispatching(t, p))
	lost := make([]float64, len(s.rows))
	penal := 0
	for _, j := range s.boxes {
		if !s.penal(j) {
			continue
		}
		penal++
		row := s.index[s.start[j]]
		for _, at := range []struct{ value, want float64 }{
			{s.lower[j], 0}, {(s.lower[j] + s.upper[j]) / 2, p.ColCost[j] / s.value[s.start[j]]}, {s.upper[j], 0},
		} {
			x := slices.Clone(s.acc.choice)
			for _, i := range s.boxes {
				x[i] = s.lower[i]
			}
			x[j] = at.value
			price := s.shortPrices(x, lost)
			if price[row] != at.want {
				t.Errorf("%s at %v: price %v, want %v", p.NameOfCol(int(j)), at.value, price[row], at.want)
			}
			if price[row] = 0; slices.ContainsFunc(price, func(v float64) bool { return v != 0 }) {
				t.Errorf("%s at %v: other prices change: %v", p.NameOfCol(int(j)), at.value, price)
			}
		}
	}
	if penal == 0 {
		t.Error("nothing can be short")
	}
}
