package place

import (
	"maps"
	"slices"
)

// partition puts jobs into sets that grow together.
type partition struct{ root map[int32]int32 }

func newPartition() partition { return partition{make(map[int32]int32)} }

// find returns the job that stands for the set of a job.
func (p partition) find(i int32) int32 {
	if _, known := p.root[i]; !known {
		p.root[i] = i
	}
	for p.root[i] != i {
		p.root[i] = p.root[p.root[i]]
		i = p.root[i]
	}
	return i
}

// join makes one set of those of two jobs.
func (p partition) join(a, b int32) { p.root[p.find(a)] = p.find(b) }

// sets lists the sets in the order of their first jobs, the jobs of each in their order.
func (p partition) sets() [][]int32 {
	var out [][]int32
	at := make(map[int32]int)
	for _, i := range slices.Sorted(maps.Keys(p.root)) {
		k, known := at[p.find(i)]
		if !known {
			k = len(out)
			at[p.find(i)] = k
			out = append(out, nil)
		}
		out[k] = append(out[k], i)
	}
	return out
}
