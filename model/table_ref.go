package model

import (
	"fmt"
	"reflect"
	"slices"
)

// tableRef is how a series names a table.
type tableRef struct {
	// CSV is the file, relative to the case's folder.
	CSV string `json:"csv"`
	// Column of the file, by its header.
	Column string `json:"column"`
	// Scale and Offset: a value is cell * scale + offset. Defaults 1 and 0.
	Scale  *float64 `json:"scale,omitempty"`
	Offset *float64 `json:"offset,omitempty"`
	// HoursPerRow is the time that a row covers, as a mean. Left out: one row
	// a period.
	HoursPerRow *float64 `json:"hours_per_row,omitempty"`
}

// seriesTable decodes a reference to a table's column.
func (d *decoder) seriesTable(n *node, path string) Series {
	if d.tables == nil {
		d.fail(n, path, "names a table where none can be read", "give numbers")
		return nil
	}
	var ref tableRef
	before := d.findings.count()
	d.object(n, reflect.ValueOf(&ref).Elem(), path, d.value)
	if d.findings.count() > before {
		return nil
	}
	if h := ref.HoursPerRow; h != nil && !(*h > 0) {
		d.fail(n.field("hours_per_row"), join(path, "hours_per_row"), short(*h)+" is not above 0", "give the hours that a row covers")
		return nil
	}
	tab := d.usable(n, path, ref.CSV)
	if tab == nil {
		return nil
	}
	at := slices.Index(tab.header, ref.Column)
	if at < 0 {
		d.fail(n.field("column"), join(path, "column"), fmt.Sprintf("%s has no column %s", ref.CSV, clip(ref.Column)),
			didYouMean(ref.Column, tab.header))
		return nil
	}
	col := &tab.columns[at]
	if d.hours == nil {
		d.spoil(path) // by the horizon
		return nil
	}
	if d.isBad(tab, at, path) {
		return nil
	}
	values := col.values
	if ref.HoursPerRow != nil {
		values = d.resample(n, path, tab, values, *ref.HoursPerRow)
	} else if len(values) != len(d.hours) {
		d.fail(n, path, fmt.Sprintf("%s has %d rows for %d periods", ref.CSV, len(values), len(d.hours)),
			"give a row a period, or state hours_per_row")
		return nil
	}
	out := make(Series, len(values))
	for t, v := range values {
		out[t] = v*orElse(ref.Scale, 1) + orElse(ref.Offset, 0)
	}
	return out
}

// usable returns a table, nil when the file has a fault, which is reported at
// the first field that asks for it.
func (d *decoder) usable(n *node, path, name string) *table {
	tab := d.tables.table(name)
	if tab.fault == nil {
		return tab
	}
	d.spoil(path)
	if tab.faultShown {
		return nil
	}
	tab.faultShown = true
	f := *tab.fault
	if f.Line == 0 { // not in the file's text: the fault is in naming it
		d.fail(n.field("csv"), join(path, "csv"), clip(name)+" "+f.Problem, f.Remedy)
		return nil
	}
	f.Section, f.Item, f.Field = d.section, d.item, path
	d.findings.add(f)
	return nil
}

// isBad says whether a column holds anything but numbers, and reports the first
// such cell once.
func (d *decoder) isBad(tab *table, at int, path string) bool {
	col := &tab.columns[at]
	if col.bad == 0 {
		return false
	}
	d.spoil(path)
	if !col.badShown {
		col.badShown = true
		problem := fmt.Sprintf("column %s: %s is not a number", clip(tab.header[at]), clip(col.badText))
		if col.bad > 1 {
			problem += fmt.Sprintf(", nor are %d more", col.bad-1)
		}
		d.findings.add(Finding{File: tab.file, Line: col.badLine, Problem: problem, Remedy: "give a decimal number in every row"})
	}
	return true
}

// resample returns the time-weighted mean over each period of rows that cover
// rowHours each.
func (d *decoder) resample(n *node, path string, tab *table, rows []float64, rowHours float64) []float64 {
	total := 0.0
	for _, h := range d.hours {
		total += h
	}
	covered := float64(len(rows)) * rowHours
	if covered < total-durationSlack {
		d.fail(n, path, fmt.Sprintf("%s covers %s h, the horizon has %s h", tab.file, short(covered), short(total)),
			"give more rows, or mend hours_per_row")
		return nil
	}
	if covered >= total+rowHours-durationSlack && !tab.surplusShown {
		tab.surplusShown = true
		f := Finding{Section: d.section, Item: d.item, Field: path,
			Problem: fmt.Sprintf("%s covers %s h, the horizon has %s h: the last rows are not used", tab.file, short(covered), short(total))}
		d.place(&f, n)
		d.warnings.add(f)
	}
	out := make([]float64, len(d.hours))
	from := 0.0
	for t, h := range d.hours {
		to := from + h
		first := min(int((from+durationSlack)/rowHours), len(rows)-1)
		last := min(int((to-durationSlack)/rowHours), len(rows)-1)
		if first >= last { // within one row: its value as it stands
			out[t] = rows[last]
		} else {
			for i := first; i <= last; i++ {
				overlap := min(to, float64(i+1)*rowHours) - max(from, float64(i)*rowHours)
				out[t] += rows[i] * overlap / h
			}
		}
		from = to
	}
	return out
}

// roundTripTable decodes {csv: file}: a matrix with a row a region, named in the
// first column, and a column a site, named in the header.
func (d *decoder) roundTripTable(n *node, path string) []RoundTrip {
	var ref struct {
		CSV string `json:"csv"`
	}
	before := d.findings.count()
	d.object(n, reflect.ValueOf(&ref).Elem(), path, d.value)
	if d.findings.count() > before {
		return nil
	}
	tab := d.usable(n, path, ref.CSV)
	if tab == nil {
		return nil
	}
	if len(tab.header) < 2 || tab.rows == 0 {
		d.fail(n, path, ref.CSV+" has no round trips", "give a column of regions, then a column for each site")
		return nil
	}
	var out []RoundTrip
	for at := 1; at < len(tab.header); at++ {
		if d.isBad(tab, at, path) {
			return nil
		}
	}
	for row, region := range tab.columns[0].text {
		for at := 1; at < len(tab.header); at++ {
			out = append(out, RoundTrip{Region: region, Site: tab.header[at], MS: tab.columns[at].values[row]})
		}
	}
	if len(out) > MaxItems {
		d.fail(n, path, fmt.Sprintf("has %d round trips", len(out)), fmt.Sprintf("give at most %d", MaxItems))
		return nil
	}
	return out
}
