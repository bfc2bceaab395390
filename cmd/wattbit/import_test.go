package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/pglibuc"
)

// benchmarkFile is a small instance of a package below model/convert.
func benchmarkFile(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "model", "convert", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestSolveBenchmark: an imported case and the file itself give the same plan,
// which is a solution of the instance, equation by equation.
func TestSolveBenchmark(t *testing.T) {
	needEngine(t)
	for _, name := range []string{"three", "early"} {
		dir, file := t.TempDir(), benchmarkFile(t, "pglibuc/testdata/"+name+".json")
		wattbit(t, dir, exitOK, "import", "pglib-uc", file, "-o", "case")
		imported := wattbit(t, dir, exitOK, "solve", "case", "-o", "a", "--json", "--gap", "1e-9").object(t)
		direct := wattbit(t, dir, exitOK, "solve", file, "-o", "b", "--json", "--gap", "1e-9").object(t)
		if imported["objective"] != direct["objective"] || direct["verified"] != true {
			t.Errorf("%s: objective %v imported, %v directly", name, imported["objective"], direct["objective"])
		}
		in, err := pglibuc.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := model.ReadPlanFile(filepath.Join(dir, "b", "plan.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, breach := range in.Check(plan) {
			t.Errorf("%s: %s", name, breach)
		}
		if record := readRecord(t, filepath.Join(dir, "b")); len(record.Inputs) != 1 || record.Inputs[0].Path != name+".json" || len(record.Inputs[0].SHA256) != 64 {
			t.Errorf("inputs %+v", record.Inputs)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.json")
	writeFile(t, bad, `{"time_periods": 1, "demand": [1, 2], "thermal_generators": {}}`)
	for _, args := range [][]string{{"import", "pglib-uc", "bad.json", "-o", "case"}, {"validate", "bad.json"}} {
		e := wattbit(t, dir, exitInvalid, args...)
		for _, want := range []string{"demand: has 2 items for 1 periods", "reserves: is missing", "renewable_generators: is missing"} {
			if !strings.Contains(e.stderr, want) {
				t.Errorf("%v does not say %q: %s", args, want, e)
			}
		}
	}
	e := wattbit(t, dir, exitUsage, "solve", "bad.json", "--set", "name=x")
	e.mustSay(t, "import it first")
	if files := filesBelow(t, dir); len(files) != 1 {
		t.Errorf("wrong input wrote files: %v", files)
	}
}
