package caps

import (
	"encoding/csv"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"
)

// File is one file to be written, by its path below the folder, with slashes.
type File struct {
	Path  string
	Write func(io.Writer) error
}

// IndexFile says from when to when each file holds, TableFile has the caps as a table.
const (
	IndexFile = "index.csv"
	TableFile = "caps.csv"
)

// Files lists what is to be written: for each cluster what it needs once, and a file
// for each window; the caps as a table; and the index of all.
func (c *Caps) Files() ([]File, error) {
	var out []File
	setup, window, ending := c.kueueSetup, c.kueueWindow, ".yaml"
	switch c.target {
	case Volcano:
		setup, window = nil, c.volcanoWindow
	case Slurm:
		setup, window, ending = c.slurmSetup, c.slurmWindow, ".sh"
	case Kueue:
		if err := c.checkKueue(); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("caps: no scheduler %q", c.target)
	}
	add := func(name string, text []byte, err error) error {
		if err != nil {
			return fmt.Errorf("caps: %s: %w", name, err)
		}
		out = append(out, File{name, func(w io.Writer) error { _, err := w.Write(text); return err }})
		return nil
	}
	for k := range c.Clusters {
		cluster := &c.Clusters[k]
		if setup != nil {
			text, err := setup(cluster)
			if err := add(path.Join(cluster.Name, "setup"+ending), text, err); err != nil {
				return nil, err
			}
		}
		for w := range c.Windows {
			text, err := window(cluster, w)
			if err := add(path.Join(cluster.Name, c.file(w)+ending), text, err); err != nil {
				return nil, err
			}
		}
	}
	out = append(out, File{TableFile, c.writeTable})
	return append(out, File{IndexFile, func(w io.Writer) error { return c.writeIndex(w, ending) }}), nil
}

func (c *Caps) writeIndex(w io.Writer, ending string) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"from", "to", "cluster", "file", "power_levels"})
	for at, window := range c.Windows {
		for k := range c.Clusters {
			name := c.Clusters[k].Name
			_ = out.Write([]string{window.From.Format(time.RFC3339), window.To.Format(time.RFC3339), name, path.Join(name, c.file(at)+ending), c.powerLevels(&c.Clusters[k], at)})
		}
	}
	out.Flush()
	return out.Error()
}

// powerLevels says how many units of the pools with power levels jobs hold at which, as
// in "Hall low=40; Hall=0", where Hall is the base's own clock.
func (c *Caps) powerLevels(cluster *Cluster, window int) string {
	var out []string
	say := func(name string, position int) {
		out = append(out, fmt.Sprintf("%s=%d", name, c.levels[window*c.pools+position]))
	}
	for i := range cluster.Pools {
		p := &cluster.Pools[i]
		for k, name := range p.Levels {
			say(name, p.levels[k])
		}
		if len(p.Levels) > 0 {
			say(p.Pool, p.position)
		}
	}
	return strings.Join(out, "; ")
}

func (c *Caps) writeTable(w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"from", "to", "cluster", "site", "pool", "pool_name", "queue", "queue_name", "units", "planned_units"})
	for at, window := range c.Windows {
		for k := range c.Clusters {
			for i := range c.Clusters[k].Pools {
				p := &c.Clusters[k].Pools[i]
				for q := range c.Queues {
					_ = out.Write([]string{window.From.Format(time.RFC3339), window.To.Format(time.RFC3339), c.Clusters[k].Name, p.Site, p.Pool, p.Name,
						c.Queues[q], c.QueueNames[q], strconv.Itoa(c.Units(at, q, p)), strconv.Itoa(c.PlannedUnits(at, q, p))})
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

// pairs returns a name for each queue and pool of a cluster: [queue][pool].
func (c *Caps) pairs(cluster *Cluster) [][]string {
	var wanted, keys []string
	for q := range c.Queues {
		for i := range cluster.Pools {
			wanted = append(wanted, c.QueueNames[q]+"-"+cluster.Pools[i].Name)
			keys = append(keys, c.QueueNames[q]+"/"+cluster.Pools[i].Name)
		}
	}
	names := valid(wanted, keys)
	out := make([][]string, len(c.Queues))
	for q := range out {
		out[q] = names[q*len(cluster.Pools) : (q+1)*len(cluster.Pools)]
	}
	return out
}
