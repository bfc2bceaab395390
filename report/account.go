package report

import (
	"slices"

	"github.com/wattbit/wattbit/model"
)

// Account is what work draws, emits and costs. Money is at the plan's prices,
// not what the plan pays: all accounts together are more than its cost where a
// price is above the mean.
type Account struct {
	UnitH float64 `json:"unit_h"`
	// MWh at the site's meter: dynamic power of busy units and, by the capacity
	// taken, the pool's idle and start power, times the PUE achieved. DataMWh is drawn by data
	// links for the work, half at each end.
	MWh     float64 `json:"mwh"`
	DataMWh float64 `json:"data_mwh"`
	// CO2T is the average: all MWh at the traced intensity of their bus and
	// period.
	CO2T float64 `json:"co2_t"`
	// MarginalCO2T is all MWh at the marginal emissions of their bus and period:
	// what leaving a little of the work out would save, for all of it; 0 in a plan
	// without marginal emissions.
	MarginalCO2T float64 `json:"marginal_co2_t"`
	// GB sent for the work.
	GB float64 `json:"gb"`
	// PowerCost is all MWh at the price of their bus, CapacityCost the capacity
	// taken at the pool's price of units, with what outages add to it; both are 0 in
	// a plan without prices.
	PowerCost    float64 `json:"power_cost"`
	CapacityCost float64 `json:"capacity_cost"`
	DataCost     float64 `json:"data_cost"`
	// PenaltyCost of work late, dropped, left or unserved.
	PenaltyCost float64 `json:"penalty_cost"`
}

// Total is the cost of everything.
func (a *Account) Total() float64 {
	return a.PowerCost + a.CapacityCost + a.DataCost + a.PenaltyCost
}

func (a *Account) add(b *Account) {
	a.UnitH += b.UnitH
	a.MWh += b.MWh
	a.DataMWh += b.DataMWh
	a.CO2T += b.CO2T
	a.MarginalCO2T += b.MarginalCO2T
	a.GB += b.GB
	a.PowerCost += b.PowerCost
	a.CapacityCost += b.CapacityCost
	a.DataCost += b.DataCost
	a.PenaltyCost += b.PenaltyCost
}

// accounts of all work of a plan.
type accounts struct {
	// jobs by position in the plan, workloads by position in the case.
	jobs, workloads []Account
	// rest of the sites' energy.
	rest Account
	// priced says that the plan has prices of power, marginal that it has marginal
	// emissions.
	priced, marginal bool
}

// meter turns what work draws into an account.
type meter struct {
	j         *joined
	intensity [][]float64 // t/MWh by bus and period
	price     [][]float64 // by bus; nil where the plan has none
	marginal  [][]float64 // t/MWh by bus; nil where the plan has none
	scarcity  [][]float64 // by pool; nil where the plan has none
	stays     [][]float64 // the same for work that keeps its units in outages
	security  [][]float64 // of a unit-hour of each workload; nil for nothing
	idle      [][]float64 // MW of idle and start power, for each unit taken, by pool and period
	rest      Account     // energy of the sites less that of all runs counted
}

func (j *joined) meter() *meter {
	m := &meter{j: j, intensity: j.carbonIntensity(), price: j.busPrices(), marginal: j.marginalCO2(), scarcity: make([][]float64, len(j.c.Pools)), idle: j.idlePower()}
	if j.p.Prices != nil {
		m.scarcity = prices(j.ix.Pools, j.p.Prices.Compute)
		m.stays, m.security = m.scarcity, j.security()
		if byPool := j.poolPrices(); byPool != nil {
			m.stays = make([][]float64, len(byPool))
			for i := range byPool {
				m.stays[i] = byPool[i].stays
			}
		}
	}
	for i := range j.c.Sites {
		for t, mw := range j.sites[i].PowerMW {
			m.supply(&m.rest, j.ix.Buses[j.c.Sites[i].Bus], t, mw*j.hours[t])
		}
	}
	return m
}

