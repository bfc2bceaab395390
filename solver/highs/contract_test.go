package highs_test

import (
	"testing"

	"github.com/wattbit/wattbit/solver/solvertest"
)

func TestContract(t *testing.T) {
	solvertest.Run(t, open(t), solvertest.Features{Duals: true, Start: true, WorkLimit: true, Progress: true, Incumbents: true})
}
