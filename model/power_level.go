package model

// basePools returns by pool the position of the pool whose modules it runs on:
// its own, or that of its base where it is a power level. One whose base is
// unknown or a power level itself, which Validate reports, stands for itself and
// offers nothing.
func basePools(pools []Pool, at map[string]int) []int {
	bases := make([]int, len(pools))
	for i := range pools {
		bases[i] = i
		if base, ok := at[pools[i].ModulesOf]; ok && pools[i].PowerLevel() && !pools[base].PowerLevel() {
			bases[i] = base
		}
	}
	return bases
}

// BasePool returns the position of the pool whose modules the pool runs on: its
// own, or its base's where it is a power level.
func (ix *Index) BasePool(pool int) int { return ix.bases[pool] }

// KindOf returns the kind of the pool's machines: its own, or its base's.
func (ix *Index) KindOf(pool int) string {
	p := &ix.c.Pools[pool]
	if p.Kind == "" {
		p = &ix.c.Pools[ix.bases[pool]]
	}
	return p.Kind
}

// MaxUnits returns the units that the pool, or its base, can offer in period t
// with every available module on. Power levels share them with their base.
func (ix *Index) MaxUnits(pool, t int) float64 { return ix.units[pool][t] }
