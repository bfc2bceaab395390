package convert

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"testing"
)

func TestDetect(t *testing.T) {
	dir := t.TempDir()
	for i, c := range []struct {
		text string
		want Format
	}{
		{`{"time_periods": 1}`, PGLibUC},
		{"\ufeff" + `{"renewable_generators": {}}`, PGLibUC},
		{`{"SOURCE": "a", "LICENSE": ["Generators", {"demand": 1}], "Parameters": {}}`, UCJL},
		{`{"a": {"Buses": [1]}, "b": [[{"demand": 2}]], "Buses": {}}`, UCJL},
		{`{"format": "wattbit-case/1", "Parameters": 1}`, ""},
		{`{"a": {"Buses": 1}}`, ""},
		{`{"a": "Buses", "b": "demand"}`, ""},
		{`["demand"]`, ""},
		{`"demand"`, ""},
		{`{"a": tru`, ""},
		{"", ""},
		{"format: wattbit-case/1", ""},
	} {
		for _, packed := range []bool{false, true} {
			text := []byte(c.text)
			if packed {
				var b bytes.Buffer
				w := gzip.NewWriter(&b)
				if _, err := w.Write(text); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				text = b.Bytes()
			}
			path := filepath.Join(dir, "file.json")
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := Detect(path)
			if err != nil || got != c.want {
				t.Errorf("text %d, packed %v: %q, error %v; want %q", i, packed, got, err, c.want)
			}
		}
	}
	if _, err := Detect(filepath.Join(dir, "nowhere.json")); err == nil {
		t.Error("a file that is not there has a format")
	}
	if _, err := Detect(dir); err == nil {
		t.Error("a folder has a format")
	}
}

func TestReadFile(t *testing.T) {
	c, report, err := ReadFile(filepath.Join("pglibuc", "testdata", "three.json"), PGLibUC, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "three" || len(report.Inputs) != 1 || report.Inputs[0].Path != "three.json" || report.Inputs[0].Bytes < 1000 || len(report.Warnings) != 0 {
		t.Errorf("case %q, report %+v", c.Name, report)
	}
	if _, _, err := ReadFile("x", "matpower", Options{}); err == nil {
		t.Error("a format that is not read has no error")
	}
}
