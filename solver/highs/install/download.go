package install

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/wattbit/wattbit/solver/highs"
)

// fetchers lists the programs that can download a wheel, best first. The first
// word is looked for on the PATH.
func fetchers() [][]string {
	return [][]string{
		{"python3", "-m", "pip"},
		{"python", "-m", "pip"},
		{"pip3"},
		{"pip"},
		{"uv", "tool", "run", "pip"}, // uv has no download of its own
	}
}

// download fetches the wheel into dir and returns its path. It tries the
// programs one after another, since a Python without pip is common.
func (w *wheel) download(ctx context.Context, dir string, talk io.Writer) (string, error) {
	var errs []error
	for _, fetcher := range fetchers() {
		program, err := exec.LookPath(fetcher[0])
		if err != nil {
			continue
		}
		name := strings.Join(fetcher, " ")
		say(talk, "downloading %s %s with %s", distribution, highs.PinnedVersion, name)
		// The platform is stated so that a Python of another architecture, or
		// another C library, fetches the same file.
		args := append(fetcher[1:len(fetcher):len(fetcher)], "download", "--quiet", "--disable-pip-version-check", "--no-input",
			"--no-deps", "--only-binary", ":all:", "--platform", w.tag, "--dest", dir, distribution+"=="+highs.PinnedVersion)
		cmd := exec.CommandContext(ctx, program, args...)
		// Python takes modules from its working directory; this one is empty.
		cmd.Dir = dir
		cmd.WaitDelay = time.Second
		var said tail
		cmd.Stdout = io.MultiWriter(talk, &said)
		cmd.Stderr = cmd.Stdout
		if err := cmd.Run(); err != nil {
			if ctx.Err() != nil {
				return "", fmt.Errorf("%s: %w", name, ctx.Err())
			}
			errs = append(errs, fmt.Errorf("%s: %w: %s", name, err, said.String()))
			continue
		}
		path := filepath.Join(dir, w.file())
		if _, err := os.Stat(path); err != nil {
			errs = append(errs, fmt.Errorf("%s downloaded no %s", name, w.file()))
			continue
		}
		return path, nil
	}
	if len(errs) == 0 {
		return "", fmt.Errorf("neither python3, python, pip3, pip nor uv is on the PATH; "+
			"download %s elsewhere and pass it with --wheel", w.file())
	}
	return "", fmt.Errorf("cannot download %s: %w", w.file(), errors.Join(errs...))
}

// tail keeps the last bytes of what a program says, for the error.
type tail struct{ buf []byte }

const maxTail = 2000

func (t *tail) Write(p []byte) (int, error) {
	t.buf = append(t.buf, p...)
	if extra := len(t.buf) - maxTail; extra > 0 {
		t.buf = append(t.buf[:0], t.buf[extra:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return string(bytes.TrimSpace(t.buf)) }
