package report

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/wattbit/wattbit/model"
)

// Summary is a plan in figures. Energies are in MWh over the horizon, shares
// between 0 and 1, money in Currency, work in unit-hours at reference speed.
type Summary struct {
	Case        string `json:"case"`
	Description string `json:"description,omitempty"`
	Currency    string `json:"currency"`

	// Start and End of the horizon in the case's zone.
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	Zone    string    `json:"zone"`
	Periods int       `json:"periods"`
	Hours   float64   `json:"hours"`

	Status    model.PlanStatus `json:"status"`
	Objective float64          `json:"objective"`
	// Gap is nil when no bound is proved.
	Gap *Gap `json:"gap,omitempty"`

	// Costs by section and item; OperatingCost and PenaltyCost are their sums.
	Costs         []CostLine `json:"costs"`
	OperatingCost float64    `json:"operating_cost"`
	PenaltyCost   float64    `json:"penalty_cost"`

	// Supply and Use of the whole system: both have the same total. Energy
	// that a storage or the world outside gives back counts as supply.
	Supply []EnergyLine `json:"supply"`
	Use    []EnergyLine `json:"use"`

	// DemandMWh is what had to be served: loads, sites and data links.
	DemandMWh float64 `json:"demand_mwh"`
	LoadMWh   float64 `json:"load_mwh"`
	LossMWh   float64 `json:"loss_mwh"`
	// PeakMW of demand, in the period that begins at PeakTime.
	PeakMW   float64   `json:"peak_mw"`
	PeakTime time.Time `json:"peak_time"`

	// GenerationMWh of thermal units, renewables and hydro, and the capacity
	// installed; the shares are parts of these.
	GenerationMWh         float64 `json:"generation_mwh"`
	CapacityMW            float64 `json:"capacity_mw"`
	WindSolarOfGeneration float64 `json:"wind_solar_of_generation"`
	WindSolarOfCapacity   float64 `json:"wind_solar_of_capacity"`
	// RenewableShare of generation, with hydro where the policy counts it.
	RenewableShare float64 `json:"renewable_share"`
	// ElectrificationShare of final energy, as the case gives it; nil where it
	// gives none.
	ElectrificationShare *float64 `json:"electrification_share,omitempty"`

	Curtailment    []CurtailmentLine `json:"curtailment,omitempty"`
	CurtailedMWh   float64           `json:"curtailed_mwh"`
	CurtailedShare float64           `json:"curtailed_share"`

	CO2T float64 `json:"co2_t"`
	// CO2TPerMWh is the average over GenerationMWh.
	CO2TPerMWh float64 `json:"co2_t_per_mwh"`

	Storages []StorageLine `json:"storages,omitempty"`
	Links    []LinkLine    `json:"links,omitempty"`
	Reserves []ReserveLine `json:"reserves,omitempty"`
	// Prices of power by bus; empty when the plan has none.
	Prices []PriceLine `json:"prices,omitempty"`
	// Carbon of a MWh by bus.
	Carbon []CarbonLine `json:"carbon"`
	// CO2Price per tonne and RenewablePrice per MWh are what the policy's
	// limits cost at the margin; nil without prices.
	CO2Price       *float64 `json:"co2_price,omitempty"`
	RenewablePrice *float64 `json:"renewable_price,omitempty"`

	// Computing is nil in a case without sites.
	Computing *Computing `json:"computing,omitempty"`

	// Shortages are what the plan could not serve or keep, most costly first.
	Shortages []Shortage `json:"shortages,omitempty"`
}

// Gap is how far the plan may be from the best possible one.
type Gap struct {
	Share float64 `json:"share"`
	Money float64 `json:"money"`
}

// CostLine is the cost of one item within a section.
type CostLine struct {
	// Section groups items, as in Thermal, Grid, Computing.
	Section string         `json:"section"`
	Item    model.CostItem `json:"item"`
	Penalty bool           `json:"penalty,omitempty"`
	Amount  float64        `json:"amount"`
}

// EnergyLine is one source or use of energy.
type EnergyLine struct {
	// Name of the fuel, source or use.
	Name string  `json:"name"`
	MWh  float64 `json:"mwh"`
	// Share of all supply, or of all use.
	Share float64 `json:"share"`

	key flowKey
}

// CurtailmentLine is what weather offered and the plan left, by source.
type CurtailmentLine struct {
	Source       string  `json:"source"`
	AvailableMWh float64 `json:"available_mwh"`
	CurtailedMWh float64 `json:"curtailed_mwh"`
}

