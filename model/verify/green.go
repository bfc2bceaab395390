package verify

import (
	"math"
	"slices"
	"time"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleGreenSource  = "green.source"
	ruleGreenPower   = "green.power"
	ruleGreenHourly  = "green.hourly_share"
	ruleGreenDaily   = "green.daily_share"
	ruleGreenShare   = "green.share"
	ruleGreenMissing = "green.short"
)

func greenRules() []Rule {
	return []Rule{
		{ruleGreenPower, "Green power allocated to a site is not negative."},
		{ruleGreenHourly, "Green power and the declared shortfall reach the hourly share of what the site draws, in every period."},
		{ruleGreenShare, "Green energy and the declared shortfall reach the share of what the site draws over the horizon."},
		{ruleGreenDaily, "Green energy and the declared shortfall reach the daily share of what the site draws in every calendar day."},
		{ruleGreenMissing, "A green shortfall is not negative; without a share over the horizon there is none."},
		{ruleGreenSource, "What is allocated of a source, to all sites together, is at most what it gives in the period."},
	}
}

// source is the position of a green source: of a renewable, or after these of a
// reservoir. A name is a renewable's before it is a reservoir's.
func (k *checker) source(name string) (position int, ok bool) {
	if i, ok := k.at.renewables[name]; ok {
		return i, true
	}
	i, ok := k.at.hydro[name]
	return len(k.c.Renewables) + i, ok
}

// greenReferences checks the names of a site's sources.
func (k *checker) greenReferences(s *model.Site) {
	if s.Green == nil {
		return
	}
	for _, name := range s.Green.Sources {
		k.report.Checked++
		if _, ok := k.source(name); !ok {
			k.breach(ruleCaseValid, s.Name, -1, 0, 0, "sites: green.sources names %q, which the case does not have", name)
		}
	}
}

// greenShape checks the form of a site's allocation.
func (k *checker) greenShape(s *model.Site, p *model.SitePlan) {
	const section = "sites"
	if s.Green == nil {
		if len(p.Green) > 0 {
			k.shapeBreach(section, p.Name, "it has green power, and no share to show")
		}
		return
	}
	if want := k.dayCount(); s.Green.DailyShareMin > 0 && len(p.GreenShortByDayMWh) != want {
		k.shapeBreach(section, p.Name, "it has green_short_by_day_mwh of %d days, want %d", len(p.GreenShortByDayMWh), want)
	}
	seen := make(map[string]bool, len(p.Green))
	for i := range p.Green {
		g := &p.Green[i]
		_, renewable := k.at.renewables[g.Source]
		named := len(s.Green.Sources) == 0 && renewable || slices.Contains(s.Green.Sources, g.Source)
		switch {
		case !named:
			k.shapeBreach(section, p.Name, "it has power of %q, which is none of its green sources", g.Source)
		case seen[g.Source]:
			k.shapeBreach(section, p.Name, "it has power of %q twice", g.Source)
		}
		seen[g.Source] = true
		k.floats(section, p.Name, "green power of "+g.Source, g.MW)
	}
}

func (k *checker) green() {
	allocated := grid(len(k.c.Renewables)+len(k.c.Hydro), k.periods)
	used := make([]bool, len(allocated))
	for i := range k.c.Sites {
		s, p := &k.c.Sites[i], &k.p.Sites[i]
		got := make([]float64, k.periods)
		for n := range p.Green {
			source, _ := k.source(p.Green[n].Source)
			used[source] = true
			for t, mw := range p.Green[n].MW {
				if k.below(mw, 0) {
					k.breach(ruleGreenPower, s.Name, t, mw, 0, "%g MW of %q are allocated", mw, p.Green[n].Source)
				}
				allocated[source][t] += mw
				got[t] += mw
			}
		}
		k.greenShare(i, got)
	}
	for source, sum := range allocated {
		if !used[source] {
			continue
		}
		name, gives := k.sourcePower(source)
		for t, mw := range sum {
			if k.above(mw, gives[t]) {
				k.breach(ruleGreenSource, name, t, mw, gives[t], "%g MW are allocated to sites of the %g MW that it gives", mw, gives[t])
			}
		}
	}
}

