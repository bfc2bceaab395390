package report

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/wattbit/wattbit/model"
)

func text(t *testing.T, c *model.Case, p *model.Plan) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, mustSummarise(t, c, p)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextSaysWhatAPlannerAsks(t *testing.T) {
	c, p := fixture(24, 40)
	got := text(t, c, p)
	for _, want := range []string{
		"Eight hubs, winter day\n",
		"2023-01-14 00:00 to 2023-01-15 00:00 (Asia/Shanghai), 24 periods, 24 h\n",
		"Optimal within the gap asked for: at most 0.0042 % (",
		"Wind and solar", "Curtailed", "CO2", "Storage cycles", "east to west 1", "of 40",
		"CY is short 793 MWh between 17:00 and 21:00, at most 481 MW (19:00).",
		"mend: 481 MW more capacity or import on CY",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the summary lacks %q:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n"); n > 60 {
		t.Errorf("%d lines, want at most 60", n)
	}
}

// TestTextShowsEveryIndicator: what the page shows among the indicators, in full cases and
// in small ones, is in the summary for a terminal too.
func TestTextShowsEveryIndicator(t *testing.T) {
	for name, make := range map[string]func() (*model.Case, *model.Plan){
		"eight hubs": func() (*model.Case, *model.Plan) { return fixture(24, 40) }, "by hand": handCase,
	} {
		c, p := make()
		c.Policy.ElectrificationShare = ptr(0.2871)
		got := text(t, c, p)
		s := mustSummarise(t, c, p)
		for _, tile := range indicators(s) {
			if !strings.Contains(got, tile.Value) {
				t.Errorf("%s: the summary lacks %s, %s:\n%s", name, tile.Label, tile.Value, got)
			}
		}
		if !strings.Contains(got, "electricity 28.7 % of final energy") {
			t.Errorf("%s: the summary lacks electrification:\n%s", name, got)
		}
	}
}

// TestTextWattOrBit: work of rA draws 2.4 MWh at B and takes 16 GB at 0.5. At 80 less a MWh
// than at home it saves 192, which is 12 a GB; at the prices of the case moving costs 1,022
// of power. What rB's own work has sent, 30 of 40 GB, counts to no other region.
func TestTextWattOrBit(t *testing.T) {
	for name, x := range map[string]struct {
		of     func() (*model.Case, *model.Plan)
		change func(*model.Case, *model.Plan)
		want   string
	}{
		"saves": {handCase, func(c *model.Case, p *model.Plan) {
			c.DataLinks[0].EnergyKWhPerGB = 0
			p.Prices.Power[0].Values, p.Prices.Power[1].Values = []float64{100, 100}, []float64{20, 20}
		}, "2.40 MWh of transmission avoided for 16 GB at 0.500, break-even 12 EUR/GB\n"},
		"costs":          {handCase, func(*model.Case, *model.Plan) {}, "2.40 MWh of transmission avoided for 16 GB at 0.500, break-even -63.9 EUR/GB\n"},
		"without prices": {handCase, func(_ *model.Case, p *model.Plan) { p.Prices = nil }, "2.40 MWh of transmission avoided for 16 GB at 0.500 EUR/GB\n"},
		"without data":   {handCase, func(c *model.Case, _ *model.Plan) { c.Workloads[0].DataGBPerUnitH = 0 }, "2.40 MWh of transmission avoided\n"},
		"some without prices": {handCase, func(c *model.Case, p *model.Plan) { // rC has no bus at home
			c.Regions = append(c.Regions, model.Region{Name: "rC"})
			c.DataLinks = append(c.DataLinks, model.DataLink{Name: "rC=rB", From: "rC", To: "rB", CapacityGbps: model.Constant(1), PricePerGB: 2})
			c.Workloads = append(c.Workloads, model.Workload{Name: "V", Region: "rC", Class: "hot", DemandUnits: model.Constant(1), DataGBPerUnitH: 1})
			p.DataLinks = append(p.DataLinks, model.DataLinkPlan{Name: "rC=rB", ForwardGB: []float64{1, 2}, BackwardGB: []float64{0, 0}})
			p.Workloads = append(p.Workloads, model.WorkloadPlan{Name: "V", Routes: []model.Route{{Pool: "P", Units: []float64{1, 1}}}, UnservedUnits: []float64{0, 0}})
		}, "2.85 MWh of transmission avoided for 19 GB at 0.737 EUR/GB\n"},
		"data at home": {jobsCase, func(*model.Case, *model.Plan) {}, "0.300 MWh of transmission avoided for 10 GB at 0.150 EUR/GB\n"},
	} {
		c, p := x.of()
		x.change(c, p)
		if got := text(t, c, p); !strings.Contains(got, "  Watt or bit: "+x.want) {
			t.Errorf("%s: the summary lacks %q:\n%s", name, x.want, got)
		}
	}
	c, p := handCase()
	c.Sites[0].Region, c.Jobs[0].Region = "rA", "rA"
	if got := text(t, c, p); strings.Contains(got, "Watt or bit") {
		t.Errorf("work at home avoids transmission:\n%s", got)
	}
}

