package cbc_test

import (
	"errors"
	"os"
	"testing"

	"github.com/wattbit/wattbit/solver/cbc"
	"github.com/wattbit/wattbit/solver/solvertest"
)

// open returns the installed engine. Where continuous integration runs, a
// missing cbc is a failure; elsewhere the skip says how to get it.
func open(t testing.TB) *cbc.Engine {
	t.Helper()
	e, err := cbc.Open("")
	if errors.Is(err, cbc.ErrNotFound) && os.Getenv("CI") == "" {
		t.Skipf("NOT TESTED: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestContract(t *testing.T) {
	solvertest.Run(t, open(t), solvertest.Features{
		Duals:     true,
		Start:     true,
		WorkLimit: true,
		Progress:  true,
	})
}
