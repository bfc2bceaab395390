package opt_test

import (
	"math"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
	"github.com/wattbit/wattbit/solver"
)

// mint is a kind that earns money without an end, which no built-in kind does.
type mint struct{}

func (mint) Kind() string { return "mint" }

func (mint) Formulate(m *opt.Model) error {
	m.Begin("mint", "M")
	m.Cost(model.CostOther, m.Column(0, math.Inf(1), solver.Continuous), -1)
	return nil
}

func (mint) Extract(*opt.Point, *model.Plan) {}

// The cost of a case with a mint has no lower end, and the note names what it
// falls with.
func TestUnbounded(t *testing.T) {
	c := hourly(2)
	load(c, "A", 50)
	unit(c, "G", 10, 100, 10)
	out := outcome(t, c, opt.Options{Catalog: append(opt.Catalog(opt.Formulation{}), mint{})})
	if out.Status != opt.Unbounded || out.Plan != nil {
		t.Fatalf("status %s, plan %v, notes %q; want it unbounded", out.Status, out.Plan, out.Notes)
	}
	if len(out.Notes) == 0 {
		t.Error("nothing says what the cost falls with")
	}
}
