package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestPageIsCurrent(t *testing.T) {
	want, err := generate("../../model")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/case-format.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("docs/case-format.md is not what the types say: run go generate ./model")
	}
}

func TestPageNamesFields(t *testing.T) {
	text, err := generate("../../model")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\n## thermal_units\n", "\n### thermal_units.deep\n", "\n### network.by_distance\n",
		"| `release_h` | number, may be left out | `release_h` and `deadline_h` in hours after the horizon's start.",
		"| `deadline_h` | number, may be left out | See `release_h`. |",
		"| `power_mw` | series | ", "\tlevel_t = level_{t-1}",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestFieldWithoutDocIsAnError(t *testing.T) {
	dir := t.TempDir()
	source := "package model\n\ntype Case struct {\n\tOdd float64 `json:\"odd\"`\n}\n"
	if err := os.WriteFile(dir+"/case.go", []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := generate(dir); err == nil || !strings.Contains(err.Error(), "Case.Odd has no doc comment") {
		t.Errorf("got error %v", err)
	}
}
