package solver

import "fmt"

// BasisStatus says where a basis has a column, or the activity of a row.
type BasisStatus int32

const (
	AtLower      BasisStatus = iota // nonbasic at its lower bound, or fixed
	Basic                           // basic
	AtUpper                         // nonbasic at its upper bound
	AtZero                          // nonbasic and free, at zero
	NonbasicSome                    // nonbasic, at a bound to be chosen
)

// Basis is a basis of a linear program, one status a column and one a row. It
// has as many basic ones as the program has rows. Whoever receives one must
// not change it: results and options share it.
type Basis struct {
	Col, Row []BasisStatus
}

// check refuses a basis that does not fit a program of that many columns.
func (b *Basis) check(cols int) error {
	if len(b.Col) != cols {
		return fmt.Errorf("solver: start basis has %d columns, the program %d", len(b.Col), cols)
	}
	basic := 0
	for k, part := range [2][]BasisStatus{b.Col, b.Row} {
		for i, s := range part {
			if s < AtLower || s > NonbasicSome {
				return fmt.Errorf("solver: start basis has status %d for %s %d", s, [2]string{"column", "row"}[k], i)
			}
			if s == Basic {
				basic++
			}
		}
	}
	if basic != len(b.Row) {
		return fmt.Errorf("solver: start basis has %d basic of %d rows", basic, len(b.Row))
	}
	return nil
}
