package report

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/wattbit/wattbit/model"
)

// reserveKind orders who gives reserve.
type reserveKind int

const (
	reserveThermal reserveKind = iota
	reserveHydro
	reserveStorage
	reserveJobs
	reserveKinds
)

func (k reserveKind) String() string {
	return [reserveKinds]string{"thermal", "hydro", "storage", "jobs"}[k]
}

// ReserveGiven is what a product is given, in MW times hours, by kind of provider.
type ReserveGiven struct {
	ThermalMWh float64 `json:"thermal_mwh"`
	HydroMWh   float64 `json:"hydro_mwh"`
	StorageMWh float64 `json:"storage_mwh"`
	JobsMWh    float64 `json:"jobs_mwh"`
}

// OnCallLine is a single job that promises reserve, and what calls would do to it.
type OnCallLine struct {
	Job       string          `json:"job"`
	Number    int             `json:"number"`
	Site      string          `json:"site"`
	Pool      string          `json:"pool"`
	Direction model.Direction `json:"direction"`
	// PromisedMWh is what it promises, in MW times hours; MostMW the most at once.
	PromisedMWh float64 `json:"promised_mwh"`
	MostMW      float64 `json:"most_mw"`
	// MovedUnitH is the most work that all calls together may move, in unit-hours of
	// the pool.
	MovedUnitH float64 `json:"moved_unit_h"`
	// PlannedEnd of its work, and LatestEnd whatever the calls.
	PlannedEnd time.Time `json:"planned_end"`
	LatestEnd  time.Time `json:"latest_end"`
}

// givenMW is the reserve of a product by kind of provider, MW in every period. What
// assets give that are not in the product's zone does not count.
func (j *joined) givenMW() (given [][reserveKinds][]float64) {
	given = make([][reserveKinds][]float64, len(j.c.Reserves))
	for i := range given {
		for k := range given[i] {
			given[i][k] = make([]float64, j.T)
		}
	}
	add := func(kind reserveKind, provided []model.ProvidedPower, bus string) {
		for _, r := range provided {
			i := j.ix.Reserves[r.Product]
			if !inZone(&j.c.Reserves[i], bus) {
				continue
			}
			for t, mw := range r.MW {
				given[i][kind][t] += mw
			}
		}
	}
	for i := range j.c.ThermalUnits {
		u := &j.c.ThermalUnits[i]
		add(reserveThermal, j.thermal[i].Reserves, j.ix.BusOf(u.Bus, u.Site))
	}
	for i := range j.c.Hydro {
		add(reserveHydro, j.hydro[i].Reserves, j.c.Hydro[i].Bus)
	}
	for i := range j.c.Storages {
		s := &j.c.Storages[i]
		add(reserveStorage, j.storages[i].Reserves, j.ix.BusOf(s.Bus, s.Site))
	}
	for i := range j.p.Jobs {
		if v := &j.p.Jobs[i]; len(v.Reserves) > 0 {
			add(reserveJobs, v.Reserves, j.c.Buses[j.poolBus(j.ix.Pools[v.Pool])].Name)
		}
	}
	return given
}

func inZone(r *model.ReserveProduct, bus string) bool {
	for _, b := range r.Buses {
		if b == bus {
			return true
		}
	}
	return len(r.Buses) == 0
}

// onCall lists the jobs that promise reserve, in the order of the plan.
func (j *joined) onCall() []OnCallLine {
	var out []OnCallLine
	for i := range j.p.Jobs {
		if v := &j.p.Jobs[i]; len(v.Reserves) > 0 {
			out = append(out, j.onCallLine(v))
		}
	}
	return out
}

// onCallLine works out what calls may do to a job. What calls that end at period e or
// later may move is L_e; it is made good for in the units from e on. So the job that is
// behind since e has caught up where these units reach L_e, and it ends with the latest
// of such periods, if that is later than it planned. A job that works ahead ends no later.
func (j *joined) onCallLine(v *model.JobPlan) OnCallLine {
	job, pool := &j.c.Jobs[j.ix.Jobs[v.Job]], j.ix.Pools[v.Pool]
	end := v.First + len(v.BusyUnits)
	line := OnCallLine{Job: v.Job, Number: v.Number, Site: j.c.Pools[pool].Site, Pool: v.Pool, PlannedEnd: j.cal.times[end]}
	total := make([]float64, j.T)
	most := make([]float64, j.T+1) // L_e
	for _, r := range v.Reserves {
		product := &j.c.Reserves[j.ix.Reserves[r.Product]]
		line.Direction = product.Direction
		worst, next := 0.0, j.T-1
		for e := j.T; e >= 1; e-- {
			for ; next >= 0; next-- {
				after, _ := j.ix.EndOf(next, product.Sustained())
				if after < e {
					break
				}
				worst = max(worst, j.unitsOnCall(pool, r.MW[next], next))
			}
			most[e] += float64(product.Calls()) * job.CallH(product) * worst
		}
		for t, mw := range r.MW {
			total[t] += mw
		}
	}
	line.PromisedMWh, line.MostMW = j.sum(total), total[maxAt(total)]
	line.MovedUnitH = most[1]
	if line.Direction == model.Up {
		end = max(end, j.caughtUp(v.SpareUnits, most))
	}
	line.LatestEnd = j.cal.times[end]
	return line
}

