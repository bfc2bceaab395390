package inorder

import (
	"runtime"
	"slices"
	"testing"
)

// TestOrder: results come in the order of their blocks, all of them, whatever the
// number of processors and however long a block takes.
func TestOrder(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(processors)
		for _, n := range []int{0, 1, 7, 100} {
			var got []int
			Blocks(n, 3, func(from, to int) (out []int) {
				for i := from; i < to; i++ {
					for range (i * 7919) % 5 {
						runtime.Gosched()
					}
					out = append(out, i*i)
				}
				return out
			}, func(from, to int, squares []int) {
				if len(got) != from || len(squares) != to-from {
					t.Fatalf("block %d to %d of %d came when %d were done", from, to, n, len(got))
				}
				got = append(got, squares...)
			})
			want := make([]int, n)
			for i := range want {
				want[i] = i * i
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d processors: %v, want %v", processors, got, want)
			}
		}
	}
}

// TestPanic: a panic of any of the functions reaches the caller, after what came
// before it.
func TestPanic(t *testing.T) {
	for _, where := range []string{"next", "work", "use"} {
		fail := func(here string, i int) {
			if here == where && i == 5 {
				panic(where)
			}
		}
		used, i := 0, 0
		func() {
			defer func() {
				if got := recover(); got != where {
					t.Errorf("panicked with %v, want %s", got, where)
				}
			}()
			Stream(func() (int, bool) { i++; fail("next", i); return i, i < 100 },
				func(i int) int { fail("work", i); return i },
				func(i int) { fail("use", i); used++ })
		}()
		if used != 4 {
			t.Errorf("%s: %d results were used before the panic, want 4", where, used)
		}
	}
}
