package report

import (
	"bufio"
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/wattbit/wattbit/internal/atomicfile"
	"github.com/wattbit/wattbit/internal/inorder"
	"github.com/wattbit/wattbit/model"
)

// Tables writes the plan as CSV tables into dir, which it creates when it is
// missing. Every table is long: one row for an asset and a period, the period's
// start as RFC 3339 in the case's zone and its length in the first columns, one
// column a quantity with its unit in the name; job_promises.csv has one a product
// too. jobs.csv has one row a job,
// job_groups.csv one a group, workload_accounts.csv one a workload,
// latency_prices.csv one a region and class, and costs.csv one an item and asset. Every table is written, also without
// rows; each file appears whole or not at all. Numbers are rounded to 1e-6.
func Tables(dir string, c *model.Case, p *model.Plan) error {
	r, err := New(c, p)
	if err != nil {
		return err
	}
	return r.Tables(dir)
}

func (j *joined) writeTables(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	var failed error
	all := j.tables()
	inorder.Blocks(len(all), 1, func(i, _ int) error {
		return all[i].write(dir, j)
	}, func(_, _ int, err error) {
		failed = cmp.Or(failed, err)
	})
	if failed != nil {
		return fmt.Errorf("report: %w", failed)
	}
	return nil
}

// table is one file: its columns and what writes its rows.
type table struct {
	name    string
	columns []string
	rows    func(*tableWriter)
}

func (t *table) write(dir string, j *joined) error {
	return atomicfile.Write(filepath.Join(dir, t.name), func(w io.Writer) error {
		out := newTableWriter(w, j)
		out.row(t.columns...)
		t.rows(out)
		return out.flush()
	})
}

// tableWriter writes rows of text, numbers and whole numbers.
type tableWriter struct {
	buffer *bufio.Writer
	csv    *csv.Writer
	record []string
	times  []string
	hours  []string
	err    error
}

func newTableWriter(w io.Writer, j *joined) *tableWriter {
	buffer := bufio.NewWriterSize(w, 1<<16)
	out := &tableWriter{buffer: buffer, csv: csv.NewWriter(buffer)}
	for t, h := range j.hours {
		out.times = append(out.times, j.cal.times[t].Format(time.RFC3339))
		out.hours = append(out.hours, decimal(h))
	}
	return out
}

func (w *tableWriter) row(cells ...string) {
	if w.err == nil {
		w.err = w.csv.Write(cells)
	}
}

// at writes the row of a period: its time and length, then text, then numbers.
func (w *tableWriter) at(t int, text []string, numbers ...float64) {
	w.record = append(w.record[:0], w.times[t], w.hours[t])
	w.record = append(w.record, text...)
	for _, v := range numbers {
		w.record = append(w.record, decimal(v))
	}
	w.row(w.record...)
}

func (w *tableWriter) flush() error {
	w.csv.Flush()
	if w.err == nil {
		w.err = w.csv.Error()
	}
	if w.err == nil {
		w.err = w.buffer.Flush()
	}
	return w.err
}

