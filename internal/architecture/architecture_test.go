package architecture

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// module is the path of this module.
const module = "github.com/wattbit/wattbit"

// listed is a package as the Go tool lists it.
type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Module     *struct{ Path string }
}

// list runs go list at the root of the module.
func list(t *testing.T, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Imports,Module"}, args...)...)
	cmd.Dir = "../.."
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// room is a part of the module and what of the module it may import. A path
// that ends in /... stands for the packages below it.
type room struct {
	path       string
	mayImport  []string
	everything bool
}

// rooms lists every part of the house; the first that fits a package counts.
// Imports run one way: model and solver stand on the ground and never see each
// other, the verifier and the report see the model only, opt joins them without
// knowing an engine, and nobody imports the command.
func rooms() []room {
	return []room{
		{path: "internal/atomicfile"},
		{path: "internal/inorder"},
		{path: "internal/architecture"},
		{path: "internal/enginetest", mayImport: []string{"solver/highs"}},
		{path: "internal/packed"},
		{path: "internal/casedoc", mayImport: []string{"internal/atomicfile"}},
		{path: "internal/randomcase", mayImport: []string{"model"}},
		{path: "internal/hubunits", mayImport: []string{"model", "internal/packed"}},
		{path: "internal/hubjobs", mayImport: []string{"model", "internal/packed"}},
		{path: "internal/fleet", mayImport: []string{"model"}},
		{path: "internal/crosscheck", mayImport: []string{"model", "opt", "solver", "internal/randomcase"}},
		{path: "examples"},
		{path: "model", mayImport: []string{"internal/atomicfile", "internal/inorder"}},
		{path: "model/verify", mayImport: []string{"model"}},
		{path: "model/convert", mayImport: []string{"model", "model/convert/..."}},
		{path: "model/convert/jobtrace", mayImport: []string{"model", "internal/atomicfile"}},
		{path: "model/convert/...", mayImport: []string{"model", "model/convert/..."}},
		{path: "solver"},
		{path: "solver/engines", mayImport: []string{"solver", "solver/..."}},
		{path: "solver/highs/install", mayImport: []string{"solver/highs", "internal/atomicfile"}},
		{path: "solver/mps", mayImport: []string{"solver"}},
		{path: "solver/...", mayImport: []string{"solver", "solver/mps", "internal/atomicfile"}},
		{path: "opt", mayImport: []string{"model", "model/verify", "opt/decomp", "opt/place", "solver", "internal/inorder"}},
		{path: "opt/decomp", mayImport: []string{"solver"}},
		{path: "opt/place"},
		{path: "report", mayImport: []string{"model", "internal/atomicfile", "internal/inorder"}},
		{path: "compare", mayImport: []string{"model", "model/verify", "opt", "report"}},
		{path: "export/jobparquet", mayImport: []string{"model", "report"}},
		{path: "export/caps", mayImport: []string{"model", "report"}},
		{path: "export/carryover", mayImport: []string{"model", "report"}},
		{path: "cmd/...", everything: true},
		{path: "examples/...", everything: true},
	}
}

func matches(pattern, path string) bool {
	if below, ok := strings.CutSuffix(pattern, "/..."); ok {
		return strings.HasPrefix(path, below+"/")
	}
	return pattern == path
}

// breaches lists the imports that the rooms do not allow.
func breaches(packages []listed, rooms []room) []string {
	var found []string
	for _, p := range packages {
		path, ours := strings.CutPrefix(p.ImportPath, module+"/")
		if !ours {
			continue
		}
		i := slices.IndexFunc(rooms, func(r room) bool { return matches(r.path, path) })
		if i < 0 {
			found = append(found, path+" is in no room; give it one in this test")
			continue
		}
		for _, imported := range p.Imports {
			target, ours := strings.CutPrefix(imported, module+"/")
			switch {
			case !ours:
			case strings.HasPrefix(target, "cmd/"):
				found = append(found, path+" imports the command "+target)
			case rooms[i].everything:
			case !slices.ContainsFunc(rooms[i].mayImport, func(m string) bool { return matches(m, target) }):
				found = append(found, path+" imports "+target)
			}
		}
	}
	return found
}

func TestImportDirection(t *testing.T) {
	packages := list(t, "./...")
	if len(packages) < 10 {
		t.Fatalf("only %d packages are listed", len(packages))
	}
	for _, b := range breaches(packages, rooms()) {
		t.Error(b)
	}
}

// TestBreachesAreFound: the test above can fail.
func TestBreachesAreFound(t *testing.T) {
	for _, c := range []struct{ from, to string }{
		{"model", "solver"}, {"solver", "model"}, {"solver/highs", "model"}, {"model/verify", "opt"}, {"report", "opt"},
		{"opt", "solver/highs"}, {"opt", "report"}, {"examples/custom", "cmd/wattbit"}, {"attic", "model"},
	} {
		p := []listed{{ImportPath: module + "/" + c.from, Imports: []string{"fmt", module + "/" + c.to}}}
		if len(breaches(p, rooms())) != 1 {
			t.Errorf("%s may import %s", c.from, c.to)
		}
	}
	allowed := []listed{{ImportPath: module + "/opt", Imports: []string{module + "/model/verify", "math", "example.org/x"}}}
	if got := breaches(allowed, rooms()); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

// TestLibraryPullsInLittle: who imports the library gets the standard library,
// the engine's binding and YAML, and nothing else.
func TestLibraryPullsInLittle(t *testing.T) {
	allowed := []string{module, "github.com/ebitengine/purego", "go.yaml.in/yaml/v3", "golang.org/x/sys"}
	seen := map[string]bool{}
	for _, p := range list(t, "-deps", "./opt", "./model/...", "./solver/...", "./report", "./compare", "./examples") {
		if p.Standard {
			continue
		}
		if p.Module == nil {
			t.Errorf("%s is of no module", p.ImportPath)
			continue
		}
		seen[p.Module.Path] = true
		if !slices.Contains(allowed, p.Module.Path) {
			t.Errorf("the library pulls in %s of %s", p.ImportPath, p.Module.Path)
		}
	}
	for _, m := range allowed {
		if !seen[m] {
			t.Errorf("%s is allowed but not pulled in: strike it", m)
		}
	}
}

// TestOnlyStandardPackages: model, verifier, report and solver need no module of
// others, but for YAML in the model.
func TestOnlyStandardPackages(t *testing.T) {
	for _, p := range list(t, "-deps", "./solver", "./model", "./model/verify", "./report") {
		if !p.Standard && p.Module != nil && p.Module.Path != module && p.Module.Path != "go.yaml.in/yaml/v3" {
			t.Errorf("%s of %s is pulled in", p.ImportPath, p.Module.Path)
		}
	}
}