// StorageLine is the use of a storage.
type StorageLine struct {
	Name         string  `json:"name"`
	Technology   string  `json:"technology,omitempty"`
	Bus          string  `json:"bus"`
	ChargeMWh    float64 `json:"charge_mwh"`
	DischargeMWh float64 `json:"discharge_mwh"`
	// Cycles is the energy drawn from the level by discharging, in units of
	// the usable level.
	Cycles float64 `json:"cycles"`
	// FirstLevelMWh before and LastLevelMWh after the horizon.
	FirstLevelMWh float64 `json:"first_level_mwh"`
	LastLevelMWh  float64 `json:"last_level_mwh"`
}

// LinkLine is the use of a link.
type LinkLine struct {
	Name        string  `json:"name"`
	From        string  `json:"from"`
	To          string  `json:"to"`
	ForwardMWh  float64 `json:"forward_mwh"`
	BackwardMWh float64 `json:"backward_mwh"`
	LossMWh     float64 `json:"loss_mwh"`
	// Utilisation is the flow over the capacity of its direction, the mean
	// over the horizon.
	Utilisation float64 `json:"utilisation"`
	// FullH is the hours in which the link is full.
	FullH float64 `json:"full_h"`
}

// ReserveLine is what a reserve product needed and lacks, in MW times hours.
type ReserveLine struct {
	Name           string          `json:"name"`
	Direction      model.Direction `json:"direction"`
	RequirementMWh float64         `json:"requirement_mwh"`
	ShortageMWh    float64         `json:"shortage_mwh"`
	// Given by kind of provider.
	Given ReserveGiven `json:"given"`
	// MeanPrice per MW and hour; nil without prices.
	MeanPrice *float64 `json:"mean_price,omitempty"`
}

// PriceLine is the price of power at a bus.
type PriceLine struct {
	Bus  string  `json:"bus"`
	Mean float64 `json:"mean"`
	Min  float64 `json:"min"`
	Max  float64 `json:"max"`
	// MinTime and MaxTime are the starts of the first periods with these.
	MinTime time.Time `json:"min_time"`
	MaxTime time.Time `json:"max_time"`
}

// CarbonLine is the CO2 of a MWh at a bus, tonnes, as means over time.
type CarbonLine struct {
	Bus string `json:"bus"`
	// Average of what is used there, traced through the grid.
	Average float64 `json:"average_t_per_mwh"`
	// Marginal is that of one more MWh, with its range over the periods; nil where
	// the plan has none.
	Marginal    *float64 `json:"marginal_t_per_mwh,omitempty"`
	MarginalMin *float64 `json:"marginal_min_t_per_mwh,omitempty"`
	MarginalMax *float64 `json:"marginal_max_t_per_mwh,omitempty"`
}

// Summarise computes the figures of a plan. The error says what of the plan
// does not fit the case.
func Summarise(c *model.Case, p *model.Plan) (*Summary, error) {
	r, err := New(c, p)
	if err != nil {
		return nil, err
	}
	return r.Summary(), nil
}

func (j *joined) summary() *Summary { return j.summaryOnce.of(j.summarise) }

func (j *joined) summarise() *Summary {
	s := &Summary{
		Case: j.c.Name, Description: j.c.Description, Currency: j.c.Currency,
		Start: j.cal.times[0], End: j.cal.times[j.T], Zone: j.zone,
		Periods: j.T, Hours: j.c.Horizon.TotalHours(),
		Status: j.p.Status, Objective: j.p.Objective, CO2T: j.p.Policy.CO2T,
		ElectrificationShare: j.c.Policy.ElectrificationShare,
	}
	if share, money, ok := j.p.Gap(); ok {
		s.Gap = &Gap{Share: share, Money: money}
	}
	j.costs(s)
	j.energy(s)
	j.generation(s)
	j.storageLines(s)
	j.linkLines(s)
	j.reserveLines(s)
	j.priceLines(s)
	j.carbonLines(s)
	if len(j.c.Sites) > 0 {
		s.Computing = j.computing(s)
	}
	s.Shortages = j.shortages()
	return s
}

func (j *joined) reserveLines(s *Summary) {
	price, given := j.reservePrices(), j.givenMW()
	for i := range j.c.Reserves {
		r := &j.c.Reserves[i]
		line := ReserveLine{Name: r.Name, Direction: r.Direction, ShortageMWh: j.sum(j.reserves[i].ShortageMW)}
		g := &given[i]
		line.Given = ReserveGiven{
			ThermalMWh: j.sum(g[reserveThermal]), HydroMWh: j.sum(g[reserveHydro]),
			StorageMWh: j.sum(g[reserveStorage]), JobsMWh: j.sum(g[reserveJobs]),
		}
		for t, h := range j.hours {
			line.RequirementMWh += r.RequirementMW.At(t, 0) * h
		}
		if price[i] != nil {
			mean := j.sum(price[i]) / s.Hours
			line.MeanPrice = &mean
		}
		s.Reserves = append(s.Reserves, line)
	}
}

