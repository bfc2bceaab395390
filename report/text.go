package report

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wattbit/wattbit/model"
)

// Limits of Text: its lines and columns, and the shortages that it spells out if
// there is room.
const (
	maxTextLines     = 59
	maxTextColumns   = 100
	maxTextShortages = 3
)

// Text writes the summary for a terminal: fewer than 60 lines of at most 100
// columns, but for names that are longer.
func Text(w io.Writer, s *Summary) error {
	b := bufio.NewWriter(w)
	t := &textWriter{w: b, currency: s.Currency}
	t.head(s)
	t.costs(s)
	t.power(s)
	if s.Computing != nil {
		t.computing(s)
	}
	t.shortages(s)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("report: write summary: %w", err)
	}
	return nil
}

type textWriter struct {
	w        *bufio.Writer
	currency string
	lines    int
}

// line writes text without the control characters that a name could smuggle
// into a terminal.
func (t *textWriter) line(format string, args ...any) {
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, fmt.Sprintf(format, args...))
	_, _ = t.w.WriteString(strings.TrimRight(text, " ") + "\n") // Flush reports the error
	t.lines++
}

// row writes aligned label and value with an optional remark.
func (t *textWriter) row(label, value, unit, remark string) {
	t.flow(fmt.Sprintf("  %s %14s %-8s ", pad(label, 26), value, unit), remark)
}

// flow writes text after a head, and goes on below its beginning where a line
// would be too long.
func (t *textWriter) flow(head, text string) {
	for _, l := range flowed(head, text) {
		t.line("%s", l)
	}
}

func flowed(head, text string) []string {
	var lines []string
	line, indent := head, strings.Repeat(" ", utf8.RuneCountInString(head))
	empty := true
	words := strings.Fields(text)
	for i := 0; i < len(words); i++ {
		word := words[i]
		// A number and its unit stay together.
		for i+1 < len(words) && strings.HasPrefix(words[i+1], "%") {
			i++
			word += " " + words[i]
		}
		if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > maxTextColumns {
			lines = append(lines, line)
			line, empty = indent, true
		}
		if !empty {
			line += " "
		}
		line, empty = line+word, false
	}
	return append(lines, line)
}

func pad(s string, width int) string {
	if n := utf8.RuneCountInString(s); n < width {
		return s + strings.Repeat(" ", width-n)
	}
	return s
}

func (t *textWriter) head(s *Summary) {
	t.line("%s", s.Case)
	t.line("%s to %s (%s), %s, %s h", s.Start.Format("2006-01-02 15:04"), s.End.Format("2006-01-02 15:04"), s.Zone,
		plural(s.Periods, "period"), amount(s.Hours))
	t.line("%s", statusText(s))
	t.line("")
}

// statusText says in a sentence how good the plan is known to be.
func statusText(s *Summary) string {
	gap := "no bound is proved"
	if s.Gap != nil {
		gap = fmt.Sprintf("at most %s (%s %s) above the best possible cost", percent(s.Gap.Share), number(s.Gap.Money, 0), s.Currency)
		switch {
		case s.Gap.Money == 0:
			gap = "no plan costs less"
		case 100*s.Gap.Share < leastPercent:
			gap = "no plan costs less, but for rounding"
		}
	}
	switch s.Status {
	case model.PlanOptimal:
		return "Optimal within the gap asked for: " + gap
	case model.PlanLimit:
		return "Stopped at a limit: " + gap
	case model.PlanInterrupted:
		return "Interrupted: " + gap
	case model.PlanFeasible:
		return "Feasible: " + gap
	}
	return string(s.Status) + ": " + gap
}

func (t *textWriter) costs(s *Summary) {
	t.line("Cost")
	for _, section := range sections {
		sum, items := 0.0, []string(nil)
		for _, c := range s.Costs {
			if c.Section == section && !c.Penalty {
				sum += c.Amount
				items = append(items, string(c.Item)+" "+compact(c.Amount))
			}
		}
		if len(items) > 0 {
			remark := ""
			if len(items) > 1 {
				remark = strings.Join(items, ", ")
			} else if head, _, _ := strings.Cut(items[0], " "); !strings.EqualFold(head, section) {
				remark = string(itemOf(s.Costs, section, false))
			}
			t.row(section, number(sum, 0), t.currency, remark)
		}
	}
	var penalties []string
	for _, c := range s.Costs {
		if c.Penalty {
			penalties = append(penalties, string(c.Item)+" "+compact(c.Amount))
		}
	}
	t.row("Penalties", number(s.PenaltyCost, 0), t.currency, strings.Join(penalties, ", "))
	t.row("Total", number(s.Objective, 0), t.currency, "")
	t.line("")
}

