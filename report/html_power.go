package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// flowClass is the colour class of a layer.
func flowClass(key flowKey) string {
	name := strings.ToLower(key.name)
	switch key.kind {
	case flowThermal, flowRenewable:
		for _, known := range []string{"nuclear", "lignite", "coal", "biomass", "oil", "gas", "wind", "solar"} {
			if strings.Contains(name, known) {
				return known
			}
		}
		if isSolar(key.name) {
			return "solar"
		}
		// Other names share a few colours, the same for the same name.
		sum := 0
		for _, b := range []byte(name) {
			sum += int(b)
		}
		return fmt.Sprintf("x%d", sum%4)
	case flowHydro:
		return "hydro"
	case flowStorage, useCharge:
		return "storage"
	case flowImport, useExport:
		return "outside"
	case flowArrival, useSending:
		return "links"
	case flowShed:
		return "shed"
	case useLoad:
		return "load"
	case useSites:
		return "sites"
	case useData:
		return "data"
	case useLoss, useSpill:
		return "lost"
	}
	return "rest"
}

// flowLayers turns the flows of a bus or the system into layers: supply up,
// uses other than demand down.
func flowLayers(f busFlows, axis *timeAxis) (ups, downs []layer) {
	for _, key := range f.keys() {
		l := layer{name: title(key.name), class: flowClass(key), values: axis.mean(f[key])}
		switch key.kind {
		case useLoad, useSites, useData:
		default:
			if key.kind.supply() {
				ups = append(ups, l)
			} else {
				downs = append(downs, l)
			}
		}
	}
	return ups, downs
}

func (p *page) powerCharts(j *joined, axis *timeAxis) {
	p.systemChart(j, axis)
	p.busCharts(j, axis)
	p.commitment(j, axis)
	p.reserveCharts(j, axis)
	p.storageCharts(j, axis)
	p.linkCharts(j, axis)
	p.priceChart(j, axis)
}

func (p *page) systemChart(j *joined, axis *timeAxis) {
	system := j.system()
	ups, downs := flowLayers(system, axis)
	demand := layer{"Demand", "demand", axis.mean(system.demand(j.T))}
	lines := []layer{demand}
	p.System.Legend = legendOf(ups, downs)
	p.System.Legend = append(p.System.Legend, lineLegend("Demand: loads, sites, data links", "demand"))
	p.System.SVG = stack(widePlot, axis, ups, downs, lines, "MW", "Power by source and demand over time")
	p.SystemClose = stack(halfPlot, axis, ups, downs, lines, "MW", "Power by source and demand over time")
	p.System.Note = "Sources stand above zero; charging, export and losses below it."
}

func (p *page) busCharts(j *joined, axis *timeAxis) {
	type entry struct {
		bus int
		mwh float64
	}
	var order []entry
	for b := range j.power {
		through := j.power[b].total(j.T, flowKind.supply)
		order = append(order, entry{b, j.sum(through)})
	}
	if len(order) > maxPanels {
		slices.SortStableFunc(order, func(a, b entry) int { return cmp.Compare(b.mwh, a.mwh) })
		p.Buses.Note = fmt.Sprintf("The %d busiest of %s buses; buses.csv has all.", maxPanels, number(float64(len(order)), 0))
		order = order[:maxPanels]
	}
	var allUps, allDowns []layer
	for _, e := range order {
		f, name := j.power[e.bus], j.c.Buses[e.bus].Name
		ups, downs := flowLayers(f, axis)
		demand := f.demand(j.T)
		lines := []layer{{"Demand", "demand", axis.mean(demand)}}
		sub := "demand " + energy(j.sum(demand))
		if mw := j.buses[e.bus].ShedMW; j.sum(mw) > shortageMW {
			sub += ", short " + energy(j.sum(mw))
		}
		p.Buses.Panels = append(p.Buses.Panels, panel{Title: name, Sub: sub,
			SVG: stack(smallPlot, axis, ups, downs, lines, "MW", "Power at "+name+" over time")})
		allUps, allDowns = append(allUps, ups...), append(allDowns, downs...)
	}
	p.Buses.Legend = append(legendOf(allUps, allDowns), lineLegend("Demand", "demand"))
}

