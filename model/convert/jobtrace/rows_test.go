package jobtrace

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// allRows reads every row of a text, bound to all its columns.
func allRows(t *testing.T, text io.Reader, l Layout) string {
	t.Helper()
	r, err := open(text, &l)
	if err != nil {
		return "error: " + err.Error()
	}
	r.bind(r.names())
	var b strings.Builder
	for {
		line, cells, err := r.next()
		var bad *rowError
		switch {
		case errors.Is(err, io.EOF):
			return b.String()
		case errors.As(err, &bad):
			fmt.Fprintf(&b, "%d: %v\n", line, err)
		case err != nil:
			return b.String() + "error: " + err.Error()
		default:
			fmt.Fprintf(&b, "%d: %s\n", line, strings.Join(cells, "|"))
		}
	}
}

// TestTableRows: what a line may look like, and what is wrong with one that is
// passed over.
func TestTableRows(t *testing.T) {
	no := false
	for _, c := range []struct {
		name, text string
		layout     Layout
		want       string
	}{
		{"plain", "a,b\n1,2\n\n3, 4 \n", Layout{}, "2: 1|2\n4: 3|4\n"},
		{"mark, carriage returns, no end", "\ufeffa,b\r\n1,2\r\n3,4", Layout{}, "2: 1|2\n3: 3|4\n"},
		{"quotes", "a,b\n\"x, y\",\"say \"\"hi\"\"\"\n\"\" , \"z\" \n", Layout{}, "2: x, y|say \"hi\"\n3: |z\n"},
		{"open quote", "a,b\n\"x,2\n3,4\n", Layout{}, "2: a quote is not closed on its line\n3: 3|4\n"},
		{"text after a quote", "a,b\n\"x\"y,2\n3,4\n", Layout{}, "2: text follows a closed quote\n3: 3|4\n"},
		{"pipes know no quotes", "a|b|\n\"x|2|\n3|4|\n", Layout{Delimiter: "|"}, "2: \"x|2|\n3: 3|4|\n"},
		{"commas without quotes", "a,b\n\"x,2\n", Layout{Quotes: &no}, "2: \"x|2\n"},
		{"tabs", "a\tb\tc\n1\t\t 2\n", Layout{Delimiter: "\t"}, "2: 1||2\n"},
		{"short row", "a,b\n1\n2,3,4\n", Layout{}, "2: the row does not have the 2 fields of the first row (\"1 field\")\n3: the row does not have the 2 fields of the first row (\"3 fields\")\n"},
		{"no names", "1,2\n3,4\n", Layout{Columns: []string{"a", "b"}}, "1: 1|2\n2: 3|4\n"},
		{"names all the same", "a,b\n3,4\n", Layout{Columns: []string{"a", "b"}}, "2: 3|4\n"},
		{"long line", "a,b\n1," + strings.Repeat("2", 3*maxLineBytes) + "\n3,4\n", Layout{}, "2: the line is longer than 1048576 bytes\n3: 3|4\n"},
		{"empty", "", Layout{}, "error: is empty"},
	} {
		c.layout.Kind = Table
		same(t, c.name, allRows(t, strings.NewReader(c.text), c.layout), c.want)
	}
}

