package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/wattbit/wattbit/model"
)

// Meta is what a page says about a plan that the plan does not hold. Its zero
// value leaves all of it out; the page is then a function of case and plan.
type Meta struct {
	// Title of the page. Default: the case's name.
	Title string
	// Verified says that the plan passed its verification; Violations is how
	// many were found where it did not. Neither: it was not verified.
	Verified   bool
	Violations int
	// Engine that made the plan, and its version.
	Engine        string
	EngineVersion string
	// Version of the program that wrote the page.
	Version string
	// Timings in the order in which they are shown.
	Timings []Timing
	// Columns, Rows, Nonzeros and Integers of the program; 0 leaves them out.
	Columns, Rows, Nonzeros, Integers int
	// Generated is when the page was made.
	Generated time.Time
}

// Timing is how long a step took.
type Timing struct {
	Step    string
	Seconds float64
}

// Limits on what a page draws one by one; what is beyond is aggregated or left
// to the tables, and the page says so.
const (
	maxPanels    = 24
	maxHeatRows  = 48
	maxGanttRows = 120
	maxTableRows = 24
	maxMatrix    = 16
	maxShortages = 12

	maxJobsExplained = 2
)

//go:embed report.html.tmpl
var pageText string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"num":      func(v float64) string { return minus(number(v, 0)) },
	"dec":      func(v float64, decimals int) string { return minus(number(v, decimals)) },
	"amount":   func(v float64) string { return minus(amount(v)) },
	"kilos":    func(v float64) string { return minus(amount(1000 * v)) }, // of tonnes
	"compact":  func(v float64) string { return minus(compact(v)) },
	"pct":      func(v float64) string { return minus(percent(v)) },
	"part":     func(v float64) string { return minus(part(v)) },
	"energy":   func(v float64) string { return minus(energy(v)) },
	"int":      func(v int) string { return number(float64(v), 0) },
	"title":    title,
	"unbroken": func(s string) string { return unbroken.Replace(s) },
	"deref":    func(v *float64) float64 { return *v },
}).Parse(pageText))

// unbroken keeps a number and its unit on one line.
var unbroken = strings.NewReplacer(" %", "\u00a0%", " bn", "\u00a0bn", " M", "\u00a0M", " k", "\u00a0k", " GWh", "\u00a0GWh", " unit-h", "\u00a0unit\u2011h")

// minus puts the proper sign before a negative number.
func minus(s string) string {
	if strings.HasPrefix(s, "-") {
		return "−" + s[1:]
	}
	return s
}

// HTML writes the plan as one page that needs no network: figures, charts and
// tables, light or dark as the reader prefers, readable without scripts.
func HTML(w io.Writer, c *model.Case, p *model.Plan, meta Meta) error {
	r, err := New(c, p)
	if err != nil {
		return err
	}
	return r.HTML(w, meta)
}

func (j *joined) html(w io.Writer, meta Meta) error {
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, newPage(j, meta)); err != nil {
		return fmt.Errorf("report: page: %w", err)
	}
	if _, err := w.Write(bytes.ToValidUTF8(bytes.Map(printable, b.Bytes()), []byte("\uFFFD"))); err != nil {
		return fmt.Errorf("report: write page: %w", err)
	}
	return nil
}

// printable replaces the control characters that no page may hold.
func printable(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff {
		return '\uFFFD'
	}
	return r
}

// page is everything that the template shows.
type page struct {
	Meta  Meta
	S     *Summary
	Title string
	When  string
	// Gap in words.
	Status string
	// Proof is good, bad or open.
	Proof     string
	ProofText string
	Tiles     []tile
	Shortages []Shortage
	Brief     []Shortage
	MoreShort int
	SHA256    string

	CostBars []costBar
	Sources  []sourceRow
	Uses     []sourceRow

	System chart
	// SystemClose is the same for a narrow window.
	SystemClose template.HTML
	Buses       gallery
	Commitment  chart
	Storage     gallery
	Links       gallery
	LinkRows    []LinkLine
	Prices      chart
	PriceRows   []PriceLine
	MarginalCO2 chart
	CarbonRows  []CarbonLine

	HasCompute  bool
	WorkBySite  chart
	WorkByClass chart
	Work        gallery
	ClassTable  matrix
	ServedTable matrix

	Moved         []movedRow
	MovedTitle    string
	MovedOverTime chart

	Jobs      chart
	Groups    []GroupLine
	GroupMore int
	Quotas    []QuotaLine
	QuotaMore int
	Copies    []CopyLine
	CopyMore  int

	WorkRows   []WorkloadAccount
	WorkMore   int
	UnitPrices matrix
	Latency    []LatencyLine
	LatentMore int

	Given      gallery
	OnCall     []OnCallLine
	OnCallMore int
	Absorbed   chart

	Headroom     chart
	HeadroomRows []HeadroomLine
	HeadroomMore int
	OutageRows   []outageRow
	OutageMore   int

	SitePower    chart
	PoolUse      chart
	PoolPrices   chart
	SiteRows     []SiteLine
	SiteMore     int
	SiteUses     []SiteUse
	Calls        []CallLine
	GreenHours   chart
	Reach        matrix
	Corridors    []Corridor
	CorridorMore int
	DataRows     []DataLinkLine
	DataMore     int
	WireSentMWh  float64
	AwayMWh      float64

	Indicators []tile
	ColumnNote string
	Footer     []string

	hydroIsGreen bool
}