// sourcePower is the name of a source and what it gives.
func (k *checker) sourcePower(source int) (string, []float64) {
	if n := len(k.c.Renewables); source >= n {
		return k.p.Hydro[source-n].Name, k.p.Hydro[source-n].PowerMW
	}
	return k.p.Renewables[source].Name, k.p.Renewables[source].PowerMW
}

// greenShare checks a site's shares, and charges what they lack.
func (k *checker) greenShare(i int, got []float64) {
	s, p := &k.c.Sites[i], &k.p.Sites[i]
	share := 0.0
	if s.Green != nil {
		share = s.Green.ShareMin
	}
	short := k.shortage(model.CostGreenShortfall, s.Name, "MWh", "MW")
	drawn, green, missing := 0.0, 0.0, 0.0
	for t, h := range k.hours {
		mw := k.sitePower[i][t]
		drawn += mw * h
		green += got[t] * h
		if s.Green == nil || s.Green.HourlyShareMin <= 0 {
			continue
		}
		lack := p.GreenShortMW[t]
		if k.below(lack, 0) {
			k.breach(ruleGreenMissing, s.Name, t, lack, 0, "%g MW are declared short", lack)
		}
		if want := s.Green.HourlyShareMin * mw; k.below(got[t]+lack, want) {
			k.breach(ruleGreenHourly, s.Name, t, got[t]+lack, want, "%g MW are green and %g declared short of %g MW", got[t], lack, want)
		}
		missing += lack * h
		short.add(t, lack, lack*h)
	}
	lack := p.GreenShortMWh
	switch {
	case k.below(lack, 0), share <= 0 && k.above(lack, 0):
		k.breach(ruleGreenMissing, s.Name, -1, lack, 0, "%g MWh are declared short of a share of %g", lack, share)
	case share > 0 && k.below(green+lack, share*drawn):
		k.breach(ruleGreenShare, s.Name, -1, green+lack, share*drawn, "%g MWh are green and %g declared short of %g MWh", green, lack, share*drawn)
	}
	short.Total += lack
	byDay := k.greenDays(i, got)
	short.Total += byDay
	k.note(&short)
	k.charge(model.CostGreenShortfall, s.Name, i, valueOr(k.c.Penalties.GreenShortfallPricePerMWh, 5_000)*(missing+lack+byDay))
}

// greenDays checks a site's daily share, and returns what it lacks.
func (k *checker) greenDays(i int, got []float64) (missing float64) {
	s, p := &k.c.Sites[i], &k.p.Sites[i]
	if s.Green == nil || s.Green.DailyShareMin <= 0 {
		return 0
	}
	days := k.days()
	for day, lack := range p.GreenShortByDayMWh {
		drawn, green, first := 0.0, 0.0, slices.Index(days, day)
		for t, of := range days {
			if of == day {
				drawn += k.sitePower[i][t] * k.hours[t]
				green += got[t] * k.hours[t]
			}
		}
		if k.below(lack, 0) {
			k.breach(ruleGreenMissing, s.Name, first, lack, 0, "%g MWh are declared short in the day that begins here", lack)
		}
		if want := s.Green.DailyShareMin * drawn; k.below(green+lack, want) {
			k.breach(ruleGreenDaily, s.Name, first, green+lack, want, "%g MWh are green and %g declared short of %g MWh in the day that begins here", green, lack, want)
		}
		missing += lack
	}
	return missing
}

// days is the calendar day of each period, from 0: that of its begin where the horizon is.
func (k *checker) days() []int {
	zone := k.c.Horizon.Start.Location()
	if named, err := time.LoadLocation(k.c.Horizon.Zone); k.c.Horizon.Zone != "" && err == nil {
		zone = named
	}
	out := make([]int, k.periods)
	var last int
	for t, hours := range k.begin[:k.periods] {
		year, month, day := k.c.Horizon.Start.Add(time.Duration(math.Round(hours*3600)) * time.Second).In(zone).Date()
		date := (year*100+int(month))*100 + day
		if t > 0 {
			out[t] = out[t-1]
			if date != last {
				out[t]++
			}
		}
		last = date
	}
	return out
}

func (k *checker) dayCount() int { return k.days()[k.last()] + 1 }
