package hubjobs

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const twoJobs = "length,arrival_time,cpus,note\n25.5,0,1,x\n0.25,1.5,4,y\n"

func TestReadTrace(t *testing.T) {
	want := []TraceJob{{0, 25.5, 1}, {1.5, 0.25, 4}}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(twoJobs)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{twoJobs, packed.String()} {
		name := filepath.Join(t.TempDir(), "trace.csv")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := ReadTraceFile(name); err != nil || !slices.Equal(got, want) {
			t.Errorf("%v, %v; want %v", got, err, want)
		}
	}
}

func TestReadTraceRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"":                                      "no head",
		"arrival_time,length\n0,1\n":            "no column cpus",
		"arrival_time,length,cpus\n0,0,1\n":     `line 2: length "0"`,
		"arrival_time,length,cpus\n0,1,-1\n":    `line 2: cpus "-1"`,
		"arrival_time,length,cpus\n0,1\n":       "wrong number of fields",
		"arrival_time,length,cpus\nNaN,1,1\n":   `line 2: arrival_time "NaN"`,
		"arrival_time,length,cpus\n0,1e999,1\n": `line 2: length "1e999"`,
		"\x1f\x8bnothing":                       "gzip",
	} {
		if _, err := ReadTrace(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
	if _, err := ReadTraceFile(filepath.Join(t.TempDir(), "none.csv")); err == nil {
		t.Error("no file: no error")
	}
}