// tile is a headline figure.
type tile struct {
	Label, Value, Unit, Note, Tone string
}

// chart is a drawing with its legend and what there is to say about it.
type chart struct {
	SVG    template.HTML
	Legend []legend
	Note   string
}

// gallery is a set of small charts of one kind.
type gallery struct {
	Panels []panel
	Legend []legend
	Note   string
}

// panel is one chart of a gallery.
type panel struct {
	Title, Sub string
	SVG        template.HTML
}

// costBar is one item of cost; Width is of the longest, in percent.
type costBar struct {
	CostLine
	Width string
	Share float64
}

// sourceRow is one source or use of energy.
type sourceRow struct {
	EnergyLine
	Class, Width string
}

// matrix is a table with shaded cells.
type matrix struct {
	Corner  string
	Columns []string
	// ColumnNotes stand below the names of columns; nil for none.
	ColumnNotes []string
	Rows        []matrixRow
	Note        string
}

type matrixRow struct {
	Label, Note string
	Cells       []matrixCell
}

// matrixCell is shaded from h0 to h9, or by another class.
type matrixCell struct {
	Text, Class, Tip string
}

func newPage(j *joined, meta Meta) *page {
	s := j.summary()
	axis := newTimeAxis(j)
	p := &page{
		Meta: meta, S: s, hydroIsGreen: j.c.Policy.HydroCountsAsRenewable, Title: orName(meta.Title, s.Case), Status: statusText(s), SHA256: j.p.CaseSHA256,
		When: fmt.Sprintf("%s to %s, %s, %s", s.Start.Format("Mon 2 Jan 2006 15:04"), s.End.Format("Mon 2 Jan 2006 15:04"),
			s.Zone, plural(s.Periods, "period")),
	}
	p.proof()
	p.Tiles = tiles(j, s)
	p.shortages(s.Shortages)
	p.CostBars = costBars(s)
	p.Sources, p.Uses = sourceRows(s.Supply), sourceRows(s.Use)
	if axis.grouped() {
		p.ColumnNote = fmt.Sprintf("Charts average the %s periods to %d columns; figures and tables use every period.",
			number(float64(j.T), 0), axis.columns())
	}
	p.powerCharts(j, axis)
	if s.Computing != nil {
		p.HasCompute = true
		p.computeCharts(j, axis)
	}
	p.Indicators = indicators(s)
	p.Footer = p.footer(j)
	return p
}

// shortages spells out the most costly ones. Of jobs, a few are enough to see
// why; the others get a line.
func (p *page) shortages(all []Shortage) {
	jobs := 0
	for _, v := range all {
		isJob := v.Kind == ShortDropped || v.Kind == ShortLate || v.Kind == ShortLeft
		switch {
		case isJob && jobs == maxJobsExplained && len(p.Brief) < maxShortages:
			p.Brief = append(p.Brief, v)
		case isJob && jobs == maxJobsExplained || len(p.Shortages) == maxShortages:
			p.MoreShort++
		default:
			p.Shortages = append(p.Shortages, v)
			if isJob {
				jobs++
			}
		}
	}
}

func (p *page) proof() {
	switch m := p.Meta; {
	case m.Violations > 0:
		p.Proof, p.ProofText = "bad", "verification failed: "+plural(m.Violations, "violation")
	case m.Verified:
		p.Proof, p.ProofText = "good", "verified"
	default:
		p.Proof, p.ProofText = "open", "not verified"
	}
}

