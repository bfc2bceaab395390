package decomp

import (
	"fmt"
	"math"
	"slices"

	"github.com/wattbit/wattbit/solver"
)

// split is a program seen as assets, the columns that no oracle owns (boxes),
// and the rows that are not within one asset: those are priced, whether they
// couple assets or belong to a part that has no oracle.
type split struct {
	p      *solver.Problem
	assets []Asset

	rows     []int32   // program row of each priced row
	pricedAt []int32   // priced row of each program row, -1 for an asset's own
	coupling []bool    // of each priced row: an asset with an oracle touches it
	size     []float64 // of each priced row: what can flow in it

	priceScale float64 // what a unit in a priced row may cost

	boxes []int32 // program columns that no oracle owns
	owner []int32 // asset of each column, -1 for a box

	// Coefficients of every column in the priced rows. The index counts
	// priced rows for boxes, and places in its asset's support for others.
	start []int32
	index []int32
	value []float64

	support [][]int32 // of each asset: the priced rows that it touches
	lower   []float64 // bounds of columns, made finite for boxes where they can be
	upper   []float64
}

// newSplit checks that the assets' columns do not overlap and sorts out rows and
// columns.
func newSplit(p *solver.Problem, assets []Asset) (*split, error) {
	if p.Maximize {
		return nil, fmt.Errorf("decomp: the program is to be minimised")
	}
	s := &split{p: p, assets: assets}
	owner := make([]int32, p.Cols())
	s.owner = owner
	for j := range owner {
		owner[j] = -1
	}
	for i := range assets {
		a := &assets[i]
		if a.First < 0 || int(a.First)+a.Cols > p.Cols() {
			return nil, fmt.Errorf("decomp: asset %s has columns beyond the program's", a.Name)
		}
		for j := a.First; j < a.First+solver.Col(a.Cols); j++ {
			if owner[j] >= 0 {
				return nil, fmt.Errorf("decomp: assets %s and %s share column %s", assets[owner[j]].Name, a.Name, p.NameOfCol(int(j)))
			}
			owner[j] = int32(i)
		}
	}
	s.pricedAt = make([]int32, p.Rows())
	for r := range s.pricedAt {
		s.pricedAt[r] = -1
		first, mixed, touched := int32(-1), false, false
		terms := p.Index[p.RowStart[r]:p.RowStart[r+1]]
		for k, j := range terms {
			if k == 0 {
				first = owner[j]
			}
			mixed = mixed || owner[j] != first
			touched = touched || owner[j] >= 0
		}
		if len(terms) == 0 || !mixed && first >= 0 {
			continue
		}
		s.pricedAt[r] = int32(len(s.rows))
		s.rows = append(s.rows, int32(r))
		s.coupling = append(s.coupling, touched)
	}
	for j, o := range owner {
		if o < 0 {
			s.boxes = append(s.boxes, int32(j))
		}
	}
	s.columns()
	s.supports()
	s.finite()
	s.sizes()
	s.scale()
	return s, nil
}

// columns transposes the priced rows.
func (s *split) columns() {
	p := s.p
	s.start = make([]int32, p.Cols()+1)
	for _, r := range s.rows {
		for k := p.RowStart[r]; k < p.RowStart[r+1]; k++ {
			s.start[p.Index[k]+1]++
		}
	}
	for j := range p.Cols() {
		s.start[j+1] += s.start[j]
	}
	n := s.start[p.Cols()]
	s.index, s.value = make([]int32, n), make([]float64, n)
	next := append([]int32(nil), s.start[:p.Cols()]...)
	for i, r := range s.rows {
		for k := p.RowStart[r]; k < p.RowStart[r+1]; k++ {
			j := p.Index[k]
			s.index[next[j]], s.value[next[j]] = int32(i), p.Value[k]
			next[j]++
		}
	}
}

// supports finds each asset's priced rows and renumbers its columns' rows within
// them.
func (s *split) supports() {
	s.support = make([][]int32, len(s.assets))
	seen := make([]int32, len(s.rows)) // asset+1 that saw the row last
	place := make([]int32, len(s.rows))
	for i := range s.assets {
		a := &s.assets[i]
		from, to := s.start[a.First], s.start[int(a.First)+a.Cols]
		var rows []int32
		for _, r := range s.index[from:to] {
			if seen[r] != int32(i)+1 {
				seen[r] = int32(i) + 1
				rows = append(rows, r)
			}
		}
		slices.Sort(rows)
		for k, r := range rows {
			place[r] = int32(k)
		}
		for k := from; k < to; k++ {
			s.index[k] = place[s.index[k]]
		}
		s.support[i] = rows
	}
}

