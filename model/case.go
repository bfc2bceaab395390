package model

// CaseFormat is the format version that this package reads and writes.
const CaseFormat = "wattbit-case/1"

// Case is everything that a plan is made from.
type Case struct {
	// Format is the version of the format: wattbit-case/1.
	Format string `json:"format"`
	// Name of the case, shown in plans and reports.
	Name string `json:"name"`
	// Description in a sentence or two, shown in reports.
	Description string `json:"description,omitempty"`
	// Currency of every price and cost, as in CNY, EUR, USD.
	Currency string `json:"currency"`

	Horizon   Horizon   `json:"horizon"`
	Penalties Penalties `json:"penalties,omitzero"`
	Policy    Policy    `json:"policy,omitzero"`

	Buses        []Bus            `json:"buses"`
	Loads        []Load           `json:"loads,omitempty"`
	Exchanges    []Exchange       `json:"exchanges,omitempty"`
	ThermalUnits []ThermalUnit    `json:"thermal_units,omitempty"`
	Renewables   []Renewable      `json:"renewables,omitempty"`
	Hydro        []Hydro          `json:"hydro,omitempty"`
	Storages     []Storage        `json:"storages,omitempty"`
	Links        []Link           `json:"links,omitempty"`
	Reserves     []ReserveProduct `json:"reserves,omitempty"`

	LatencyClasses  []LatencyClass   `json:"latency_classes,omitempty"`
	Regions         []Region         `json:"regions,omitempty"`
	Network         Network          `json:"network,omitzero"`
	Sites           []Site           `json:"sites,omitempty"`
	Pools           []Pool           `json:"pools,omitempty"`
	DemandResponses []DemandResponse `json:"demand_responses,omitempty"`
	DataLinks       []DataLink       `json:"data_links,omitempty"`
	Workloads       []Workload       `json:"workloads,omitempty"`
	Datasets        []Dataset        `json:"datasets,omitempty"`
	Jobs            []Job            `json:"jobs,omitempty"`
	JobGroups       []JobGroup       `json:"job_groups,omitempty"`
	Quotas          []Quota          `json:"quotas,omitempty"`

	ComputingOutages ComputingOutages `json:"computing_outages,omitzero"`
}

// Penalties are the prices of what a plan must avoid but may not be able to.
// They keep every solve elastic: a short system gets a plan that says what is
// short. A price left out takes its default: unserved work is the dearest, then
// shedding and dropped work, then the rest; a tonne above the CO2 cap costs about
// as much as shedding the megawatt-hour that emits it.
type Penalties struct {
	// ShedPricePerMWh is the value of lost load. Default 10,000.
	ShedPricePerMWh *float64 `json:"shed_price_per_mwh,omitempty"`
	// SpillPricePerMWh is the price of power that a bus cannot get rid of.
	// Default 1,000.
	SpillPricePerMWh *float64 `json:"spill_price_per_mwh,omitempty"`
	// ReserveShortagePricePerMWh is the default of each product's own price:
	// money per MW short and hour. Default 5,000.
	ReserveShortagePricePerMWh *float64 `json:"reserve_shortage_price_per_mwh,omitempty"`
	// CO2ExcessPricePerT is the price of a tonne above the cap. Default 10,000.
	CO2ExcessPricePerT *float64 `json:"co2_excess_price_per_t,omitempty"`
	// RenewableShortfallPricePerMWh is the price of missing renewable energy
	// under a share. Default 5,000.
	RenewableShortfallPricePerMWh *float64 `json:"renewable_shortfall_price_per_mwh,omitempty"`
	// WaterExcessPricePerM3 is the price of water that a site uses above its
	// limit. Default 1,000.
	WaterExcessPricePerM3 *float64 `json:"water_excess_price_per_m3,omitempty"`
	// GreenShortfallPricePerMWh is the price of renewable energy that a site
	// must show and does not have. Default 5,000.
	GreenShortfallPricePerMWh *float64 `json:"green_shortfall_price_per_mwh,omitempty"`
	// UnservedPricePerUnitH is the default price of synchronous work that is
	// not served. Default 20,000.
	UnservedPricePerUnitH *float64 `json:"unserved_price_per_unit_h,omitempty"`
	// OutageShortPricePerUnitH is the price of synchronous work that a single
	// outage of computing_outages would leave unserved, for each outage. Default
	// 2,000.
	OutageShortPricePerUnitH *float64 `json:"outage_short_price_per_unit_h,omitempty"`
	// DropPricePerUnitH is the default price of a job's work when the job is
	// dropped. Default 10,000.
	DropPricePerUnitH *float64 `json:"drop_price_per_unit_h,omitempty"`
	// PriorityFactor by which the default drop price grows with each step of a
	// job's priority. Default 2.
	PriorityFactor *float64 `json:"priority_factor,omitempty"`
}

func orElse(p *float64, otherwise float64) float64 {
	if p == nil {
		return otherwise
	}
	return *p
}

// Shed returns the shedding price in money per MWh.
func (p *Penalties) Shed() float64 { return orElse(p.ShedPricePerMWh, 10_000) }

// Spill returns the spill price in money per MWh.
func (p *Penalties) Spill() float64 { return orElse(p.SpillPricePerMWh, 1_000) }

// ReserveShortage returns the default shortage price in money per MW and hour.
func (p *Penalties) ReserveShortage() float64 { return orElse(p.ReserveShortagePricePerMWh, 5_000) }

// CO2Excess returns the price of a tonne above the cap.
func (p *Penalties) CO2Excess() float64 { return orElse(p.CO2ExcessPricePerT, 10_000) }

// RenewableShortfall returns the price of a missing renewable MWh.
func (p *Penalties) RenewableShortfall() float64 {
	return orElse(p.RenewableShortfallPricePerMWh, 5_000)
}

// WaterExcess returns the price of a cubic metre above a site's limit.
func (p *Penalties) WaterExcess() float64 { return orElse(p.WaterExcessPricePerM3, 1_000) }

// GreenShortfall returns the price of a MWh that a site's green share lacks.
func (p *Penalties) GreenShortfall() float64 { return orElse(p.GreenShortfallPricePerMWh, 5_000) }

// Unserved returns the default price of an unserved unit-hour.
func (p *Penalties) Unserved() float64 { return orElse(p.UnservedPricePerUnitH, 20_000) }

// OutageShort returns the price of a unit-hour that an outage would leave
// unserved.
func (p *Penalties) OutageShort() float64 { return orElse(p.OutageShortPricePerUnitH, 2_000) }

// Drop returns the default price of a dropped unit-hour of job work.
func (p *Penalties) Drop() float64 { return orElse(p.DropPricePerUnitH, 10_000) }

// Priority returns the factor of a step of priority.
func (p *Penalties) Priority() float64 { return orElse(p.PriorityFactor, 2) }
