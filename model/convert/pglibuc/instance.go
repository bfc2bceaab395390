package pglibuc

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert/internal/jsontree"
)

// Instance is a unit commitment instance as its file says it. Series have one
// value a period of one hour.
type Instance struct {
	Name       string
	Periods    int
	DemandMW   []float64
	ReservesMW []float64
	// Thermal and Renewable generators in the order of their names.
	Thermal   []Thermal
	Renewable []Renewable
}

// Thermal is a thermal generator. Ramps are in MW per hour; times are whole
// hours.
type Thermal struct {
	Name                     string
	MustRun                  bool
	MinMW, MaxMW             float64
	RampUpMW, RampDownMW     float64
	StartupMW, ShutdownMW    float64
	UpH, DownH               int
	InitialMW                float64
	InitialOn                bool
	InitialUpH, InitialDownH int
	// Startup categories from hottest to coldest.
	Startup []Category
	// Curve of cost per hour, from MinMW to MaxMW.
	Curve []model.CostPoint
}

// Category is a start-up category: its cost, and the hours offline from which
// it holds.
type Category struct {
	LagH int
	Cost float64
}

// Renewable is a renewable generator.
type Renewable struct {
	Name         string
	MinMW, MaxMW []float64
}

// maxHours of a time, more than any horizon.
const maxHours = 10_000_000

// Read reads an instance, packed by gzip or not, as a case. What is wrong with it is
// all reported at once, as model.Findings.
func Read(r io.Reader, name string) (*model.Case, error) {
	in, err := Parse(r, name)
	if err != nil {
		return nil, err
	}
	return in.Case()
}

// ReadFile reads an instance from a file as a case; see Read. The case is named
// after the file.
func ReadFile(path string) (*model.Case, error) {
	in, err := ParseFile(path)
	if err != nil {
		return nil, err
	}
	return in.Case()
}

// ParseFile reads an instance from a file; see Parse.
func ParseFile(path string) (*Instance, error) {
	f, err := jsontree.File(path)
	if err != nil {
		return nil, fmt.Errorf("read pglib-uc instance: %w", err)
	}
	defer f.Close()
	return parse(f, Name(path), path)
}

// Name is the name of the instance in a file: the file's, without endings.
func Name(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".gz")
	return strings.TrimSuffix(name, ".json")
}

// Parse reads an instance, packed by gzip or not. The error is model.Findings
// when the text was read.
func Parse(r io.Reader, name string) (*Instance, error) { return parse(r, name, name) }

func parse(r io.Reader, name, file string) (*Instance, error) {
	text, err := jsontree.Text(r)
	if err != nil {
		return nil, model.Findings{{File: file, Problem: err.Error()}}
	}
	root, err := jsontree.Parse(file, text)
	if err != nil {
		return nil, err
	}
	in := &Instance{Name: name}
	in.decode(root)
	if err := root.Document().Err(); err != nil {
		return nil, err
	}
	return in, nil
}

func (in *Instance) decode(root jsontree.Node) {
	root.Only("time_periods", "demand", "reserves", "thermal_generators", "renewable_generators")
	in.Periods = root.Need("time_periods").Whole(1, model.MaxPeriods)
	in.DemandMW = root.Need("demand").Numbers(in.Periods, 0)
	in.ReservesMW = root.Need("reserves").Numbers(in.Periods, 0)
	units, names := root.Need("thermal_generators").Items(model.MaxItems)
	for i, u := range units {
		in.Thermal = append(in.Thermal, decodeThermal(u, names[i]))
	}
	units, names = root.Need("renewable_generators").Items(model.MaxItems)
	for i, u := range units {
		in.Renewable = append(in.Renewable, decodeRenewable(u, names[i], in.Periods))
	}
}

func checkName(u jsontree.Node, name string) {
	if own := u.Field("name"); own.Given() {
		if text := own.Text(); own.IsText() && text != name {
			own.Fail(fmt.Sprintf("is %q, not the name of the entry", text), "")
		}
	}
}

