package place

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// BenchmarkPlace places seeded cases of 8 sites, 12 pools and 96 periods, and
// reports the gap in per cent of all cost and of computing's part.
//
//	go test -run xxx -bench Place/jobs=100000$ -benchtime 1x ./opt/place
func BenchmarkPlace(b *testing.B) {
	for _, jobs := range []int{1e3, 1e4, 1e5, 1e6} {
		for _, tight := range []bool{false, true} {
			g := recipe{jobs: jobs, periods: 96, sites: 8, seed: 1, utilisation: 0.7, widest: 0.2, links: 1, preemptible: 0.2, moldable: 0.1, malleable: 0.1, gang: 0.1}
			name := fmt.Sprintf("jobs=%d", jobs)
			if tight {
				g.utilisation, g.links = 0.9, 0.3
				name += "tight"
			}
			b.Run(name, func(b *testing.B) {
				if testing.Short() && jobs > 1e4 {
					b.Skip("takes long")
				}
				p, power := g.make()
				for b.Loop() {
					begin := time.Now()
					var soft time.Duration
					r, err := Place(context.Background(), p, power, Options{OnPass: func(r PassReport) {
						if r.Pass <= 24 {
							soft = time.Since(begin)
						}
						b.Logf("%6.2f s %+v", time.Since(begin).Seconds(), r)
					}})
					if err != nil {
						b.Fatal(err)
					}
					none := NewUse(p)
					computing := r.Cost - power.Cost(&none)
					b.ReportMetric(100*(r.Cost-r.Bound)/r.Cost, "%gap")
					b.ReportMetric(100*(r.Cost-r.Bound)/computing, "%computing")
					b.ReportMetric(float64(r.Dropped), "dropped")
					b.ReportMetric(soft.Seconds(), "s-passes")
					b.Logf("cost %.2f, bound %.2f, %+v, power %.2f, dropped for %.2f, late for %.2f, %d questions", r.Cost, r.Bound, r.Account, r.PowerGap, r.DroppedCost, r.LateCost, r.Questions)
				}
			})
		}
	}
}

// BenchmarkAsk measures one question to the oracle of each shape.
func BenchmarkAsk(b *testing.B) {
	g := recipe{jobs: 10000, periods: 96, sites: 8, seed: 1, utilisation: 0.7, widest: 0.2, links: 1, preemptible: 0.2, moldable: 0.1, malleable: 0.1, gang: 0.1}
	p, power := g.make()
	s, err := New(p, Options{})
	if err != nil {
		b.Fatal(err)
	}
	s.look(power)
	for shape, name := range []string{"rigid", "preemptible", "moldable", "malleable", "gang"} {
		var jobs []*Job
		for i := range p.Jobs {
			if p.Jobs[i].Shape == Shape(shape) {
				jobs = append(jobs, &p.Jobs[i])
			}
		}
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				s.askers[0].ask(jobs[i%len(jobs)], None)
			}
		})
	}
}
