package model

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Validate checks the case: every limit by itself, every reference, and what
// would leave no plan whatever is decided. Warnings are what is doubtful; err is
// nil or Findings with everything that is wrong. A case that ReadCaseFile
// returned is valid already.
func (c *Case) Validate() (warnings Findings, err error) {
	src := &source{spoiled: map[itemKey]bool{}}
	c.validate(src)
	return src.warnings.all(), src.findings.err()
}

// validate adds to the findings of src. Items that decoding found fault with are
// left alone, and so is what would follow from them.
func (c *Case) validate(src *source) {
	k := &checker{source: src, c: c, index: -1}
	decoded := src.findings.empty()
	k.sized = c.checkCase(k)
	if k.sized {
		k.hours = c.Horizon.Hours()
	}
	k.names()
	each(k, "buses", c.Buses, (*Bus).check)
	each(k, "loads", c.Loads, (*Load).check)
	each(k, "exchanges", c.Exchanges, (*Exchange).check)
	each(k, "thermal_units", c.ThermalUnits, (*ThermalUnit).check)
	each(k, "renewables", c.Renewables, (*Renewable).check)
	each(k, "hydro", c.Hydro, (*Hydro).check)
	each(k, "storages", c.Storages, (*Storage).check)
	each(k, "links", c.Links, (*Link).check)
	each(k, "reserves", c.Reserves, (*ReserveProduct).check)
	each(k, "latency_classes", c.LatencyClasses, (*LatencyClass).check)
	each(k, "regions", c.Regions, (*Region).check)
	k.in("network", -1, "")
	if k.numbers(reflect.ValueOf(&c.Network).Elem(), "") {
		c.Network.check(k)
	}
	each(k, "sites", c.Sites, (*Site).check)
	each(k, "pools", c.Pools, (*Pool).check)
	each(k, "demand_responses", c.DemandResponses, (*DemandResponse).check)
	each(k, "data_links", c.DataLinks, (*DataLink).check)
	each(k, "workloads", c.Workloads, (*Workload).check)
	each(k, "datasets", c.Datasets, (*Dataset).check)
	each(k, "jobs", c.Jobs, (*Job).check)
	each(k, "job_groups", c.JobGroups, (*JobGroup).check)
	each(k, "quotas", c.Quotas, (*Quota).check)
	k.in("computing_outages", -1, "")
	if k.numbers(reflect.ValueOf(&c.ComputingOutages).Elem(), "") {
		c.ComputingOutages.check(k)
	}
	c.checkOrder(k)
	c.checkTiedReserves(k)
	c.checkDataLinkPairs(k)
	c.checkProviders(k)
	if decoded && src.findings.empty() {
		// Where work may go, and what is paid twice, follows from many items at
		// once, so it is asked only when each is good.
		c.checkPlacements(k)
		k.warnTwicePaid()
	}
	k.magnitudes.warn(k)
}

// checker walks a case and knows where it is.
type checker struct {
	*source
	c *Case
	// sized says that the horizon can be worked with; hours are its periods.
	sized bool
	hours []float64
	// known names by section.
	known map[string]*nameList

	section string
	index   int
	item    string

	magnitudes magnitudes
	// begins, kinds and owners are worked out when first asked for.
	begins []float64
	kinds  []string
	owners []string
}

type nameList struct {
	at    map[string]int
	order []string
	// partial: an item's name or the whole section could not be read, so that
	// a reference cannot be called unknown.
	partial bool
}

// in says where the checker is.
func (k *checker) in(section string, index int, item string) {
	k.section, k.index, k.item = section, index, item
}

// fail reports what is wrong with a field of the item.
func (k *checker) fail(field, problem, remedy string) { k.report(&k.findings, field, problem, remedy) }

// warn reports what is doubtful.
func (k *checker) warn(field, problem, remedy string) { k.report(&k.warnings, field, problem, remedy) }

func (k *checker) report(to *collector, field, problem, remedy string) {
	if k.spoiled[keyOf(k.section, k.index, field)] {
		return
	}
	f := Finding{Section: k.section, Item: k.item, Field: field, Problem: problem, Remedy: remedy}
	if t := k.rowsOf(k.section); t != nil && k.index >= 0 {
		f.File, f.Line = t.file, int(t.lines[k.index])
	} else if k.root != nil {
		n := k.root
		if k.section != "" {
			n = n.field(k.section)
		}
		if k.index >= 0 {
			n = n.item(k.index)
		}
		if n == nil {
			n = k.root
		}
		k.place(&f, n.at(field))
	}
	to.add(f)
}

// each checks every item of a section.
func each[T any](k *checker, section string, items []T, check func(*T, *checker)) {
	if len(items) > MaxItems {
		k.in(section, -1, "")
		k.fail("", fmt.Sprintf("has %d items", len(items)), fmt.Sprintf("give at most %d", MaxItems))
		return
	}
	for i := range items {
		checkItem(k, section, i, &items[i], check)
	}
	k.in("", -1, "")
}

// checkItem checks one item of a section.
func checkItem[T any](k *checker, section string, i int, item *T, check func(*T, *checker)) {
	v := reflect.ValueOf(item).Elem()
	k.in(section, i, itemLabel(v.FieldByName("Name").String(), i))
	// An item with NaN in it, or series of the wrong length, is not looked at
	// further: every comparison would go wrong.
	if k.numbers(v, "") {
		check(item, k)
	}
}

