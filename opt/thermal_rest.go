package opt

// Up reserve of thermal units: without columns, or as what is within reach.
//
// Where one product is a unit's only up reserve and nothing but the generation
// limits bounds it (a product that shares the ramp and a ramp that cannot bind, or
// one whose minutes allow the whole range), all that is left below the limits is
// reserve, at no cost:
//
//	reserve_t = (M-P) u_t - cuts - n_t      in the product's row
//
// A unit never has less than none: n_t is within the same limits. The dual of the
// product's row is its price as ever. Where two limits bound a unit (up = 1
// period), or the ramp does, its reserve has a column: the smaller of two has no
// other name. That column is A_t, the power above the minimum that is within reach,
// power and reserve together (MLR13's available power):
//
//	A_t >= n_t,   reserve_t = A_t - n_t      in the product's row
//
// and A_t stands for n_t + R_t in limits and ramps. With the balance added, the
// product's row is then one over commitments and A, each of which has a row or two
// with commitments alone: what engines' root nodes cut on. Reserve from behind a
// site's meter, which bounds it too, is a column by itself.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// rest is the product that a unit gives all it has left; product is -1 for none.
type rest struct {
	product int
	name    string
}

// reserve adds the columns of the unit's reserves, or finds that it needs none.
func (k *thermal) reserve(m *Model, d *thermalData, c *thermalColumns) error {
	c.rest = rest{product: -1}
	names := d.u.Reserves
	if k.form.Reserve == ReserveRest && d.u.Deep == nil && d.u.Site == "" {
		i, err := m.onlyUp(d.u)
		if err != nil {
			return err
		}
		if i >= 0 && d.onlyLimits(&m.Case.Reserves[i]) && k.oneLimit(m, d, c) {
			c.rest.product, c.rest.name = i, m.Case.Reserves[i].Name
			names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == c.rest.name })
		}
	}
	// The bound follows from the limits. Engines that cut need it said: without it,
	// HiGHS's root raises RTS days a third as far.
	most := func(*model.ReserveProduct) float64 { return d.n * (d.m - d.p) }
	var err error
	if c.reserves, err = m.offer(m.ix.BusOf(d.u.Bus, d.u.Site), names, most); err != nil {
		return err
	}
	if d.u.Site != "" {
		m.promise(d.u.Site, c.reserves)
		return nil
	}
	return k.reach(m, d, c)
}

// reach makes the column of a unit's only up reserve that of the power within
// reach.
func (k *thermal) reach(m *Model, d *thermalData, c *thermalColumns) error {
	i, err := m.onlyUp(d.u)
	if err != nil || i < 0 || c.rest.product >= 0 || d.u.Deep != nil || k.form.Reserve != ReserveRest {
		return err
	}
	c.reach = true
	at := c.upReserve()
	m.Label("within reach")
	for t := range m.T {
		row := m.Row(0, inf)
		m.Add(row, at+solver.Col(t), 1)
		for _, g := range c.segments {
			m.Add(row, g+solver.Col(t), -1)
			m.Provide(i, t, g+solver.Col(t), -1)
		}
	}
	return nil
}

// upReserve is the first column of the first up reserve, -1 without one.
func (c *thermalColumns) upReserve() solver.Col {
	if i := slices.IndexFunc(c.reserves, isUp); i >= 0 {
		return c.reserves[i].col
	}
	return -1
}

// above adds to a row the power above the minimum in period t and the up reserves
// that are counted.
func (k *thermal) above(m *Model, row solver.Row, c *thermalColumns, t int, counted func(provided) bool) {
	withPower := false
	for _, r := range c.reserves {
		if isUp(r) && counted(r) {
			m.Add(row, r.col+solver.Col(t), 1)
			withPower = withPower || c.reach
		}
	}
	if withPower {
		return
	}
	for _, g := range c.segments {
		m.Add(row, g+solver.Col(t), 1)
	}
}

// onlyUp returns the one up product that a unit gives to; -1 for none or several.
func (m *Model) onlyUp(u *model.ThermalUnit) (int, error) {
	found := -1
	for _, name := range u.Reserves {
		i, err := m.Product(name)
		if err != nil {
			return -1, err
		}
		r := &m.Case.Reserves[i]
		if r.Direction != model.Up || !inZone(r, m.ix.BusOf(u.Bus, u.Site)) {
			continue
		}
		if found >= 0 {
			return -1, nil
		}
		found = i
	}
	return found, nil
}

// oneLimit says whether one row a period bounds power and reserve.
func (k *thermal) oneLimit(m *Model, d *thermalData, c *thermalColumns) bool {
	for t := range m.T {
		if len(k.available(m, d, c, t)) > 1 {
			return false
		}
	}
	return true
}

// onlyLimits says whether nothing but the generation limits bounds the reserve.
func (d *thermalData) onlyLimits(r *model.ReserveProduct) bool {
	ramp := d.u.RampUpMWPerH
	switch {
	case ramp == nil:
		return true
	case !r.RampShared:
		return *ramp*r.DeliveryH() >= d.m-d.p
	}
	return *ramp*slices.Min(d.between) >= d.m-d.p
}

// provideRest gives what is left in period t to the product.
func (k *thermal) provideRest(m *Model, d *thermalData, c *thermalColumns, t int) {
	if c.rest.product < 0 {
		return
	}
	x := solver.Col(t)
	for _, g := range c.segments {
		m.Provide(c.rest.product, t, g+x, -1)
	}
	m.Provide(c.rest.product, t, c.on+x, d.m-d.p)
	for _, cut := range k.available(m, d, c, t)[0] {
		m.Provide(c.rest.product, t, cut.col, -cut.coef)
	}
}

// provided returns what the unit gives to its products, in the order in which it
// names them.
func (k *thermal) provided(pt *Point, d *thermalData, c *thermalColumns, p *model.ThermalPlan) []model.ProvidedPower {
	out := pt.provided(c.reserves)
	if c.reach {
		mw := out[slices.IndexFunc(c.reserves, isUp)].MW
		for t := range mw {
			for _, g := range c.segments {
				mw[t] -= pt.At(g, t)
			}
			mw[t] = math.Max(0, mw[t])
		}
	}
	if c.rest.product < 0 {
		return out
	}
	mw := make([]float64, pt.Model.T)
	for t := range mw {
		left := d.m*float64(p.UnitsOn[t]) - p.PowerMW[t]
		for _, cut := range k.available(pt.Model, d, c, t)[0] {
			left -= cut.coef * float64(pt.Int(cut.col))
		}
		if left > zero {
			mw[t] = left
		}
	}
	out = append(out, model.ProvidedPower{Product: c.rest.name, MW: mw})
	rank := func(p model.ProvidedPower) int { return slices.Index(d.u.Reserves, p.Product) }
	slices.SortStableFunc(out, func(a, b model.ProvidedPower) int { return rank(a) - rank(b) })
	return out
}
