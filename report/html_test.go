package report

import (
	"bytes"
	"os"
	"testing"
)

func TestWriteSample(t *testing.T) {
	out := os.Getenv("SAMPLE")
	if out == "" {
		t.Skip()
	}
	for name, n := range map[string]int{"a": 40, "b": 200} {
		c, p := fixture(24, n)
		var b bytes.Buffer
		if err := HTML(&b, c, p, Meta{Checked: true, Verified: true, Engine: "HiGHS", EngineVersion: "1.15.1"}); err != nil {
			t.Fatal(err)
		}
		t.Log(name, b.Len())
		os.WriteFile(out+"/"+name+".html", b.Bytes(), 0o666)
	}
}
