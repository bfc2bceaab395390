package decomp

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The kernels of the processor at hand give the plain ones' bits, whatever the
// sizes, and touch nothing beside.
func TestKernels(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 1))
	values := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = rng.NormFloat64() * math.Exp(3*rng.NormFloat64())
		}
		return v
	}
	same := func(a, b []float64) bool {
		return slices.EqualFunc(a, b, func(x, y float64) bool {
			return math.Float64bits(x) == math.Float64bits(y)
		})
	}
	for n := range 9 {
		a, b := values(lane*n), values(lane*n)
		if x, y := dot(a, b), plainDot(a, b); !same([]float64{x}, []float64{y}) {
			t.Errorf("dot of %d values is %v, not %v", len(a), x, y)
		}
		s := values(lane*n + 1)
		r := slices.Clone(s)
		axpy(s[:lane*n], 1.7, a)
		plainAxpy(r[:lane*n], 1.7, a)
		if !same(s, r) {
			t.Errorf("axpy of %d values differs", len(a))
		}

		const columns = 11
		width := tile * n
		buffer := values(tile*(4*width+1) + 2)
		c := values(6 * columns)
		d := slices.Clone(c)
		for i, sign := range []float64{1, -1} {
			addProduct(c[columns+3:], columns, buffer, tile*width, (2+i)*tile*width, width, sign)
			plainProduct(d[columns+3:], columns, buffer, tile*width, (2+i)*tile*width, width, sign)
		}
		if !same(c, d) {
			t.Errorf("product of panels of %d columns differs", width)
		}

		const points = 8
		for _, much := range []float64{0, 1, 1e9} {
			limit := values(lane * n)
			for i := range limit {
				limit[i] = much * math.Abs(limit[i])
			}
			x := values(lane*n*points + 4*tile)
			y := slices.Clone(x)
			p := packPoint(x[tile*3:], points, a, b, 0.3, limit)
			q := plainPack(y[tile*3:], points, a, b, 0.3, limit)
			if p != q || !same(x, y) {
				t.Errorf("packing %d values with limits of %v differs", len(a), much)
			}
		}
	}
}

func BenchmarkProduct(b *testing.B) {
	buffer := make([]float64, 2*tile*256+2)
	for i := range buffer {
		buffer[i] = float64(i%17) - 8
	}
	c := make([]float64, tile*tile)
	for _, k := range []struct {
		name string
		add  func(c []float64, columns int, buffer []float64, p, q, width int, sign float64)
	}{{"plain", plainProduct}, {"here", addProduct}} {
		b.Run(k.name, func(b *testing.B) {
			for range b.N {
				k.add(c, tile, buffer, 0, tile*256, 256, 1)
			}
			b.ReportMetric(2*tile*tile*256*float64(b.N)/1e9/b.Elapsed().Seconds(), "Gflop/s")
		})
	}
}
