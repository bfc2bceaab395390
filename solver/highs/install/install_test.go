package install

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wattbit/wattbit/solver/highs"
)

const fakeMember = "lib/libhighs.so"

var fakeLibrary = bytes.Repeat([]byte("library "), 1000)

// fakeWheel writes a wheel with the library under the given name and returns it
// with its pins.
func fakeWheel(t *testing.T, member string, library []byte) (archive string, w *wheel) {
	t.Helper()
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, data := range map[string][]byte{"../../outside": []byte("evil"), member: library} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	w = &wheel{
		tag:     "test",
		digest:  digest(buf.Bytes()),
		member:  fakeMember,
		library: digest(fakeLibrary),
		size:    int64(len(fakeLibrary)),
	}
	archive = filepath.Join(t.TempDir(), w.file())
	if err := os.WriteFile(archive, buf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return archive, w
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// only checks that dir holds the named files and nothing else.
func only(t *testing.T, dir string, names ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if fmt.Sprint(got) != fmt.Sprint(names) {
		t.Errorf("%s holds %v, want %v", dir, got, names)
	}
}

func TestInstallFromWheel(t *testing.T) {
	archive, w := fakeWheel(t, fakeMember, fakeLibrary)
	root := t.TempDir()
	target := filepath.Join(root, "a", "b", "libhighs.so")
	var talk bytes.Buffer
	if err := w.install(context.Background(), target, Options{Wheel: archive, Talk: &talk}); err != nil {
		t.Fatal(err)
	}
	if !installed(target, w.library) {
		t.Error("the library is not there")
	}
	if !strings.Contains(talk.String(), target) {
		t.Errorf("talk %q does not name the library", talk.String())
	}
	only(t, root, "a")
	only(t, filepath.Dir(target), "libhighs.so")
	first, err := os.Stat(target)
	if err != nil {
		t.Fatal(err)
	}

	// Again: what is right is left alone, the wheel not even looked for.
	if err := w.install(context.Background(), target, Options{Wheel: filepath.Join(root, "absent"), Talk: &talk}); err != nil {
		t.Fatal(err)
	}
	second, err := os.Stat(target)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(first, second) || !first.ModTime().Equal(second.ModTime()) {
		t.Error("a right library was replaced")
	}

	// A damaged library is replaced.
	if err := os.WriteFile(target, fakeLibrary[:100], 0o755); err != nil {
		t.Fatal(err)
	}
	if err := w.install(context.Background(), target, Options{Wheel: archive, Talk: &talk}); err != nil {
		t.Fatal(err)
	}
	if !installed(target, w.library) {
		t.Error("a damaged library was left")
	}
}

func TestInstallRefuses(t *testing.T) {
	good, pins := fakeWheel(t, fakeMember, fakeLibrary)
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	changed := bytes.Clone(data)
	changed[len(changed)/2] ^= 1
	huge := filepath.Join(dir, "huge.whl")
	if err := os.WriteFile(huge, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, maxWheel+1); err != nil {
		t.Fatal(err)
	}
	text := write("text.whl", []byte("not an archive"))
	renamed, renamedPins := fakeWheel(t, "lib/other.so", fakeLibrary)
	longer, longerPins := fakeWheel(t, fakeMember, append(bytes.Clone(fakeLibrary), "more"...))
	other, otherPins := fakeWheel(t, fakeMember, bytes.ToUpper(fakeLibrary))
	textPins := *pins
	textPins.digest = digest([]byte("not an archive"))
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name, archive, want string
		w                   *wheel
		ctx                 context.Context
	}{
		{"absent", filepath.Join(dir, "absent.whl"), "absent.whl", pins, nil},
		{"folder", dir, "not a regular file", pins, nil},
		{"one bit changed", write("changed.whl", changed), "SHA-256", pins, nil},
		{"truncated", write("short.whl", data[:len(data)-10]), "SHA-256", pins, nil},
		{"empty", write("empty.whl", nil), "SHA-256", pins, nil},
		{"larger than any wheel", huge, "more than any wheel", pins, nil},
		{"no archive", text, "cannot read", &textPins, nil},
		{"no library in it", renamed, "lacks " + fakeMember, renamedPins, nil},
		{"library too long", longer, "bytes, want", longerPins, nil},
		{"another library", other, "has SHA-256", otherPins, nil},
		{"cancelled", good, context.Canceled.Error(), pins, cancelled},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.ctx == nil {
				c.ctx = context.Background()
			}
			target := filepath.Join(t.TempDir(), "cache", "libhighs.so")
			err := c.w.install(c.ctx, target, Options{Wheel: c.archive, Talk: &bytes.Buffer{}})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			only(t, filepath.Dir(target))
		})
	}
}

// TestLyingHeader covers an archive whose directory states the right size over
// a longer stream: unpacking must stop, not fill the disk.
func TestLyingHeader(t *testing.T) {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	f, err := z.CreateHeader(&zip.FileHeader{Name: fakeMember, Method: zip.Deflate})
	if err != nil {
		t.Fatal(err)
	}
	bomb := make([]byte, 8<<20)
	if _, err := f.Write(bomb); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		t.Fatal(err)
	}
	member := r.File[0]
	member.UncompressedSize64 = 100
	w := &wheel{member: fakeMember, library: digest(bomb), size: 100}
	target := filepath.Join(t.TempDir(), "libhighs.so")
	if err := w.place(member, target); err == nil {
		t.Error("no error")
	}
	only(t, filepath.Dir(target))
}

