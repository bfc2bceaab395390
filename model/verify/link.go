package verify

import (
	"math"

	"github.com/wattbit/wattbit/model"
)

const (
	ruleLinkForward  = "link.forward"
	ruleLinkBackward = "link.backward"
	ruleLinkOneWay   = "link.one_way"
	ruleLinkLoss     = "link.loss"
	ruleLinkRamp     = "link.ramp"
)

func linkRules() []Rule {
	return []Rule{
		{ruleLinkForward, "Forward flow is not negative and at most its limit."},
		{ruleLinkBackward, "Backward flow is not negative and at most its limit."},
		{ruleLinkOneWay, "In one period power flows one way only."},
		{ruleLinkLoss, "The loss is the share of the flow, plus the fixed loss while the link carries power."},
		{ruleLinkRamp, "The net flow changes by at most the ramp limit."},
	}
}

func (k *checker) links() {
	for i := range k.c.Links {
		l, p := &k.c.Links[i], &k.p.Links[i]
		from, to := k.at.buses[l.From], k.at.buses[l.To]
		sent := 0.0
		before := l.InitialFlowMW
		for t, h := range k.hours {
			forward, backward := p.ForwardMW[t], p.BackwardMW[t]
			k.linkFlow(ruleLinkForward, l.Name, t, forward, l.MaxForwardMW.At(t, 0))
			k.linkFlow(ruleLinkBackward, l.Name, t, backward, l.MaxBackwardMW.At(t, 0))
			k.report.Checked++
			if active := k.o.Tolerances.Activity; forward > active && backward > active {
				k.breach(ruleLinkOneWay, l.Name, t, min(forward, backward), 0, "%g MW flow forward and %g MW backward at once", forward, backward)
			}
			lossForward, lossBackward := k.linkLoss(l, p, t)
			if loss := lossForward + lossBackward; k.differ(p.LossMW[t], loss) {
				k.breach(ruleLinkLoss, l.Name, t, p.LossMW[t], loss, "the loss is given as %g MW; the flow loses %g", p.LossMW[t], loss)
			}
			k.inject(from, t, -forward)
			k.inject(to, t, forward-lossForward)
			k.inject(to, t, -backward)
			k.inject(from, t, backward-lossBackward)
			sent += (forward + backward) * h

			net := forward - backward
			if l.RampMWPerH != nil && before != nil {
				if most := *l.RampMWPerH * k.rampHours(t); k.above(math.Abs(net-*before), most) {
					k.breach(ruleLinkRamp, l.Name, t, math.Abs(net-*before), most, "the net flow goes from %g to %g MW, by at most %g", *before, net, most)
				}
			}
			before = &net
		}
		k.charge(model.CostLink, l.Name, i, l.PricePerMWh*sent)
	}
}

func (k *checker) linkFlow(rule, asset string, t int, flow, most float64) {
	switch {
	case k.below(flow, 0):
		k.breach(rule, asset, t, flow, 0, "the flow is %g MW", flow)
	case k.above(flow, most):
		k.breach(rule, asset, t, flow, most, "the flow is %g MW, at most %g", flow, most)
	}
}

// linkLoss returns the loss of each direction. A flow too small to say whether
// the link carries power has the fixed loss if the plan says so.
func (k *checker) linkLoss(l *model.Link, p *model.LinkPlan, t int) (forward, backward float64) {
	active := k.o.Tolerances.Activity
	loss := func(flow float64) float64 {
		share := l.LossShare * flow
		if flow > active || flow > 0 && p.LossMW[t] > l.LossFixedMW/2 {
			return share + l.LossFixedMW
		}
		return share
	}
	return loss(p.ForwardMW[t]), loss(p.BackwardMW[t])
}
