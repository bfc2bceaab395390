package opt

// Power's search begins while jobs still look for their places: by half of the passes
// what they take is nearly what they will, and one thread has little else to do. Its
// schedule is where the search for their places' own begins. While answers come from longer
// periods, so does the schedule.

import (
	"context"

	"github.com/wattbit/wattbit/opt/place"
	"github.com/wattbit/wattbit/solver"
)

// ahead is such a search; its zero value has not begun.
type ahead struct {
	stop context.CancelFunc
	done chan struct{}
	x    []float64 // of the longer periods where answers came from these
}

// begin begins to search for the use of the last answer. Where the search ends depends on
// time, so that there is none where time does not count.
func (a *ahead) begin(ctx context.Context, w *power) {
	s := w.s
	if s.o.TimeLimit == 0 || s.o.WorkLimit > 0 || s.o.Threads < 2 {
		return
	}
	of := w // the half that answers
	if c := w.coarse; c != nil && c.g.len() < s.m.T {
		of = c.power
	}
	if of.few == nil || of.coarse != nil {
		return
	}
	use := place.NewUse(of.p)
	copyUse(&use, &of.at)
	few := of.few.unprepared()
	ctx, a.stop = context.WithCancel(ctx)
	a.done = make(chan struct{})
	go func() {
		defer close(a.done)
		a.x = of.s.searchAhead(ctx, of, few, &use)
	}()
}

// end ends the search and returns its schedule, nil for none.
func (a *ahead) end() []float64 {
	if a.stop == nil {
		return nil
	}
	a.stop()
	<-a.done
	return a.x
}

func (s *session) searchAhead(ctx context.Context, w *power, few *narrowed, u *place.Use) []float64 {
	if err := few.prepare(); err != nil {
		return nil
	}
	lp := w.own.Relaxation().Clone(solver.ColBounds)
	w.k.fixUse(lp, w.own, s.m.T, u)
	res, bound, err := few.solve(ctx, lp)
	if err != nil || !res.HasDuals {
		return nil
	}
	in := s.on(w.k.hold(w.own, s.m.T, u))
	in.bound, in.o.OnProgress, in.o.Gap = bound/s.scale, nil, 0
	assets, following := in.oracles(), in.following()
	if len(assets) < manyAssets {
		return nil
	}
	d, err := newDoubt(in.p, assets, res)
	if err != nil {
		return nil
	}
	q := in.holding(following, res.X)
	d.hold(q, following)
	x := in.folded(ctx, assets, q, nil, in.brokenOptions(s.o.Gap/foldedFiner)).x
	if x != nil {
		l := newLots(in, d, x, 1)
		l.computing = nil // it is in parts yet
		x, _ = l.run(ctx)
	}
	s.count(in.out.Nodes)
	if x != nil {
		s.step("ahead: a schedule of %.9g where power in parts costs %.9g", in.p.Eval(x)/s.scale, bound/s.scale)
	}
	return x
}
