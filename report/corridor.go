package report

// Every GB that crosses a data link is on a corridor, so that corridors add up to what data
// links carry: that of a route is the route's, what is sent for a job is shared out over its
// runs, what a move takes along over those after it, and a dataset's copy over the runs of
// the jobs that read it, by unit-hours. What serves work at home is on a corridor from a
// region to itself, which holds data alone.

import (
	"slices"

	"github.com/wattbit/wattbit/model"
)

// Corridor compares moving the work of a region to another with moving the
// power the other way.
type Corridor struct {
	From string `json:"from"`
	// To is From for the data of work at home; there is then no work or energy.
	To string `json:"to"`
	// UnitH of work from the one done in the other.
	UnitH float64 `json:"unit_h"`
	// MWh is the energy that the work draws at the site beyond idle power: at
	// home it would have to be made or carried there. It is the transmission
	// that moving the work avoids, losses not counted.
	MWh float64 `json:"mwh"`
	// LossAvoidedMWh would be lost on top if MWh came home over the links that join the
	// buses of the two regions directly, at the average loss of what the plan sends that
	// way in the period; nothing for periods in which it sends nothing, or for
	// sites that are not at their region's bus.
	LossAvoidedMWh float64 `json:"loss_avoided_mwh"`
	// GB moved for the work, what that cost, and the energy of data links for it.
	GB       float64 `json:"gb"`
	DataCost float64 `json:"data_cost"`
	DataMWh  float64 `json:"data_mwh"`
	// WireMWh is sent the other way, towards the work, over links that join the
	// buses of the two regions directly; WireLossMWh of it is lost.
	WireMWh     float64 `json:"wire_mwh"`
	WireLossMWh float64 `json:"wire_loss_mwh"`
	// Saving is MWh at the home bus's price less the same at the site's, and less the
	// energy of its data at the prices of the data links' ends; nil without prices or
	// home bus.
	Saving *float64 `json:"saving,omitempty"`
	// BreakEvenPerGB is the price of a GB at which the saving is used up; nil
	// without saving or data.
	BreakEvenPerGB *float64 `json:"break_even_per_gb,omitempty"`
}

// corridor holds the same in every period.
type corridor struct {
	from, to                                                  string
	unitH, mwh, gb, dataCost, dataMWh, wire, wireLoss, saving []float64
	// direct is what of mwh is drawn at the bus of the region.
	direct []float64
	// gbOfWork is gb, but counted where the work is done that it is sent for:
	// as the work goes on.
	gbOfWork []float64
	// priced says that saving is known.
	priced bool
}

func newCorridor(from, to string, periods int) *corridor {
	at := &corridor{from: from, to: to}
	for _, v := range []*[]float64{&at.unitH, &at.mwh, &at.gb, &at.dataCost, &at.dataMWh, &at.wire, &at.wireLoss, &at.saving, &at.direct, &at.gbOfWork} {
		*v = make([]float64, periods)
	}
	return at
}

// lossAvoided is what of the energy not sent would be lost in period t.
func (at *corridor) lossAvoided(t int) float64 {
	return at.direct[t] * ratio(at.wireLoss[t], at.wire[t]-at.wireLoss[t])
}

// corridors lists the pairs of regions, from and to, with work that goes that
// way or data for it, and those between whose sites power goes the other way.
func (j *joined) corridors() []*corridor {
	n := len(j.c.Regions)
	found := make([]*corridor, n*n)
	pair := func(from, to int) *corridor {
		at := found[from*n+to]
		if at == nil {
			at = newCorridor(j.c.Regions[from].Name, j.c.Regions[to].Name, j.T)
			found[from*n+to] = at
		}
		return at
	}
	m := &mover{j: j, prices: j.busPrices(), homes: make([]int, n), pair: pair}
	for r := range m.homes {
		m.homes[r] = j.homeBus(r)
	}
	for i := range j.work {
		if w := &j.work[i]; w.away {
			m.work(w)
		}
	}
	m.jobData()
	hasSite := make([]bool, n)
	for i := range j.c.Sites {
		hasSite[j.ix.Regions[j.c.Sites[i].Region]] = true
	}
	at := make([][]int, len(j.c.Buses)) // regions by home bus
	for r, bus := range m.homes {
		if bus >= 0 {
			at[bus] = append(at[bus], r)
		}
	}
	for _, a := range j.arrivals() {
		for _, from := range at[a.to] {
			for _, to := range at[a.from] {
				if from != to && (found[from*n+to] != nil || hasSite[from] && hasSite[to]) {
					pair(from, to).power(j, &a)
				}
			}
		}
	}
	var out []*corridor
	for _, at := range found {
		if at != nil {
			out = append(out, at)
		}
	}
	return out
}

