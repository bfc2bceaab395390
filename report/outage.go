package report

// Outages: what the loss of each site or data link would do. Where work would go, and
// what is short, are in the plan's certificates; what an outage costs is at the plan's
// prices, for all that the plan serves of a workload w,
//
//	cost_k = sum over w and t of h_t price_{k,w,t} served_{w,t}
//
// the price being what one more unit-hour of the work costs for the sake of the outage.

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/model"
)

// OutageLine is the loss of one site or data link.
type OutageLine struct {
	Outage string `json:"outage"`
	// MovedUnitH are served elsewhere than in the plan while it lasts, if it lasts
	// throughout; ShortUnitH are served nowhere, at most ShortUnits at once, in the
	// period from ShortTime.
	MovedUnitH float64    `json:"moved_unit_h"`
	ShortUnitH float64    `json:"short_unit_h"`
	ShortUnits float64    `json:"short_units"`
	ShortTime  *time.Time `json:"short_time,omitempty"`
	// ShortCost is the penalty of what is short.
	ShortCost float64 `json:"short_cost"`
	// BindsH are the hours in which the outage costs something, Cost what at the
	// plan's prices, the penalty included; nil without prices.
	BindsH *float64 `json:"binds_h,omitempty"`
	Cost   *float64 `json:"cost,omitempty"`
	// Goes is where the work would go, most first.
	Goes []OutageMove `json:"goes,omitempty"`
}

// OutageMove is work that an outage moves to a pool.
type OutageMove struct {
	Pool  string  `json:"pool"`
	UnitH float64 `json:"unit_h"`
}

// outagePlans are the plan's certificates by name.
func (j *joined) outagePlans() map[string]*model.OutagePlan {
	out := map[string]*model.OutagePlan{}
	for i := range j.p.Outages {
		out[j.p.Outages[i].Name] = &j.p.Outages[i]
	}
	return out
}

// outagePrices are the plan's prices by outage.
func (j *joined) outagePrices() map[string]*model.OutagePrices {
	out := map[string]*model.OutagePrices{}
	if j.p.Prices != nil {
		for i := range j.p.Prices.Outages {
			out[j.p.Prices.Outages[i].Name] = &j.p.Prices.Outages[i]
		}
	}
	return out
}

func (j *joined) outageLines() []OutageLine {
	var out []OutageLine
	plans, priced := j.outagePlans(), j.outagePrices()
	for _, o := range j.ix.Outages() {
		line := OutageLine{Outage: o.Name}
		if p := plans[o.Name]; p != nil {
			j.movesOf(&line, p)
		}
		if j.p.Prices != nil {
			binds, cost := 0.0, 0.0
			if p := priced[o.Name]; p != nil {
				binds, cost = j.outageCost(p)
			}
			line.BindsH, line.Cost = &binds, &cost
		}
		out = append(out, line)
	}
	return out
}

// movesOf adds up what a certificate moves and what it lacks.
func (j *joined) movesOf(line *OutageLine, p *model.OutagePlan) {
	short, goes := make([]float64, j.T), make([]float64, len(j.c.Pools))
	j.eachMove(p, func(_ *model.Workload, pool, t int, was, is float64) {
		if pool < 0 {
			short[t] += is
		} else {
			goes[pool] += max(0, is-was) * j.hours[t]
		}
	})
	for t, units := range short {
		if line.ShortUnitH += units * j.hours[t]; units > max(line.ShortUnits, shortageMW) {
			line.ShortUnits, line.ShortTime = units, &j.cal.times[t]
		}
	}
	line.ShortCost = j.c.Penalties.OutageShort() * line.ShortUnitH
	for i, unitH := range goes {
		if line.MovedUnitH += unitH; unitH > shortageMW {
			line.Goes = append(line.Goes, OutageMove{j.c.Pools[i].Name, unitH})
		}
	}
	slices.SortStableFunc(line.Goes, func(a, b OutageMove) int { return cmp.Compare(b.UnitH, a.UnitH) })
}

