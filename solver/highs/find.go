package highs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// EnvVar names the environment variable with the absolute path of the library.
const EnvVar = "WATTBIT_HIGHS"

// PinnedVersion is the version that package install provides and that the
// tests ran on.
const PinnedVersion = "1.15.1"

// NotFoundError says that there is no HiGHS library in any of the usual places.
type NotFoundError struct {
	Looked []string // every place, in the order of the search
}

func (e *NotFoundError) Error() string {
	var b strings.Builder
	b.WriteString("highs: library not found; looked at:")
	for _, at := range e.Looked {
		b.WriteString("\n  ")
		b.WriteString(at)
	}
	b.WriteString("\ninstall it with \"wattbit engine install\", or set " + EnvVar + " to its absolute path")
	return b.String()
}

// CachePath returns the path of the library in the user's cache folder, whether
// or not it is there.
func CachePath() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("highs: no cache folder: %w", err)
	}
	if !filepath.IsAbs(dir) {
		return "", fmt.Errorf("highs: cache folder %q is not an absolute path", dir)
	}
	return filepath.Join(dir, "wattbit", "highs-"+PinnedVersion, runtime.GOOS+"-"+runtime.GOARCH, cacheName()), nil
}

func cacheName() string {
	switch runtime.GOOS {
	case "windows":
		return "highs.dll"
	case "darwin":
		return "libhighs.dylib"
	}
	return "libhighs.so"
}

// Find returns the absolute path of the library that Open("") would load. A
// path in WATTBIT_HIGHS is binding: when it is relative or names no file, that
// is the error, and the search does not go on to other places. A library found
// nowhere is a *NotFoundError.
func Find() (string, error) {
	cache, err := CachePath()
	return search(os.Getenv(EnvVar), cache, err, systemPaths())
}

func search(env, cache string, cacheErr error, system []string) (string, error) {
	if env != "" {
		if !filepath.IsAbs(env) {
			return "", fmt.Errorf("highs: %s is %q, which is not an absolute path", EnvVar, env)
		}
		if err := isFile(env); err != nil {
			return "", fmt.Errorf("highs: %s: %w", EnvVar, err)
		}
		return env, nil
	}
	looked := []string{EnvVar + " (not set)"}
	if cacheErr != nil {
		looked = append(looked, cacheErr.Error())
	} else {
		system = append([]string{cache}, system...)
	}
	for _, path := range system {
		if isFile(path) == nil {
			return path, nil
		}
		looked = append(looked, path)
	}
	return "", &NotFoundError{Looked: looked}
}

func isFile(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s: %w", path, errors.New("is a folder"))
	}
	return nil
}

// systemPaths lists absolute paths only. A bare name would leave the search to
// the loader, and on macOS and Windows that includes the working directory.
func systemPaths() []string {
	var dirs, names []string
	switch runtime.GOOS {
	case "windows":
		names = []string{"highs.dll", "libhighs.dll"}
		if exe, err := os.Executable(); err == nil && filepath.IsAbs(exe) {
			dirs = append(dirs, filepath.Dir(exe))
		}
		if root := os.Getenv("SystemRoot"); filepath.IsAbs(root) {
			dirs = append(dirs, filepath.Join(root, "System32"))
		}
	case "darwin":
		names = []string{"libhighs.1.dylib", "libhighs.dylib"}
		dirs = []string{"/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib", "/usr/lib"}
	default:
		names = []string{"libhighs.so.1", "libhighs.so"}
		dirs = []string{"/usr/local/lib"}
		switch runtime.GOARCH {
		case "amd64":
			dirs = append(dirs, "/usr/lib/x86_64-linux-gnu")
		case "arm64":
			dirs = append(dirs, "/usr/lib/aarch64-linux-gnu")
		}
		dirs = append(dirs, "/usr/lib64", "/usr/lib")
	}
	var paths []string
	for _, dir := range dirs {
		for _, name := range names {
			paths = append(paths, filepath.Join(dir, name))
		}
	}
	return paths
}
