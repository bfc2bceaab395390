package model

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestHostileFiles reads files that are not cases, and asks for a finding, little
// time and little memory.
func TestHostileFiles(t *testing.T) {
	bomb := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'z'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9), ", "))
	}
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	for _, c := range []struct {
		name, file, text string
		want             string
		megabytes        uint64
	}{
		{"100 MB", "case.yaml", "#" + strings.Repeat("x", 100<<20), "case.yaml: has 104857601 bytes; at most 64 MiB are read", 1},
		{"60 MB of values", "case.yaml", "a: [" + strings.Repeat("1,", 30<<20) + "1]", "case.yaml: may hold more than 2000000 values; put long series into CSV tables", 1},
		{"60 MB of JSON values", "case.json", `{"a": [` + strings.Repeat("1,", 30<<20) + "1]}", "case.json:1: holds more than 2000000 values; put long series into CSV tables", 600},
		{"alias bomb", "case.yaml", bomb, "case.yaml:1: anchor &a is not taken in a case; remove it", 1},
		{"alias", "case.yaml", "name: x\ncurrency: *c\n", "case.yaml: is not YAML: unknown anchor 'c' referenced", 1},
		{"merge key", "case.yaml", "name: x\n<<: {currency: EUR}\n", "case.yaml:2: merge key << is not taken in a case; write the fields out", 1},
		{"tag", "case.yaml", "name: !!str 5\n", "case.yaml:1: tag !!str is not taken in a case; remove it", 1},
		{"own tag", "case.yaml", "name: !env HOME\n", "case.yaml:1: tag !env is not taken in a case; remove it", 1},
		{"deep YAML", "case.yaml", "a: " + deep, "case.yaml:1: is nested more than 40 deep", 60},
		{"deep JSON", "case.json", `{"a": ` + deep + `}`, "case.json:1: is nested more than 40 deep", 10},
		{"two documents", "case.yaml", "name: x\n---\nname: y\n", "case.yaml:2: a second document begins here; write one case a file", 1},
		{"two JSON values", "case.json", "{}\n{}", "case.json:2: more text follows the case; write one case a file", 1},
		{"truncated JSON", "case.json", "{\"a\": [1,\n2", "case.json:2: the text ends before the case does", 1},
		{"bad JSON", "case.json", "{\"a\": 1,\n 'b': 2}", "case.json:2: is not JSON: invalid character '\\'' looking for beginning of object key string", 1},
		{"nothing", "case.yaml", "", "case.yaml: is empty; begin with format: wattbit-case/1", 1},
		{"a list", "case.yaml", "- 1\n", "case.yaml:1: is a list; write the fields of a case, beginning with format: wattbit-case/1", 1},
		{"bad YAML", "case.yaml", "name: x\n  currency: y\n", "case.yaml:2: is not YAML: mapping values are not allowed in this context", 1},
		{"not text", "case.yaml", "\xff\xfe\x00", "case.yaml: is not UTF-8 text; save it as UTF-8", 1},
		{"list for a name", "case.yaml", "? [a]\n: 1\n", "case.yaml:1: a field's name is a list; write text", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{c.file: {Data: []byte(c.text)}}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			_, _, err := ReadCase(fsys, c.file, ReadOptions{})
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			if got := strings.Join(findingsOf(err), "\n"); !strings.HasPrefix(got, c.want) {
				t.Errorf("got %.300s, want %s", got, c.want)
			}
			// The file's own text is read, and may be copied while it grows.
			own := uint64(min(len(c.text), maxCaseBytes)) * 6
			if used := after.TotalAlloc - before.TotalAlloc; used > own+c.megabytes<<20 {
				t.Errorf("took %d MiB", used>>20)
			}
			if took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestSymbolicLinksStayInside(t *testing.T) {
	dir := t.TempDir()
	inside := filepath.Join(dir, "case")
	if err := os.CopyFS(inside, os.DirFS("testdata/full")); err != nil {
		t.Fatal(err)
	}
	load := filepath.Join(inside, "tables", "load.csv")
	outside := filepath.Join(dir, "load.csv")
	if err := os.Rename(load, outside); err != nil {
		t.Fatal(err)
	}
	read := func() string {
		_, _, err := ReadCaseFile(filepath.Join(inside, "case.yaml"), ReadOptions{})
		if err == nil {
			return ""
		}
		return strings.ReplaceAll(err.Error(), filepath.ToSlash(dir)+"/", "")
	}
	for _, target := range []string{"../../load.csv", outside} {
		if err := os.Symlink(target, load); err != nil {
			t.Skip("no symbolic links here")
		}
		if got, want := read(), `case/case.yaml:29: loads "west load", power_mw.csv: tables/load.csv leads out of the case's folder; put the file into the folder`; got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", target, got, want)
		}
		if err := os.Remove(load); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(outside, filepath.Join(inside, "real.csv")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../real.csv", load); err != nil {
		t.Fatal(err)
	}
	if got := read(); got != "" {
		t.Errorf("a link within the folder is refused: %s", got)
	}
	if err := os.Symlink("/dev/zero", filepath.Join(inside, "zero.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := ReadCaseFile(filepath.Join(inside, "zero.yaml"), ReadOptions{}); err == nil {
		t.Error("a device was read")
	}
}

func TestReadJSON(t *testing.T) {
	want, _ := readFull(t)
	var yaml, json bytes.Buffer
	if err := WriteCase(&yaml, want); err != nil {
		t.Fatal(err)
	}
	root, err := parseYAML(yaml.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	writeJSON(&json, root)
	got, _, err := ReadCase(fstest.MapFS{"case.json": {Data: json.Bytes()}}, "case.json", ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("the case as JSON is another one")
	}
	twice := strings.Replace(json.String(), `"fuel":"coal",`, "\"fuel\":\"coal\",\n\"fuel\":\"coal\",", 1)
	_, _, err = ReadCase(fstest.MapFS{"case.json": {Data: []byte(twice)}}, "case.json", ReadOptions{})
	line := 1 + strings.Count(twice[:strings.LastIndex(twice, `"fuel"`)], "\n")
	if want := fmt.Sprintf(`case.json:%d: thermal_units "coal", fuel: is given twice, first on line %d; keep one`, line, line-1); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// writeJSON writes a tree as JSON, a field a line.
func writeJSON(w *bytes.Buffer, n *node) {
	switch n.kind {
	case objectNode:
		w.WriteString("{")
		for i, key := range n.keys {
			if i > 0 {
				w.WriteString(",")
			}
			fmt.Fprintf(w, "%q:", key.name)
			writeJSON(w, n.items[i])
		}
		w.WriteString("}\n")
	case listNode:
		w.WriteString("[")
		for i, item := range n.items {
			if i > 0 {
				w.WriteString(",")
			}
			writeJSON(w, item)
		}
		w.WriteString("]")
	case textNode:
		fmt.Fprintf(w, "%q", n.text)
	default:
		w.WriteString(n.text)
	}
}

func FuzzReadCase(f *testing.F) {
	full, err := os.ReadFile("testdata/full/case.yaml")
	if err != nil {
		f.Fatal(err)
	}
	load, err := os.ReadFile("testdata/full/tables/load.csv")
	if err != nil {
		f.Fatal(err)
	}
	rtt, err := os.ReadFile("testdata/full/tables/rtt.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full, load, "jobs[train].count=3", false)
	sites, err := os.ReadFile("testdata/sites/case.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sites, load, "sites[hall].cooling.pieces[0].it_mw=-3", false)
	f.Add([]byte(`{"format": "wattbit-case/1", "horizon": {"periods": [{"count": 1, "hours": 1e-300}]}}`), load, "", true)
	f.Add([]byte("a: &a [*a]"), []byte("a,a\n1"), "x[0].y=[", false)
	f.Add([]byte("jobs: [{name: x, units: -1, work_unit_h: 0}]\nhorizon: {periods: [{count: 2, hours: 1}]}"), []byte("\"\n"), "jobs[0].units=0", false)
	f.Add([]byte("jobs: {csv: tables/load.csv}"), []byte("name,region,shape,units,work_unit_h,pool_kinds\na,b,rigid,1,2,\"[c, {d: e}]\""), "", false)
	f.Fuzz(func(t *testing.T, text, table []byte, set string, json bool) {
		name := "case.yaml"
		if json {
			name = "case.json"
		}
		var o ReadOptions
		if set != "" {
			o.Set = []string{set}
		}
		fsys := fstest.MapFS{name: {Data: text}, "tables/load.csv": {Data: table}, "tables/rtt.csv": {Data: rtt}}
		c, _, err := ReadCase(fsys, name, o)
		if err != nil {
			if len(findingsOf(err)) == 0 {
				t.Fatal("an error without findings")
			}
			return
		}
		var again bytes.Buffer
		if err := WriteCase(&again, c); err != nil {
			t.Fatalf("a case that was read cannot be written: %v", err)
		}
		back, _, err := ReadCase(fstest.MapFS{"case.yaml": {Data: again.Bytes()}}, "case.yaml", ReadOptions{})
		if err != nil {
			t.Fatalf("a case that was written cannot be read: %v\n%s", err, again.String())
		}
		if back.Fingerprint() != c.Fingerprint() {
			t.Fatalf("a case that was written is another one when read:\n%s", again.String())
		}
	})
}

func BenchmarkReadCase(b *testing.B) {
	c, _ := readFull(b)
	for i := range 5000 {
		j := c.Jobs[i%2]
		j.Name = fmt.Sprint("job ", i)
		c.Jobs = append(c.Jobs, j)
	}
	var text bytes.Buffer
	if err := WriteCase(&text, c); err != nil {
		b.Fatal(err)
	}
	fsys := fstest.MapFS{"case.yaml": {Data: text.Bytes()}}
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := ReadCase(fsys, "case.yaml", ReadOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestFileThatIsNoCase: of a file without fields one finding says so, not one for each
// field that it lacks, nor for each value that was to be set.
func TestFileThatIsNoCase(t *testing.T) {
	fsys := fstest.MapFS{"jobs.csv": {Data: []byte("arrival,length\n1,2\n")}}
	_, _, err := ReadCase(fsys, "jobs.csv", ReadOptions{Set: []string{"name=x"}})
	const want = "jobs.csv:1: is text; write the fields of a case, beginning with format: wattbit-case/1"
	if got := findingsOf(err); len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
