package opt

// Pools and their modules.
//
//	units held_t <= units per module * on_t                                   (shared; in outages too: outage.go)
//	on_t - on_{t-1} = start_t - stop_t,   0 <= on_t <= available_t
//	sum of start over W(t, on)  <= on_t
//	sum of stop  over W(t, off) <= modules - on_t
//	IT_{site,t} = sum over pools of idle on_t + dynamic busy_t + start energy / h_t start_t   (shared; site.go)
//	cost: start cost start_t
//
// A pool that is always on has its modules fixed to those available. A power level
// has no columns of its own: what it holds counts in the first row of its base, what
// it has busy draws power of its own.

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

// pools has the first of T columns by pool, noCol for power levels.
type pools struct{ on, start, stop []solver.Col }

const poolKind = "pool"

func (*pools) Kind() string { return poolKind }

func (k *pools) Formulate(m *Model) error {
	for i := range m.Case.Pools {
		p := &m.Case.Pools[i]
		if p.PowerLevel() {
			k.on, k.start, k.stop = append(k.on, noCol), append(k.start, noCol), append(k.stop, noCol)
			continue
		}
		m.Begin(poolKind, p.Name)
		modules := float64(p.Modules)
		initial := float64(p.MaxModules(0))
		if p.InitialModulesOn != nil {
			initial = float64(*p.InitialModulesOn)
		}
		on := m.Columns("on", solver.Integer, func(t int) (float64, float64) {
			most := float64(p.MaxModules(t))
			if p.AlwaysOn {
				return most, most
			}
			return 0, most
		})
		start := m.Columns("start", solver.Integer, between(0, modules))
		stop := m.Columns("stop", solver.Integer, between(0, modules)) // see thermal.go
		onWindow, offWindow := m.windows(p.MinOnH), m.windows(p.MinOffH)
		m.Label("modules")
		for t := range m.T {
			x := solver.Col(t)
			m.change(on, start, stop, t, initial)
			m.modulesOn(i, t, on+x, p.UnitsPerModule)
			m.drawOn(i, t, on+x, p.IdleMWPerModule)
			m.drawOn(i, t, start+x, p.StartEnergyMWh/m.Hours[t])
			m.Cost(model.CostModuleStart, start+x, p.StartCost)
		}
		m.atMostRecently("minimum on", start, modules, onWindow, func(t int) (float64, []term) {
			return 0, []term{{on + solver.Col(t), 1}}
		})
		m.atMostRecently("minimum off", stop, modules, offWindow, func(t int) (float64, []term) {
			return modules, []term{{on + solver.Col(t), -1}}
		})
		k.on, k.start, k.stop = append(k.on, on), append(k.start, start), append(k.stop, stop)
	}
	m.modulesOf, m.startsOf = k.on, k.start
	return nil
}

// firstModules are, by pool and period, the modules of a first schedule: those stay on
// that were on, as far as they are available and the site's import limit has room for
// idle ones; where the least times would be broken by that, the search must find out.
func (m *Model) firstModules() []int {
	out := make([]int, len(m.Case.Pools)*m.T)
	room := make([]float64, len(m.Case.Sites)*m.T) // site*T+t: MW of IT power
	for i := range room {
		room[i] = m.roomIT(i/m.T, i%m.T)
	}
	for _, always := range [2]bool{true, false} {
		for i := range m.Case.Pools {
			p := &m.Case.Pools[i]
			if p.AlwaysOn != always || p.PowerLevel() {
				continue
			}
			site := m.ix.Sites[p.Site]
			on := p.MaxModules(0)
			if p.InitialModulesOn != nil {
				on = *p.InitialModulesOn
			}
			for t := range m.T {
				next := p.MaxModules(t)
				left := &room[site*m.T+t]
				if !always {
					next = min(on, next)
					if idle := float64(next) * p.IdleMWPerModule; idle > *left {
						next = max(0, int(*left/p.IdleMWPerModule))
					}
				}
				*left -= float64(next) * p.IdleMWPerModule
				out[i*m.T+t] = next
				on = next
			}
		}
	}
	return out
}

// Propose keeps the modules on that were on.
func (k *pools) Propose(pt *Proposal) {
	m := pt.Model
	modules := m.firstModules()
	for i := range m.Case.Pools {
		if k.on[i] == noCol {
			continue
		}
		on := m.Case.Pools[i].MaxModules(0)
		if initial := m.Case.Pools[i].InitialModulesOn; initial != nil {
			on = *initial
		}
		for t := range m.T {
			next := modules[i*m.T+t]
			pt.Set(k.on[i]+solver.Col(t), float64(next))
			pt.Set(k.start[i]+solver.Col(t), float64(max(0, next-on)))
			pt.Set(k.stop[i]+solver.Col(t), float64(max(0, on-next)))
			on = next
		}
	}
}

func (k *pools) Extract(pt *Point, p *model.Plan) {
	m := pt.Model
	loads := m.queueLoads(p.Workloads)
	for i := range m.Case.Pools {
		p.Pools = append(p.Pools, model.PoolPlan{
			Name:      m.Case.Pools[i].Name,
			ModulesOn: k.ints(pt, k.on[i]), ModuleStarts: k.ints(pt, k.start[i]), ModuleStops: k.ints(pt, k.stop[i]),
			BusyUnits: make([]float64, m.T), Queues: m.heldForQueues(i, loads),
		})
	}
	for _, w := range p.Workloads {
		for _, r := range w.Routes {
			i := m.ix.Pools[r.Pool]
			speed := m.Case.Pools[i].UnitSpeed()
			for t, units := range r.Units {
				p.Pools[i].BusyUnits[t] += units / speed
			}
		}
	}
	for i := range p.Jobs {
		for _, run := range p.Jobs[i].Runs() {
			busy := p.Pools[m.ix.Pools[run.Pool]].BusyUnits
			for s, units := range run.BusyUnits {
				busy[run.First+s] += units
			}
		}
	}
}

// ints are zeros for a power level.
func (*pools) ints(pt *Point, first solver.Col) []int {
	if first == noCol {
		return make([]int, pt.Model.T)
	}
	return pt.Ints(first)
}