// decimal is the shortest form of v rounded to 1e-6, without exponent; NaN is
// empty, the mark of a value that is not there.
func decimal(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	if math.Abs(v) < 1e9 {
		v = math.Round(v*1e6) / 1e6
	}
	if v == 0 {
		return "0" // not -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// at returns v[t], or the mark of a missing value where the series is absent.
func at(v []float64, t int) float64 {
	if v == nil {
		return math.NaN()
	}
	return v[t]
}

// countAt returns v[t], 0 where the series is absent.
func countAt(v []int, t int) float64 {
	if t >= len(v) {
		return 0
	}
	return float64(v[t])
}

func columns(text ...string) []string { return append([]string{"time", "hours"}, text...) }

func (j *joined) tables() []table {
	return append(append(j.jobTables(), j.accountTables()...), []table{
		{"buses.csv", columns("bus", "load_mw", "site_mw", "data_link_mw", "generation_mw", "import_mw", "export_mw",
			"links_in_mw", "links_out_mw", "shed_mw", "spill_mw", "price_per_mwh",
			"co2_t_per_mwh", "marginal_co2_t_per_mwh"), j.busRows},
		{"thermal.csv", columns("unit", "bus", "fuel", "units_on", "starts", "stops", "power_mw", "units_deep", "deep_power_mw",
			"reserve_up_mw", "reserve_down_mw"), j.thermalRows},
		{"renewables.csv", columns("renewable", "bus", "source", "available_mw", "power_mw", "curtailed_mw"), j.renewableRows},
		{"hydro.csv", columns("hydro", "bus", "inflow_mw", "power_mw", "spill_mw", "level_mwh"), j.hydroRows},
		{"storages.csv", columns("storage", "bus", "technology", "charge_mw", "discharge_mw", "level_mwh"), j.storageRows},
		{"links.csv", columns("link", "from", "to", "forward_mw", "backward_mw", "loss_mw", "max_forward_mw", "max_backward_mw"), j.linkRows},
		{"reserves.csv", columns("product", "direction", "requirement_mw", "shortage_mw", "price_per_mw_h",
			"thermal_mw", "hydro_mw", "storage_mw", "jobs_mw"), j.reserveRows},
		{"sites.csv", columns("site", "bus", "region", "power_mw", "it_mw", "pue", "import_mw", "free_cooling", "heat_mw", "water_m3",
			"backup_minutes", "green_mw", "green_share", "green_short_mw"), j.siteRows},
		{"green_power.csv", columns("site", "source", "mw"), j.greenRows},
		{"demand_response.csv", columns("programme", "site", "called", "baseline_mw", "most_mw", "import_mw"), j.callRows},
		{"pools.csv", columns("pool", "site", "kind", "modules_on", "module_starts", "module_stops", "available_units", "taken_units",
			"busy_units", "price_per_unit_h", "price_with_power_per_unit_h"), j.poolRows},
		{"workloads.csv", columns("workload", "region", "class", "site", "pool", "units"), j.workloadRows},
		{"headroom.csv", columns("pool", "site", "class", "busy_units", "held_units", "headroom_units"), j.headroomRows},
		{"outages.csv", columns("outage", "workload", "pool", "plan_units", "outage_units"), j.outageRows},
		{"outage_prices.csv", columns("outage", "of", "name", "unit", "price"), j.outagePriceRows},
		{"data_links.csv", columns("data_link", "from", "to", "forward_gb", "backward_gb", "capacity_gb", "power_mw"), j.dataLinkRows},
		{"prices.csv", columns("kind", "name", "unit", "price"), j.priceRows},
		{"assets.csv", columns("kind", "asset", "series", "value"), j.assetRows},
		{"costs.csv", []string{"section", "item", "penalty", "asset", "currency", "amount"}, j.costRows},
	}...)
}

func (j *joined) busRows(w *tableWriter) {
	price, average, marginal := j.busPrices(), j.carbonIntensity(), j.marginalCO2()
	for b := range j.c.Buses {
		f, text := j.power[b], []string{j.c.Buses[b].Name}
		kind := func(kinds ...flowKind) []float64 {
			return f.total(j.T, func(k flowKind) bool {
				for _, want := range kinds {
					if k == want {
						return true
					}
				}
				return false
			})
		}
		load, sites, data := kind(useLoad), kind(useSites), kind(useData)
		generation := kind(flowThermal, flowRenewable, flowHydro)
		in, out, arrive, send := kind(flowImport), kind(useExport), kind(flowArrival), kind(useSending)
		for t := range j.T {
			w.at(t, text, load[t], sites[t], data[t], generation[t], in[t], out[t], arrive[t], send[t],
				j.buses[b].ShedMW[t], j.buses[b].SpillMW[t], at(price[b], t), average[b][t], at(marginal[b], t))
		}
	}
}

func (j *joined) thermalRows(w *tableWriter) {
	for i := range j.c.ThermalUnits {
		u, p := &j.c.ThermalUnits[i], j.thermal[i]
		text := []string{u.Name, u.Bus, u.Fuel}
		for t := range j.T {
			up, all := j.heldUp(p.Reserves, t), 0.0
			for _, r := range p.Reserves {
				all += r.MW[t]
			}
			deep := 0.0
			if p.DeepPowerMW != nil {
				deep = p.DeepPowerMW[t]
			}
			w.at(t, text, countAt(p.UnitsOn, t), countAt(p.Starts, t), countAt(p.Stops, t), p.PowerMW[t],
				countAt(p.UnitsDeep, t), deep, up, all-up)
		}
	}
}

func (j *joined) renewableRows(w *tableWriter) {
	for i := range j.c.Renewables {
		r, p := &j.c.Renewables[i], j.renewables[i]
		text := []string{r.Name, r.Bus, r.Source}
		for t := range j.T {
			w.at(t, text, r.AvailableMW.At(t, 0), p.PowerMW[t], p.CurtailedMW[t])
		}
	}
}

func (j *joined) hydroRows(w *tableWriter) {
	for i := range j.c.Hydro {
		h, p := &j.c.Hydro[i], j.hydro[i]
		text := []string{h.Name, h.Bus}
		for t := range j.T {
			w.at(t, text, h.InflowMW.At(t, 0), p.PowerMW[t], p.SpillMW[t], p.LevelMWh[t])
		}
	}
}

func (j *joined) storageRows(w *tableWriter) {
	for i := range j.c.Storages {
		s, p := &j.c.Storages[i], j.storages[i]
		text := []string{s.Name, s.Bus, s.Technology}
		for t := range j.T {
			w.at(t, text, p.ChargeMW[t], p.DischargeMW[t], p.LevelMWh[t])
		}
	}
}

func (j *joined) linkRows(w *tableWriter) {
	for i := range j.c.Links {
		l, p := &j.c.Links[i], j.links[i]
		text := []string{l.Name, l.From, l.To}
		for t := range j.T {
			w.at(t, text, p.ForwardMW[t], p.BackwardMW[t], p.LossMW[t], l.MaxForwardMW.At(t, 0), l.MaxBackwardMW.At(t, 0))
		}
	}
}

func (j *joined) reserveRows(w *tableWriter) {
	price, given := j.reservePrices(), j.givenMW()
	for i := range j.c.Reserves {
		r, g := &j.c.Reserves[i], &given[i]
		text := []string{r.Name, string(r.Direction)}
		for t := range j.T {
			w.at(t, text, r.RequirementMW.At(t, 0), j.reserves[i].ShortageMW[t], at(price[i], t),
				g[reserveThermal][t], g[reserveHydro][t], g[reserveStorage][t], g[reserveJobs][t])
		}
	}
}

func (j *joined) poolRows(w *tableWriter) {
	taken := j.taken()
	price, withPower := make([][]float64, len(j.c.Pools)), make([][]float64, len(j.c.Pools))
	if j.p.Prices != nil {
		price, withPower = prices(j.ix.Pools, j.p.Prices.Compute), prices(j.ix.Pools, j.p.Prices.ComputeWithPower)
	}
	for i := range j.c.Pools {
		v, p := &j.c.Pools[i], j.pools[i]
		text := []string{v.Name, v.Site, j.ix.KindOf(i)}
		for t := range j.T {
			w.at(t, text, countAt(p.ModulesOn, t), countAt(p.ModuleStarts, t), countAt(p.ModuleStops, t), j.ix.MaxUnits(i, t),
				taken[i][t], p.BusyUnits[t], at(price[i], t), at(withPower[i], t))
		}
	}
}

// workloadRows has a row for every route, and one without site for what is not
// served.
func (j *joined) workloadRows(w *tableWriter) {
	for i := range j.c.Workloads {
		v, p := &j.c.Workloads[i], j.workloads[i]
		for _, r := range p.Routes {
			site := j.c.Pools[j.ix.Pools[r.Pool]].Site
			for t := range j.T {
				w.at(t, []string{v.Name, v.Region, v.Class, site, r.Pool}, r.Units[t])
			}
		}
		for t := range j.T {
			if p.UnservedUnits[t] > 0 {
				w.at(t, []string{v.Name, v.Region, v.Class, "", ""}, p.UnservedUnits[t])
			}
		}
	}
}

func (j *joined) dataLinkRows(w *tableWriter) {
	for i := range j.c.DataLinks {
		l, p := &j.c.DataLinks[i], j.dataLinks[i]
		text := []string{l.Name, l.From, l.To}
		for t := range j.T {
			w.at(t, text, p.ForwardGB[t], p.BackwardGB[t], j.ix.DataGB(i, t), j.dataLinkMW(i, t))
		}
	}
}

func (j *joined) priceRows(w *tableWriter) {
	if j.p.Prices == nil {
		return
	}
	money := j.c.Currency
	for _, kind := range []struct {
		name, unit string
		series     []model.PriceSeries
	}{
		{"power", money + "/MWh", j.p.Prices.Power},
		{"reserve", money + "/MW/h", j.p.Prices.Reserve},
		{"marginal CO2", "t/MWh", j.p.Prices.MarginalCO2},
		{"compute", money + "/unit-h", j.p.Prices.Compute},
		{"compute with power", money + "/unit-h", j.p.Prices.ComputeWithPower},
		{"data forward", money + "/GB", j.p.Prices.DataForward},
		{"data backward", money + "/GB", j.p.Prices.DataBackward},
	} {
		for _, s := range kind.series {
			for t := range j.T {
				w.at(t, []string{kind.name, s.Name, kind.unit}, s.Values[t])
			}
		}
	}
}

func (j *joined) assetRows(w *tableWriter) {
	for _, a := range j.p.Assets {
		for _, s := range a.Series {
			for t := range j.T {
				w.at(t, []string{a.Kind, a.Name, s.Name}, s.Values[t])
			}
		}
	}
}

func (j *joined) costRows(w *tableWriter) {
	for _, c := range j.p.Costs {
		w.row(j.section(c.Item, c.Asset), string(c.Item), strconv.FormatBool(c.Item.Penalty()), c.Asset, j.c.Currency, decimal(c.Amount))
	}
}
