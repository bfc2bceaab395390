package highs

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func touch(t *testing.T, path string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("not a library"), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSearchOrder(t *testing.T) {
	dir := t.TempDir()
	env := touch(t, filepath.Join(dir, "env", "lib"))
	cache := touch(t, filepath.Join(dir, "cache", "lib"))
	system := touch(t, filepath.Join(dir, "system", "lib"))
	absent := filepath.Join(dir, "absent")
	for _, c := range []struct {
		name, env, cache string
		cacheErr         error
		system           []string
		want             string
	}{
		{"environment first", env, cache, nil, []string{system}, env},
		{"then the cache", "", cache, nil, []string{system}, cache},
		{"then the system", "", absent, nil, []string{absent, system}, system},
		{"no cache folder", "", "", errors.New("no home"), []string{system}, system},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := search(c.env, c.cache, c.cacheErr, c.system)
			if err != nil || got != c.want {
				t.Errorf("found %q, %v; want %q", got, err, c.want)
			}
		})
	}
}

func TestNotFoundNamesEveryPlace(t *testing.T) {
	dir := t.TempDir()
	cache, system := filepath.Join(dir, "cache", "lib"), filepath.Join(dir, "system", "lib")
	_, err := search("", cache, nil, []string{system})
	var missing *NotFoundError
	if !errors.As(err, &missing) {
		t.Fatalf("error %v, want a NotFoundError", err)
	}
	for _, want := range []string{EnvVar, cache, system, "wattbit engine install"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q: %v", want, err)
		}
	}
	_, err = search("", "", errors.New("no home"), nil)
	if err == nil || !strings.Contains(err.Error(), "no home") {
		t.Errorf("error %v does not say why there is no cache", err)
	}
}

func TestEnvironmentIsBinding(t *testing.T) {
	dir := t.TempDir()
	cache := touch(t, filepath.Join(dir, "lib"))
	for _, env := range []string{"libhighs.so", filepath.Join(".", "libhighs.so"), filepath.Join(dir, "absent"), dir} {
		if got, err := search(env, cache, nil, nil); err == nil || !strings.Contains(err.Error(), EnvVar) {
			t.Errorf("%s=%q found %q, %v; want an error that names the variable", EnvVar, env, got, err)
		}
	}
}

func TestWorkingDirectoryIsNotSearched(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv(EnvVar, "")
	for _, name := range []string{"libhighs.so.1", "libhighs.so", "libhighs.dylib", "libhighs.1.dylib", "highs.dll", "libhighs.dll"} {
		touch(t, filepath.Join(dir, name))
	}
	for _, path := range systemPaths() {
		if !filepath.IsAbs(path) {
			t.Errorf("%q is searched, which is not absolute", path)
		}
	}
	if path, err := Find(); err == nil && strings.HasPrefix(path, dir) {
		t.Errorf("found %s in the working directory", path)
	}
}

func TestOpenRefusesWhatIsNoHiGHS(t *testing.T) {
	dir := t.TempDir()
	text := touch(t, filepath.Join(dir, "libhighs.so"))
	for name, path := range map[string]string{
		"absent file": filepath.Join(dir, "absent.so"),
		"folder":      dir,
		"text file":   text,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Open(path); err == nil || !strings.Contains(err.Error(), path) {
				t.Errorf("error %v, want one that names %s", err, path)
			}
		})
	}
	t.Run("relative path is the caller's wish", func(t *testing.T) {
		t.Chdir(dir)
		if _, err := Open("libhighs.so"); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("error %v, want one that names %s", err, text)
		}
	})
	t.Run("another library", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("NOT TESTED: finds another library by way of /proc, which only Linux has")
		}
		testEngine(t) // loads libraries that HiGHS itself needs
		other := loadedLibrary(t, "libz.so")
		if _, err := Open(other); err == nil || !strings.Contains(err.Error(), "not a HiGHS library") ||
			!strings.Contains(err.Error(), "Highs_create") {
			t.Errorf("error %v, want one that says what it lacks", err)
		}
	})
}

// loadedLibrary returns the path of a library of this process by part of its
// name.
func loadedLibrary(t *testing.T, part string) string {
	t.Helper()
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(maps)) {
		if fields := strings.Fields(line); len(fields) == 6 && strings.Contains(filepath.Base(fields[5]), part) {
			return fields[5]
		}
	}
	t.Fatalf("no %s among the loaded libraries", part)
	return ""
}

func TestSupportedVersions(t *testing.T) {
	for _, c := range []struct {
		major, minor int32
		want         bool
	}{{1, 14, false}, {1, 15, true}, {1, 16, true}, {0, 15, false}, {2, 0, false}, {2, 15, false}} {
		if got := supported(c.major, c.minor); got != c.want {
			t.Errorf("%d.%d: %v, want %v", c.major, c.minor, got, c.want)
		}
	}
}
