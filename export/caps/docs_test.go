package caps

import (
	"os"
	"strings"
	"testing"
)

// TestDocumentedMapping: the mapping file that docs/export.md shows is read.
func TestDocumentedMapping(t *testing.T) {
	page, err := os.ReadFile("../../docs/export.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "\n    format: wattbit-caps/1\n")
	if !found {
		t.Fatal("no mapping is shown")
	}
	text := "format: wattbit-caps/1\n"
	for _, line := range strings.Split(rest, "\n") {
		inner, shown := strings.CutPrefix(line, "    ")
		if !shown {
			break
		}
		text += inner + "\n"
	}
	m, err := ReadMapping("docs/export.md", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Kinds) != 1 || len(m.Kinds[0].Resources) != 3 || len(m.Sites) != 2 || len(m.Pools[0].NodeLabels) != 1 || m.DefaultQueue == "" {
		t.Errorf("read %+v", m)
	}
}
