package jobtrace

import (
	"context"
	"errors"
	"math"
	"os"
	"testing"

	"github.com/wattbit/wattbit/model"
)

// fuzzPreset feeds any text to a preset: nothing panics, every row is accounted
// for, and every job is one that a case could hold.
func fuzzPreset(f *testing.F, name, sample string, o Options) {
	text, err := os.ReadFile("testdata/" + sample)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add(packed(f, text))
	f.Add(text[:len(text)/2])
	o.Region = "north"
	f.Fuzz(func(t *testing.T, text []byte) {
		m := mapping(t, "rules: [{slack: {factor: 1.5}, per_unit_h: {drop_price: 3, input_gb: 1}}]").Over(preset(t, name))
		r, err := Import(context.Background(), []Trace{traceOf("x", string(text))}, m, o)
		var findings model.Findings
		if err != nil {
			if errors.As(err, &findings) && len(findings) == 0 {
				t.Fatal("findings without one")
			}
			return
		}
		accounted(t, r, o)
		names := map[string]bool{}
		for i := range r.Jobs {
			j := &r.Jobs[i]
			if names[j.Name] || j.Name == "" || len(j.Name) > model.MaxNameBytes {
				t.Fatalf("name %q", j.Name)
			}
			names[j.Name] = true
			for _, v := range []float64{j.Units, j.WorkUnitH} {
				if !(v >= 0) || math.IsInf(v, 0) {
					t.Fatalf("%+v", j)
				}
			}
			if !(j.ReleaseH >= 0 && j.ReleaseH < o.Hours) || j.DeadlineH != nil && !(*j.DeadlineH > j.ReleaseH && *j.DeadlineH <= o.Hours) {
				t.Fatalf("%+v", j)
			}
		}
	})
}

func FuzzSWF(f *testing.F) {
	fuzzPreset(f, "swf", "small.swf", Options{Hours: 20, StepH: 0.25, CutAtEnd: true})
}

func FuzzSacct(f *testing.F) {
	fuzzPreset(f, "sacct", "small.sacct", Options{From: at("2026-01-15T00:00:00Z"), Hours: 24, StepH: 1, CarryOver: Rest})
}

func FuzzPAI(f *testing.F) {
	fuzzPreset(f, "pai", "small.pai", Options{Hours: 24})
}

func FuzzKueue(f *testing.F) {
	fuzzPreset(f, "kueue", "small.kueue.json", Options{From: at("2026-01-15T00:00:00Z"), Hours: 24})
}

func FuzzMapping(f *testing.F) {
	for _, name := range Presets() {
		text, err := PresetText(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("format: wattbit-jobs/1\ntrace: {kind: table}\nfields: {release: [{value: 1}], length: [{value: 1}], units: [{value: 1}]}\nrules: [{job: {shape: rigid}}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := ReadMapping("map.yaml", text)
		if err != nil {
			return
		}
		_, _ = Import(context.Background(), []Trace{traceOf("x", "arrival_time,length,cpus\n1,2,3\n")}, m, Options{Hours: 3, Region: "n"})
	})
}
