package report

// What enters a bus is mixed there, and all that leaves it, whether used or
// sent on, has that mix (proportional sharing: J. Bialek, Tracing the flow of
// electricity, IEE Proceedings - Generation, Transmission and Distribution 143
// (4), 1996, 313-320, doi:10.1049/ip-gtd:19960461). With own_b what sources at
// bus b put in of some quantity, a = (c -> b) the links that bring power, and
// in_b all power that enters, the quantity x_b in each MWh there solves
//
//	in_b x_b = own_b + sum_a carried_a x_c

// arrival is the power that a link brings to a bus in every period, MW at its
// two ends.
type arrival struct {
	from, to       int
	sent, received []float64
}

// arrivals lists the two directions of every link; one of them is 0.
func (j *joined) arrivals() []arrival {
	var out []arrival
	for i := range j.c.Links {
		from, to := j.ix.Buses[j.c.Links[i].From], j.ix.Buses[j.c.Links[i].To]
		forward := arrival{from, to, make([]float64, j.T), make([]float64, j.T)}
		backward := arrival{to, from, make([]float64, j.T), make([]float64, j.T)}
		for t := range j.T {
			v := j.links[i]
			a, net := &forward, v.ForwardMW[t]-v.BackwardMW[t]
			if net <= 0 {
				a, net = &backward, -net
			}
			a.sent[t], a.received[t] = net, max(0, net-v.LossMW[t])
		}
		out = append(out, forward, backward)
	}
	return out
}

// share is the part of a traced quantity that reaches the far end of a link with
// what it carries in period t: of what is received, or, where the losses' part
// is charged to who receives, of what is sent.
type share func(a *arrival, t int) float64

func receivedShare(a *arrival, t int) float64 { return a.received[t] }

func sentShare(a *arrival, t int) float64 {
	if a.received[t] == 0 {
		return 0
	}
	return a.sent[t]
}

// local is the power that sources at each bus put into the mix, MW by bus and
// period, without storage and shedding.
func (j *joined) local() [][]float64 {
	out := make([][]float64, len(j.power))
	for b, f := range j.power {
		out[b] = f.total(j.T, func(k flowKind) bool {
			return k == flowThermal || k == flowHydro || k == flowRenewable || k == flowImport || k == flowOther
		})
	}
	return out
}

// mix solves for the quantity in each MWh at each bus in period t, into x. Local
// is the power that enters at the bus itself, MW, and own its quantity an hour.
// It is a fixed-point iteration: each sweep carries the mix one link on, and what
// is generated on the way dampens the rest.
func mix(t int, local, own []float64, arrivals []arrival, carried share, x []float64) {
	in, with := make([]float64, len(x)), make([]float64, len(x))
	for range 200 {
		copy(in, local)
		copy(with, own)
		for i := range arrivals {
			a := &arrivals[i]
			in[a.to] += a.received[t]
			with[a.to] += carried(a, t) * x[a.from]
		}
		change := 0.0
		for b := range x {
			next := max(0, ratio(with[b], in[b]))
			change = max(change, next-x[b], x[b]-next)
			x[b] = next
		}
		if change < 1e-9 {
			break
		}
	}
}

// greenShares traces renewable (and, where policy says so, hydro) energy
// through the grid. Storage and shedding are left out of the mix, and imports
// count as not green. The result is by bus and period.
func (j *joined) greenShares() [][]float64 {
	local, green := j.local(), make([][]float64, len(j.power))
	for b, f := range j.power {
		green[b] = f.total(j.T, func(k flowKind) bool {
			return k == flowRenewable || k == flowHydro && j.c.Policy.HydroCountsAsRenewable
		})
	}
	arrivals := j.arrivals()
	return j.byBus(func(t int, x []float64) {
		mix(t, column(local, t), column(green, t), arrivals, receivedShare, x)
		for b := range x {
			x[b] = min(1, x[b])
		}
	})
}

// byBus solves period by period, in order and each from the last's solution,
// and returns the results by bus and period.
func (j *joined) byBus(solve func(t int, x []float64)) [][]float64 {
	out := make([][]float64, len(j.power))
	for b := range out {
		out[b] = make([]float64, j.T)
	}
	x := make([]float64, len(out))
	for t := range j.T {
		solve(t, x)
		for b := range out {
			out[b][t] = x[b]
		}
	}
	return out
}

// column takes one period out of series by bus.
func column(v [][]float64, t int) []float64 {
	out := make([]float64, len(v))
	for b := range v {
		out[b] = v[b][t]
	}
	return out
}
