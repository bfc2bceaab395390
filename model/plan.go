package model

import "time"

// PlanFormat is the format version of plans.
const PlanFormat = "wattbit-plan/1"

// Plan is what was decided for a case. Series have one value a period. Assets
// stand in the order of the case.
type Plan struct {
	Format string `json:"format"`
	// Case is the case's name and CaseSHA256 its fingerprint: a
	// plan belongs to one case.
	Case       string `json:"case"`
	CaseSHA256 string `json:"case_sha256"`
	Currency   string `json:"currency"`

	Start       time.Time `json:"start"`
	Zone        string    `json:"zone,omitempty"`
	PeriodHours []float64 `json:"period_hours"`

	// Status says how far the plan is proved.
	Status PlanStatus `json:"status"`
	// Objective is the plan's whole cost: the sum of Costs.
	Objective float64 `json:"objective"`
	// Bound is a proved lower bound on the cost of any plan of the case; nil
	// when nothing is proved.
	Bound *float64 `json:"bound"`

	// Costs by item and asset, without zeros, sorted by item and asset order.
	Costs []Cost `json:"costs"`

	Buses        []BusPlan       `json:"buses"`
	ThermalUnits []ThermalPlan   `json:"thermal_units,omitempty"`
	Renewables   []RenewablePlan `json:"renewables,omitempty"`
	Hydro        []HydroPlan     `json:"hydro,omitempty"`
	Storages     []StoragePlan   `json:"storages,omitempty"`
	Links        []LinkPlan      `json:"links,omitempty"`
	Reserves     []ReservePlan   `json:"reserves,omitempty"`
	Policy       PolicyPlan      `json:"policy"`

	Sites           []SitePlan           `json:"sites,omitempty"`
	Pools           []PoolPlan           `json:"pools,omitempty"`
	DemandResponses []DemandResponsePlan `json:"demand_responses,omitempty"`
	DataLinks       []DataLinkPlan       `json:"data_links,omitempty"`
	Workloads       []WorkloadPlan       `json:"workloads,omitempty"`
	Jobs            []JobPlan            `json:"jobs,omitempty"`
	Datasets        []DatasetPlan        `json:"datasets,omitempty"`

	// Outages are the certificates of computing_outages, of those outages in which
	// some covered workload is served otherwise than in the plan; in the order of
	// Index.Outages.
	Outages []OutagePlan `json:"outages,omitempty"`

	// Assets of kinds that a program of one's own added to the catalog.
	Assets []AssetPlan `json:"assets,omitempty"`

	// Prices are duals of the dispatch at fixed commitment; nil when the
	// engine gave none.
	Prices *Prices `json:"prices,omitempty"`
}

// PlanStatus says how far a plan is proved.
type PlanStatus string

const (
	// PlanOptimal: proved within the gap asked for, and verified.
	PlanOptimal PlanStatus = "optimal"
	// PlanLimit: a limit ended the search; the bound says how far it may be off.
	PlanLimit PlanStatus = "limit"
	// PlanInterrupted: the user ended the search.
	PlanInterrupted PlanStatus = "interrupted"
	// PlanFeasible: the engine failed or made a wrong claim; the plan is
	// verified, the bound is what could be trusted.
	PlanFeasible PlanStatus = "feasible"
)

// Gap returns (objective - bound) / |objective| and the same in money; ok is
// false without a bound.
func (p *Plan) Gap() (relative, money float64, ok bool) {
	if p.Bound == nil {
		return 0, 0, false
	}
	money = max(0, p.Objective-*p.Bound)
	switch o := max(p.Objective, -p.Objective); {
	case money == 0:
		return 0, 0, true
	case o == 0:
		return 1, money, true
	default:
		return money / o, money, true
	}
}

// CostItem names a kind of cost.
type CostItem string

