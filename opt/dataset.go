package opt

// Datasets: data that several jobs read. Where a region has no copy from the
// start, one can be sent there once and whole, from one of the regions that have,
// and every job that begins in the region waits for it:
//
//	sum over sources of made_s <= 1,   made_s in {0, 1}
//	sum over t of x_{s,t} = GB made_s
//	GB sum of whole by t <= sum of x usable by t
//	begin events of a job in the region by t <= n sum of whole by t
//
// x_{s,t} are the GB sent in period t, whole_t says that the copy is there from
// period t on. A job of its own (n = 1) makes whole_t as whole as itself; only
// classes need it as an integer. The last two are stocks (stock.go): they hold for
// every t, which is as strong as can be, at a row a period.

import (
	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/solver"
)

type datasets struct {
	copies [][]datasetCopy // by dataset, those that may be made for jobs in the program
	owner  []int32
	// outside are the jobs that are placed outside the program, with copies of their own; nil
	// for none.
	outside *jobPlaces
}

// datasetCopy is a copy that may be sent from one region to another.
type datasetCopy struct {
	from, to string
	made     solver.Col
	whole    solver.Col // first of T, of all sources together
	sent     sending
}

const datasetKind = "dataset"

func (*datasets) Kind() string { return datasetKind }

func (k *datasets) Formulate(m *Model) error {
	k.copies, k.owner = make([][]datasetCopy, len(m.Case.Datasets)), make([]int32, len(m.Case.Datasets))
	for i := range m.Case.Datasets {
		d := &m.Case.Datasets[i]
		if d.GB <= 0 {
			continue
		}
		m.Begin(datasetKind, d.Name)
		k.owner[i] = m.owner
		for r := range m.Case.Regions {
			region := m.Case.Regions[r].Name
			if readers := m.readers(d, region); len(readers) > 0 {
				k.copies[i] = append(k.copies[i], k.region(m, d, region, readers)...)
			}
		}
	}
	return nil
}

// readers are the classes that may have to wait for a copy in a region.
func (m *Model) readers(d *model.Dataset, region string) []*jobClass {
	var out []*jobClass
	for i := range m.jobs {
		if c := &m.jobs[i]; c.reads(m, d, region) {
			out = append(out, c)
		}
	}
	return out
}

// region adds the copies that may be sent to a region, and lets its readers wait.
func (k *datasets) region(m *Model, d *model.Dataset, region string, readers []*jobClass) []datasetCopy {
	integer := solver.Continuous
	for _, c := range readers {
		if c.job.N() > 1 {
			integer = solver.Integer
		}
	}
	whole := m.Columns("whole in "+region, integer, between(0, 1))
	there := make([]linear, m.T)
	for t := range there {
		there[t].add(whole+solver.Col(t), -d.GB)
	}
	m.Label("once to " + region)
	once := m.Row(0, 1)
	var out []datasetCopy
	sources, _ := m.ix.DatasetSources(d, region)
	for _, from := range sources {
		route, _ := m.ix.DataRoute(from, region)
		m.Label("from " + from + " to " + region)
		c := datasetCopy{from: from, to: region, whole: whole, made: m.Column(0, 1, solver.Integer)}
		m.Add(once, c.made, 1)
		c.sent = m.sending(route, d.GB, 0, m.T, there)
		all := m.Row(0, 0)
		m.Add(all, c.made, -d.GB)
		for t := c.sent.first; t < c.sent.end; t++ {
			m.Add(all, c.sent.at(t), 1)
		}
		out = append(out, c)
	}
	m.Label("there in " + region)
	m.stock(there, d.GB, false)
	for _, c := range readers {
		m.Label("read by " + c.job.Name + " in " + region)
		flow := make([]linear, m.T)
		for t := range flow {
			flow[t].add(whole+solver.Col(t), float64(c.job.N()))
		}
		for _, b := range c.begins {
			if m.poolRegion[b.pool] == region {
				flow[b.period].add(b.col, -1)
			}
		}
		m.stock(flow, float64(c.job.N()), false)
	}
	return out
}

func (k *datasets) Extract(pt *Point, p *model.Plan) {
	for i := range pt.Model.Case.Datasets {
		d := &pt.Model.Case.Datasets[i]
		plan := model.DatasetPlan{Name: d.Name, Copies: []model.DatasetCopy{}}
		for _, c := range k.copies[i] {
			if pt.Int(c.made) == 0 {
				continue
			}
			next := 0
			first, gb := take(c.sent.values(pt), &next, d.GB)
			plan.Copies = append(plan.Copies, model.DatasetCopy{From: c.from, To: c.to, First: c.sent.first + first, GB: gb})
		}
		k.outside.extractCopies(pt, &plan, i, k.owner[i])
		p.Datasets = append(p.Datasets, plan)
	}
}

// Follow makes the copies that the jobs before it asked for.
func (k *datasets) Follow(r *Rounding) {
	for i := range k.copies {
		for _, c := range k.copies[i] {
			r.Set(c.made, 0)
			for t := range r.Model.T {
				r.Set(c.whole+solver.Col(t), 0)
			}
		}
	}
	for i := range k.copies {
		for _, c := range k.copies[i] {
			if asked, ok := r.copies[copyKey{i, c.to}]; ok && asked.from == c.from {
				r.Set(c.made, 1)
				r.Set(c.whole+solver.Col(asked.usable), 1)
			}
		}
	}
}

// Refine makes the copies that the longer periods have, whole by the end of the
// longer period in which they were.
func (k *datasets) Refine(pt *Proposal, plan *model.Plan, first []int) {
	m := pt.Model
	for i := range k.copies {
		for _, c := range k.copies[i] {
			pt.Set(c.made, 0)
			for t := range m.T {
				pt.Set(c.whole+solver.Col(t), 0)
			}
		}
	}
	for i := range k.copies {
		for _, c := range k.copies[i] {
			for _, made := range plan.Datasets[i].Copies {
				if made.From != c.from || made.To != c.to {
					continue
				}
				pt.Set(c.made, 1)
				if t := m.ix.Usable(first[made.First+len(made.GB)]-1, c.sent.route.Link); t < m.T {
					pt.Set(c.whole+solver.Col(t), 1)
				}
			}
		}
	}
}
