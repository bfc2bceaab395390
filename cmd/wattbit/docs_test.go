package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v3"
)

// commands returns every verb with its full name, without the program's.
func commands() map[string]*cli.Command {
	found := map[string]*cli.Command{}
	var walk func(prefix string, c *cli.Command)
	walk = func(prefix string, c *cli.Command) {
		for _, sub := range c.Commands {
			found[prefix+sub.Name] = sub
			walk(prefix+sub.Name+" ", sub)
		}
	}
	walk("", newRoot(&app{out: io.Discard, err: io.Discard}))
	return found
}

func TestDocsListExitCodes(t *testing.T) {
	page, readme := readFile(t, "..", "..", "docs", "cli.md"), readFile(t, "..", "..", "README.md")
	for _, e := range exitCodes() {
		if row := fmt.Sprintf("| %d | %s |\n", e.code, e.meaning); !strings.Contains(page, row) {
			t.Errorf("docs/cli.md has no row %q", row)
		}
		if row := fmt.Sprintf("| %d | ", e.code); !strings.Contains(readme, row) {
			t.Errorf("README.md has no row for exit code %d", e.code)
		}
	}
	_, table, _ := strings.Cut(page, "## Exit codes")
	if n := strings.Count(table, "\n| ") - 2; n != len(exitCodes()) {
		t.Errorf("docs/cli.md lists %d exit codes, there are %d", n, len(exitCodes()))
	}
}

func TestDocsDescribeVerbs(t *testing.T) {
	page := readFile(t, "..", "..", "docs", "cli.md")
	for name, c := range commands() {
		if !strings.Contains(name, " ") && !strings.Contains(page, "\n## "+name+"\n") {
			t.Errorf("docs/cli.md has no section on %s", name)
		}
		for _, f := range c.Flags {
			if !strings.Contains(page, "--"+f.Names()[0]) {
				t.Errorf("docs/cli.md does not describe --%s of %s", f.Names()[0], name)
			}
		}
	}
	for _, f := range newRoot(&app{out: io.Discard, err: io.Discard}).Flags {
		if name := f.Names()[0]; name != "version" && !strings.Contains(page, "--"+name) {
			t.Errorf("docs/cli.md does not describe --%s", name)
		}
	}
}

// TestDocsShowKnownCommands: commands in the README, in docs and in the examples
// use verbs and flags that exist.
func TestDocsShowKnownCommands(t *testing.T) {
	pages := []string{filepath.Join("..", "..", "README.md")}
	for _, pattern := range []string{"docs/*.md", "examples/*/README.md"} {
		found, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	known, count := commands(), 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			words := strings.Fields(strings.Replace(line, "    go run ./cmd/wattbit ", "    wattbit ", 1))
			if !strings.HasPrefix(line, "    ") || len(words) < 2 || words[0] != "wattbit" || words[1] == "VERB" {
				continue
			}
			count++
			verb := words[1]
			if len(words) > 2 && known[verb+" "+words[2]] != nil {
				verb += " " + words[2]
			}
			c := known[verb]
			if c == nil {
				t.Errorf("%s: no verb %q: %s", page, verb, line)
				continue
			}
			for _, w := range words {
				name, isFlag := strings.CutPrefix(w, "--")
				name, _, _ = strings.Cut(name, "=")
				if isFlag && !slices.ContainsFunc(c.Flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) }) {
					t.Errorf("%s: %s has no flag --%s: %s", page, verb, name, line)
				}
			}
		}
	}
	if count < 10 {
		t.Errorf("only %d commands found", count)
	}
}
