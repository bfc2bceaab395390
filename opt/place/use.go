package place

import "slices"

// Use is what all jobs together take. Units stand by pool and period, position
// pool*T + t; data by link and period, position link*T + t.
type Use struct {
	Held []float64 // units
	Busy []float64 // units that draw power
	GB   []float64
}

// Prices is what use costs at the margin, laid out as Use: money per unit held
// or busy through the whole period, and money per GB.
type Prices struct{ Held, Busy, GB []float64 }

// Multipliers are prices of capacity, none negative.
type Multipliers struct {
	// Held is money per unit held through the period: by pool, as in Use (0 for
	// those that run on the modules of another), then by quota, quota*T + t.
	Held []float64
	// GB is money per GB, laid out as Use.
	GB []float64
	// UnitH is money per unit-hour of a quota.
	UnitH []float64
}

// NewUse returns no use, in the problem's sizes.
func NewUse(p *Problem) Use {
	units, gb := p.cells()
	return Use{make([]float64, units), make([]float64, units), make([]float64, gb)}
}

// NewPrices returns prices of 0, in the problem's sizes.
func NewPrices(p *Problem) Prices {
	u := NewUse(p)
	return Prices(u)
}

// NewMultipliers returns multipliers of 0, in the problem's sizes.
func NewMultipliers(p *Problem) Multipliers {
	units, gb := p.cells()
	return Multipliers{make([]float64, units+len(p.Quotas)*len(p.Hours)), make([]float64, gb), make([]float64, len(p.Quotas))}
}

// cells returns the lengths of series by pool and by link.
func (p *Problem) cells() (units, gb int) {
	return len(p.Pools) * len(p.Hours), len(p.Links) * len(p.Hours)
}

func (p Prices) clone() Prices {
	return Prices{append([]float64(nil), p.Held...), append([]float64(nil), p.Busy...), append([]float64(nil), p.GB...)}
}

// Clone returns a copy.
func (m Multipliers) Clone() Multipliers {
	return Multipliers{slices.Clone(m.Held), slices.Clone(m.GB), slices.Clone(m.UnitH)}
}

func clear3(a, b, c []float64) {
	clear(a)
	clear(b)
	clear(c)
}

// times returns what the use costs at the prices.
func (p Prices) times(u *Use) float64 {
	return dot(p.Held, u.Held) + dot(p.Busy, u.Busy) + dot(p.GB, u.GB)
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
