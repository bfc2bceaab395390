package jobparquet

import (
	"math"
	"time"

	"github.com/wattbit/wattbit/report"
)

// job is a row of jobs.parquet. Its tags are the schema; docs/export.md lists it.
// Optional columns are null where there is no value.
type job struct {
	Job            string     `parquet:"job"`
	Number         int32      `parquet:"number"`
	Region         string     `parquet:"region,dict"`
	Class          *string    `parquet:"class,optional,dict"`
	Owner          *string    `parquet:"owner,optional,dict"`
	Shape          string     `parquet:"shape,dict"`
	Status         string     `parquet:"status,dict"`
	Site           *string    `parquet:"site,optional,dict"`
	Pool           *string    `parquet:"pool,optional,dict"`
	LastPool       *string    `parquet:"last_pool,optional,dict"`
	Start          *time.Time `parquet:"start,optional,timestamp(millisecond:utc)"`
	End            *time.Time `parquet:"end,optional,timestamp(millisecond:utc)"`
	Deadline       *time.Time `parquet:"deadline,optional,timestamp(millisecond:utc)"`
	Due            *time.Time `parquet:"due,optional,timestamp(millisecond:utc)"`
	LateH          float64    `parquet:"late_h"`
	WorkUnitH      float64    `parquet:"work_unit_h"`
	LeftUnitH      float64    `parquet:"left_unit_h"`
	TransferGB     float64    `parquet:"transfer_gb"`
	WidestUnits    float64    `parquet:"widest_units"`
	Interruptions  int32      `parquet:"interruptions"`
	Moves          int32      `parquet:"moves"`
	MWh            float64    `parquet:"mwh"`
	DataMWh        float64    `parquet:"data_mwh"`
	CO2T           float64    `parquet:"co2_t"`
	MarginalCO2T   *float64   `parquet:"marginal_co2_t,optional"`
	PowerCost      *float64   `parquet:"power_cost,optional"`
	CapacityCost   *float64   `parquet:"capacity_cost,optional"`
	DataCost       float64    `parquet:"data_cost"`
	PenaltyCost    float64    `parquet:"penalty_cost"`
	TotalCost      *float64   `parquet:"total_cost,optional"`
	HourLaterSaves *float64   `parquet:"hour_later_saves,optional"`
}

// period is a row of job_periods.parquet.
type period struct {
	Time       time.Time `parquet:"time,timestamp(millisecond:utc)"`
	Hours      float64   `parquet:"hours"`
	Job        string    `parquet:"job"`
	Number     int32     `parquet:"number"`
	Site       string    `parquet:"site,dict"`
	Pool       string    `parquet:"pool,dict"`
	BusyUnits  float64   `parquet:"busy_units"`
	WorkUnitH  float64   `parquet:"work_unit_h"`
	TransferGB float64   `parquet:"transfer_gb"`
	HeldUnits  float64   `parquet:"held_units"`
}

// promise is a row of job_promises.parquet.
type promise struct {
	Time       time.Time `parquet:"time,timestamp(millisecond:utc)"`
	Hours      float64   `parquet:"hours"`
	Job        string    `parquet:"job"`
	Number     int32     `parquet:"number"`
	Site       string    `parquet:"site,dict"`
	Pool       string    `parquet:"pool,dict"`
	Product    *string   `parquet:"product,optional,dict"`
	Direction  string    `parquet:"direction,dict"`
	MW         float64   `parquet:"mw"`
	Units      float64   `parquet:"units"`
	SpareUnits float64   `parquet:"spare_units"`
}

func jobOf(r *report.JobRow) job {
	out := job{
		Job: r.Job, Number: int32(r.Number), Region: r.Region, Class: text(r.Class), Owner: text(r.Owner), Shape: string(r.Shape),
		Status: string(r.Status), Site: text(r.Site), Pool: text(r.Pool), LastPool: text(r.LastPool),
		Start: moment(r.Start), End: moment(r.End), Deadline: moment(r.Deadline), Due: moment(r.Due),
		LateH: r.LateH, WorkUnitH: r.WorkUnitH, LeftUnitH: r.LeftUnitH, TransferGB: r.TransferGB, WidestUnits: r.WidestUnits,
		Interruptions: int32(r.Interruptions), Moves: int32(r.Moves),
		MWh: r.Account.MWh, DataMWh: r.Account.DataMWh, CO2T: r.Account.CO2T,
		DataCost: r.Account.DataCost, PenaltyCost: r.Account.PenaltyCost, HourLaterSaves: value(r.HourLaterSaves),
	}
	if r.Marginal {
		out.MarginalCO2T = value(r.Account.MarginalCO2T)
	}
	if r.Priced {
		out.PowerCost, out.CapacityCost, out.TotalCost = value(r.Account.PowerCost), value(r.Account.CapacityCost), value(r.Account.Total())
	}
	return out
}

func periodOf(r *report.JobPeriodRow) period {
	return period{r.Start.UTC(), r.Hours, r.Job, int32(r.Number), r.Site, r.Pool, r.BusyUnits, r.WorkUnitH, r.TransferGB, r.HeldUnits}
}

func promiseOf(r *report.JobPromiseRow) promise {
	return promise{r.Start.UTC(), r.Hours, r.Job, int32(r.Number), r.Site, r.Pool, text(r.Product), string(r.Direction), r.MW, r.Units, r.SpareUnits}
}

func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func value(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}
