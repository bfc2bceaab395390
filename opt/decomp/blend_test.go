package decomp

import (
	"math"
	"testing"
)

// TestBlend: a blend decides as the nearest patterns, and what rows lack is no more
// than the assets that are not one pattern can make.
func TestBlend(t *testing.T) {
	for seed := range uint64(10) {
		p, assets := blocks(seed, 40, 4)
		s := priced(t, p, assets, dispatching(t, p))
		x, err := s.pricer.blend(0)
		if err != nil {
			t.Fatal(err)
		}
		slack := make([]float64, p.Rows())
		for i, a := range assets {
			near := s.pricer.nearest(i)
			for k, v := range near.decision {
				j := int(a.First) + k
				if x[j] != float64(v) {
					t.Fatalf("seed %d: column %d of asset %d is %g, its pattern has %d", seed, k, i, x[j], v)
				}
				if near.weight < decided {
					for r := range p.Rows() {
						slack[r] += 2 * math.Abs(entry(p.RowStart, p.Index, p.Value, r, j))
					}
				}
			}
		}
		for r := range 4 { // the balance of each period
			sum := 0.0
			for k := p.RowStart[r]; k < p.RowStart[r+1]; k++ {
				sum += p.Value[k] * x[p.Index[k]]
			}
			if lack := math.Abs(sum - p.RowLower[r]); lack > slack[r]+0.05*math.Abs(p.RowLower[r]) {
				t.Errorf("seed %d: %g is lacking in row %d, %g can be", seed, lack, r, slack[r])
			}
		}
	}
}

// entry is the coefficient of column j in row r.
func entry(start, index []int32, value []float64, r, j int) float64 {
	for k := start[r]; k < start[r+1]; k++ {
		if int(index[k]) == j {
			return value[k]
		}
	}
	return 0
}
