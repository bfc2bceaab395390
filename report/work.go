package report

import "github.com/wattbit/wattbit/model"

// work is one route of a workload, or one run of a job: where it comes from,
// where it is done, and how much in each period.
type work struct {
	name     string
	job      bool
	item     int // position of the workload or job in the case
	number   int // of a job within its class
	plan     int // position of a job in the plan
	run      int // of a job: 0 for its first, 1 after its first move
	region   int
	class    string // noClass for jobs without a bound
	pool     int
	site     int
	bus      int
	away     bool // done outside its region of origin
	first    int
	units    []float64 // busy at reference speed, from period first on
	busy     []float64 // machine units that draw dynamic power
	held     []float64 // machine units of capacity taken
	dataLink int       // that a workload's data crosses, or -1
}

// noClass names the work that has no latency class.
const noClass = "no bound"

// collectWork lists routes in the order of workloads, then the runs of jobs in
// the order of the plan.
func (j *joined) collectWork() []work {
	c := j.c
	var out []work
	place := func(w *work, pool int) {
		w.pool = pool
		w.site = j.ix.Sites[c.Pools[pool].Site]
		w.bus = j.ix.Buses[c.Sites[w.site].Bus]
		w.away = c.Sites[w.site].Region != c.Regions[w.region].Name
	}
	for i := range c.Workloads {
		v := &c.Workloads[i]
		for _, r := range j.workloads[i].Routes {
			w := work{name: v.Name, item: i, region: j.ix.Regions[v.Region], class: v.Class, units: r.Units, dataLink: -1}
			place(&w, j.ix.Pools[r.Pool])
			if v.DataGBPerUnitH > 0 && w.away {
				w.dataLink = j.dataLinkBetween(v.Region, c.Sites[w.site].Region)
			}
			w.busy = scaled(r.Units, 1/c.Pools[w.pool].UnitSpeed())
			w.held = j.heldPerBusy(v.Class, w.pool)
			for t := range w.held {
				w.held[t] *= w.busy[t]
			}
			out = append(out, w)
		}
	}
	for i := range j.p.Jobs {
		v := &j.p.Jobs[i]
		item := j.ix.Jobs[v.Job]
		job := &c.Jobs[item]
		for n, r := range runsOf(v) {
			w := work{
				name: v.Job, job: true, item: item, number: v.Number, plan: i, run: n, region: j.ix.Regions[job.Region], class: job.Class,
				first: r.First, busy: r.BusyUnits, dataLink: -1,
			}
			if w.class == "" {
				w.class = noClass
			}
			place(&w, j.ix.Pools[r.Pool])
			w.units, w.held = make([]float64, len(r.BusyUnits)), make([]float64, len(r.BusyUnits))
			for k := range w.units {
				w.units[k], w.held[k] = j.busyWork(job, w.pool, &r, k), heldUnits(job, &r, k)
			}
			out = append(out, w)
		}
	}
	return out
}

// sending is data of a job on its way, GB in each period from first on. The link
// is -1 where no data link joins the regions.
type sending struct {
	what       model.TransferKind
	link       int
	from, to   string
	first      int
	gb         []float64
	pricePerGB float64
}

// eachTransfer visits what is sent for a job that begins at a site.
func (j *joined) eachTransfer(job *model.Job, p *model.JobPlan, site int, visit func(*sending)) {
	send := func(what model.TransferKind, from, to string, first int, gb []float64) {
		s := sending{what: what, link: -1, from: from, to: to, first: first, gb: gb}
		if route, ok := j.ix.DataRoute(from, to); ok && route.Link >= 0 {
			s.link, s.pricePerGB = route.Link, j.ix.DataPricePerGB(route.Link, from)
		}
		visit(&s)
	}
	if len(p.TransferGB) > 0 {
		send(model.TransferInput, job.InputRegion(), j.c.Sites[site].Region, p.TransferFirst, p.TransferGB)
	}
	for i := range p.Transfers {
		t := &p.Transfers[i]
		send(t.What, t.From, t.To, t.First, t.GB)
	}
}