// eachMove visits what an outage does to the workloads that it moves: the units of each
// pool in the plan and in the outage, and with pool -1 those that are short.
func (j *joined) eachMove(p *model.OutagePlan, visit func(w *model.Workload, pool, t int, was, is float64)) {
	for i := range p.Workloads {
		v := &p.Workloads[i]
		at := j.ix.Workloads[v.Name]
		was, is := make([][]float64, len(j.c.Pools)), make([][]float64, len(j.c.Pools))
		for _, r := range j.workloads[at].Routes {
			was[j.ix.Pools[r.Pool]] = r.Units
		}
		for _, r := range v.Routes {
			is[j.ix.Pools[r.Pool]] = r.Units
		}
		or0 := func(s []float64, t int) float64 {
			if s == nil {
				return 0
			}
			return s[t]
		}
		for pool := range was {
			if was[pool] == nil && is[pool] == nil {
				continue
			}
			for t := range j.T {
				visit(&j.c.Workloads[at], pool, t, or0(was[pool], t), or0(is[pool], t))
			}
		}
		for t, units := range v.ShortUnits {
			visit(&j.c.Workloads[at], -1, t, 0, units)
		}
	}
}

// outageCost is what an outage costs at its prices, and the hours in which it does.
func (j *joined) outageCost(p *model.OutagePrices) (binds, cost float64) {
	bound := make([]bool, j.T)
	for _, s := range p.Workloads {
		i := j.ix.Workloads[s.Name]
		for t, price := range s.Values {
			served := j.c.Workloads[i].DemandUnits.At(t, 0) - j.workloads[i].UnservedUnits[t]
			cost += price * served * j.hours[t]
			bound[t] = bound[t] || price > 0 && served > 0
		}
	}
	for t, h := range j.hours {
		if bound[t] {
			binds += h
		}
	}
	return binds, cost
}

// outageRows has the pools and periods in which an outage changes something, and what
// is short in rows without a pool.
func (j *joined) outageRows(w *tableWriter) {
	for i := range j.p.Outages {
		p := &j.p.Outages[i]
		j.eachMove(p, func(v *model.Workload, pool, t int, was, is float64) {
			if math.Abs(is-was) <= 1e-6 {
				return
			}
			name := ""
			if pool >= 0 {
				name = j.c.Pools[pool].Name
			}
			w.at(t, []string{p.Name, v.Name, name}, was, is)
		})
	}
}

// outagePriceRows has the prices of outages that bind.
func (j *joined) outagePriceRows(w *tableWriter) {
	if j.p.Prices == nil {
		return
	}
	for _, o := range j.p.Prices.Outages {
		for _, kind := range []struct {
			name   string
			series []model.PriceSeries
		}{{"workload", o.Workloads}, {"pool", o.Pools}} {
			for _, s := range kind.series {
				for t, price := range s.Values {
					if price > 0 {
						w.at(t, []string{o.Name, kind.name, s.Name, j.c.Currency + "/unit-h"}, price)
					}
				}
			}
		}
	}
}

// outageShortages are what outages would leave unserved.
func (j *joined) outageShortages(m *mobility) []Shortage {
	var out []Shortage
	lost := j.ix.Outages()
	for i := range j.p.Outages {
		p := &j.p.Outages[i]
		at := slices.IndexFunc(lost, func(o model.Outage) bool { return o.Name == p.Name })
		for k := range p.Workloads {
			v := &p.Workloads[k]
			item := j.ix.Workloads[v.Name]
			for _, w := range j.windows(v.ShortUnits) {
				s := j.shortage(ShortOutage, v.Name, w, "unit-h", "units")
				s.Cost = j.c.Penalties.OutageShort() * w.amount
				s.Text = fmt.Sprintf("Without %s, workload %s would lack %s unit-h %s, at most %s units (%s).",
					p.Name, v.Name, amount(w.amount), j.between(w), amount(w.peak), j.cal.clock(w.at))
				var left []string
				for _, place := range m.placements[item] {
					if at >= 0 && j.ix.Leaves(&lost[at], &place) {
						left = append(left, j.c.Pools[place.Pool].Name)
					}
				}
				if len(left) == 0 {
					s.Why = append(s.Why, "no other pool is in its reach")
					s.Mend = append(s.Mend, "a second pool in reach, or a looser latency class")
				} else {
					s.Why = append(s.Why, "the modules on in the pools left in its reach, their power or the data links to them are full: "+list(left, 4))
					s.Mend = append(s.Mend, units(w.peak)+" more in one of them, or work there that yields")
				}
				out = append(out, s)
			}
		}
	}
	return out
}
