package compare

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/report"
)

// Figures of a plan that a comparison shows, over the horizon.
type Figures struct {
	// Cost in money; OperatingCost and PenaltyCost are its parts.
	Cost          float64 `json:"cost"`
	OperatingCost float64 `json:"operating_cost"`
	PenaltyCost   float64 `json:"penalty_cost"`

	// Supply of energy by fuel or source.
	Supply []Energy `json:"supply"`
	// CurtailedMWh of what weather offered, and as a share of it.
	CurtailedMWh   float64 `json:"curtailed_mwh"`
	CurtailedShare float64 `json:"curtailed_share"`
	CO2T           float64 `json:"co2_t"`
	// LinkMWh sent over links, and LossMWh of it lost.
	LinkMWh float64 `json:"link_mwh"`
	LossMWh float64 `json:"loss_mwh"`
	// PeakMW of all demand, and the highest power of all sites together.
	PeakMW      float64 `json:"peak_mw"`
	SitesPeakMW float64 `json:"sites_peak_mw"`

	// DataGB over data links, and the work done outside its region of origin.
	DataGB    float64 `json:"data_gb"`
	AwayUnitH float64 `json:"away_unit_h"`
	// LateJobs are done late; UnfinishedJobs leave work to the next plan.
	LateJobs       int `json:"late_jobs"`
	UnfinishedJobs int `json:"unfinished_jobs"`
	DroppedJobs    int `json:"dropped_jobs"`
	// UnservedUnitH of workloads, and ShedMWh of load.
	UnservedUnitH float64 `json:"unserved_unit_h"`
	ShedMWh       float64 `json:"shed_mwh"`
}

// Energy of one fuel or source.
type Energy struct {
	Name string  `json:"name"`
	MWh  float64 `json:"mwh"`
}

// figures of a plan of the case.
func figures(c *model.Case, p *model.Plan) (*Figures, error) {
	s, err := report.Summarise(c, p)
	if err != nil {
		return nil, err
	}
	f := &Figures{
		Cost: p.Objective, OperatingCost: s.OperatingCost, PenaltyCost: s.PenaltyCost,
		CurtailedMWh: s.CurtailedMWh, CurtailedShare: s.CurtailedShare,
		CO2T: s.CO2T, LossMWh: s.LossMWh, PeakMW: s.PeakMW,
	}
	for _, line := range s.Supply {
		f.Supply = append(f.Supply, Energy{line.Name, line.MWh})
	}
	for _, line := range s.Links {
		f.LinkMWh += line.ForwardMWh + line.BackwardMWh
	}
	for t, h := range c.Horizon.Hours() {
		sites := 0.0
		for i := range p.Sites {
			sites += p.Sites[i].PowerMW[t]
		}
		f.SitesPeakMW = max(f.SitesPeakMW, sites)
		for i := range p.Buses {
			f.ShedMWh += p.Buses[i].ShedMW[t] * h
		}
	}
	if w := s.Computing; w != nil {
		f.DataGB, f.AwayUnitH, f.UnservedUnitH = w.DataGB, w.AwayUnitH, w.UnservedUnitH
		f.LateJobs, f.UnfinishedJobs, f.DroppedJobs = w.Jobs.Late, w.Jobs.Unfinished+w.Jobs.Waiting, w.Jobs.Dropped
	}
	return f, nil
}
