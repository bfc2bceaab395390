package opt

// Limits of a single unit around its starts and stops (MLR13, KOW20; trajectories
// as in the ramping polytopes there).
//
// A band is a part of the power above the minimum, from a to b MW: a segment of
// the cost curve, or the whole of it. Segments are filled in order, so a unit with
// at most S above the minimum has at most b - a - min(b - a, (b - S)+) in a band.
// A unit that started in s and has been on since, and one that stops in r and is
// on until then, have in t at most
//
//	S_{s,t} = SU - P + RU (H_{s+1} + ... + H_t)
//	E_{t,r} = SD - P + RD (H_{t+1} + ... + H_{r-1})
//
// above the minimum. With A_s and B_r the cuts min(b - a, (b - S)+) of each:
//
//	x_t <= (b - a) u_t - sum_s A_s v_s - sum_r B_r w_r
//
// over starts that still bind in t (a start s in W(t, up): no two of them can be)
// and over stops r before which a unit must have been on in t already (t + 1 is
// not before W(r, up): no two can be). Where v_s and w_r can both be, as s is
// before W(r, up), one gives way to the other: B_r - A_s of the youngest such s, at
// least 0, in one row, and A_s - B_r of the earliest such r in a second, which is
// needed for r = t+1.
//
// x includes the up reserve that shares the ramp where only starts are followed
// over several periods; all up reserve, where none is.

import (
	"math"

	"github.com/wattbit/wattbit/solver"
)

// band of power above the minimum, MW.
type band struct{ from, to float64 }

// eventCut is what a start or stop in a period takes from a band.
type eventCut struct {
	at int
	mw float64
}

// cutForm says which events are followed.
type cutForm struct {
	climb bool // starts of earlier periods
	fall  bool // stops of later periods than the next
	apart bool // starts and stops never share a row in full
}

// cutSlack is the cut, relative to a unit's greatest power, below which it is
// rounding.
const cutSlack = 1e-12

// cutRoom is the memory of cuts, for one unit at a time.
type cutRoom struct {
	starts, stops []eventCut
	first, second []term
	rows          [2][]term
}

// cuts returns the terms taken from a band in period t, of one row or two. They
// hold until the next call.
func (d *thermalData) cuts(c *thermalColumns, b band, t int, f cutForm) [][]term {
	d.startCuts(b, t, f.climb)
	d.stopCuts(b, t, f.fall)
	r := &d.cutRoom
	r.first, r.second = r.first[:0], r.second[:0]
	for _, s := range r.starts {
		r.first = append(r.first, term{c.start + solver.Col(s.at), s.mw})
	}
	two := false
	for _, stop := range r.stops {
		left := stop.mw
		for _, s := range r.starts {
			if f.apart || s.at < d.up[stop.at] {
				left = math.Min(left, stop.mw-s.mw)
				two = two || stop.at == t+1
			}
		}
		if left > cutSlack*d.m {
			r.first = append(r.first, term{c.stop + solver.Col(stop.at), left})
		}
	}
	if !two {
		return r.list(1)
	}
	for _, s := range r.starts {
		left := s.mw
		for _, stop := range r.stops {
			if f.apart || s.at < d.up[stop.at] {
				left = math.Min(left, s.mw-stop.mw)
			}
		}
		if left > cutSlack*d.m {
			r.second = append(r.second, term{c.start + solver.Col(s.at), left})
		}
	}
	for _, stop := range r.stops {
		r.second = append(r.second, term{c.stop + solver.Col(stop.at), stop.mw})
	}
	return r.list(2)
}

// list returns the first n rows.
func (r *cutRoom) list(n int) [][]term {
	r.rows = [2][]term{r.first, r.second}
	return r.rows[:n]
}

// startCuts lists the starts that cut a band in period t, latest first.
func (d *thermalData) startCuts(b band, t int, climb bool) {
	d.starts = d.starts[:0]
	most := d.su - d.p
	for s := t; s >= d.up[t]; s-- {
		cut := math.Min(b.to-b.from, b.to-most)
		if cut <= cutSlack*d.m {
			return
		}
		d.starts = append(d.starts, eventCut{s, cut})
		if !climb || d.u.RampUpMWPerH == nil {
			return
		}
		most += *d.u.RampUpMWPerH * d.between[s]
	}
}

// stopCuts lists the stops that cut a band in period t, earliest first.
func (d *thermalData) stopCuts(b band, t int, fall bool) {
	d.stops = d.stops[:0]
	most := d.sd - d.p
	for r := t + 1; r < len(d.up) && d.up[r] <= t+1; r++ {
		cut := math.Min(b.to-b.from, b.to-most)
		if cut <= cutSlack*d.m {
			return
		}
		d.stops = append(d.stops, eventCut{r, cut})
		if !fall || d.u.RampDownMWPerH == nil {
			return
		}
		most += *d.u.RampDownMWPerH * d.between[r]
	}
}
