package compare

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// CSV writes the comparison as a table with a row for each variant. What is not
// known is empty.
func CSV(w io.Writer, c *Comparison) error {
	out := csv.NewWriter(w)
	supplies := c.supplies()
	header := []string{
		"variant", "same_as", "status", "error", "cost", "difference", "difference_share", "significant", "gap_money",
		"operating_cost", "penalty_cost", "curtailed_mwh", "curtailed_share", "co2_t", "link_mwh", "loss_mwh",
		"peak_mw", "sites_peak_mw", "data_gb", "away_unit_h", "late_jobs", "unfinished_jobs", "dropped_jobs",
		"unserved_unit_h", "shed_mwh", "seconds",
	}
	for _, name := range supplies {
		header = append(header, "supply "+name+" mwh")
	}
	_ = out.Write(header) // Flush keeps the error
	for i := range c.Rows {
		_ = out.Write(c.Rows[i].record(supplies))
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("compare: write table: %w", err)
	}
	return nil
}

func (r *Row) record(supplies []string) []string {
	value := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	empty := func(n int) []string { return make([]string, n) }
	out := []string{string(r.Variant), string(r.SameAs), r.Status, r.Error}
	f := r.Figures
	if f == nil {
		return append(append(out, empty(21)...), append([]string{value(r.Seconds)}, empty(len(supplies))...)...)
	}
	out = append(out, value(f.Cost))
	if d := r.Difference; d != nil {
		out = append(out, value(d.Money), value(d.Share), strconv.FormatBool(d.Significant))
	} else {
		out = append(out, empty(3)...)
	}
	if r.GapMoney != nil {
		out = append(out, value(*r.GapMoney))
	} else {
		out = append(out, "")
	}
	for _, v := range []float64{
		f.OperatingCost, f.PenaltyCost, f.CurtailedMWh, f.CurtailedShare, f.CO2T, f.LinkMWh, f.LossMWh,
		f.PeakMW, f.SitesPeakMW, f.DataGB, f.AwayUnitH, float64(f.LateJobs), float64(f.UnfinishedJobs), float64(f.DroppedJobs),
		f.UnservedUnitH, f.ShedMWh, r.Seconds,
	} {
		out = append(out, value(v))
	}
	for _, name := range supplies {
		out = append(out, value(f.supply(name)))
	}
	return out
}
