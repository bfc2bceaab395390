package model

// DemandResponse is a programme that pays a site for importing less than a
// baseline. The plan decides when it is called. A call is an unbroken run of
// periods; in each the import, with all that reserve of the site's jobs and of
// what stands behind its meter may add to it, is at most
//
//	baseline_mw - reduction_mw
type DemandResponse struct {
	Name string `json:"name"`
	Site string `json:"site"`
	// BaselineMW of the site's import.
	BaselineMW Series `json:"baseline_mw"`
	// ReductionMW below the baseline while called.
	ReductionMW float64 `json:"reduction_mw"`
	// PricePerMWh of reduction earned.
	PricePerMWh float64 `json:"price_per_mwh"`
	// Offered is 1 in the periods in which the programme may be called, else 0.
	// Left out: always.
	Offered Series `json:"offered,omitempty"`
	// NoticeH ahead of which a call is announced: none begins earlier after the
	// horizon's start. Default 0.
	NoticeH float64 `json:"notice_h,omitempty"`
	// MinCallH is the least length of a call; one at the horizon's end may be
	// shorter. Default 0.
	MinCallH float64 `json:"min_call_h,omitempty"`
	// MaxCallH is the most length of a call. Left out: no limit.
	MaxCallH *float64 `json:"max_call_h,omitempty"`
	// MaxCalls over the horizon. Left out: no limit.
	MaxCalls *int `json:"max_calls,omitempty"`
}

// Open says whether the programme may be called in period t, which begins so many
// hours after the horizon's start. No call goes on from before the horizon, so a period
// in which none can have begun is closed.
func (d *DemandResponse) Open(t int, beginH float64) bool {
	return d.Offered.At(t, 1) > 0.5 && beginH >= d.NoticeH-durationSlack
}
