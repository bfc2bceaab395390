package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// printable is text without the control characters that data could smuggle into
// a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return grouped(float64(n), 0) + " " + word + "s"
}

// money writes whole amounts from a thousand on, and cents below.
func money(v float64) string {
	if math.Abs(v) >= 1000 {
		return grouped(v, 0)
	}
	return grouped(v, 2)
}

// grouped writes a number with commas between thousands.
func grouped(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, rest, _ := strings.Cut(text, ".")
	if rest != "" {
		rest = "." + rest
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if strings.Trim(whole+rest, "0.,") == "" {
		sign = ""
	}
	return sign + whole + rest
}

// percent writes a share with as many digits as tell it from zero.
func percent(share float64) string {
	v := share * 100
	switch {
	case v == 0:
		return "0 %"
	case math.Abs(v) < 0.0001:
		return fmt.Sprintf("%.1e %%", v)
	case math.Abs(v) < 0.1:
		return fmt.Sprintf("%.4f %%", v)
	}
	return fmt.Sprintf("%.2f %%", v)
}

// clock writes a duration as 0:07 or 1:02:03.
func clock(d time.Duration) string {
	s := int(d.Seconds())
	if s < 3600 {
		return fmt.Sprintf("%d:%02d", s/60, s%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}

// seconds parses a duration: a number of seconds, or text such as 90s, 5m, 1h30m.
func seconds(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if v, numErr := strconv.ParseFloat(text, 64); numErr == nil {
		d, err = time.Duration(v*float64(time.Second)), nil
		if math.IsNaN(v) || math.Abs(v) > 1e9 {
			err = fmt.Errorf("out of range")
		}
	}
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("%q is not a time above 0; give seconds, as in 30, or 90s, 5m, 1h30m", text)
	}
	return d, nil
}

// gap parses a relative gap: a number, or a percentage.
func gap(text string) (float64, error) {
	number, isPercent := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if isPercent {
		v /= 100
	}
	if err != nil || !(v >= minGap && v < 1) {
		return 0, fmt.Errorf("%q is not a gap; give a share of the cost from %g to 1, as in 1e-4, or 0.01%%", text, minGap)
	}
	return v, nil
}

// minGap is the smallest gap that can be asked for: engines work with tolerances
// around it, so a promise below it would be hollow.
const minGap = 1e-9

// whole parses a whole number of at least least.
func whole(least int64) func(string) (int64, error) {
	return func(text string) (int64, error) {
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v < least || v > math.MaxInt32 {
			return 0, fmt.Errorf("%q is not a whole number from %d to %d", text, least, math.MaxInt32)
		}
		return v, nil
	}
}
