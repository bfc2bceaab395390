package cbc

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// PathVariable is the environment variable that names the cbc program.
const PathVariable = "WATTBIT_CBC"

// ErrNotFound says that there is no cbc program where Open looked.
var ErrNotFound = errors.New("cbc program not found (Debian and Ubuntu: apt-get install coinor-cbc; macOS: brew install cbc)")

// Engine runs one cbc program. It implements solver.Solver and holds no state
// between solves.
type Engine struct {
	path    string
	version string
}

// Open finds the cbc program and asks for its version. An empty path means the
// environment variable WATTBIT_CBC, then the folders of PATH; a program in the
// working directory is never taken unless path says so.
func Open(path string) (*Engine, error) {
	found, err := find(path)
	if err != nil {
		return nil, err
	}
	version, err := askVersion(found)
	if err != nil {
		return nil, err
	}
	return &Engine{path: found, version: version}, nil
}

// Name returns "cbc".
func (e *Engine) Name() string { return "cbc" }

// Version returns the version that the program reports, such as "2.10.8".
func (e *Engine) Version() string { return e.version }

// Path returns the program's absolute path.
func (e *Engine) Path() string { return e.path }

func find(path string) (string, error) {
	origin := "path given"
	if path == "" {
		path, origin = os.Getenv(PathVariable), PathVariable
	}
	if path == "" {
		path, origin = "cbc", "PATH"
	}
	// LookPath refuses what only the working directory holds (exec.ErrDot).
	found, err := exec.LookPath(path)
	if err != nil {
		return "", fmt.Errorf("cbc: %s: %w: %w", origin, err, ErrNotFound)
	}
	if found, err = filepath.Abs(found); err != nil {
		return "", fmt.Errorf("cbc: %w", err)
	}
	return found, nil
}

var banner = regexp.MustCompile(`(?m)^Version:\s*(\S+)`)

// versionPatience bounds the wait for a program that only has to print its
// name.
const versionPatience = 10 * time.Second

func askVersion(path string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), versionPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-quit")
	cmd.WaitDelay = time.Second
	out := &tail{limit: 1 << 16}
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("cbc: asking %s for its version: %w", path, err)
	}
	text := out.String()
	m := banner.FindStringSubmatch(text)
	if m == nil || !strings.Contains(text, "CBC MILP Solver") {
		return "", fmt.Errorf("cbc: %s does not introduce itself as cbc", path)
	}
	return m[1], nil
}

// tail is a writer that keeps the last bytes written to it.
type tail struct {
	limit int
	buf   []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - t.limit; over > 0 {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return strings.TrimSpace(string(t.buf)) }
