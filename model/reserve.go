package model

// ReserveProduct is spinning reserve, up or down, required in a zone of buses.
type ReserveProduct struct {
	Name string `json:"name"`
	// Direction is up or down.
	Direction Direction `json:"direction"`
	// Minutes in which it must be delivered: a thermal or hydro provider gives at
	// most its ramp over that time, and a job nothing upward where its drop_minutes
	// are more. Default 10.
	Minutes *float64 `json:"minutes,omitempty"`
	// RampShared says that a thermal unit's reserve and its change of output
	// share the ramp between two periods: output with upward reserve rises,
	// and output less downward reserve falls, by at most what the ramp allows.
	// The limit by minutes then does not apply to thermal units. Hydro and
	// storage keep their own limits.
	RampShared bool `json:"ramp_shared,omitempty"`
	// SustainedH is how long storage, hydro and jobs must be able to hold it.
	// Default 0.5.
	SustainedH *float64 `json:"sustained_h,omitempty"`
	// Activations is how often, within the horizon, the product may be called, for
	// sustained_h each time and wholly or in part: jobs that provide it must finish
	// whenever the calls come. Default 1.
	Activations int `json:"activations,omitempty"`
	// RequirementMW in every period.
	RequirementMW Series `json:"requirement_mw"`
	// Buses of the zone. Left out: all buses.
	Buses []string `json:"buses,omitempty"`
	// ShortagePricePerMWh replaces penalties.reserve_shortage_price_per_mwh.
	ShortagePricePerMWh *float64 `json:"shortage_price_per_mwh,omitempty"`
}

// Direction of a reserve product.
type Direction string

const (
	Up   Direction = "up"
	Down Direction = "down"
)

// DeliveryMinutes returns minutes or its default.
func (r *ReserveProduct) DeliveryMinutes() float64 { return orElse(r.Minutes, 10) }

// DeliveryH returns the delivery time in hours.
func (r *ReserveProduct) DeliveryH() float64 { return r.DeliveryMinutes() / 60 }

// Sustained returns the sustained duration in hours.
func (r *ReserveProduct) Sustained() float64 { return orElse(r.SustainedH, 0.5) }

// Calls returns activations or its default.
func (r *ReserveProduct) Calls() int { return countOr1(r.Activations) }

// Endures says whether the job may be interrupted as often as the product may be called.
// Only of a gang are calls interruptions that count.
func (j *Job) Endures(r *ReserveProduct) bool {
	return j.MaxInterruptions == nil || r.Calls() <= *j.MaxInterruptions
}

// CallH returns the hours of its units that one call of the product takes a job at most.
func (j *Job) CallH(r *ReserveProduct) float64 {
	return r.Sustained() + j.RestartH + j.CheckpointLossH
}

// InTime says whether the job, when the product calls it, does what it promises within
// the product's minutes. Units are added at once; what a downward call added may be
// dropped late.
func (j *Job) InTime(r *ReserveProduct) bool {
	return r.Direction != Up || j.DropMinutes <= r.DeliveryMinutes()
}
