package decomp

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// fleet is a master of the size of a large unit commitment: units on balance and
// reserve of every period, points from schedules at prices near the centre.
func fleet(rng *rand.Rand, units, points, hours int) (p masterProgram, known [][]*point, center []float64) {
	p.colStart = []int32{0}
	p.rowLower, p.rowUpper = make([]float64, 2*hours), make([]float64, 2*hours)
	shape := make([]float64, hours)
	for t := range hours {
		shape[t] = 0.7 + 0.3*math.Sin(2*math.Pi*float64(t)/24)
	}
	center = make([]float64, 2*hours)
	for t := range hours {
		center[t], center[hours+t] = 10+50*shape[t], math.Max(0, 5*(shape[t]-0.8))
	}
	all := subset(rng, 2*hours, 2*hours)
	for range units {
		size, cost := 20+480*rng.Float64(), 12+60*rng.Float64()
		mine := []*point{{}} // off
		for range points - 1 {
			mine = append(mine, schedule(rng, hours, size, cost, center))
		}
		for t := range hours {
			p.rowLower[t] += size * shape[t] * 0.6
			p.rowLower[hours+t] += size * shape[t] * 0.02
		}
		p.support = append(p.support, all)
		known = append(known, mine)
	}
	for t := range hours {
		p.rowUpper[t], p.rowUpper[hours+t] = p.rowLower[t], math.Inf(1)
		shortage(&p, int32(t), 1000)
		shortage(&p, int32(hours+t), 300)
	}
	return p, known, center
}

// shortage adds a column that meets a row at a price.
func shortage(p *masterProgram, row int32, cost float64) {
	p.rowIndex, p.value = append(p.rowIndex, row), append(p.value, 1)
	p.colStart = append(p.colStart, int32(len(p.rowIndex)))
	p.boxCost, p.boxLower, p.boxUpper = append(p.boxCost, cost), append(p.boxLower, 0), append(p.boxUpper, math.Inf(1))
}

// schedule is on while noisy prices cover the cost, off for at least a few hours.
func schedule(rng *rand.Rand, hours int, size, cost float64, center []float64) *point {
	q := &point{}
	level := 1 + 0.15*rng.NormFloat64()
	for t := range hours {
		if v := center[t]*level + 2*rng.NormFloat64(); v > cost {
			share := math.Min(1, 0.4+(v-cost)/20)
			q.row, q.val = append(q.row, int32(t)), append(q.val, share*size)
			q.cost += share * size * cost
		}
	}
	for k, t := range slices.Clone(q.row) {
		q.row, q.val = append(q.row, t+int32(hours)), append(q.val, size-q.val[k])
	}
	if len(q.row) > 0 {
		q.cost += size * 20
	}
	return q
}

// hubs are several fleets of zones with links between neighbours, and storage of
// many sites as a linear part: a level row and three columns a period.
func hubs(rng *rand.Rand, zones, units, points, hours, stores int) (p masterProgram, known [][]*point, center []float64) {
	p.colStart = []int32{0}
	add := func(cost, upper float64, terms ...float64) {
		for k := 0; k < len(terms); k += 2 {
			p.rowIndex, p.value = append(p.rowIndex, int32(terms[k])), append(p.value, terms[k+1])
		}
		p.colStart = append(p.colStart, int32(len(p.rowIndex)))
		p.boxCost, p.boxLower, p.boxUpper = append(p.boxCost, cost), append(p.boxLower, 0), append(p.boxUpper, upper)
	}
	for z := range zones {
		f, k, c := fleet(rng, units/zones, points, hours)
		first := len(p.rowLower)
		p.rowLower, p.rowUpper = append(p.rowLower, f.rowLower...), append(p.rowUpper, f.rowUpper...)
		center = append(center, c...)
		all := make([]int32, 2*hours)
		for r := range all {
			all[r] = int32(first + r)
		}
		for i := range k {
			p.support = append(p.support, all)
			for _, q := range k[i] {
				for j := range q.row {
					q.row[j] += int32(first)
				}
			}
		}
		known = append(known, k...)
		for t := range hours {
			balance, reserve := float64(first+t), float64(first+hours+t)
			add(1000, math.Inf(1), balance, 1)
			add(300, math.Inf(1), reserve, 1)
			if z > 0 {
				other := float64(first - 2*hours + t)
				add(0.5, 300, balance, 1, other, -1)
				add(0.5, 300, balance, -1, other, 1)
			}
		}
	}
	for s := range stores {
		zone := s % zones
		first := len(p.rowLower)
		for t := range hours {
			balance, level := float64(zone*2*hours+t), float64(first+t)
			p.rowLower, p.rowUpper = append(p.rowLower, 0), append(p.rowUpper, 0)
			center = append(center, center[zone*2*hours+t])
			add(0.1, 10, balance, -1, level, 0.9)
			add(0.1, 10, balance, 1, level, -1)
			if t+1 < hours {
				add(0, 40, level, -1, level+1, 1)
			} else {
				add(0, 40, level, -1)
			}
		}
	}
	return p, known, center
}