func tiles(j *joined, s *Summary) []tile {
	money := s.Currency
	out := []tile{{
		Label: "Total cost", Value: compact(s.Objective), Unit: money,
		Note: fmt.Sprintf("operating %s, penalties %s", compact(s.OperatingCost), compact(s.PenaltyCost)),
	}}
	gap := tile{Label: "Gap", Value: "open", Note: "no bound is proved"}
	if s.Gap != nil {
		gap.Value, gap.Note = percent(s.Gap.Share), fmt.Sprintf("at most %s %s above the best", number(s.Gap.Money, 0), money)
		if 100*s.Gap.Share < leastPercent {
			gap.Value, gap.Note = "0 %", "no plan costs less"
		}
	}
	out = append(out, gap)
	short := tile{Label: "Power short", Value: "0", Unit: "MWh", Note: "all demand is met", Tone: "good"}
	if mwh := kindSum(s, ShortPower); mwh > 0 {
		short.Value, short.Tone, short.Note = amount(mwh), "bad", percent(ratio(mwh, s.DemandMWh))+" of demand"
	}
	out = append(out, short,
		tile{Label: "Demand", Value: amountOf(s.DemandMWh), Unit: unitOf(s.DemandMWh),
			Note: fmt.Sprintf("peak %s MW at %s", amount(s.PeakMW), j.cal.clock(maxAt(j.system().demand(j.T))))},
		tile{Label: "Wind and solar", Value: percent(s.WindSolarOfGeneration), Note: "of generation, " + percent(s.WindSolarOfCapacity) + " of capacity"},
		tile{Label: "Curtailed", Value: percent(s.CurtailedShare), Note: energy(s.CurtailedMWh) + " of what was offered"},
		tile{Label: "CO₂", Value: tonnes(s.CO2T), Unit: tonnesUnit(s.CO2T), Note: amount(1000*s.CO2TPerMWh) + " kg/MWh on average"},
	)
	c := s.Computing
	if c == nil {
		return out
	}
	out = append(out,
		tile{Label: "Computing draws", Value: percent(c.ShareOfDemand), Note: fmt.Sprintf("%s, PUE %s", energy(c.SiteMWh), number(c.PUE, 3))},
		tile{Label: "Work away from home", Value: percent(ratio(c.AwayUnitH, c.WorkUnitH)), Note: movedNote(c)},
	)
	if n := c.Jobs; n.Total > 0 {
		t := tile{Label: "Jobs on time", Value: number(float64(n.OnTime), 0), Unit: "of " + number(float64(n.Total), 0),
			Note: n.others(), Tone: "good"}
		if n.Late+n.Dropped > 0 {
			t.Tone = "bad"
		}
		out = append(out, t)
	}
	return out
}

// tonnes and tonnesUnit write a mass in t, or in Mt from a million on.
func tonnes(t float64) string {
	if t >= 1e6 {
		return number(t/1e6, 2)
	}
	return amount(t)
}

func tonnesUnit(t float64) string {
	if t >= 1e6 {
		return "Mt"
	}
	return "t"
}

func kindSum(s *Summary, kind ShortageKind) float64 {
	sum := 0.0
	for _, v := range s.Shortages {
		if v.Kind == kind {
			sum += v.Amount
		}
	}
	return sum
}

func movedNote(c *Computing) string {
	var most *AreaLine
	for i := range c.Areas {
		if a := &c.Areas[i]; a.From != a.To && (most == nil || a.UnitH > most.UnitH) {
			most = a
		}
	}
	if most == nil {
		return "none leaves its area"
	}
	return fmt.Sprintf("%s to %s: %s unit-h", most.From, most.To, compact(most.UnitH))
}

func amountOf(mwh float64) string { v, _, _ := strings.Cut(energy(mwh), " "); return v }

func unitOf(mwh float64) string { _, u, _ := strings.Cut(energy(mwh), " "); return u }

func costBars(s *Summary) []costBar {
	most := 0.0
	for _, c := range s.Costs {
		most = max(most, c.Amount, -c.Amount)
	}
	var out []costBar
	for _, penalty := range []bool{false, true} {
		for _, c := range s.Costs {
			if c.Penalty == penalty {
				out = append(out, costBar{CostLine: c, Width: width(max(c.Amount, -c.Amount), most), Share: ratio(c.Amount, s.Objective)})
			}
		}
	}
	return out
}

func width(v, most float64) string { return fmt.Sprintf("%.2f", 100*finite(ratio(v, most))) }

func sourceRows(lines []EnergyLine) []sourceRow {
	most := 0.0
	for _, l := range lines {
		most = max(most, l.MWh)
	}
	var out []sourceRow
	for _, l := range lines {
		out = append(out, sourceRow{EnergyLine: l, Class: flowClass(l.key), Width: width(max(0, l.MWh), most)})
	}
	return out
}

