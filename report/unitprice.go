package report

// What one more unit-hour of work, at reference speed, costs in a pool: with
// speed s and the utilisation cap u of its class (1 for jobs) it takes 1/(s u)
// unit-hours of capacity and keeps 1/s of them busy,
//
//	price = scarcity / (s u) + power / s
//
// with the pool's price of units, and PUE times dynamic power at the price of
// power, as the plan's prices have them.

import "math"

// asynchronous stands for the class of jobs, which need no headroom.
const asynchronous = "jobs"

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
		site := &j.c.Sites[j.ix.Sites[j.c.Pools[i].Site]]
		power := make([]float64, j.T)
		for t := range power {
			// The price with power knows the site's import limit too.
			if all[i] != nil {
				power[t] = all[i][t] - taken[i][t]
			} else {
				power[t] = site.PUE.At(t, 1) * j.c.Pools[i].DynamicMWPerUnit * at[t]
			}
		}
		out[i] = poolPrices{taken: taken[i], power: power}
	}
	return out
}

func (j *joined) unitPrices() []unitPrice {
	byPool := j.poolPrices()
	if byPool == nil {
		return nil
	}
	type class struct {
		name string
		cap  float64
	}
	classes := make([]class, 0, len(j.c.LatencyClasses)+1)
	served := map[string]bool{}
	for i := range j.c.Workloads {
		served[j.c.Workloads[i].Class] = true
	}
	for i := range j.c.LatencyClasses {
		if l := &j.c.LatencyClasses[i]; served[l.Name] {
			classes = append(classes, class{l.Name, l.Cap()})
		}
	}
	if len(j.c.Jobs) > 0 {
		classes = append(classes, class{asynchronous, 1})
	}
	var out []unitPrice
	for i := range byPool {
		speed := j.c.Pools[i].UnitSpeed()
		for _, k := range classes {
			v := make([]float64, j.T)
			for t := range v {
				v[t] = byPool[i].taken[t]/(speed*k.cap) + byPool[i].power[t]/speed
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
