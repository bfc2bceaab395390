package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/solver/engines"
)

// binary is the program under test, built once.
var binary string

func TestMain(m *testing.M) {
	os.Exit(testMain(m))
}

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "wattbit-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "wattbit")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	args := []string{"build", "-o", binary}
	if enginetest.Raced { // the program under test then looks for them too
		args = append(args, "-race")
	}
	if out, err := exec.Command("go", append(args, ".")...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// needEngine fails where tests must be complete, and says so elsewhere.
func needEngine(t *testing.T) {
	t.Helper()
	if _, err := engines.Open("", ""); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the engine is needed: %v", err)
		}
		t.Skipf("NOT TESTED, the engine is missing: %v", err)
	}
}

// ended is how a run of the program ended.
type ended struct {
	stdout, stderr string
	code           exitCode
}

func (e ended) String() string {
	return fmt.Sprintf("exit code %d\nstandard output:\n%s\nstandard error:\n%s", e.code, e.stdout, e.stderr)
}

// command prepares the program with a working directory.
func command(dir string, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	cmd = exec.Command(binary, args...)
	stdout, stderr = new(bytes.Buffer), new(bytes.Buffer)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, stdout, stderr
	return cmd, stdout, stderr
}

// wattbit runs the program in a folder and checks its exit code.
func wattbit(t *testing.T, dir string, want exitCode, args ...string) ended {
	t.Helper()
	cmd, stdout, stderr := command(dir, args...)
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	e := ended{stdout.String(), stderr.String(), exitCode(cmd.ProcessState.ExitCode())}
	if e.code != want {
		t.Fatalf("wattbit %s: want exit code %d, got %s", strings.Join(args, " "), want, e)
	}
	if strings.Contains(e.stderr, "DATA RACE") || strings.Contains(e.stderr, "goroutine ") {
		t.Fatalf("wattbit %s: %s", strings.Join(args, " "), e)
	}
	return e
}

// object decodes the one object that standard output must be.
func (e ended) object(t *testing.T) map[string]any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(e.stdout))
	var object map[string]any
	if err := d.Decode(&object); err != nil {
		t.Fatalf("standard output is no JSON object: %v\n%s", err, e)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		t.Fatalf("standard output holds more than one object: %s", e)
	}
	return object
}

func (e ended) mustSay(t *testing.T, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(e.stdout+e.stderr, w) {
			t.Errorf("%q is not said: %s", w, e)
		}
	}
}

// smallCase is a case that solves in no time.
func smallCase(t *testing.T) string { return example(t, "storage-only/case.yaml") }

func example(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "examples", filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func testdata(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// filesBelow lists all files and folders below a folder.
func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if path != dir {
			name, _ := filepath.Rel(dir, path)
			files = append(files, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	return files
}

func readFile(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func readRecord(t *testing.T, dir string) *runRecord {
	t.Helper()
	rec := new(runRecord)
	if err := json.Unmarshal([]byte(readFile(t, dir, runFile)), rec); err != nil {
		t.Fatal(err)
	}
	return rec
}