// idlePower is what modules draw idle and starting for each unit taken of them, MW, by
// pool and period.
func (j *joined) idlePower() [][]float64 {
	taken := j.takenOfModules()
	out := make([][]float64, len(taken))
	for i := range out {
		base := j.ix.BasePool(i)
		c, p := &j.c.Pools[base], j.pools[base]
		out[i] = make([]float64, j.T)
		for t := range out[i] {
			out[i][t] = ratio(c.IdleMWPerModule*float64(p.ModulesOn[t])+c.StartEnergyMWh*float64(p.ModuleStarts[t])/j.hours[t], taken[i][t])
		}
	}
	return out
}

// supply counts energy of a site.
func (m *meter) supply(a *Account, bus, t int, mwh float64) {
	a.MWh += mwh
	m.draw(a, bus, t, mwh)
}

// draw counts the CO2 and the cost of energy at a bus.
func (m *meter) draw(a *Account, bus, t int, mwh float64) {
	a.CO2T += mwh * m.intensity[bus][t]
	if m.marginal[bus] != nil {
		a.MarginalCO2T += mwh * m.marginal[bus][t]
	}
	if m.price[bus] != nil {
		a.PowerCost += mwh * m.price[bus][t]
	}
}

// send counts data on a link, and its energy at both ends.
func (m *meter) send(a *Account, link, t int, gb float64) {
	mwh := m.j.c.DataLinks[link].EnergyKWhPerGB / 1000 * gb
	a.GB += gb
	if mwh == 0 {
		return
	}
	a.DataMWh += mwh
	for _, bus := range m.j.dataBuses(link) {
		if bus >= 0 {
			m.draw(a, bus, t, mwh/2)
		}
	}
}

// run counts the work itself.
func (m *meter) run(a *Account, w *work) {
	dynamic := m.j.c.Pools[w.pool].DynamicMWPerUnit
	for k, units := range w.units {
		t := w.first + k
		h := m.j.hours[t]
		a.UnitH += units * h
		mwh := m.j.pues[w.site][t] * (dynamic*w.busy[k] + m.idle[w.pool][t]*w.held[k]) * h
		m.supply(a, w.bus, t, mwh)
		m.supply(&m.rest, w.bus, t, -mwh)
		if v := m.unitPrice(w); v != nil {
			a.CapacityCost += v[t] * w.held[k] * h
		}
		if !w.job && m.security != nil && m.security[w.item] != nil {
			a.CapacityCost += m.security[w.item][t] * units * h
		}
	}
}

// unitPrice is the price of the units that a piece of work takes; nil without.
func (m *meter) unitPrice(w *work) []float64 {
	o := &m.j.c.ComputingOutages
	if w.job && o.Yields(&m.j.c.Jobs[w.item]) || !w.job && slices.Contains(o.Classes, w.class) || m.stays == nil {
		return m.scarcity[w.pool]
	}
	return m.stays[w.pool]
}

func (j *joined) accounts() *accounts { return j.accountsOnce.of(j.account) }

func (j *joined) account() *accounts {
	out := &accounts{jobs: make([]Account, len(j.p.Jobs)), workloads: make([]Account, len(j.c.Workloads)), priced: j.p.Prices != nil}
	out.marginal = out.priced && j.p.Prices.MarginalCO2 != nil
	m := j.meter()
	for i := range j.work {
		w := &j.work[i]
		if w.job {
			a := &out.jobs[w.plan]
			m.run(a, w)
			if w.run == 0 {
				m.jobData(a, w)
			}
			continue
		}
		a := &out.workloads[w.item]
		m.run(a, w)
		if w.dataLink >= 0 {
			v := &j.c.Workloads[w.item]
			price := j.ix.DataPricePerGB(w.dataLink, v.Region)
			for t, units := range w.units {
				gb := units * j.hours[t] * v.DataGBPerUnitH
				m.send(a, w.dataLink, t, gb)
				a.DataCost += gb * price
			}
		}
	}
	for i := range j.p.Jobs {
		out.jobs[i].PenaltyCost = j.jobPenalty(&j.p.Jobs[i])
	}
	for i := range out.workloads {
		v := &j.c.Workloads[i]
		out.workloads[i].PenaltyCost = j.unservedPrice(v) * j.sum(j.workloads[i].UnservedUnits)
	}
	out.rest = m.rest
	return out
}

