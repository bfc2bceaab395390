package report

import (
	"time"

	"github.com/wattbit/wattbit/model"
)

// Computing is the computing side of a plan in figures. Work is in unit-hours
// at reference speed, workloads and jobs together unless it says otherwise.
type Computing struct {
	// Work by latency class and site, in the case's order, without zeros.
	Work []WorkLine `json:"work"`
	// Served says where the work of each region was done, without zeros.
	Served []ServedLine `json:"served"`
	// Areas sums Served up by the areas of both ends.
	Areas []AreaLine `json:"areas"`

	WorkUnitH float64 `json:"work_unit_h"`
	// AwayUnitH was done outside its region of origin, AwayAreaUnitH outside
	// its area.
	AwayUnitH     float64 `json:"away_unit_h"`
	AwayAreaUnitH float64 `json:"away_area_unit_h"`
	UnservedUnitH float64 `json:"unserved_unit_h"`

	Jobs JobCount `json:"jobs"`
	// Copies of datasets that are made, what became of groups, and the use of
	// quotas.
	Copies []CopyLine  `json:"copies,omitempty"`
	Groups []GroupLine `json:"groups,omitempty"`
	Quotas []QuotaLine `json:"quotas,omitempty"`

	Sites []SiteLine `json:"sites"`
	Pools []PoolLine `json:"pools"`
	// SiteUses is what sites did beyond drawing power, empty where none has cooling,
	// water, heat, backup, a green share or anything behind its meter; Calls is the
	// demand response.
	SiteUses []SiteUse  `json:"site_uses,omitempty"`
	Calls    []CallLine `json:"calls,omitempty"`

	// SiteMWh is the energy of the sites, ITMWh that of their machines.
	SiteMWh float64 `json:"site_mwh"`
	ITMWh   float64 `json:"it_mwh"`
	// PUE is what the sites achieved, weighted by the energy of the machines.
	PUE float64 `json:"pue"`
	// ShareOfDemand is the part of all demand that sites draw.
	ShareOfDemand float64 `json:"share_of_demand"`
	// GreenShare is the renewable part of the sites' energy, traced through
	// the grid by proportional sharing.
	GreenShare float64 `json:"green_share"`

	Flexibility Flexibility `json:"flexibility"`
	// OnCall are jobs that promise reserve; Absorbed is what jobs take of surplus.
	OnCall   []OnCallLine `json:"on_call,omitempty"`
	Absorbed Absorption   `json:"absorbed"`

	DataGB   float64 `json:"data_gb"`
	DataCost float64 `json:"data_cost"`
	// DataMWh is what data links draw.
	DataMWh   float64        `json:"data_mwh"`
	DataLinks []DataLinkLine `json:"data_links,omitempty"`
	// Accounts of energy, CO2 and money; UnitPrices, Deadlines and Latency are what
	// one more unit-hour, hour and millisecond are worth, empty without prices.
	Accounts   WorkAccounts    `json:"accounts"`
	UnitPrices []UnitPriceLine `json:"unit_prices,omitempty"`
	Deadlines  DeadlinePrices  `json:"deadlines"`
	Latency    []LatencyLine   `json:"latency,omitempty"`
	// Headroom by pool and class of synchronous work, and what each outage of
	// computing_outages would do.
	Headroom []HeadroomLine `json:"headroom,omitempty"`
	Outages  []OutageLine   `json:"outages,omitempty"`
	// Corridors compare moving work with moving power, by region of origin
	// and region of the site.
	Corridors []Corridor `json:"corridors,omitempty"`
}

// WorkLine is the work of a class at a site.
type WorkLine struct {
	Class         string  `json:"class"`
	Site          string  `json:"site"`
	UnitH         float64 `json:"unit_h"`
	WorkloadUnitH float64 `json:"workload_unit_h"`
	JobUnitH      float64 `json:"job_unit_h"`
}

