package report

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

// SiteUse is what a site did beyond drawing power: its meter, cooling, water, heat,
// backup and green share. What a site does not have is left out.
type SiteUse struct {
	Site string `json:"site"`
	// ImportMWh and ExportMWh through the meter.
	ImportMWh float64 `json:"import_mwh"`
	ExportMWh float64 `json:"export_mwh,omitempty"`
	// BehindMWh is generated behind the meter.
	BehindMWh float64 `json:"behind_mwh,omitempty"`
	// PUE achieved, by energy, and the hours of free cooling; base power and heat
	// pumps do not count in it.
	PUE          float64 `json:"pue"`
	FreeCoolingH float64 `json:"free_cooling_h,omitempty"`
	// WaterM3 used, and litres a kWh of the machines (WUE).
	WaterM3       float64 `json:"water_m3,omitempty"`
	WaterLPerKWh  float64 `json:"water_l_per_kwh,omitempty"`
	WaterExcessM3 float64 `json:"water_excess_m3,omitempty"`
	// HeatMWh sold, and its part of the machines' energy (ERF).
	HeatMWh   float64 `json:"heat_mwh,omitempty"`
	HeatShare float64 `json:"heat_share,omitempty"`
	// BackupMinutes is how long storages behind the meter could carry what the
	// site draws, also when their upward reserve has been called, at the least over
	// all periods' begins and ends; nil where none are asked to.
	BackupMinutes *float64 `json:"backup_minutes,omitempty"`
	// Green is the share that the site shows by allocation; nil where none is
	// asked for.
	Green *GreenUse `json:"green,omitempty"`
}

// GreenUse is a green share as shown by the plan's allocation.
type GreenUse struct {
	// AllocatedMWh of renewable energy over what the site draws (Share), and the
	// least share of a period, capped at 1.
	AllocatedMWh float64 `json:"allocated_mwh"`
	Share        float64 `json:"share"`
	LeastShare   float64 `json:"least_share"`
	// LeastDayShare is the least share of a calendar day, counted like Share; nil where no
	// daily share is asked for.
	LeastDayShare *float64 `json:"least_day_share,omitempty"`
	// MatchedShare counts in every period no more than the site draws then.
	MatchedShare float64 `json:"matched_share"`
	ShortMWh     float64 `json:"short_mwh,omitempty"`
}

// CallLine is what became of a programme of demand response.
type CallLine struct {
	Programme string  `json:"programme"`
	Site      string  `json:"site"`
	Calls     int     `json:"calls"`
	Hours     float64 `json:"hours"`
	// ReducedMWh promised and delivered, and Earned for it.
	ReducedMWh float64 `json:"reduced_mwh"`
	Earned     float64 `json:"earned"`
}

// atBuses is the case with what stands behind meters at the buses of their sites,
// where it feeds in.
func atBuses(c *model.Case) *model.Case {
	bus := make(map[string]string, len(c.Sites))
	for i := range c.Sites {
		bus[c.Sites[i].Name] = c.Sites[i].Bus
	}
	out := *c
	out.ThermalUnits = append([]model.ThermalUnit(nil), c.ThermalUnits...)
	for i := range out.ThermalUnits {
		if v := &out.ThermalUnits[i]; v.Site != "" {
			v.Bus = bus[v.Site]
		}
	}
	out.Renewables = append([]model.Renewable(nil), c.Renewables...)
	for i := range out.Renewables {
		if v := &out.Renewables[i]; v.Site != "" {
			v.Bus = bus[v.Site]
		}
	}
	out.Storages = append([]model.Storage(nil), c.Storages...)
	for i := range out.Storages {
		if v := &out.Storages[i]; v.Site != "" {
			v.Bus = bus[v.Site]
		}
	}
	return &out
}

// checkSite refuses numbers of a site that cannot be computed with.
func (j *joined) checkSite(k *checker, v *model.Site) {
	what := "case: site " + v.Name
	k.series(what+": pue", v.PUE)
	k.series(what+": base_mw", v.BaseMW)
	k.series(what+": ambient_c", v.AmbientC)
	k.series(what+": water_l_per_kwh", v.WaterLPerKWh)
	k.number(what+": ups_minutes", v.UPSMinutes)
	if len(v.WaterByTemperature) > 0 {
		for _, celsius := range v.AmbientC {
			k.number(what+": water by temperature", v.WaterAtC(celsius))
		}
	}
	if v.Cooling == nil {
		return
	}
	for _, p := range v.Cooling.Pieces {
		k.number(what+": overhead_mw_per_mw", p.OverheadMWPerMW)
		if p.ITMW != nil {
			k.number(what+": it_mw", *p.ITMW)
		}
	}
	for _, celsius := range v.AmbientC {
		k.number(what+": factor of cooling", v.Cooling.Factor(celsius))
	}
}

