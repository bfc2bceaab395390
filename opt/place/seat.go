package place

import (
	"math"
	"slices"
)

// Cells and seats. A cell is a capacity of units by period: of a pool's modules, which its
// power levels share, or of a quota. Cells of pools come first, by pool; those of
// quotas follow. A seat is a pool as the jobs of one owner see it: a unit held there is in
// the cell of its modules and in those of the owner's quotas. Seats of owners whose
// quotas do not concern a pool are the pool's own.

// seat is where a job of an owner holds units.
type seat struct {
	pool   int32
	cells  []int32 // cells of units
	quotas []int32 // quotas of unit-hours
	// touched are the seats that share a cell with this one, itself among them.
	touched []int32
}

// seating is all seats; those of pools come first, by pool.
type seating struct {
	pools int
	at    []int32 // seat of owner*pools + pool
	all   []seat
}

// of returns the seat of an owner's jobs in a pool.
func (s *seating) of(owner, pool int32) int32 { return s.at[int(owner)*s.pools+int(pool)] }

// least writes for each period the least of what the seat's cells have, of values by cell.
func (at *seat) least(to, of []float64) {
	for t := range to {
		to[t] = math.Inf(1)
		for _, c := range at.cells {
			to[t] = min(to[t], of[int(c)*len(to)+t])
		}
	}
}

// BasePool is the pool on whose modules a pool runs.
func (p *Problem) BasePool(pool int) int {
	if b := p.Pools[pool].Base; b > 0 {
		return int(b) - 1
	}
	return pool
}

func newSeating(p *Problem) *seating {
	s := &seating{pools: len(p.Pools), at: make([]int32, (len(p.Owners)+1)*len(p.Pools))}
	for i := range p.Pools {
		s.at[i] = int32(i)
		s.all = append(s.all, seat{pool: int32(i), cells: []int32{int32(p.BasePool(i))}})
	}
	for o, quotas := range p.Owners {
		for i := range p.Pools {
			own := s.all[i]
			own.cells = own.cells[:1:1]
			for _, q := range quotas {
				if !p.Quotas[q].concerns(i) {
					continue
				}
				own.cells = append(own.cells, int32(len(p.Pools))+q)
				if !math.IsInf(p.Quotas[q].MaxUnitH, 1) {
					own.quotas = append(own.quotas, q)
				}
			}
			at := &s.at[(o+1)*len(p.Pools)+i]
			if *at = int32(i); len(own.cells) > 1 {
				*at = int32(len(s.all))
				s.all = append(s.all, own)
			}
		}
	}
	users := make([][]int32, len(p.Pools)+len(p.Quotas))
	for i := range s.all {
		for _, c := range s.all[i].cells {
			users[c] = append(users[c], int32(i))
		}
	}
	for i := range s.all {
		touched := &s.all[i].touched
		for _, c := range s.all[i].cells {
			*touched = append(*touched, users[c]...)
		}
		slices.Sort(*touched)
		*touched = slices.Compact(*touched)
	}
	return s
}

func (q *Quota) concerns(pool int) bool { return q.Pools == nil || q.Pools[pool] }

// limits are the capacities that the jobs of the problem may use.
func (p *Problem) limits() []float64 {
	out, T := p.capacities(), len(p.Hours)
	for i := range p.Quotas {
		for t, v := range p.Quotas[i].KeptUnits {
			c := (len(p.Pools)+i)*T + t
			out[c] = max(0, out[c]-v)
		}
	}
	return out
}

// capacities returns the units of every cell, cell*T + t: of quotas no more than the
// modules of their pools have.
func (p *Problem) capacities() []float64 {
	var out []float64
	for i := range p.Pools {
		out = append(out, p.Pools[i].CapacityUnits...)
	}
	for i := range p.Quotas {
		q := &p.Quotas[i]
		counted := make([]bool, len(p.Pools))
		all := make([]float64, len(p.Hours))
		for k := range p.Pools {
			if b := p.BasePool(k); q.concerns(k) && !counted[b] {
				counted[b] = true
				for t, v := range p.Pools[b].CapacityUnits {
					all[t] += v
				}
			}
		}
		for t := range all {
			if q.MaxUnits != nil {
				all[t] = min(all[t], q.MaxUnits[t])
			}
		}
		out = append(out, all...)
	}
	return out
}

// load counts what the jobs hold: units by cell, and unit-hours by quota.
type load struct{ units, unitH []float64 }

func newLoad(p *Problem) load {
	return load{make([]float64, (len(p.Pools)+len(p.Quotas))*len(p.Hours)), make([]float64, len(p.Quotas))}
}

// add counts units held in a seat through a period.
func (l *load) add(p *Problem, at *seat, t int, units float64) {
	for _, c := range at.cells {
		l.units[int(c)*len(p.Hours)+t] += units
	}
	for _, q := range at.quotas {
		l.unitH[q] += units * p.Hours[t]
	}
}

// seat is where the job holds units in a pool.
func (s *Session) seat(j *Job, pool int32) *seat { return &s.seats.all[s.seats.of(j.Owner, pool)] }

// fits says whether a place keeps its owner's quotas of unit-hours: oracles see the room
// of every period, and not these.
func (s *Session) fits(j *Job, x *Assignment) bool {
	if x.Dropped() {
		return true
	}
	at := s.seat(j, x.Pool)
	if len(at.quotas) == 0 {
		return true
	}
	held := 0.0
	x.periods(func(t int) { held += x.heldIn(t) * s.p.Hours[t] })
	for _, q := range at.quotas {
		if beyond(s.load.unitH[q]+held, s.p.Quotas[q].unitH()) {
			return false
		}
	}
	return true
}

// roomAt is what is left to a seat in a period under hard limits of units.
func (s *Session) roomAt(at *seat, t int) float64 {
	room := math.Inf(1)
	for _, c := range at.cells {
		k := int(c)*len(s.p.Hours) + t
		room = min(room, remaining(s.limit[k], s.load.units[k]))
	}
	return room
}

// seeRoom writes what is left to the seats of a job's owner under hard limits.
func (s *Session) seeRoom(j *Job) {
	for _, o := range s.p.Reach[j.Reach] {
		if at := s.seats.of(j.Owner, o.Pool); int(at) >= s.seats.pools {
			for t := int(j.First); t < int(j.End); t++ {
				s.market.pools[at].room[t] = s.roomAt(&s.seats.all[at], t)
			}
		}
	}
}

// capacityPrice is the price of capacity of a unit held in a seat through a period.
func (s *Session) capacityPrice(at *seat, t int) float64 {
	price := 0.0
	for _, c := range at.cells {
		price += s.unitPrice(int(c), t)
	}
	for _, q := range at.quotas {
		price += s.unitHPrice(int(q)) * s.p.Hours[t]
	}
	return price
}

// crowding is what so many more units in a seat and period add to the augmented terms
// of its cells.
func (s *Session) crowding(at *seat, t int, units float64) float64 {
	sum := 0.0
	for _, c := range at.cells {
		k := int(c)*len(s.p.Hours) + t
		sum += penalty(s.mu.Held[k], s.unitRho[c], s.load.units[k]-s.room.units[k], units)
	}
	for _, q := range at.quotas {
		sum += penalty(s.mu.UnitH[q], s.unitHRho[q], s.load.unitH[q]-s.p.Quotas[q].unitH(), units*s.p.Hours[t])
	}
	return sum
}
