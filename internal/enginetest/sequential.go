package enginetest

import (
	"os"
	"testing"
)

// Sequential skips a test under the race detector, unless WATTBIT_RACE_ALL is set. It is
// for those that compare the answers to many cases, solved one after another: what runs
// beside something else in a solve runs in the other tests too, and the engine is built
// without the detector. A test that starts something, stops it or limits it is none of
// them. Whoever adds a test need not think of this: it is raced unless it asks not to be.
func Sequential(t testing.TB) {
	t.Helper()
	if Raced && os.Getenv("WATTBIT_RACE_ALL") == "" {
		t.Skip("one case after another; WATTBIT_RACE_ALL=1 races it all the same")
	}
}
