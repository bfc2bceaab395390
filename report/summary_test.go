package report

import (
	"bytes"
	"math"
	"testing"
)

func TestFixtureBalances(t *testing.T) {
	c, p := fixture(24, 40)
	j, err := join(c, p)
	if err != nil {
		t.Fatal(err)
	}
	for b, f := range j.power {
		for k, mw := range f.imbalance(j.T) {
			if math.Abs(mw) > 1e-3 {
				t.Errorf("bus %s, period %d: %g MW off balance", c.Buses[b].Name, k, mw)
			}
		}
	}
}

func TestTextPrint(t *testing.T) {
	c, p := fixture(24, 40)
	s, err := Summarise(c, p)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Text(&b, s); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + b.String())
	for _, v := range s.Shortages {
		t.Logf("%s %s cost %.0f\n  why %q\n mend %q", v.Kind, v.Text, v.Cost, v.Why, v.Mend)
	}
}
