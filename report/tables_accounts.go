package report

import (
	"math"
	"strconv"
)

// accountColumns are those of an account, without what a table has anyway.
var accountColumns = []string{"mwh", "data_mwh", "co2_t", "marginal_co2_t", "power_cost", "capacity_cost", "data_cost", "penalty_cost", "total_cost"}

// cells of an account; what hangs on prices is left empty without them.
func (a *Account) cells(priced, marginal bool) []string {
	tonnes, power, capacity, total := math.NaN(), math.NaN(), math.NaN(), math.NaN()
	if marginal {
		tonnes = a.MarginalCO2T
	}
	if priced {
		power, capacity, total = a.PowerCost, a.CapacityCost, a.Total()
	}
	var out []string
	for _, v := range []float64{a.MWh, a.DataMWh, a.CO2T, tonnes, power, capacity, a.DataCost, a.PenaltyCost, total} {
		out = append(out, decimal(v))
	}
	return out
}

// accountTables are the tables of accounts and of what one more is worth.
func (j *joined) accountTables() []table {
	return []table{
		{"workload_accounts.csv", append([]string{"workload", "region", "class", "work_unit_h", "transfer_gb"}, accountColumns...), j.workloadAccountRows},
		{"unit_prices.csv", columns("pool", "class", "price_per_unit_h"), j.unitPriceRows},
		{"corridors.csv", columns("from", "to", "work_unit_h", "mwh_not_sent", "transfer_gb", "data_cost", "wire_mwh", "wire_loss_mwh",
			"power_saving", "break_even_per_gb", "data_mwh", "loss_avoided_mwh"), j.corridorRows},
		{"latency_prices.csv", []string{"region", "class", "bound_ms", "more_sites", "demand_unit_h", "saving_per_ms", "job_unit_h", "job_saving_per_ms"}, j.latencyRows},
	}
}

func (j *joined) workloadAccountRows(w *tableWriter) {
	all := j.accounts()
	for i := range all.workloads {
		v, a := &j.c.Workloads[i], &all.workloads[i]
		w.row(append([]string{v.Name, v.Region, v.Class, decimal(a.UnitH), decimal(a.GB)}, a.cells(all.priced, all.marginal)...)...)
	}
}

// unitPriceRows leaves out the periods in which a pool has no module on.
func (j *joined) unitPriceRows(w *tableWriter) {
	for _, v := range j.unitPrices() {
		text := []string{v.pool, v.class}
		for t, price := range v.values {
			if !math.IsNaN(price) {
				w.at(t, text, price)
			}
		}
	}
}

// corridorRows leaves out the periods in which nothing goes either way. What data's
// energy costs is in the saving where the work is done, too: the
// break-even price is that of the data of the work done in the period, whenever
// it is sent.
func (j *joined) corridorRows(w *tableWriter) {
	for _, at := range j.corridors() {
		text := []string{at.from, at.to}
		for t := range j.T {
			if at.unitH[t] == 0 && at.gb[t] == 0 && at.wire[t] == 0 {
				continue
			}
			saving, breakEven := math.NaN(), math.NaN()
			if at.priced {
				saving = at.saving[t]
				if at.gbOfWork[t] > 0 {
					breakEven = saving / at.gbOfWork[t]
				}
			}
			w.at(t, text, at.unitH[t], at.mwh[t], at.gb[t], at.dataCost[t], at.wire[t], at.wireLoss[t], saving, breakEven,
				at.dataMWh[t], at.lossAvoided(t))
		}
	}
}

func (j *joined) latencyRows(w *tableWriter) {
	for _, v := range j.latencyPrices() {
		w.row(v.Region, v.Class, decimal(v.BoundMS), strconv.Itoa(v.MoreSites), decimal(v.UnitH), decimal(v.Saving), decimal(v.JobUnitH), decimal(v.JobSaving))
	}
}