// Items of operating cost.
const (
	CostRunning        CostItem = "running"         // thermal running cost, deep operation included
	CostStartup        CostItem = "start-up"        // thermal starts
	CostCO2            CostItem = "co2"             // tonnes at policy.co2_price_per_t
	CostRenewable      CostItem = "renewable"       // renewables' cost_per_mwh
	CostHydro          CostItem = "hydro"           // hydro's cost_per_mwh
	CostWear           CostItem = "storage wear"    // storages' wear_cost_per_mwh
	CostLink           CostItem = "link"            // links' price_per_mwh
	CostExchange       CostItem = "exchange"        // imports paid, exports earned
	CostData           CostItem = "data"            // data links' price_per_gb and egress; the asset is the workload, job or dataset
	CostModuleStart    CostItem = "module start"    // pools' start_cost
	CostWater          CostItem = "water"           // sites' water_price_per_m3
	CostHeat           CostItem = "heat"            // sites' heat sold, earned: negative
	CostDemandResponse CostItem = "demand response" // programmes' price_per_mwh, earned: negative
	CostTerminalValue  CostItem = "terminal value"  // water and energy left, earned: negative
	CostOther          CostItem = "other"           // assets of one's own kinds
)

// Items of penalty.
const (
	CostCurtailment        CostItem = "curtailment"
	CostShedding           CostItem = "shedding"
	CostSpill              CostItem = "spill"
	CostReserveShortage    CostItem = "reserve shortage"
	CostCO2Excess          CostItem = "co2 excess"          // asset ""
	CostRenewableShortfall CostItem = "renewable shortfall" // asset ""
	CostWaterExcess        CostItem = "water excess"        // asset: site
	CostGreenShortfall     CostItem = "green shortfall"     // asset: site
	CostUnserved           CostItem = "unserved work"
	CostOutageShort        CostItem = "outage short" // by workload, over all outages
	CostLate               CostItem = "late work"
	CostDropped            CostItem = "dropped work"
	CostBacklog            CostItem = "backlog" // work left at the horizon's end
)

// CostItems lists every item in the order of plans and reports.
func CostItems() []CostItem {
	return []CostItem{
		CostRunning, CostStartup, CostCO2, CostRenewable, CostHydro, CostWear, CostLink, CostExchange,
		CostData, CostModuleStart, CostWater, CostHeat, CostDemandResponse, CostTerminalValue, CostOther,
		CostCurtailment, CostShedding, CostSpill, CostReserveShortage, CostCO2Excess, CostRenewableShortfall,
		CostWaterExcess, CostGreenShortfall, CostUnserved, CostOutageShort, CostLate, CostDropped, CostBacklog,
	}
}

// Penalty says whether the item is a penalty rather than operating cost.
func (c CostItem) Penalty() bool {
	switch c {
	case CostCurtailment, CostShedding, CostSpill, CostReserveShortage, CostCO2Excess, CostRenewableShortfall,
		CostWaterExcess, CostGreenShortfall, CostUnserved, CostOutageShort, CostLate, CostDropped, CostBacklog:
		return true
	}
	return false
}

// Cost is one amount of money.
type Cost struct {
	Item CostItem `json:"item"`
	// Asset is the name in the case of what causes the cost: unit, bus, link,
	// product, site, programme, workload, job (as named in the case, all of a class together).
	Asset  string  `json:"asset,omitempty"`
	Amount float64 `json:"amount"`
}

// BusPlan is what could not be balanced at a bus.
type BusPlan struct {
	Name    string    `json:"name"`
	ShedMW  []float64 `json:"shed_mw"`
	SpillMW []float64 `json:"spill_mw"`
}

// ThermalPlan is the commitment and dispatch of a unit or cluster.
type ThermalPlan struct {
	Name    string `json:"name"`
	UnitsOn []int  `json:"units_on"`
	// Starts and Stops in the period: units_on changes by starts - stops.
	Starts []int `json:"starts"`
	Stops  []int `json:"stops"`
	// StartsByTier[k] are the starts paid at start-up tier k; absent without
	// tiers.
	StartsByTier [][]int `json:"starts_by_tier,omitempty"`
	// PowerMW of the whole cluster, deep operation included.
	PowerMW []float64 `json:"power_mw"`
	// UnitsDeep in deep operation, DeepEntries that entered it in the period,
	// DeepExits that left it (also by stopping), and what the deep units
	// produce; absent without deep operation.
	UnitsDeep   []int           `json:"units_deep,omitempty"`
	DeepEntries []int           `json:"deep_entries,omitempty"`
	DeepExits   []int           `json:"deep_exits,omitempty"`
	DeepPowerMW []float64       `json:"deep_power_mw,omitempty"`
	Reserves    []ProvidedPower `json:"reserves,omitempty"`
}

