package place

import (
	"maps"
	"slices"
)

// unions are sets of jobs that grow together.
type unions struct{ root map[int32]int32 }

func newUnions() unions { return unions{make(map[int32]int32)} }

// find returns the job that stands for the set of a job.
func (u unions) find(i int32) int32 {
	if _, known := u.root[i]; !known {
		u.root[i] = i
	}
	for u.root[i] != i {
		u.root[i] = u.root[u.root[i]]
		i = u.root[i]
	}
	return i
}

// join makes one set of those of two jobs.
func (u unions) join(a, b int32) { u.root[u.find(a)] = u.find(b) }

// sets lists the sets in the order of their first jobs, the jobs of each in their order.
func (u unions) sets() [][]int32 {
	var out [][]int32
	at := make(map[int32]int)
	for _, i := range slices.Sorted(maps.Keys(u.root)) {
		k, known := at[u.find(i)]
		if !known {
			k = len(out)
			at[u.find(i)] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], i)
	}
	return out
}
