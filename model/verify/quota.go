package verify

const (
	ruleQuotaUnitH = "quota.unit_h"
	ruleQuotaUnits = "quota.units"
	ruleQuotaShare = "quota.share"
)

func quotaRules() []Rule {
	return []Rule{
		{ruleQuotaUnitH, "An owner's jobs hold at most so many unit-hours of the quota's pools over the horizon."},
		{ruleQuotaUnits, "An owner's jobs hold at most so many units of the quota's pools in a period, those that they may take when called included."},
		{ruleQuotaShare, "An owner's jobs hold at most their share of the units that the available modules of the quota's pools offer in a period, those that they may take when called included."},
	}
}

// quotaUse is what an owner's jobs hold of a quota's pools.
type quotaUse struct {
	pool []bool    // by pool: whether it counts
	held []float64 // units by period
	room []float64 // units by period that its jobs may take on top when called
}

// openQuotas makes room for what jobs hold, by quota, and lists each owner's.
func (k *checker) openQuotas() {
	k.quotaUse = make([]quotaUse, len(k.c.Quotas))
	k.quotasOf = map[string][]int{}
	for i := range k.c.Quotas {
		q := &k.c.Quotas[i]
		use := quotaUse{pool: make([]bool, len(k.c.Pools)), held: make([]float64, k.periods), room: make([]float64, k.periods)}
		for n := range use.pool {
			use.pool[n] = len(q.Pools) == 0
		}
		for _, name := range q.Pools {
			use.pool[k.at.pools[name]] = true
		}
		k.quotaUse[i] = use
		k.quotasOf[q.Owner] = append(k.quotasOf[q.Owner], i)
	}
}

func (k *checker) quotas() {
	for i := range k.c.Quotas {
		q, use := &k.c.Quotas[i], &k.quotaUse[i]
		total := 0.0
		for t, h := range k.hours {
			held := use.held[t] + use.room[t]
			total += use.held[t] * h
			if q.MaxUnits.Given() {
				if most := q.MaxUnits.At(t, 0); k.above(held, most) {
					k.breach(ruleQuotaUnits, q.Name, t, held, most, "the jobs of %q hold %g units, at most %g", q.Owner, held, most)
				}
			}
			if q.MaxShare.Given() {
				if most := q.MaxShare.At(t, 0) * k.offered(use, t); k.above(held, most) {
					k.breach(ruleQuotaShare, q.Name, t, held, most, "the jobs of %q hold %g units, their share is %g", q.Owner, held, most)
				}
			}
		}
		if q.MaxUnitH != nil && k.above(total, *q.MaxUnitH) {
			k.breach(ruleQuotaUnitH, q.Name, -1, total, *q.MaxUnitH, "the jobs of %q hold %g unit-h, at most %g", q.Owner, total, *q.MaxUnitH)
		}
	}
}

// offered is the number of units that the available modules of a quota's pools
// offer in a period.
func (k *checker) offered(use *quotaUse, t int) float64 {
	units := 0.0
	counted := make([]bool, len(k.c.Pools)) // power levels share their base's modules
	for i := range k.c.Pools {
		base := k.base(i)
		if s := &k.c.Pools[base]; use.pool[i] && !counted[base] {
			units += float64(availableModules(s, t)) * s.UnitsPerModule
			counted[base] = true
		}
	}
	return units
}

// hold counts what a job holds of a pool to its owner's quotas.
func (k *checker) hold(quotas []int, pool, t int, units float64) {
	for _, i := range quotas {
		if use := &k.quotaUse[i]; use.pool[pool] {
			use.held[t] += units
		}
	}
}

// holdRoom counts what a job may take of a pool on top when it is called.
func (k *checker) holdRoom(quotas []int, pool, t int, units float64) {
	for _, i := range quotas {
		if use := &k.quotaUse[i]; use.pool[pool] {
			use.room[t] += units
		}
	}
}
