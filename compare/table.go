package compare

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// line is one figure of all variants, as text and page show it.
type line struct {
	label, unit string
	values      []*float64 // nil where it is not known
	// exact numbers are counts or rounded amounts: they are shown without decimals.
	exact bool
	// doubtful marks values that are not significant; nil for none.
	doubtful []bool
	// head begins a group of lines.
	head bool
}

// lines of a comparison, with those of energy that no plan has left out.
func (c *Comparison) lines() []line {
	scale, prefix := moneyScale(c)
	money := prefix + c.Currency
	of := func(label, unit string, get func(*Figures) float64) line {
		return c.line(label, unit, func(r *Row) *float64 {
			if r.Figures == nil {
				return nil
			}
			v := get(r.Figures)
			return &v
		})
	}
	count := func(label, unit string, get func(*Figures) float64) line {
		l := of(label, unit, get)
		l.exact = true
		return l
	}
	cost := count("Cost", money, func(f *Figures) float64 { return f.Cost / scale })
	more := c.line("more than as is", money, func(r *Row) *float64 {
		if r.Difference == nil {
			return nil
		}
		v := r.Difference.Money / scale
		return &v
	})
	share := c.line("", "%", func(r *Row) *float64 {
		if r.Difference == nil {
			return nil
		}
		v := 100 * r.Difference.Share
		return &v
	})
	for i := range c.Rows {
		d := c.Rows[i].Difference
		more.doubtful = append(more.doubtful, d != nil && !d.Significant)
	}
	share.doubtful = more.doubtful
	gap := c.line("gap", money, func(r *Row) *float64 {
		if r.GapMoney == nil {
			return nil
		}
		v := *r.GapMoney / scale
		return &v
	})
	cost.head = true
	out := []line{cost, more, share, gap, of("penalties", money, func(f *Figures) float64 { return f.PenaltyCost / scale })}
	for i, name := range c.supplies() {
		l := of(name, "MWh", func(f *Figures) float64 { return f.supply(name) })
		l.head = i == 0
		out = append(out, l)
	}
	out = append(out,
		of("Curtailed", "MWh", func(f *Figures) float64 { return f.CurtailedMWh }),
		of("", "%", func(f *Figures) float64 { return 100 * f.CurtailedShare }),
		of("CO2", "t", func(f *Figures) float64 { return f.CO2T }),
		of("Sent over links", "MWh", func(f *Figures) float64 { return f.LinkMWh }),
		of("Peak demand", "MW", func(f *Figures) float64 { return f.PeakMW }),
		of("Peak of all sites", "MW", func(f *Figures) float64 { return f.SitesPeakMW }),
	)
	work := count("Data moved", "GB", func(f *Figures) float64 { return f.DataGB })
	work.head = true
	return append(out, work,
		of("Work away from home", "unit-h", func(f *Figures) float64 { return f.AwayUnitH }),
		count("Jobs late", "", func(f *Figures) float64 { return float64(f.LateJobs) }),
		count("Jobs unfinished", "", func(f *Figures) float64 { return float64(f.UnfinishedJobs) }),
		count("Jobs dropped", "", func(f *Figures) float64 { return float64(f.DroppedJobs) }),
		of("Unserved", "unit-h", func(f *Figures) float64 { return f.UnservedUnitH }),
		of("Shed", "MWh", func(f *Figures) float64 { return f.ShedMWh }),
	)
}

func (c *Comparison) line(label, unit string, get func(*Row) *float64) line {
	l := line{label: label, unit: unit}
	for i := range c.Rows {
		l.values = append(l.values, get(&c.Rows[i]))
	}
	return l
}

// text of a value: "-" where it is not known, "~" before what is not significant.
func (l *line) text(i int) string {
	v := l.values[i]
	switch {
	case v == nil:
		return "-"
	case l.exact:
		return number(*v, 0)
	case l.doubtful != nil && l.doubtful[i]:
		return "~ " + amount(*v)
	}
	return amount(*v)
}

// supplies lists the names of sources in the order in which plans have them.
func (c *Comparison) supplies() []string {
	var names []string
	for i := range c.Rows {
		if f := c.Rows[i].Figures; f != nil {
			for _, s := range f.Supply {
				if !slices.Contains(names, s.Name) {
					names = append(names, s.Name)
				}
			}
		}
	}
	return names
}

func (f *Figures) supply(name string) float64 {
	for _, s := range f.Supply {
		if s.Name == name {
			return s.MWh
		}
	}
	return 0
}

// moneyScale returns what money is divided by so that it fits a column.
func moneyScale(c *Comparison) (scale float64, prefix string) {
	largest := 0.0
	for i := range c.Rows {
		if f := c.Rows[i].Figures; f != nil {
			largest = max(largest, math.Abs(f.Cost))
		}
	}
	switch {
	case largest >= 1e11:
		return 1e6, "M "
	case largest >= 1e8:
		return 1e3, "k "
	}
	return 1, ""
}

// number writes v with so many decimals and commas between thousands.
func number(v float64, decimals int) string {
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(math.Abs(v), 'f', decimals, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if v < 0 && strings.Trim(whole, "0.,") != "" {
		return "-" + whole
	}
	return whole
}

// amount writes v in three digits or more; what is next to nothing is 0.
func amount(v float64) string {
	switch a := math.Abs(v); {
	case a >= 99.95:
		return number(v, 0)
	case a >= 9.995:
		return number(v, 1)
	case a >= 0.9995:
		return number(v, 2)
	case a < 5e-7:
		return "0"
	}
	return strconv.FormatFloat(v, 'g', 3, 64)
}
