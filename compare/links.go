package compare

import (
	"math"
	"slices"

	"github.com/wattbit/wattbit/model"
)

// stepsPerMW: held flows are rounded up to a kilowatt, so that the plan that they
// come from stays within them.
const stepsPerMW = 1000

// holdLinks returns the case with links that carry, in each period and direction,
// no more than in the plan. The plan remains one of that case.
func holdLinks(c *model.Case, plan *model.Plan) *model.Case {
	out := *c
	out.Links = slices.Clone(c.Links)
	for i := range out.Links {
		l, flows := &out.Links[i], &plan.Links[i]
		l.MaxForwardMW = held(flows.ForwardMW, l.MaxForwardMW)
		l.MaxBackwardMW = held(flows.BackwardMW, l.MaxBackwardMW)
	}
	return &out
}

func held(flowMW []float64, most model.Series) model.Series {
	out := make(model.Series, len(flowMW))
	for t, mw := range flowMW {
		out[t] = min(math.Ceil(max(0, mw)*stepsPerMW)/stepsPerMW, most.At(t, 0))
	}
	return out
}