// ProvidedPower is the reserve given to one product.
type ProvidedPower struct {
	Product string    `json:"product"`
	MW      []float64 `json:"mw"`
}

// RenewablePlan is what was used of what weather offered.
type RenewablePlan struct {
	Name        string    `json:"name"`
	PowerMW     []float64 `json:"power_mw"`
	CurtailedMW []float64 `json:"curtailed_mw"`
}

// HydroPlan is the use of a reservoir.
type HydroPlan struct {
	Name     string          `json:"name"`
	PowerMW  []float64       `json:"power_mw"`
	SpillMW  []float64       `json:"spill_mw"`
	LevelMWh []float64       `json:"level_mwh"`
	Reserves []ProvidedPower `json:"reserves,omitempty"`
}

// StoragePlan is the use of a storage.
type StoragePlan struct {
	Name        string          `json:"name"`
	ChargeMW    []float64       `json:"charge_mw"`
	DischargeMW []float64       `json:"discharge_mw"`
	LevelMWh    []float64       `json:"level_mwh"`
	Reserves    []ProvidedPower `json:"reserves,omitempty"`
}

// LinkPlan is the flow over a link, measured at the sending end.
type LinkPlan struct {
	Name       string    `json:"name"`
	ForwardMW  []float64 `json:"forward_mw"`
	BackwardMW []float64 `json:"backward_mw"`
	LossMW     []float64 `json:"loss_mw"`
}

// ReservePlan is what a product lacks.
type ReservePlan struct {
	Name       string    `json:"name"`
	ShortageMW []float64 `json:"shortage_mw"`
}

// PolicyPlan is what the plan adds up to.
type PolicyPlan struct {
	CO2T                  float64 `json:"co2_t"`
	CO2ExcessT            float64 `json:"co2_excess_t"`
	RenewableShortfallMWh float64 `json:"renewable_shortfall_mwh"`
}

// SitePlan is the power a site draws, and what goes with it.
type SitePlan struct {
	Name    string    `json:"name"`
	PowerMW []float64 `json:"power_mw"`
	// ImportMW of a site with assets behind its meter, negative where it
	// exports; absent without: it imports power_mw.
	ImportMW []float64 `json:"import_mw,omitempty"`
	// HeatMW delivered; absent where the site has no heat.
	HeatMW []float64 `json:"heat_mw,omitempty"`
	// WaterM3 used over the horizon, and how much of it lies above the limit.
	WaterM3       float64 `json:"water_m3,omitempty"`
	WaterExcessM3 float64 `json:"water_excess_m3,omitempty"`
	// Green is what of each source's power is allocated to the site: its proof
	// of a green share. A source that gives it nothing may be left out.
	Green []GreenPower `json:"green,omitempty"`
	// GreenShortMW is what the hourly share lacks; absent without one.
	GreenShortMW []float64 `json:"green_short_mw,omitempty"`
	// GreenShortMWh is what the share over the horizon lacks.
	GreenShortMWh float64 `json:"green_short_mwh,omitempty"`
	// GreenShortByDayMWh is what the daily share lacks in each day of the horizon
	// (Horizon.Days); absent without one.
	GreenShortByDayMWh []float64 `json:"green_short_by_day_mwh,omitempty"`
}

// GreenPower is power of one source allocated to a site.
type GreenPower struct {
	// Source is a renewable or a hydro plant.
	Source string    `json:"source"`
	MW     []float64 `json:"mw"`
}

// PoolPlan is the commitment and use of a pool. A power level has no modules of
// its own: its modules on, starts and stops are zeros.
type PoolPlan struct {
	Name         string `json:"name"`
	ModulesOn    []int  `json:"modules_on"`
	ModuleStarts []int  `json:"module_starts"`
	ModuleStops  []int  `json:"module_stops"`
	// BusyUnits that draw dynamic power, of workloads and jobs together.
	BusyUnits []float64 `json:"busy_units"`
	// Queues are what the pool holds for classes with a queue, in the case's
	// order of classes; a class that the pool holds nothing for is left out.
	Queues []QueuePlan `json:"queues,omitempty"`
}

// QueuePlan is what a pool holds for the workloads of a class with a queue.
type QueuePlan struct {
	Class string `json:"class"`
	// HeldUnits of the pool, busy ones and headroom.
	HeldUnits []float64 `json:"held_units"`
}

