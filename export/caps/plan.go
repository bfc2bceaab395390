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
	units  []int  // (window*queues + queue)*pools + pool
	pools  int
}

// Window is a time in which caps hold.
type Window struct{ From, To time.Time }

// Cluster is what one scheduler runs.
type Cluster struct {
	// Name as written: the folder of its files.
	Name  string
	Pools []ClusterPool
}

// ClusterPool is a pool of a cluster.
type ClusterPool struct {
	Site, Pool string
	// Name as written.
	Name       string
	NodeLabels []Label
	NodeGroup  string
	Resources  []Resource

	position int // in the case
}

// Units is the cap of a queue in a pool during a window.
func (c *Caps) Units(window, queue int, p *ClusterPool) int {
	return c.units[(window*len(c.Queues)+queue)*c.pools+p.position]
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
	if findings := m.check(c, target); len(findings) > 0 {
		return nil, findings
	}
	out := &Caps{target: target, kueue: m.KueueVersion, pools: len(c.Pools)}
	if out.kueue == "" {
		out.kueue = "v1beta2"
	}
	queueOf := out.nameQueues(c, m)
	out.nameClusters(c, m)
	window := out.cut(c, windowH)

	held := make([]float64, len(c.Horizon.Hours())*len(out.Queues)*out.pools)
	ix := c.Index()
	for r := range rows.Periods {
		queue := queueOf[c.Jobs[ix.Jobs[r.Job]].Owner]
		held[(r.Period*len(out.Queues)+queue)*out.pools+ix.Pools[r.Pool]] += r.HeldUnits
	}
	out.units = make([]int, len(out.Windows)*len(out.Queues)*out.pools)
	row := len(out.Queues) * out.pools
	for t, w := range window {
		for k, v := range held[t*row : (t+1)*row] {
			n := math.Ceil(v - wholeSlack)
			if !(n < 1<<31) {
				return nil, fmt.Errorf("caps: queue %s holds %v units", out.Queues[k/out.pools], v)
			}
			at := &out.units[w*row+k]
			*at = max(*at, int(n))
		}
	}
	out.merge()
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

func (c *Caps) nameClusters(from *model.Case, m *Mapping) {
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
	for i := range from.Pools {
		pools, keys = append(pools, m.pool(from.Pools[i].Name).Name), append(keys, from.Pools[i].Name)
	}
	names = valid(pools, keys)
	for i := range from.Pools {
		v := &from.Pools[i]
		as := m.pool(v.Name)
		p := ClusterPool{Site: v.Site, Pool: v.Name, Name: names[i], NodeLabels: as.NodeLabels, NodeGroup: as.NodeGroup,
			Resources: m.resources(v.Kind, c.target), position: i}
		if p.NodeLabels == nil {
			p.NodeLabels = []Label{{"wattbit-pool", p.Name}}
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

// merge joins windows in a row with the same caps.
func (c *Caps) merge() {
	row := len(c.Queues) * c.pools
	kept := 0
	for w := 1; w < len(c.Windows); w++ {
		before, now := c.units[kept*row:(kept+1)*row], c.units[w*row:(w+1)*row]
		if slices.Equal(before, now) {
			c.Windows[kept].To = c.Windows[w].To
			continue
		}
		kept++
		c.Windows[kept] = c.Windows[w]
		copy(c.units[kept*row:(kept+1)*row], now)
	}
	c.Windows = c.Windows[:min(kept+1, len(c.Windows))]
	c.units = c.units[:len(c.Windows)*row]
}

// file is the name of a window's file without its ending.
func (c *Caps) file(window int) string {
	digits := len(strconv.Itoa(len(c.Windows) - 1))
	return fmt.Sprintf("window-%0*d", max(digits, 2), window)
}