func benchmarkMaster(b *testing.B, p masterProgram, known [][]*point, center []float64, workers int) {
	m, err := newMaster(p, workers)
	if err != nil {
		b.Fatal(err)
	}
	m.points = known
	q := make([]float64, len(center))
	for r := range q {
		q[r] = 0.5 * math.Max(1, math.Abs(p.rowLower[r])) / 100
	}
	iterations := 0
	b.ReportAllocs()
	for b.Loop() {
		res, err := m.solve(b.Context(), center, q, 1e-6, nil)
		if err != nil {
			b.Fatal(err)
		}
		if !(res.gap <= 1e-6) {
			b.Fatalf("gap %v after %d iterations", res.gap, res.iterations)
		}
		iterations += res.iterations
	}
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(iterations), "ms/iteration")
	b.ReportMetric(float64(iterations)/float64(b.N), "iterations")
	b.ReportMetric(float64(len(center)-m.factor.sparse), "core")
}

// The size of a large unit commitment: 934 units, 48 periods, 96 rows.
func BenchmarkMasterFleet(b *testing.B) {
	p, known, center := fleet(rand.New(rand.NewPCG(5, 1)), 934, 6, 48)
	for _, w := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", w), func(b *testing.B) { benchmarkMaster(b, p, known, center, w) })
	}
}

// Eight zones of 175 units, 24 periods, and 192 stores: 384 + 4,608 rows.
func BenchmarkMasterHubs(b *testing.B) {
	p, known, center := hubs(rand.New(rand.NewPCG(5, 2)), 8, 1400, 6, 24, 192)
	for _, w := range []int{1, 2} {
		b.Run(fmt.Sprintf("workers=%d", w), func(b *testing.B) { benchmarkMaster(b, p, known, center, w) })
	}
}

// The same bytes for any number of workers and of processors.
func TestMasterDeterminism(t *testing.T) {
	p, known, center := hubs(rand.New(rand.NewPCG(5, 3)), 3, 90, 12, 12, 10)
	q := constant(len(center), 0.5)
	run := func(workers int) []float64 {
		m, err := newMaster(p, workers)
		if err != nil {
			t.Fatal(err)
		}
		m.points = known
		res, err := m.solve(t.Context(), center, q, 1e-6, nil)
		if err != nil {
			t.Fatal(err)
		}
		out := append(slices.Clone(res.price), res.value)
		out = append(out, res.box...)
		for _, points := range known {
			for _, q := range points {
				out = append(out, q.weight)
			}
		}
		return out
	}
	want := run(1)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		for _, workers := range []int{1, 2, 3} {
			if !slices.Equal(run(workers), want) {
				t.Errorf("%d workers on %d processors compute other bytes", workers, procs)
			}
		}
	}
}