// unitsOnCall is how many busy units of a pool promised MW stand for in period t.
func (j *joined) unitsOnCall(pool int, mw float64, t int) float64 {
	return finite(ratio(mw, j.mwPerBusyUnit(pool, t)))
}

// eachRoom yields what each job that promises reserve may hold beyond its plan.
func (j *joined) eachRoom(yield func(*JobRoomRow) bool) {
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		if v.Pool == "" || len(v.SpareUnits) == 0 && len(v.Reserves) == 0 {
			continue
		}
		room := make([]float64, j.T)
		copy(room, v.SpareUnits)
		for _, r := range v.Reserves {
			if j.c.Reserves[j.ix.Reserves[r.Product]].Direction != model.Down {
				continue
			}
			for t, mw := range r.MW {
				room[t] += j.unitsOnCall(j.ix.Pools[v.Pool], mw, t)
			}
		}
		for t, units := range room {
			if units > 0 && !yield(&JobRoomRow{Job: v.Job, Number: v.Number, Pool: v.Pool, Units: units, Period: t}) {
				return
			}
		}
	}
}

// mwPerBusyUnit is the power that a busy unit of a pool draws at the bus, of a site whose
// PUE does not hang on its load: jobs of others promise nothing.
func (j *joined) mwPerBusyUnit(pool, t int) float64 {
	site := &j.c.Sites[j.ix.Sites[j.c.Pools[pool].Site]]
	return site.PUE.At(t, 1) * j.c.Pools[pool].DynamicMWPerUnit
}

// caughtUp is the period after the last one in which a job may still catch up.
func (j *joined) caughtUp(spare, most []float64) (end int) {
	for e := 1; e < j.T; e++ {
		left := most[e]
		for t := e; t < j.T && left > activeUnits && t < len(spare); t++ {
			left -= j.hours[t] * spare[t]
			end = max(end, t+1)
		}
	}
	return end
}

// Absorption is what jobs take of surplus: of power while a renewable at their bus is
// curtailed, or while power there costs nothing.
type Absorption struct {
	// SurplusH is how long there is surplus at some bus with a site.
	SurplusH float64 `json:"surplus_h"`
	// JobsMWh is what the dynamic power of jobs takes then, MovableMWh the part of
	// jobs whose window is longer than their run; AllJobsMWh at all times.
	JobsMWh    float64 `json:"jobs_mwh"`
	MovableMWh float64 `json:"movable_mwh"`
	AllJobsMWh float64 `json:"all_jobs_mwh"`
	// CurtailedMWh is what was curtailed all the same, at buses with sites.
	CurtailedMWh float64 `json:"curtailed_mwh"`
}

// surplusAt is a bus with sites over time: MW in every period.
type surplusAt struct {
	bus                      int
	surplus                  []bool
	curtailed, jobs, movable []float64
}

// freePrice is the price of power up to which it costs nothing, in money per MWh.
const freePrice = 1e-6

// surpluses are the buses that have sites, in the order of the case.
func (j *joined) surpluses() []surplusAt { return j.surplusesOnce.of(j.findSurpluses) }

func (j *joined) findSurpluses() []surplusAt {
	at := make(map[int]*surplusAt)
	for i := range j.c.Sites {
		if b := j.ix.Buses[j.c.Sites[i].Bus]; at[b] == nil {
			series := func() []float64 { return make([]float64, j.T) }
			at[b] = &surplusAt{bus: b, surplus: make([]bool, j.T), curtailed: series(), jobs: series(), movable: series()}
		}
	}
	for i := range j.c.Renewables {
		r := &j.c.Renewables[i]
		if v := at[j.ix.Buses[j.ix.BusOf(r.Bus, r.Site)]]; v != nil {
			for t, mw := range j.renewables[i].CurtailedMW {
				v.curtailed[t] += mw
			}
		}
	}
	m := j.mobility()
	for i := range j.work {
		w := &j.work[i]
		if !w.job {
			continue
		}
		inTime, _ := m.of(w)
		v := at[w.bus]
		for k, units := range w.units {
			if units == 0 {
				continue
			}
			t := w.first + k
			mw := units * j.mwPerUnit(w, t)
			v.jobs[t] += mw
			if inTime {
				v.movable[t] += mw
			}
		}
	}
	price := j.busPrices()
	var out []surplusAt
	for b := range j.c.Buses {
		v := at[b]
		if v == nil {
			continue
		}
		for t := range j.T {
			v.surplus[t] = v.curtailed[t] > shortageMW || price[b] != nil && price[b][t] <= freePrice
		}
		out = append(out, *v)
	}
	return out
}

