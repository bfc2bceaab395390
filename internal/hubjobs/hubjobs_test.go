package hubjobs

import (
	"math"
	"reflect"
	"testing"

	"github.com/wattbit/wattbit/examples"
	"github.com/wattbit/wattbit/model"
)

func summer(t *testing.T, set ...string) *model.Case {
	t.Helper()
	c, _, err := model.ReadCase(examples.FS, "eight-hubs/summer.yaml", model.ReadOptions{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// manyLengths is a trace of jobs from a quarter of an hour to a day.
func manyLengths() []TraceJob {
	var trace []TraceJob
	for i := range 200 {
		trace = append(trace, TraceJob{float64(i) * 0.7, 0.25 * math.Exp2(float64(i%27)/4), 1 + float64(i%4)})
	}
	return trace
}

func replace(t *testing.T, c *model.Case, o Options) *model.Case {
	t.Helper()
	out, err := Replace(c, manyLengths(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Validate(); err != nil {
		t.Fatalf("%+v: %v", o, err)
	}
	if len(out.Jobs) != o.Jobs {
		t.Fatalf("%d jobs, want %d", len(out.Jobs), o.Jobs)
	}
	return out
}

// roomFor is what pools can do beside the workloads, reckoned anew.
func roomFor(c *model.Case) float64 {
	ix, room := c.Index(), 0.0
	for t, h := range ix.Hours {
		for i := range c.Pools {
			room += c.Pools[i].MaxUnits(t) * c.Pools[i].UnitSpeed() * h
		}
		for i := range c.Workloads {
			w := &c.Workloads[i]
			room -= w.DemandUnits.At(t, 0) * h / c.LatencyClasses[ix.LatencyClasses[w.Class]].Cap()
		}
	}
	return room
}

func workOf(jobs []model.Job) float64 {
	sum := 0.0
	for i := range jobs {
		sum += jobs[i].WorkUnitH * float64(jobs[i].N())
	}
	return sum
}

// TestReplace: cases are valid, in hours and quarter hours, the same for the same
// seed and others for another, and the work is the share asked for.
func TestReplace(t *testing.T) {
	for _, set := range [][]string{nil, {"horizon.periods=[{count: 96, hours: 0.25}]"}} {
		c := summer(t, set...)
		before := len(c.Jobs)
		a := replace(t, c, Options{Jobs: 1_500, Seed: 1})
		if b := replace(t, c, Options{Jobs: 1_500, Seed: 1}); !reflect.DeepEqual(a.Jobs, b.Jobs) {
			t.Error("the same seed draws other jobs")
		}
		if b := replace(t, c, Options{Jobs: 1_500, Seed: 2}); reflect.DeepEqual(a.Jobs, b.Jobs) {
			t.Error("another seed draws the same jobs")
		}
		if len(c.Jobs) != before {
			t.Error("the case was changed")
		}
		for _, share := range []float64{0.2, 0.5} {
			b := replace(t, c, Options{Jobs: 2_000, Utilisation: share})
			if got := workOf(b.Jobs) / roomFor(c); math.Abs(got-share) > 1e-3 {
				t.Errorf("the work is %.4f of what pools can do, want %g", got, share)
			}
		}
	}
}

// TestReplaceMix: shapes, freedom and lateness are about as frequent as said.
func TestReplaceMix(t *testing.T) {
	c := replace(t, summer(t), Options{Jobs: 2_500})
	n := float64(len(c.Jobs))
	var rigid, fluid, gang, moldable, malleable, local, warm, kinds, late, hard int
	for i := range c.Jobs {
		j := &c.Jobs[i]
		count := func(to *int, is bool) {
			if is {
				*to++
			}
		}
		count(&rigid, j.Shape == model.Rigid)
		count(&fluid, j.Fluid() && j.Shape == model.Preemptible)
		count(&gang, j.Gang())
		count(&moldable, j.Shape == model.Moldable)
		count(&malleable, j.Shape == model.Malleable)
		count(&local, len(j.AllowedSites) > 0)
		count(&warm, j.Class != "")
		count(&kinds, len(j.PoolKinds) > 0)
		count(&late, j.LatePricePerH != nil)
		count(&hard, j.DeadlineH != nil && j.LatePricePerH == nil)
	}
	for _, w := range []struct {
		name     string
		got      int
		from, to float64
	}{
		{"rigid", rigid, 0.37, 0.43}, {"preemptible", fluid, 0.22, 0.28}, {"gangs", gang, 0.08, 0.12},
		{"moldable", moldable, 0.12, 0.18}, {"malleable", malleable, 0.08, 0.12}, {"kept in their region", local, 0.08, 0.18}, {"of warm latency", warm, 0.3, 0.45},
		{"of one kind of pool", kinds, 0.35, 0.45}, {"late at a price", late, 0.03, 0.16}, {"with a hard deadline", hard, 0.2, 0.8},
	} {
		if got := float64(w.got) / n; got < w.from || got > w.to {
			t.Errorf("%.3f are %s, want %g to %g", got, w.name, w.from, w.to)
		}
	}
}

// TestReplaceLumps: gangs of 20 to 50 % of the smallest pool hold their share of the
// work, and there is as much work as without.
func TestReplaceLumps(t *testing.T) {
	base := summer(t)
	least := math.Inf(1)
	for i := range base.Pools {
		least = math.Min(least, base.Pools[i].MaxUnits(0))
	}
	c := replace(t, base, Options{Jobs: 1_000, LumpShare: 0.6})
	lumps, n := 0.0, 0
	for i := range c.Jobs {
		j := &c.Jobs[i]
		switch wide := width(j) / least; {
		case wide >= 0.2-1e-9 && wide <= 0.5+1e-9:
			lumps, n = lumps+j.WorkUnitH, n+1
		case wide > 0.03+1e-9:
			t.Errorf("%s takes %.3f of the smallest pool", j.Name, wide)
		}
	}
	total := workOf(c.Jobs)
	if share := lumps / total; n < 5 || share < 0.58 || share > 0.7 {
		t.Errorf("%d gangs hold %.3f of the work, want 0.6", n, share)
	}
	if plain := workOf(replace(t, base, Options{Jobs: 1_000}).Jobs); math.Abs(total-plain) > 0.05*plain {
		t.Errorf("work %g with lumps, %g without", total, plain)
	}
}

// TestReplaceTies: so many jobs, or a little less, wait for one that is released no later,
// quotas fall short by a tenth, groups are of both kinds, and all is a valid case.
func TestReplaceTies(t *testing.T) {
	c := replace(t, summer(t), Options{Jobs: 3_000, TieShare: 0.2})
	if _, err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	byName, waits, owned := make(map[string]*model.Job), 0, make(map[string]float64)
	for i := range c.Jobs {
		byName[c.Jobs[i].Name] = &c.Jobs[i]
		owned[c.Jobs[i].Owner] += c.Jobs[i].WorkUnitH
	}
	for i := range c.Jobs {
		for _, p := range c.Jobs[i].After {
			if waits++; byName[p.Job].ReleaseH > c.Jobs[i].ReleaseH {
				t.Errorf("%s waits for %s, which is released later", c.Jobs[i].Name, p.Job)
			}
		}
	}
	if waits < 300 || waits > 660 {
		t.Errorf("%d jobs wait for others, want up to a fifth of 3,000", waits)
	}
	for _, q := range c.Quotas {
		if want := 0.9 * owned[q.Owner]; math.Abs(*q.MaxUnitH-want) > 1e-9*want {
			t.Errorf("%s has %g unit-hours, want %g", q.Owner, *q.MaxUnitH, want)
		}
	}
	apart, whole := 0, 0
	for _, g := range c.JobGroups {
		if g.AllOrNone {
			whole++
		} else {
			apart++
		}
	}
	if len(c.Quotas) != 3 || apart < 50 || whole < 50 {
		t.Errorf("%d quotas, %d groups apart, %d all or none", len(c.Quotas), apart, whole)
	}
}

// TestReplaceData: so many jobs, or a little less, have results, a second input and a dataset,
// and all is a valid case.
func TestReplaceData(t *testing.T) {
	c := replace(t, summer(t), Options{Jobs: 2_000, DataShare: 0.2})
	if _, err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	results, second, read := 0, 0, 0
	for i := range c.Jobs {
		j := &c.Jobs[i]
		results, second, read = results+len(j.Outputs), second+len(j.Inputs)/2, read+len(j.Datasets)
	}
	for _, n := range []int{results, second, read} {
		if n < 300 || n > 460 {
			t.Errorf("%d results, %d second inputs, %d readers, want a fifth of 2,000 each", results, second, read)
		}
	}
}

// TestReplaceReserve: a fifth of the preemptible jobs without counted interruptions, a
// quarter of 2,000, offer reserve, and all is a valid case with ties and data too.
func TestReplaceReserve(t *testing.T) {
	for _, o := range []Options{{Jobs: 2_000, ReserveShare: 0.2}, {Jobs: 500, ReserveShare: 1, TieShare: 0.2, DataShare: 0.2}} {
		c := replace(t, summer(t), o)
		if _, err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		offer := 0
		for i := range c.Jobs {
			if len(c.Jobs[i].Reserves) > 0 {
				offer++
			}
		}
		if offer < 60 || offer > 130 {
			t.Errorf("%d jobs offer reserve, want about 100", offer)
		}
	}
}

func TestReplaceRefuses(t *testing.T) {
	c := summer(t)
	for _, o := range []Options{{}, {Jobs: -1}} {
		if _, err := Replace(c, manyLengths(), o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
	if _, err := Replace(c, nil, Options{Jobs: 1}); err == nil {
		t.Error("no trace: no error")
	}
	empty := *c
	empty.Pools = nil
	if _, err := Replace(&empty, manyLengths(), Options{Jobs: 1}); err == nil {
		t.Error("no pools: no error")
	}
}
