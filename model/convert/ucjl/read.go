package ucjl

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/internal/jsontree"
)

// Options say what to make of an instance.
type Options struct {
	// SingleBus leaves transmission lines and contingencies out, as if power
	// met at one bus.
	SingleBus bool
}

// ReadFile reads an instance from a file as a case named after it; see Read.
func ReadFile(path string, o Options) (*model.Case, error) {
	f, err := jsontree.File(path)
	if err != nil {
		return nil, fmt.Errorf("read UnitCommitment.jl instance: %w", err)
	}
	defer f.Close()
	return read(f, Name(path), path, o)
}

// Name is the name of the instance in a file: the file's, without endings.
func Name(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".gz")
	return strings.TrimSuffix(name, ".json")
}

// Read reads an instance, packed by gzip or not, as a case. What is wrong with it
// is all reported at once, as model.Findings.
func Read(r io.Reader, name string, o Options) (*model.Case, error) { return read(r, name, name, o) }

func read(r io.Reader, name, file string, o Options) (*model.Case, error) {
	text, err := jsontree.Text(r)
	if err != nil {
		return nil, model.Findings{{File: file, Problem: err.Error()}}
	}
	root, err := jsontree.Parse(file, text)
	if err != nil {
		return nil, err
	}
	d := &decoder{root: root, o: o, c: &model.Case{
		Format: model.CaseFormat, Name: name, Currency: "USD", Description: "UnitCommitment.jl instance.",
		Buses: []model.Bus{{Name: BusName}},
	}}
	d.decode()
	doc := root.Document()
	if err := doc.Err(); err != nil {
		return nil, err
	}
	if _, err := d.c.Validate(); err != nil {
		var findings model.Findings
		if !errors.As(err, &findings) {
			return nil, fmt.Errorf("case of %s: %w", name, err)
		}
		doc.Add(findings)
		return nil, doc.Err()
	}
	return d.c, nil
}

// BusName is the name of the case's bus.
const BusName = "system"

// decoder turns the tree into a case.
type decoder struct {
	root jsontree.Node
	o    Options
	c    *model.Case

	old   bool // a file of version 0.2
	steps int
	hours float64
	// buses of the file.
	buses map[string]bool
	// dearest MWh of the file, by which what it does not allow is priced;
	// hardReserves are the products that must not be short.
	dearest      float64
	hardReserves []int
}

func (d *decoder) decode() {
	r := d.root
	r.Only("SOURCE", "LICENSE", "Parameters", "Buses", "Generators", "Storage units", "Price-sensitive loads",
		"Transmission lines", "Reserves", "Contingencies")
	if !d.parameters(r.Need("Parameters")) {
		return
	}
	d.network()
	d.loads()
	products := d.reserves()
	d.generators(products)
	d.storages()
	d.priceSensitive()
	d.penalties()
}

var (
	date    = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)
	version = regexp.MustCompile(`^0\.[234](\.\d+)?$`)
)

// parameters reads the horizon and says whether it can be worked with.
func (d *decoder) parameters(p jsontree.Node) bool {
	if !p.Only("Version", "Time horizon (h)", "Time horizon (min)", "Time (h)", "Time step (min)", "Power balance penalty ($/MW)",
		"Reserve shortfall penalty ($/MW)", "Scenario name", "Scenario weight", "Investment cost weight") {
		return false
	}
	d.old = true
	if v := p.Field("Version"); v.Given() {
		text := v.Text()
		if v.IsText() && !version.MatchString(text) {
			v.Fail(fmt.Sprintf("is %q", text), "this reads versions 0.2, 0.3 and 0.4")
		}
		d.old = strings.HasPrefix(text, "0.2")
	}
	for _, field := range []string{"Scenario name", "Scenario weight"} {
		if s := p.Field(field); s.Given() {
			s.Fail("makes the file one scenario of a stochastic instance, which is not read", "leave it out to read the scenario by itself")
		}
	}
	step := 60
	if s := p.Field("Time step (min)"); s.Given() {
		if step = s.Whole(1, 60); 60%step != 0 {
			s.Fail(fmt.Sprintf("%d is no divisor of 60", step), "")
			return false
		}
	}
	minutes := d.horizonMinutes(p)
	if minutes == 0 || minutes%step != 0 {
		if minutes > 0 {
			p.Field("Time step (min)").Fail(fmt.Sprintf("the horizon of %d minutes is no multiple of %d", minutes, step), "")
		}
		return false
	}
	d.steps, d.hours = minutes/step, float64(step)/60
	if d.steps > model.MaxPeriods {
		p.Fail(fmt.Sprintf("makes %d periods", d.steps), fmt.Sprintf("give at most %d", model.MaxPeriods))
		return false
	}
	d.c.Horizon = model.Horizon{Start: start(d.c.Name), Periods: []model.PeriodRun{{Count: d.steps, Hours: d.hours}}}
	return true
}

func (d *decoder) horizonMinutes(p jsontree.Node) int {
	for _, field := range []struct {
		name    string
		minutes int
	}{{"Time horizon (h)", 60}, {"Time (h)", 60}, {"Time horizon (min)", 1}} {
		if n := p.Field(field.name); n.Given() {
			most := model.MaxPeriods * 60 / field.minutes
			return field.minutes * n.Whole(1, most)
		}
	}
	p.Need("Time horizon (h)")
	return 0
}

