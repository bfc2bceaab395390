package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/solver/cbc"
)

// A run goes on from its log: lines of the same engines count, what a killed process
// left of a line is cut off, and cases that disagreed are solved again.
func TestBenchRandomGoesOn(t *testing.T) {
	enginetest.Highs(t)
	if _, err := cbc.Open(""); err != nil {
		if os.Getenv("CI") == "" {
			t.Skipf("NOT TESTED: %v", err)
		}
		t.Fatal(err)
	}
	dir := t.TempDir()
	args := []string{"bench", "random", "--seed", "6", "--cases", "2", "--workers", "1", "--log", "log.jsonl"}
	whole := wattbit(t, dir, exitOK, args...).stdout
	if !strings.Contains(whole, "2 cases from seed 6") || !strings.Contains(whole, " 0 in disagreement") {
		t.Fatalf("%q", whole)
	}
	log := filepath.Join(dir, "log.jsonl")
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"seed":6,`) {
		t.Fatalf("%q", lines)
	}
	// A number of solves that no run makes shows that the line was believed.
	believed := strings.Replace(lines[0], `"solves":`, `"solves":1000,"was":`, 1)
	for _, test := range []struct {
		rest  string
		lines int
	}{{lines[1][:20], 2}, {strings.Replace(lines[1], `"solves":`, `"problems":["one"],"solves":`, 1) + "\n", 3}} {
		if err := os.WriteFile(log, []byte(believed+test.rest), 0o666); err != nil {
			t.Fatal(err)
		}
		again := wattbit(t, dir, exitOK, args...).stdout
		if !strings.Contains(again, "; 1,00") || !strings.Contains(again, " 0 in disagreement") {
			t.Errorf("the line was not believed: %q", again)
		}
		if text, err := os.ReadFile(log); err != nil || strings.Count(string(text), "\n") != test.lines {
			t.Errorf("%v %q", err, text)
		}
	}
}
