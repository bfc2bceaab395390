package verify

import "github.com/wattbit/wattbit/model"

// Shortage is what an asset, or the whole plan, is short of, or at a bus what it
// has too much. It is allowed and paid for.
type Shortage struct {
	// Item is the penalty that the shortage pays, as in shedding.
	Item model.CostItem `json:"item"`
	// Asset is the bus, product, site, workload or job; "" for the whole plan.
	Asset string `json:"asset,omitempty"`
	// FirstPeriod and LastPeriod in which it occurs, and in how many. Of late
	// work, the last periods of work count; a shortage over the whole horizon
	// (dropped work, policy) has -1 and 0 periods.
	FirstPeriod int `json:"first_period"`
	LastPeriod  int `json:"last_period"`
	Periods     int `json:"periods"`
	// Total in TotalUnit: MWh, unit-h, job, t or m3.
	Total     float64 `json:"total"`
	TotalUnit string  `json:"total_unit"`
	// Max is the worst of one period or job, in MaxUnit: MW, unit, h or
	// unit-h. Without a unit there is none.
	Max     float64 `json:"max,omitempty"`
	MaxUnit string  `json:"max_unit,omitempty"`

	least   float64
	periods map[int]bool // of jobs, which come in no order of periods
}

// shortage starts a shortage.
func (k *checker) shortage(item model.CostItem, asset, totalUnit, maxUnit string) Shortage {
	return Shortage{
		Item: item, Asset: asset, FirstPeriod: -1, LastPeriod: -1, TotalUnit: totalUnit, MaxUnit: maxUnit,
		least: k.o.Tolerances.Activity,
	}
}

// add counts a shortage in period t; periods must not fall from call to call.
func (s *Shortage) add(t int, size, total float64) {
	if !(size > s.least) {
		return
	}
	if s.FirstPeriod < 0 {
		s.FirstPeriod = t
	}
	if t != s.LastPeriod {
		s.Periods++
	}
	s.LastPeriod = t
	s.Total += total
	s.Max = max(s.Max, size)
}

// addJob counts a job, with its period, or -1.
func (s *Shortage) addJob(t int, size float64) {
	s.Total++
	s.Max = max(s.Max, size)
	if t < 0 {
		return
	}
	if s.FirstPeriod < 0 || t < s.FirstPeriod {
		s.FirstPeriod = t
	}
	s.LastPeriod = max(s.LastPeriod, t)
	if s.periods == nil {
		s.periods = map[int]bool{}
	}
	s.periods[t] = true
	s.Periods = len(s.periods)
}

// note adds the shortage to the report if there is any.
func (k *checker) note(s *Shortage) {
	if s.Total > s.least {
		s.periods = nil
		k.report.Shortages = append(k.report.Shortages, *s)
	}
}

// noteTotal reports a shortage over the horizon.
func (k *checker) noteTotal(item model.CostItem, total float64, unit string) {
	s := k.shortage(item, "", unit, "")
	s.Total = total
	k.note(&s)
}
