package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// With cooling what is counted is the machines' power, and room to import must be there
// for its overhead too: 0.2 MW/MW up to 10 MW, then 0.5. In the second hour a workload
// draws 10+2 MW of the 15 that may be imported, so that 3/1.5 = 2 spare units are all.
func TestReserveWithCooling(t *testing.T) {
	c, _ := promising(model.Up, 10, []float64{10, 0}, 10, 10)
	c.Sites[0].Cooling = &model.Cooling{Pieces: []model.CoolingPiece{
		{ITMW: ptr(10.0), OverheadMWPerMW: 0.2}, {OverheadMWPerMW: 0.5},
	}}
	c.Sites[0].ImportLimitMW = model.Series{15}
	c.LatencyClasses = []model.LatencyClass{{Name: "hot"}}
	work(c, "hot", 0, 10).UnservedPricePerUnitH = ptr(1e4)
	p := lasts(t, c)
	p.cost(120 + 120 + 800)
	p.promised(0, 2, 0)
	// At an overhead halved by the weather, and 12.5 MW: 1.5/1.25 = 1.2.
	c.Sites[0].AmbientC = model.Series{5}
	c.Sites[0].Cooling.ByTemperature = []model.CoolingFactor{{AmbientC: 5, Factor: 0.5}}
	c.Sites[0].ImportLimitMW = model.Series{12.5}
	p = lasts(t, c)
	p.cost(110 + 110 + 880)
	p.promised(0, 1.2, 0)
	// Cooling that serves 11 MW, with room to import.
	c.Sites[0].ImportLimitMW = model.Series{100}
	c.Sites[0].Cooling.Pieces[1].ITMW = ptr(11.0)
	p = lasts(t, c)
	p.promised(0, 1, 0)
	// Downward in the first hour beside the workload there: 10 of 15 MW, 1/1.5.
	c, _ = promising(model.Down, 10, []float64{10, 0}, 10, 10)
	c.Sites[0].Cooling = &model.Cooling{Pieces: []model.CoolingPiece{{OverheadMWPerMW: 0.5}}}
	c.Sites[0].ImportLimitMW = model.Series{15 + 1}
	c.LatencyClasses = []model.LatencyClass{{Name: "hot"}}
	work(c, "hot", 10, 0).UnservedPricePerUnitH = ptr(1e4)
	p = lasts(t, c)
	p.promised(0, 2.0/3, 0)
}

// Solar power behind the meter feeds 4 MW out beside the 10 that the job takes; of an
// export limit of 6 MW that leaves 2 on call.
func TestReserveBehindMeter(t *testing.T) {
	c, _ := promising(model.Up, 10, []float64{10, 0}, 10, 10)
	c.Renewables = []model.Renewable{{Name: "solar", Site: "S", AvailableMW: model.Series{14, 0}, MinPowerMW: model.Series{14, 0}}}
	c.Sites[0].ExportLimitMW = model.Series{6}
	load(c, "A", 100, 100)
	p := lasts(t, c)
	p.cost(10*(200+10-14) + 800)
	p.promised(0, 2, 0)
}

// A programme pays 500 an hour for importing no more than 15 MW. A workload draws 10 in
// the second hour: while it is called there, 5 units are spare for the job.
func TestReserveBesideDemandResponse(t *testing.T) {
	c, _ := promising(model.Up, 10, []float64{10, 0}, 10, 10)
	c.LatencyClasses = []model.LatencyClass{{Name: "hot"}}
	work(c, "hot", 0, 10).UnservedPricePerUnitH = ptr(1e4)
	c.DemandResponses = []model.DemandResponse{{
		Name: "DR", Site: "S", BaselineMW: model.Series{25}, ReductionMW: 10, PricePerMWh: 60, Offered: model.Series{0, 1},
	}}
	p := lasts(t, c)
	p.cost(200 + 500 - 600)
	p.promised(0, 5, 0)
	// For 400 it is not worth the 5 MW short.
	c.DemandResponses[0].PricePerMWh = 40
	p = lasts(t, c)
	p.cost(200)
	p.promised(0, 10, 0)
	// Nor is it where the spare units draw more than a battery could carry: that it carries
	// what the plan draws, 10 MW for 6 minutes, is all that is asked of it.
	c.Sites[0].UPSMinutes = 6
	c.Storages = []model.Storage{{
		Name: "B", Site: "S", MaxChargeMW: 0.1, MaxDischargeMW: 15, LevelMaxMWh: 1, InitialLevelMWh: 1,
	}}
	p = lasts(t, c)
	p.cost(200)
	p.promised(0, 10, 0)
}
