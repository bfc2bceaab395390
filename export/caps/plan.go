package caps

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/report"
)

// Target is a scheduler.
type Target string

// The schedulers that caps are written for.
const (
	Kueue   Target = "kueue"
	Volcano Target = "volcano"
	Slurm   Target = "slurm"
)

// Targets lists them.
func Targets() []Target { return []Target{Kueue, Volcano, Slurm} }

// Caps of a plan.
type Caps struct {
	Windows  []Window
	Clusters []Cluster
	// Queues by the order of the case, first those of owners; Names as written.
	Queues, QueueNames []string

	target Target
	kueue  string // version of Kueue's objects
	pools  int
	// Whole units, with power levels counted to their base: caps, and what the plan
	// itself holds of them, (window*queues + queue)*pools + pool.
	caps, planned []int
	// levels are what all queues hold at each power level and at its base's own
	// clock, window*pools + pool.
	levels []int
}

// Window is a time in which caps hold.
type Window struct{ From, To time.Time }

// Cluster is what one scheduler runs.
type Cluster struct {
	// Name as written: the folder of its files.
	Name  string
	Pools []ClusterPool
}

// ClusterPool is a pool of a cluster that has modules; power levels are in it.
type ClusterPool struct {
	Site, Pool string
	// Levels are the pool's power levels by name, in the order of the case.
	Levels []string
	// Name as written.
	Name       string
	NodeLabels []Label
	NodeGroup  string
	Resources  []Resource

	position int   // in the case
	levels   []int // of Levels, in the case
}

// Units is the cap of a queue in a pool during a window.
func (c *Caps) Units(window, queue int, p *ClusterPool) int {
	return c.caps[(window*len(c.Queues)+queue)*c.pools+p.position]
}

// PlannedUnits is the part of a cap that the plan uses whether jobs are called or not;
// the rest is for what they do when reserve is called.
func (c *Caps) PlannedUnits(window, queue int, p *ClusterPool) int {
	return c.planned[(window*len(c.Queues)+queue)*c.pools+p.position]
}

// wholeSlack is how far above a whole number of units a sum counts as it.
const wholeSlack = 1e-6

// New reckons the caps of a plan. A window has at least so many hours, as far as
// periods allow, and a cap is the most of its periods; 0 makes a window of each period.
// Windows in a row with the same caps are one. The error is model.Findings where the
// mapping does not fit the case.
func New(c *model.Case, p *model.Plan, rows *report.JobRows, m *Mapping, target Target, windowH float64) (*Caps, error) {
	if len(c.Jobs) == 0 {
		return nil, model.Findings{{Section: "jobs", Problem: "is empty: no queue has anything to use", Remedy: "give the plan of a case with jobs"}}
	}
	ix := c.Index()
	if findings := m.check(c, ix, target); len(findings) > 0 {
		return nil, findings
	}
	out := &Caps{target: target, kueue: m.KueueVersion, pools: len(c.Pools)}
	if out.kueue == "" {
		out.kueue = "v1beta2"
	}
	queueOf := out.nameQueues(c, m)
	out.nameClusters(c, ix, m)
	window := out.cut(c, windowH)

	row := len(out.Queues) * out.pools
	held, levels := make([]float64, len(window)*row), make([]float64, len(window)*out.pools)
	at := func(period int, job, pool string) *float64 {
		queue := queueOf[c.Jobs[ix.Jobs[job]].Owner]
		return &held[period*row+queue*out.pools+ix.BasePool(ix.Pools[pool])]
	}
	for r := range rows.Periods {
		*at(r.Period, r.Job, r.Pool) += r.HeldUnits
		levels[r.Period*out.pools+ix.Pools[r.Pool]] += r.HeldUnits
	}
	var err error
	if out.planned, err = mostOf(window, held); err != nil {
		return nil, err
	}
	if out.levels, err = mostOf(window, levels); err != nil {
		return nil, err
	}
	for r := range rows.Rooms {
		*at(r.Period, r.Job, r.Pool) += r.Units
	}
	if out.caps, err = mostOf(window, held); err != nil {
		return nil, err
	}
	out.merge()
	return out, nil
}

// mostOf turns a row of units for each period into one for each window: the most of
// its periods, rounded up.
func mostOf(window []int, units []float64) ([]int, error) {
	row := len(units) / len(window)
	out := make([]int, (window[len(window)-1]+1)*row)
	for k, v := range units {
		n := math.Ceil(v - wholeSlack)
		if !(n < 1<<31) {
			return nil, fmt.Errorf("caps: a queue holds %v units", v)
		}
		most := &out[window[k/row]*row+k%row]
		*most = max(*most, int(n))
	}
	return out, nil
}

