package place

// JobBound is the job half of a bound at one vector of prices: with a number
// that V(u) - prices u is nowhere below it adds up to a bound on every
// placement.
type JobBound struct {
	// Value is Minima - Capacity.
	Value float64
	// Minima is the sum over jobs of their least cost at the prices.
	Minima float64
	// Capacity is what all capacity costs at the multipliers.
	Capacity float64
}

// Bound returns the job half of the bound at prices of use and multipliers of
// capacity. It holds for every placement within capacity.
func (s *Session) Bound(prices *Prices, mu *Multipliers) JobBound {
	m := marketAt(s.p, s.seats, prices, mu)
	askers, tolls := s.askersAt(m), s.tolls(m)
	verdicts := s.verdicts(askers, tolls)
	units, gb := mu.capacity(s.p)
	b := JobBound{Capacity: units + gb}
	b.Minima = s.crew.sum(len(s.p.Jobs), func(worker, i int) float64 {
		askers[worker].tolls = tolls.of(i)
		askers[worker].askFor(on(verdicts, i), &s.p.Jobs[i], s.places[i].Pool)
		return askers[worker].low
	})
	b.Value = b.Minima - b.Capacity
	s.tally(askers)
	return b
}

// askersAt returns askers for all workers on another market, to reckon bounds.
func (s *Session) askersAt(m *market) []*asker {
	askers := make([]*asker, s.o.Threads)
	for i := range askers {
		askers[i] = newAsker(m)
		askers[i].bounds = true
	}
	return askers
}

// tally adds the questions of askers that are done with.
func (s *Session) tally(askers []*asker) {
	for _, a := range askers {
		s.spent += a.questions
	}
}

// capacity returns what all capacity costs at the multipliers: that of pools, and
// that of links.
func (mu *Multipliers) capacity(p *Problem) (units, gb float64) {
	T := len(p.Hours)
	for i := range p.Pools {
		units += dot(mu.Held[i*T:(i+1)*T], p.Pools[i].CapacityUnits)
	}
	units += mu.ofQuotas(p)
	for i := range p.Links {
		gb += dot(mu.GB[i*T:(i+1)*T], p.Links[i].CapacityGB)
	}
	return units, gb
}

// ofQuotas returns what all quotas cost at the multipliers.
func (mu *Multipliers) ofQuotas(p *Problem) float64 {
	all := len(p.Pools) * len(p.Hours)
	sum := dot(mu.Held[all:], p.capacities()[all:])
	for q, v := range mu.UnitH {
		if v > 0 { // the quota is no infinite one
			sum += v * p.Quotas[q].MaxUnitH
		}
	}
	return sum
}

// regrets returns for each job how much its place costs at the prices beyond the cheapest that the
// oracle finds for it alone.
func (s *Session) regrets(m *market) []float64 {
	regret, _ := s.regretsBy(s.askersAt(m), m, nil, nil)
	return regret
}

// regretsBy returns for each job how much its place costs at the prices, with its tolls,
// beyond the cheapest that the oracle finds by the verdicts, and by how much the oracles may miss
// the cheapest in all. Of jobs that need each other it is beyond what is cheapest for all of
// them, so one alone may have less than none.
func (s *Session) regretsBy(askers []*asker, m *market, tolls *tolls, verdicts []verdict) (regret []float64, loss float64) {
	regret = make([]float64, len(s.p.Jobs))
	loss = s.crew.sum(len(regret), func(worker, i int) float64 {
		a, j, x := askers[worker], &s.p.Jobs[i], &s.places[i]
		a.tolls = tolls.of(i)
		cost := a.askFor(on(verdicts, i), j, x.Pool)
		regret[i] = m.costAt(j, x) + tollOf(a.tolls, s.p.copiesAt(j, x)) - cost
		return cost - a.low
	})
	s.tally(askers)
	return regret, loss
}
