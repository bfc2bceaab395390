package model

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestValidateCaseBuiltInCode(t *testing.T) {
	c := &Case{
		Format: CaseFormat, Name: "small", Currency: "EUR",
		Horizon: Horizon{Start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Periods: []PeriodRun{{3, 1}}},
		Buses:   []Bus{{Name: "b"}},
		Loads:   []Load{{Name: "l", Bus: "b", PowerMW: Series{1, 2, 3}}},
	}
	if warnings, err := c.Validate(); err != nil || len(warnings) > 0 {
		t.Fatalf("warnings %v, error %v", warnings, err)
	}
	if c.T() != 3 || (&Job{}).N() != 1 || (&Job{Count: 7}).N() != 7 || (&ThermalUnit{}).N() != 1 {
		t.Error("counts")
	}
	c.Loads[0].PowerMW = Series{1, 2}
	c.Loads = append(c.Loads, Load{Name: "m", Bus: "b"}, Load{Bus: "c", PowerMW: Constant(math.NaN())})
	_, err := c.Validate()
	want := strings.Join([]string{
		`loads[2], name: is empty; give a name`,
		`loads "l", power_mw: has 2 values for 3 periods; give one a period, or one for all`,
		`loads "m", power_mw: is missing; give a number, or a value a period`,
		`loads[2], power_mw: NaN is not a number to plan with; give a finite number, or leave the field out where it means no limit`,
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	if _, err := new(Case).Validate(); err == nil {
		t.Error("an empty case is valid")
	}
}

// TestValidateOddValues puts odd values into every field of the full cases, one
// at a time. Validate must find NaN, infinity and series of the wrong length
// wherever they are, and must come back from everything.
func TestValidateOddValues(t *testing.T) {
	full, _ := readFull(t)
	for _, c := range []*Case{full, readSites(t)} {
		t.Run(c.Name, func(t *testing.T) { oddValues(t, c) })
	}
}

func oddValues(t *testing.T, c *Case) {
	tried := 0
	try := func(path string, must bool) {
		t.Helper()
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("%s: panic: %v", path, p)
			}
		}()
		tried++
		_, err := c.Validate()
		var findings Findings
		if must && !errors.As(err, &findings) {
			t.Errorf("%s: nothing found", path)
		}
	}
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		old := reflect.New(v.Type()).Elem()
		old.Set(v)
		put := func(what string, value any, must bool) {
			v.Set(reflect.ValueOf(value).Convert(v.Type()))
			try(path+" "+what, must)
			v.Set(old)
		}
		switch v.Kind() {
		case reflect.Float64:
			put("NaN", math.NaN(), true)
			put("infinity", math.Inf(1), true)
			put("too large", 1e13, true)
			for _, odd := range []float64{-1, 0, 1e-9, 1e12} {
				put(fmt.Sprint(odd), odd, false)
			}
		case reflect.Int:
			for _, odd := range []int{-1, 0, 1 << 40, math.MinInt, math.MaxInt} {
				put(fmt.Sprint(odd), odd, false)
			}
		case reflect.String:
			for _, odd := range []string{"", "nobody", "\xff", strings.Repeat("x", 10_000)} {
				put(fmt.Sprintf("%.10q", odd), odd, false)
			}
		case reflect.Pointer:
			if !v.IsNil() {
				put("left out", reflect.Zero(v.Type()).Interface(), false)
				walk(v.Elem(), path)
			}
		case reflect.Struct:
			if v.Type() == timeType {
				put("no time", time.Time{}, true)
				return
			}
			for i := range v.NumField() {
				name, _ := tag(v.Type().Field(i))
				walk(v.Field(i), join(path, name))
			}
		case reflect.Slice:
			put("left out", reflect.Zero(v.Type()).Interface(), false)
			if v.Type() == seriesType {
				put("too short", Series{1, 1}, true)
				put("too long", make(Series, 99), true)
				put("NaN", Constant(math.NaN()), true)
				put("NaN in it", Series{0, 0, 0, math.NaN(), 0, 0, 0}, true)
				put("negative", Constant(-2), false)
				return
			}
			for i := range v.Len() {
				walk(v.Index(i), fmt.Sprintf("%s[%d]", path, i))
			}
		}
	}
	walk(reflect.ValueOf(c).Elem(), "")
	if tried < 500 {
		t.Errorf("only %d values tried", tried)
	}
	if _, err := c.Validate(); err != nil {
		t.Fatalf("the case was not put back: %v", err)
	}
}
