package report

// What one more unit-hour of work, at reference speed, costs in a pool: with
// speed s and the utilisation cap u of its class (1 for jobs) it takes 1/(s u)
// unit-hours of capacity and keeps 1/s of them busy,
//
//	price = scarcity / (s u) + power / s + security
//
// with the pool's price of units, and PUE times dynamic power at the price of
// power, as the plan's prices have them. Of a class with a queue scarcity / u is the
// plan's price of its load. Security is what outages cost: of a class that is covered
// the mean of its workloads', by what is served; other work that keeps its units in an
// outage pays their price in every outage, with the scarcity.

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// asynchronous stands for the class of jobs, which need no headroom, and staying for
// those of them that keep their units in outages, where others yield.
const (
	asynchronous = "jobs"
	staying      = "jobs that stay in outages"
)

// UnitPriceLine is the price of a unit-hour of work of a class in a pool, over
// the periods in which a module is on.
type UnitPriceLine struct {
	Pool string `json:"pool"`
	// Class of workloads, or jobs.
	Class string  `json:"class"`
	Mean  float64 `json:"mean"`
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
}

// unitPrice is the same by period, NaN where no module is on: with commitments
// as they are, a unit-hour is not to be had there at any price.
type unitPrice struct {
	pool, class string
	values      []float64
	hours       []float64
}

// poolPrices are a pool's prices by period, money per unit-hour of its own
// machines: of a unit taken, and of the power of one that is busy.
type poolPrices struct {
	taken, power []float64
	// stays is taken with what the unit costs in outages, for work that keeps it
	// there.
	stays []float64
	// queues, by class: of a busy unit's share of what a queue holds.
	queues map[string][]float64
}

// headroom is the price of what a busy unit of a class takes, in period t; covered says
// that outages move its work.
func (p *poolPrices) headroom(l *model.LatencyClass, covered bool, t int) float64 {
	switch {
	case l.Queue != nil && p.queues[l.Name] != nil:
		return p.queues[l.Name][t]
	case covered:
		return p.taken[t] / l.Cap()
	}
	return p.stays[t] / l.Cap()
}

// poolPrices lists them by pool; nil in a plan that lacks prices of power or of
// units.
func (j *joined) poolPrices() []poolPrices {
	if j.p.Prices == nil {
		return nil
	}
	bus := j.busPrices()
	taken, all := prices(j.ix.Pools, j.p.Prices.Compute), prices(j.ix.Pools, j.p.Prices.ComputeWithPower)
	out := make([]poolPrices, len(j.c.Pools))
	for i := range out {
		at := bus[j.poolBus(i)]
		if taken[i] == nil || at == nil {
			return nil
		}
		site := j.ix.Sites[j.c.Pools[i].Site]
		it := j.itPower(site)
		power := make([]float64, j.T)
		for t := range power {
			// The price with power knows the site's import limit too.
			if all[i] != nil {
				power[t] = all[i][t] - taken[i][t]
			} else {
				power[t] = j.marginalPUE(site, t, it[t]) * j.c.Pools[i].DynamicMWPerUnit * at[t]
			}
		}
		out[i] = poolPrices{taken: taken[i], power: power, stays: slices.Clone(taken[i]), queues: map[string][]float64{}}
	}
	for _, q := range j.p.Prices.Queues {
		out[j.ix.Pools[q.Pool]].queues[q.Class] = q.Values
	}
	for _, o := range j.p.Prices.Outages {
		for _, s := range o.Pools {
			for i := range out {
				if j.ix.BasePool(i) != j.ix.Pools[s.Name] {
					continue
				}
				for t, price := range s.Values {
					out[i].stays[t] += price
				}
			}
		}
	}
	return out
}

// coveredClasses are the classes whose work outages move.
func (j *joined) coveredClasses() map[string]bool {
	out := map[string]bool{}
	for _, i := range j.ix.CoveredWorkloads() {
		out[j.c.Workloads[i].Class] = true
	}
	return out
}