// ServedLine is the work of a region done at a site.
type ServedLine struct {
	Region string  `json:"region"`
	Site   string  `json:"site"`
	UnitH  float64 `json:"unit_h"`
}

// AreaLine is the work of an area done in an area. A region without an area
// counts as its own.
type AreaLine struct {
	From  string  `json:"from"`
	To    string  `json:"to"`
	UnitH float64 `json:"unit_h"`
}

// SiteLine is the use of a site.
type SiteLine struct {
	Site   string  `json:"site"`
	Bus    string  `json:"bus"`
	UnitH  float64 `json:"unit_h"`
	MWh    float64 `json:"mwh"`
	ITMWh  float64 `json:"it_mwh"`
	PeakMW float64 `json:"peak_mw"`
	// PUE achieved, weighted by the energy of the machines.
	PUE        float64 `json:"pue"`
	GreenShare float64 `json:"green_share"`
	// EnergyCost is the site's energy at the prices of its bus; nil without
	// prices.
	EnergyCost *float64 `json:"energy_cost,omitempty"`
}

// PoolLine is the use of a pool, in unit-hours of its own machines.
type PoolLine struct {
	Pool string `json:"pool"`
	Site string `json:"site"`
	Kind string `json:"kind,omitempty"`
	// LevelOf is the pool whose modules a power level runs on: what is available
	// is then available to both.
	LevelOf string `json:"level_of,omitempty"`
	// Available in all modules that could be on, on in those that are, taken
	// by work with its headroom, busy drawing dynamic power.
	AvailableUnitH float64 `json:"available_unit_h"`
	OnUnitH        float64 `json:"on_unit_h"`
	TakenUnitH     float64 `json:"taken_unit_h"`
	BusyUnitH      float64 `json:"busy_unit_h"`
	// Utilisation is busy over available.
	Utilisation float64 `json:"utilisation"`
}

// Flexibility is the power that computing draws when demand is highest and
// that need not be drawn then and there.
type Flexibility struct {
	// InTimeMW is drawn by jobs whose window is longer than their run,
	// InPlaceMW by the other work that another bus could serve.
	InTimeMW  float64 `json:"in_time_mw"`
	InPlaceMW float64 `json:"in_place_mw"`
	// The same as shares of the highest demand.
	InTimeShare  float64 `json:"in_time_share"`
	InPlaceShare float64 `json:"in_place_share"`
	// OnCallUpMW and OnCallDownMW is what jobs promise to drop and to take when
	// demand is highest; BehindMeterShare the discharging power of storages behind
	// the meters of sites, over the highest demand.
	OnCallUpMW       float64 `json:"on_call_up_mw"`
	OnCallDownMW     float64 `json:"on_call_down_mw"`
	BehindMeterShare float64 `json:"behind_meter_share"`
	// StorageShare is the storages' discharging power over the highest
	// demand.
	StorageShare float64   `json:"storage_share"`
	Time         time.Time `json:"time"`
}

// DataLinkLine is the use of a data link.
type DataLinkLine struct {
	Name       string  `json:"name"`
	From       string  `json:"from"`
	To         string  `json:"to"`
	ForwardGB  float64 `json:"forward_gb"`
	BackwardGB float64 `json:"backward_gb"`
	Cost       float64 `json:"cost"`
	MWh        float64 `json:"mwh"`
	// Utilisation is of the capacity of both directions.
	Utilisation float64 `json:"utilisation"`
}

