package decomp

import (
	"sync"
	"sync/atomic"
)

// crew runs independent items of work on several goroutines. Which of them
// takes an item is left to chance, so an item writes only what is its own, and
// results do not depend on the number of workers.
type crew struct {
	workers int // at least 1; the caller's goroutine is one of them
}

// each calls f(0) to f(n-1).
func (c crew) each(n int, f func(i int)) { c.eachBy(n, func(_, i int) { f(i) }) }

// eachBy is each for items that need memory of their goroutine's: worker counts
// goroutines from 0.
func (c crew) eachBy(n int, f func(worker, i int)) {
	w := min(c.workers, n)
	if w <= 1 {
		for i := range n {
			f(0, i)
		}
		return
	}
	var next atomic.Int64
	run := func(worker int) {
		for {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			f(worker, i)
		}
	}
	var wg sync.WaitGroup
	for k := range w - 1 {
		wg.Go(func() { run(k + 1) })
	}
	run(0)
	wg.Wait()
}
