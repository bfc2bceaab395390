package highs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/solver/solvertest"
)

// testEngine returns the engine that the machine has. Where there is none,
// continuous integration fails and everyone else is told what was not tested.
func testEngine(t testing.TB) *Engine {
	t.Helper()
	e, err := Open("")
	var missing *NotFoundError
	switch {
	case errors.As(err, &missing) && os.Getenv("CI") == "":
		t.Skipf("NOT TESTED: %v", err)
	case err != nil:
		t.Fatal(err)
	}
	return e
}

func TestContract(t *testing.T) {
	solvertest.Run(t, testEngine(t), solvertest.Features{
		Duals:      true,
		Start:      true,
		WorkLimit:  true,
		Cutoff:     true,
		Target:     true,
		Root:       true,
		Basis:      true,
		Progress:   true,
		Incumbents: true,
	})
}

func TestIdentity(t *testing.T) {
	e := testEngine(t)
	if e.Name() != "highs" || !strings.HasPrefix(e.Version(), "1.") || !filepath.IsAbs(e.Path()) {
		t.Errorf("name %q, version %q, path %q", e.Name(), e.Version(), e.Path())
	}
	if cache, err := CachePath(); err == nil && e.Path() == cache && e.Version() != PinnedVersion {
		t.Errorf("the pinned library is version %s, want %s", e.Version(), PinnedVersion)
	}
}