func (j *joined) computing(s *Summary) *Computing {
	out := &Computing{}
	j.workLines(out)
	j.jobCount(out)
	out.Copies, out.Groups, out.Quotas = j.copyLines(), j.groupLines(), j.quotaLines()
	j.siteLines(out)
	if j.inFull() {
		out.SiteUses = j.siteUses(out.Sites)
	}
	out.Calls = j.callLines()
	j.poolLines(out)
	out.Headroom, out.Outages = j.headroomLines(), j.outageLines()
	for _, w := range j.workloads {
		out.UnservedUnitH += j.sum(w.UnservedUnits)
	}
	out.ShareOfDemand = ratio(out.SiteMWh, s.DemandMWh)
	out.Flexibility = j.flexibility(s)
	out.OnCall, out.Absorbed = j.onCall(), j.absorption()
	j.dataLinkLines(out)
	out.Corridors = corridorTotals(j.corridors())
	out.Accounts = j.workAccounts(j.accounts())
	out.UnitPrices = unitPriceLines(j.unitPrices())
	out.Deadlines = j.deadlinePrices(j.deadlines())
	out.Latency = j.latencyPrices()
	return out
}

func (j *joined) workLines(out *Computing) {
	c := j.c
	classes := j.classes()
	class := make(map[string]int, len(classes))
	for i, name := range classes {
		class[name] = i
	}
	byClass := make([][]WorkLine, len(classes))
	for i := range byClass {
		byClass[i] = make([]WorkLine, len(c.Sites))
	}
	byRegion := make([][]float64, len(c.Regions))
	for i := range byRegion {
		byRegion[i] = make([]float64, len(c.Sites))
	}
	for i := range j.work {
		w := &j.work[i]
		unitH := j.unitH(w)
		line := &byClass[class[w.class]][w.site]
		line.UnitH += unitH
		if w.job {
			line.JobUnitH += unitH
		} else {
			line.WorkloadUnitH += unitH
		}
		byRegion[w.region][w.site] += unitH
		out.WorkUnitH += unitH
		if w.away {
			out.AwayUnitH += unitH
		}
	}
	for i, sites := range byClass {
		for k, line := range sites {
			if line.UnitH != 0 {
				line.Class, line.Site = classes[i], c.Sites[k].Name
				out.Work = append(out.Work, line)
			}
		}
	}
	areas := j.areas()
	at := make(map[string]int, len(areas))
	for i, a := range areas {
		at[a] = i
	}
	byArea := make([][]float64, len(areas))
	for i := range byArea {
		byArea[i] = make([]float64, len(areas))
	}
	for r, sites := range byRegion {
		for k, unitH := range sites {
			if unitH == 0 {
				continue
			}
			out.Served = append(out.Served, ServedLine{Region: c.Regions[r].Name, Site: c.Sites[k].Name, UnitH: unitH})
			from, to := at[j.area(r)], at[j.area(j.ix.Regions[c.Sites[k].Region])]
			byArea[from][to] += unitH
			if from != to {
				out.AwayAreaUnitH += unitH
			}
		}
	}
	for from := range byArea {
		for to, unitH := range byArea[from] {
			if unitH != 0 {
				out.Areas = append(out.Areas, AreaLine{From: areas[from], To: areas[to], UnitH: unitH})
			}
		}
	}
}

// areas lists the areas of the regions in the order in which they first occur.
func (j *joined) areas() []string {
	var out []string
	seen := map[string]bool{}
	for r := range j.c.Regions {
		if a := j.area(r); !seen[a] {
			seen[a] = true
			out = append(out, a)
		}
	}
	return out
}

func (j *joined) siteLines(out *Computing) {
	green := j.greenShares()
	prices := j.busPrices()
	weighted, greenMWh := 0.0, 0.0
	for i := range j.c.Sites {
		v := &j.c.Sites[i]
		bus := j.ix.Buses[v.Bus]
		mw := j.sites[i].PowerMW
		it, achieved := j.itPower(i), j.pues[i]
		line := SiteLine{
			Site: v.Name, Bus: v.Bus, MWh: j.sum(mw), ITMWh: j.sum(it), PeakMW: mw[maxAt(mw)],
		}
		pue, siteGreen, cost := 0.0, 0.0, 0.0
		for t, h := range j.hours {
			pue += achieved[t] * it[t] * h
			siteGreen += green[bus][t] * mw[t] * h
			if prices[bus] != nil {
				cost += prices[bus][t] * mw[t] * h
			}
		}
		if prices[bus] != nil {
			line.EnergyCost = &cost
		}
		line.PUE, line.GreenShare = ratio(pue, line.ITMWh), ratio(siteGreen, line.MWh)
		weighted, greenMWh = weighted+pue, greenMWh+siteGreen
		out.SiteMWh += line.MWh
		out.ITMWh += line.ITMWh
		out.Sites = append(out.Sites, line)
	}
	for i := range j.work {
		out.Sites[j.work[i].site].UnitH += j.unitH(&j.work[i])
	}
	out.PUE, out.GreenShare = ratio(weighted, out.ITMWh), ratio(greenMWh, out.SiteMWh)
}