func itemOf(costs []CostLine, section string, penalty bool) model.CostItem {
	for _, c := range costs {
		if c.Section == section && c.Penalty == penalty {
			return c.Item
		}
	}
	return ""
}

// maxTextSources is the number of sources that get a line of their own.
const maxTextSources = 10

func (t *textWriter) power(s *Summary) {
	t.line("Power")
	supply, rest := mainSources(s.Supply)
	for _, e := range supply {
		t.row(title(e.Name), amount(e.MWh), "MWh", fmt.Sprintf("%7s", part(e.Share)))
	}
	if rest != 0 {
		t.row("Other sources", amount(rest), "MWh", "")
	}
	uses := make([]string, 0, len(s.Use))
	for _, u := range s.Use {
		uses = append(uses, u.Name+" "+amount(u.MWh))
	}
	t.flow("  Used for (MWh): ", strings.Join(uses, ", "))
	t.row("Peak demand", amount(s.PeakMW), "MW", "at "+s.PeakTime.Format("15:04"))
	of := fmt.Sprintf("of energy, %s of capacity; renewable %s", percent(s.WindSolarOfCapacity), percent(s.RenewableShare))
	if s.ElectrificationShare != nil {
		of += fmt.Sprintf("; electricity %s of final energy", percent(*s.ElectrificationShare))
	}
	t.row("Wind and solar", percent(s.WindSolarOfGeneration), "", of)
	var curtailed []string
	for _, c := range s.Curtailment {
		curtailed = append(curtailed, c.Source+" "+percent(ratio(c.CurtailedMWh, c.AvailableMWh)))
	}
	if len(curtailed) > 0 {
		t.row("Curtailed", amount(s.CurtailedMWh), "MWh", fmt.Sprintf("%s of what is offered (%s)", percent(s.CurtailedShare), list(curtailed, 4)))
	}
	t.row("CO2", amount(s.CO2T), "t", amount(s.CO2TPerMWh*1000)+" kg/MWh on average")
	if len(s.Storages) > 0 {
		cycles := make([]string, 0, len(s.Storages))
		for _, v := range s.Storages {
			cycles = append(cycles, v.Name+" "+number(v.Cycles, 2))
		}
		t.flow("  Storage cycles: ", list(cycles, 4))
	}
	if n := len(s.Prices); n > 0 {
		low, high, mean := s.Prices[0], s.Prices[0], 0.0
		for _, p := range s.Prices {
			mean += p.Mean / float64(n)
			if p.Min < low.Min {
				low = p
			}
			if p.Max > high.Max {
				high = p
			}
		}
		t.row("Price, mean of buses", number(mean, 1), t.currency+"/MWh",
			fmt.Sprintf("lowest %s at %s, highest %s at %s", amount(low.Min), low.Bus, amount(high.Max), high.Bus))
	}
	t.line("")
}

// mainSources keeps the largest sources in their order and sums up the rest.
func mainSources(all []EnergyLine) (kept []EnergyLine, rest float64) {
	if len(all) <= maxTextSources {
		return all, 0
	}
	byEnergy := slices.Clone(all)
	slices.SortStableFunc(byEnergy, func(a, b EnergyLine) int { return compareDown(a.MWh, b.MWh) })
	least := byEnergy[maxTextSources-2].MWh
	for _, e := range all {
		if e.MWh >= least && len(kept) < maxTextSources-1 {
			kept = append(kept, e)
		} else {
			rest += e.MWh
		}
	}
	return kept, rest
}

// Limits of the table of work by class and site, and of quotas.
const (
	maxTextTies    = 4
	maxTextClasses = 6
	maxTextSites   = 8
)

