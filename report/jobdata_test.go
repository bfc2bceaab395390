package report

import (
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// TestDroppedForItsData: what a dropped job's data would cost stands beside the room that
// pools have; where it alone is more than the drop price, more units are no remedy.
func TestDroppedForItsData(t *testing.T) {
	const why = "its data cost at least 5 EUR with a copy that the plan does not make (corpus, 30 GB), to drop it "
	for _, v := range []struct {
		name      string
		drop      float64
		copied    bool
		why, mend string
	}{
		{"dear", 3, false, why + "3 EUR", "a drop price above that, or its data nearer to these pools"},
		{"not dear", 100, false, why + "100 EUR", "3 units more in one of these pools from 06:00 on, or a longer horizon"},
		{"copied for others", 3, true, "", "3 units more in one of these pools from 06:00 on, or a longer horizon"},
	} {
		c, p := jobsCase()
		c.JobGroups = nil
		late := &c.Jobs[4]
		late.AllowedSites, late.DropPrice = []string{"SB"}, &v.drop
		if !v.copied {
			p.Datasets[0].Copies = nil
		}
		for i := range p.Jobs {
			if p.Jobs[i].Job == "late" {
				p.Jobs[i] = model.JobPlan{Job: "late", Number: 1, Dropped: true}
			}
		}
		s := mustSummarise(t, c, p)
		at := slices.IndexFunc(s.Shortages, func(v Shortage) bool { return v.Kind == ShortDropped })
		if at < 0 {
			t.Fatalf("%s: no job is dropped: %v", v.name, s.Shortages)
		}
		found := s.Shortages[at]
		if got := strings.Join(found.Why, "; "); !strings.HasSuffix(got, v.why) || v.copied == strings.Contains(got, "its data") {
			t.Errorf("%s: why %q", v.name, got)
		}
		if found.Mend[0] != v.mend {
			t.Errorf("%s: mend %q", v.name, found.Mend)
		}
	}
}
