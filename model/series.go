package model

// Series is a number for every period: empty means absent (the field's default
// holds), one value holds in every period, else there is one value a period.
type Series []float64

// Constant returns the series that has the value v in every period.
func Constant(v float64) Series { return Series{v} }

// At returns the value in period t, and otherwise where the series is absent.
func (s Series) At(t int, otherwise float64) float64 {
	switch len(s) {
	case 0:
		return otherwise
	case 1:
		return s[0]
	}
	return s[t]
}

// Given says whether the series is present.
func (s Series) Given() bool { return len(s) > 0 }