// finite gives boxes without an upper bound one that some optimum keeps, where a
// rule finds one: an equation or a limit that holds the column, or, for one that
// only costs, the most that its rows can ever ask of it.
func (s *split) finite() {
	p := s.p
	s.lower = append([]float64(nil), p.ColLower...)
	s.upper = append([]float64(nil), p.ColUpper...)
	for range 3 {
		left := false
		for _, j := range s.boxes {
			if math.IsInf(s.upper[j], 1) && !math.IsInf(s.lower[j], 0) {
				s.upper[j] = s.implied(j)
				left = left || math.IsInf(s.upper[j], 1)
			}
		}
		if !left {
			return
		}
	}
}

// implied returns an upper bound on box j: where its rows end, or where more of
// it costs without any row that could still ask for it. It may stay infinite.
func (s *split) implied(j int32) float64 {
	p := s.p
	limit, need := math.Inf(1), s.lower[j]
	if p.ColCost[j] < 0 {
		need = math.Inf(1)
	}
	for k := s.start[j]; k < s.start[j+1]; k++ {
		r, v := int(s.rows[s.index[k]]), s.value[k]
		least, most := s.activityWithout(r, j)
		if math.IsInf(least, -1) || math.IsInf(most, 1) {
			least, most = s.activityBeside(r, j)
		}
		ends, asks := p.RowUpper[r]-least, p.RowLower[r]-least
		hasEnd, hasAsk := !math.IsInf(p.RowUpper[r], 1), !math.IsInf(p.RowLower[r], -1)
		if v < 0 {
			v = -v
			ends, asks = most-p.RowLower[r], most-p.RowUpper[r]
			hasEnd, hasAsk = hasAsk, hasEnd
		}
		if hasEnd {
			limit = math.Min(limit, ends/v)
		}
		if hasAsk {
			need = math.Max(need, asks/v)
		}
	}
	return math.Max(math.Min(limit, need), s.lower[j])
}

// activityWithout returns the least and most that the other columns of row r can
// add up to.
func (s *split) activityWithout(r int, j int32) (least, most float64) {
	p := s.p
	for k := p.RowStart[r]; k < p.RowStart[r+1]; k++ {
		i, v := p.Index[k], p.Value[k]
		if i == j {
			continue
		}
		lo, up := v*s.lower[i], v*s.upper[i]
		if v < 0 {
			lo, up = up, lo
		}
		least += lo
		most += up
	}
	return least, most
}

// activityBeside is activityWithout for a column that only costs and stands in r
// alone. Others of that kind that pull the other way are at their lower bounds:
// some optimum has no two such columns up at once, for taking both back saves.
func (s *split) activityBeside(r int, j int32) (least, most float64) {
	p := s.p
	if !s.onlyCosts(j) {
		return math.Inf(-1), math.Inf(1)
	}
	own := s.value[s.start[j]]
	for k := p.RowStart[r]; k < p.RowStart[r+1]; k++ {
		i, v := p.Index[k], p.Value[k]
		if i == j {
			continue
		}
		up := s.upper[i]
		if v*own < 0 && math.IsInf(up, 1) && s.onlyCosts(i) {
			up = s.lower[i]
		}
		a, b := v*s.lower[i], v*up
		least += math.Min(a, b)
		most += math.Max(a, b)
	}
	return least, most
}

// onlyCosts says whether a box stands in one row alone and is not paid for.
func (s *split) onlyCosts(j int32) bool {
	return s.owner[j] < 0 && s.p.ColCost[j] >= 0 && s.start[j+1]-s.start[j] == 1
}

// sizes estimates what flows in each priced row: the larger of its finite bounds
// and a tenth of what its columns can put in.
func (s *split) sizes() {
	p := s.p
	s.size = make([]float64, len(s.rows))
	for i, r := range s.rows {
		v := 0.0
		for _, b := range [2]float64{p.RowLower[r], p.RowUpper[r]} {
			if !math.IsInf(b, 0) {
				v = math.Max(v, math.Abs(b))
			}
		}
		sum := 0.0
		for k := p.RowStart[r]; k < p.RowStart[r+1]; k++ {
			j := p.Index[k]
			if m := math.Abs(p.Value[k]) * math.Max(math.Abs(s.lower[j]), math.Abs(s.upper[j])); !math.IsInf(m, 0) && !math.IsNaN(m) {
				sum += m
			}
		}
		s.size[i] = math.Max(v, 0.1*sum)
		if s.size[i] == 0 {
			s.size[i] = 1
		}
	}
}

// scale guesses the size of prices: the mean cost per unit that assets' columns
// put into the priced rows.
func (s *split) scale() {
	sum, n := 0.0, 0.0
	for j, o := range s.owner {
		if o < 0 {
			continue
		}
		most := 0.0
		for k := s.start[j]; k < s.start[j+1]; k++ {
			most = math.Max(most, math.Abs(s.value[k]))
		}
		if c := math.Abs(s.p.ColCost[j]); c > 0 && most > 0 {
			sum += c / most
			n++
		}
	}
	s.priceScale = sum / math.Max(n, 1)
	if s.priceScale == 0 {
		s.priceScale = 1
	}
}
