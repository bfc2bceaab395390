package opt_test

import (
	"math"
	"slices"
	"sync"
	"testing"

	"github.com/wattbit/wattbit/internal/enginetest"
	"github.com/wattbit/wattbit/internal/randomcase"
	"github.com/wattbit/wattbit/model"
)

// Every limit, taken away, never makes a plan dearer, and in some random case
// makes it cheaper: so the random cases, with all that is tested on them, reach
// every limit.
func TestEveryLimitBinds(t *testing.T) {
	enginetest.Sequential(t)
	const seeds = 4_000
	var optima sync.Map // by seed
	optimum := func(t *testing.T, seed uint64) float64 {
		once, _ := optima.LoadOrStore(seed, sync.OnceValue(func() float64 { return leastCost(t, randomcase.Case(seed)) }))
		return once.(func() float64)()
	}
	for _, r := range relaxations() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			tried := 0
			known, ok := bindingSeeds[r.name]
			for n := range uint64(seeds) {
				seed := n
				if ok && n == 0 {
					seed = known
				} else if ok {
					seed = n - 1
				}
				c := randomcase.Case(seed)
				if !r.relax(c) {
					continue
				}
				tried++
				before, after := optimum(t, seed), leastCost(t, c)
				slack := 2e-6 * math.Max(100, math.Abs(before))
				switch {
				case after > before+slack:
					t.Fatalf("seed %d: without the limit %.9g, with it %.9g", seed, after, before)
				case after < before-slack && !math.IsInf(before, 1):
					if !ok || seed != known {
						t.Errorf("binds with seed %d, which bindingSeeds should say", seed)
					}
					return
				}
				if testing.Short() && tried == 1 {
					return
				}
			}
			t.Errorf("binds in none of %d cases that have it", tried)
		})
	}
}

// relaxation takes a limit away, or says that the case does not have it.
type relaxation struct {
	name  string
	relax func(c *model.Case) bool
}

// of relaxes every item of a section.
func of[T any](name string, section func(*model.Case) []T, relax func(*T) bool) relaxation {
	return relaxation{name, func(c *model.Case) bool {
		changed := false
		items := section(c)
		for i := range items {
			changed = relax(&items[i]) || changed
		}
		return changed
	}}
}

// drop clears a field that may be absent.
func drop[T any](v **T) bool {
	had := *v != nil
	*v = nil
	return had
}

func dropSeries(s *model.Series) bool {
	had := s.Given()
	*s = nil
	return had
}

func dropList(l *[]string) bool {
	had := len(*l) > 0
	*l = nil
	return had
}

func zero(v *float64) bool {
	had := *v != 0
	*v = 0
	return had
}

func widen(v *float64) bool {
	*v *= 3
	return *v != 0
}

// ofGroups relaxes groups of jobs, and takes away those that then tie nothing.
func ofGroups(name string, relax func(*model.JobGroup) bool) relaxation {
	r := of(name, func(c *model.Case) []model.JobGroup { return c.JobGroups }, relax)
	each := r.relax
	r.relax = func(c *model.Case) bool {
		changed := each(c)
		c.JobGroups = slices.DeleteFunc(c.JobGroups, func(g model.JobGroup) bool {
			return g.Together == "" && g.Apart == "" && g.FinishWithinH == nil && !g.AllOrNone
		})
		return changed
	}
	return r
}

// ofQuotas relaxes quotas, and takes away those that then bound nothing.
func ofQuotas(name string, relax func(*model.Quota) bool) relaxation {
	r := of(name, func(c *model.Case) []model.Quota { return c.Quotas }, relax)
	each := r.relax
	r.relax = func(c *model.Case) bool {
		changed := each(c)
		c.Quotas = slices.DeleteFunc(c.Quotas, func(q model.Quota) bool {
			return q.MaxUnitH == nil && !q.MaxUnits.Given() && !q.MaxShare.Given()
		})
		return changed
	}
	return r
}

func migrates(j *model.Job, relax func(*model.Migration) bool) bool {
	return j.Migration != nil && relax(j.Migration)
}

