package compare

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// written is a comparison made by hand: neither costs 20 more with gaps of 5 and 10,
// bits only 12 more, which the gaps may explain, and no space has no plan.
func written() *Comparison {
	figures := func(cost float64) *Figures {
		return &Figures{Cost: cost, CO2T: cost / 2, Supply: []Energy{{"coal", cost * 3}, {"wind", 1234.5}}, DroppedJobs: 3}
	}
	c := &Comparison{Case: `<b>town</b>`, Currency: "EUR"}
	add := func(r Row) {
		c.Rows = append(c.Rows, r)
		c.compare()
	}
	add(Row{Variant: AsIs, Status: "optimal", Figures: figures(1000), GapMoney: ptr(5.0)})
	add(Row{Variant: NoSpace, Status: "infeasible", Error: "there is no plan: infeasible"})
	add(Row{Variant: Neither, Status: "limit", Figures: figures(1020), GapMoney: ptr(10.0), Notes: []string{"a & b"}})
	add(Row{Variant: WattsOnly, SameAs: NoSpace, Status: "infeasible", Error: "there is no plan: infeasible"})
	add(Row{Variant: BitsOnly, Status: "optimal", Figures: figures(1012), GapMoney: ptr(10.0)})
	return c
}

func TestSignificance(t *testing.T) {
	c := written()
	for v, want := range map[Variant]bool{Neither: true, BitsOnly: false} {
		if d := c.Row(v).Difference; d == nil || d.Significant != want {
			t.Errorf("%s: %+v", v, d)
		}
	}
	if c.Row(NoSpace).Difference != nil {
		t.Error("a difference without a plan")
	}
	c.Rows[0].GapMoney = nil
	if c.compare(); c.Row(BitsOnly).Difference.Significant {
		t.Error("significant, with nothing proved of the case as it is")
	}
}

func TestText(t *testing.T) {
	var b strings.Builder
	if err := Text(&b, written()); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{
		`(?m)^Cost +EUR +1,000 +- +1,020 +- +1,012$`, `(?m)^more than as is +EUR +- +- +20.0 +- +~ 12.0$`,
		`(?m)^coal +MWh +3,000 +- +3,060 `, `(?m)^Jobs dropped +3 +- +3 +- +3$`, `(?m)^~ not significant`,
		`(?m)^no space shifting: there is no plan: infeasible$`, `(?m)^neither: not within the gap`, `(?m)^neither: a & b$`,
		`(?m)^watts only: the same case as no space shifting`,
	} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 100 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := CSV(&b, written()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll() // insists on as many fields in each row
	if err != nil || len(rows) != 6 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	value := func(row int, column string) string {
		for i, name := range rows[0] {
			if name == column {
				return rows[row][i]
			}
		}
		t.Fatalf("no column %s in %v", column, rows[0])
		return ""
	}
	for column, want := range map[string]string{"variant": "neither", "cost": "1020", "difference": "20", "significant": "true", "dropped_jobs": "3", "supply wind mwh": "1234.5"} {
		if got := value(3, column); got != want {
			t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
	if value(2, "error") == "" || value(2, "cost") != "" || value(2, "supply coal mwh") != "" || value(2, "seconds") != "0" {
		t.Errorf("row without a plan: %q", rows[2])
	}
}

func TestHTML(t *testing.T) {
	var b bytes.Buffer
	if err := HTML(&b, written()); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if strings.Contains(page, "<b>town") || !strings.Contains(page, "a &amp; b") {
		t.Error("text is not escaped")
	}
	if n := strings.Count(page, "<svg"); n != 4 {
		t.Errorf("%d charts", n)
	}
	// Of the four differences the one that the gaps may explain is pale.
	if n := strings.Count(page, `class="bar pale"`); n < 1 {
		t.Error("no pale bar")
	}
	for _, drawing := range regexp.MustCompile(`(?s)<svg.*?</svg>`).FindAllString(page, -1) {
		d := xml.NewDecoder(strings.NewReader(drawing))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v in %s", err, drawing)
			}
		}
		if strings.Contains(drawing, "NaN") || strings.Contains(drawing, "Inf") {
			t.Errorf("not a number in %s", drawing)
		}
	}
}

func TestJSON(t *testing.T) {
	data, err := json.Marshal(written())
	if err != nil {
		t.Fatal(err)
	}
	var back Comparison
	if err := json.Unmarshal(data, &back); err != nil || back.Row(Neither).Figures.Cost != 1020 || back.Row(NoSpace).Figures != nil {
		t.Errorf("%v: %s", err, data)
	}
}

// Names of money are long, and what stands beside the longest bar has to fit.
func TestValuesStayInTheDrawing(t *testing.T) {
	drawing := string(bars("cost", []bar{
		{"more", 5, 0, 0, "+1,234,567 thousand CNY"}, {"less", -5, 0, 0, "−1,234,567 thousand CNY"}, {"none", 0, 0, 0, "0"},
	}))
	text := regexp.MustCompile(`<text x="([-\d.]+)"[^>]*text-anchor="(start|end)">([^<]*)<`)
	found := text.FindAllStringSubmatch(drawing, -1)
	if len(found) != 3 {
		t.Fatalf("%d values in %s", len(found), drawing)
	}
	for _, m := range found {
		x, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		width := 7.8 * float64(utf8.RuneCountInString(m[3]))
		if m[2] == "end" && x-width < chartLabel || m[2] == "start" && x+width > chartWidth {
			t.Errorf("%q at %g leaves the drawing", m[3], x)
		}
	}
}