// commitment draws the share of units on. Many assets are put together by bus
// and fuel, and if that is still too much by fuel.
func (p *page) commitment(j *joined, axis *timeAxis) {
	if len(j.c.ThermalUnits) == 0 {
		return
	}
	group := func(name func(i int) string) ([]string, map[string][]int) {
		var order []string
		members := map[string][]int{}
		for i := range j.c.ThermalUnits {
			n := name(i)
			if members[n] == nil {
				order = append(order, n)
			}
			members[n] = append(members[n], i)
		}
		return order, members
	}
	order, members := group(func(i int) string { return j.c.ThermalUnits[i].Name })
	how := ""
	if len(order) > maxHeatRows {
		how = "bus and fuel"
		order, members = group(func(i int) string {
			return j.c.ThermalUnits[i].Bus + " " + orName(j.c.ThermalUnits[i].Fuel, "thermal")
		})
	}
	if len(order) > maxHeatRows {
		how = "fuel"
		order, members = group(func(i int) string { return orName(j.c.ThermalUnits[i].Fuel, "thermal") })
	}
	if how != "" {
		p.Commitment.Note = fmt.Sprintf("%s units and clusters put together by %s; thermal.csv has each.",
			number(float64(len(j.c.ThermalUnits)), 0), how)
	}
	if len(order) > maxHeatRows {
		p.Commitment.Note += fmt.Sprintf(" The first %d of %d rows.", maxHeatRows, len(order))
		order = order[:maxHeatRows]
	}
	var rows []heatRow
	for _, name := range order {
		on, count := make([]float64, j.T), 0
		for _, i := range members[name] {
			count += j.c.ThermalUnits[i].N()
			for t, n := range j.thermal[i].UnitsOn {
				on[t] += float64(n)
			}
		}
		row := heatRow{label: name}
		for _, v := range axis.mean(on) {
			row.cells = append(row.cells, heatCell{
				strength: ratio(v, float64(count)),
				text:     fmt.Sprintf("%s of %s on", amount(v), number(float64(count), 0)),
			})
		}
		rows = append(rows, row)
	}
	p.Commitment.SVG = heatMap(axis, rows, "Share of thermal units on, over time")
}

func (p *page) storageCharts(j *joined, axis *timeAxis) {
	var all []panel
	for i := range j.c.Storages {
		v, plan := &j.c.Storages[i], j.storages[i]
		charge, discharge, level := axis.mean(plan.ChargeMW), axis.mean(plan.DischargeMW), axis.ends(plan.LevelMWh)
		cycles := ratio(j.sum(plan.DischargeMW)/v.DischargeEfficiency(), v.LevelMaxMWh-v.LevelMinMWh)
		all = append(all, panel{Title: v.Name,
			Sub: fmt.Sprintf("holds %s, gives %s, %s cycles", energy(v.LevelMaxMWh), energy(j.sum(plan.DischargeMW)), number(cycles, 2)),
			SVG: levels(axis, v.InitialLevelMWh, plan.LevelMWh, v.LevelMinMWh, v.LevelMaxMWh, func(k int) string {
				return fmt.Sprintf("%s\nLevel at the end %s MWh\nCharging %s MW\nDischarging %s MW",
					axis.span(k), amount(level[k]), amount(charge[k]), amount(discharge[k]))
			}, "Level of "+v.Name+" over time")})
	}
	for i := range j.c.Hydro {
		v, plan := &j.c.Hydro[i], j.hydro[i]
		power, level := axis.mean(plan.PowerMW), axis.ends(plan.LevelMWh)
		spilled := ""
		if mwh := j.sum(plan.SpillMW); mwh > shortageMW {
			spilled = ", " + energy(mwh) + " spilled"
		}
		all = append(all, panel{Title: v.Name, Sub: "reservoir, " + energy(j.sum(plan.PowerMW)) + " made" + spilled,
			SVG: levels(axis, v.InitialLevelMWh, plan.LevelMWh, v.LevelMinMWh, v.LevelMaxMWh, func(k int) string {
				return fmt.Sprintf("%s\nLevel at the end %s MWh\nOutput %s MW", axis.span(k), amount(level[k]), amount(power[k]))
			}, "Level of "+v.Name+" over time")})
	}
	p.Storage.Panels = all
	if len(all) > maxPanels {
		p.Storage.Panels = all[:maxPanels]
		p.Storage.Note = fmt.Sprintf("The first %d of %s; storages.csv and hydro.csv have all.", maxPanels, number(float64(len(all)), 0))
	}
}

