package compare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// Options of a comparison.
type Options struct {
	// Solve is how each variant is planned; the limits are of each.
	Solve opt.Options
	// OnBegin, where set, is told the variant whose planning begins; OnEnd the row
	// that it became. Both are called by the caller's goroutine.
	OnBegin func(Variant)
	OnEnd   func(*Row)
}

// Comparison is a case planned in several ways. Money is in Currency.
type Comparison struct {
	Case       string `json:"case"`
	CaseSHA256 string `json:"case_sha256"`
	Currency   string `json:"currency"`
	// Rows of the variants in their order.
	Rows []Row `json:"rows"`
}

// Row is one variant: how it was planned, and what became of it.
type Row struct {
	Variant Variant `json:"variant"`
	// SameAs is the variant whose plan this row shows too, "" for none.
	SameAs Variant `json:"same_as,omitempty"`
	// Status is how the search ended, "" where there was none. Error says why there
	// are no figures.
	Status string `json:"status"`
	Error  string `json:"error,omitempty"`
	// GapMoney between the cost of the variant and what is proved that it costs at
	// least; nil without a proof.
	GapMoney *float64 `json:"gap_money"`
	// Figures of the plan in the case as it is; nil without one.
	Figures *Figures `json:"figures"`
	// Difference to the case as it is; nil where either has no plan.
	Difference *Difference `json:"difference"`
	// Notes on what had to be decided, and on what kept work from its place.
	Notes []string `json:"notes,omitempty"`
	// Seconds that the planning took.
	Seconds float64 `json:"seconds"`

	// Plan of the case as it is; nil without figures.
	Plan *model.Plan `json:"-"`
	// Outcome of the search, whose plan is of the variant's case; Err is why there is
	// none or its plan did not hold.
	Outcome *opt.Outcome `json:"-"`
	Err     error        `json:"-"`
}

// Difference is what a variant costs more than the case as it is.
type Difference struct {
	Money float64 `json:"money"`
	// Share of the cost as is.
	Share float64 `json:"share"`
	// Significant: the difference is larger than the gaps of both plans together.
	Significant bool `json:"significant"`
}

// Run plans the case in each variant, in order. A variant that fails does not end
// the others: its row says why. The error says that nothing could be tried: the case
// is invalid (a model.Findings), or the engine is missing.
//
// When ctx ends, the variant being planned ends with its best plan, and the rest are
// not planned.
func Run(ctx context.Context, c *model.Case, o Options) (*Comparison, error) {
	if o.Solve.Engine == nil {
		return nil, opt.ErrNoEngine
	}
	if _, err := c.Validate(); err != nil {
		return nil, err
	}
	r := &runner{c: c, o: o, out: &Comparison{Case: c.Name, CaseSHA256: c.Fingerprint(), Currency: c.Currency}}
	for _, v := range Variants() {
		if o.OnBegin != nil {
			o.OnBegin(v)
		}
		row := r.row(ctx, v)
		if row.Err != nil {
			row.Error = row.Err.Error()
		}
		r.out.Rows = append(r.out.Rows, row)
		r.out.compare()
		if o.OnEnd != nil {
			o.OnEnd(&r.out.Rows[len(r.out.Rows)-1])
		}
	}
	return r.out, nil
}

// Row returns the row of a variant, nil without one.
func (c *Comparison) Row(v Variant) *Row {
	for i := range c.Rows {
		if c.Rows[i].Variant == v {
			return &c.Rows[i]
		}
	}
	return nil
}

// compare fills in the difference of the last row.
func (c *Comparison) compare() {
	base, row := &c.Rows[0], &c.Rows[len(c.Rows)-1]
	if base == row || base.Figures == nil || row.Figures == nil {
		return
	}
	d := &Difference{Money: row.Figures.Cost - base.Figures.Cost}
	if base.Figures.Cost != 0 {
		d.Share = d.Money / math.Abs(base.Figures.Cost)
	}
	if base.GapMoney != nil && row.GapMoney != nil {
		d.Significant = math.Abs(d.Money) > *base.GapMoney+*row.GapMoney
	}
	row.Difference = d
}

type runner struct {
	c   *model.Case
	o   Options
	out *Comparison
}

var (
	errStopped = errors.New("interrupted before it was planned")
	errNoFlows = errors.New("there is no plan of " + `"` + string(Neither) + `"` + " whose flows could be held")
)

func (r *runner) row(ctx context.Context, v Variant) Row {
	if same := v.sameAs(); same != v {
		row := *r.out.Row(same)
		row.Variant, row.SameAs, row.Seconds = v, same, 0
		return row
	}
	row := Row{Variant: v}
	var neither *model.Plan
	if v == BitsOnly {
		if neither = r.out.Row(Neither).Plan; neither == nil {
			row.Err = errNoFlows
			return row
		}
	}
	if ctx.Err() != nil {
		row.Err = errStopped
		return row
	}
	began := time.Now()
	r.plan(ctx, &row, neither)
	row.Seconds = time.Since(began).Seconds()
	return row
}

// plan fills in a row.
func (r *runner) plan(ctx context.Context, row *Row, neither *model.Plan) {
	varied, notes := variantCase(r.c, row.Variant, neither)
	row.Notes = notes
	out, err := opt.Solve(ctx, varied, r.o.Solve)
	if err != nil {
		row.Err = fmt.Errorf("its case cannot be planned: %w", err)
		return
	}
	row.Outcome, row.Status = out, out.Status.String()
	if out.Plan == nil {
		row.Err = fmt.Errorf("there is no plan: %s", out.Status)
		return
	}
	if _, money, ok := out.Plan.Gap(); ok {
		row.GapMoney = &money
	}
	if row.Variant == NoTime || row.Variant == Neither {
		row.Notes = append(row.Notes, waited(out.Plan)...)
	}
	if row.Plan = out.Plan; varied != r.c {
		if row.Plan, err = settle(r.c, out.Plan); err != nil {
			row.Err = err
			return
		}
	}
	if row.Figures, err = figures(r.c, row.Plan); err != nil {
		row.Plan, row.Err = nil, err
	}
}

// waited says how many jobs could not run as soon as they might alone. In plans of
// atOnce, lateness counts from there.
func waited(p *model.Plan) []string {
	jobs, hours := 0, 0.0
	for i := range p.Jobs {
		if late := p.Jobs[i].LateH; late > 0 {
			jobs, hours = jobs+1, hours+late
		}
	}
	if jobs == 0 {
		return nil
	}
	return []string{fmt.Sprintf("capacity, data or other jobs kept %d of %d jobs from running at once, by %.3g h each on average", jobs, len(p.Jobs), hours/float64(jobs))}
}
