package main

import (
	"context"
	"errors"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/opt"
)

// monolithJobs is the number of jobs up to which one program with all of them is a
// baseline.
const monolithJobs = 1_000

// Planners beside the one that is measured.
const (
	byMonolith = "monolith"
	byPrice    = "price-greedy"
	byCarbon   = "carbon-greedy"
)

// forecast is what a scheduler takes as given on a day: the plan without jobs.
type forecast struct {
	// price of power and carbon, which is the mean intensity of what is generated
	// at the bus, scaled to prices of the same mean; by bus.
	price, carbon map[string][]float64
}

// newForecast plans the day without jobs.
func newForecast(ctx context.Context, c *model.Case, o opt.Options) (*forecast, error) {
	empty := *c
	empty.Jobs = nil
	out, err := opt.Solve(ctx, &empty, o)
	if err != nil {
		return nil, err
	}
	if out.Plan == nil || out.Plan.Prices == nil {
		return nil, errors.New("the day without jobs has no plan with prices")
	}
	f := &forecast{price: map[string][]float64{}, carbon: intensities(&empty, out.Plan)}
	sum, carbon := 0.0, 0.0
	for _, p := range out.Plan.Prices.Power {
		f.price[p.Name] = p.Values
		for t, v := range p.Values {
			sum, carbon = sum+max(0, v), carbon+f.carbon[p.Name][t]
		}
	}
	if carbon > 0 {
		for _, series := range f.carbon {
			for t := range series {
				series[t] *= sum / carbon
			}
		}
	}
	return f, nil
}

// intensities are the tonnes of CO2 per MWh generated, by bus.
func intensities(c *model.Case, p *model.Plan) map[string][]float64 {
	T := c.Horizon.Len()
	tonnes, mw := map[string][]float64{}, map[string][]float64{}
	for i := range c.Buses {
		tonnes[c.Buses[i].Name], mw[c.Buses[i].Name] = make([]float64, T), make([]float64, T)
	}
	add := func(bus string, power []float64, perMWh float64) {
		for t, v := range power {
			mw[bus][t] += v
			tonnes[bus][t] += perMWh * v
		}
	}
	for i := range c.ThermalUnits {
		u := &c.ThermalUnits[i]
		add(u.Bus, p.ThermalUnits[i].PowerMW, u.CO2TPerMWh)
	}
	for i := range c.Renewables {
		add(c.Renewables[i].Bus, p.Renewables[i].PowerMW, 0)
	}
	for i := range c.Hydro {
		add(c.Hydro[i].Bus, p.Hydro[i].PowerMW, 0)
	}
	for bus, series := range tonnes {
		for t := range series {
			series[t] /= max(mw[bus][t], 1e-9)
		}
	}
	return tonnes
}

// baselines measures the other planners on a case: greedy ones, and one program of
// everything where jobs are few.
func (a *app) baselines(ctx context.Context, b *caseBench, f *jobsFlags, record *lineFile, c *jobsCase, n int) error {
	if n <= monolithJobs {
		whole := *b
		whole.method, whole.options.Method = opt.Monolith, opt.Monolith.String()
		if err := a.jobsLine(&whole, f, record, c.by(byMonolith), n, func(id benchCase) (*caseLine, error) { return whole.measure(ctx, id) }); err != nil {
			return err
		}
	}
	for _, planner := range []string{byPrice, byCarbon} {
		err := a.jobsLine(b, f, record, c.by(planner), n, func(id benchCase) (*caseLine, error) { return a.greedy(ctx, b, f, c, id, planner) })
		if err != nil {
			return err
		}
	}
	return nil
}

// by names a case as planned by another planner.
func (c *jobsCase) by(planner string) benchCase {
	id := c.benchCase
	id.id += "/" + planner
	return id
}

// greedy plans a case as a scheduler does that takes the day's prices or carbon
// intensities as given, in this process.
func (a *app) greedy(ctx context.Context, b *caseBench, f *jobsFlags, c *jobsCase, id benchCase, planner string) (*caseLine, error) {
	engine, err := a.openEngine(b.engine)
	if err != nil {
		return nil, err
	}
	o := opt.Options{Engine: engine, Gap: b.options.Gap, TimeLimit: b.timeLimit, Threads: int(b.options.Threads), Seed: int(b.options.Seed)}
	l := newCaseLine(b, id)
	if f.forecasts[c.day] == nil {
		if f.forecasts[c.day], err = newForecast(ctx, c.c, o); err != nil {
			return nil, err
		}
	}
	o.JobPrices = f.forecasts[c.day].price
	if planner == byCarbon {
		o.JobPrices = f.forecasts[c.day].carbon
	}
	began := time.Now()
	out, err := opt.Solve(ctx, c.c, o)
	if err != nil {
		return nil, err
	}
	l.Seconds = ptr(time.Since(began).Seconds())
	for _, note := range out.Notes {
		a.say("%s: %s", id.id, printable(note))
	}
	l.Status, l.Periods, l.EngineVersion, l.Method = out.Status.String(), c.c.Horizon.Len(), out.EngineVersion, planner
	if out.Plan == nil {
		return l, nil
	}
	l.Objective, l.Verified, l.CO2T = &out.Plan.Objective, out.Report.OK(), &out.Plan.Policy.CO2T
	l.Dropped, l.Late = droppedAndLate(out.Plan)
	return l, nil
}
