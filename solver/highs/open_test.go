package highs_test

import (
	"errors"
	"os"
	"testing"

	"github.com/wattbit/wattbit/solver/highs"
)

// open returns the engine that the machine has. Where there is none, continuous
// integration fails and everyone else is told what was not tested.
func open(t *testing.T) *highs.Engine {
	t.Helper()
	e, err := highs.Open("")
	var missing *highs.NotFoundError
	switch {
	case errors.As(err, &missing) && os.Getenv("CI") == "":
		t.Skipf("NOT TESTED: %v", err)
	case err != nil:
		t.Fatal(err)
	}
	return e
}
