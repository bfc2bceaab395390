package verify

import "github.com/wattbit/wattbit/model"

const (
	ruleResponseCalled  = "demand_response.called"
	ruleResponseOffered = "demand_response.offered"
	ruleResponseImport  = "demand_response.import"
	ruleResponseRoom    = "demand_response.room"
	ruleResponseNotice  = "demand_response.notice"
	ruleResponseMinCall = "demand_response.min_call"
	ruleResponseMaxCall = "demand_response.max_call"
	ruleResponseCalls   = "demand_response.max_calls"
)

func demandResponseRules() []Rule {
	return []Rule{
		{ruleResponseCalled, "A programme is called or not: 0 or 1."},
		{ruleResponseOffered, "A programme is called only where it is offered."},
		{ruleResponseImport, "A site's import while called is at most the baseline less the reduction."},
		{ruleResponseRoom, "It is so too with all that the site's jobs may take on top when their reserve is called and all downward reserve of what stands behind the meter."},
		{ruleResponseNotice, "A call begins no earlier after the horizon's start than it is announced ahead."},
		{ruleResponseMinCall, "A call lasts at least its least time, unless the horizon ends it."},
		{ruleResponseMaxCall, "A call lasts at most its most time."},
		{ruleResponseCalls, "There are at most so many calls over the horizon."},
	}
}

func (k *checker) demandResponses() {
	for i := range k.c.DemandResponses {
		d, p := &k.c.DemandResponses[i], &k.p.DemandResponses[i]
		site := k.at.sites[d.Site]
		earned := 0.0
		for t, h := range k.hours {
			called := p.Called[t]
			k.report.Checked++
			if called != 0 && called != 1 {
				k.breachInt(ruleResponseCalled, d.Name, t, called, 1, "it is called %d times in the period", called)
			}
			if called == 0 {
				continue
			}
			k.report.Checked++
			if d.Offered.At(t, 1) < 0.5 {
				k.breachInt(ruleResponseOffered, d.Name, t, called, 0, "it is called where it is not offered")
			}
			most := d.BaselineMW.At(t, 0) - d.ReductionMW
			if mw := k.imported[site][t]; k.above(mw, most) {
				k.breach(ruleResponseImport, d.Name, t, mw, most, "import is %g MW, at most %g while called", mw, most)
			}
			if mw := k.roomImport(site, t); k.mayAdd(site, t) && k.above(mw, most) {
				k.breach(ruleResponseRoom, d.Name, t, mw, most, "import is %g MW when reserve is called, at most %g", mw, most)
			}
			earned += d.PricePerMWh * d.ReductionMW * h
		}
		k.charge(model.CostDemandResponse, d.Name, i, -earned)
		k.calls(d, p.Called)
	}
}

// calls checks the unbroken runs of called periods.
func (k *checker) calls(d *model.DemandResponse, called []int) {
	n := 0
	for t := 0; t < k.periods; t++ {
		if called[t] == 0 {
			continue
		}
		begin := t
		for t < k.periods && called[t] != 0 {
			t++
		}
		n++
		lasted := k.begin[t] - k.begin[begin]
		k.report.Checked += 3
		if k.begin[begin] < d.NoticeH-hoursTolerance {
			k.breach(ruleResponseNotice, d.Name, begin, k.begin[begin], d.NoticeH, "a call begins after %g h, and calls are announced %g h ahead", k.begin[begin], d.NoticeH)
		}
		if t < k.periods && k.lasts(lasted, d.MinCallH) {
			k.breach(ruleResponseMinCall, d.Name, begin, lasted, d.MinCallH, "a call lasts %g h, at least %g", lasted, d.MinCallH)
		}
		if d.MaxCallH != nil && lasted > *d.MaxCallH+hoursTolerance {
			k.breach(ruleResponseMaxCall, d.Name, begin, lasted, *d.MaxCallH, "a call lasts %g h, at most %g", lasted, *d.MaxCallH)
		}
	}
	k.report.Checked++
	if d.MaxCalls != nil && n > *d.MaxCalls {
		k.breachInt(ruleResponseCalls, d.Name, -1, n, *d.MaxCalls, "it is called %d times, at most %d", n, *d.MaxCalls)
	}
}
