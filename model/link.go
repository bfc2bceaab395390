package model

// Link is a controllable connection between two buses, such as an HVDC line or
// a corridor. Flow is measured at the sending end; what arrives is less by the
// loss: loss_fixed_mw while the link carries power, plus loss_share of the flow.
// In one period it flows one way only.
type Link struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
	// MaxForwardMW towards to, and MaxBackwardMW towards from (default
	// 0: a one-way link).
	MaxForwardMW  Series `json:"max_forward_mw"`
	MaxBackwardMW Series `json:"max_backward_mw,omitempty"`
	// LossShare of the flow, in [0, 1).
	LossShare float64 `json:"loss_share,omitempty"`
	// LossFixedMW taken at the receiving end while the link carries power.
	LossFixedMW float64 `json:"loss_fixed_mw,omitempty"`
	// PricePerMWh of flow sent, either way (hurdle or wheeling price).
	PricePerMWh float64 `json:"price_per_mwh,omitempty"`
	// RampMWPerH limits the change of the net flow (forward minus backward)
	// between periods; it binds from the second period on, and from the first
	// when initial_flow_mw is given. Left out: no limit.
	RampMWPerH    *float64 `json:"ramp_mw_per_h,omitempty"`
	InitialFlowMW *float64 `json:"initial_flow_mw,omitempty"`
}