// mover puts work and data on corridors.
type mover struct {
	j      *joined
	prices [][]float64 // by bus; nil where the plan has none
	homes  []int       // home bus by region, -1 without
	pair   func(from, to int) *corridor
}

// corridor is that of a run or route.
func (m *mover) corridor(w *work) *corridor {
	return m.pair(w.region, m.j.ix.Regions[m.j.c.Sites[w.site].Region])
}

// work counts one run or route away from its region, and the data of a route.
func (m *mover) work(w *work) {
	j, at, home := m.j, m.corridor(w), m.homes[w.region]
	priced := home >= 0 && m.prices[home] != nil && m.prices[w.bus] != nil
	at.priced = at.priced || priced
	direct := w.bus == m.homes[j.ix.Regions[at.to]]
	for k, units := range w.units {
		t := w.first + k
		unitH := units * j.hours[t]
		mwh := unitH * j.mwPerUnit(w, t)
		at.unitH[t] += unitH
		at.mwh[t] += mwh
		if direct {
			at.direct[t] += mwh
		}
		if priced {
			at.saving[t] += mwh * (m.prices[home][t] - m.prices[w.bus][t])
		}
		if w.dataLink >= 0 {
			gb := unitH * j.c.Workloads[w.item].DataGBPerUnitH
			at.gbOfWork[t] += gb
			at.saving[t] -= m.send(at, w.dataLink, at.from, t, gb)
		}
	}
}

// send counts data that leaves a region over a data link, and returns what the link's
// energy for it costs at both ends.
func (m *mover) send(at *corridor, link int, from string, t int, gb float64) (money float64) {
	mwh := m.j.c.DataLinks[link].EnergyKWhPerGB / 1000 * gb
	at.gb[t] += gb
	at.dataCost[t] += gb * m.j.ix.DataPricePerGB(link, from)
	at.dataMWh[t] += mwh
	for _, bus := range m.j.dataBuses(link) {
		if bus >= 0 && m.prices[bus] != nil {
			money += mwh / 2 * m.prices[bus][t]
		}
	}
	return money
}

// jobData counts what is sent for jobs, and copies of datasets.
func (m *mover) jobData() {
	j := m.j
	runs := make([][]*work, len(j.p.Jobs))
	for i := range j.work {
		if w := &j.work[i]; w.job {
			runs[w.plan] = append(runs[w.plan], w)
		}
	}
	for i, of := range runs {
		if len(of) == 0 {
			continue
		}
		j.eachTransfer(&j.c.Jobs[of[0].item], &j.p.Jobs[i], of[0].site, func(s *sending) {
			with := of
			if s.what == model.TransferMigration {
				with = after(of, s.first+len(s.gb))
			}
			m.share(with, s)
		})
	}
	for i := range j.p.Datasets {
		d := &j.p.Datasets[i]
		for k := range d.Copies {
			v := &d.Copies[k]
			s := sending{link: -1, from: v.From, to: v.To, first: v.First, gb: v.GB}
			if route, ok := j.ix.DataRoute(v.From, v.To); ok {
				s.link = route.Link
			}
			m.share(m.readers(d.Name, v.To, runs), &s)
		}
	}
}

// after are the runs that begin with a period or later: what a move is for.
func after(runs []*work, period int) []*work {
	for len(runs) > 0 && runs[0].first < period {
		runs = runs[1:]
	}
	return runs
}

