package report

import (
	"bytes"
	"strings"
	"testing"
)

// TestNothingToCurtail: a case without renewables says nothing of curtailment.
func TestNothingToCurtail(t *testing.T) {
	c, p := jobsCase()
	var text bytes.Buffer
	if err := Text(&text, mustSummarise(t, c, p)); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text.String(), "Curtailed") {
		t.Error(text.String())
	}
}