// start is the date in the instance's name, or else the first day of 2020.
func start(name string) time.Time {
	if t, err := time.Parse(time.DateOnly, date.FindString(name)); err == nil && t.Year() >= 1900 && t.Year() <= 2500 {
		return t
	}
	return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
}

// network refuses lines, or leaves them out with the contingencies.
func (d *decoder) network() {
	lines := d.root.Field("Transmission lines")
	if lines.Given() && !d.o.SingleBus {
		if items, _ := lines.Items(model.MaxItems); len(items) > 0 {
			lines.Fail(fmt.Sprintf("there are %d, and transmission lines are not read", len(items)), "ask for a single bus, which leaves them out")
		}
	}
	contingencies := d.root.Field("Contingencies")
	if !contingencies.Given() {
		return
	}
	items, _ := contingencies.Items(model.MaxItems)
	for _, c := range items {
		c.Only("Affected lines", "Affected units")
		if units := c.Field("Affected units"); len(units.Entries()) > 0 {
			units.Fail("contingencies of generators are not read", "leave them out")
		}
	}
}

// loads makes a load of each bus that has one.
func (d *decoder) loads() {
	d.buses = map[string]bool{}
	items, names := d.root.Need("Buses").Items(model.MaxItems)
	for i, b := range items {
		d.buses[names[i]] = true
		b.Only("Load (MW)")
		load := b.Need("Load (MW)").Series(d.steps, 0)
		for _, mw := range load {
			if mw != 0 {
				d.c.Loads = append(d.c.Loads, model.Load{Name: names[i], Bus: BusName, PowerMW: load})
				break
			}
		}
	}
}

// bus checks the name of an item's bus.
func (d *decoder) bus(item jsontree.Node) {
	b := item.Need("Bus")
	if name := b.Text(); name != "" && !d.buses[name] {
		b.Fail(fmt.Sprintf("%q is not in Buses", name), "")
	}
}

// reserves reads the spinning products, and returns those that a generator of
// version 0.2 provides unless it says otherwise.
func (d *decoder) reserves() (byDefault []string) {
	node := d.root.Field("Reserves")
	if !node.Given() {
		return nil
	}
	if d.old {
		node.Only("Spinning (MW)")
		if s := node.Field("Spinning (MW)"); s.Given() {
			product := model.ReserveProduct{Name: "spinning", Direction: model.Up, RampShared: true, RequirementMW: s.Series(d.steps, 0)}
			d.reservePrice(&product, d.root.Field("Parameters").Field("Reserve shortfall penalty ($/MW)"))
			return []string{product.Name}
		}
		return nil
	}
	items, names := node.Items(model.MaxItems)
	for i, r := range items {
		r.Only("Type", "Amount (MW)", "Shortfall penalty ($/MW)", "Parent")
		kind := r.Need("Type")
		if text := kind.Text(); kind.IsText() && !strings.EqualFold(text, "spinning") {
			kind.Fail(fmt.Sprintf("%s reserve is not read", text), "leave the product out, or make it spinning")
		}
		if parent := r.Field("Parent"); parent.Given() {
			parent.Fail("nested products are not read", "leave it out")
		}
		product := model.ReserveProduct{Name: names[i], Direction: model.Up, RampShared: true, RequirementMW: r.Need("Amount (MW)").Series(d.steps, 0)}
		d.reservePrice(&product, r.Field("Shortfall penalty ($/MW)"))
	}
	return nil
}

// reservePrice adds the product, priced by its penalty or, where that is left
// out or negative, as what must not be short.
func (d *decoder) reservePrice(product *model.ReserveProduct, penalty jsontree.Node) {
	if price := d.constant(penalty, -maxPrice); price >= 0 && penalty.Given() {
		product.ShortagePricePerMWh = d.perHour(price)
	} else {
		d.hardReserves = append(d.hardReserves, len(d.c.Reserves))
	}
	d.c.Reserves = append(d.c.Reserves, *product)
}

const maxPrice = 1e12

// constant returns the number of a series that must not change over time.
func (d *decoder) constant(n jsontree.Node, least float64) float64 {
	s := n.Series(d.steps, least)
	if len(s) == 0 {
		return 0
	}
	for _, v := range s {
		if v != s[0] {
			n.Fail("changes over time, which a case cannot say here", "give one number")
			return s[0]
		}
	}
	return s[0]
}

// perHour turns a cost per time step into one per hour, and remembers the
// dearest.
func (d *decoder) perHour(cost float64) *float64 {
	price := cost / d.hours
	d.dearest = max(d.dearest, price)
	return &price
}

// penalties sets the prices, when all others are known.
func (d *decoder) penalties() {
	shed := 1000.0
	if p := d.root.Field("Parameters").Field("Power balance penalty ($/MW)"); p.Given() {
		shed = d.constant(p, 0)
	}
	p := &d.c.Penalties
	p.ShedPricePerMWh = d.perHour(shed)
	p.ReserveShortagePricePerMWh = p.ShedPricePerMWh // each product has its own
	hard := 1_000.0
	for hard < 10*d.dearest && hard < 1e9 {
		hard *= 10
	}
	p.SpillPricePerMWh = &hard
	if *p.ShedPricePerMWh > p.Unserved() {
		p.UnservedPricePerUnitH = p.ShedPricePerMWh // no work here; keeps the order
	}
	for _, i := range d.hardReserves {
		d.c.Reserves[i].ShortagePricePerMWh = &hard
	}
}