func (m *meter) jobData(a *Account, w *work) {
	j := m.j
	j.eachTransfer(&j.c.Jobs[w.item], &j.p.Jobs[w.plan], w.site, func(s *sending) {
		if s.link < 0 {
			return
		}
		for k, gb := range s.gb {
			m.send(a, s.link, s.first+k, gb)
			a.DataCost += gb * s.pricePerGB
		}
	})
}

// jobPenalty is what a job costs for being late, dropped or not done.
func (j *joined) jobPenalty(p *model.JobPlan) float64 {
	job := &j.c.Jobs[j.ix.Jobs[p.Job]]
	if p.Dropped {
		return j.c.DropCost(job)
	}
	money := 0.0
	if job.LatePricePerH != nil && p.LateH > lateSlackH {
		money += *job.LatePricePerH * p.LateH
	}
	if job.BacklogPricePerUnitH != nil {
		money += *job.BacklogPricePerUnitH * p.LeftUnitH
	}
	return money
}

func (j *joined) unservedPrice(w *model.Workload) float64 {
	if w.UnservedPricePerUnitH != nil {
		return *w.UnservedPricePerUnitH
	}
	return j.c.Penalties.Unserved()
}

// WorkAccounts says what the work of a plan draws, emits and costs.
type WorkAccounts struct {
	// Priced says that the plan has prices; else money lacks power and capacity.
	Priced bool `json:"priced"`
	// Marginal says that the plan has marginal emissions; else those of accounts are
	// 0.
	Marginal  bool    `json:"marginal"`
	Jobs      Account `json:"jobs"`
	Workloads Account `json:"workloads"`
	// Rest is the part of the sites' energy that no work takes: base power, and
	// idle power of pools without work.
	Rest Account `json:"rest"`
	// ByWorkload in the case's order; DearestJobs are the jobs that cost most.
	ByWorkload  []WorkloadAccount `json:"by_workload,omitempty"`
	DearestJobs []JobAccount      `json:"dearest_jobs,omitempty"`
}

// WorkloadAccount is the account of a workload.
type WorkloadAccount struct {
	Workload string `json:"workload"`
	Region   string `json:"region"`
	Class    string `json:"class"`
	Account
}

// JobAccount is the account of a single job.
type JobAccount struct {
	Job    string    `json:"job"`
	Number int       `json:"number"`
	Region string    `json:"region"`
	Status JobStatus `json:"status"`
	Account
}

// maxListed is the number of jobs that a summary lists.
const maxListed = 12

func (j *joined) workAccounts(all *accounts) WorkAccounts {
	out := WorkAccounts{Priced: all.priced, Marginal: all.marginal, Rest: all.rest}
	for i := range all.workloads {
		v, a := &j.c.Workloads[i], &all.workloads[i]
		out.Workloads.add(a)
		out.ByWorkload = append(out.ByWorkload, WorkloadAccount{v.Name, v.Region, v.Class, *a})
	}
	for i := range all.jobs {
		out.Jobs.add(&all.jobs[i])
	}
	for _, i := range top(len(all.jobs), func(i int) float64 { return all.jobs[i].Total() }) {
		v := &j.p.Jobs[i]
		out.DearestJobs = append(out.DearestJobs, JobAccount{v.Job, v.Number, j.c.Jobs[j.ix.Jobs[v.Job]].Region, statusOf(v), all.jobs[i]})
	}
	return out
}

// top lists the positions of the largest values above 0, at most maxListed, the
// largest first and alike ones in their order.
func top(n int, value func(int) float64) []int {
	var out []int
	for i := range n {
		v := value(i)
		if !(v > 0) || len(out) == maxListed && v <= value(out[maxListed-1]) {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, v, func(k int, v float64) int {
			if value(k) >= v {
				return -1
			}
			return 1
		})
		out = slices.Insert(out, at, i)
		out = out[:min(len(out), maxListed)]
	}
	return out
}
