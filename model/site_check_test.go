package model

import (
	"math"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
)

// TestFindingsOfSites sets one fault at a time in the case that has every field of
// sites, and asks for exactly its finding.
func TestFindingsOfSites(t *testing.T) {
	for _, c := range []struct{ name, set, want string }{
		{"both PUE and cooling", "sites[hall].pue=1.2", `sites "hall", pue: is given beside cooling; give one of the two`},
		{"no pieces", "sites[hall].cooling.pieces=[]", `sites "hall", cooling.pieces: has no items; write pieces, as in [{overhead_mw_per_mw: 0.2}]`},
		{"not convex", "sites[hall].cooling.pieces=[{it_mw: 5, overhead_mw_per_mw: 0.3}, {overhead_mw_per_mw: 0.1}]",
			`sites "hall", cooling.pieces[1].overhead_mw_per_mw: 0.1 is below 0.3 of the piece before: the overhead is not convex; give slopes that do not fall`},
		{"negative slope", "sites[hall].cooling.pieces[0].overhead_mw_per_mw=-0.1",
			`sites "hall", cooling.pieces[0].overhead_mw_per_mw: -0.1 is negative; give 0 or more`},
		{"piece without an end", "sites[hall].cooling.pieces=[{overhead_mw_per_mw: 0.1}, {it_mw: 5, overhead_mw_per_mw: 0.3}]",
			`sites "hall", cooling.pieces[0].it_mw: is missing, and another piece follows; give the IT power where the piece ends`},
		{"pieces out of order", "sites[hall].cooling.pieces[1].it_mw=4",
			`sites "hall", cooling.pieces[1].it_mw: 4 is not above 5, where the piece begins; list the pieces by IT power`},
		{"temperatures out of order", "sites[hall].cooling.by_temperature[1].ambient_c=10",
			`sites "hall", cooling.by_temperature[1].ambient_c: 10 is not above 10 of the point before; list the points by temperature`},
		{"negative factor", "sites[hall].cooling.by_temperature[0].factor=-1",
			`sites "hall", cooling.by_temperature[0].factor: -1 is negative; give 0 or more`},
		{"free factor alone", "sites[hall].cooling={pieces: [{overhead_mw_per_mw: 0.2}], free_factor: 0.1}",
			`sites "hall", cooling.free_factor: is given without free_below_c; give both or none`},
		{"no temperature", "sites[annex]={name: annex, bus: south, region: hill, cooling: {pieces: [{overhead_mw_per_mw: 0.2}], free_below_c: 5}}",
			`sites "annex", ambient_c: is missing, and the cooling follows it; give a temperature, or a value a period`},

		{"bus and site", "storages[ups].bus=north", `storages "ups", site: hall is given beside bus north; give one of the two: an asset behind a site's meter is at the site's bus`},
		{"neither bus nor site", "renewables[roof]={name: roof, available_mw: 1}", `renewables "roof", bus: is missing; add bus: ..., or site: ...`},
		{"unknown site", "thermal_units[backup].site=hal", `thermal_units "backup", site: hal is not in sites; did you mean hall?`},
		{"negative export", "sites[hall].export_limit_mw=-1", `sites "hall", export_limit_mw: -1 is negative; give 0 or more`},
		{"import before, of a plain site", "sites[annex].initial_power_mw=-1", `sites "annex", initial_power_mw: -1 is negative; give 0 or more`},
		{"import limit", "sites[hall]={name: hall, bus: north, region: hill, pue: 2, base_mw: 40, import_limit_mw: 5}",
			`sites "hall", import_limit_mw: 5 in period 0 is below what base_mw draw, 40, less the 33 that can be given behind the meter; give a higher limit`},
		{"UPS without storage", "sites[annex].ups_minutes=5", `sites "annex", ups_minutes: is given, and no storage stands behind the site's meter; name the site in a storage`},
		{"UPS too weak", "sites[hall].base_mw=30", `sites "hall", ups_minutes: base_mw draw 30 MW in period 0, and the storages behind the meter give 25; give the storages more max_discharge_mw`},
		{"UPS too small at first", "sites[hall].ups_minutes=900", `sites "hall", ups_minutes: base_mw draw 7.5 MWh in so long in period 0, and the storages behind the meter hold 6.65 at their initial levels; ask for fewer minutes, or give the storages more`},

		{"negative water", "sites[hall].water_l_per_kwh=-1", `sites "hall", water_l_per_kwh: -1 is negative; give 0 or more`},
		{"temperatures of water out of order", "sites[hut].water_by_temperature[1].ambient_c=5",
			`sites "hut", water_by_temperature[1].ambient_c: 5 is not above 10 of the point before; list the points by temperature`},
		{"negative water at a temperature", "sites[hut].water_by_temperature[0].l_per_kwh=-1",
			`sites "hut", water_by_temperature[0].l_per_kwh: -1 is negative; give 0 or more`},
		{"water twice", "sites[hut].water_l_per_kwh=1", `sites "hut", water_by_temperature: is given beside water_l_per_kwh; give one of the two`},
		{"no temperature of water", "sites[annex]={name: annex, bus: south, region: hill, water_by_temperature: [{ambient_c: 10, l_per_kwh: 1}]}",
			`sites "annex", ambient_c: is missing, and water_by_temperature follows it; give a temperature, or a value a period`},
		{"negative limit of water", "sites[hall].water_limit_m3=-1", `sites "hall", water_limit_m3: -1 is negative; give 0 or more`},
		{"share of heat", "sites[hall].heat.share=1.5", `sites "hall", heat.share: 1.5 is not in [0, 1]; give a share, as in 0.4`},
		{"no demand of heat", "sites[hall].heat={share: 0.5}", `sites "hall", heat.demand_mw: is missing; add demand_mw: ...`},
		{"negative pump", "sites[hall].heat.pump_mwh_per_mwh=-1", `sites "hall", heat.pump_mwh_per_mwh: -1 is negative; give 0 or more`},
		{"green for nothing", "sites[annex].green={}", `sites "annex", green: asks for nothing; give share_min, daily_share_min or hourly_share_min`},
		{"daily green share", "sites[annex].green.daily_share_min=-1", `sites "annex", green.daily_share_min: -1 is not in [0, 1]; give a share, as in 0.4`},
		{"green share", "sites[annex].green.share_min=80", `sites "annex", green.share_min: 80 is not in [0, 1]; give a share, as in 0.4`},
		{"unknown source", "sites[hall].green.sources=[wnd]", `sites "hall", green.sources[0]: wnd is neither in renewables nor in hydro; did you mean wind?`},
		{"source twice", "sites[hall].green.sources=[wind, wind]", `sites "hall", green.sources[1]: wind is named twice; keep one`},
		{"source of two sections", "hydro[river].name=wind", "sites \"hall\", green.sources[0]: wind is both in renewables and in hydro; give one of them another name\n" +
			`sites "hall", green.sources[2]: river is neither in renewables nor in hydro; there are roof, wind, wind`},

		{"own modules of a level", "pools[racks slow].modules=4", `pools "racks slow", modules: is given beside modules_of: the modules are those of racks; leave it out`},
		{"own starts of a level", "pools[racks slow].start_cost=4", `pools "racks slow", start_cost: is given beside modules_of: the modules are those of racks; leave it out`},
		{"unknown base", "pools[racks slow].modules_of=rack", `pools "racks slow", modules_of: rack is not in pools; did you mean racks?`},
		{"its own base", "pools[cells slow].modules_of=cells slow", `pools "cells slow", modules_of: names the pool itself; name the pool that has the modules`},
		{"level of a level", "pools[racks slow].modules_of=cells slow", `pools "racks slow", modules_of: "cells slow" is a power level itself; name the pool that has the modules`},
		{"base elsewhere", "pools[racks slow].modules_of=cells", `pools "racks slow", modules_of: cells is at site annex, not hall; name a pool of the same site`},
		{"neither modules nor base", "pools[cells slow]={name: cells slow, site: annex}", "pools \"cells slow\", modules: is missing; add modules: ..., or modules_of: ...\n" +
			`pools "cells slow", units_per_module: is missing; add units_per_module: ..., or modules_of: ...`},

		{"programme of no site", "demand_responses[peak].site=hal", `demand_responses "peak", site: hal is not in sites; did you mean hall?`},
		{"no reduction", "demand_responses[peak].reduction_mw=0", `demand_responses "peak", reduction_mw: 0 is not above 0; give more than 0`},
		{"offered by half", "demand_responses[peak].offered=[0, 1, 0.5, 1]", `demand_responses "peak", offered[2]: 0.5 is neither 0 nor 1; give 1 where it may be called, else 0`},
		{"calls", "demand_responses[peak].max_calls=-1", `demand_responses "peak", max_calls: -1 is negative; give 0 or more`},
		{"negative notice", "demand_responses[peak].notice_h=-1", `demand_responses "peak", notice_h: -1 is negative; give 0 or more`},
		{"length of calls", "demand_responses[peak].min_call_h=3", `demand_responses "peak", min_call_h: 3 is above max_call_h 2; give at most 2`},
		{"penalty", "penalties.green_shortfall_price_per_mwh=-1", `penalties, green_shortfall_price_per_mwh: -1 is negative; give 0 or more`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := ReadCaseFile("testdata/sites/case.yaml", ReadOptions{Set: []string{c.set}})
			got := findingsOf(err)
			for i := range got {
				after, set := strings.CutPrefix(got[i], "set "+c.set+": ")
				if !set {
					_, after, _ = strings.Cut(got[i], ": ") // the line of the file
				}
				got[i] = after
			}
			if text := strings.Join(got, "\n"); text != c.want {
				t.Errorf("got\n%s\nwant\n%s", text, c.want)
			}
		})
	}
}