// DemandResponsePlan is when a programme is called.
type DemandResponsePlan struct {
	Name string `json:"name"`
	// Called is 1 in the periods of a call, else 0.
	Called []int `json:"called"`
}

// DataLinkPlan is the data carried, GB in each period.
type DataLinkPlan struct {
	Name       string    `json:"name"`
	ForwardGB  []float64 `json:"forward_gb"`
	BackwardGB []float64 `json:"backward_gb"`
}

// WorkloadPlan is where a workload was served.
type WorkloadPlan struct {
	Name   string  `json:"name"`
	Routes []Route `json:"routes"`
	// UnservedUnits at reference speed.
	UnservedUnits []float64 `json:"unserved_units"`
}

// Route is the part of a workload served in one pool.
type Route struct {
	Pool string `json:"pool"`
	// Units at reference speed; the pool's busy units are these over its speed.
	Units []float64 `json:"units"`
}

// OutagePlan shows that an outage leaves the covered workloads servable: what is
// served where while the site or data link is lost.
type OutagePlan struct {
	// Name of the outage: "site X" or "data link Y".
	Name string `json:"name"`
	// Workloads that are served otherwise than in the plan, in the case's order; a
	// covered workload that is left out keeps its routes.
	Workloads []OutageWorkload `json:"workloads"`
}

// OutageWorkload is where a workload is served in an outage.
type OutageWorkload struct {
	Name   string  `json:"name"`
	Routes []Route `json:"routes"`
	// ShortUnits at reference speed: with the routes they add up to what the plan
	// serves.
	ShortUnits []float64 `json:"short_units"`
}

// JobPlan is one single job.
type JobPlan struct {
	// Job is the name in the case, Number counts from 1 within its class.
	Job    string `json:"job"`
	Number int    `json:"number"`
	// Dropped jobs have no pool; neither have jobs with a backlog price that are
	// not begun.
	Dropped bool `json:"dropped,omitempty"`
	// Pool, First, BusyUnits and HeldUnits are the job's run in its first pool
	// (see JobRun); for all but jobs that migrate it is the only one.
	Pool      string    `json:"pool,omitempty"`
	First     int       `json:"first"`
	BusyUnits []float64 `json:"busy_units,omitempty"`
	HeldUnits []float64 `json:"held_units,omitempty"`
	// Then are the runs in other pools after migrations, in order. A running job
	// that migrates at once has no busy units in its first pool.
	Then []JobRun `json:"then,omitempty"`
	// LateH of hours after the due time or the deadline.
	LateH float64 `json:"late_h,omitempty"`
	// LeftUnitH of work left at the horizon's end, of a job with a backlog
	// price.
	LeftUnitH float64 `json:"left_unit_h,omitempty"`
	// Transfer of input_gb, where it crosses a data link: GB in each period
	// from TransferFirst on.
	TransferFirst int       `json:"transfer_first,omitempty"`
	TransferGB    []float64 `json:"transfer_gb,omitempty"`
	// Transfers are all others of the job, as far as they cross data links.
	Transfers []JobTransfer `json:"transfers,omitempty"`
	// Reserves provided, MW at the bus in each period of the horizon.
	Reserves []ProvidedPower `json:"reserves,omitempty"`
	// SpareUnits in each period of the horizon, kept free in the job's pool for it
	// to catch up after calls of upward reserve.
	SpareUnits []float64 `json:"spare_units,omitempty"`
}

// JobRun is a job's work in one pool, with its pauses there.
type JobRun struct {
	Pool string `json:"pool"`
	// First period of work, and the mean busy units in each period from there
	// to the last period of work. A rigid or moldable job holds its units in all
	// of them.
	First     int       `json:"first"`
	BusyUnits []float64 `json:"busy_units,omitempty"`
	// HeldUnits in the same periods, of a preemptible job that is a gang (all
	// its units or none) and of a moldable job (its width); others hold what is
	// busy or, if rigid, their units.
	HeldUnits []float64 `json:"held_units,omitempty"`
}

// Runs returns the job's runs in order; none of a job that does not run.
func (p *JobPlan) Runs() []JobRun {
	if p.Pool == "" {
		return nil
	}
	return append([]JobRun{{Pool: p.Pool, First: p.First, BusyUnits: p.BusyUnits, HeldUnits: p.HeldUnits}}, p.Then...)
}