// section is where a cost item stands in the report.
func (j *joined) section(item model.CostItem, asset string) string {
	switch item {
	case model.CostRunning, model.CostStartup:
		return "Thermal"
	case model.CostRenewable, model.CostCurtailment:
		return "Renewables"
	case model.CostHydro:
		return "Hydro"
	case model.CostWear:
		return "Storage"
	case model.CostTerminalValue:
		// A name may be both; the hydro section stands first in the case.
		if _, ok := j.ix.Hydro[asset]; ok {
			return "Hydro"
		}
		return "Storage"
	case model.CostLink, model.CostExchange, model.CostShedding, model.CostSpill:
		return "Grid"
	case model.CostReserveShortage:
		return "Reserve"
	case model.CostCO2, model.CostCO2Excess, model.CostRenewableShortfall:
		return "Policy"
	case model.CostData, model.CostModuleStart, model.CostWater, model.CostHeat, model.CostDemandResponse, model.CostWaterExcess, model.CostGreenShortfall, model.CostUnserved, model.CostOutageShort, model.CostLate, model.CostDropped, model.CostBacklog:
		return "Computing"
	}
	return "Other"
}

var sections = []string{"Thermal", "Renewables", "Hydro", "Storage", "Grid", "Reserve", "Policy", "Computing", "Other"}

func (j *joined) costs(s *Summary) {
	type line struct {
		section string
		item    model.CostItem
	}
	sums := map[line]float64{}
	for _, c := range j.p.Costs {
		sums[line{j.section(c.Item, c.Asset), c.Item}] += c.Amount
		if c.Item.Penalty() {
			s.PenaltyCost += c.Amount
		} else {
			s.OperatingCost += c.Amount
		}
	}
	for l, money := range sums {
		s.Costs = append(s.Costs, CostLine{Section: l.section, Item: l.item, Penalty: l.item.Penalty(), Amount: money})
	}
	items := model.CostItems()
	slices.SortFunc(s.Costs, func(a, b CostLine) int {
		if d := slices.Index(sections, a.Section) - slices.Index(sections, b.Section); d != 0 {
			return d
		}
		if d := slices.Index(items, a.Item) - slices.Index(items, b.Item); d != 0 {
			return d
		}
		return strings.Compare(string(a.Item), string(b.Item))
	})
}

func (j *joined) energy(s *Summary) {
	system := j.system()
	in, out := 0.0, 0.0
	for _, key := range system.keys() {
		line := EnergyLine{Name: key.name, MWh: j.sum(system[key]), key: key}
		if key.kind.supply() {
			s.Supply, in = append(s.Supply, line), in+line.MWh
		} else {
			s.Use, out = append(s.Use, line), out+line.MWh
		}
		switch key.kind {
		case useLoad:
			s.LoadMWh += line.MWh
		case useLoss:
			s.LossMWh += line.MWh
		}
	}
	for i := range s.Supply {
		s.Supply[i].Share = ratio(s.Supply[i].MWh, in)
	}
	for i := range s.Use {
		s.Use[i].Share = ratio(s.Use[i].MWh, out)
	}
	demand := system.demand(j.T)
	s.DemandMWh = j.sum(demand)
	peak := maxAt(demand)
	s.PeakMW, s.PeakTime = demand[peak], j.cal.times[peak]
}

