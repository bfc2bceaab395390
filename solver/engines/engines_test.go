package engines

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/highs"
)

func TestNames(t *testing.T) {
	names := Names()
	if len(names) == 0 || names[0] != Default {
		t.Errorf("names %v do not begin with the default, %s", names, Default)
	}
	if sorted := slices.Sorted(slices.Values(names)); len(slices.Compact(sorted)) != len(names) {
		t.Errorf("names %v are not unique", names)
	}
}

func TestOpenUnknown(t *testing.T) {
	_, err := Open("gurobi", "")
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range append(Names(), "gurobi") {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("error %q does not name %s", err, name)
		}
	}
}

func TestOpenWithoutLibrary(t *testing.T) {
	absent := filepath.Join(t.TempDir(), "absent")
	for _, name := range append(Names(), "") {
		s, err := Open(name, absent)
		if err == nil || !strings.Contains(err.Error(), absent) {
			t.Errorf("%q: error %v, want one that names %s", name, err, absent)
		}
		if s != nil {
			t.Errorf("%q: an engine beside the error", name)
		}
	}
}

func TestListWithoutEngines(t *testing.T) {
	absent := filepath.Join(t.TempDir(), "absent")
	t.Setenv(highs.EnvVar, absent)
	t.Setenv("WATTBIT_CBC", absent)
	infos := List()
	if len(infos) != len(Names()) {
		t.Fatalf("%d engines, want %d", len(infos), len(Names()))
	}
	for _, info := range infos {
		if info.Available || info.Problem == nil || info.Version != "" || info.Path != "" {
			t.Errorf("%+v is not there, but does not say so", info)
		}
	}
}

// TestListedEnginesSolve opens whatever List calls available; each engine's own
// package fails where it is needed and missing.
func TestListedEnginesSolve(t *testing.T) {
	for i, info := range List() {
		t.Run(info.Name, func(t *testing.T) {
			if info.Name != Names()[i] || info.Description == "" {
				t.Errorf("info %+v", info)
			}
			if !info.Available {
				t.Skipf("NOT TESTED: %v", info.Problem)
			}
			if info.Version == "" || !filepath.IsAbs(info.Path) {
				t.Errorf("version %q, path %q", info.Version, info.Path)
			}
			s, err := Open(info.Name, info.Path)
			if err != nil {
				t.Fatal(err)
			}
			if s.Name() != info.Name || s.Version() != info.Version {
				t.Errorf("opened %s %s, listed %s %s", s.Name(), s.Version(), info.Name, info.Version)
			}
			var b solver.Builder
			r := b.Row(3, math.Inf(1))
			b.Add(r, b.Col(0, 10, 4, solver.Integer), 2)
			got, err := s.Solve(context.Background(), b.Build(), solver.Options{})
			if err != nil || got.Status != solver.Optimal || math.Abs(got.Objective-8) > 1e-9 {
				t.Errorf("result %+v, %v; want optimal, 8", got, err)
			}
		})
	}
}