// readers are the runs of jobs that begin in a region and need a dataset there.
func (m *mover) readers(dataset, region string, runs [][]*work) []*work {
	var out []*work
	for _, of := range runs {
		if len(of) == 0 || m.j.c.Sites[of[0].site].Region != region {
			continue
		}
		if job := &m.j.c.Jobs[of[0].item]; slices.Contains(job.Datasets, dataset) && !m.j.ix.HasData(job, region) {
			out = append(out, of...)
		}
	}
	return out
}

// share shares out data over the runs that it is sent for, by unit-hours; where nobody
// works with it, it stays with the region to which it goes.
func (m *mover) share(runs []*work, s *sending) {
	if s.link < 0 {
		return
	}
	all := 0.0
	for _, w := range runs {
		all += m.j.unitH(w)
	}
	if all == 0 {
		to := m.j.ix.Regions[s.to]
		at := m.pair(to, to)
		for k, gb := range s.gb {
			m.send(at, s.link, s.from, s.first+k, gb)
			at.gbOfWork[s.first+k] += gb
		}
		return
	}
	for _, w := range runs {
		at, unitH := m.corridor(w), m.j.unitH(w)
		gb, money := 0.0, 0.0
		for k, x := range s.gb {
			x *= unitH / all
			gb += x
			money += m.send(at, s.link, s.from, s.first+k, x)
		}
		for k, units := range w.units {
			t := w.first + k
			part := ratio(units*m.j.hours[t], unitH)
			at.gbOfWork[t] += gb * part
			at.saving[t] -= money * part
		}
	}
}

// dataBuses are the buses at both ends of a data link, -1 for a region without one.
func (j *joined) dataBuses(link int) (buses [2]int) {
	l := &j.c.DataLinks[link]
	for k, end := range [2]string{l.From, l.To} {
		buses[k] = -1
		if bus := j.c.Regions[j.ix.Regions[end]].Bus; bus != "" {
			buses[k] = j.ix.Buses[bus]
		}
	}
	return buses
}

// power counts what a link brings.
func (at *corridor) power(j *joined, a *arrival) {
	for t, mw := range a.sent {
		at.wire[t] += mw * j.hours[t]
		at.wireLoss[t] += (mw - a.received[t]) * j.hours[t]
	}
}

// corridorTotals sums up over the horizon.
func corridorTotals(all []*corridor) []Corridor {
	var out []Corridor
	for _, at := range all {
		line := Corridor{From: at.from, To: at.to, UnitH: plainSum(at.unitH), MWh: plainSum(at.mwh), GB: plainSum(at.gb),
			DataCost: plainSum(at.dataCost), DataMWh: plainSum(at.dataMWh), WireMWh: plainSum(at.wire), WireLossMWh: plainSum(at.wireLoss)}
		if line.UnitH == 0 && line.WireMWh == 0 && line.GB == 0 {
			continue
		}
		for t := range at.direct {
			line.LossAvoidedMWh += at.lossAvoided(t)
		}
		if at.priced {
			saving := plainSum(at.saving)
			line.Saving = &saving
			if line.GB > 0 {
				price := saving / line.GB
				line.BreakEvenPerGB = &price
			}
		}
		out = append(out, line)
	}
	return out
}

// away sums up the corridors on which work leaves its region. It has a saving and a
// break-even only where the saving of each is known: beside the price of a GB of all of them,
// a break-even of some would compare nothing.
func away(all []Corridor) Corridor {
	var sum Corridor
	saving, known := 0.0, true
	for i := range all {
		c := &all[i]
		if c.UnitH == 0 {
			continue
		}
		sum.UnitH, sum.MWh = sum.UnitH+c.UnitH, sum.MWh+c.MWh
		sum.GB, sum.DataCost = sum.GB+c.GB, sum.DataCost+c.DataCost
		if known = known && c.Saving != nil; known {
			saving += *c.Saving
		}
	}
	if known && sum.GB > 0 {
		price := saving / sum.GB
		sum.Saving, sum.BreakEvenPerGB = &saving, &price
	}
	return sum
}

func plainSum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}
