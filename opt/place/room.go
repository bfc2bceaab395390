package place

// room is capacity: units by cell and period, GB by link and period.
type room struct{ units, gb []float64 }

// allRoom is all that pools and links have.
func allRoom(p *Problem) room {
	r := room{units: p.limits()}
	for i := range p.Links {
		r.gb = append(r.gb, p.Links[i].CapacityGB...)
	}
	return r
}

// SetRoom says how much of the capacity jobs may use from now on: units by pool and
// period, position pool*T + t (what is said of pools that run on another's modules does
// not count), and GB by link and period. More than there is counts
// as what there is; nil is all.
func (s *Session) SetRoom(units, gb []float64) {
	s.room = allRoom(s.p)
	for c, v := range units {
		s.room.units[c] = max(0, min(s.room.units[c], v))
	}
	for c, v := range gb {
		s.room.gb[c] = max(0, min(s.room.gb[c], v))
	}
}
