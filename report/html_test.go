package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wattbit/wattbit/model"
)

var sampleMeta = Meta{
	Verified: true, Engine: "HiGHS", EngineVersion: "1.15.1", Version: "v0",
	Timings: []Timing{{"solve", 1.5}}, Columns: 10, Rows: 20, Nonzeros: 30, Integers: 4,
	Generated: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC),
}

func page1(t *testing.T, c *model.Case, p *model.Plan, m Meta) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := HTML(&b, c, p, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// elements parses the page as XML, which its HTML is written to be, and counts
// the elements and what their attributes hold.
func elements(t *testing.T, text []byte) (count map[string]int, attributes map[string][]string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Entity = xml.HTMLEntity
	count, attributes = map[string]int{}, map[string][]string{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return count, attributes
		}
		if err != nil {
			line, column := d.InputPos()
			t.Fatalf("line %d, column %d: %v", line, column, err)
		}
		if e, ok := token.(xml.StartElement); ok {
			count[e.Name.Local]++
			for _, a := range e.Attr {
				attributes[a.Name.Local] = append(attributes[a.Name.Local], a.Value)
			}
		}
	}
}

func TestPageIsWellFormedAndOffline(t *testing.T) {
	for _, jobs := range []int{0, 40, 200} {
		c, p := fixture(24, jobs)
		text := page1(t, c, p, sampleMeta)
		count, attributes := elements(t, text)
		for name, least := range map[string]int{"svg": 40, "table": 8, "h2": 10, "title": 300, "html": 1} {
			if count[name] < least {
				t.Errorf("%d jobs: %d elements %s, want at least %d", jobs, count[name], name, least)
			}
		}
		if count["script"] != 1 || count["link"]+count["img"]+count["iframe"]+count["object"] != 0 {
			t.Errorf("%d jobs: elements %v", jobs, count)
		}
		if len(attributes["src"]) > 0 || bytes.Contains(text, []byte("url(")) || bytes.Contains(text, []byte("://")) {
			t.Errorf("%d jobs: the page asks for something outside", jobs)
		}
		for _, to := range attributes["href"] {
			if id := strings.TrimPrefix(to, "#"); id == to || !slices.Contains(attributes["id"], id) {
				t.Errorf("%d jobs: link to %q leads nowhere", jobs, to)
			}
		}
		if bytes.Contains(text, []byte("ZgotmplZ")) || bytes.Contains(text, []byte("NaN")) || bytes.Contains(text, []byte("Inf<")) {
			t.Errorf("%d jobs: the page holds a value that could not be shown", jobs)
		}
		if len(text) > 1_000_000 {
			t.Errorf("%d jobs: %d bytes", jobs, len(text))
		}
	}
}