// TestTextStaysShort has more sources, classes, sites and shortages than lines.
func TestTextStaysShort(t *testing.T) {
	c, p := handCase()
	for i := range 100 {
		name := fmt.Sprintf("source %d", i)
		c.Renewables = append(c.Renewables, model.Renewable{Name: name, Bus: "A", Source: name, AvailableMW: model.Constant(1)})
		p.Renewables = append(p.Renewables, model.RenewablePlan{Name: name, PowerMW: []float64{1, 1}, CurtailedMW: []float64{0, 0}})
		site := fmt.Sprintf("site %d", i)
		c.Sites = append(c.Sites, model.Site{Name: site, Bus: "A", Region: "rA"})
		p.Sites = append(p.Sites, model.SitePlan{Name: site, PowerMW: []float64{1, 1}})
		c.Pools = append(c.Pools, model.Pool{Name: site, Site: site, Modules: 1, UnitsPerModule: 10, DynamicMWPerUnit: 0.1})
		p.Pools = append(p.Pools, model.PoolPlan{Name: site, ModulesOn: []int{1, 1}, ModuleStarts: []int{0, 0}, ModuleStops: []int{0, 0}, BusyUnits: []float64{1, 1}})
		class := fmt.Sprintf("class %d", i)
		c.LatencyClasses = append(c.LatencyClasses, model.LatencyClass{Name: class})
		c.Workloads = append(c.Workloads, model.Workload{Name: class, Region: "rA", Class: class, DemandUnits: model.Constant(2)})
		p.Workloads = append(p.Workloads, model.WorkloadPlan{Name: class, UnservedUnits: []float64{1, 0},
			Routes: []model.Route{{Pool: site, Units: []float64{1, 1}}}})
	}
	got := text(t, c, p)
	if n := strings.Count(got, "\n"); n > 60 {
		t.Errorf("%d lines, want at most 60:\n%s", n, got)
	}
	for _, want := range []string{"Other sources", "94 other sites", "others", "more, see the report"} {
		if !strings.Contains(got, want) {
			t.Errorf("the summary lacks %q:\n%s", want, got)
		}
	}
	// Sites that share a line are in its sum: the seven with a line of their
	// own do 28 + 6*3 of the work.
	rest := number(mustSummarise(t, c, p).Computing.WorkUnitH-28-6*3, 0)
	if line := got[strings.Index(got, "94 other sites"):]; !strings.Contains(line[:strings.Index(line, "\n")], rest) {
		t.Errorf("the other sites do not do %s unit-h:\n%s", rest, got)
	}
}

func TestTextDropsControlCharacters(t *testing.T) {
	c, p := handCase()
	c.Name = "bad\x1b[31m\u009bname\r\nnext"
	if got := text(t, c, p); strings.ContainsAny(got, "\x1b\r\u009b") || !strings.HasPrefix(got, "bad [31m name  next\n") {
		t.Errorf("control characters reach the terminal: %q", got[:40])
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteErrorsAreReported(t *testing.T) {
	c, p := handCase()
	if err := Text(brokenWriter{}, mustSummarise(t, c, p)); !errors.Is(err, errBroken) {
		t.Errorf("Text gives %v", err)
	}
	if err := HTML(brokenWriter{}, c, p, Meta{}); !errors.Is(err, errBroken) {
		t.Errorf("HTML gives %v", err)
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{number(0, 0), "0"}, {number(-0.4, 0), "0"}, {number(1234567.891, 2), "1,234,567.89"}, {number(-999.6, 0), "-1,000"},
		{amount(3), "3"}, {amount(0.12345), "0.123"}, {amount(12.345), "12.3"}, {amount(123.4), "123"}, {amount(0.00012), "0.00012"},
		{compact(3.1514e9), "3.15 bn"}, {compact(999_600), "1.0 M"}, {compact(12_345), "12.3 k"}, {compact(9_000), "9,000"}, {compact(655_010), "655 k"},
		{percent(0), "0 %"}, {percent(0.000042), "0.0042 %"}, {percent(0.1234), "12.3 %"}, {percent(0.01), "1.00 %"}, {part(0.0001), "< 0.1 %"},
		{energy(12), "12 MWh"}, {energy(123_456), "123.5 GWh"}, {energy(13_266_200), "13,266 GWh"},
		{list([]string{"a", "b", "c"}, 2), "a, b and 1 more"}, {plural(1, "bus"), "1 bus"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