func (j *joined) generation(s *Summary) {
	windSolar, renewable, windSolarMW := 0.0, 0.0, 0.0
	for i := range j.c.ThermalUnits {
		u := &j.c.ThermalUnits[i]
		s.GenerationMWh += j.sum(j.thermal[i].PowerMW)
		s.CapacityMW += u.MaxPowerMW * float64(u.N())
	}
	for i := range j.c.Hydro {
		mwh := j.sum(j.hydro[i].PowerMW)
		s.GenerationMWh += mwh
		s.CapacityMW += j.c.Hydro[i].MaxPowerMW
		if j.c.Policy.HydroCountsAsRenewable {
			renewable += mwh
		}
	}
	bySource := map[string]*CurtailmentLine{}
	available := 0.0
	for i := range j.c.Renewables {
		r := &j.c.Renewables[i]
		source := orName(r.Source, "renewable")
		mwh, capacity := j.sum(j.renewables[i].PowerMW), r.CapacityMW
		line := bySource[source]
		if line == nil {
			line = &CurtailmentLine{Source: source}
			bySource[source] = line
		}
		for t, h := range j.hours {
			mw := r.AvailableMW.At(t, 0)
			line.AvailableMWh += mw * h
			available += mw * h
			if r.CapacityMW == 0 {
				capacity = max(capacity, mw)
			}
		}
		curtailed := j.sum(j.renewables[i].CurtailedMW)
		line.CurtailedMWh += curtailed
		s.CurtailedMWh += curtailed
		s.GenerationMWh += mwh
		s.CapacityMW += capacity
		renewable += mwh
		if isWind(source) || isSolar(source) {
			windSolar += mwh
			windSolarMW += capacity
		}
	}
	for _, line := range bySource {
		s.Curtailment = append(s.Curtailment, *line)
	}
	slices.SortFunc(s.Curtailment, func(a, b CurtailmentLine) int {
		return compareKeys(flowKey{flowRenewable, a.Source}, flowKey{flowRenewable, b.Source})
	})
	s.WindSolarOfGeneration = ratio(windSolar, s.GenerationMWh)
	s.WindSolarOfCapacity = ratio(windSolarMW, s.CapacityMW)
	s.RenewableShare = ratio(renewable, s.GenerationMWh)
	s.CurtailedShare = ratio(s.CurtailedMWh, available)
	s.CO2TPerMWh = ratio(s.CO2T, s.GenerationMWh)
}

func (j *joined) storageLines(s *Summary) {
	for i := range j.c.Storages {
		v, p := &j.c.Storages[i], j.storages[i]
		line := StorageLine{
			Name: v.Name, Technology: v.Technology, Bus: v.Bus,
			ChargeMWh: j.sum(p.ChargeMW), DischargeMWh: j.sum(p.DischargeMW),
			FirstLevelMWh: v.InitialLevelMWh, LastLevelMWh: p.LevelMWh[j.T-1],
		}
		line.Cycles = ratio(line.DischargeMWh/v.DischargeEfficiency(), v.LevelMaxMWh-v.LevelMinMWh)
		s.Storages = append(s.Storages, line)
	}
}

func (j *joined) linkLines(s *Summary) {
	for i := range j.c.Links {
		v, p := &j.c.Links[i], j.links[i]
		line := LinkLine{
			Name: v.Name, From: v.From, To: v.To,
			ForwardMWh: j.sum(p.ForwardMW), BackwardMWh: j.sum(p.BackwardMW), LossMWh: j.sum(p.LossMW),
		}
		for t, h := range j.hours {
			flow, most := p.ForwardMW[t], v.MaxForwardMW.At(t, 0)
			if p.BackwardMW[t] > flow {
				flow, most = p.BackwardMW[t], v.MaxBackwardMW.At(t, 0)
			}
			line.Utilisation += ratio(flow, most) * h / s.Hours
			if flow > 0 && flow >= most-roundingMW(most) {
				line.FullH += h
			}
		}
		s.Links = append(s.Links, line)
	}
}

func (j *joined) priceLines(s *Summary) {
	if p := j.p.Prices; p != nil {
		s.CO2Price, s.RenewablePrice = &p.CO2PerT, &p.RenewablePerMWh
	}
	for b, v := range j.busPrices() {
		if v == nil {
			continue
		}
		lo, hi := minAt(v), maxAt(v)
		s.Prices = append(s.Prices, PriceLine{
			Bus: j.c.Buses[b].Name, Mean: j.sum(v) / s.Hours,
			Min: v[lo], Max: v[hi], MinTime: j.cal.times[lo], MaxTime: j.cal.times[hi],
		})
	}
}

func (j *joined) carbonLines(s *Summary) {
	average, marginal := j.carbonIntensity(), j.marginalCO2()
	for b := range j.c.Buses {
		line := CarbonLine{Bus: j.c.Buses[b].Name, Average: j.sum(average[b]) / s.Hours}
		if v := marginal[b]; v != nil {
			mean := j.sum(v) / s.Hours
			line.Marginal, line.MarginalMin, line.MarginalMax = &mean, &v[minAt(v)], &v[maxAt(v)]
		}
		s.Carbon = append(s.Carbon, line)
	}
}

// roundingMW is what a solver's plan may be off a limit and still be at it.
func roundingMW(limit float64) float64 { return 1e-3 + 1e-6*math.Abs(limit) }

// maxAt returns the position of the first largest value.
func maxAt(v []float64) int {
	at := 0
	for i, x := range v {
		if x > v[at] {
			at = i
		}
	}
	return at
}

// minAt returns the position of the first smallest value.
func minAt(v []float64) int {
	at := 0
	for i, x := range v {
		if x < v[at] {
			at = i
		}
	}
	return at
}
