package report

import (
	"errors"
	"fmt"
	"math"

	"github.com/wattbit/wattbit/model"
)

// Limits on what a report is made of; a case or plan beyond them is refused
// rather than computed with.
const (
	maxValue  = 1e15
	maxErrors = 20
)

// checker collects what does not fit, up to maxErrors.
type checker struct {
	periods int
	errs    []error
}

func (k *checker) full() bool { return len(k.errs) >= maxErrors }

func (k *checker) fail(format string, args ...any) {
	if !k.full() {
		k.errs = append(k.errs, fmt.Errorf(format, args...))
	}
}

func (k *checker) err() error { return errors.Join(k.errs...) }

func (k *checker) number(what string, v float64) {
	if !(math.Abs(v) <= maxValue) {
		k.fail("%s: %v is not a number this report can use", what, v)
	}
}

// values checks a series of a plan: one finite number a period.
func (k *checker) values(what string, v []float64) {
	if len(v) != k.periods {
		k.fail("%s: %d values for %d periods", what, len(v), k.periods)
		return
	}
	for t, x := range v {
		if !(math.Abs(x) <= maxValue) {
			k.fail("%s: %v in period %d is not a number this report can use", what, x, t)
			return
		}
	}
}

// counts checks an integer series of a plan.
func (k *checker) counts(what string, v []int) {
	if len(v) != k.periods {
		k.fail("%s: %d values for %d periods", what, len(v), k.periods)
		return
	}
	for t, x := range v {
		if math.Abs(float64(x)) > maxValue {
			k.fail("%s: %d in period %d is out of range", what, x, t)
			return
		}
	}
}

// series checks a series of a case: absent, constant or one number a period.
func (k *checker) series(what string, s model.Series) {
	if n := len(s); n > 1 && n != k.periods {
		k.fail("%s: %d values for %d periods", what, n, k.periods)
		return
	}
	for t, x := range s {
		if !(math.Abs(x) <= maxValue) {
			k.fail("%s: %v in period %d is not a number this report can use", what, x, t)
			return
		}
	}
}

func (k *checker) known(what string, index map[string]int, name string) {
	if _, ok := index[name]; !ok {
		k.fail("%s: %q is not in the case", what, name)
	}
}

func (k *checker) reserves(what string, products map[string]int, provided []model.ProvidedPower) {
	for _, r := range provided {
		k.known(what+": reserve", products, r.Product)
		k.values(what+": reserve "+r.Product, r.MW)
	}
}

// names indexes the items of a case section by name.
func names[C any](k *checker, section string, items []C, name func(*C) string) map[string]int {
	index := make(map[string]int, len(items))
	for i := range items {
		n := name(&items[i])
		if _, twice := index[n]; twice {
			k.fail("case: %s: %q occurs twice", section, n)
		}
		index[n] = i
	}
	return index
}

// match finds the plan of every item of a section, in the case's order.
func match[P any](k *checker, section string, index map[string]int, plans []P, name func(*P) string) []*P {
	out := make([]*P, len(index))
	for i := range plans {
		n := name(&plans[i])
		at, ok := index[n]
		switch {
		case !ok:
			k.fail("plan: %s: %q is not in the case", section, n)
		case at >= len(out):
			// The section has a name twice, which is reported already.
		case out[at] != nil:
			k.fail("plan: %s: %q occurs twice", section, n)
		default:
			out[at] = &plans[i]
		}
	}
	// Names are reported in the case's order, not in the map's.
	missing := make([]string, len(out))
	for n, at := range index {
		if at < len(out) && out[at] == nil {
			missing[at] = n
		}
	}
	for at, n := range missing {
		if out[at] == nil {
			k.fail("plan: %s: %q is missing", section, n)
		}
	}
	return out
}
