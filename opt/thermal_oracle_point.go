package opt

// add adds units that follow the path to the point.
func (o *thermalOracle) add(s *thermalScratch, x []float64, units float64) {
	for _, iv := range s.path {
		if iv.start != before {
			x[o.start+iv.start] += units
		}
		if iv.stop < o.T {
			x[o.stop+iv.stop] += units
		}
		if iv.arc >= 0 {
			x[o.warm[iv.arc].col] += units
		}
		if o.rampUp != nil {
			o.dispatchRamped(s, iv)
		}
		for t := max(0, iv.start); t < iv.stop; t++ {
			o.addPeriod(s, x, iv, t, units)
		}
	}
}

// addPeriod adds the units' period t of an interval.
func (o *thermalOracle) addPeriod(s *thermalScratch, x []float64, iv interval, t int, units float64) {
	at := o.placeOf(iv, t)
	power := s.power[t]
	if o.rampUp == nil {
		_, power = o.least(s, t, at)
	}
	x[o.on+t] += units
	room := o.room[at] - power
	if o.sharesRamp && t > max(0, iv.start) {
		room = min(room, s.power[t-1]+o.rampUp[t]-power)
	} else if o.sharesRamp && iv.start == before {
		room = min(room, o.initial+o.rampUp[t]-power)
	}
	o.addPower(s, x, t, power, room, units)
}

// addPower adds the segments and reserves of units at a power above minimum with
// room for up reserve.
func (o *thermalOracle) addPower(s *thermalScratch, x []float64, t int, power, room, units float64) {
	left := power
	for i, w := range o.width {
		x[o.segments[i]+t] += units * min(w, left)
		left = max(0, left-w)
	}
	if o.reach >= 0 {
		x[o.reach+t] += units * power
	}
	o.addReserves(s, x, t, true, max(0, room), units)
	o.addReserves(s, x, t, false, power, units)
}

func (o *thermalOracle) addReserves(s *thermalScratch, x []float64, t int, up bool, room, units float64) {
	if len(o.offers) == 0 {
		return
	}
	for _, i := range o.byReward(s, t, up) {
		give := min(o.offers[i].most, room)
		x[o.offers[i].col+t] += units * give
		room -= give
	}
}

// placeOf says where a period stands in its interval.
func (o *thermalOracle) placeOf(iv interval, t int) position {
	starts, stops := t == iv.start, t+1 == iv.stop && iv.stop < o.T
	switch {
	case starts && stops:
		return only
	case starts:
		return first
	case stops:
		return last
	}
	return within
}

// derive writes the columns that follow from others.
func (o *thermalOracle) derive(x []float64) {
	o.sums(x, o.recentUp, o.start, o.up)
	o.sums(x, o.recentDown, o.stop, o.down)
}

// sums writes sums over windows.
func (o *thermalOracle) sums(x []float64, recent, of int, from []int) {
	if recent < 0 {
		return
	}
	sum, s := 0.0, 0
	for t := range from {
		sum += x[of+t]
		for ; s < from[t]; s++ {
			sum -= x[of+s]
		}
		x[recent+t] = sum
	}
}