func (j *joined) absorption() Absorption {
	out, any := Absorption{}, make([]bool, j.T)
	for _, v := range j.surpluses() {
		for t, h := range j.hours {
			out.AllJobsMWh += v.jobs[t] * h
			out.CurtailedMWh += v.curtailed[t] * h
			if v.surplus[t] {
				any[t] = true
				out.JobsMWh += v.jobs[t] * h
				out.MovableMWh += v.movable[t] * h
			}
		}
	}
	for t, h := range j.hours {
		if any[t] {
			out.SurplusH += h
		}
	}
	return out
}

func (j *joined) onCallRows(w *tableWriter) {
	for _, l := range j.onCall() {
		w.row(l.Job, number(float64(l.Number), 0), l.Site, l.Pool, string(l.Direction), decimal(l.PromisedMWh), decimal(l.MostMW),
			decimal(l.MovedUnitH), l.PlannedEnd.Format(time.RFC3339), l.LatestEnd.Format(time.RFC3339))
	}
}

func (j *joined) absorptionRows(w *tableWriter) {
	price := j.busPrices()
	for _, v := range j.surpluses() {
		text := []string{j.c.Buses[v.bus].Name}
		for t := range j.T {
			surplus := 0.0
			if v.surplus[t] {
				surplus = 1
			}
			w.at(t, text, surplus, v.curtailed[t], at(price[v.bus], t), v.jobs[t], v.movable[t])
		}
	}
}

// reserveCharts draws who gives each product over time.
func (p *page) reserveCharts(j *joined, axis *timeAxis) {
	var all [][]layer
	for i, given := range j.givenMW() {
		if len(p.Given.Panels) == maxPanels {
			p.Given.Note = "reserves.csv has all products."
			break
		}
		r := &j.c.Reserves[i]
		var layers []layer
		for k, class := range [reserveKinds]string{"coal", "hydro", "storage", "c0"} {
			layers = append(layers, layer{title(reserveKind(k).String()), class, axis.mean(given[k])})
		}
		layers = append(layers, layer{"Short", "shed", axis.mean(j.reserves[i].ShortageMW)})
		required := make([]float64, j.T)
		for t := range required {
			required[t] = r.RequirementMW.At(t, 0)
		}
		lines := []layer{{"Required", "demand", axis.mean(required)}}
		p.Given.Panels = append(p.Given.Panels, panel{
			Title: r.Name, Sub: string(r.Direction) + ", held for " + strconv.FormatFloat(r.Sustained(), 'g', 3, 64) + " h",
			SVG: stack(smallPlot, axis, slices.DeleteFunc(slices.Clone(layers), layer.zero), nil, lines, "MW", "Who gives "+r.Name+" over time"),
		})
		all = append(all, layers)
	}
	if len(all) > 0 {
		p.Given.Legend = append(legendOf(all...), lineLegend("Required", "demand"))
	}
	p.OnCall, p.OnCallMore = firstRows(j.onCall())
}

// absorptionChart draws what jobs take, in surplus and else, and what is curtailed.
func (p *page) absorptionChart(j *joined, axis *timeAxis) {
	all := j.surpluses()
	movable, fixed, curtailed, other := make([]float64, j.T), make([]float64, j.T), make([]float64, j.T), make([]float64, j.T)
	some := false
	for _, v := range all {
		for t := range j.T {
			curtailed[t] += v.curtailed[t]
			if !v.surplus[t] {
				other[t] += v.jobs[t]
				continue
			}
			some = true
			movable[t] += v.movable[t]
			fixed[t] += v.jobs[t] - v.movable[t]
		}
	}
	if !some {
		return
	}
	layers := []layer{
		{"Jobs in surplus, movable", "wind", axis.mean(movable)},
		{"Jobs in surplus, not movable", "hydro", axis.mean(fixed)},
		{"Jobs at other times", "rest", axis.mean(other)},
	}
	lines := []layer{{"Curtailed", "demand", axis.mean(curtailed)}}
	p.Absorbed = chart{
		SVG:    stack(widePlot, axis, layers, nil, lines, "MW", "Power that jobs take in surplus, and curtailment, over time"),
		Legend: append(legendOf(layers), lineLegend("Curtailed", "demand")),
		Note: "Surplus is while a renewable at the site's bus is curtailed, or power there costs nothing. Power is the dynamic power of jobs." +
			" Movable are jobs whose window is longer than their run. Curtailment is at buses with sites.",
	}
}

// userSide is what users' side may change of power when demand is highest: what jobs may
// delay or bring forward, work that another bus may serve, and storages behind meters.
func (f *Flexibility) userSide() float64 {
	return math.Min(1, f.InTimeShare+f.InPlaceShare+f.BehindMeterShare)
}
