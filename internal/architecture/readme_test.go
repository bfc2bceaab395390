package architecture

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestReadmeShowsCodeThatRuns: the README's code is the example that the tests
// run, and is short.
func TestReadmeShowsCodeThatRuns(t *testing.T) {
	_, rest, ok := strings.Cut(read(t, "README.md"), "```go\n")
	shown, _, closed := strings.Cut(rest, "```\n")
	if !ok || !closed {
		t.Fatal("the README has no Go code")
	}
	example := read(t, "opt/example_test.go")
	example = example[strings.Index(example, "func Example() {"):]
	example = regexp.MustCompile(`(?s)\t// Output:\n.*?\n}\n`).ReplaceAllString(example, "}\n")
	if shown != example {
		t.Errorf("the README shows\n%s\nthe example is\n%s", shown, example)
	}
	if n := strings.Count(shown, "\n"); n > 30 {
		t.Errorf("the example has %d lines, want at most 30", n)
	}
}

// TestCIRunsTheReadme: the commands that the README tells people to run are
// those that continuous integration runs.
func TestCIRunsTheReadme(t *testing.T) {
	readme, ci := read(t, "README.md"), read(t, ".ci/run")
	for _, command := range []string{
		"go run ./cmd/wattbit demo",
		"go run ./cmd/wattbit engine install && go test ./...",
		"wattbit init my-case",
		"wattbit solve my-case --set policy.co2_price_per_t=120 --gap 1e-5",
	} {
		if !strings.Contains(readme, "    "+command+"\n") {
			t.Errorf("the README does not say %q", command)
		}
		if !strings.Contains(ci, command) {
			t.Errorf(".ci/run does not run %q", command)
		}
	}
}
