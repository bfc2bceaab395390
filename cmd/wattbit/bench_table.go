package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// knownSlack is the relative error of the published figures, which are rounded.
const knownSlack = 1e-7

// faults says where a line contradicts itself or what is known of the case: then
// something is wrong, here or in what is known.
func (l *caseLine) faults(known *bestKnown) []string {
	var found []string
	if l.Objective != nil && l.Bound != nil && *l.Bound > *l.Objective+1e-9*math.Abs(*l.Objective) {
		found = append(found, "bound above cost")
	}
	if l.Objective != nil && !l.Verified {
		found = append(found, "not verified")
	}
	if known == nil {
		return found
	}
	if l.Bound != nil && *l.Bound > known.upper+knownSlack*math.Abs(known.upper) {
		found = append(found, "bound above the best known cost")
	}
	if l.Objective != nil && l.Shortages == 0 && *l.Objective < known.lower-knownSlack*math.Abs(known.lower) {
		found = append(found, "cost below the best known bound")
	}
	return found
}

// off is the distance of a value from a known one, as a share of that.
func off(v *float64, known float64) *float64 {
	if v == nil || known == 0 {
		return nil
	}
	return ptr((*v - known) / math.Abs(known))
}

// caseTable prints lines as they come.
const caseFormat = "%-34s %6s %-11s %16s %16s %10s %8s %8s %8s %8s %8s %7s %10s %10s"

func caseHead() string {
	return fmt.Sprintf(caseFormat, "case", "units", "status", "cost", "bound", "gap", "s", "to 1 %", "0.1 %", "0.02 %", "0.01 %", "MiB", "cost off", "bound off")
}

// row is a line of the table. "cost off" and "bound off" are the distances from
// the best known cost and bound: below 0 the cost is a better one, above 0 the
// bound is.
func (l *caseLine) row(known *bestKnown) string {
	objectiveOff, boundOff := "-", "-"
	if known != nil {
		objectiveOff, boundOff = signedPercent(off(l.Objective, known.upper)), signedPercent(off(l.Bound, known.lower))
	}
	cells := []any{l.Case, fmt.Sprint(l.Units), l.Status, amount(l.Objective, 2), amount(l.Bound, 2), sharePercent(l.Gap), amount(l.Seconds, 2)}
	for _, v := range l.levels() {
		cells = append(cells, amount(*v.seconds, 2))
	}
	cells = append(cells, amount(l.PeakMB, 0), objectiveOff, boundOff)
	text := fmt.Sprintf(caseFormat, cells...)
	if l.Shortages > 0 {
		text += "  " + plural(l.Shortages, "shortage")
	}
	for _, f := range l.faults(known) {
		text += "  WRONG: " + f
	}
	return strings.TrimRight(text, " ")
}

// medians are the middle of every family, a row each; a case that never got to a
// gap counts as one that takes for ever.
func medians(lines []*caseLine) []string {
	families := map[string][]*caseLine{}
	for _, l := range lines {
		families[l.Family] = append(families[l.Family], l)
	}
	var names []string
	for name := range families {
		names = append(names, name)
	}
	slices.Sort(names)
	var rows []string
	for _, name := range names {
		rows = append(rows, medianRow(name, families[name]))
	}
	return rows
}

func medianRow(name string, lines []*caseLine) string {
	middle := func(of func(l *caseLine) *float64) *float64 {
		all := make([]float64, len(lines))
		for i, l := range lines {
			if all[i] = math.Inf(1); of(l) != nil {
				all[i] = *of(l)
			}
		}
		if m := medianOf(all); !math.IsInf(m, 1) {
			return &m
		}
		return nil
	}
	units := middle(func(l *caseLine) *float64 { return ptr(float64(l.Units)) })
	cells := []any{fmt.Sprintf("%s: median of %d", name, len(lines)), amount(units, 0), "", "", "",
		sharePercent(middle(func(l *caseLine) *float64 { return l.Gap })), amount(middle(func(l *caseLine) *float64 { return l.Seconds }), 2)}
	for i := range (&caseLine{}).levels() {
		cells = append(cells, amount(middle(func(l *caseLine) *float64 { return *l.levels()[i].seconds }), 2))
	}
	cells = append(cells, amount(middle(func(l *caseLine) *float64 { return l.PeakMB }), 0), "", "")
	return strings.TrimRight(fmt.Sprintf(caseFormat, cells...), " ")
}

func amount(v *float64, decimals int) string {
	if v == nil {
		return "-"
	}
	return grouped(*v, decimals)
}

func sharePercent(v *float64) string {
	if v == nil {
		return "-"
	}
	return percent(*v)
}

// signedPercent writes a distance with its sign, to a millionth.
func signedPercent(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%+.4f %%", *v*100)
}