func (p *page) linkCharts(j *joined, axis *timeAxis) {
	lines := slices.Clone(p.S.Links)
	order := make([]int, len(lines))
	for i := range order {
		order[i] = i
	}
	if len(order) > maxPanels {
		slices.SortStableFunc(order, func(a, b int) int {
			return cmp.Compare(lines[b].ForwardMWh+lines[b].BackwardMWh, lines[a].ForwardMWh+lines[a].BackwardMWh)
		})
		p.Links.Note = fmt.Sprintf("The %d busiest of %s links; links.csv has all.", maxPanels, number(float64(len(lines)), 0))
		order = order[:maxPanels]
	}
	for _, i := range order {
		v, plan := &j.c.Links[i], j.links[i]
		mostForward, mostBackward := make([]float64, j.T), make([]float64, j.T)
		for t := range j.T {
			mostForward[t], mostBackward[t] = v.MaxForwardMW.At(t, 0), -v.MaxBackwardMW.At(t, 0)
		}
		limits := []layer{{"Most to " + v.To, "limit", axis.mean(mostForward)}}
		if back := (layer{"Most to " + v.From, "limit", axis.mean(mostBackward)}); !back.zero() {
			limits = append(limits, back)
		}
		line := lines[i]
		sub := fmt.Sprintf("%s used, full %s h, %s lost", percent(line.Utilisation), amount(line.FullH), energy(line.LossMWh))
		p.Links.Panels = append(p.Links.Panels, panel{Title: v.Name, Sub: sub, SVG: stack(smallPlot, axis,
			[]layer{{"To " + v.To, "links", axis.mean(plan.ForwardMW)}},
			[]layer{{"To " + v.From, "linksback", axis.mean(plan.BackwardMW)}}, limits, "MW", "Flow over "+v.Name+" over time")})
		p.LinkRows = append(p.LinkRows, line)
	}
	for _, l := range lines {
		p.WireSentMWh += l.ForwardMWh + l.BackwardMWh
	}
	p.Links.Legend = []legend{{Name: "forward", Class: "f-links"}, {Name: "backward", Class: "f-linksback"}, lineLegend("capacity", "limit")}
}

func (p *page) priceChart(j *joined, axis *timeAxis) {
	series := j.busPrices()
	var names []string
	for b := range j.c.Buses {
		names = append(names, j.c.Buses[b].Name)
	}
	p.Prices = j.prices(axis, names, series, j.c.Currency+"/MWh", "Price of power by bus over time", "prices.csv")
	p.PriceRows = p.S.Prices
	if len(p.PriceRows) > maxTableRows {
		p.PriceRows = p.PriceRows[:maxTableRows]
	}
	kilos := j.marginalCO2()
	for b, v := range kilos {
		if v != nil {
			kilos[b] = scaled(v, 1000)
			p.CarbonRows = append(p.CarbonRows, p.S.Carbon[b])
		}
	}
	p.MarginalCO2 = j.prices(axis, names, kilos, "kg/MWh", "CO2 of one more MWh by bus over time", "prices.csv")
	p.CarbonRows = p.CarbonRows[:min(len(p.CarbonRows), maxTableRows)]
}

// prices draws price series as a heat map; an empty chart when there are none.
func (j *joined) prices(axis *timeAxis, names []string, series [][]float64, unit, text, file string) chart {
	given := 0
	for _, v := range series {
		if v != nil {
			given++
		}
	}
	if given == 0 {
		return chart{}
	}
	s := newPriceScale(series)
	rows := s.rows(axis, names, series, unit)
	out := chart{Note: fmt.Sprintf("Palest %s, strongest %s %s.", amount(max(0, s.low)), amount(s.high), unit)}
	beyond, below, closed := false, false, false
	for _, r := range rows {
		for _, c := range r.cells {
			beyond, below, closed = beyond || c.class == "beyond", below || c.class == "below", closed || c.class == "closed"
		}
	}
	if beyond {
		top := math.Inf(-1)
		for _, v := range series {
			for _, x := range v {
				if x > top {
					top = x
				}
			}
		}
		out.Note += fmt.Sprintf(" Red is above that, up to %s.", amount(top))
	}
	if below {
		out.Note += fmt.Sprintf(" Green is below zero, down to %s.", amount(s.low))
	}
	if closed {
		out.Note += " Blank where no module is on."
	}
	if len(rows) > maxHeatRows {
		out.Note += fmt.Sprintf(" The first %d of %s rows; %s has all.", maxHeatRows, number(float64(len(rows)), 0), file)
		rows = rows[:maxHeatRows]
	}
	out.SVG = heatMap(axis, rows, text)
	return out
}
