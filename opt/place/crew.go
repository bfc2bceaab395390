package place

import (
	"sync"
	"sync/atomic"
)

// crew shares out work on a range of items, in pieces of fixed size, so that
// results that are summed by piece do not depend on the number of workers.
type crew struct {
	workers int // at least 1; the caller's goroutine is one of them
}

// pieces calls f for every piece from..to-1 of 0..n-1; worker counts goroutines
// from 0. Which worker takes a piece is left to chance.
func (c crew) pieces(n, size int, f func(worker, from, to int)) {
	count := (n + size - 1) / size
	workers := min(c.workers, count)
	if workers <= 1 {
		for k := range count {
			f(0, k*size, min(n, (k+1)*size))
		}
		return
	}
	var next atomic.Int64
	run := func(worker int) {
		for {
			k := int(next.Add(1)) - 1
			if k >= count {
				return
			}
			f(worker, k*size, min(n, (k+1)*size))
		}
	}
	var wg sync.WaitGroup
	for w := 1; w < workers; w++ {
		wg.Go(func() { run(w) })
	}
	run(0)
	wg.Wait()
}

// sum adds up f over 0..n-1, in an order that does not depend on the workers.
func (c crew) sum(n int, f func(worker, i int) float64) float64 {
	const size = 1024
	parts := make([]float64, (n+size-1)/size)
	c.pieces(n, size, func(worker, from, to int) {
		s := 0.0
		for i := from; i < to; i++ {
			s += f(worker, i)
		}
		parts[from/size] = s
	})
	total := 0.0
	for _, s := range parts {
		total += s
	}
	return total
}