func decodeRenewable(u jsontree.Node, name string, periods int) Renewable {
	u.Only("name", "power_output_minimum", "power_output_maximum")
	checkName(u, name)
	r := Renewable{
		Name:  name,
		MinMW: u.Need("power_output_minimum").Numbers(periods, 0),
		MaxMW: u.Need("power_output_maximum").Numbers(periods, 0),
	}
	for t := range min(len(r.MinMW), len(r.MaxMW)) {
		if r.MinMW[t] > r.MaxMW[t] {
			u.Field("power_output_minimum").Fail(fmt.Sprintf("%g is above power_output_maximum %g in period %d", r.MinMW[t], r.MaxMW[t], t), "")
			break
		}
	}
	return r
}

func decodeThermal(u jsontree.Node, name string) Thermal {
	u.Only("name", "must_run", "power_output_minimum", "power_output_maximum", "ramp_up_limit", "ramp_down_limit",
		"ramp_startup_limit", "ramp_shutdown_limit", "time_up_minimum", "time_down_minimum", "power_output_t0",
		"unit_on_t0", "time_up_t0", "time_down_t0", "startup", "piecewise_production")
	checkName(u, name)
	g := Thermal{
		Name:         name,
		MustRun:      u.Need("must_run").Whole(0, 1) == 1,
		MinMW:        u.Need("power_output_minimum").AtLeast(0),
		MaxMW:        u.Need("power_output_maximum").AtLeast(0),
		RampUpMW:     u.Need("ramp_up_limit").AtLeast(0),
		RampDownMW:   u.Need("ramp_down_limit").AtLeast(0),
		StartupMW:    u.Need("ramp_startup_limit").AtLeast(0),
		ShutdownMW:   u.Need("ramp_shutdown_limit").AtLeast(0),
		UpH:          u.Need("time_up_minimum").Whole(0, maxHours),
		DownH:        u.Need("time_down_minimum").Whole(0, maxHours),
		InitialMW:    u.Need("power_output_t0").AtLeast(0),
		InitialOn:    u.Need("unit_on_t0").Whole(0, 1) == 1,
		InitialUpH:   u.Need("time_up_t0").Whole(0, maxHours),
		InitialDownH: u.Need("time_down_t0").Whole(0, maxHours),
	}
	g.checkLimits(u)
	g.checkInitial(u)
	g.Startup = decodeStartup(u, g.DownH)
	g.Curve = g.decodeCurve(u)
	return g
}

// near allows for the rounding of figures that ought to be equal.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*max(1, math.Abs(a), math.Abs(b)) }

// slack allows for the rounding of sums and differences.
const slack = 1e-9

// shutdownMW is the most output before a stop.
func (g *Thermal) shutdownMW() float64 { return min(g.ShutdownMW, g.MaxMW) }

func (g *Thermal) checkLimits(u jsontree.Node) {
	fail := func(field, problem, remedy string) { u.Field(field).Fail(problem, remedy) }
	switch {
	case g.MaxMW <= 0:
		fail("power_output_maximum", fmt.Sprintf("%g is not above 0", g.MaxMW), "give more than 0")
		return
	case g.MinMW > g.MaxMW:
		fail("power_output_minimum", fmt.Sprintf("%g is above power_output_maximum %g", g.MinMW, g.MaxMW), "")
		return
	}
	if g.StartupMW < g.MinMW {
		fail("ramp_startup_limit", fmt.Sprintf("%g is below power_output_minimum %g: the unit could never start", g.StartupMW, g.MinMW), "")
	}
	if g.ShutdownMW < g.MinMW {
		fail("ramp_shutdown_limit", fmt.Sprintf("%g is below power_output_minimum %g: the unit could never stop", g.ShutdownMW, g.MinMW), "")
	} else if g.MinMW+g.RampDownMW < g.shutdownMW()-slack*max(1, g.MaxMW) {
		fail("ramp_shutdown_limit", fmt.Sprintf("%g is above power_output_minimum and ramp_down_limit together, %g: the bound of the ramp on a unit that stops, which does not count reserve, cannot be stated in a case",
			g.ShutdownMW, g.MinMW+g.RampDownMW), "lower it to that")
	}
}