func itemLabel(name string, i int) string {
	if name == "" {
		return fmt.Sprintf("[%d]", i)
	}
	return name
}

// names checks the names of every section and remembers them.
func (k *checker) names() {
	k.known = map[string]*nameList{}
	v := reflect.ValueOf(k.c).Elem()
	for f := range v.NumField() {
		section, _ := tag(v.Type().Field(f))
		items := v.Field(f)
		if items.Kind() != reflect.Slice {
			continue
		}
		list := &nameList{at: make(map[string]int, items.Len()), partial: k.spoiled[itemKey{section, -1}]}
		k.known[section] = list
		for i := range items.Len() {
			name := items.Index(i).FieldByName("Name").String()
			k.in(section, i, itemLabel(name, i))
			if name == "" && k.spoiled[itemKey{section, i}] {
				list.partial = true
				continue
			}
			k.name("name", name)
			if first, twice := list.at[name]; twice && name != "" {
				k.fail("name", fmt.Sprintf("is also the name of item [%d]", first), "name each item of a section differently")
				continue
			}
			list.at[name] = i
			list.order = append(list.order, name)
		}
	}
	k.in("", -1, "")
}

// name checks a name by itself.
func (k *checker) name(field, name string) {
	switch {
	case name == "":
		k.fail(field, "is empty", "give a name")
	case len(name) > MaxNameBytes:
		k.fail(field, fmt.Sprintf("has %d bytes", len(name)), fmt.Sprintf("give at most %d", MaxNameBytes))
	case strings.TrimSpace(name) != name:
		k.fail(field, fmt.Sprintf("%q begins or ends with a blank", name), "remove it")
	case strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == unicode.ReplacementChar }):
		k.fail(field, fmt.Sprintf("%q holds a character that cannot be printed", name), "remove it")
	}
}

// ref checks that a name exists in a section.
func (k *checker) ref(field, section, name string) bool {
	list := k.known[section]
	if name == "" {
		k.fail(field, "is empty", "name one of "+section)
		return false
	}
	if _, ok := list.at[name]; ok {
		return true
	}
	if !list.partial {
		k.fail(field, fmt.Sprintf("%s is not in %s", clip(name), section), didYouMean(name, list.order))
	}
	return false
}

// refs checks a list of names, without duplicates.
func (k *checker) refs(field, section string, names []string) {
	for i, name := range names {
		at := fmt.Sprintf("%s[%d]", field, i)
		if slices.Contains(names[:min(i, 1000)], name) {
			k.fail(at, clip(name)+" is named twice", "keep one")
			continue
		}
		k.ref(at, section, name)
	}
}

// notNegative checks the least value of a number that may be left out.
func (k *checker) notNegative(field string, v float64) bool {
	if v < 0 {
		k.fail(field, num(v)+" is negative", "give 0 or more")
		return false
	}
	return true
}

func (k *checker) notNegativeIf(field string, v *float64) bool {
	return v == nil || k.notNegative(field, *v)
}

// positive checks that a number is above 0.
func (k *checker) positive(field string, v float64) bool {
	if v <= 0 {
		k.fail(field, num(v)+" is not above 0", "give more than 0")
		return false
	}
	return true
}

// share checks a number in (0, 1].
func (k *checker) share(field string, v *float64) bool {
	if v != nil && (*v <= 0 || *v > 1) {
		k.fail(field, num(*v)+" is not in (0, 1]", "give a share, as in 0.9")
		return false
	}
	return true
}

// least checks that a minimum is not above its maximum.
func (k *checker) least(field string, v float64, maxField string, most float64) bool {
	if v > most {
		k.fail(field, fmt.Sprintf("%s is above %s %s", num(v), maxField, num(most)), "give at most "+num(most))
		return false
	}
	return true
}

// series checks every value of a series, which may be absent.
func (k *checker) series(field string, s Series, least, most float64) bool {
	for t, v := range s {
		if v >= least && v <= most {
			continue
		}
		at := field
		if len(s) > 1 {
			at = fmt.Sprintf("%s[%d]", field, t)
		}
		switch {
		case v < least && least == 0:
			k.fail(at, num(v)+" is negative", "give 0 or more")
		case v < least:
			k.fail(at, fmt.Sprintf("%s is below %s", num(v), num(least)), "give at least "+num(least))
		default:
			k.fail(at, fmt.Sprintf("%s is above %s", num(v), num(most)), "give at most "+num(most))
		}
		return false
	}
	return true
}

// needed checks that a series that has no default is there.
func (k *checker) needed(field string, s Series) bool {
	if !s.Given() {
		k.fail(field, "is missing", "give a number, or a value a period")
		return false
	}
	return true
}

// whole checks that a series holds whole numbers.
func (k *checker) whole(field string, s Series) bool {
	for t, v := range s {
		if v != math.Trunc(v) {
			k.fail(fmt.Sprintf("%s[%d]", field, t), num(v)+" is not a whole number", "give a number of units")
			return false
		}
	}
	return true
}

// num writes a number in a message.
func num(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%g", v)
}
