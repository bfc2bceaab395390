package opt

// Links.
//
//	0 <= f_t <= forward_t y^f_t,  0 <= b_t <= backward_t y^b_t,  y^f_t + y^b_t <= 1
//	f_t >= fixed / (1 - share) y^f_t,  b_t >= fixed / (1 - share) y^b_t       (with a fixed loss)
//	|(f_t - b_t) - (f_{t-1} - b_{t-1})| <= ramp H_t
//	from: - f_t + (1 - share) b_t - fixed y^b_t
//	to:   - b_t + (1 - share) f_t - fixed y^f_t                               (injections)
//	cost: h_t price (f_t + b_t)
//
// Binaries stand only where flow both ways could pay: with a loss, at negative
// prices ("phantom loss"). With a fixed loss both are needed; with a share alone
// y^b = 1 - y^f; without loss flows are netted instead.

import (
	"math"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type links struct {
	forward, backward []solver.Col
	onF, onB          []solver.Col // y^f, y^b; -1 where there is none
}

func (*links) Kind() string { return "link" }

func (k *links) Formulate(m *Model) error {
	for i := range m.Case.Links {
		l := &m.Case.Links[i]
		from, err := m.Bus(l.From)
		if err != nil {
			return err
		}
		to, err := m.Bus(l.To)
		if err != nil {
			return err
		}
		m.Begin("link", l.Name)
		f := m.Columns("forward", solver.Continuous, func(t int) (float64, float64) { return 0, l.MaxForwardMW.At(t, 0) })
		b := m.Columns("backward", solver.Continuous, func(t int) (float64, float64) { return 0, l.MaxBackwardMW.At(t, 0) })
		onF, onB := solver.Col(-1), solver.Col(-1)
		switch {
		case l.LossFixedMW > 0:
			onF = m.Columns("on forward", solver.Integer, between(0, 1))
			onB = m.Columns("on backward", solver.Integer, between(0, 1))
		case l.LossShare > 0 && twoWay(l, m.T):
			onF = m.Columns("on forward", solver.Integer, between(0, 1))
		}
		m.Label("one way")
		for t := range m.T {
			x, h := solver.Col(t), m.Hours[t]
			m.Inject(from, t, f+x, -1)
			m.Inject(to, t, f+x, 1-l.LossShare)
			m.Inject(to, t, b+x, -1)
			m.Inject(from, t, b+x, 1-l.LossShare)
			m.Cost(model.CostLink, f+x, l.PricePerMWh*h)
			m.Cost(model.CostLink, b+x, l.PricePerMWh*h)
			if onF < 0 {
				continue
			}
			m.offUnless(f+x, l.MaxForwardMW.At(t, 0), onF+x)
			if onB < 0 {
				most := l.MaxBackwardMW.At(t, 0)
				row := m.Row(math.Inf(-1), most)
				m.Add(row, b+x, 1)
				m.Add(row, onF+x, most)
				continue
			}
			m.offUnless(b+x, l.MaxBackwardMW.At(t, 0), onB+x)
			least := l.LossFixedMW / (1 - l.LossShare)
			m.atLeastIf(f+x, least, onF+x)
			m.atLeastIf(b+x, least, onB+x)
			row := m.Row(math.Inf(-1), 1)
			m.Add(row, onF+x, 1)
			m.Add(row, onB+x, 1)
			m.Inject(to, t, onF+x, -l.LossFixedMW)
			m.Inject(from, t, onB+x, -l.LossFixedMW)
		}
		m.rampBothWays("ramp", func(t int) (solver.Col, float64) { return f + solver.Col(t), 1 }, b, l.RampMWPerH, l.InitialFlowMW)
		k.forward, k.backward = append(k.forward, f), append(k.backward, b)
		k.onF, k.onB = append(k.onF, onF), append(k.onB, onB)
	}
	return nil
}

// Propose lets links carry power forward, except that a link with a fixed loss,
// which would have to be paid for, rests; as long as the ramp does not let the
// flow from before the horizon come down to nothing, each goes on its way.
func (k *links) Propose(pt *Proposal) {
	m := pt.Model
	for i := range m.Case.Links {
		l := &m.Case.Links[i]
		if k.onF[i] < 0 {
			continue
		}
		before := 0.0 // the least that is left of the flow before the horizon
		if l.RampMWPerH != nil {
			before = math.Abs(orElse(l.InitialFlowMW, 0))
		}
		for t := range m.T {
			x := solver.Col(t)
			if before > 0 {
				before = math.Max(0, before-*l.RampMWPerH*m.meanHours(t))
			}
			still := before > zero
			forward := still && *l.InitialFlowMW > 0
			if k.onB[i] >= 0 {
				pt.Set(k.onB[i]+x, boolFloat(still && !forward))
			} else if !still {
				forward = l.MaxForwardMW.At(t, 0) > 0
			}
			pt.Set(k.onF[i]+x, boolFloat(forward))
		}
	}
}

func (k *links) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Links {
		l := &pt.Model.Case.Links[i]
		f, b := pt.Series(k.forward[i]), pt.Series(k.backward[i])
		loss := make([]float64, len(f))
		for t := range f {
			if k.onF[i] < 0 {
				both := min(f[t], b[t])
				f[t] -= both
				b[t] -= both
			}
			loss[t] = l.LossShare * (f[t] + b[t])
			if f[t]+b[t] > 0 {
				loss[t] += l.LossFixedMW
			}
		}
		p.Links = append(p.Links, model.LinkPlan{Name: l.Name, ForwardMW: f, BackwardMW: b, LossMW: loss})
	}
}

// twoWay says whether the link can carry power both ways in some period.
func twoWay(l *model.Link, T int) bool {
	for t := range T {
		if l.MaxForwardMW.At(t, 0) > 0 && l.MaxBackwardMW.At(t, 0) > 0 {
			return true
		}
	}
	return false
}