func (g *Thermal) checkInitial(u jsontree.Node) {
	fail := func(field, problem string) { u.Field(field).Fail(problem, "") }
	if !g.InitialOn {
		if g.InitialMW > 0 {
			fail("power_output_t0", fmt.Sprintf("%g of a unit that is off", g.InitialMW))
		}
		if g.InitialUpH > 0 {
			fail("time_up_t0", fmt.Sprintf("%d of a unit that is off", g.InitialUpH))
		}
		return
	}
	if g.InitialDownH > 0 {
		fail("time_down_t0", fmt.Sprintf("%d of a unit that is on", g.InitialDownH))
	}
	if !near(g.InitialMW, min(max(g.InitialMW, g.MinMW), g.MaxMW)) {
		fail("power_output_t0", fmt.Sprintf("%g is outside the output of a unit that is on, %g to %g", g.InitialMW, g.MinMW, g.MaxMW))
	}
}

func decodeStartup(u jsontree.Node, downH int) []Category {
	list := u.Need("startup")
	items := list.List()
	if list.IsList() && len(items) == 0 {
		list.Fail("has no items", "give at least one category")
	}
	var out []Category
	for i, item := range items {
		item.Only("lag", "cost")
		c := Category{LagH: item.Need("lag").Whole(0, maxHours), Cost: item.Need("cost").AtLeast(0)}
		switch {
		case i == 0 && c.LagH > downH:
			item.Field("lag").Fail(fmt.Sprintf("%d is above time_down_minimum %d: a start between them has no category", c.LagH, downH), "")
		case i > 0 && c.LagH <= out[i-1].LagH:
			item.Field("lag").Fail(fmt.Sprintf("%d is not above the category before, %d", c.LagH, out[i-1].LagH), "order the categories from hot to cold")
		case i > 0 && c.Cost < out[i-1].Cost:
			item.Field("cost").Fail(fmt.Sprintf("%g is below that of the hotter category before, %g", c.Cost, out[i-1].Cost), "let no colder start be cheaper")
		}
		out = append(out, c)
	}
	return out
}

// decodeCurve reads the cost curve, its ends put at the limits of the output and
// small dents lifted.
func (g *Thermal) decodeCurve(u jsontree.Node) []model.CostPoint {
	list := u.Need("piecewise_production")
	items := list.List()
	if list.IsList() && len(items) == 0 {
		list.Fail("has no items", "give points from power_output_minimum to power_output_maximum")
	}
	var out []model.CostPoint
	for _, item := range items {
		item.Only("mw", "cost")
		out = append(out, model.CostPoint{PowerMW: item.Need("mw").AtLeast(0), CostPerH: item.Need("cost").Number()})
	}
	if len(out) == 0 {
		return nil
	}
	last := len(out) - 1
	if p := &out[0]; !near(p.PowerMW, g.MinMW) {
		items[0].Field("mw").Fail(fmt.Sprintf("the curve begins at %g, not at power_output_minimum %g", p.PowerMW, g.MinMW), "")
		return out
	} else {
		p.PowerMW = g.MinMW
	}
	if p := &out[last]; !near(p.PowerMW, g.MaxMW) {
		items[last].Field("mw").Fail(fmt.Sprintf("the curve ends at %g, not at power_output_maximum %g", p.PowerMW, g.MaxMW), "")
		return out
	} else if last > 0 {
		p.PowerMW = g.MaxMW
	}
	lift(items, out)
	return out
}

// lift makes a curve convex that rounding made concave, and reports one that is
// not convex.
func lift(items []jsontree.Node, curve []model.CostPoint) {
	slope := math.Inf(-1)
	for i := 1; i < len(curve); i++ {
		width := curve[i].PowerMW - curve[i-1].PowerMW
		if width <= 0 {
			items[i].Field("mw").Fail(fmt.Sprintf("%g is not above the point before, %g", curve[i].PowerMW, curve[i-1].PowerMW), "order the points by power")
			return
		}
		next := (curve[i].CostPerH - curve[i-1].CostPerH) / width
		if next < slope {
			if next < slope-1e-6*max(1, math.Abs(slope)) {
				items[i].Field("cost").Fail(fmt.Sprintf("the curve is not convex: a MWh costs %.6g here and %.6g in the segment before", next, slope), "let the cost of a MWh rise with power")
				return
			}
			curve[i].CostPerH = curve[i-1].CostPerH + slope*width
			next = slope
		}
		slope = next
	}
}
