package decomp

import "math"

// The dense part of the factorisation, right-looking by blocks of columns. What
// takes the time is one kernel: a tile of four rows and four columns grows or
// shrinks by a product of two panels. A panel is four rows of a factor packed
// side by side: entry 4*k+i is column k of the panel's row i.

const (
	tile  = 4  // rows of a panel
	block = 48 // columns eliminated at once, a multiple of tile
)

// roundUp returns n rounded up to whole tiles.
func roundUp(n int) int { return (n + tile - 1) / tile * tile }

// dense is a symmetric matrix, its lower triangle in whole tiles, row-major.
type dense struct {
	n      int       // rows, a multiple of tile
	a      []float64 // n * n
	origin []float64 // n: the diagonal before anything is subtracted
	panels []float64 // n * block + tile, scratch
}

// smallPivot is the part of its original diagonal below which a pivot is
// rounding error.
const smallPivot = 1e-14

// largePivot makes the row of such a pivot take no part: its unknown becomes
// zero.
const largePivot = 1e128

func pivot(d, origin float64) float64 {
	if d > smallPivot*origin && d > 0 {
		return math.Sqrt(d)
	}
	return largePivot
}

// factorise replaces the lower triangle by its Cholesky factor.
func (d *dense) factorise(c crew) {
	for first := 0; first < d.n; first += block {
		width := min(block, d.n-first)
		d.corner(first, width)
		below := first + width
		panels := (d.n - below) / tile
		c.each(panels, func(i int) { d.panel(first, width, below+i*tile) })
		c.each(panels, func(i int) {
			i = panels - 1 - i // the longest first
			row := below + i*tile
			for col := below; col <= row; col += tile {
				addProduct(d.a[row*d.n+col:], d.n, d.panels, row*block, col*block, width, -1)
			}
		})
	}
}

// corner factorises a block on the diagonal.
func (d *dense) corner(first, width int) {
	for j := first; j < first+width; j++ {
		rj := d.a[j*d.n+first : j*d.n+j+1]
		k := j - first
		s := rj[k]
		for _, v := range rj[:k] {
			s -= v * v
		}
		l := pivot(s, d.origin[j])
		rj[k] = l
		for i := j + 1; i < first+width; i++ {
			ri := d.a[i*d.n+first : i*d.n+j+1]
			t := ri[k]
			for h, v := range rj[:k] {
				t -= ri[h] * v
			}
			ri[k] = t / l
		}
	}
}

// panel solves for the factor's four rows from row on in the columns of a
// finished block, and packs them.
func (d *dense) panel(first, width, row int) {
	var r [tile][]float64
	for i := range r {
		r[i] = d.a[(row+i)*d.n+first:][:width]
	}
	r0, r1, r2, r3 := r[0], r[1], r[2], r[3]
	p := d.panels[row*block:][:tile*width]
	for j := range width {
		l := d.a[(first+j)*d.n+first:][:j+1]
		s0, s1, s2, s3 := r0[j], r1[j], r2[j], r3[j]
		q := p[:tile*j]
		for _, v := range l[:j] {
			u := (*[tile]float64)(q)
			s0 -= u[0] * v
			s1 -= u[1] * v
			s2 -= u[2] * v
			s3 -= u[3] * v
			q = q[tile:]
		}
		v := 1 / l[j]
		s0, s1, s2, s3 = s0*v, s1*v, s2*v, s3*v
		r0[j], r1[j], r2[j], r3[j] = s0, s1, s2, s3
		u := (*[tile]float64)(p[tile*j:])
		u[0], u[1], u[2], u[3] = s0, s1, s2, s3
	}
}

// forward replaces x by the solution of L z = x.
func (d *dense) forward(x []float64) {
	for i := range d.n {
		row := d.a[i*d.n : i*d.n+i+1]
		s, t := x[i], 0.0
		k := 0
		for ; k+1 < i; k += 2 {
			s -= row[k] * x[k]
			t -= row[k+1] * x[k+1]
		}
		if k < i {
			s -= row[k] * x[k]
		}
		x[i] = (s + t) / row[i]
	}
}

// backward replaces x by the solution of L' z = x.
func (d *dense) backward(x []float64) {
	for i := d.n - 1; i >= 0; i-- {
		row := d.a[i*d.n : i*d.n+i+1]
		v := x[i] / row[i]
		x[i] = v
		y := x[:i]
		for k, l := range row[:i] {
			y[k] -= l * v
		}
	}
}
