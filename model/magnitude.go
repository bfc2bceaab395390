package model

import (
	"fmt"
	"math"
	"reflect"
	"strings"
)

// A solver works to some nine digits. Numbers beyond refuseAbove are refused;
// powers, ramps and the like outside [warnBelow, warnAbove], and other numbers
// outside [warnBelow, warnOtherAbove], are doubtful: a wrong unit, as a rule.
const (
	refuseAbove    = 1e12
	warnBelow      = 1e-6
	warnAbove      = 1e6
	warnOtherAbove = 1e9
)

// magnitudes counts doubtful numbers by section and field, for one warning each.
type magnitudes struct {
	order []magnitudeKey
	found map[magnitudeKey]*magnitude
}

type magnitudeKey struct{ section, field string }

type magnitude struct {
	index       int
	item, field string // the first one
	value       float64
	more        int
}

func (m *magnitudes) add(k *checker, field string, v float64) {
	key := magnitudeKey{k.section, generalPath(field)}
	if known := m.found[key]; known != nil {
		known.more++
		return
	}
	if m.found == nil {
		m.found = map[magnitudeKey]*magnitude{}
	}
	m.found[key] = &magnitude{k.index, k.item, field, v, 0}
	m.order = append(m.order, key)
}

func (m *magnitudes) warn(k *checker) {
	for _, key := range m.order {
		found := m.found[key]
		problem := fmt.Sprintf("%s is outside the range that solvers work well in", num(found.value))
		if found.more > 0 {
			problem += fmt.Sprintf(", and so are %d more of the section", found.more)
		}
		k.in(key.section, found.index, found.item)
		k.warn(found.field, problem, "check the unit")
	}
	k.in("", -1, "")
}

// generalPath drops the positions from a field's path.
func generalPath(field string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(field, "[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, field, _ = strings.Cut(after, "]")
	}
}

// numbers walks every number of a value: each must be finite and not beyond
// every measure, and each series must fit the horizon.
func (k *checker) numbers(v reflect.Value, path string) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil() || k.numbers(v.Elem(), path)
	case reflect.Struct:
		if v.Type() == timeType {
			return true
		}
		ok := true
		for i := range v.NumField() {
			f := v.Field(i)
			if kind := f.Kind(); kind == reflect.String || kind == reflect.Int || kind == reflect.Bool || f.IsZero() {
				continue
			}
			name, _ := tag(v.Type().Field(i))
			ok = k.numbers(f, join(path, name)) && ok
		}
		return ok
	case reflect.Slice:
		if v.Type() == seriesType {
			return k.seriesNumbers(v.Interface().(Series), path)
		}
		if v.Type().Elem().Kind() == reflect.String {
			return true
		}
		ok := true
		for i := range v.Len() {
			ok = k.numbers(v.Index(i), fmt.Sprintf("%s[%d]", path, i)) && ok
		}
		return ok
	case reflect.Float64:
		return k.number(v.Float(), path)
	}
	return true
}

func (k *checker) seriesNumbers(s Series, path string) bool {
	if k.sized && len(s) > 1 && len(s) != len(k.hours) {
		k.fail(path, fmt.Sprintf("has %d values for %d periods", len(s), len(k.hours)), "give one a period, or one for all")
		return false
	}
	if len(s) == 1 {
		return k.number(s[0], path)
	}
	for t, v := range s {
		// Weather and demand come down to next to nothing, which harms nobody.
		if math.Abs(v) < warnBelow {
			continue
		}
		if !fine(v, path) && !k.number(v, fmt.Sprintf("%s[%d]", path, t)) {
			return false
		}
	}
	return true
}

func (k *checker) number(v float64, path string) bool {
	switch {
	case fine(v, path):
		return true
	case math.IsNaN(v) || math.IsInf(v, 0):
		k.fail(path, fmt.Sprintf("%g is not a number to plan with", v), "give a finite number, or leave the field out where it means no limit")
		return false
	case math.Abs(v) > refuseAbove:
		k.fail(path, fmt.Sprintf("%g is beyond 1e12", v), "check the unit")
		return false
	}
	k.magnitudes.add(k, path, v)
	return true
}

// fine says that a number needs no further look.
func fine(v float64, path string) bool {
	a := math.Abs(v)
	if a == 0 || a >= warnBelow && a <= warnAbove {
		return true
	}
	return a >= warnBelow && a <= warnOtherAbove && !isRate(path)
}

// isRate says whether a field is a rate, such as a power, rather than an amount
// or money.
func isRate(path string) bool {
	path = generalPath(path)
	for _, unit := range []string{"_mw", "_mw_per_h", "_gbps", "_units", "units", "_ms", "_h", "pue", "_share"} {
		if strings.HasSuffix(path, unit) && !strings.Contains(path, "price") && !strings.Contains(path, "work") && !strings.Contains(path, "cost") {
			return true
		}
	}
	return false
}
