package decomp

import "golang.org/x/sys/cpu"

// wide says that the processor and its system have AVX.
var wide = cpu.X86.HasAVX

//go:noescape
func productAVX(c *float64, columns int, p, q *float64, width int, sign float64)

//go:noescape
func dotAVX(a, b *float64, n int) float64

//go:noescape
func axpyAVX(s *float64, v float64, a *float64, n int)

//go:noescape
func packAVX(out *float64, step int, a, mean *float64, n int, w float64, limit *float64) bool

func addProduct(c []float64, columns int, buffer []float64, p, q, width int, sign float64) {
	if !wide || width == 0 {
		plainProduct(c, columns, buffer, p, q, width, sign)
		return
	}
	_ = c[(tile-1)*columns+tile-1]
	u, v := buffer[p:][:tile*width], buffer[q:][:tile*width]
	productAVX(&c[0], columns, &u[0], &v[0], width, sign)
}

func dot(a, b []float64) float64 {
	if !wide || len(a) == 0 {
		return plainDot(a, b)
	}
	return dotAVX(&a[0], &b[:len(a)][0], len(a))
}

func axpy(s []float64, v float64, a []float64) {
	if !wide || len(s) == 0 {
		plainAxpy(s, v, a)
		return
	}
	axpyAVX(&s[0], v, &a[:len(s)][0], len(s))
}

func packPoint(out []float64, n int, a, mean []float64, w float64, limit []float64) bool {
	if !wide || len(a) == 0 {
		return plainPack(out, n, a, mean, w, limit)
	}
	_ = out[(len(a)-tile)*n+tile-1]
	return packAVX(&out[0], tile*n, &a[0], &mean[:len(a)][0], len(a), w, &limit[:len(a)][0])
}