func (t *textWriter) computing(s *Summary) {
	c := s.Computing
	t.line("Computing (unit-h at reference speed)")
	t.workTable(c)
	moved := "nothing leaves its area"
	var legs []string
	for _, a := range c.Areas {
		if a.From != a.To {
			legs = append(legs, fmt.Sprintf("%s to %s %s", a.From, a.To, number(a.UnitH, 0)))
		}
	}
	if len(legs) > 0 {
		moved = list(legs, 3)
	}
	t.row("Moved out of home region", number(c.AwayUnitH, 0), "unit-h", fmt.Sprintf("%s; %s", percent(ratio(c.AwayUnitH, c.WorkUnitH)), moved))
	if c.Jobs.Total > 0 {
		t.row("Jobs on time", number(float64(c.Jobs.OnTime), 0), "of "+number(float64(c.Jobs.Total), 0),
			c.Jobs.others())
	}
	for _, q := range c.Quotas[:min(len(c.Quotas), maxTextTies)] {
		t.row("Quota "+q.Quota, number(q.UnitH, 0), "unit-h", fmt.Sprintf("held by %s, at most %s units at once; fullest limit %s used",
			q.Owner, amount(q.PeakUnits), percent(q.Fullest)))
	}
	if n := len(c.Copies); n > 0 {
		gb := 0.0
		for _, v := range c.Copies {
			gb += v.GB
		}
		t.row("Datasets copied", number(gb, 0), "GB", fmt.Sprintf("copies made: %d", n))
	}
	if c.UnservedUnitH > shortageMW {
		t.row("Unserved", number(c.UnservedUnitH, 0), "unit-h", "")
	}
	busy, available := 0.0, 0.0
	for _, p := range c.Pools {
		busy += p.BusyUnitH
		if p.LevelOf == "" {
			available += p.AvailableUnitH
		}
	}
	t.row("Sites draw", amount(c.SiteMWh), "MWh", fmt.Sprintf("%s of demand, PUE %s, %s green, machines %s busy",
		percent(c.ShareOfDemand), number(c.PUE, 3), percent(c.GreenShare), percent(ratio(busy, available))))
	if share, note, ok := greenNote(c.SiteUses); ok {
		t.row("Green, of who must show", percent(share), "", note)
	}
	if len(c.DataLinks) > 0 {
		t.row("Data moved", number(c.DataGB, 0), "GB", fmt.Sprintf("%s %s, %s on the way", number(c.DataCost, 0), t.currency, energy(c.DataMWh)))
	}
	t.wattOrBit(c)
	t.accounts(c)
	f := c.Flexibility
	t.flow("  Flexible at peak: ", fmt.Sprintf("%s MW; %s in time, %s in place, users' side %s, storages %s",
		amount(f.InTimeMW+f.InPlaceMW), percent(f.InTimeShare), percent(f.InPlaceShare), percent(f.userSide()), percent(f.StorageShare)))
	if n := len(c.OnCall); n > 0 {
		t.row("Jobs on call", number(float64(n), 0), "", fmt.Sprintf("at peak they may drop %s MW and take %s MW", amount(f.OnCallUpMW), amount(f.OnCallDownMW)))
	}
	if a := &c.Absorbed; a.AllJobsMWh > 0 {
		t.flow("  Jobs in surplus: ", fmt.Sprintf("%s MWh, %s of theirs; %s movable; %s h of surplus", amount(a.JobsMWh),
			percent(ratio(a.JobsMWh, a.AllJobsMWh)), energy(a.MovableMWh), amount(a.SurplusH)))
	}
	t.line("")
}

// wattOrBit says what transmission moving work avoids, what a GB for that costs, and what it
// could cost before what it saves on power is used up.
func (t *textWriter) wattOrBit(c *Computing) {
	all := away(c.Corridors)
	if all.UnitH == 0 {
		return
	}
	text := amount(all.MWh) + " MWh of transmission avoided"
	if all.GB > 0 {
		text += fmt.Sprintf(" for %s GB at %s", number(all.GB, 0), amount(all.DataCost/all.GB))
		if all.BreakEvenPerGB != nil {
			text += ", break-even " + amount(*all.BreakEvenPerGB)
		}
		text += " " + t.currency + "/GB"
	}
	t.flow("  Watt or bit: ", text)
}

// accounts says what work emits, and what an hour and a millisecond more would
// save those that they would save most.
func (t *textWriter) accounts(c *Computing) {
	tonnes, marginal, rates := 0.0, 0.0, []string(nil)
	for _, kind := range []struct {
		name string
		of   *Account
	}{{"jobs", &c.Accounts.Jobs}, {"workloads", &c.Accounts.Workloads}} {
		if kind.of.UnitH > 0 {
			tonnes += kind.of.CO2T
			marginal += kind.of.MarginalCO2T
			rates = append(rates, kind.name+" "+amount(1000*kind.of.CO2T/kind.of.UnitH))
		}
	}
	if len(rates) > 0 {
		text := number(tonnes, 0) + " t; " + strings.Join(rates, ", ") + " kg/unit-h"
		if c.Accounts.Marginal {
			text += "; marginal " + number(marginal, 0) + " t"
		}
		t.flow("  CO2 of work: ", text)
	}
	var worth []string
	if d := &c.Deadlines; d.Bound > 0 {
		first := &d.Dearest[0]
		worth = append(worth, fmt.Sprintf("an hour later saves %s %s %s/h", first.Job, amount(first.SavesPerH), t.currency))
	}
	if l := dearestLatency(c.Latency); l != nil {
		worth = append(worth, fmt.Sprintf("%d ms more %s of %s %s %s", moreMS, l.Class, l.Region, amount(l.Saves()), t.currency))
	}
	if len(worth) > 0 {
		t.flow("  Worth: ", strings.Join(worth, "; "))
	}
}