// withValley sets a second programme beside that of the hall, with fields of its own.
func withValley(site, fields string) string {
	const of = "baseline_mw: 12, reduction_mw: 2, price_per_mwh: 50"
	return "demand_responses=[{name: peak, site: hall, " + of + ", offered: [0, 1, 1, 1]}, {name: valley, site: " + site + ", " + of + ", " + fields + "}]"
}

// TestWarningsOfSites asks for what is doubtful.
func TestWarningsOfSites(t *testing.T) {
	for _, c := range []struct{ name, set, want string }{
		{"temperature for nothing", "sites[annex].ambient_c=20", `sites "annex", ambient_c: is given, and nothing at the site follows it`},
		{"export of nothing", "sites[annex].export_limit_mw=5", `sites "annex", export_limit_mw: is given, and nothing stands behind the site's meter; name the site in a storage, thermal unit or renewable`},
		{"price of no water", "sites[annex].water_price_per_m3=5", `sites "annex", water_price_per_m3: is given, and the site uses no water; give water_l_per_kwh or water_by_temperature`},
		{"notice beyond the horizon", "demand_responses[peak].notice_h=3.5", `demand_responses "peak", notice_h: 3.5 is after 3, where the last period begins: it is never called; give less notice, or leave the programme out`},
		{"offered before the notice", "demand_responses[peak].offered=[1, 0, 0, 0]", `demand_responses "peak", offered: is 1 in no period that begins 0.5 h (notice_h) or more after the horizon's start: it is never called; offer it where a call can begin, or leave the programme out`},
		{"offered never", "demand_responses[peak].offered=[0, 0, 0, 0]", `demand_responses "peak", offered: is 1 in no period: it is never called; offer it where a call can begin, or leave the programme out`},
		{"paid twice", withValley("hall", "offered: [1, 0, 1, 1]"),
			`demand_responses "valley", site: peak of the same site can be called in period 2 too: one reduction then earns in both; offer them in different periods, unless both pay`},
		{"paid twice for notice in time", withValley("hall", "notice_h: 3"),
			`demand_responses "valley", site: peak of the same site can be called in period 3 too: one reduction then earns in both; offer them in different periods, unless both pay`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, report, err := ReadCaseFile("testdata/sites/case.yaml", ReadOptions{Set: []string{c.set}})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimPrefix(report.Warnings.Error(), "set "+c.set+": "); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestNotPaidTwice: programmes that cannot be called at once, or are of different sites,
// earn once.
func TestNotPaidTwice(t *testing.T) {
	for name, set := range map[string]string{
		"in other periods":   withValley("hall", "offered: [1, 0, 0, 0]"),
		"announced too late": withValley("hall", "notice_h: 3, offered: [1, 1, 1, 0]"),
		"never":              withValley("hall", "max_calls: 0"),
		"at another site":    withValley("annex", "notice_h: 0"),
	} {
		_, report, err := ReadCaseFile("testdata/sites/case.yaml", ReadOptions{Set: []string{set}})
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range report.Warnings {
			if w.Item == "valley" && w.Field == "site" {
				t.Errorf("%s: %s", name, w)
			}
		}
	}
}

// TestPowerLevels asks the index about levels: kind, units, speed for a job.
func TestPowerLevels(t *testing.T) {
	c := readSites(t)
	ix := c.Index()
	racks, slow, cells, cellsSlow := ix.Pools["racks"], ix.Pools["racks slow"], ix.Pools["cells"], ix.Pools["cells slow"]
	if ix.BasePool(slow) != racks || ix.BasePool(racks) != racks || ix.BasePool(cellsSlow) != cells {
		t.Errorf("bases %d %d %d", ix.BasePool(slow), ix.BasePool(racks), ix.BasePool(cellsSlow))
	}
	if ix.KindOf(slow) != "gpu-slow" || ix.KindOf(cellsSlow) != "cpu" {
		t.Errorf("kinds %s, %s", ix.KindOf(slow), ix.KindOf(cellsSlow))
	}
	if ix.MaxUnits(slow, 1) != 80 || ix.MaxUnits(cells, 1) != 10 || c.Pools[slow].MaxUnits(1) != 0 {
		t.Errorf("units %g %g, of its own %g", ix.MaxUnits(slow, 1), ix.MaxUnits(cells, 1), c.Pools[slow].MaxUnits(1))
	}
	// Kind cpu at 1.5 for the job: at the level that has its kind from cells, 0.8
	// times that; a level that gives its own kind keeps its own speed.
	index := &c.Jobs[ix.Jobs["index"]]
	for pool, want := range map[int]float64{racks: 1, slow: 0.7, cells: 1.5, cellsSlow: 1.5 * 0.8} {
		if got := ix.JobSpeed(index, pool); math.Abs(got-want) > 1e-12 {
			t.Errorf("speed in %s: %g, want %g", c.Pools[pool].Name, got, want)
		}
	}
	index.KindSpeeds = append(index.KindSpeeds, KindSpeed{Kind: "gpu-slow", Speed: 0.5}, KindSpeed{Kind: "gpu", Speed: 3})
	if got := ix.JobSpeed(index, slow); got != 0.5 {
		t.Errorf("speed of a named level %g, want 0.5", got)
	}
	fits := ix.JobPlacements(index)
	if !fits[cells].OK || !fits[cellsSlow].OK || fits[racks].OK || fits[slow].OK {
		t.Errorf("placements %+v", fits)
	}
}

// TestBehindTheMeter asks the index for buses and meters.
func TestBehindTheMeter(t *testing.T) {
	c := readSites(t)
	ix := c.Index()
	if got := ix.BusOf("", "hall"); got != "north" {
		t.Errorf("bus %q, want north", got)
	}
	if got := ix.BusOf("south", ""); got != "south" {
		t.Errorf("bus %q, want south", got)
	}
	if got := ix.BusOf("", "nowhere"); got != "" {
		t.Errorf("bus %q of no site", got)
	}
	want := BehindMeter{ThermalUnits: []int{0}, Renewables: []int{0}, Storages: []int{0}}
	if got := ix.BehindMeter(ix.Sites["hall"]); !reflect.DeepEqual(*got, want) || !got.Any() {
		t.Errorf("behind the hall's meter %+v", got)
	}
	if ix.BehindMeter(ix.Sites["annex"]).Any() {
		t.Error("something stands behind the annex's meter")
	}
}

// TestTableInsteadOf reads items of a table that give another field in place of
// one, some each way.
func TestTableInsteadOf(t *testing.T) {
	const head = `format: wattbit-case/1
name: n
currency: EUR
horizon: {start: 2026-01-02T00:00:00Z, periods: [{count: 1, hours: 1}]}
buses: [{name: b}]
regions: [{name: r}]
sites: [{name: s, bus: b, region: r}]
renewables: {csv: renewables.csv}
`
	read := func(table string) (*Case, error) {
		c, _, err := ReadCase(fstest.MapFS{"case.yaml": {Data: []byte(head)}, "renewables.csv": {Data: []byte(table)}}, "case.yaml", ReadOptions{})
		return c, err
	}
	c, err := read("name,bus,site,available_mw\nwind,b,,5\nroof,,s,2\n")
	if err != nil || c.Renewables[0].Bus != "b" || c.Renewables[1].Site != "s" || c.Renewables[1].Bus != "" {
		t.Errorf("%v, %+v", err, c)
	}
	if c, err := read("name,site,available_mw\nroof,s,2\n"); err != nil || c.Renewables[0].Site != "s" {
		t.Errorf("without a column for the bus: %v", err)
	}
	_, err = read("name,bus,site,available_mw\nwind,,,5\n")
	if want := `renewables.csv:2: renewables "wind", bus: is missing; add bus: ..., or site: ...`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	_, err = read("name,available_mw\nwind,5\n")
	if want := `renewables.csv:1: renewables: has no column bus; add one`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}