// JobTransfer is data of a job on a data link.
type JobTransfer struct {
	// What is sent: input, output, handover or migration.
	What TransferKind `json:"what"`
	// Of is the position, from 0, in the job's inputs, outputs or after, or of
	// the run in then that a migration leads to.
	Of int `json:"of,omitempty"`
	// From and To are regions.
	From string `json:"from"`
	To   string `json:"to"`
	// GB in each period from First on.
	First int       `json:"first"`
	GB    []float64 `json:"gb"`
}

// TransferKind says what a transfer is for.
type TransferKind string

const (
	TransferInput     TransferKind = "input"
	TransferOutput    TransferKind = "output"
	TransferHandover  TransferKind = "handover"
	TransferMigration TransferKind = "migration"
)

// DatasetPlan is where a dataset is copied to.
type DatasetPlan struct {
	Name   string        `json:"name"`
	Copies []DatasetCopy `json:"copies"`
}

// DatasetCopy is one copy made, sent from a region that has the dataset from
// the start: GB in each period from First on.
type DatasetCopy struct {
	From  string    `json:"from"`
	To    string    `json:"to"`
	First int       `json:"first"`
	GB    []float64 `json:"gb"`
}

// AssetPlan is an asset of a kind of one's own.
type AssetPlan struct {
	Kind   string        `json:"kind"`
	Name   string        `json:"name"`
	Series []AssetSeries `json:"series"`
}

// AssetSeries is one named series of an asset, its unit in the name.
type AssetSeries struct {
	Name   string    `json:"name"`
	Values []float64 `json:"values"`
}

// Prices are marginal costs at fixed commitment: what one more unit would cost. Those of
// pools, queues and data links are what one more unit, or GB, would save where jobs could
// take it, these and modules in part (docs/model/prices.md).
type Prices struct {
	// Power by bus, money per MWh of load.
	Power []PriceSeries `json:"power"`
	// Reserve by product, money per MW and hour of requirement.
	Reserve []PriceSeries `json:"reserve,omitempty"`
	// MarginalCO2 by bus, tonnes that one more MWh of load would add; absent where
	// they could not be computed.
	MarginalCO2 []PriceSeries `json:"marginal_co2_t_per_mwh,omitempty"`
	// CO2PerT is what a tonne costs: the policy's price plus what the cap adds.
	CO2PerT float64 `json:"co2_per_t"`
	// RenewablePerMWh is what one more required renewable MWh costs.
	RenewablePerMWh float64 `json:"renewable_per_mwh"`
	// Compute by pool, money per unit-hour of capacity that work takes in the
	// pool: the scarcity of units; power is on top.
	Compute []PriceSeries `json:"compute,omitempty"`
	// ComputeWithPower by pool, money per busy unit-hour: scarcity plus the
	// power it draws at the bus's price.
	ComputeWithPower []PriceSeries `json:"compute_with_power,omitempty"`
	// Queues, of classes with a queue: what a little more load takes of a pool.
	Queues []QueuePrices `json:"queues,omitempty"`
	// Outages that bind, in the order of Index.Outages.
	Outages []OutagePrices `json:"outages,omitempty"`
	// DataForward and DataBackward by data link, money per GB of capacity.
	DataForward  []PriceSeries `json:"data_forward,omitempty"`
	DataBackward []PriceSeries `json:"data_backward,omitempty"`
}

// QueuePrices are money per busy unit-hour of a class in a pool: the scarcity of the
// units that a little more load of its queue takes; power is on top.
type QueuePrices struct {
	Class  string    `json:"class"`
	Pool   string    `json:"pool"`
	Values []float64 `json:"values"`
}

// OutagePrices are what it costs to keep covered workloads servable in an outage.
type OutagePrices struct {
	// Name of the outage: "site X" or "data link Y".
	Name string `json:"name"`
	// Workloads for which it costs something: money per unit-hour more that the
	// plan serves, on top of what serving it costs.
	Workloads []PriceSeries `json:"workloads"`
	// Pools that have too little in the outage, bases of power levels: money per
	// unit-hour of capacity. Work that keeps its units in an outage pays it in every outage.
	Pools []PriceSeries `json:"pools,omitempty"`
}

// PriceSeries is a price in each period.
type PriceSeries struct {
	Name   string    `json:"name"`
	Values []float64 `json:"values"`
}
