package verify

import (
	"math"
	"slices"
	"testing"
)

func TestSeededBreaches(t *testing.T) {
	for _, s := range seeds() {
		t.Run(s.rule+"/"+s.name, func(t *testing.T) {
			r := s.fixture().check()
			if got := rulesOf(r); !slices.Equal(got, []string{s.rule}) {
				t.Errorf("found %v, want %s alone", got, s.rule)
				for _, v := range r.Violations {
					t.Logf("%s %s period %d: %s", v.Rule, v.Asset, v.Period, v.Detail)
				}
			}
			for _, v := range r.Violations {
				if v.Detail == "" || v.Excess != math.Abs(v.Value-v.Limit) && v.Excess != math.MaxFloat64 {
					t.Errorf("violation %+v", v)
				}
			}
		})
	}
}

func TestEveryRuleHasASeededBreach(t *testing.T) {
	seeded := map[string]bool{}
	for _, s := range seeds() {
		seeded[s.rule] = true
	}
	known := map[string]bool{}
	for _, r := range Rules() {
		if known[r.Name] {
			t.Errorf("rule %s is listed twice", r.Name)
		}
		known[r.Name] = true
		if !seeded[r.Name] {
			t.Errorf("rule %s has no seeded breach", r.Name)
		}
		if r.Sentence == "" {
			t.Errorf("rule %s has no sentence", r.Name)
		}
	}
	for name := range seeded {
		if !known[name] {
			t.Errorf("seeded rule %s is not in Rules", name)
		}
	}
}

func TestJointPlanIsValid(t *testing.T) {
	f := joint()
	if _, err := f.c.Validate(); err != nil {
		t.Error(err)
	}
	r := f.check()
	mustOK(t, r)
	if r.Checked < 500 {
		t.Errorf("only %d limits were compared", r.Checked)
	}
	if math.Abs(r.Cost-f.p.Objective) > 1e-6 {
		t.Errorf("cost %g, objective %g", r.Cost, f.p.Objective)
	}
}
