package place

// Account takes the job half of a gap apart. At prices p of use and multipliers
// mu, the jobs' own cost plus p u, less the job half of the bound, is
//
//	regrets + loss of oracles + mu_units (capacity - held) + mu_gb (capacity - gb)
//	+ what copies cost beyond the tolls that jobs pay for them
//
// In a placement within capacity only a regret can be negative: where an oracle
// has missed a place that the job found.
type Account struct {
	// Regret is how much the jobs' places cost beyond their cheapest ones.
	Regret float64
	// RegretDropped is the part of jobs that are dropped, RegretBig that of
	// jobs big for a pool or link.
	RegretDropped, RegretBig float64
	// OracleLoss is by how much the cheapest places may have been missed: those of malleable
	// jobs by their oracle, those of gangs that bounds let do more than they are placed with.
	OracleLoss float64
	// UnitSlack and DataSlack are what capacity, quotas included, that is priced and
	// not used costs.
	UnitSlack, DataSlack float64
	// Copies is what copies cost beyond the tolls of jobs that use them.
	Copies float64
}

// Total is the job half of the gap.
func (a *Account) Total() float64 {
	return a.Regret + a.OracleLoss + a.UnitSlack + a.DataSlack + a.Copies
}

// Account takes the job half of the gap apart at the prices of a bound.
func (s *Session) Account(prices *Prices, mu *Multipliers) Account {
	m := marketAt(s.p, s.seats, prices, mu)
	var a Account
	tolls := s.tolls(m)
	askers := s.askersAt(m)
	regret, loss := s.regretsBy(askers, m, tolls, s.verdicts(askers, tolls))
	a.OracleLoss = loss
	for i, r := range regret {
		a.Regret += r
		if s.places[i].Dropped() {
			a.RegretDropped += r
		}
		if s.big[i] {
			a.RegretBig += r
		}
		a.Copies -= tollOf(tolls.of(i), s.p.copiesAt(&s.p.Jobs[i], &s.places[i]))
	}
	for k := range s.copies {
		a.Copies += m.dataCost(s.copies[k].Data)
	}
	held, gb := mu.capacity(s.p)
	a.UnitSlack = held - dot(mu.Held, s.load.units) - dot(mu.UnitH, s.load.unitH)
	a.DataSlack = gb - dot(mu.GB, s.use.GB)
	return a
}
