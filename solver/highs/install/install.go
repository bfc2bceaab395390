package install

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/wattbit/wattbit/solver/highs"
)

// Options of Install.
type Options struct {
	// Wheel is the path of a wheel that is already here; empty means to
	// download it.
	Wheel string
	// Talk, where set, receives a line for each step and what the downloading
	// program says.
	Talk io.Writer
}

// ErrUnsupportedPlatform says that there is no wheel for this system.
var ErrUnsupportedPlatform = errors.New("no HiGHS wheel is published for this platform")

// Install makes sure that the pinned HiGHS library is in the user's cache folder
// and returns its path. A library that is there and has the pinned digest is
// left as it is. The file appears whole or not at all, so several processes may
// install at once. Install does not load the library: highs.Open does.
func Install(ctx context.Context, o Options) (path string, err error) {
	path, err = highs.CachePath()
	if err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	w := wheelFor(runtime.GOOS, runtime.GOARCH)
	if w == nil {
		return "", fmt.Errorf("install: %s/%s: %w; build HiGHS %s from source and set %s to its library",
			runtime.GOOS, runtime.GOARCH, ErrUnsupportedPlatform, highs.PinnedVersion, highs.EnvVar)
	}
	if o.Talk == nil {
		o.Talk = io.Discard
	}
	if err := w.install(ctx, path, o); err != nil {
		return "", fmt.Errorf("install: %w", err)
	}
	return path, nil
}

func (w *wheel) install(ctx context.Context, target string, o Options) error {
	if installed(target, w.library) {
		say(o.Talk, "HiGHS %s is installed: %s", highs.PinnedVersion, target)
		return nil
	}
	archive := o.Wheel
	if archive == "" {
		dir, err := os.MkdirTemp("", "wattbit-install-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if archive, err = w.download(ctx, dir, o.Talk); err != nil {
			return err
		}
	}
	if err := w.extract(ctx, archive, target); err != nil {
		return err
	}
	say(o.Talk, "installed HiGHS %s: %s", highs.PinnedVersion, target)
	return nil
}

func say(talk io.Writer, format string, args ...any) { fmt.Fprintf(talk, format+"\n", args...) }

func installed(path, digest string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return err == nil && hex.EncodeToString(h.Sum(nil)) == digest
}

// maxWheel bounds what is read of a file that claims to be the wheel, bytes.
const maxWheel = 64 << 20

// extract checks the wheel at archive and writes the library in it to target.
// Of the archive's names only the expected one is looked at, and none of them
// becomes a path.
func (w *wheel) extract(ctx context.Context, archive, target string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", archive)
	}
	if info.Size() > maxWheel {
		return fmt.Errorf("%s has %d bytes, more than any wheel of %s", archive, info.Size(), distribution)
	}
	h := sha256.New()
	size, err := io.Copy(h, io.LimitReader(f, maxWheel))
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", archive, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != w.digest {
		return fmt.Errorf("%s is not the pinned %s: its SHA-256 is %s, want %s", archive, w.file(), got, w.digest)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	z, err := zip.NewReader(f, size)
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", archive, err)
	}
	for _, member := range z.File {
		if member.Name == w.member {
			return w.place(member, target)
		}
	}
	return fmt.Errorf("%s lacks %s", archive, w.member)
}

// place writes the library beside its target, syncs it and renames it.
func (w *wheel) place(member *zip.File, target string) (err error) {
	if member.UncompressedSize64 != uint64(w.size) {
		return fmt.Errorf("%s has %d bytes, want %d", member.Name, member.UncompressedSize64, w.size)
	}
	r, err := member.Open()
	if err != nil {
		return fmt.Errorf("cannot read %s: %w", member.Name, err)
	}
	defer r.Close()
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".part-")
	if err != nil {
		return err
	}
	defer func() {
		f.Close()
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	h := sha256.New()
	// One byte more than expected is enough to notice a header that lies.
	if _, err := io.Copy(io.MultiWriter(f, h), io.LimitReader(r, w.size+1)); err != nil {
		return fmt.Errorf("cannot unpack %s: %w", member.Name, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != w.library {
		return fmt.Errorf("%s has SHA-256 %s, want %s", member.Name, got, w.library)
	}
	if err := f.Chmod(0o755); err != nil && runtime.GOOS != "windows" {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), target); err != nil {
		// Windows keeps a library in use from being replaced; it may be the
		// very file, put there by another process in the meantime.
		if installed(target, w.library) {
			os.Remove(f.Name())
			return nil
		}
		return err
	}
	return syncDir(dir)
}

// syncDir makes the rename last; file systems that cannot are left alone.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("cannot sync %s: %w", dir, err)
	}
	return nil
}
