package report

// Corridor compares moving the work of a region to another with moving the
// power the other way.
type Corridor struct {
	From string `json:"from"`
	To   string `json:"to"`
	// UnitH of work from the one done in the other.
	UnitH float64 `json:"unit_h"`
	// MWh is the energy that the work draws at the site beyond idle power: at
	// home it would have to be made or carried there. It is the transmission
	// that moving the work avoids, losses not counted.
	MWh float64 `json:"mwh"`
	// GB moved for the work, and what that cost.
	GB       float64 `json:"gb"`
	DataCost float64 `json:"data_cost"`
	// WireMWh is sent the other way, towards the work, over links that join the
	// buses of the two regions directly; WireLossMWh of it is lost.
	WireMWh     float64 `json:"wire_mwh"`
	WireLossMWh float64 `json:"wire_loss_mwh"`
	// Saving is MWh at the home bus's price less the same at the site's; nil
	// without prices or home bus.
	Saving *float64 `json:"saving,omitempty"`
	// BreakEvenPerGB is the price of a GB at which the saving is used up; nil
	// without saving or data.
	BreakEvenPerGB *float64 `json:"break_even_per_gb,omitempty"`
}

// corridor holds the same in every period.
type corridor struct {
	from, to                                         string
	unitH, mwh, gb, dataCost, wire, wireLoss, saving []float64
	// gbOfWork is gb, but counted where the work is done that it is sent for:
	// as the work goes on.
	gbOfWork []float64
	// priced says that saving is known.
	priced bool
}

// corridors lists the pairs of regions, from and to, with work that goes that
// way, and those between whose sites power goes the other way.
func (j *joined) corridors() []*corridor {
	n := len(j.c.Regions)
	found := make([]*corridor, n*n)
	pair := func(from, to int) *corridor {
		at := found[from*n+to]
		if at == nil {
			series := make([]float64, 8*j.T)
			next := func() []float64 {
				v := series[:j.T:j.T]
				series = series[j.T:]
				return v
			}
			at = &corridor{from: j.c.Regions[from].Name, to: j.c.Regions[to].Name, unitH: next(), mwh: next(), gb: next(), dataCost: next(),
				wire: next(), wireLoss: next(), saving: next(), gbOfWork: next()}
			found[from*n+to] = at
		}
		return at
	}
	prices := j.busPrices()
	homes := make([]int, n)
	for r := range homes {
		homes[r] = j.homeBus(r)
	}
	for i := range j.work {
		if w := &j.work[i]; w.away {
			at := pair(w.region, j.ix.Regions[j.c.Sites[w.site].Region])
			at.work(j, w, homes[w.region], prices)
		}
	}
	hasSite := make([]bool, n)
	for i := range j.c.Sites {
		hasSite[j.ix.Regions[j.c.Sites[i].Region]] = true
	}
	at := make([][]int, len(j.c.Buses)) // regions by home bus
	for r, bus := range homes {
		if bus >= 0 {
			at[bus] = append(at[bus], r)
		}
	}
	for _, a := range j.arrivals() {
		for _, from := range at[a.to] {
			for _, to := range at[a.from] {
				if found[from*n+to] != nil || hasSite[from] && hasSite[to] {
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

// work counts one run or route away from its region, whose home bus is -1 where
// it has none.
func (at *corridor) work(j *joined, w *work, home int, prices [][]float64) {
	priced := home >= 0 && prices[home] != nil && prices[w.bus] != nil
	at.priced = at.priced || priced
	all := 0.0
	for k, units := range w.units {
		t := w.first + k
		unitH := units * j.hours[t]
		mwh := unitH * j.mwPerUnit(w, t)
		at.unitH[t] += unitH
		at.mwh[t] += mwh
		all += unitH
		if priced {
			at.saving[t] += mwh * (prices[home][t] - prices[w.bus][t])
		}
		if !w.job {
			gb := unitH * j.c.Workloads[w.item].DataGBPerUnitH
			at.gb[t] += gb
			at.gbOfWork[t] += gb
			if w.dataLink >= 0 {
				at.dataCost[t] += gb * j.ix.DataPricePerGB(w.dataLink, at.from)
			}
		}
	}
	if !w.job || w.gb == 0 {
		return
	}
	for k, units := range w.units {
		t := w.first + k
		at.gbOfWork[t] += w.gb * ratio(units*j.hours[t], all)
	}
	j.eachTransfer(&j.c.Jobs[w.item], &j.p.Jobs[w.plan], w.site, func(s *sending) {
		for k, gb := range s.gb {
			at.gb[s.first+k] += gb
			at.dataCost[s.first+k] += gb * s.pricePerGB
		}
	})
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
			DataCost: plainSum(at.dataCost), WireMWh: plainSum(at.wire), WireLossMWh: plainSum(at.wireLoss)}
		if line.UnitH == 0 && line.WireMWh == 0 {
			continue
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

func plainSum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}
