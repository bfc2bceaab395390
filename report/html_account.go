package report

import (
	"cmp"
	"slices"
)

// accounts fills the tables of what work draws and costs, and of what one more
// is worth. Where there are more rows than a table shows, those with most money
// stay.
func (p *page) accounts(j *joined) {
	c := p.S.Computing
	p.WorkRows, p.WorkMore = mostRows(c.Accounts.ByWorkload, func(a *WorkloadAccount) float64 { return a.Total() })
	p.Latency, p.LatentMore = mostRows(c.Latency, (*LatencyLine).Saves)
	p.unitPrices(j)
}

// mostRows keeps the rows with the largest values, as many as a table shows, and
// says how many more there are.
func mostRows[T any](rows []T, value func(*T) float64) (kept []T, more int) {
	if len(rows) > maxTableRows {
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, func(a, b T) int { return cmp.Compare(value(&b), value(&a)) })
	}
	return firstRows(rows)
}

// unitPrices shows the mean price of a unit-hour by pool and class, shaded by its
// part of the highest.
func (p *page) unitPrices(j *joined) {
	lines := p.S.Computing.UnitPrices
	m := matrix{Corner: "Pool \\ class", Note: "Mean over the periods in which a module is on. A unit-hour at reference speed, with the headroom of its class and its power."}
	most := 0.0
	for i := range lines {
		if !slices.Contains(m.Columns, lines[i].Class) {
			m.Columns = append(m.Columns, lines[i].Class)
		}
		most = max(most, lines[i].Mean)
	}
	if len(m.Columns) > maxMatrix {
		m.Columns = m.Columns[:maxMatrix]
		m.Note += " The first classes; unit_prices.csv has all."
	}
	pools := 0
	for i := range lines {
		l := &lines[i]
		if n := len(m.Rows); n == 0 || m.Rows[n-1].Label != l.Pool {
			if pools++; n == maxTableRows {
				break
			}
			m.Rows = append(m.Rows, matrixRow{Label: l.Pool})
		}
		if row := &m.Rows[len(m.Rows)-1]; len(row.Cells) < len(m.Columns) {
			row.Cells = append(row.Cells, matrixCell{Text: amount(l.Mean), Class: level(ratio(l.Mean, most)),
				Tip: l.Pool + " for " + l.Class + ": from " + amount(l.Min) + " to " + amount(l.Max) + " " + j.c.Currency + "/unit-h"})
		}
	}
	if pools > maxTableRows {
		m.Note += " The first pools; unit_prices.csv has all."
	}
	p.UnitPrices = m
}