func indicators(s *Summary) []tile {
	out := []tile{
		{Label: "Wind and solar, of capacity", Value: percent(s.WindSolarOfCapacity)},
		{Label: "Wind and solar, of generation", Value: percent(s.WindSolarOfGeneration)},
		{Label: "Renewable share of generation", Value: percent(s.RenewableShare)},
		{Label: "Curtailed, of what weather offered", Value: percent(s.CurtailedShare)},
		{Label: "Average emissions", Value: amount(1000*s.CO2TPerMWh) + " kg/MWh"},
	}
	if share := s.ElectrificationShare; share != nil {
		out = append(out, tile{Label: "Electricity in final energy", Value: percent(*share), Note: "as the case gives it"})
	}
	c := s.Computing
	if c == nil {
		return out
	}
	f := c.Flexibility
	busy, available := 0.0, 0.0
	for _, p := range c.Pools {
		busy += p.BusyUnitH
		if p.LevelOf == "" {
			available += p.AvailableUnitH
		}
	}
	out = append(out,
		tile{Label: "Flexible computing at peak demand, in time", Value: percent(f.InTimeShare), Note: amount(f.InTimeMW) + " MW of jobs that may wait"},
		tile{Label: "Flexible computing at peak demand, in place", Value: percent(f.InPlaceShare), Note: amount(f.InPlaceMW) + " MW of work that another bus may serve"},
		tile{Label: "Flexible on the users' side at peak demand", Value: percent(f.userSide()), Note: "of which computing " + percent(min(1, f.InTimeShare+f.InPlaceShare)) +
			"; promised as reserve: " + amount(f.OnCallUpMW) + " MW to drop, " + amount(f.OnCallDownMW) + " MW to take"},
		tile{Label: "Jobs run in surplus", Value: percent(ratio(c.Absorbed.JobsMWh, c.Absorbed.AllJobsMWh)), Note: energy(c.Absorbed.JobsMWh) + " of jobs' dynamic energy, " +
			energy(c.Absorbed.MovableMWh) + " of it movable; curtailed all the same at their buses: " + energy(c.Absorbed.CurtailedMWh)},
		tile{Label: "Storage power over peak demand", Value: percent(f.StorageShare)},
		tile{Label: "Computing's share of demand", Value: percent(c.ShareOfDemand)},
		tile{Label: "PUE, weighted by energy", Value: number(c.PUE, 3)},
		tile{Label: "Green share of computing", Value: percent(c.GreenShare), Note: "traced through the grid"},
		tile{Label: "Machines busy", Value: percent(ratio(busy, available))},
	)
	if share, note, ok := greenNote(c.SiteUses); ok {
		out = append(out, tile{Label: "Green share of sites that must show one", Value: percent(share), Note: note})
	}
	return out
}

func (p *page) footer(j *joined) []string {
	var out []string
	m := p.Meta
	if m.Engine != "" {
		out = append(out, strings.TrimSpace("Engine "+m.Engine+" "+m.EngineVersion))
	}
	if m.Columns > 0 {
		out = append(out, fmt.Sprintf("Program: %s columns (%s integer), %s rows, %s nonzeros", number(float64(m.Columns), 0),
			number(float64(m.Integers), 0), number(float64(m.Rows), 0), number(float64(m.Nonzeros), 0)))
	}
	var times []string
	for _, t := range m.Timings {
		times = append(times, fmt.Sprintf("%s %s s", t.Step, amount(t.Seconds)))
	}
	if len(times) > 0 {
		out = append(out, strings.Join(times, ", "))
	}
	if p.SHA256 != "" {
		out = append(out, "Case SHA-256 "+p.SHA256)
	}
	if m.Version != "" {
		out = append(out, "Wattbit "+m.Version)
	}
	if !m.Generated.IsZero() {
		out = append(out, "Made "+m.Generated.In(j.cal.times[0].Location()).Format("2006-01-02 15:04 MST"))
	}
	return out
}

// ColourNames are the colour classes that have a fill.
func (p *page) ColourNames() []string {
	out := []string{"nuclear", "lignite", "coal", "biomass", "oil", "gas", "hydro", "wind", "solar", "storage", "outside", "links",
		"linksback", "shed", "load", "sites", "data", "lost", "rest", "x0", "x1", "x2", "x3", "c0", "c1", "c2", "c3", "c4", "c5"}
	for i := range colourCount {
		out = append(out, colour(i))
	}
	return out
}

// HydroIsGreen says whether the policy counts hydro as renewable.
func (p *page) HydroIsGreen() bool { return p.hydroIsGreen }

// AwayShare is the part of the work that is done away from home.
func (p *page) AwayShare() float64 {
	return ratio(p.S.Computing.AwayUnitH, p.S.Computing.WorkUnitH)
}

// WireLoss is the part of the energy sent over links that is lost.
func (p *page) WireLoss() float64 { return ratio(p.S.LossMWh, p.WireSentMWh) }
