package opt

import (
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// Owner is an asset that columns and rows belong to.
type Owner struct {
	Kind, Name string
}

// Model is a program under construction: the builder, the shared rows with
// their verbs, the costs by item and the owners.
type Model struct {
	Case  *model.Case
	T     int
	Hours []float64 // length of each period, T values

	b      solver.Builder
	owners []Owner
	owner  int32 // of the open block

	ix          *model.Index
	fingerprint string

	balance []solver.Row // bus*T+t: injections = firm demand
	firm    []float64    // bus*T+t: fixed demand that may be shed, MW
	siteRow []solver.Row // site*T+t: power - use = base; of IT power alone where detailed
	poolRow []solver.Row // pool*T+t: units held <= units on; a power level's is its base's
	product []solver.Row // product*T+t: provided >= requirement
	dataRow []solver.Row // (link*2+direction)*T+t: GB <= capacity
	// by site, T rows: import - power + what is behind the meter = 0; nil without
	importRow [][]solver.Row
	promised  [][]provided // by site: reserve of what is behind the meter
	capRow    solver.Row   // CO2 cap, -1 without
	shareRow  solver.Row   // renewable share, -1 without
	co2       linear       // tonnes, whether or not a cap exists
	costs     costTerms

	detailed []bool // by site: its row is of IT power (cooling.go)

	// First of T columns, by asset, once formulated.
	sitePowerOf, siteImportOf                []solver.Col
	siteIT                                   []*itPower // by site
	renewablePower, hydroPower, storageLevel []solver.Col
	modulesOf, startsOf                      []solver.Col // by pool; noCol for power levels
	storageReserve                           [][]provided // by storage

	// beyond is the IT power that sites must have room for beside the plan's, MW:
	// site*T+t; nil for none. onCall is what their jobs promise to drop, MW, alike.
	beyond, onCall []linear

	poolRegion []string   // by pool
	jobs       []jobClass // by job, once formulated

	served   []servedWork // by workload, once formulated
	queues   []poolQueue  // queues of classes at pools
	security *security    // nil where no outage is looked at
}

// linear is a sum of columns with coefficients.
type linear struct {
	col  []solver.Col
	coef []float64
}

func (l *linear) add(c solver.Col, v float64) {
	l.col = append(l.col, c)
	l.coef = append(l.coef, v)
}

// at is the sum's value at a point.
func (l *linear) at(x []float64) float64 {
	sum := 0.0
	for k, c := range l.col {
		sum += l.coef[k] * x[c]
	}
	return sum
}

// costTerms keeps what every objective coefficient is made of.
type costTerms struct {
	linear
	item  []int32 // index into items
	owner []int32
	items []model.CostItem
}

func newModel(c *model.Case, ix *model.Index) *Model {
	T := c.Horizon.Len()
	m := &Model{
		Case: c, T: T, Hours: c.Horizon.Hours(),

		ix: ix, fingerprint: c.Fingerprint(),
		capRow: -1, shareRow: -1,
	}
	m.costs.items = model.CostItems()
	for i := range c.Pools {
		m.poolRegion = append(m.poolRegion, m.ix.RegionOf(i))
	}
	m.firm = make([]float64, len(c.Buses)*T)
	m.balance = m.sharedRows("balance", len(c.Buses)*T, func(int) (float64, float64) { return 0, 0 })
	m.product = m.sharedRows("reserve", len(c.Reserves)*T, func(i int) (float64, float64) {
		return c.Reserves[i/T].RequirementMW.At(i%T, 0), math.Inf(1)
	})
	m.poolRows()
	for i := range c.Sites {
		m.detailed = append(m.detailed, inDetail(&c.Sites[i], T))
	}
	m.siteRow = m.sharedRows("site", len(c.Sites)*T, func(i int) (float64, float64) {
		if m.detailed[i/T] {
			return 0, 0
		}
		base := c.Sites[i/T].BaseMW.At(i%T, 0)
		return base, base
	})
	m.importRows()
	m.dataRow = m.sharedRows("data", len(c.DataLinks)*2*T, func(i int) (float64, float64) {
		return math.Inf(-1), m.ix.DataGB(i/T/2, i%T)
	})
	m.newQueues()
	m.security = newSecurity(m)
	if limit := c.Policy.CO2CapT; limit != nil {
		m.capRow = m.sharedRows("co2 cap", 1, func(int) (float64, float64) { return math.Inf(-1), *limit })[0]
	}
	if c.Policy.RenewableShareMin != nil {
		m.shareRow = m.sharedRows("renewable share", 1, func(int) (float64, float64) { return 0, math.Inf(1) })[0]
	}
	return m
}

// poolRows adds the rows of pools; power levels share those of their base.
func (m *Model) poolRows() {
	pools, own := m.Case.Pools, 0
	for i := range pools {
		if m.ix.BasePool(i) == i {
			own++
		}
	}
	rows := m.sharedRows("pool", own*m.T, func(int) (float64, float64) { return math.Inf(-1), 0 })
	m.poolRow = make([]solver.Row, len(pools)*m.T)
	for i := range pools {
		if m.ix.BasePool(i) == i {
			rows = rows[copy(m.poolRow[i*m.T:][:m.T], rows):]
		}
	}
	for i := range pools {
		if base := m.ix.BasePool(i); base != i {
			copy(m.poolRow[i*m.T:][:m.T], m.poolRow[base*m.T:])
		}
	}
}

// sharedRows adds n rows that no asset owns.
func (m *Model) sharedRows(label string, n int, bounds func(i int) (lo, up float64)) []solver.Row {
	m.b.Open(label, solver.Shared)
	rows := make([]solver.Row, n)
	for i := range rows {
		rows[i] = m.b.Row(bounds(i))
	}
	return rows
}

// Begin opens the block of an asset: columns, rows and costs from now on belong
// to it.
func (m *Model) Begin(kind, name string) {
	m.owner = m.own(kind, name)
	m.b.Open(kind+" "+name, m.owner)
}

// own adds an owner of costs; without a block it has no columns and rows.
func (m *Model) own(kind, name string) int32 {
	m.owners = append(m.owners, Owner{kind, name})
	return int32(len(m.owners) - 1)
}

// resume goes on with the block of an asset that was begun before.
func (m *Model) resume(owner int32) { m.owner = owner }

// Label names the columns and rows that follow, within the asset that Begin
// opened.
func (m *Model) Label(what string) {
	o := m.owners[m.owner]
	m.b.Open(o.Kind+" "+o.Name+" "+what, m.owner)
}

// Columns adds one column a period and returns the first: column t is the
// first plus t.
func (m *Model) Columns(what string, t solver.VarType, bounds func(t int) (lo, up float64)) solver.Col {
	m.Label(what)
	first := solver.Col(m.b.Cols())
	for i := range m.T {
		lo, up := bounds(i)
		m.b.Col(lo, up, 0, t)
	}
	return first
}

// Column adds one column.
func (m *Model) Column(lo, up float64, t solver.VarType) solver.Col { return m.b.Col(lo, up, 0, t) }

// Row adds a row and returns it; Add fills it.
func (m *Model) Row(lo, up float64) solver.Row { return m.b.Row(lo, up) }

// Add adds v to the coefficient of column c in row r.
func (m *Model) Add(r solver.Row, c solver.Col, v float64) {
	if v != 0 {
		m.b.Add(r, c, v)
	}
}

// Cost adds money per unit of column c, under an item of the plan's cost.
func (m *Model) Cost(item model.CostItem, c solver.Col, money float64) {
	if money == 0 {
		return
	}
	m.b.AddCost(c, money)
	m.costs.add(c, money)
	m.costs.item = append(m.costs.item, m.costs.index(item))
	m.costs.owner = append(m.costs.owner, m.owner)
}

// ConstantCost adds money that no decision changes.
func (m *Model) ConstantCost(item model.CostItem, money float64) {
	if money == 0 {
		return
	}
	m.b.AddOffset(money)
	m.costs.add(-1, money)
	m.costs.item = append(m.costs.item, m.costs.index(item))
	m.costs.owner = append(m.costs.owner, m.owner)
}

func (c *costTerms) index(item model.CostItem) int32 {
	for i, it := range c.items {
		if it == item {
			return int32(i)
		}
	}
	c.items = append(c.items, item)
	return int32(len(c.items) - 1)
}

// Bus returns the index of a bus, for Inject.
func (m *Model) Bus(name string) (int, error) { return lookup(m.ix.Buses, "bus", name) }

// Pool returns the index of a pool, for Use.
func (m *Model) Pool(name string) (int, error) { return lookup(m.ix.Pools, "pool", name) }

// Product returns the index of a reserve product, for Provide.
func (m *Model) Product(name string) (int, error) {
	return lookup(m.ix.Reserves, "reserve product", name)
}

func lookup(of map[string]int, what, name string) (int, error) {
	if i, ok := of[name]; ok {
		return i, nil
	}
	return 0, fmt.Errorf("opt: no %s %q", what, name)
}

// Inject adds mw megawatts per unit of column c to the balance of a bus in
// period t; negative values withdraw.
func (m *Model) Inject(bus, t int, c solver.Col, mw float64) { m.Add(m.balance[bus*m.T+t], c, mw) }

// InjectFixed adds a constant injection; what is negative counts as firm demand
// of the bus, which may be shed.
func (m *Model) InjectFixed(bus, t int, mw float64) {
	m.b.ShiftRow(m.balance[bus*m.T+t], -mw)
	if mw < 0 {
		m.firm[bus*m.T+t] -= mw
	}
}

// Use takes held units of a pool's capacity in period t per unit of column c, of
// which busy units draw dynamic power.
func (m *Model) Use(pool, t int, c solver.Col, held, busy float64) {
	m.Add(m.poolRow[pool*m.T+t], c, held)
	m.drawIT(pool, t, c, m.Case.Pools[pool].DynamicMWPerUnit*busy)
}

// drawIT makes the pool's site draw mw of IT power, and the overhead on top, per
// unit of column c.
func (m *Model) drawIT(pool, t int, c solver.Col, mw float64) {
	s := m.ix.Sites[m.Case.Pools[pool].Site]
	m.Add(m.siteRow[s*m.T+t], c, -m.itFactor(s, t)*mw)
}

// Provide gives mw megawatts per unit of column c to a reserve product.
func (m *Model) Provide(product, t int, c solver.Col, mw float64) {
	m.Add(m.product[product*m.T+t], c, mw)
}

// Send puts gb gigabytes per unit of column c on a data link in period t, pays
// the link and the region that they leave, and draws the energy at both ends.
func (m *Model) Send(link int, forward bool, t int, c solver.Col, gb float64) {
	l := &m.Case.DataLinks[link]
	leaves := l.To
	if forward {
		leaves = l.From
	}
	m.Add(m.dataRow[dataIndex(link, forward)*m.T+t], c, gb)
	m.Cost(model.CostData, c, m.ix.DataPricePerGB(link, leaves)*gb)
	if l.EnergyKWhPerGB == 0 {
		return
	}
	half := halfMWhPerGB(l) * gb / m.Hours[t]
	for _, region := range [2]string{l.From, l.To} {
		m.Inject(m.regionBus(region), t, c, -half)
	}
}

// halfMWhPerGB is what a data link draws at each end.
func halfMWhPerGB(l *model.DataLink) float64 { return l.EnergyKWhPerGB / 1000 / 2 }

func (m *Model) regionBus(region string) int {
	return m.ix.Buses[m.Case.Regions[m.ix.Regions[region]].Bus]
}

// dataIndex numbers the directions of the data links: forward, then backward.
func dataIndex(link int, forward bool) int {
	if forward {
		return 2 * link
	}
	return 2*link + 1
}

// Account is what Count counts.
type Account int

const (
	// Emissions in tonnes of CO2.
	Emissions Account = iota
	// Generation in MWh that is not renewable.
	Generation
	// RenewableGeneration in MWh.
	RenewableGeneration
)

// Count adds amount per unit of column c to an account of policy.
func (m *Model) Count(a Account, c solver.Col, amount float64) {
	if amount == 0 {
		return
	}
	switch a {
	case Emissions:
		m.Cost(model.CostCO2, c, m.Case.Policy.CO2PricePerT*amount)
		m.co2.add(c, amount)
		if m.capRow >= 0 {
			m.Add(m.capRow, c, amount)
		}
	case Generation, RenewableGeneration:
		if m.shareRow < 0 {
			return
		}
		share := *m.Case.Policy.RenewableShareMin
		if a == RenewableGeneration {
			m.Add(m.shareRow, c, (1-share)*amount)
		} else {
			m.Add(m.shareRow, c, -share*amount)
		}
	}
}

// OwnerOf returns the owner of a column; ok is false for none.
func (m *Model) OwnerOf(c solver.Col) (o Owner, ok bool) { return m.ownerByID(m.b.ColOwner(c)) }

// OwnerOfRow returns the owner of a row; ok is false for coupling rows.
func (m *Model) OwnerOfRow(r solver.Row) (o Owner, ok bool) { return m.ownerByID(m.b.RowOwner(r)) }

func (m *Model) ownerByID(id int32) (Owner, bool) {
	if id < 0 || int(id) >= len(m.owners) {
		return Owner{}, false
	}
	return m.owners[id], true
}

// meanHours is the mean length of periods t-1 and t.
func (m *Model) meanHours(t int) float64 {
	if t == 0 {
		return m.Hours[0]
	}
	return (m.Hours[t-1] + m.Hours[t]) / 2
}

// durationSlack is the tolerance on durations, in hours.
const durationSlack = 1e-9

// windows returns for every period t the first period s such that a duration
// that begins with s still binds in t. The window W(t, d) is s..t.
func (m *Model) windows(d float64) []int {
	out := make([]int, m.T)
	s, sum := 0, 0.0 // sum of hours s..t-1
	for t := range m.T {
		for s < t && sum >= d-durationSlack {
			sum -= m.Hours[s]
			s++
		}
		out[t] = s
		sum += m.Hours[t]
	}
	return out
}

// stillBound says for how many periods a duration d, of which hours have passed
// before the horizon, still binds: periods 0..n-1. A nil hours means it has been
// met.
func (m *Model) stillBound(d float64, hours *float64) int {
	if hours == nil {
		return 0
	}
	n := 0
	for sum := *hours; n < m.T && sum < d-durationSlack; n++ {
		sum += m.Hours[n]
	}
	return n
}

func orElse(p *float64, otherwise float64) float64 {
	if p == nil {
		return otherwise
	}
	return *p
}

var inf = math.Inf(1)

// between and atMost are bounds that do not change with time.
func between(lo, up float64) func(int) (float64, float64) {
	return func(int) (float64, float64) { return lo, up }
}

func atLeastZero(int) (float64, float64) { return 0, inf }