func TestManyInstallsAtOnce(t *testing.T) {
	archive, w := fakeWheel(t, fakeMember, fakeLibrary)
	target := filepath.Join(t.TempDir(), "cache", "libhighs.so")
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if err := w.install(context.Background(), target, Options{Wheel: archive, Talk: &bytes.Buffer{}}); err != nil {
				t.Error(err)
			}
			// From the first return on the library is there, and whole.
			if !installed(target, w.library) {
				t.Error("the library is not there")
			}
		})
	}
	wg.Wait()
	only(t, filepath.Dir(target), "libhighs.so")
}

// program puts a shell script of that name on an otherwise empty PATH.
func program(t *testing.T, dir, name, script string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("NOT TESTED: the downloading programs of this test are shell scripts")
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestDownload(t *testing.T) {
	archive, w := fakeWheel(t, fakeMember, fakeLibrary)
	// Records its arguments and copies the wheel to where --dest says.
	fetch := `echo "$@" > "` + filepath.Join(t.TempDir(), "args") + `"
while [ $# -gt 0 ]; do
	if [ "$1" = --dest ]; then /bin/cp "` + archive + `" "$2/"; fi
	shift
done
`
	fail := "echo no such module >&2\nexit 3\n"
	for _, c := range []struct {
		name     string
		programs map[string]string
		want     string // in the error
		with     string // in the talk
	}{
		{"python3", map[string]string{"python3": fetch}, "", "with python3 -m pip"},
		{"a Python without pip, then pip", map[string]string{"python3": fail, "pip": fetch}, "", "with pip"},
		{"uv alone", map[string]string{"uv": fetch}, "", "with uv tool run pip"},
		{"none", nil, "--wheel", ""},
		{"all fail", map[string]string{"python3": fail, "pip3": fail}, "pip3: exit status 3: no such module", ""},
		{"success without a file", map[string]string{"pip": "exit 0\n"}, "downloaded no", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			bin := t.TempDir()
			for name, script := range c.programs {
				program(t, bin, name, script)
			}
			t.Setenv("PATH", bin)
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			target := filepath.Join(t.TempDir(), "cache", "libhighs.so")
			var talk bytes.Buffer
			err := w.install(context.Background(), target, Options{Talk: &talk})
			if c.want == "" {
				if err != nil || !installed(target, w.library) {
					t.Errorf("error %v", err)
				}
				if !strings.Contains(talk.String(), c.with) {
					t.Errorf("talk %q lacks %q", talk.String(), c.with)
				}
			} else {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("error %v, want one with %q", err, c.want)
				}
				only(t, filepath.Dir(target))
			}
			only(t, temp)
		})
	}
}

func TestDownloadIsCancelled(t *testing.T) {
	_, w := fakeWheel(t, fakeMember, fakeLibrary)
	bin := t.TempDir()
	program(t, bin, "python3", "exec /bin/sleep 60\n")
	t.Setenv("PATH", bin)
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	err := w.install(ctx, filepath.Join(t.TempDir(), "libhighs.so"), Options{Talk: &bytes.Buffer{}})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want the deadline", err)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

// TestPins checks the table against the rest of the program; the digests
// themselves are checked by every real installation.
func TestPins(t *testing.T) {
	seen := make(map[string]bool)
	for _, platform := range []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64"} {
		goos, goarch, _ := strings.Cut(platform, "/")
		w := wheelFor(goos, goarch)
		if w == nil {
			t.Errorf("no wheel for %s", platform)
			continue
		}
		for _, d := range []string{w.digest, w.library} {
			if raw, err := hex.DecodeString(d); err != nil || len(raw) != sha256.Size || seen[d] {
				t.Errorf("%s: digest %q is malformed or given twice", platform, d)
			}
			seen[d] = true
		}
		if !strings.Contains(w.member, highs.PinnedVersion) || !strings.Contains(w.file(), highs.PinnedVersion) {
			t.Errorf("%s: %s and %s are not version %s", platform, w.file(), w.member, highs.PinnedVersion)
		}
		if w.size <= 0 || w.size > maxWheel {
			t.Errorf("%s: size %d", platform, w.size)
		}
	}
	for _, platform := range []string{"windows/arm64", "freebsd/amd64", "linux/riscv64"} {
		goos, goarch, _ := strings.Cut(platform, "/")
		if wheelFor(goos, goarch) != nil {
			t.Errorf("a wheel for %s, which has none", platform)
		}
	}
}

// TestInstalledLibraryIsPinned checks what engine install put on this machine.
func TestInstalledLibraryIsPinned(t *testing.T) {
	path, err := highs.CachePath()
	if err != nil {
		t.Skipf("NOT TESTED: %v", err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT TESTED: nothing is installed in the cache: %v", err)
	}
	w := wheelFor(runtime.GOOS, runtime.GOARCH)
	if w == nil {
		t.Skip("NOT TESTED: no wheel for this platform")
	}
	if !installed(path, w.library) {
		t.Fatalf("%s is not the pinned library", path)
	}
	got, err := Install(context.Background(), Options{Wheel: filepath.Join(t.TempDir(), "absent")})
	if err != nil || got != path {
		t.Errorf("Install says %q, %v; want %q", got, err, path)
	}
}
