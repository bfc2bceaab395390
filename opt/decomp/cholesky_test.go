package decomp

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// plainCholesky solves M x = b by the textbook's three loops.
func plainCholesky(m [][]float64, b []float64) []float64 {
	n := len(b)
	l := make([][]float64, n)
	x := slices.Clone(b)
	for i := range n {
		l[i] = make([]float64, n)
		for j := 0; j <= i; j++ {
			s := m[i][j]
			for k := range j {
				s -= l[i][k] * l[j][k]
			}
			if i == j {
				l[i][i] = math.Sqrt(s)
			} else {
				l[i][j] = s / l[j][j]
			}
		}
	}
	for i := range n {
		for k := range i {
			x[i] -= l[i][k] * x[k]
		}
		x[i] /= l[i][i]
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			x[i] -= l[k][i] * x[k]
		}
		x[i] /= l[i][i]
	}
	return x
}

// subset returns k different numbers below n.
func subset(rng *rand.Rand, n, k int) []int32 {
	var out []int32
	for _, v := range rng.Perm(n)[:k] {
		out = append(out, int32(v))
	}
	slices.Sort(out)
	return out
}

// randomMatrix is a sum of products over random cliques, and the identity.
func randomMatrix(rng *rand.Rand, n int, cliques [][]int32) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		m[i][i] = 1
	}
	for _, rows := range cliques {
		v := make([]float64, len(rows))
		for i := range v {
			v[i] = rng.NormFloat64()
		}
		for i, r := range rows {
			for j, s := range rows {
				m[r][s] += v[i] * v[j]
			}
		}
	}
	return m
}

func load(f *cholesky, m [][]float64, cliques [][]int32) {
	clear(f.value)
	for r := range m {
		f.value[f.diag[r]] = m[r][r]
	}
	for _, rows := range cliques {
		for _, r := range rows {
			for _, s := range rows {
				f.value[f.slot(r, s)] = m[r][s]
			}
		}
	}
}

func TestCholeskyAgainstPlain(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	sawSparse, sawCore := false, false
	for trial := range 120 {
		n := 1 + rng.IntN(160)
		var cliques [][]int32
		for range rng.IntN(2 * n) {
			cliques = append(cliques, subset(rng, n, 1+rng.IntN(min(n, 4))))
		}
		if trial%2 == 0 {
			cliques = append(cliques, subset(rng, n, 1+rng.IntN(n)))
		}
		f, err := newCholesky(n, cliques, crew{2})
		if err != nil {
			t.Fatal(err)
		}
		sawSparse = sawSparse || f.sparse > 5
		sawCore = sawCore || n-f.sparse > block
		for range 2 { // the pattern serves more than once
			m := randomMatrix(rng, n, cliques)
			b := make([]float64, n)
			for i := range b {
				b[i] = rng.NormFloat64()
			}
			want := plainCholesky(m, b)
			load(f, m, cliques)
			f.factorise()
			got := slices.Clone(b)
			f.solve(got)
			for i := range want {
				if math.Abs(got[i]-want[i]) > 1e-9*(1+math.Abs(want[i])) {
					t.Fatalf("trial %d, n %d, sparse %d: x[%d] = %v, want %v", trial, n, f.sparse, i, got[i], want[i])
				}
			}
		}
	}
	if !sawSparse || !sawCore {
		t.Errorf("sparse columns seen: %v, a core of several blocks: %v; want both", sawSparse, sawCore)
	}
}

// Two equal rows: M = [[1 1] [1 1]] is singular. The second pivot is 1 - 1 = 0,
// so its unknown is zero and the first solves its own row.
func TestCholeskySingular(t *testing.T) {
	cliques := [][]int32{{0, 1}}
	f, err := newCholesky(2, cliques, crew{1})
	if err != nil {
		t.Fatal(err)
	}
	load(f, [][]float64{{1, 1}, {1, 1}}, cliques)
	f.factorise()
	x := []float64{3, 3}
	f.solve(x)
	if s := x[0] + x[1]; math.Abs(s-3) > 1e-12 || x[0] != 0 && x[1] != 0 {
		t.Errorf("x = %v, want 3 in one place and 0 in the other", x)
	}
}

// A row of bands with one clique over all of its ends: minimum degree must
// eliminate the bands without fill, each row with at most two neighbours beside
// the ends.
func TestMinimumDegreeOfBands(t *testing.T) {
	const bands, length = 20, 30
	var cliques [][]int32
	var ends []int32
	for b := range bands {
		for k := range length - 1 {
			r := int32(b*length + k)
			cliques = append(cliques, []int32{r, r + 1})
		}
		ends = append(ends, int32(b*length+length-1))
	}
	cliques = append(cliques, ends)
	e := minimumDegree(bands*length, cliques)
	order := slices.Clone(e.order)
	slices.Sort(order)
	for i, r := range order {
		if int(r) != i {
			t.Fatalf("the order is no permutation: %d in place %d", r, i)
		}
	}
	fill := 0
	for _, rows := range e.below {
		fill += len(rows)
	}
	// Each inner row of a band keeps one neighbour; the ends are one clique.
	if want := bands * (length - 1); fill > want+bands*(bands-1)/2 {
		t.Errorf("%d entries below the diagonal, want %d and those of the ends", fill, want)
	}
}

func BenchmarkCholeskyCore(b *testing.B) {
	for _, n := range []int{96, 384, 960} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			all := subset(rng, n, n)
			f, err := newCholesky(n, [][]int32{all}, crew{1})
			if err != nil {
				b.Fatal(err)
			}
			m := randomMatrix(rng, n, [][]int32{all})
			load(f, m, [][]int32{all})
			matrix := slices.Clone(f.value)
			for b.Loop() {
				copy(f.value, matrix)
				f.factorise()
			}
		})
	}
}
