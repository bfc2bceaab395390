package opt

// Few moves in an outage. Routes q^k cost nothing in the program, so its point has any
// that fit. A plan shows them with few moves, where these do as well: what survives of the
// plan's routes stays, and only what the outage takes goes elsewhere, into the room that
// is left, one workload after the other. Where not as much is served like this as at the
// point, the point's routes stand.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// outageRoom is what is left in an outage and a period.
type outageRoom struct {
	m     *Model
	pt    *Point
	t     int
	units map[int]float64 // by base
	mw    map[int]float64 // by site with an import limit
	gb    map[int]float64 // by direction
	loads map[*poolQueue]float64
}

// fewMoves returns the units of each moved workload by place in a period; nil where the
// point's routes stand.
func (o *outage) fewMoves(pt *Point, plans []model.WorkloadPlan, t int) [][]float64 {
	m := pt.Model
	for _, site := range o.sites {
		if m.detailed[site] {
			return nil // its draw is no straight line
		}
	}
	r := o.room(pt, t)
	out, lost := make([][]float64, len(o.moved)), make([]float64, len(o.moved))
	for i := range o.moved {
		w := &o.moved[i]
		out[i] = make([]float64, len(w.places))
		for _, route := range plans[w.workload].Routes {
			k := w.place(m, route.Pool)
			if k < 0 {
				lost[i] += route.Units[t]
				continue
			}
			out[i][k] = route.Units[t]
			r.take(w, k, route.Units[t])
		}
	}
	if !r.keeps() {
		return nil
	}
	for i := range o.moved {
		w := &o.moved[i]
		left := lost[i] - pt.At(w.short, t)
		for _, there := range [2]bool{true, false} { // first where it is anyway
			for k := range w.places {
				if left > 0 && (out[i][k] > 0) == there {
					more := math.Min(left, r.fits(w, k))
					r.take(w, k, more)
					out[i][k] += more
					left -= more
				}
			}
		}
		if math.Abs(left) > movesSlack*math.Max(1, lost[i]) {
			return nil
		}
	}
	return out
}

// movesSlack is how much of what is lost may be rounding.
const movesSlack = 1e-7

// place is the position of a pool among those left to a workload, -1 if it is not.
func (w *movedWork) place(m *Model, pool string) int {
	for k, p := range w.places {
		if m.Case.Pools[p.Pool].Name == pool {
			return k
		}
	}
	return -1
}

// room is what the plan leaves to moved work: capacity less what stays.
func (o *outage) room(pt *Point, t int) *outageRoom {
	m, s := pt.Model, pt.Model.security
	r := &outageRoom{
		m: m, pt: pt, t: t, units: make(map[int]float64), mw: make(map[int]float64),
		gb: make(map[int]float64), loads: make(map[*poolQueue]float64),
	}
	for _, base := range o.pools {
		modules := math.Round(pt.X[m.modulesOf[base]+solver.Col(t)])
		r.units[base] = modules*m.Case.Pools[base].UnitsPerModule - s.held[base*m.T+t].at(pt.X)
	}
	for _, i := range o.sites {
		site := &m.Case.Sites[i]
		behind := pt.At(m.siteImportOf[i], t) - pt.At(m.sitePowerOf[i], t)
		r.mw[i] = site.ImportLimitMW.At(t, inf) - site.BaseMW.At(t, 0) - behind
		for p := range m.Case.Pools {
			pool := &m.Case.Pools[p]
			if pool.Site != site.Name {
				continue
			}
			mw := pool.DynamicMWPerUnit * s.busy[p*m.T+t].at(pt.X)
			if !pool.PowerLevel() {
				mw += pool.IdleMWPerModule*math.Round(pt.X[m.modulesOf[p]+solver.Col(t)]) +
					pool.StartEnergyMWh/m.Hours[t]*math.Round(pt.X[m.startsOf[p]+solver.Col(t)])
			}
			r.mw[i] -= m.itFactor(i, t) * mw
		}
	}
	for _, w := range o.moved {
		for _, p := range w.places {
			if p.DataLink >= 0 {
				d := dataIndex(p.DataLink, p.Forward)
				r.gb[d] = m.ix.DataGB(p.DataLink, t) - s.sent[d*m.T+t].at(pt.X)
			}
		}
	}
	return r
}

// take lets a workload have units at its place k, and takes them from the room.
func (r *outageRoom) take(w *movedWork, k int, units float64) {
	m, place := r.m, &w.places[k]
	load := &m.Case.Workloads[w.workload]
	busy := units / m.Case.Pools[place.Pool].UnitSpeed()
	base := m.ix.BasePool(place.Pool)
	if q := m.queueAt(load.Class, place.Pool); q != nil {
		r.units[base] -= r.held(q, r.loads[q]+busy) - r.held(q, r.loads[q])
		r.loads[q] += busy
	} else {
		r.units[base] -= busy / m.utilisation(load)
	}
	if site, mw := r.draw(place.Pool); mw > 0 {
		r.mw[site] -= mw * busy
	}
	if place.DataLink >= 0 {
		r.gb[dataIndex(place.DataLink, place.Forward)] -= load.DataGBPerUnitH * m.Hours[r.t] * units
	}
}

// fits is how much more of a workload there is room for at its place k.
func (r *outageRoom) fits(w *movedWork, k int) float64 {
	m, place := r.m, &w.places[k]
	load := &m.Case.Workloads[w.workload]
	speed, free := m.Case.Pools[place.Pool].UnitSpeed(), math.Max(0, r.units[m.ix.BasePool(place.Pool)])
	most := 0.0
	if q := m.queueAt(load.Class, place.Pool); q != nil {
		free += r.held(q, r.loads[q])
		for _, l := range q.columns[r.t].lines {
			most = math.Max(most, (free-l.fixed)/l.slope-r.loads[q])
		}
	} else {
		most = free * m.utilisation(load)
	}
	most *= speed
	if site, mw := r.draw(place.Pool); mw > 0 {
		most = math.Min(most, r.mw[site]/mw*speed)
	}
	if gb := load.DataGBPerUnitH * m.Hours[r.t]; place.DataLink >= 0 && gb > 0 {
		most = math.Min(most, r.gb[dataIndex(place.DataLink, place.Forward)]/gb)
	}
	return math.Max(0, most)
}

// held is what a queue holds for a load.
func (r *outageRoom) held(q *poolQueue, load float64) float64 {
	lines := q.columns[r.t].lines
	if load <= 0 || len(lines) == 0 {
		return 0
	}
	return lines[least(lines, load)].at(load)
}

// draw is the site of a pool whose import is limited, and what a busy unit draws there; 0
// where it is not.
func (r *outageRoom) draw(pool int) (site int, mw float64) {
	site = r.m.ix.Sites[r.m.Case.Pools[pool].Site]
	if _, limited := r.mw[site]; !limited {
		return site, 0
	}
	return site, r.m.itFactor(site, r.t) * r.m.Case.Pools[pool].DynamicMWPerUnit
}

// keeps says whether there is room for all that was taken.
func (r *outageRoom) keeps() bool {
	for _, of := range []map[int]float64{r.units, r.mw, r.gb} {
		for _, left := range of {
			if left < -roomSlack {
				return false
			}
		}
	}
	return true
}