func precedes(j *model.Job, relax func(*model.Precedence) bool) bool {
	changed := false
	for i := range j.After {
		changed = relax(&j.After[i]) || changed
	}
	return changed
}

// asks drops a green share that asks for nothing any more.
func asks(s *model.Site) bool {
	if s.Green.ShareMin == 0 && s.Green.DailyShareMin == 0 && s.Green.HourlyShareMin == 0 {
		s.Green = nil
	}
	return true
}

func relaxations() []relaxation {
	thermal := func(c *model.Case) []model.ThermalUnit { return c.ThermalUnits }
	hydro := func(c *model.Case) []model.Hydro { return c.Hydro }
	storage := func(c *model.Case) []model.Storage { return c.Storages }
	link := func(c *model.Case) []model.Link { return c.Links }
	reserve := func(c *model.Case) []model.ReserveProduct { return c.Reserves }
	class := func(c *model.Case) []model.LatencyClass { return c.LatencyClasses }
	site := func(c *model.Case) []model.Site { return c.Sites }
	pool := func(c *model.Case) []model.Pool { return c.Pools }
	programme := func(c *model.Case) []model.DemandResponse { return c.DemandResponses }
	data := func(c *model.Case) []model.DataLink { return c.DataLinks }
	workload := func(c *model.Case) []model.Workload { return c.Workloads }
	job := func(c *model.Case) []model.Job { return c.Jobs }
	deep := func(relax func(*model.DeepOperation) bool) func(*model.ThermalUnit) bool {
		return func(u *model.ThermalUnit) bool { return u.Deep != nil && relax(u.Deep) }
	}
	return []relaxation{
		of("thermal ramp up", thermal, func(u *model.ThermalUnit) bool { return drop(&u.RampUpMWPerH) }),
		of("thermal ramp down", thermal, func(u *model.ThermalUnit) bool { return drop(&u.RampDownMWPerH) }),
		of("thermal start-up limit", thermal, func(u *model.ThermalUnit) bool { return drop(&u.StartupLimitMW) }),
		of("thermal shut-down limit", thermal, func(u *model.ThermalUnit) bool { return drop(&u.ShutdownLimitMW) }),
		of("thermal minimum up", thermal, func(u *model.ThermalUnit) bool { return zero(&u.MinUpH) }),
		of("thermal minimum down", thermal, func(u *model.ThermalUnit) bool {
			if len(u.Startup) > 0 {
				u.Startup[0].AfterOffH = 0
			}
			return zero(&u.MinDownH)
		}),
		of("thermal start-up tiers", thermal, func(u *model.ThermalUnit) bool {
			had := len(u.Startup) > 1
			u.Startup = u.Startup[:min(1, len(u.Startup))]
			return had
		}),
		of("thermal hours on", thermal, func(u *model.ThermalUnit) bool { return u.Initial != nil && drop(&u.Initial.HoursOn) }),
		of("thermal must-run", thermal, func(u *model.ThermalUnit) bool { return dropSeries(&u.MustRunUnits) }),
		of("thermal fixed units", thermal, func(u *model.ThermalUnit) bool { return dropSeries(&u.FixedUnits) }),
		of("thermal outages", thermal, func(u *model.ThermalUnit) bool { return dropSeries(&u.OutageUnits) }),
		of("thermal heat", thermal, func(u *model.ThermalUnit) bool { return dropSeries(&u.HeatMinPowerMW) }),
		of("deep ramp", thermal, deep(func(d *model.DeepOperation) bool { return drop(&d.RampMWPerH) })),
		of("deep minimum stay", thermal, deep(func(d *model.DeepOperation) bool { return zero(&d.MinStayH) })),
		of("hours deep", thermal, func(u *model.ThermalUnit) bool {
			return u.Initial != nil && u.Initial.UnitsDeep > 0 && drop(&u.Initial.HoursDeep)
		}),
		of("hydro maximum", hydro, func(h *model.Hydro) bool { return widen(&h.MaxPowerMW) }),
		of("hydro minimum", hydro, func(h *model.Hydro) bool { return zero(&h.MinPowerMW) }),
		of("hydro ramp", hydro, func(h *model.Hydro) bool { return drop(&h.RampMWPerH) }),
		of("hydro initial power", hydro, func(h *model.Hydro) bool { return drop(&h.InitialPowerMW) }),
		of("hydro spill limit", hydro, func(h *model.Hydro) bool { return drop(&h.MaxSpillMW) }),
		of("hydro least level", hydro, func(h *model.Hydro) bool { return zero(&h.LevelMinMWh) }),
		of("hydro most level", hydro, func(h *model.Hydro) bool { return widen(&h.LevelMaxMWh) }),
		of("hydro terminal minimum", hydro, func(h *model.Hydro) bool { return drop(&h.TerminalMinMWh) }),
		of("hydro terminal maximum", hydro, func(h *model.Hydro) bool { return drop(&h.TerminalMaxMWh) }),
		of("storage charge limit", storage, func(s *model.Storage) bool { return widen(&s.MaxChargeMW) }),
		of("storage discharge limit", storage, func(s *model.Storage) bool { return widen(&s.MaxDischargeMW) }),
		of("storage least charge", storage, func(s *model.Storage) bool { return zero(&s.MinChargeMW) }),
		of("storage least discharge", storage, func(s *model.Storage) bool { return zero(&s.MinDischargeMW) }),
		of("storage least level", storage, func(s *model.Storage) bool {
			if s.MaxCycles != nil { // counted in the range of levels
				*s.MaxCycles *= 100
			}
			return zero(&s.LevelMinMWh)
		}),
		of("storage most level", storage, func(s *model.Storage) bool { return widen(&s.LevelMaxMWh) }),
		of("storage terminal minimum", storage, func(s *model.Storage) bool { return drop(&s.TerminalMinMWh) }),
		of("storage terminal maximum", storage, func(s *model.Storage) bool { return drop(&s.TerminalMaxMWh) }),
		of("storage cycles", storage, func(s *model.Storage) bool { return drop(&s.MaxCycles) }),
		of("link forward limit", link, func(l *model.Link) bool { l.MaxForwardMW = times(l.MaxForwardMW, 3); return true }),
		of("link backward limit", link, func(l *model.Link) bool {
			l.MaxBackwardMW = times(l.MaxBackwardMW, 3)
			return l.MaxBackwardMW.Given()
		}),
		of("link ramp", link, func(l *model.Link) bool { return drop(&l.RampMWPerH) }),
		of("link initial flow", link, func(l *model.Link) bool { return drop(&l.InitialFlowMW) }),
		of("link price", link, func(l *model.Link) bool { return zero(&l.PricePerMWh) }),
		of("reserve requirement", reserve, func(r *model.ReserveProduct) bool { r.RequirementMW = times(r.RequirementMW, 0.5); return true }),
		of("reserve minutes", reserve, func(r *model.ReserveProduct) bool { r.Minutes = ptr(600.0); return true }),
		of("reserve sustained", reserve, func(r *model.ReserveProduct) bool { r.SustainedH = ptr(0.0); return true }),
		of("reserve zone", reserve, func(r *model.ReserveProduct) bool { return dropList(&r.Buses) }),
		{"CO2 cap", func(c *model.Case) bool { return drop(&c.Policy.CO2CapT) }},
		{"CO2 price", func(c *model.Case) bool { return zero(&c.Policy.CO2PricePerT) }},
		{"renewable share", func(c *model.Case) bool { return drop(&c.Policy.RenewableShareMin) }},
		of("latency bound", class, func(l *model.LatencyClass) bool { return drop(&l.MaxRoundTripMS) }),
		of("utilisation cap", class, func(l *model.LatencyClass) bool { return drop(&l.UtilisationCap) }),
		of("queue", class, func(l *model.LatencyClass) bool { return drop(&l.Queue) }),
		{"pinned shares", withoutPins},
		{"outages", withoutOutages},
		of("site import limit", site, func(s *model.Site) bool { return dropSeries(&s.ImportLimitMW) }),
		of("site ramp", site, func(s *model.Site) bool { return drop(&s.RampMWPerH) }),
		of("site initial power", site, func(s *model.Site) bool { return drop(&s.InitialPowerMW) }),
		of("end of cooling", site, func(s *model.Site) bool {
			return s.Cooling != nil && drop(&s.Cooling.Pieces[len(s.Cooling.Pieces)-1].ITMW)
		}),
		of("water price", site, func(s *model.Site) bool { return zero(&s.WaterPricePerM3) }),
		of("water limit", site, func(s *model.Site) bool { return drop(&s.WaterLimitM3) }),
		of("heat demand", site, func(s *model.Site) bool {
			if s.Heat == nil {
				return false
			}
			s.Heat.DemandMW = times(s.Heat.DemandMW, 3)
			return true
		}),
		of("heat share", site, func(s *model.Site) bool {
			had := s.Heat != nil && s.Heat.Share < 1
			if had {
				s.Heat.Share = 1
			}
			return had
		}),
		of("export limit", site, func(s *model.Site) bool {
			s.ExportLimitMW = times(s.ExportLimitMW, 100)
			return s.ExportLimitMW.Given()
		}),
		of("backup", site, func(s *model.Site) bool { return zero(&s.UPSMinutes) }),
		of("green share", site, func(s *model.Site) bool { return s.Green != nil && zero(&s.Green.ShareMin) && asks(s) }),
		of("green share by the day", site, func(s *model.Site) bool {
			return s.Green != nil && zero(&s.Green.DailyShareMin) && asks(s)
		}),
		of("green share by the hour", site, func(s *model.Site) bool {
			return s.Green != nil && zero(&s.Green.HourlyShareMin) && asks(s)
		}),
		of("open hours of demand response", programme, func(d *model.DemandResponse) bool { return dropSeries(&d.Offered) }),
		of("least call", programme, func(d *model.DemandResponse) bool { return zero(&d.MinCallH) }),
		of("longest call", programme, func(d *model.DemandResponse) bool { return drop(&d.MaxCallH) }),
		of("number of calls", programme, func(d *model.DemandResponse) bool { return drop(&d.MaxCalls) }),
		{"power level", func(c *model.Case) bool { // the other way round: it is there after
			for i := range c.Pools {
				if p := c.Pools[i]; !p.PowerLevel() {
					c.Pools = append(c.Pools, model.Pool{Name: "clock", Site: p.Site, ModulesOf: p.Name, Speed: ptr(0.9), DynamicMWPerUnit: 0})
					return true
				}
			}
			return false
		}},
		of("pool modules", pool, func(p *model.Pool) bool {
			if p.AlwaysOn || p.InitialModulesOn == nil {
				return false
			}
			p.Modules += 5
			return !p.AvailableModules.Given()
		}),
		of("pool availability", pool, func(p *model.Pool) bool {
			return !p.AlwaysOn && p.InitialModulesOn != nil && dropSeries(&p.AvailableModules)
		}),
		of("pool always on", pool, func(p *model.Pool) bool { had := p.AlwaysOn; p.AlwaysOn = false; return had }),
		of("pool minimum on", pool, func(p *model.Pool) bool { return zero(&p.MinOnH) }),
		of("pool minimum off", pool, func(p *model.Pool) bool { return zero(&p.MinOffH) }),
		of("pool start cost", pool, func(p *model.Pool) bool { return zero(&p.StartCost) }),
		of("data link capacity", data, func(l *model.DataLink) bool { l.CapacityGbps = times(l.CapacityGbps, 5); return true }),
		of("workload kinds", workload, func(w *model.Workload) bool { return dropList(&w.PoolKinds) }),
		of("workload allowed sites", workload, func(w *model.Workload) bool { return dropList(&w.AllowedSites) }),
		of("workload forbidden sites", workload, func(w *model.Workload) bool { return dropList(&w.ForbiddenSites) }),
		of("workload data", workload, func(w *model.Workload) bool { return zero(&w.DataGBPerUnitH) }),
		of("job release", job, func(j *model.Job) bool { return zero(&j.ReleaseH) }),
		of("job deadline", job, func(j *model.Job) bool { return drop(&j.DeadlineH) }),
		of("job units", job, func(j *model.Job) bool {
			if j.Shape != model.Preemptible {
				return false
			}
			return widen(&j.Units)
		}),
		of("job input", job, func(j *model.Job) bool { return zero(&j.InputGB) }),
		of("job kinds", job, func(j *model.Job) bool { return dropList(&j.PoolKinds) }),
		of("job allowed sites", job, func(j *model.Job) bool { return dropList(&j.AllowedSites) }),
		of("job forbidden sites", job, func(j *model.Job) bool { return dropList(&j.ForbiddenSites) }),
		of("job class", job, func(j *model.Job) bool { had := j.Class != ""; j.Class = ""; return had }),
		of("job interruptions", job, func(j *model.Job) bool { return drop(&j.MaxInterruptions) }),
		of("job restart", job, func(j *model.Job) bool { return zero(&j.RestartH) }),
		of("job checkpoint loss", job, func(j *model.Job) bool { return zero(&j.CheckpointLossH) }),
		{"gang in one pool", func(c *model.Case) bool { // the other way round: it migrates after
			if len(c.JobGroups) > 0 {
				return false // may say where its jobs run
			}
			changed := false
			for i := range c.Jobs {
				if j := &c.Jobs[i]; j.Gang() && j.Migration == nil {
					j.Migration, changed = &model.Migration{MaxMoves: 9}, true
				}
			}
			return changed
		}},
		of("migration pause", job, func(j *model.Job) bool { return migrates(j, func(m *model.Migration) bool { return zero(&m.PauseH) }) }),
		of("migration data", job, func(j *model.Job) bool { return migrates(j, func(m *model.Migration) bool { return zero(&m.GB) }) }),
		of("running job pinned", job, func(j *model.Job) bool {
			had := j.Running != nil && j.Running.Pinned
			if had {
				j.Running.Pinned = false
			}
			return had
		}),
		of("job outputs", job, func(j *model.Job) bool { had := len(j.Outputs) > 0; j.Outputs = nil; return had }),
		of("job inputs", job, func(j *model.Job) bool { had := len(j.Inputs) > 0; j.Inputs = nil; return had }),
		of("job datasets", job, func(j *model.Job) bool { return dropList(&j.Datasets) }),
		of("data link lead time", data, func(l *model.DataLink) bool { return zero(&l.LeadTimeH) }),
		of("precedence", job, func(j *model.Job) bool { had := len(j.After) > 0; j.After = nil; return had }),
		of("precedence lag", job, func(j *model.Job) bool { return precedes(j, func(p *model.Precedence) bool { return zero(&p.LagH) }) }),
		of("precedence data", job, func(j *model.Job) bool { return precedes(j, func(p *model.Precedence) bool { return zero(&p.GB) }) }),
		ofGroups("group together", func(g *model.JobGroup) bool { had := g.Together != ""; g.Together = ""; return had }),
		ofGroups("group apart", func(g *model.JobGroup) bool { had := g.Apart != ""; g.Apart, g.MaxPer = "", 0; return had }),
		ofGroups("group finish within", func(g *model.JobGroup) bool { return drop(&g.FinishWithinH) }),
		ofGroups("group all or none", func(g *model.JobGroup) bool { had := g.AllOrNone; g.AllOrNone = false; return had }),
		ofQuotas("quota units", func(q *model.Quota) bool { return dropSeries(&q.MaxUnits) }),
		ofQuotas("quota share", func(q *model.Quota) bool { return dropSeries(&q.MaxShare) }),
		ofQuotas("quota unit-hours", func(q *model.Quota) bool { return drop(&q.MaxUnitH) }),
	}
}