func (j *joined) poolLines(out *Computing) {
	taken := j.taken()
	for i := range j.c.Pools {
		v := &j.c.Pools[i]
		line := PoolLine{
			Pool: v.Name, Site: v.Site, Kind: j.ix.KindOf(i), LevelOf: v.ModulesOf,
			TakenUnitH: j.sum(taken[i]), BusyUnitH: j.sum(j.pools[i].BusyUnits),
		}
		for t, h := range j.hours {
			line.AvailableUnitH += j.ix.MaxUnits(i, t) * h
			line.OnUnitH += float64(j.pools[i].ModulesOn[t]) * v.UnitsPerModule * h
		}
		line.Utilisation = ratio(line.BusyUnitH, line.AvailableUnitH)
		out.Pools = append(out.Pools, line)
	}
}

func (j *joined) flexibility(s *Summary) Flexibility {
	out := Flexibility{Time: s.PeakTime}
	peak := maxAt(j.system().demand(j.T))
	m := j.mobility()
	for i := range j.work {
		w := &j.work[i]
		k := peak - w.first
		if k < 0 || k >= len(w.units) || w.units[k] == 0 {
			continue
		}
		mw := w.units[k] * j.mwPerUnit(w, peak)
		switch inTime, inPlace := m.of(w); {
		case inTime:
			out.InTimeMW += mw
		case inPlace:
			out.InPlaceMW += mw
		}
	}
	storage, behind := 0.0, 0.0
	for i := range j.c.Storages {
		storage += j.c.Storages[i].MaxDischargeMW
		if j.c.Storages[i].Site != "" {
			behind += j.c.Storages[i].MaxDischargeMW
		}
	}
	out.BehindMeterShare = ratio(behind, s.PeakMW)
	for i, given := range j.givenMW() {
		if j.c.Reserves[i].Direction == model.Up {
			out.OnCallUpMW += given[reserveJobs][peak]
		} else {
			out.OnCallDownMW += given[reserveJobs][peak]
		}
	}
	out.InTimeShare, out.InPlaceShare = ratio(out.InTimeMW, s.PeakMW), ratio(out.InPlaceMW, s.PeakMW)
	out.StorageShare = ratio(storage, s.PeakMW)
	return out
}

func (j *joined) dataLinkLines(out *Computing) {
	for i := range j.c.DataLinks {
		v, p := &j.c.DataLinks[i], j.dataLinks[i]
		line := DataLinkLine{Name: v.Name, From: v.From, To: v.To}
		capacity := 0.0
		for t, h := range j.hours {
			line.ForwardGB += p.ForwardGB[t]
			line.BackwardGB += p.BackwardGB[t]
			line.MWh += j.dataLinkMW(i, t) * h
			capacity += 2 * model.GBPerGbpsH * v.CapacityGbps.At(t, 0) * h
		}
		gb := line.ForwardGB + line.BackwardGB
		line.Cost = line.ForwardGB*j.ix.DataPricePerGB(i, v.From) + line.BackwardGB*j.ix.DataPricePerGB(i, v.To)
		line.Utilisation = ratio(gb, capacity)
		out.DataGB += gb
		out.DataCost += line.Cost
		out.DataMWh += line.MWh
		out.DataLinks = append(out.DataLinks, line)
	}
}
