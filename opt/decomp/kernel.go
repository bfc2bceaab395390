package decomp

// What takes the master's time: products of panels, and sums over the activities
// of points. Processors with AVX take four values at once (kernel_amd64.s); what
// stands here is for all others, and gives the same, bit for bit, where the
// compiler does not fuse multiplications with additions.

// half returns in s the products of the rows of panel P with two rows of panel
// Q: the first two where q starts with the panel, the last two where it starts
// two values later. The length of both is a multiple of four columns; taking four
// at a time doubles the speed.
func half(p, q []float64, s *[8]float64) {
	var a0, a1, b0, b1, c0, c1, d0, d1 float64
	for len(p) >= 4*tile && len(q) >= 4*tile {
		u, v := (*[4 * tile]float64)(p), (*[4 * tile]float64)(q)
		x, y := v[0], v[1]
		a0 += u[0] * x
		a1 += u[0] * y
		b0 += u[1] * x
		b1 += u[1] * y
		c0 += u[2] * x
		c1 += u[2] * y
		d0 += u[3] * x
		d1 += u[3] * y
		x, y = v[4], v[5]
		a0 += u[4] * x
		a1 += u[4] * y
		b0 += u[5] * x
		b1 += u[5] * y
		c0 += u[6] * x
		c1 += u[6] * y
		d0 += u[7] * x
		d1 += u[7] * y
		x, y = v[8], v[9]
		a0 += u[8] * x
		a1 += u[8] * y
		b0 += u[9] * x
		b1 += u[9] * y
		c0 += u[10] * x
		c1 += u[10] * y
		d0 += u[11] * x
		d1 += u[11] * y
		x, y = v[12], v[13]
		a0 += u[12] * x
		a1 += u[12] * y
		b0 += u[13] * x
		b1 += u[13] * y
		c0 += u[14] * x
		c1 += u[14] * y
		d0 += u[15] * x
		d1 += u[15] * y
		p, q = p[4*tile:], q[4*tile:]
	}
	*s = [8]float64{a0, a1, b0, b1, c0, c1, d0, d1}
}

// plainProduct adds sign * P Q' to the tile at c of a row-major matrix with that
// many columns. The panels start at these places of a buffer and have so many
// columns, a multiple of four; the buffer ends at least two values after them.
func plainProduct(c []float64, columns int, buffer []float64, p, q, width int, sign float64) {
	var l, r [8]float64
	u := buffer[p:][:tile*width]
	half(u, buffer[q:][:tile*width], &l)
	half(u, buffer[q+2:][:tile*width], &r)
	for i := range tile {
		row := c[i*columns : i*columns+tile]
		row[0] += sign * l[2*i]
		row[1] += sign * l[2*i+1]
		row[2] += sign * r[2*i]
		row[3] += sign * r[2*i+1]
	}
}

// plainDot returns a.b of two slices of the same length, a multiple of lane: eight
// sums, for additions take longer than they may wait for each other.
func plainDot(a, b []float64) float64 {
	var s0, s1, s2, s3, t0, t1, t2, t3 float64
	for len(a) >= lane && len(b) >= lane {
		u, v := (*[lane]float64)(a), (*[lane]float64)(b)
		s0 += u[0] * v[0]
		s1 += u[1] * v[1]
		s2 += u[2] * v[2]
		s3 += u[3] * v[3]
		t0 += u[4] * v[4]
		t1 += u[5] * v[5]
		t2 += u[6] * v[6]
		t3 += u[7] * v[7]
		a, b = a[lane:], b[lane:]
	}
	return ((s0 + t0) + (s1 + t1)) + ((s2 + t2) + (s3 + t3))
}

// plainAxpy adds v a to s, of the same length, a multiple of lane.
func plainAxpy(s []float64, v float64, a []float64) {
	for len(s) >= lane && len(a) >= lane {
		t, u := (*[lane]float64)(s), (*[lane]float64)(a)
		t[0] += v * u[0]
		t[1] += v * u[1]
		t[2] += v * u[2]
		t[3] += v * u[3]
		t[4] += v * u[4]
		t[5] += v * u[5]
		t[6] += v * u[6]
		t[7] += v * u[7]
		s, a = s[lane:], a[lane:]
	}
}

// plainPack writes a column into panels of n columns and says whether any of its
// squares exceeds the limit.
func plainPack(out []float64, n int, a, mean []float64, w float64, limit []float64) bool {
	matters := false
	for len(a) >= tile && len(mean) >= tile && len(limit) >= tile {
		u, v, l, o := (*[tile]float64)(a), (*[tile]float64)(mean), (*[tile]float64)(limit), (*[tile]float64)(out)
		d0, d1, d2, d3 := w*(u[0]-v[0]), w*(u[1]-v[1]), w*(u[2]-v[2]), w*(u[3]-v[3])
		o[0], o[1], o[2], o[3] = d0, d1, d2, d3
		if d0*d0 > l[0] || d1*d1 > l[1] || d2*d2 > l[2] || d3*d3 > l[3] {
			matters = true
		}
		a, mean, limit = a[tile:], mean[tile:], limit[tile:]
		if len(a) > 0 {
			out = out[tile*n:]
		}
	}
	return matters
}
