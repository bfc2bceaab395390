package main

import "github.com/wattbit/wattbit/opt"

// tellAccount says where a placement's gap lies.
func (a *app) tellAccount(p *opt.PlacementAccount) {
	a.print("Placed    %s; %s dropped, %s late; computing for them costs %s",
		plural(p.Jobs, "job"), grouped(float64(p.Dropped), 0), grouped(float64(p.Late), 0), money(p.Computing))
	a.print("Gap       %s: jobs %s (%s of computing; regrets %s, of dropped jobs %s, of big ones %s; priced and unused capacity %s, data %s; copies %s; oracles %s),",
		money(p.Total()), money(p.JobSide()), sharePercent(jobShare(p)), money(p.Regret), money(p.RegretDropped), money(p.RegretBig),
		money(p.UnitSlack), money(p.DataSlack), money(p.Copies), money(p.OracleLoss))
	a.print("          power relaxed %s, whole %s, less %s by cuts", money(p.Relaxation), money(p.Search), money(p.Lifted))
}

// jobShare is the jobs' own part of the gap as a share of what computing costs;
// nil where it costs nothing.
func jobShare(p *opt.PlacementAccount) *float64 {
	if p.Computing <= 0 {
		return nil
	}
	return ptr(p.JobSide() / p.Computing)
}
