package decomp

import "sync"

// parts is the number of parts into which work is split, whatever the number of
// goroutines: sums over parts, in their order, are the same on any machine.
const parts = 8

// inParts calls do(part, from, to) for every part of 0..n-1, on so many
// goroutines. worker counts goroutines.
func inParts(workers, n int, do func(worker, part, from, to int)) {
	bounds := func(part int) (int, int) { return part * n / parts, (part + 1) * n / parts }
	if workers <= 1 {
		for part := range parts {
			from, to := bounds(part)
			do(0, part, from, to)
		}
		return
	}
	next := make(chan int, parts)
	for part := range parts {
		next <- part
	}
	close(next)
	var group sync.WaitGroup
	for w := range min(workers, parts) {
		group.Go(func() {
			for part := range next {
				from, to := bounds(part)
				do(w, part, from, to)
			}
		})
	}
	group.Wait()
}
