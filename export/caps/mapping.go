package caps

import (
	"strings"

	"github.com/wattbit/wattbit/model"
)

// MappingFormat is the version of the format of mapping files.
const MappingFormat = "wattbit-caps/1"

// Mapping says what pools, sites and owners are to a scheduler. What it does not name
// keeps its defaults.
type Mapping struct {
	// Format is MappingFormat.
	Format string `json:"format"`
	// About says in a line what the mapping is for.
	About string `json:"about,omitempty"`
	// Kinds of pools, and what a unit of each is. Default: a unit of a kind that
	// begins with gpu is a GPU, one of a kind that begins with cpu, or of none, a
	// core.
	Kinds []Kind `json:"kinds,omitempty"`
	// Sites and the cluster that each belongs to. Default: each is a cluster of its
	// own, by its name.
	Sites []Site `json:"sites,omitempty"`
	// Pools and what they are called. Default: by their name.
	Pools []Pool `json:"pools,omitempty"`
	// Queues of owners. Default: by the owner's name.
	Queues []Queue `json:"queues,omitempty"`
	// DefaultQueue of jobs without an owner. Default: unowned.
	DefaultQueue string `json:"default_queue,omitempty"`
	// KueueVersion of Kueue's objects, v1beta1 or v1beta2. Default: v1beta2.
	KueueVersion string `json:"kueue_version,omitempty"`
}

// Kind is what a unit of a kind of pool is.
type Kind struct {
	Kind      string     `json:"kind"`
	Resources []Resource `json:"resources"`
}

// Resource is a part of a unit.
type Resource struct {
	// Name as the scheduler has it: nvidia.com/gpu, cpu, memory; for Slurm a TRES
	// such as gres/gpu, cpu, mem.
	Name string `json:"name"`
	// PerUnit is a whole number, for Kubernetes with a suffix where it has one, as in
	// 128Gi or 500m.
	PerUnit string `json:"per_unit"`
}

// Site is the cluster of a site.
type Site struct {
	Site    string `json:"site"`
	Cluster string `json:"cluster"`
}

// Pool is what a pool is called.
type Pool struct {
	Pool string `json:"pool"`
	// Name of the flavor (Kueue), or the part of a queue's name (Volcano, Slurm).
	Name string `json:"name,omitempty"`
	// NodeLabels of the pool's nodes: of Kueue's flavor. Default: wattbit-pool
	// with the pool's name as it is written for Kubernetes.
	NodeLabels []Label `json:"node_labels,omitempty"`
	// NodeGroup of the pool's nodes, to which Volcano's queue is bound. Left out: it
	// is not.
	NodeGroup string `json:"node_group,omitempty"`
}

// Label of nodes.
type Label struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Queue of an owner.
type Queue struct {
	Owner string `json:"owner"`
	Queue string `json:"queue"`
}

const maxMappingBytes = 1 << 20

// ReadMapping reads a mapping file. The error is model.Findings.
func ReadMapping(file string, text []byte) (*Mapping, error) {
	m := new(Mapping)
	if len(text) > maxMappingBytes {
		return nil, model.Findings{{File: file, Problem: "is larger than a mapping can be", Remedy: "give at most 1 MiB"}}
	}
	if err := model.ReadDocument(file, text, m); err != nil {
		return nil, err
	}
	if m.Format != MappingFormat {
		return nil, model.Findings{{File: file, Field: "format", Problem: "is not a version that is known", Remedy: "write " + MappingFormat}}
	}
	return m, nil
}

// resources of a unit of a kind; nil where nothing says them.
func (m *Mapping) resources(kind string, target Target) []Resource {
	for i := range m.Kinds {
		if m.Kinds[i].Kind == kind {
			return m.Kinds[i].Resources
		}
	}
	switch {
	case strings.HasPrefix(kind, "gpu") && target == Slurm:
		return []Resource{{"gres/gpu", "1"}}
	case strings.HasPrefix(kind, "gpu"):
		return []Resource{{"nvidia.com/gpu", "1"}}
	case strings.HasPrefix(kind, "cpu"), kind == "":
		return []Resource{{"cpu", "1"}}
	}
	return nil
}

func (m *Mapping) cluster(site string) string {
	for i := range m.Sites {
		if m.Sites[i].Site == site {
			return m.Sites[i].Cluster
		}
	}
	return site
}

func (m *Mapping) pool(name string) Pool {
	out := Pool{Pool: name}
	for i := range m.Pools {
		if m.Pools[i].Pool == name {
			out = m.Pools[i]
		}
	}
	if out.Name == "" {
		out.Name = name
	}
	return out
}

func (m *Mapping) queue(owner string) string {
	for i := range m.Queues {
		if m.Queues[i].Owner == owner {
			return m.Queues[i].Queue
		}
	}
	switch {
	case owner != "":
		return owner
	case m.DefaultQueue != "":
		return m.DefaultQueue
	}
	return "unowned"
}