// matchSite checks the plan of a site.
func (j *joined) matchSite(k *checker, p *model.SitePlan) {
	what := "plan: site " + p.Name
	k.values(what+": power_mw", p.PowerMW)
	for _, s := range []struct {
		name   string
		values []float64
	}{{"import_mw", p.ImportMW}, {"heat_mw", p.HeatMW}, {"green_short_mw", p.GreenShortMW}} {
		if s.values != nil {
			k.values(what+": "+s.name, s.values)
		}
	}
	for _, g := range p.Green {
		k.values(what+": power of "+g.Source, g.MW)
	}
	for _, v := range append([]float64{p.WaterM3, p.WaterExcessM3, p.GreenShortMWh}, p.GreenShortByDayMWh...) {
		k.number(what, v)
	}
}

// pue is what a site achieved in every period: power for IT power, base and heat
// pumps aside. A PUE that is given is achieved.
func (j *joined) pue(site int) []float64 {
	s := &j.c.Sites[site]
	out := make([]float64, j.T)
	var it []float64
	if s.Cooling != nil {
		it = j.itPower(site)
	}
	for t := range out {
		switch {
		case s.Cooling == nil:
			out[t] = s.PUE.At(t, 1)
		case it[t] > 0:
			out[t] = 1 + s.CoolingFactor(t)*s.Cooling.OverheadMW(it[t])/it[t]
		default:
			out[t] = j.marginalPUE(site, t, 0)
		}
	}
	return out
}

// marginalPUE is what one more MW of IT power draws beside so many.
func (j *joined) marginalPUE(site, t int, it float64) float64 {
	s := &j.c.Sites[site]
	if s.Cooling == nil {
		return s.PUE.At(t, 1)
	}
	slope := 0.0
	for _, p := range s.Cooling.Pieces {
		slope = p.OverheadMWPerMW
		if p.ITMW == nil || *p.ITMW > it {
			break
		}
	}
	return 1 + s.CoolingFactor(t)*slope
}

// imported is what a site imports, MW.
func (j *joined) imported(site int) []float64 {
	if mw := j.sites[site].ImportMW; mw != nil {
		return mw
	}
	return j.sites[site].PowerMW
}

// allocated is the renewable power that a site is allocated, MW.
func (j *joined) allocated(site int) []float64 {
	out := make([]float64, j.T)
	for _, g := range j.sites[site].Green {
		for t, mw := range g.MW {
			out[t] += mw
		}
	}
	return out
}

// backupMinutes is how long the storages behind a site's meter could carry it when their
// upward reserve has been called, by period: the less of its begin and its end.
func (j *joined) backupMinutes(site int) []float64 {
	out := make([]float64, j.T)
	for t := range out {
		begin, end := 0.0, 0.0
		for _, i := range j.ix.BehindMeter(site).Storages {
			s := &j.c.Storages[i]
			before := s.InitialLevelMWh
			if t > 0 {
				before = j.storages[i].LevelMWh[t-1]
			}
			gone := j.heldUpMWh(j.storages[i].Reserves, t)
			begin += s.DischargeEfficiency()*before - gone
			end += s.DischargeEfficiency()*j.storages[i].LevelMWh[t] - gone
		}
		out[t] = math.NaN() // nothing to carry
		if mw := j.sites[site].PowerMW[t]; mw > 0 {
			out[t] = 60 * math.Min(begin, end) / mw
		}
	}
	return out
}

// heldUpMWh is the energy at the bus that the upward reserve of a provider takes in period t
// when all of it is called.
func (j *joined) heldUpMWh(provided []model.ProvidedPower, t int) float64 {
	sum := 0.0
	for _, r := range provided {
		if p := &j.c.Reserves[j.ix.Reserves[r.Product]]; p.Direction == model.Up {
			sum += p.Sustained() * r.MW[t]
		}
	}
	return sum
}

// inFull says whether some site has more to tell than its power.
func (j *joined) inFull() bool {
	for i := range j.c.Sites {
		s := &j.c.Sites[i]
		if s.Cooling != nil || s.Heat != nil || s.Green != nil || s.CountsWater() || j.ix.BehindMeter(i).Any() {
			return true
		}
	}
	return false
}

