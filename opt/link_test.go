package opt_test

import (
	"testing"

	"github.com/wattbit/wattbit/model"
)

// linked returns a case with power at 10 at bus A, at 50 at bus B, demand at B
// and a link of 100 MW from A to B.
func linked(demandB ...float64) (*model.Case, *model.Link) {
	c := hourly(len(demandB))
	c.Buses = append(c.Buses, model.Bus{Name: "B"})
	load(c, "B", demandB...)
	unit(c, "cheap", 0, 200, 10)
	unit(c, "dear", 0, 200, 50).Bus = "B"
	c.Links = []model.Link{{Name: "L", From: "A", To: "B", MaxForwardMW: model.Series{100}}}
	return c, &c.Links[0]
}

// A tenth is lost: 50 MW sent for 45; a MW at B costs 10/0.9.
func TestLinkLossShare(t *testing.T) {
	c, l := linked(45)
	l.LossShare = 0.1
	p := solve(t, c)
	p.cost(500)
	p.series("forward", p.Links[0].ForwardMW, 50)
	p.series("loss", p.Links[0].LossMW, 5)
	p.price("A", 10)
	p.price("B", 10/0.9)
}

// On top of a tenth, 5 MW are lost while the link runs: 50 MW bring 40. For 1 MW
// 6/0.9 would be sent, at 66.7 dearer than 50 on the spot; for nothing it rests.
func TestLinkFixedLoss(t *testing.T) {
	c, l := linked(40, 1, 0)
	l.LossShare, l.LossFixedMW = 0.1, 5
	l.MaxBackwardMW = model.Series{100}
	p := solve(t, c)
	p.cost(500 + 50)
	p.series("forward", p.Links[0].ForwardMW, 50, 0, 0)
	p.series("loss", p.Links[0].LossMW, 10, 0, 0)
}

// At a price of -20 at A, power lost is money earned: once a full 10 MW are sent
// no more can be lost by sending some of it back, and no link is left energised
// for its fixed loss.
func TestNoPhantomLoss(t *testing.T) {
	for _, fixed := range []float64{0, 2} {
		c := hourly(1)
		c.Buses = append(c.Buses, model.Bus{Name: "B"})
		load(c, "A", 10)
		load(c, "B", 3)
		c.Renewables = []model.Renewable{{Name: "wind", Bus: "A", AvailableMW: model.Series{100}, CostPerMWh: -20}}
		c.Links = []model.Link{{
			Name: "L", From: "A", To: "B", MaxForwardMW: model.Series{10}, MaxBackwardMW: model.Series{10},
			LossShare: 0.5, LossFixedMW: fixed,
		}}
		p := solve(t, c)
		// 3 MW arrive: 6 are sent, or 10 where 2 more are lost.
		sent := (3 + fixed) / 0.5
		p.cost(-20 * (10 + sent))
		p.series("forward", p.Links[0].ForwardMW, sent)
		p.series("backward", p.Links[0].BackwardMW, 0)
		p.series("loss", p.Links[0].LossMW, 0.5*sent+fixed)
	}
}

// Without a loss flows both ways are the same as none; the plan shows the net.
func TestLinkWithoutLoss(t *testing.T) {
	c, l := linked(80)
	l.MaxBackwardMW = model.Series{100}
	p := solve(t, c)
	p.cost(800)
	p.series("forward", p.Links[0].ForwardMW, 80)
	p.series("backward", p.Links[0].BackwardMW, 0)
}

// A hurdle of 5 makes 15 of 10, backwards as well as forwards.
func TestLinkHurdle(t *testing.T) {
	c, l := linked(80)
	l.From, l.To = "B", "A"
	l.MaxForwardMW, l.MaxBackwardMW = model.Series{0}, model.Series{60}
	l.PricePerMWh = 5
	p := solve(t, c)
	p.cost(600 + 300 + 20*50)
	p.item(model.CostLink, "L", 300)
	p.series("backward", p.Links[0].BackwardMW, 60)
	p.price("B", 50)
}

// From a flow of 10 at 20 MW an hour: 30, 50, 70 of 80.
func TestLinkRamp(t *testing.T) {
	c, l := linked(80, 80, 80)
	l.RampMWPerH, l.InitialFlowMW = ptr(20.0), ptr(10.0)
	p := solve(t, c)
	p.cost(10*(30+50+70) + 50*(50+30+10))
	p.series("forward", p.Links[0].ForwardMW, 30, 50, 70)
}

// The ramp is that of the net flow: from 15 backward to 25 forward in two steps
// of 20.
func TestLinkRampThroughZero(t *testing.T) {
	c, l := linked(80, 80)
	l.MaxBackwardMW = model.Series{100}
	l.RampMWPerH, l.InitialFlowMW = ptr(20.0), ptr(-15.0)
	p := solve(t, c)
	p.cost(10*(5+25) + 50*(75+55))
	p.series("forward", p.Links[0].ForwardMW, 5, 25)
}