func TestPageShowsWhatIsAsked(t *testing.T) {
	c, p := fixture(24, 40)
	text := string(page1(t, c, p, sampleMeta))
	for _, want := range []string{"verified", "CY is short 793 MWh between 17:00 and 21:00", "What would mend it", "The whole system", "Power by bus",
		"Thermal units on", "Storage and reservoirs", "Links", "Where the work of each region is done", "Reach", "Jobs", "Sites and pools",
		"Prices", "Watt and bit", "Break-even CNY/GB", "Indicators", "Engine HiGHS 1.15.1", "10 columns (4 integer)", "solve 1.50 s"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	c, p = handCase()
	p.Buses[1].ShedMW = []float64{0, 0}
	p.Workloads[0].UnservedUnits = []float64{0, 0}
	text = string(page1(t, c, p, Meta{Violations: 3}))
	for _, want := range []string{"verification failed: 3 violations", "Nothing is short"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestPageRepeats(t *testing.T) {
	c, p := fixture(24, 200)
	want := page1(t, c, p, Meta{})
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for range 3 {
		c, p := fixture(24, 200)
		if !bytes.Equal(page1(t, c, p, Meta{}), want) {
			t.Fatal("the page differs from one run to the next")
		}
	}
}

// TestNamesAreEscaped puts markup into every name and text of a case and plan.
func TestNamesAreEscaped(t *testing.T) {
	const evil = `<script>alert(1)</script><img src=x onerror=alert(2)>"'&` + "\x01\x00\xff"
	c, p := fixture(6, 20)
	eachString(c, func(path string, s *string) {
		if *s != "" && !structural(path) {
			*s = evil + *s
		}
	})
	eachString(p, func(path string, s *string) {
		if *s != "" && !structural(path) {
			*s = evil + *s
		}
	})
	m := sampleMeta
	m.Title, m.Engine, m.Version, m.Timings = evil, evil, evil, []Timing{{evil, 1}}
	text := page1(t, c, p, m)
	count, attributes := elements(t, text)
	if count["script"] != 1 || count["img"] != 0 || len(attributes["onerror"]) != 0 {
		t.Errorf("markup of a name reaches the page: %d scripts, %d images", count["script"], count["img"])
	}
	if !bytes.Contains(text, []byte("&lt;script&gt;alert(1)")) {
		t.Error("the names are not in the page at all")
	}
}

// structural says whether a string field is no free text.
func structural(path string) bool {
	for _, field := range []string{".Zone", ".Format", ".Status", ".Shape", ".Direction", ".Item"} {
		if strings.HasSuffix(path, field) {
			return true
		}
	}
	return strings.Contains(path, ".Start") // a time's location
}

// TestManyUnitsStaySmall has 1,388 units over 96 periods, and many of all else.
func TestManyUnitsStaySmall(t *testing.T) {
	c, p := fixture(96, 500)
	for len(c.ThermalUnits) < 1388 {
		i := len(c.ThermalUnits)
		u, v := c.ThermalUnits[i%22], p.ThermalUnits[i%22]
		u.Name, u.Count = fmt.Sprintf("unit %d", i), 1
		v.Name, v.PowerMW, v.UnitsOn, v.Reserves = u.Name, make([]float64, 96), make([]int, 96), nil
		c.ThermalUnits, p.ThermalUnits = append(c.ThermalUnits, u), append(p.ThermalUnits, v)
	}
	for i := range 300 {
		name := fmt.Sprintf("bus %d", i)
		c.Buses = append(c.Buses, model.Bus{Name: name})
		p.Buses = append(p.Buses, model.BusPlan{Name: name, ShedMW: make([]float64, 96), SpillMW: make([]float64, 96)})
		c.Links = append(c.Links, model.Link{Name: "to " + name, From: "CY", To: name, MaxForwardMW: model.Constant(10)})
		p.Links = append(p.Links, model.LinkPlan{Name: "to " + name, ForwardMW: make([]float64, 96), BackwardMW: make([]float64, 96), LossMW: make([]float64, 96)})
	}
	text := page1(t, c, p, Meta{})
	elements(t, text)
	if len(text) > 2_100_000 {
		t.Errorf("the page has %d bytes", len(text))
	}
	for _, want := range []string{"1,388 units and clusters put together by bus and fuel", "The 24 busiest of 308 buses", "The 24 busiest of 307 links", "500 jobs put together"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestLongHorizonIsAveraged draws a year of hours in a bounded number of
// columns.
func TestLongHorizonIsAveraged(t *testing.T) {
	c, p := handCase()
	const T = 8760
	c.Horizon.Periods = []model.PeriodRun{{Count: T, Hours: 1}}
	stretch := func(v []float64) []float64 {
		out := make([]float64, T)
		for i := range out {
			out[i] = v[i%2]
		}
		return out
	}
	eachSeries(c, func(v []float64) []float64 {
		if len(v) == 2 {
			return stretch(v)
		}
		return v
	})
	jobs := p.Jobs
	p.Jobs = nil
	eachSeries(p, stretch)
	eachCounts(p, func(v []int) []int {
		out := make([]int, T)
		for i := range out {
			out[i] = v[i%2]
		}
		return out
	})
	p.Jobs = jobs
	for i := range p.PeriodHours {
		p.PeriodHours[i] = 1
	}
	text := page1(t, c, p, Meta{})
	if len(text) > 700_000 {
		t.Errorf("the page has %d bytes", len(text))
	}
	if !bytes.Contains(text, []byte("Charts average the 8,760 periods to 191 columns")) {
		t.Error("the page does not say that it averages")
	}
	if !bytes.Contains(text, []byte("Mar 30")) {
		t.Error("the time axis shows no dates")
	}
}
