package pglibuc

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/wattbit/wattbit/model"
)

// Names in the case of what has none in the instance.
const (
	BusName     = "system"
	LoadName    = "demand"
	ReserveName = "reserve"
)

// Case returns the instance as a case, which shares the instance's series; see
// the package. The error is model.Findings.
func (in *Instance) Case() (*model.Case, error) {
	if err := in.sized(); err != nil {
		return nil, err
	}
	price := in.Penalty()
	c := &model.Case{
		Format: model.CaseFormat, Name: in.Name, Currency: "USD",
		Description: "Power Grid Lib unit commitment instance.",
		Horizon:     model.Horizon{Start: start(in.Name), Periods: []model.PeriodRun{{Count: in.Periods, Hours: 1}}},
		Penalties: model.Penalties{
			ShedPricePerMWh: &price, SpillPricePerMWh: &price, ReserveShortagePricePerMWh: &price,
			UnservedPricePerUnitH: &price,
		},
		Buses: []model.Bus{{Name: BusName}},
		Loads: []model.Load{{Name: LoadName, Bus: BusName, PowerMW: in.DemandMW}},
	}
	var products []string
	if slices.Max(in.ReservesMW) > 0 {
		products = []string{ReserveName}
		c.Reserves = []model.ReserveProduct{{Name: ReserveName, Direction: model.Up, RampShared: true, RequirementMW: in.ReservesMW}}
	}
	for i := range in.Thermal {
		c.ThermalUnits = append(c.ThermalUnits, in.Thermal[i].unit(in.Periods, products))
	}
	for i := range in.Renewable {
		r := &in.Renewable[i]
		w := model.Renewable{Name: r.Name, Bus: BusName, AvailableMW: r.MaxMW}
		if slices.Max(r.MinMW) > 0 {
			w.MinPowerMW = r.MinMW
		}
		c.Renewables = append(c.Renewables, w)
	}
	if _, err := c.Validate(); err != nil {
		return nil, inFile(err, in.Name)
	}
	return c, nil
}

// sized checks what the file's reader has checked, of an instance made in code.
func (in *Instance) sized() error {
	n := in.Periods
	ok := n > 0 && len(in.DemandMW) == n && len(in.ReservesMW) == n
	for i := range in.Renewable {
		ok = ok && len(in.Renewable[i].MinMW) == n && len(in.Renewable[i].MaxMW) == n
	}
	if !ok {
		return model.Findings{{File: in.Name, Problem: "a series has not one value a period"}}
	}
	return nil
}

// inFile says which instance the findings of its case are about.
func inFile(err error, name string) error {
	var findings model.Findings
	if !errors.As(err, &findings) {
		return fmt.Errorf("case of %s: %w", name, err)
	}
	for i := range findings {
		findings[i].File = name
	}
	return findings
}

var date = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)

// start is the date in the instance's name, or else one in a leap year long
// past.
func start(name string) time.Time {
	if t, err := time.Parse(time.DateOnly, date.FindString(name)); err == nil && t.Year() >= 1900 && t.Year() <= 2500 {
		return t
	}
	return time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
}

// Penalty is the price of shortage and of surplus in the case, in money per MWh:
// a hundred times what the dearest MWh costs, whether it is the last one of a
// curve, or one at full output with the coldest start spread over the minimum up
// time, rounded up to a power of ten. It scales with the instance, because some
// count in thousands of dollars.
func (in *Instance) Penalty() float64 {
	dearest := 1.0
	for i := range in.Thermal {
		g := &in.Thermal[i]
		last := len(g.Curve) - 1
		if last < 0 {
			continue
		}
		start := 0.0
		for _, c := range g.Startup {
			start = max(start, c.Cost)
		}
		dearest = max(dearest, (start/float64(max(1, g.UpH))+g.Curve[last].CostPerH)/g.MaxMW)
		if last > 0 {
			a, b := g.Curve[last-1], g.Curve[last]
			dearest = max(dearest, (b.CostPerH-a.CostPerH)/(b.PowerMW-a.PowerMW))
		}
	}
	price := 1_000.0
	for price < 100*dearest && price < 1e9 {
		price *= 10
	}
	return price
}

// unit returns the generator as a thermal unit.
func (g *Thermal) unit(periods int, products []string) model.ThermalUnit {
	u := model.ThermalUnit{
		Name: g.Name, Bus: BusName, MinPowerMW: g.MinMW, MaxPowerMW: g.MaxMW,
		MinUpH: float64(g.UpH), MinDownH: float64(g.DownH), Cost: g.Curve,
		Initial: g.initial(), MustRunUnits: g.mustRun(periods),
	}
	span, rounding := g.MaxMW-g.MinMW, slack*max(1, g.MaxMW)
	if g.RampUpMW < span-rounding {
		up := g.RampUpMW
		u.RampUpMWPerH = &up
	}
	if g.RampDownMW < span-rounding {
		down := g.RampDownMW
		u.RampDownMWPerH = &down
	}
	if most := min(g.StartupMW, g.MinMW+g.RampUpMW); most < g.MaxMW-rounding {
		u.StartupLimitMW = &most
	}
	if most := g.ShutdownMW; most < g.MaxMW-rounding {
		u.ShutdownLimitMW = &most
	}
	for _, c := range g.Startup {
		u.Startup = append(u.Startup, model.StartupTier{AfterOffH: float64(c.LagH), Cost: c.Cost})
	}
	if span > 0 {
		u.Reserves = products
	}
	return u
}

func (g *Thermal) initial() *model.ThermalInitial {
	if !g.InitialOn {
		off := float64(g.InitialDownH)
		return &model.ThermalInitial{HoursOff: &off}
	}
	on, power := float64(g.InitialUpH), min(max(g.InitialMW, g.MinMW), g.MaxMW)
	return &model.ThermalInitial{UnitsOn: 1, HoursOn: &on, PowerMW: &power}
}

// mustRun is the must-run status, with equation (10): what is above the
// shut-down limit before the horizon cannot stop in the first period.
func (g *Thermal) mustRun(periods int) model.Series {
	switch {
	case g.MustRun:
		return model.Constant(1)
	case g.InitialOn && g.InitialMW > g.shutdownMW()+slack*math.Max(1, g.MaxMW):
		s := make(model.Series, periods)
		s[0] = 1
		return s
	}
	return nil
}
