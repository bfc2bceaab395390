//go:build !amd64

package decomp

func addProduct(c []float64, columns int, buffer []float64, p, q, width int, sign float64) {
	plainProduct(c, columns, buffer, p, q, width, sign)
}

func dot(a, b []float64) float64 { return plainDot(a, b) }

func axpy(s []float64, v float64, a []float64) { plainAxpy(s, v, a) }

func packPoint(out []float64, n int, a, mean []float64, w float64, limit []float64) bool {
	return plainPack(out, n, a, mean, w, limit)
}
