package verify

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/verification.md anew")

// TestDocsAreCurrent compares docs/verification.md with Rules. After a change:
//
//	go test ./model/verify -run TestDocsAreCurrent -update
func TestDocsAreCurrent(t *testing.T) {
	path := filepath.Join("..", "..", "docs", "verification.md")
	want := rulesDocument()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what Rules says; run go test ./model/verify -run TestDocsAreCurrent -update", path)
	}
}

func rulesDocument() string {
	var b strings.Builder
	b.WriteString(`# Verification

<!-- Generated from verify.Rules by go test ./model/verify -run TestDocsAreCurrent -update. -->

Package [model/verify](../model/verify) checks a plan against its case by
arithmetic alone. It shares no code with the formulation: it knows the case, the
plan and the conventions of package model, and recomputes every limit, balance
and cost. A plan is called optimal only after this check.

A violation names its rule, the asset, the period (-1: over the horizon), the
value found, the limit, the excess and the matter in words. What a plan is short
of and pays penalties for (shedding, reserve shortage, unserved, late and dropped
work, work left, outage short, CO2 excess, renewable shortfall, water excess, green
shortfall) is no violation; the report
lists it apart.

Tolerances, all of them options:

| What | Tolerance |
| --- | --- |
| power, level, work, data, tonnes | 1e-4, plus 1e-7 of the larger of value and limit |
| bus balance | 1e-4 MW, plus 1e-7 of the sum of the sizes of its terms |
| counts of units, modules, starts and stops | none |
| durations | 1e-9 h |
| what counts as charging, carrying or working | more than 1e-6 |
| each cost | 1e-3, plus 1e-6 of its amount |
| objective as the sum of the costs, bound below the objective | 1e-6, plus 1e-9 of the amount |

A plan that does not fit its case in shape (case.valid, plan.shape, plan.number,
plan.assets) is checked no further. The rules, in the order in which they are
checked; each has a seeded breach in the tests that it alone must find:

| Rule | What must hold |
| --- | --- |
`)
	for _, r := range Rules() {
		fmt.Fprintf(&b, "| %s | %s |\n", r.Name, r.Sentence)
	}
	b.WriteString(`
## Replay

Reserve that jobs provide ([reserve](model/reserve.md#jobs)) is checked in two ways.
The rules above ask for conditions that suffice whatever the calls. ` + "`wattbit verify --replay N`" + `
(` + "`verify.Replay`" + `) does not know of them: N times over, it calls each product at random,
at most as often as it may be called, for its sustained duration, of all jobs or some,
in whole or in part. Jobs answer and then catch up as soon as they can. A gang stops whole,
loses what an interruption costs where it goes on, and catches up in the periods in which
all its units are kept. The calls of run n follow from the seed and n alone. What must hold:

| Rule | What must hold |
| --- | --- |
`)
	for _, r := range ReplayRules() {
		fmt.Fprintf(&b, "| %s | %s |\n", r.Name, r.Sentence)
	}
	b.WriteString(`
Tests try all calls, instead of random ones, of small random jobs that promise the
most that the rules allow, and of gangs whose interruptions cost the most that they allow.

## Other kinds

Assets of kinds that a program of one's own adds report rules under their kind's
name, as electrolyser.power.
`)
	return b.String()
}
