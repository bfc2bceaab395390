package model

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// edited is the full case with one piece of text replaced.
func edited(t testing.TB, old, with string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	for _, name := range []string{"case.yaml", "tables/load.csv", "tables/rtt.csv"} {
		text, err := os.ReadFile("testdata/full/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	if old == "" {
		return files
	}
	for name, f := range files {
		if n := strings.Count(string(f.Data), old); n == 1 {
			files[name] = &fstest.MapFile{Data: []byte(strings.Replace(string(f.Data), old, with, 1))}
			return files
		} else if n > 1 {
			t.Fatalf("%q occurs %d times in %s", old, n, name)
		}
	}
	t.Fatalf("%q does not occur", old)
	return nil
}

// lineOf returns where a file and line of a case hold the text.
func lineOf(t testing.TB, files fstest.MapFS, text string) string {
	t.Helper()
	for _, name := range []string{"case.yaml", "tables/load.csv", "tables/rtt.csv"} {
		f := files[name]
		before, _, found := strings.Cut(string(f.Data), text)
		if found {
			return fmt.Sprintf("%s:%d: ", name, 1+strings.Count(before, "\n"))
		}
	}
	t.Fatalf("no file holds %q", text)
	return ""
}

func findingsOf(err error) []string {
	var findings Findings
	if !errors.As(err, &findings) {
		return []string{fmt.Sprintf("no findings: %v", err)}
	}
	return strings.Split(findings.Error(), "\n")
}

// TestFindings makes one fault at a time and asks for exactly its finding, at
// the line that holds the text "at" (by default the text that was put in).
func TestFindings(t *testing.T) {
	for _, c := range []struct{ name, old, with, at, want string }{
		// Fields and types.
		{"unknown field", "    min_up_h: 4", "    min_upp_h: 4", "",
			`thermal_units "coal", min_upp_h: is not a field of the format; did you mean min_up_h?`},
		{"unknown section", "storages:\n", "storage:\n", "",
			`storage: is not a field of the format; did you mean storages?`},
		{"unknown field in depth", "      min_stay_h: 1", "      stay_h: 1", "",
			`thermal_units "coal", deep.stay_h: is not a field of the format; did you mean min_stay_h?`},
		{"duplicate field", "    fuel: coal", "    fuel: coal\n    fuel: lignite", "    fuel: lignite",
			`thermal_units "coal", fuel: is given twice, first on line 43; keep one`},
		{"duplicate section", "policy:\n", "buses: []\n\npolicy:\n", "buses:\n",
			`buses: is given twice, first on line 16; keep one`},
		{"missing field", "    max_power_mw: 100\n", "", "  - name: coal",
			`thermal_units "coal", max_power_mw: is missing; add max_power_mw: ...`},
		{"missing section", "currency: EUR\n", "", "format: wattbit-case/1",
			`currency: is missing; add currency: ...`},
		{"text for a number", "    min_power_mw: 50", "    min_power_mw: fifty", "",
			`thermal_units "coal", min_power_mw: fifty is text; give a number`},
		{"quoted number", "    min_power_mw: 50", "    min_power_mw: \"50\"", "",
			`thermal_units "coal", min_power_mw: 50 is text; write it without quotes`},
		{"number for text", "    fuel: coal", "    fuel: 5", "",
			`thermal_units "coal", fuel: 5 is a number; write text in quotes`},
		{"fraction for a count", "    count: 3", "    count: 2.5", "",
			`thermal_units "coal", count: 2.5 is not a whole number`},
		{"text for a boolean", "always_on: true", "always_on: yes", "",
			`pools "edge-cpu", always_on: yes is text; give true or false`},
		{"number for a list", "    reserves: [spin]\n", "    reserves: 5\n", "",
			`thermal_units "coal", reserves: 5 is a number; give a list`},
		{"list for an object", "    initial: {units_on: 2, hours_on: 10, hours_off: 30, power_mw: 120, units_deep: 1, deep_power_mw: 40, hours_deep: 3}",
			"    initial: [2]", "", `thermal_units "coal", initial: is a list; give an object`},
		{"null", "    fuel: coal", "    fuel:", "",
			`thermal_units "coal", fuel: is null; give a value, or leave the field out`},
		{"NaN", "    co2_t_per_mwh: 0.8", "    co2_t_per_mwh: .nan", "",
			`thermal_units "coal", co2_t_per_mwh: .nan is not a number to plan with; give a finite number, or leave the field out where it means no limit`},
		{"infinity", "    import_limit_mw: 40", "    import_limit_mw: .inf", "",
			`sites "farm", import_limit_mw: .inf is not a number to plan with; give a finite number, or leave the field out where it means no limit`},
		{"infinity by size", "    co2_t_per_mwh: 0.8", "    co2_t_per_mwh: 1e999", "",
			`thermal_units "coal", co2_t_per_mwh: 1e999 is too large a number`},
		{"octal", "    count: 3", "    count: 010", "",
			`thermal_units "coal", count: 010 is text; give a number`},
		{"beyond measure", "    co2_t_per_mwh: 0.8", "    co2_t_per_mwh: 1e13", "",
			`thermal_units "coal", co2_t_per_mwh: 1e+13 is beyond 1e12; check the unit`},

		// The head.
		{"another format", "wattbit-case/1", "wattbit-case/7", "", `format: is wattbit-case/7; this version reads wattbit-case/1`},
		{"no name", "name: full", `name: ""`, "", `name: is empty; give a name`},
		{"a time without offset", "start: 2026-01-02T00:00:00+01:00", "start: 2026-01-02T00:00:00", "",
			`horizon, start: 2026-01-02T00:00:00 is not a time; write RFC 3339 with the offset, as in 2023-07-15T00:00:00+08:00`},
		{"unknown zone", "Europe/Berlin", "Europe/Berlinn", "",
			`horizon, zone: Europe/Berlinn is not a time zone; give an IANA name, as in Asia/Shanghai`},
		{"no length", "{count: 3, hours: 2}", "{count: 3, hours: 0}", "",
			`horizon, periods[1].hours: 0 is no length of a period; give more than 0 and at most 168`},
		{"too many periods", "{count: 3, hours: 2}", "{count: 3000000000, hours: 2}", "",
			`horizon, periods[1].count: makes more than 100000 periods; give fewer or longer periods`},
		{"negative penalty", "shed_price_per_mwh: 9000,", "shed_price_per_mwh: -1,", "",
			`penalties, shed_price_per_mwh: -1 is negative; give 0 or more`},
		{"share above one", "renewable_share_min: 0.2", "renewable_share_min: 20", "",
			`policy, renewable_share_min: 20 is not in [0, 1]; give a share, as in 0.4`},
		{"electrification above one", "renewable_share_min: 0.2", "electrification_share: 35", "",
			`policy, electrification_share: 35 is not in [0, 1]; give a share, as in 0.4`},

		{"more must be taken than there is", "curtailment_price_per_mwh: 1}", "min_power_mw: [1, 2, 70.5, 0, 0, 0, 0]}", "",
			`renewables "wind", min_power_mw[2]: 70.5 is above available_mw 70 in period 2; give at most 70`},
		{"more must always be taken than there is", "curtailment_price_per_mwh: 1}", "min_power_mw: 3}", "",
			`renewables "wind", min_power_mw: 3 is above available_mw 1e-09 in period 6; give at most 1e-09`},
		{"negative renewable minimum", "curtailment_price_per_mwh: 1}", "min_power_mw: -3}", "",
			`renewables "wind", min_power_mw: -3 is negative; give 0 or more`},
		{"text for a shared ramp", "requirement_mw: 10, buses", "requirement_mw: 10, ramp_shared: often, buses", "",
			`reserves "spin", ramp_shared: often is text; give true or false`},

		// Names and references.
		{"duplicate name", "- name: gas", "- name: coal", "  - name: coal\n    bus: west",
			`thermal_units "coal", name: is also the name of item [0]; name each item of a section differently`},
		{"empty name", "  - name: gas", `  - name: ""`, "", `thermal_units[1], name: is empty; give a name`},
		{"long name", "- name: gas", "- name: " + strings.Repeat("g", 201), "",
			`thermal_units "` + strings.Repeat("g", 201) + `", name: has 201 bytes; give at most 200`},
		{"blank in a name", "  - name: gas", `  - name: "gas "`, "", `thermal_units "gas ", name: "gas " begins or ends with a blank; remove it`},
		{"unknown bus", "  - {name: wind, bus: west,", "  - {name: wind, bus: wset,", "", `renewables "wind", bus: wset is not in buses; did you mean west?`},
		{"unknown bus, nothing near", "  - {name: wind, bus: west,", "  - {name: wind, bus: somewhere,", "", `renewables "wind", bus: somewhere is not in buses; there are west, east`},
		{"unknown product", "    reserves: [spin]\n", "    reserves: [spim]\n", "", `thermal_units "coal", reserves[0]: spim is not in reserves; did you mean spin?`},
		{"product twice", "    reserves: [spin]\n", "    reserves: [spin, spin]\n", "", `thermal_units "coal", reserves[1]: spin is named twice; keep one`},
		{"unknown bus of a zone", "buses: [west, east]", "buses: [west, eastt]", "", `reserves "spin", buses[1]: eastt is not in buses; did you mean east?`},
		{"unknown class", "class: cold\n", "class: could\n", "", `jobs "train", class: could is not in latency_classes; did you mean cold?`},
		{"unknown site", "allowed_sites: [farm]", "allowed_sites: [farn]", "", `jobs "train", allowed_sites[0]: farn is not in sites; did you mean farm?`},
		{"unknown kind", "pool_kinds: [cpu]", "pool_kinds: [cpuu]", "", `workloads "web", pool_kinds[0]: no pool is of kind cpuu; did you mean cpu?`},
		{"unknown data region", "data_region: plains", "data_region: planes", "", `jobs "batch", data_region: planes is not in regions; did you mean plains?`},
		{"round trip of an unknown site", "region,farm,edge", "region,farm,egde", "  round_trips: ",
			"network, round_trips[1].site: egde is not in sites; did you mean edge?\n" +
				"case.yaml:148: network, round_trips[3].site: egde is not in sites; did you mean edge?"},

		// Series and tables.
		{"short series", "cost_factor: [1, 1, 1, 1, 1.1, 1.1, 1]", "cost_factor: [1, 1, 1]", "",
			`thermal_units "coal", cost_factor: has 3 values for 7 periods; give one a period`},
		{"series of one", "cost_factor: [1, 1, 1, 1, 1.1, 1.1, 1]", "cost_factor: [1]", "",
			`thermal_units "coal", cost_factor: has 1 values for 7 periods; give one a period, or a plain number for all`},
		{"text in a series", "cost_factor: [1, 1, 1, 1, 1.1, 1.1, 1]", "cost_factor: [1, 1, x, 1, 1, 1, 1]", "",
			`thermal_units "coal", cost_factor[2]: x is text; give a number`},
		{"missing table", "    power_mw: {csv: tables/load.csv, column: west,", "    power_mw: {csv: tables/laod.csv, column: west,", "",
			`loads "west load", power_mw.csv: tables/laod.csv does not exist; did you mean tables/load.csv?`},
		{"a table's name alone", "    power_mw: {csv: tables/load.csv, column: west, hours_per_row: 1}", "    power_mw: tables/load.csv", "",
			`loads "west load", power_mw: tables/load.csv is text; name a table as {csv: tables/load.csv, column: ...}`},
		{"missing column", "column: west,", "column: wst,", "",
			`loads "west load", power_mw.column: tables/load.csv has no column wst; did you mean west?`},
		{"truncated table", "5,50,62\n6,52,63", "5,50,62\n6,52", "6,52",
			`loads "west load", power_mw: the row has 2 fields, the header has 3; give every row all fields; the file may be cut off`},
		{"bad number in a table", "4,48,61", "4,4B,61", "4,4B,61", `column west: 4B is not a number; give a decimal number in every row`},
		{"bad numbers in a table", "4,48,61\n5,50,62", "4,,61\n5,?,62", "4,,61", `column west: "" is not a number, nor are 1 more; give a decimal number in every row`},
		{"column twice", "hour,west,east", "hour,east,east", "hour,east,east", `loads "west load", power_mw: has two columns named east; name each column once`},
		{"too few rows", "5,50,62\n6,52,63\n", "5,50,62\n", "power_mw: {csv: tables/load.csv, column: west",
			`loads "west load", power_mw: tables/load.csv covers 6 h, the horizon has 7 h; give more rows, or mend hours_per_row` +
				"\ncase.yaml:32: " + `loads "east load", power_mw: tables/load.csv covers 6 h, the horizon has 7 h; give more rows, or mend hours_per_row`},
		{"no hours a row", "column: west, hours_per_row: 1", "column: west, hours_per_row: 0", "",
			`loads "west load", power_mw.hours_per_row: 0 is not above 0; give the hours that a row covers`},
		{"unknown field of a table", "column: west, hours_per_row: 1", "column: west, hour_per_row: 1", "",
			`loads "west load", power_mw.hour_per_row: is not a field of the format; did you mean hours_per_row?`},
		{"path out of the folder", "csv: tables/rtt.csv", "csv: ../rtt.csv", "",
			`network, round_trips.csv: ../rtt.csv is not a path inside the case's folder; give a relative path with forward slashes, without ..`},
		{"absolute path", "csv: tables/rtt.csv", "csv: /etc/passwd", "",
			`network, round_trips.csv: /etc/passwd is not a path inside the case's folder; give a relative path with forward slashes, without ..`},
		{"a folder for a table", "csv: tables/rtt.csv", "csv: tables", "  round_trips:", `network, round_trips.csv: tables is not a file`},

		// Power.
		{"negative load", "    power_mw: {csv: tables/load.csv, column: west, hours_per_row: 1}", "    power_mw: [1, 1, 1, -1, 1, 1, 1]", "",
			`loads "west load", power_mw[3]: -1 is negative; give 0 or more`},
		{"negative capacity", "    max_charge_mw: 30", "    max_charge_mw: -30", "    max_charge_mw: -30",
			"storages \"battery\", max_charge_mw: -30 is negative; give 0 or more\n" +
				"case.yaml:108: storages \"battery\", min_charge_mw: 1 is above max_charge_mw -30; give at most -30"},
		{"minimum above maximum", "    min_power_mw: 50", "    min_power_mw: 600", "",
			"thermal_units \"coal\", min_power_mw: 600 is above max_power_mw 100; give at most 100\n" +
				"case.yaml:57: thermal_units \"coal\", cost[0].power_mw: the curve begins at 50, not at min_power_mw 600; begin it at 600\n" +
				"case.yaml:69: thermal_units \"coal\", deep.cost[1].power_mw: the curve ends at 50, not at min_power_mw 600; end it at 600"},
		{"cost begins elsewhere", "{power_mw: 50, cost_per_h: 1500}", "{power_mw: 60, cost_per_h: 1500}", "",
			`thermal_units "coal", cost[0].power_mw: the curve begins at 60, not at min_power_mw 50; begin it at 50`},
		{"cost ends early", "{power_mw: 100, cost_per_h: 2900}", "{power_mw: 90, cost_per_h: 2900}", "",
			`thermal_units "coal", cost[2].power_mw: the curve ends at 90, not at max_power_mw 100; end it at 100`},
		{"cost out of order", "{power_mw: 80, cost_per_h: 2300}", "{power_mw: 40, cost_per_h: 2300}", "",
			`thermal_units "coal", cost[1].power_mw: 40 is not above the point before, 50; order the points by power`},
		{"cost not convex", "{power_mw: 80, cost_per_h: 2300}", "{power_mw: 80, cost_per_h: 2700}", "{power_mw: 100,",
			`thermal_units "coal", cost[2].cost_per_h: the curve is not convex: a MWh costs 10 here and 40 in the segment before; let the cost of a MWh rise with power`},
		{"no cost", "    cost: [{power_mw: 20, cost_per_h: 1800}]", "    cost: []", "", `thermal_units "gas", cost: has no points; give points from min_power_mw to max_power_mw`},
		{"tiers out of order", "{after_off_h: 8, cost: 2500, co2_t: 9}", "{after_off_h: 1, cost: 2500, co2_t: 9}", "",
			`thermal_units "coal", startup[1].after_off_h: 1 is not above the tier before, 2; order the tiers by hours offline`},
		{"colder is cheaper", "{after_off_h: 8, cost: 2500, co2_t: 9}", "{after_off_h: 8, cost: 25, co2_t: 9}", "",
			`thermal_units "coal", startup[1].cost: 25 is below that of the warmer tier before, 1000; let no colder start be cheaper`},
		{"first tier too late", "{after_off_h: 2, cost: 1000, co2_t: 5}", "{after_off_h: 3, cost: 1000, co2_t: 5}", "",
			`thermal_units "coal", startup[0].after_off_h: 3 is above min_down_h 2: a start between them has no tier; begin the first tier at 2 or below`},
		{"start below the least output", "    startup_limit_mw: 60", "    startup_limit_mw: 20", "",
			`thermal_units "coal", startup_limit_mw: 20 is below the least output 30; give at least 30`},
		{"deep above normal", "      min_power_mw: 30", "      min_power_mw: 55", "",
			`thermal_units "coal", deep.min_power_mw: 55 is not below min_power_mw 50; give less than 50`},
		{"deep cost not convex", "        - {power_mw: 50, cost_per_h: 1800}", "        - {power_mw: 40, cost_per_h: 1800}\n        - {power_mw: 50, cost_per_h: 1900}", "        - {power_mw: 50,",
			`thermal_units "coal", deep.cost[2].cost_per_h: the curve is not convex: a MWh costs 10 here and 50 in the segment before; let the cost of a MWh rise with power`},
		{"must-run against outage", "must_run_units: 1", "must_run_units: 3", "",
			`thermal_units "coal", must_run_units: 3 must run in period 4, 2 are not out; ask for fewer, or mend outage_units`},
		{"fixed against must-run", "must_run_units: 1", "must_run_units: 1\n    fixed_units: 0", "    fixed_units: 0",
			`thermal_units "coal", fixed_units: 0 are fixed in period 0, 1 must run; fix more, or mend must_run_units`},
		{"too much heat", "heat_min_power_mw: 30", "heat_min_power_mw: 250", "",
			`thermal_units "coal", heat_min_power_mw: 250 is more than the 200 MW of the 2 units that can run in period 4; ask for less heat, or mend outage_units and fixed_units`},
		{"half a unit", "must_run_units: 1", "must_run_units: [1, 1, 0.5, 1, 1, 1, 1]", "",
			`thermal_units "coal", must_run_units[2]: 0.5 is not a whole number; give a number of units`},
		{"too many units on", "{units_on: 2,", "{units_on: 4,", "", `thermal_units "coal", initial.units_on: 4 is not between 0 and count 3`},
		{"initial power out of range", "power_mw: 120,", "power_mw: 150,", "",
			`thermal_units "coal", initial.power_mw: 150 is outside the output of the units on, 90 to 140; give a power within`},
		{"initial deep power out of range", "deep_power_mw: 40,", "deep_power_mw: 60,", "",
			`thermal_units "coal", initial.deep_power_mw: 60 is outside the output of the units in deep operation, 30 to 50; give a power within`},
		{"unfinished minimum down time", "{units_on: 2, hours_on: 10, hours_off: 30, power_mw: 120, units_deep: 1, deep_power_mw: 40, hours_deep: 3}",
			"{units_on: 0, hours_off: 1}", "",
			`thermal_units "coal", initial.hours_off: min_down_h 2 keeps all but 0 units off in period 0, where 1 must be on; mend the hours, or the must-run or fixed units`},
		{"loss of everything", "loss_share: 0.03", "loss_share: 1", "", `links "west-east", loss_share: 1 is not in [0, 1); give a share of the flow, as in 0.05`},
		{"both ends alike", "    to: east", "    to: west", "", `links "west-east", to: both ends are west; name two different buses`},
		{"initial flow too high", "initial_flow_mw: 20", "initial_flow_mw: 200", "",
			`links "west-east", initial_flow_mw: 200 cannot come down to max_forward_mw 100 in the first period; give less, or a higher ramp`},
		{"efficiency above one", "efficiency_charge: 0.95", "efficiency_charge: 95", "", `storages "battery", efficiency_charge: 95 is not in (0, 1]; give a share, as in 0.9`},
		{"retention of nothing", "retention_per_h: 0.999", "retention_per_h: 0", "", `storages "battery", retention_per_h: 0 is not in (0, 1]; give a share, as in 0.9`},
		{"initial level outside", "initial_level_mwh: 30", "initial_level_mwh: 3", "",
			`storages "battery", initial_level_mwh: 3 is outside the level bounds 5 to 60; give a level within`},
		{"crossed terminal levels", "    terminal_min_mwh: 150", "    terminal_min_mwh: 260", "",
			`hydro "river", terminal_min_mwh: 260 is above terminal_max_mwh 250; give at most 250`},
		{"hydro end out of reach", "    terminal_min_mwh: 150\n    terminal_max_mwh: 250", "    terminal_min_mwh: 390\n    terminal_max_mwh: 400", "    terminal_min_mwh: 390",
			`hydro "river", terminal_min_mwh: 390 cannot be reached from initial_level_mwh 200: 340 at most; give at most 340`},
		{"no direction", "direction: up", "direction: upward", "", `reserves "spin", direction: upward is no direction; give up or down`},

		// Computing.
		{"cap above one", "utilisation_cap: 0.7", "utilisation_cap: 70", "", `latency_classes "hot", utilisation_cap: 70 is not in (0, 1]; give a share, as in 0.9`},
		{"latitude off the globe", "latitude_deg: 48.1", "latitude_deg: 148.1", "", `regions "plains", latitude_deg: 148.1 is outside -90 to 90; give degrees north`},
		{"half a place", "latitude_deg: 48.1, ", "", "{name: plains", `regions "plains", latitude_deg: is missing beside longitude_deg; give both or none`},
		{"PUE below one", "pue: 1.4", "pue: 0.4", "", `sites "edge", pue: 0.4 is below 1; give at least 1`},
		{"base above import", "base_mw: 1\n", "base_mw: 41\n", "    import_limit_mw: 40",
			`sites "farm", import_limit_mw: 40 in period 0 is below what base_mw draw, 41; give a higher limit`},
		{"negative modules", "modules: 4,", "modules: -4,", "", `pools "edge-cpu", modules: -4 is not a number of modules; give 0 to 1000000`},
		{"too many modules", "modules: 4,", "modules: 4000000,", "", `pools "edge-cpu", modules: 4000000 is not a number of modules; give 0 to 1000000`},
		{"more modules than there are", "available_modules: [10, 10, 10, 10, 9, 9, 10]", "available_modules: 11", "",
			`pools "farm-gpu", available_modules: 11 is above 10; give at most 10`},
		{"always on against minimum off", "always_on: true", "always_on: true, min_off_h: 4, available_modules: [4, 3, 4, 4, 4, 4, 4]", "",
			`pools "edge-cpu", available_modules: rises to 4 in period 2, and always_on with min_off_h 4 keeps more off; mend one of the three`},
		{"energy without a bus", "{name: coast, area: east, bus: east,", "{name: coast, area: east,", "  - {name: backbone",
			`data_links "backbone", energy_kwh_per_gb: draws half at region coast, which has no bus; give the region a bus`},
		{"second data link", "data_links:\n", "data_links:\n  - {name: other, from: coast, to: plains, capacity_gbps: 1}\n", "  - {name: backbone",
			`data_links "backbone", to: other already joins plains and coast; make the two one, with their capacity together`},
		{"no shape", "    shape: rigid", "    shape: elastic", "", `jobs "train", shape: elastic is no shape; give rigid, preemptible, moldable or malleable`},
		{"no work", "work_unit_h: 40", "work_unit_h: 0", "", `jobs "batch", work_unit_h: 0 is not above 0; give more than 0`},
		{"crossed window", "    deadline_h: 5", "    deadline_h: 0.25", "", `jobs "train", deadline_h: 0.25 is not after release_h 0.5; give a later deadline`},
		{"deadline after the end", "    deadline_h: 5", "    deadline_h: 8", "", `jobs "train", deadline_h: 8 is after the horizon's end, 7; give at most 7, leave it out, or give backlog_price_per_unit_h`},
		{"release after the end", "    release_h: 0.5", "    release_h: 7", "", `jobs "train", release_h: 7 is not before the horizon's end, 7; give an earlier release, or leave the job to the next plan`},
		{"class that no site serves", "max_round_trip_ms: 10,", "max_round_trip_ms: 1,", "  - {name: web",
			`workloads "web", class: no pool can serve it: farm-gpu (site farm): kind "gpu" is not asked for; edge-cpu (site edge): latency 2 ms > 1 ms; widen what it asks for, or add a pool or data link that fits`},
		{"job that fits no site", "    units: 24", "    units: 100", "  - name: train",
			`jobs "train": no pool can run it: farm-gpu (site farm): gang of 100 units exceeds the pool's 80; edge-cpu (site edge): not among the allowed sites; widen what it asks for, or add a pool or data link that fits`},
		{"job that is too long", "    work_unit_h: 72", "    work_unit_h: 720", "  - name: train",
			`jobs "train": no pool can run it: farm-gpu (site farm): cannot finish: needs 20 h between release and the horizon's end once the input is there, 4 h there; edge-cpu (site edge): not among the allowed sites; widen what it asks for, or add a pool or data link that fits`},
		{"input that does not arrive", "    input_gb: 2000", "    input_gb: 200000", "  - name: train",
			`jobs "train": no pool can run it: farm-gpu (site farm): cannot finish: its 200000 GB of input do not arrive between release and the horizon's end: at full link speed 11250 GB do; edge-cpu (site edge): not among the allowed sites; widen what it asks for, or add a pool or data link that fits`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := edited(t, c.old, c.with)
			_, _, err := ReadCase(files, "case.yaml", ReadOptions{})
			at := c.at
			if at == "" {
				at = strings.Split(c.with, "\n")[0]
			}
			want := lineOf(t, files, at) + c.want
			if got := strings.Join(findingsOf(err), "\n"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestFindingsOfSetValues sets values of the full case, several where it takes
// several to go wrong; the finding is at the value that it is about.
func TestFindingsOfSetValues(t *testing.T) {
	for _, c := range []struct {
		name string
		set  []string
		want string
	}{
		{"unfinished minimum up time", []string{"thermal_units[coal].initial={units_on: 3, hours_on: 0.5}"},
			`set thermal_units[coal].initial={units_on: 3, hours_on: 0.5}: thermal_units "coal", initial.hours_on: min_up_h 4 keeps 3 units on in period 4, where 2 can be; mend the hours, or the outage or fixed units`},
		{"a stop from too high", []string{"thermal_units[coal].outage_units=3", "thermal_units[coal].must_run_units=0", "thermal_units[coal].heat_min_power_mw=0", "thermal_units[coal].shutdown_limit_mw=55"},
			`testdata/full/case.yaml:72: thermal_units "coal", initial.power_mw: 2 units must stop in period 0, and 120 cannot come down so far: a unit stops from shutdown_limit_mw 55 at most; give less power, or let them run longer`},
		{"heat out of reach", []string{"thermal_units[coal].heat_min_power_mw=190", "thermal_units[coal].ramp_up_mw_per_h=1"},
			`set thermal_units[coal].heat_min_power_mw=190: thermal_units "coal", heat_min_power_mw: 190 cannot be reached in period 0 from 120 within the ramp: 180.5 at most; ask for less heat, or give more initial power`},
		{"storage end out of reach", []string{"storages[0].max_charge_mw=1", "storages[0].terminal_max_mwh=60", "storages[battery].terminal_min_mwh=50"},
			`set storages[battery].terminal_min_mwh=50: storages "battery", terminal_min_mwh: 50 cannot be reached from initial_level_mwh 30: 36.42 at most; give at most 36.42`},
		{"storage end out of reach below", []string{"storages[0].max_discharge_mw=1", "storages[0].terminal_min_mwh=5", "storages[0].terminal_max_mwh=6"},
			`set storages[0].terminal_max_mwh=6: storages "battery", terminal_max_mwh: 6 cannot be reached from initial_level_mwh 30: 22.44 at least; give at least 22.44`},
		{"storage leaks", []string{"storages[0].retention_per_h=0.5", "storages[0].max_charge_mw=1"},
			`testdata/full/case.yaml:113: storages "battery", level_min_mwh: the level falls to 3.359 by the end of period 5 whatever is done: losing more than max_charge_mw makes up for; give a lower minimum or a higher initial level`},
		{"hydro runs dry", []string{"hydro[0].inflow_mw=0", "hydro[0].min_power_mw=50", "hydro[0].initial_power_mw=50"},
			`testdata/full/case.yaml:93: hydro "river", level_min_mwh: the level falls to -50 by the end of period 5 whatever is done: min_power_mw takes more water than there is; give a lower minimum or a higher initial level`},
		{"hydro overflows", []string{"hydro[0].inflow_mw=1000"},
			`testdata/full/case.yaml:94: hydro "river", level_max_mwh: the level rises to 410 by the end of period 0 whatever is done: more flows in than turbines and max_spill_mw take out; give a higher maximum or a lower initial level`},
		{"distance to nowhere", []string{"network.round_trips=[]", "regions[coast]={name: coast, bus: east}"},
			`set regions[coast]={name: coast, bus: east}: regions "coast", latitude_deg: is missing: network.by_distance asks for it; give coordinates, or the round trips in network.round_trips`},
		{"a round trip twice", []string{"network.round_trips=[{region: coast, site: farm, ms: 1}, {region: coast, site: farm, ms: 2}]"},
			`set network.round_trips=[{region: coast, site: farm, ms: 1}, {region: coast, site: farm, ms: 2}]: network, round_trips[1].site: the round trip from coast to farm is given twice; keep one`},
		{"rows for other periods", []string{"horizon.periods=[{count: 1, hours: 0.25}, {count: 6, hours: 0.5}]", "loads[0].power_mw={csv: tables/load.csv, column: east}", "jobs=[]", "job_groups=[]", "quotas=[]", "hydro=[]", "storages=[]", "thermal_units=[]", "workloads=[]", "loads[1].power_mw.hours_per_row=0.5", "exchanges[0].import_mw={csv: tables/rtt.csv, column: edge}"},
			`set exchanges[0].import_mw={csv: tables/rtt.csv, column: edge}: exchanges "south", import_mw: tables/rtt.csv has 2 rows for 7 periods; give a row a period, or state hours_per_row`},
		{"no data link", []string{"data_links=[]"},
			`testdata/full/case.yaml:186: jobs "train": no pool can run it: farm-gpu (site farm): no data link from coast to plains; edge-cpu (site edge): not among the allowed sites; widen what it asks for, or add a pool or data link that fits` + "\n" +
				`testdata/full/case.yaml:213: jobs "grow": no pool can run it: farm-gpu (site farm): no data link from coast to plains; edge-cpu (site edge): no data link from plains to coast; widen what it asks for, or add a pool or data link that fits`},
		{"forbidden everywhere", []string{"jobs[batch].forbidden_sites=[edge, farm]"},
			`testdata/full/case.yaml:198: jobs "batch": no pool can run it: farm-gpu (site farm): forbidden; edge-cpu (site edge): forbidden; widen what it asks for, or add a pool or data link that fits`},
		{"too much work", []string{"jobs[batch].work_unit_h=400"},
			`testdata/full/case.yaml:198: jobs "batch": no pool can run it: farm-gpu (site farm): cannot finish: has 400 unit-hours of work, at most 168 can be done between release and the horizon's end; edge-cpu (site edge): forbidden; widen what it asks for, or add a pool or data link that fits`},
		{"hard deadline", []string{"jobs[train]={name: train, region: plains, shape: rigid, units: 16, work_unit_h: 48, deadline_h: 1, allowed_sites: [farm]}"},
			`set jobs[train]={name: train, region: plains, shape: rigid, units: 16, work_unit_h: 48, deadline_h: 1, allowed_sites: [farm]}: jobs "train": no pool can run it: farm-gpu (site farm): cannot finish: needs 5 periods between release and deadline, 4 there; edge-cpu (site edge): not among the allowed sites; widen what it asks for, or add a pool or data link that fits`},
		{"never enough units at once", []string{"pools[farm-gpu].available_modules=[10, 0, 10, 0, 10, 0, 10]", "jobs[train].work_unit_h=100"},
			`testdata/full/case.yaml:186: jobs "train": no pool can run it: farm-gpu (site farm): cannot finish: fewer than its 24 units are available in every stretch long enough between release and the horizon's end once the input is there: at most 0 of 24, from 3 h to 7 h after the horizon's start; edge-cpu (site edge): not among the allowed sites; widen what it asks for, or add a pool or data link that fits`},

		// What is wrong with the entries themselves.
		{"no value", []string{"jobs[train].count"}, `set jobs[train].count: is not path=value; write it as in penalties.shed_price_per_mwh=5000 or jobs[train].count=2`},
		{"unknown item", []string{"jobs[trian].count=2"}, `set jobs[trian].count=2: there is no item named trian; did you mean train?`},
		{"beyond the list", []string{"jobs[7].count=2"}, `set jobs[7].count=2: there is no item [7]; the list has 5 items, counted from 0`},
		{"unknown field", []string{"jobs[train].cuont=2"}, `set jobs[train].cuont=2: jobs "train", cuont: is not a field of the format; did you mean count?`},
		{"into a number", []string{"jobs[train].units.most=2"}, `set jobs[train].units.most=2: has no most: what comes before it is a number`},
		{"item of no list", []string{"penalties[0]=2"}, `set penalties[0]=2: [0] asks for a list's item, and this is an object`},
		{"open bracket", []string{"jobs[train.count=2"}, `set jobs[train.count=2: is not path=value; write it as in penalties.shed_price_per_mwh=5000 or jobs[train].count=2`},
		{"wrong type", []string{"jobs[train].count=two"}, `set jobs[train].count=two: jobs "train", count: two is text; give a number`},
		{"not YAML", []string{"jobs[train].pool_kinds=[a"}, `set jobs[train].pool_kinds=[a: its value is not YAML: did not find expected ',' or ']'; write a number, text, or YAML as in [{count: 96, hours: 0.25}]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := ReadCaseFile("testdata/full/case.yaml", ReadOptions{Set: c.set})
			if got := strings.Join(findingsOf(err), "\n"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestFindingsComeAtOnce(t *testing.T) {
	files := edited(t, "    fuel: coal", "    feul: coal")
	text := string(files["case.yaml"].Data)
	text = strings.Replace(text, "bus: west,", "bus: wset,", 1)
	text = strings.Replace(text, "loss_share: 0.03", "loss_share: 3", 1)
	text = strings.Replace(text, "class: hot,", "class: hot, demand: 5,", 1)
	files["case.yaml"] = &fstest.MapFile{Data: []byte(text)}
	files["tables/load.csv"] = &fstest.MapFile{Data: []byte("hour,west,east\n0,1\n")}
	_, _, err := ReadCase(files, "case.yaml", ReadOptions{})
	got := findingsOf(err)
	for _, want := range []string{"feul", "wset", "loss_share: 3", "web\", demand", "tables/load.csv:2"} {
		if !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("no finding about %s in\n%s", want, strings.Join(got, "\n"))
		}
	}
	if len(got) != 5 {
		t.Errorf("%d findings, want 5:\n%s", len(got), strings.Join(got, "\n"))
	}
}

func TestFindingsAreCapped(t *testing.T) {
	c, _ := readFull(t)
	c.Loads = nil
	for i := range 500 {
		c.Loads = append(c.Loads, Load{Name: fmt.Sprint("load ", i), Bus: "nowhere", PowerMW: Constant(1)})
	}
	_, err := c.Validate()
	var findings Findings
	if !errors.As(err, &findings) || len(findings) != MaxFindings+1 {
		t.Fatalf("got %d findings", len(findings))
	}
	if last := findings[MaxFindings].String(); last != "300 more findings are not shown" {
		t.Errorf("the last is %q", last)
	}
}

func TestWarnings(t *testing.T) {
	for _, c := range []struct{ name, old, with, at, want string }{
		{"release inside a period", "    release_h: 0.5", "    release_h: 0.6", "", `jobs "train", release_h: 0.6 lies inside a period: it counts as 0.75`},
		{"deadline inside a period", "    deadline_h: 5", "    deadline_h: 4.5", "", `jobs "train", deadline_h: 4.5 lies inside a period: it counts as 3`},
		{"shedding below reserve shortage", "shed_price_per_mwh: 9000,", "shed_price_per_mwh: 900,", "",
			`penalties, shed_price_per_mwh: 900 is below reserve_shortage_price_per_mwh 5000: a plan may prefer the wrong shortage; keep unserved work above shedding above reserve shortage`},
		{"wrong unit", "max_charge_mw: 30", "max_charge_mw: 30000000", "",
			`storages "battery", max_charge_mw: 30000000 is outside the range that solvers work well in; check the unit`},
		{"another offset", "2026-01-02T00:00:00+01:00", "2026-01-02T00:00:00+08:00", "",
			`horizon, start: its offset is not that of Europe/Berlin, where it is 2026-01-01T17:00:00+01:00`},
		{"above capacity", "capacity_mw: 200,", "capacity_mw: 100,", "", `renewables "wind", available_mw: 120 in period 4 is above capacity_mw 100; check the unit`},
		{"longer table", "6,52,63\n", "6,52,63\n7,1,1\n", "column: west",
			`loads "west load", power_mw: tables/load.csv covers 8 h, the horizon has 7 h: the last rows are not used`},
		{"no provider", "reserves: [spin]\n", "reserves: []\n", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := edited(t, c.old, c.with)
			got, report, err := ReadCase(files, "case.yaml", ReadOptions{})
			if err != nil || got == nil {
				t.Fatal(err)
			}
			if c.want == "" {
				if len(report.Warnings) > 0 {
					t.Fatalf("warnings:\n%v", report.Warnings)
				}
				return
			}
			at := c.at
			if at == "" {
				at = c.with
			}
			if want := lineOf(t, files, at) + c.want; report.Warnings.Error() != want {
				t.Errorf("got\n%v\nwant\n%s", report.Warnings, want)
			}
		})
	}
}

func TestReadNothing(t *testing.T) {
	if _, _, err := ReadCaseFile("testdata/full/", ReadOptions{}); err == nil {
		t.Error("a folder was read")
	}
	if _, _, err := ReadCaseFile("testdata/none/case.yaml", ReadOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	_, _, err := ReadCaseFile("testdata/full/cases.yaml", ReadOptions{})
	if want := "testdata/full/cases.yaml: does not exist; did you mean case.yaml?"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