func (j *joined) siteUses(lines []SiteLine) []SiteUse {
	out := make([]SiteUse, len(j.c.Sites))
	for i := range out {
		s, p := &j.c.Sites[i], j.sites[i]
		u := SiteUse{
			Site: s.Name, PUE: lines[i].PUE, WaterM3: p.WaterM3, WaterExcessM3: p.WaterExcessM3,
			WaterLPerKWh: ratio(p.WaterM3, lines[i].ITMWh), HeatMWh: j.sum(p.HeatMW),
		}
		u.HeatShare = ratio(u.HeatMWh, lines[i].ITMWh)
		for t, mw := range j.imported(i) {
			u.ImportMWh += max(0, mw) * j.hours[t]
			u.ExportMWh += max(0, -mw) * j.hours[t]
			if s.FreeCooling(t) {
				u.FreeCoolingH += j.hours[t]
			}
		}
		behind := j.ix.BehindMeter(i)
		for _, at := range behind.ThermalUnits {
			u.BehindMWh += j.sum(j.thermal[at].PowerMW)
		}
		for _, at := range behind.Renewables {
			u.BehindMWh += j.sum(j.renewables[at].PowerMW)
		}
		if s.UPSMinutes > 0 {
			least := math.NaN()
			for _, v := range j.backupMinutes(i) {
				if !(v >= least) && !math.IsNaN(v) {
					least = v
				}
			}
			if !math.IsNaN(least) {
				u.BackupMinutes = &least
			}
		}
		if s.Green != nil {
			u.Green = j.greenUse(i, lines[i].MWh)
		}
		out[i] = u
	}
	return out
}

func (j *joined) greenUse(site int, drawn float64) *GreenUse {
	p := j.sites[site]
	mw := j.allocated(site)
	out := &GreenUse{AllocatedMWh: j.sum(mw), LeastShare: 1, ShortMWh: j.greenShort(site)}
	matched := 0.0
	for t, h := range j.hours {
		if draw := p.PowerMW[t]; draw > 0 {
			out.LeastShare = math.Min(out.LeastShare, mw[t]/draw)
			matched += math.Min(mw[t], draw) * h
		}
	}
	if j.c.Sites[site].Green.DailyShareMin > 0 {
		out.LeastDayShare = j.leastDayShare(mw, p.PowerMW)
	}
	out.Share, out.MatchedShare = ratio(out.AllocatedMWh, drawn), ratio(matched, drawn)
	return out
}

// leastDayShare is the least share of what is drawn in a calendar day, nil where nothing is.
func (j *joined) leastDayShare(mw, drawn []float64) *float64 {
	var least *float64
	for first, end := 0, 0; first < j.T; first = end {
		green, all := 0.0, 0.0
		for end = first; end < j.T && j.cal.sameDay(first, end); end++ {
			green, all = green+mw[end]*j.hours[end], all+drawn[end]*j.hours[end]
		}
		if share := ratio(green, all); all > 0 && (least == nil || share < *least) {
			least = &share
		}
	}
	return least
}

func (j *joined) callLines() []CallLine {
	var out []CallLine
	for i := range j.c.DemandResponses {
		d := &j.c.DemandResponses[i]
		line := CallLine{Programme: d.Name, Site: d.Site}
		for t, c := range j.programmes[i].Called {
			if c == 0 {
				continue
			}
			if t == 0 || j.programmes[i].Called[t-1] == 0 {
				line.Calls++
			}
			line.Hours += j.hours[t]
		}
		line.ReducedMWh = d.ReductionMW * line.Hours
		line.Earned = d.PricePerMWh * line.ReducedMWh
		out = append(out, line)
	}
	return out
}

// siteRows has what sites did by period.
func (j *joined) siteRows(w *tableWriter) {
	for i := range j.c.Sites {
		s, p := &j.c.Sites[i], j.sites[i]
		it, pue, imported := j.itPower(i), j.pues[i], j.imported(i)
		var backup, green []float64
		if s.UPSMinutes > 0 {
			backup = j.backupMinutes(i)
		}
		if s.Green != nil {
			green = j.allocated(i)
		}
		text := []string{s.Name, s.Bus, s.Region}
		for t := range j.T {
			free, share := 0.0, math.NaN()
			if s.FreeCooling(t) {
				free = 1
			}
			if green != nil && p.PowerMW[t] > 0 {
				share = green[t] / p.PowerMW[t]
			}
			w.at(t, text, p.PowerMW[t], it[t], pue[t], imported[t], free, at(p.HeatMW, t),
				j.hours[t]*s.WaterAt(t)*it[t], at(backup, t), at(green, t), share, at(p.GreenShortMW, t))
		}
	}
}

// greenRows is the proof of green shares: what of every source each site counts.
func (j *joined) greenRows(w *tableWriter) {
	for i := range j.c.Sites {
		for _, g := range j.sites[i].Green {
			text := []string{j.c.Sites[i].Name, g.Source}
			for t, mw := range g.MW {
				w.at(t, text, mw)
			}
		}
	}
}

// callRows has the calls of demand response.
func (j *joined) callRows(w *tableWriter) {
	for i := range j.c.DemandResponses {
		d := &j.c.DemandResponses[i]
		imported := j.imported(j.ix.Sites[d.Site])
		text := []string{d.Name, d.Site}
		for t := range j.T {
			w.at(t, text, countAt(j.programmes[i].Called, t), d.BaselineMW.At(t, 0), d.BaselineMW.At(t, 0)-d.ReductionMW, imported[t])
		}
	}
}