func packed(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestUnpack: gzip is told by its content; what is cut off, or grows without end,
// ends with an error.
func TestUnpack(t *testing.T) {
	good := packed(t, []byte("a,b\n1,2\n"))
	same(t, "packed", allRows(t, bytes.NewReader(good), Layout{Kind: Table}), "2: 1|2\n")
	same(t, "cut off", allRows(t, bytes.NewReader(good[:len(good)-9]), Layout{Kind: Table}), "2: 1|2\nerror: unpack: unexpected EOF")
	bomb := packed(t, append([]byte("a,b\n"), bytes.Repeat([]byte{'x'}, freeBytes+1<<20)...))
	same(t, "bomb", allRows(t, bytes.NewReader(bomb), Layout{Kind: Table}), "error: unpack: expands more than 500 times, which no trace does")
}

// TestKubernetesTexts: lists that are cut off, or no list at all.
func TestKubernetesTexts(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{``, "error: is not a JSON object as kubectl get -o json prints it: EOF"},
		{`[]`, "error: is not a JSON object as kubectl get -o json prints it: it begins otherwise"},
		{`{"items": 3}`, "error: items is no list"},
		{`{"items": []}`, ""},
		{"{\"items\": [\n {\"kind\": \"Job\", \"metadata\": {\"name\": \"a\"}},\n\n {\"kind\": ",
			"2: Job||a|||||pending|false||||||1||||||\nerror: the text ends before the list does"},
		{`{"items": [{"kind": "Job"}, nonsense]}`,
			"1: Job|||||||pending|false||||||1||||||\nerror: is not JSON as kubectl prints it: invalid character 'o' in literal null (expecting 'u')"},
		{`{"kind": "Job", "metadata": {"name": "single"}, "spec": {"parallelism": 3}}`, "1: Job||single|||||pending|false||||||3||||||"},
		{`{"items": [{"spec": {"template": {"spec": {"containers": [{"resources": {"requests": {"cpu": "many"}}}]}}}}]}`,
			`1: resources.cpu: is not a quantity ("many")`},
		{`{"items": [{"kind": "` + strings.Repeat("x", 2*maxKubeObject) + `"}]}`, "error: is not JSON as kubectl prints it: an object is larger than 8388608 bytes"},
	} {
		same(t, fmt.Sprintf("%.60s", c.text), allRows(t, strings.NewReader(c.text), Layout{Kind: Kubernetes}), c.want)
	}
}

func TestResource(t *testing.T) {
	for text, want := range map[string]float64{"500m": 0.5, "2": 2, "1.5Gi": 1.5 * (1 << 30), "1e3": 1000, "100k": 1e5, "7E": 7e18} {
		if got, ok := resource(text); !ok || got != want {
			t.Errorf("%s is %g (%t), want %g", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "m", "-1", "1x", "NaN", "Inf", "0x10", "1e999"} {
		if got, ok := resource(text); ok {
			t.Errorf("%q is taken as %g", text, got)
		}
	}
}

func TestMeasures(t *testing.T) {
	for _, c := range []struct {
		text, unit string
		hours      float64
		ok         bool
	}{
		{"5400", "s", 1.5, true}, {"90", "min", 1.5, true}, {"1.5", "h", 1.5, true}, {"5400000", "ms", 1.5, true}, {"2", "d", 48, true},
		{"1-12:30:00", clock, 36.5, true}, {"12:30:00", clock, 12.5, true}, {"30:00", clock, 0.5, true}, {"00:00:01.5", clock, 1.5 / 3600, true},
		{"1:2:3:4", clock, 0, false}, {"x", clock, 0, false}, {"1-", clock, 0, false}, {"-1:00:00", clock, 0, false}, {"1.5:00:00", clock, 0, false},
		{"NaN", "h", 0, false}, {"1_000", "h", 0, false}, {"0x10", "h", 0, false}, {"", "h", 0, false}, {"1,5", "h", 0, false},
	} {
		got, bad := length(c.text, c.unit)
		if (bad == nil) != c.ok || c.ok && tidy(got-c.hours) != 0 {
			t.Errorf("%s %s is %g h (%v), want %g", c.text, c.unit, got, bad, c.hours)
		}
	}
	m := preset(t, "sacct")
	m.Trace = &Layout{Kind: Table, Delimiter: "|", Missing: m.Trace.Missing, Zone: "Asia/Shanghai"}
	const text = "JobID|State|Submit|Start|End|ElapsedRaw|TimelimitRaw|NCPUS\n" +
		"1|COMPLETED|2026-01-15T08:00:00|2026-01-15T08:00:00|2026-01-15T09:00:00|3600|60|1\n" +
		"2|COMPLETED|2026-01-15T01:00:00Z|2026-01-15T01:00:00Z|2026-01-15T02:00:00Z|3600|60|1\n"
	r, err := Import(context.Background(), []Trace{traceOf("x", text)}, m, Options{From: at("2026-01-15T00:00:00Z"), Hours: 24, Region: "n"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Jobs) != 2 || r.Jobs[0].ReleaseH != 0 || r.Jobs[1].ReleaseH != 1 {
		t.Errorf("a zone counts for dates without an offset only: %+v", r.Jobs)
	}
}
