// Package inorder works on parts of a long list on all processors and takes the
// results one after the other in the list's order, so that what comes out does not
// depend on how many processors there are.
package inorder

import (
	"runtime"
	"sync"
)

// Stream takes parts from next until there are no more, works on several at once,
// and hands the results to use in the order of the parts. next is called by one
// goroutine at a time, use by the caller's. A panic of work or next is one of the
// caller's.
func Stream[Part, Result any](next func() (Part, bool), work func(Part) Result, use func(Result)) {
	type task struct {
		part Part
		done chan outcome[Result]
	}
	processors := runtime.GOMAXPROCS(0)
	queue, order, stop := make(chan task, processors), make(chan task, processors), make(chan struct{})
	var running sync.WaitGroup
	defer running.Wait()
	defer close(stop) // also where use panics

	running.Go(func() {
		defer close(order)
		defer close(queue)
		for {
			var more bool
			t := task{done: make(chan outcome[Result], 1)}
			failed := attempt(func() (none Result) { t.part, more = next(); return })
			if !more && failed.panicked == nil {
				return
			}
			select {
			case order <- t:
			case <-stop:
				return
			}
			if failed.panicked != nil {
				t.done <- failed
				return
			}
			queue <- t
		}
	})
	for range processors {
		running.Go(func() {
			for t := range queue {
				t.done <- attempt(func() Result { return work(t.part) })
			}
		})
	}
	for t := range order {
		result := <-t.done
		if result.panicked != nil {
			panic(result.panicked)
		}
		use(result.value)
	}
}

// Blocks works on the positions 0 to n-1 in blocks, and hands what came out of each
// block to use, in order.
func Blocks[Result any](n, size int, work func(from, to int) Result, use func(from, to int, r Result)) {
	type block struct{ from, to int }
	type worked struct {
		block
		result Result
	}
	from := 0
	Stream(func() (b block, more bool) {
		if from >= n {
			return b, false
		}
		b = block{from, min(from+size, n)}
		from = b.to
		return b, true
	}, func(b block) worked {
		return worked{b, work(b.from, b.to)}
	}, func(w worked) {
		use(w.from, w.to, w.result)
	})
}

// outcome is what a function returned, or panicked with.
type outcome[T any] struct {
	value    T
	panicked any
}

func attempt[T any](f func() T) (o outcome[T]) {
	defer func() { o.panicked = recover() }()
	o.value = f()
	return o
}