// security is what a unit-hour of each workload costs for the sake of outages; nil for
// nothing.
func (j *joined) security() [][]float64 {
	out := make([][]float64, len(j.c.Workloads))
	if j.p.Prices == nil {
		return out
	}
	for _, o := range j.p.Prices.Outages {
		for _, s := range o.Workloads {
			i := j.ix.Workloads[s.Name]
			if out[i] == nil {
				out[i] = make([]float64, j.T)
			}
			for t, price := range s.Values {
				out[i][t] += price
			}
		}
	}
	return out
}

// securityOf is the mean over the workloads of a class, by what is served.
func (j *joined) securityOf(class string, of [][]float64) []float64 {
	out, all := make([]float64, j.T), make([]float64, j.T)
	for i := range j.c.Workloads {
		if j.c.Workloads[i].Class != class {
			continue
		}
		for t := range out {
			served := j.c.Workloads[i].DemandUnits.At(t, 0) - j.workloads[i].UnservedUnits[t]
			all[t] += served
			if of[i] != nil {
				out[t] += served * of[i][t]
			}
		}
	}
	for t := range out {
		out[t] = ratio(out[t], all[t])
	}
	return out
}

func (j *joined) unitPrices() []unitPrice {
	byPool := j.poolPrices()
	if byPool == nil {
		return nil
	}
	type class struct {
		name  string
		price func(p *poolPrices, t int) float64 // of what a busy unit takes
		extra []float64                          // of a unit-hour of work; nil for nothing
	}
	covered, secure := j.coveredClasses(), j.security()
	classes := make([]class, 0, len(j.c.LatencyClasses)+2)
	served := map[string]bool{}
	for i := range j.c.Workloads {
		served[j.c.Workloads[i].Class] = true
	}
	for i := range j.c.LatencyClasses {
		if l := &j.c.LatencyClasses[i]; served[l.Name] {
			classes = append(classes, class{l.Name, func(p *poolPrices, t int) float64 {
				return p.headroom(l, covered[l.Name], t)
			}, j.securityOf(l.Name, secure)})
		}
	}
	yields, stays := false, false
	for i := range j.c.Jobs {
		if len(covered) == 0 || j.c.ComputingOutages.Yields(&j.c.Jobs[i]) {
			yields = true
		} else {
			stays = true
		}
	}
	if yields {
		classes = append(classes, class{asynchronous, func(p *poolPrices, t int) float64 { return p.taken[t] }, nil})
	}
	if stays {
		classes = append(classes, class{staying, func(p *poolPrices, t int) float64 { return p.stays[t] }, nil})
	}
	var out []unitPrice
	for i := range byPool {
		speed := j.c.Pools[i].UnitSpeed()
		for _, k := range classes {
			v := make([]float64, j.T)
			for t := range v {
				v[t] = k.price(&byPool[i], t)/speed + byPool[i].power[t]/speed
				if k.extra != nil {
					v[t] += k.extra[t]
				}
				if j.pools[i].ModulesOn[t] == 0 {
					v[t] = math.NaN()
				}
			}
			out = append(out, unitPrice{j.c.Pools[i].Name, k.name, v, j.hours})
		}
	}
	return out
}

// unitPriceLines sums up over the horizon; pools that are never on are left out.
func unitPriceLines(all []unitPrice) []UnitPriceLine {
	var out []UnitPriceLine
	for i := range all {
		v := &all[i]
		line := UnitPriceLine{Pool: v.pool, Class: v.class, Min: math.Inf(1), Max: math.Inf(-1)}
		sum, hours := 0.0, 0.0
		for t, x := range v.values {
			if !math.IsNaN(x) {
				sum, hours = sum+x*v.hours[t], hours+v.hours[t]
				line.Min, line.Max = min(line.Min, x), max(line.Max, x)
			}
		}
		if hours > 0 {
			line.Mean = sum / hours
			out = append(out, line)
		}
	}
	return out
}
