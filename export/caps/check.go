package caps

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/wattbit/wattbit/model"
)

var (
	// kubernetesName is that of a resource or a label: a name, perhaps with the
	// domain of who gave it.
	kubernetesName = regexp.MustCompile(`^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`)
	labelValue     = regexp.MustCompile(`^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$`)
	// tresName is a type, and a name of its own where it has several.
	tresName = regexp.MustCompile(`^[a-z]+(/[A-Za-z0-9_.:-]+)?$`)
)

// check lists where a mapping does not fit a case.
func (m *Mapping) check(c *model.Case, ix *model.Index, target Target) model.Findings {
	var out model.Findings
	add := func(section, item, field, problem, remedy string) {
		out = append(out, model.Finding{Section: section, Item: item, Field: field, Problem: problem, Remedy: remedy})
	}
	once := func(section string, n int, name func(int) string) {
		seen := make(map[string]bool)
		for i := range n {
			if seen[name(i)] {
				add(section, name(i), "", "is named twice", "keep one")
			}
			seen[name(i)] = true
		}
	}
	once("kinds", len(m.Kinds), func(i int) string { return m.Kinds[i].Kind })
	once("sites", len(m.Sites), func(i int) string { return m.Sites[i].Site })
	once("pools", len(m.Pools), func(i int) string { return m.Pools[i].Pool })
	once("queues", len(m.Queues), func(i int) string { return m.Queues[i].Owner })
	for i := range m.Kinds {
		m.Kinds[i].check(add, target)
	}
	for i := range m.Sites {
		if s := &m.Sites[i]; !slices.ContainsFunc(c.Sites, func(v model.Site) bool { return v.Name == s.Site }) {
			add("sites", s.Site, "site", "is not in the case", "name a site of it")
		} else if s.Cluster == "" {
			add("sites", s.Site, "cluster", "is empty", "name a cluster")
		}
	}
	for i := range m.Pools {
		p := &m.Pools[i]
		if at, known := ix.Pools[p.Pool]; !known {
			add("pools", p.Pool, "pool", "is not in the case", "name a pool of it")
		} else if base := ix.BasePool(at); base != at {
			add("pools", p.Pool, "pool", "is a power level of "+c.Pools[base].Name, "name "+c.Pools[base].Name+": the machines are the same")
		}
		if len(p.NodeLabels) > 8 {
			add("pools", p.Pool, "node_labels", fmt.Sprintf("has %d labels", len(p.NodeLabels)), "give at most 8, as Kueue does")
		}
		for _, l := range p.NodeLabels {
			if !kubernetesName.MatchString(l.Name) || !labelValue.MatchString(l.Value) {
				add("pools", p.Pool, "node_labels", fmt.Sprintf("%s=%s is no label of Kubernetes", l.Name, l.Value), "see its documentation of labels")
			}
		}
	}
	for i := range m.Queues {
		if m.Queues[i].Queue == "" {
			add("queues", m.Queues[i].Owner, "queue", "is empty", "name a queue")
		}
	}
	if v := m.KueueVersion; v != "" && v != "v1beta1" && v != "v1beta2" {
		add("", "", "kueue_version", v+" is not known", "write v1beta1 or v1beta2")
	}
	for i := range c.Pools {
		kind := ix.KindOf(i)
		if ix.BasePool(i) == i && len(m.resources(kind, target)) == 0 && !slices.ContainsFunc(m.Kinds, func(k Kind) bool { return k.Kind == kind }) {
			add("kinds", kind, "", fmt.Sprintf("is missing: pool %s is of it", c.Pools[i].Name), "say in kinds what a unit of it is")
		}
	}
	return out
}

func (k *Kind) check(add func(section, item, field, problem, remedy string), target Target) {
	if len(k.Resources) == 0 {
		add("kinds", k.Kind, "resources", "is empty", "name at least one")
	}
	name, example := kubernetesName, "nvidia.com/gpu"
	if target == Slurm {
		name, example = tresName, "gres/gpu"
	}
	seen := make(map[string]bool)
	for _, r := range k.Resources {
		if !name.MatchString(r.Name) {
			add("kinds", k.Kind, "resources", fmt.Sprintf("%q is no name of a resource", r.Name), "write it as in "+example)
		}
		if seen[r.Name] {
			add("kinds", k.Kind, "resources", r.Name+" is named twice", "keep one")
		}
		seen[r.Name] = true
		if _, err := times(r.PerUnit, 1, target); err != nil {
			remedy := "give a whole number, perhaps with a suffix, as in 128Gi"
			if target == Slurm {
				remedy = "give a whole number"
			}
			add("kinds", k.Kind, "resources", fmt.Sprintf("%s: %q is no quantity", r.Name, r.PerUnit), remedy)
		}
	}
}
