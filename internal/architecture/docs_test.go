package architecture

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/wattbit/wattbit/model/verify"
	"github.com/wattbit/wattbit/opt"
)

const root = "../.."

// files lists the files below the root that end so, but for hidden folders and
// what runs leave behind.
func files(t *testing.T, suffix string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != root && (strings.HasPrefix(name, ".") || name == "runs") {
			return filepath.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(name, suffix) {
			found = append(found, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// anchors are the places of a page that links can lead to: its headings, as
// code hosts write them in addresses.
func anchors(page string) []string {
	var out []string
	for line := range strings.Lines(page) {
		if !strings.HasPrefix(line, "#") {
			continue
		}
		heading := strings.ToLower(strings.TrimSpace(strings.TrimLeft(line, "#")))
		out = append(out, strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return r
			}
			return -1
		}, heading))
	}
	return out
}

// broken lists the relative links of a page that lead nowhere, and counts all.
func broken(t *testing.T, page string) (bad []string, count int) {
	t.Helper()
	link := regexp.MustCompile(`\]\(([^)#:\s]*)(#[^)\s]*)?\)`)
	for _, m := range link.FindAllStringSubmatch(text(t, page), -1) {
		count++
		target := page
		if m[1] != "" {
			target = filepath.Join(filepath.Dir(page), filepath.FromSlash(m[1]))
		}
		_, err := os.Stat(target)
		anchor, hasAnchor := strings.CutPrefix(m[2], "#")
		if err != nil || hasAnchor && !slices.Contains(anchors(text(t, target)), anchor) {
			bad = append(bad, m[1]+m[2])
		}
	}
	return bad, count
}

// TestLinks: relative links of every page lead to files, and to headings.
func TestLinks(t *testing.T) {
	total := 0
	for _, page := range files(t, ".md") {
		bad, count := broken(t, page)
		total += count
		if len(bad) > 0 {
			t.Errorf("%s: links that lead nowhere: %v", page, bad)
		}
	}
	if total < 100 {
		t.Errorf("only %d links found", total)
	}
}

// TestBrokenLinksAreFound: the test above can fail.
func TestBrokenLinksAreFound(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	content := "# One page\n[a](page.md) [b](#one-page) [c](page.md#one-page) [d](else.md) [e](#two) [f](https://example.org/x)\n"
	if err := os.WriteFile(page, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if bad, count := broken(t, page); count != 5 || !slices.Equal(bad, []string{"else.md", "#two"}) {
		t.Errorf("of %d links %v are broken", count, bad)
	}
}

// modelPages are the pages of docs/model by name, without the index.
func modelPages(t *testing.T) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(root + "/docs/model/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages := make(map[string]string)
	for _, path := range paths {
		if name := filepath.Base(path); name != "README.md" {
			pages[name] = text(t, path)
		}
	}
	return pages
}

// TestModelPagesCoverTheCatalog: every kind of the catalog has its page in
// docs/model, and no page is about a kind that there is not.
func TestModelPagesCoverTheCatalog(t *testing.T) {
	var documented, kinds []string
	quoted := regexp.MustCompile("`([^`]+)`")
	for _, page := range modelPages(t) {
		for line := range strings.Lines(page) {
			if list, ok := strings.CutPrefix(line, "Kinds: "); ok {
				for _, m := range quoted.FindAllStringSubmatch(list, -1) {
					documented = append(documented, m[1])
				}
			}
		}
	}
	for _, k := range opt.Catalog(opt.Formulation{}) {
		kinds = append(kinds, k.Kind())
	}
	slices.Sort(documented)
	if slices.Sort(kinds); !slices.Equal(documented, kinds) {
		t.Errorf("docs/model has pages on %v, the catalog has %v", documented, kinds)
	}
}

// TestModelPagesAreWhole: every page is in the index and says what it should.
func TestModelPagesAreWhole(t *testing.T) {
	index := text(t, root+"/docs/model/README.md")
	for name, page := range modelPages(t) {
		if !strings.Contains(index, "]("+name+")") {
			t.Errorf("the index does not lead to %s", name)
		}
		for _, want := range []string{"\n## Mathematics\n", "\n```math\n", "\n## What is verified\n", "\n## Where to look\n", "\n- Code: ", "\n- Solved by hand: ", "\n- Example: "} {
			if !strings.Contains(page, want) {
				t.Errorf("%s has no %q", name, want)
			}
		}
	}
}

// TestModelPagesNameRules: the rules that pages name are rules of the verifier,
// and every rule about what a plan decides is on a page.
func TestModelPagesNameRules(t *testing.T) {
	named := make(map[string]bool)
	quoted := regexp.MustCompile("`([a-z_]+\\.[a-z0-9_]+)`")
	for _, page := range modelPages(t) {
		_, section, _ := strings.Cut(page, "\n## What is verified\n")
		section, _, _ = strings.Cut(section, "\n## ")
		for _, m := range quoted.FindAllStringSubmatch(section, -1) {
			named[m[1]] = true
		}
	}
	for _, r := range verify.Rules() {
		kind, _, _ := strings.Cut(r.Name, ".")
		if !named[r.Name] && !slices.Contains([]string{"case", "plan", "asset"}, kind) {
			t.Errorf("no page of docs/model names the rule %s", r.Name)
		}
		delete(named, r.Name)
	}
	for rule := range named {
		t.Errorf("docs/model names %s, which is no rule", rule)
	}
}

// TestDocsNameTests: the tests that pages in docs name exist.
func TestDocsNameTests(t *testing.T) {
	exist := make(map[string]bool)
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	for _, path := range files(t, "_test.go") {
		for _, m := range declared.FindAllStringSubmatch(text(t, path), -1) {
			exist[m[1]] = true
		}
	}
	count := 0
	for _, page := range files(t, ".md") {
		for _, m := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(text(t, page), -1) {
			if count++; !exist[m[1]] {
				t.Errorf("%s names %s, which is no test", page, m[1])
			}
		}
	}
	if count < 30 {
		t.Errorf("only %d tests named", count)
	}
}
