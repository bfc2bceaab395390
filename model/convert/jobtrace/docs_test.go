package jobtrace

import (
	"os"
	"strings"
	"testing"
)

// TestDocumentedMappings: the mapping files that docs/convert.md shows are
// mappings, by themselves or on top of a preset.
func TestDocumentedMappings(t *testing.T) {
	page, err := os.ReadFile("../../../docs/convert.md")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	const begin = "    format: " + MappingFormat + "\n"
	for rest := string(page); ; count++ {
		_, after, found := strings.Cut(rest, begin)
		if !found {
			break
		}
		text := "format: " + MappingFormat + "\n"
		for line := range strings.Lines(after) {
			body, indented := strings.CutPrefix(line, "    ")
			if !indented || strings.HasPrefix(body, "$") {
				break
			}
			text += body
		}
		rest = after
		if strings.Contains(text, ": ...") {
			continue // the outline
		}
		m, err := ReadMapping("docs/convert.md", []byte(text))
		if err == nil && m.Trace == nil {
			m = m.Over(preset(t, "swf"))
		}
		if err == nil {
			_, err = compile(m)
		}
		if err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
	if count < 3 {
		t.Errorf("only %d mappings found", count)
	}
}
