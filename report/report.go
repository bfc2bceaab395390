package report

import (
	"io"
	"sync"

	"github.com/wattbit/wattbit/model"
)

// Report is a plan joined to its case, from which page, tables and summary are made:
// what they have in common is worked out once.
type Report struct{ j *joined }

// New joins a plan to its case. The error says what of the plan does not fit the case.
func New(c *model.Case, p *model.Plan) (*Report, error) {
	j, err := join(c, p)
	if err != nil {
		return nil, err
	}
	return &Report{j}, nil
}

// Summary is the function Summarise.
func (r *Report) Summary() *Summary { return r.j.summary() }

// HTML is the function of that name.
func (r *Report) HTML(w io.Writer, meta Meta) error { return r.j.html(w, meta) }

// Tables is the function of that name.
func (r *Report) Tables(dir string) error { return r.j.writeTables(dir) }

// once keeps what is asked for more than once, perhaps from several goroutines.
type once[T any] struct {
	sync.Once
	value T
}

func (o *once[T]) of(make func() T) T {
	o.Do(func() { o.value = make() })
	return o.value
}