// dearestLatency is the line that a millisecond more would save most, nil where
// none would save anything.
func dearestLatency(lines []LatencyLine) *LatencyLine {
	var best *LatencyLine
	for i := range lines {
		if v := lines[i].Saves(); v > 0 && (best == nil || v > best.Saves()) {
			best = &lines[i]
		}
	}
	return best
}

func (t *textWriter) workTable(c *Computing) {
	var classes []string
	for _, w := range c.Work {
		if !slices.Contains(classes, w.Class) {
			classes = append(classes, w.Class)
		}
	}
	const rest = "others"
	column := func(class string) string {
		if len(classes) > maxTextClasses && slices.Index(classes, class) >= maxTextClasses-1 {
			return rest
		}
		return class
	}
	type cell struct{ site, class string }
	sums, totals := map[cell]float64{}, map[string]float64{}
	for _, w := range c.Work {
		sums[cell{w.Site, column(w.Class)}] += w.UnitH
		totals[w.Site] += w.UnitH
	}
	sites := make([]string, 0, len(c.Sites))
	for _, v := range c.Sites {
		sites = append(sites, v.Site)
	}
	left := 0
	if len(sites) > maxTextSites {
		slices.SortStableFunc(sites, func(a, b string) int { return compareDown(totals[a], totals[b]) })
		left = len(sites) - (maxTextSites - 1)
		for _, site := range sites[maxTextSites-1:] {
			for class := range classes {
				name := column(classes[class])
				if class > 0 && column(classes[class-1]) == name {
					continue
				}
				sums[cell{rest, name}] += sums[cell{site, name}]
			}
			totals[rest] += totals[site]
		}
		sites = append(sites[:maxTextSites-1:maxTextSites-1], rest)
	}
	var columns []string
	for _, class := range classes {
		if name := column(class); !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	head := "  " + pad("Site", 18)
	for _, name := range columns {
		head += fmt.Sprintf(" %11s", name)
	}
	t.line("%s %11s %7s", head, "all", "share")
	for _, site := range sites {
		label := site
		if site == rest && left > 0 {
			label = fmt.Sprintf("%d other sites", left)
		}
		row := "  " + pad(label, 18)
		for _, name := range columns {
			row += fmt.Sprintf(" %11s", number(sums[cell{site, name}], 0))
		}
		t.line("%s %11s %7s", row, number(totals[site], 0), percent(ratio(totals[site], c.WorkUnitH)))
	}
}

func (t *textWriter) shortages(s *Summary) {
	if len(s.Shortages) == 0 {
		t.line("Nothing is short.")
		return
	}
	t.line("Short")
	for i, v := range s.Shortages {
		lines := flowed("  ", v.Text)
		lines = append(lines, flowedList("    why:  ", v.Why)...)
		lines = append(lines, flowedList("    mend: ", v.Mend)...)
		// The last line says how many are left out.
		if i == maxTextShortages || i > 0 && t.lines+len(lines) >= maxTextLines {
			t.line("  and %s more, see the report", number(float64(len(s.Shortages)-i), 0))
			break
		}
		for _, l := range lines {
			t.line("%s", l)
		}
	}
}

// flowedList writes the first sentences of a list, each from a line of its own.
func flowedList(head string, sentences []string) []string {
	var lines []string
	for _, sentence := range sentences[:min(2, len(sentences))] {
		lines = append(lines, flowed(head, sentence)...)
		head = strings.Repeat(" ", utf8.RuneCountInString(head))
	}
	return lines
}

func title(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return strings.ToUpper(string(r)) + s[n:]
}

func compareDown(a, b float64) int {
	switch {
	case a > b:
		return -1
	case a < b:
		return 1
	}
	return 0
}

// finite guards charts against sums that overflow.
func finite(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	return v
}