// dataLinkBetween returns the position of the link between two regions, -1 when
// there is none.
func (j *joined) dataLinkBetween(a, b string) int {
	for i := range j.c.DataLinks {
		l := &j.c.DataLinks[i]
		if l.From == a && l.To == b || l.From == b && l.To == a {
			return i
		}
	}
	return -1
}

func scaled(v []float64, by float64) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = x * by
	}
	return out
}

// unitH is the work done, in reference unit-hours.
func (j *joined) unitH(w *work) float64 {
	s := 0.0
	for i, u := range w.units {
		s += u * j.hours[w.first+i]
	}
	return s
}

// mwPerUnit is the power that a reference unit of the work draws in period t,
// at the site's meter, beyond what the pool draws idle, with its part of the
// overhead; 0 where none is done.
func (j *joined) mwPerUnit(w *work, t int) float64 {
	return j.pues[w.site][t] * j.c.Pools[w.pool].DynamicMWPerUnit * ratio(w.busy[t-w.first], w.units[t-w.first])
}

// classes lists the latency classes that occur: those of the case in order,
// then noClass where a job has none.
func (j *joined) classes() []string {
	out := make([]string, 0, len(j.c.LatencyClasses)+1)
	for i := range j.c.LatencyClasses {
		out = append(out, j.c.LatencyClasses[i].Name)
	}
	for i := range j.c.Jobs {
		if j.c.Jobs[i].Class == "" {
			return append(out, noClass)
		}
	}
	return out
}

// area is what groups a region in reports: its area, or its own name.
func (j *joined) area(region int) string {
	if r := &j.c.Regions[region]; r.Area != "" {
		return r.Area
	}
	return j.c.Regions[region].Name
}

// homeBus is the bus that work of a region would draw from at home: the
// region's, or that of its first site; -1 when it has neither.
func (j *joined) homeBus(region int) int {
	r := &j.c.Regions[region]
	if r.Bus != "" {
		return j.ix.Buses[r.Bus]
	}
	for i := range j.c.Sites {
		if j.c.Sites[i].Region == r.Name {
			return j.ix.Buses[j.c.Sites[i].Bus]
		}
	}
	return -1
}

// itPower is what the machines of a site draw in every period, MW.
func (j *joined) itPower(site int) []float64 {
	out := make([]float64, j.T)
	for i := range j.c.Pools {
		if j.c.Pools[i].Site != j.c.Sites[site].Name {
			continue
		}
		for t, mw := range j.poolPower(i) {
			out[t] += mw
		}
	}
	return out
}

// poolPower is what a pool's machines draw in every period, MW, before PUE.
func (j *joined) poolPower(pool int) []float64 {
	out := make([]float64, j.T)
	c, p := &j.c.Pools[pool], j.pools[pool]
	for t := range out {
		out[t] = c.IdleMWPerModule*float64(p.ModulesOn[t]) + c.DynamicMWPerUnit*p.BusyUnits[t] +
			c.StartEnergyMWh*float64(p.ModuleStarts[t])/j.hours[t]
	}
	return out
}

// takenOfModules is what work takes of the modules that each pool runs on: of its own
// and its power levels' together.
func (j *joined) takenOfModules() [][]float64 {
	out := j.taken()
	for i := range out {
		if base := j.ix.BasePool(i); base != i {
			for t, units := range out[i] {
				out[base][t] += units
			}
		}
	}
	for i := range out {
		out[i] = out[j.ix.BasePool(i)]
	}
	return out
}

// taken is the machine units of capacity that work takes in each pool and
// period.
func (j *joined) taken() [][]float64 {
	out := make([][]float64, len(j.c.Pools))
	for i := range out {
		out[i] = make([]float64, j.T)
	}
	for i := range j.work {
		w := &j.work[i]
		for k, u := range w.held {
			out[w.pool][w.first+k] += u
		}
	}
	return out
}