// nameQueues lists the queues and returns the position of each owner's.
func (c *Caps) nameQueues(from *model.Case, m *Mapping) map[string]int {
	of := make(map[string]int)
	for i := range from.Jobs {
		owner := from.Jobs[i].Owner
		if _, known := of[owner]; known {
			continue
		}
		name := m.queue(owner)
		at := slices.Index(c.Queues, name)
		if at < 0 {
			at = len(c.Queues)
			c.Queues = append(c.Queues, name)
		}
		of[owner] = at
	}
	c.QueueNames = valid(c.Queues, c.Queues)
	return of
}

func (c *Caps) nameClusters(from *model.Case, ix *model.Index, m *Mapping) {
	var clusters, pools, keys []string
	sites := make(map[string]string)
	for i := range from.Sites {
		clusters = append(clusters, m.cluster(from.Sites[i].Name))
	}
	names := valid(clusters, clusters)
	at := make(map[string]int)
	for i, name := range names {
		sites[from.Sites[i].Name] = name
		if _, known := at[name]; !known {
			at[name] = len(c.Clusters)
			c.Clusters = append(c.Clusters, Cluster{Name: name})
		}
	}
	var bases []int
	for i := range from.Pools {
		if ix.BasePool(i) == i {
			bases = append(bases, i)
			pools, keys = append(pools, m.pool(from.Pools[i].Name).Name), append(keys, from.Pools[i].Name)
		}
	}
	names = valid(pools, keys)
	for k, i := range bases {
		v := &from.Pools[i]
		as := m.pool(v.Name)
		p := ClusterPool{Site: v.Site, Pool: v.Name, Name: names[k], NodeLabels: as.NodeLabels, NodeGroup: as.NodeGroup,
			Resources: m.resources(ix.KindOf(i), c.target), position: i}
		if p.NodeLabels == nil {
			p.NodeLabels = []Label{{"wattbit-pool", p.Name}}
		}
		for l := range from.Pools {
			if l != i && ix.BasePool(l) == i {
				p.Levels, p.levels = append(p.Levels, from.Pools[l].Name), append(p.levels, l)
			}
		}
		cluster := &c.Clusters[at[sites[v.Site]]]
		cluster.Pools = append(cluster.Pools, p)
	}
	c.Clusters = slices.DeleteFunc(c.Clusters, func(v Cluster) bool { return len(v.Pools) == 0 })
}

// cut makes the windows and returns that of each period.
func (c *Caps) cut(from *model.Case, windowH float64) []int {
	var of []int
	at, length := from.Horizon.Start.UTC(), 0.0
	since := 0.0
	for t, h := range from.Horizon.Hours() {
		begin := at.Add(hours(since))
		if t == 0 || length >= windowH-1e-9 {
			c.Windows = append(c.Windows, Window{From: begin})
			length = 0
		}
		length += h
		since += h
		of = append(of, len(c.Windows)-1)
		c.Windows[len(c.Windows)-1].To = at.Add(hours(since))
	}
	return of
}

func hours(h float64) time.Duration {
	return time.Duration(math.Round(h*3600)) * time.Second
}

// merge joins windows in a row in which everything is the same.
func (c *Caps) merge() {
	kept := 0
	for w := 1; w < len(c.Windows); w++ {
		same := true
		for _, units := range [][]int{c.caps, c.planned, c.levels} {
			row := len(units) / len(c.Windows)
			same = same && slices.Equal(units[kept*row:(kept+1)*row], units[w*row:(w+1)*row])
		}
		if same {
			c.Windows[kept].To = c.Windows[w].To
			continue
		}
		kept++
		c.Windows[kept] = c.Windows[w]
		for _, units := range [][]int{c.caps, c.planned, c.levels} {
			row := len(units) / len(c.Windows)
			copy(units[kept*row:(kept+1)*row], units[w*row:(w+1)*row])
		}
	}
	c.Windows = c.Windows[:kept+1]
}

// file is the name of a window's file without its ending.
func (c *Caps) file(window int) string {
	digits := len(strconv.Itoa(len(c.Windows) - 1))
	return fmt.Sprintf("window-%0*d", max(digits, 2), window)
}
