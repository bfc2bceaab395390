package caps

// Kueue: a ClusterQueue for each queue, a ResourceFlavor for each pool, nominalQuota
// the cap. Fields and limits are those of the types of kueue.x-k8s.io/v1beta2
// (apis/kueue/v1beta2/clusterqueue_types.go and resourceflavor_types.go of
// kubernetes-sigs/kueue); v1beta1 has the same under the same names.
//
// A resource belongs to one resource group, and each flavor of a group lists all the
// resources of it. So pools that share a resource are in one group, and a pool has none
// of a resource that only others of its group have.

import (
	"fmt"
	"slices"
)

type kueueQueue struct {
	APIVersion string         `yaml:"apiVersion"`
	Kind       string         `yaml:"kind"`
	Metadata   metadata       `yaml:"metadata"`
	Spec       kueueQueueSpec `yaml:"spec"`
}

type kueueQueueSpec struct {
	// NamespaceSelector is empty: all namespaces may use the queue.
	NamespaceSelector struct{}     `yaml:"namespaceSelector"`
	ResourceGroups    []kueueGroup `yaml:"resourceGroups"`
}

type kueueGroup struct {
	CoveredResources []string      `yaml:"coveredResources"`
	Flavors          []kueueFlavor `yaml:"flavors"`
}

type kueueFlavor struct {
	Name      string       `yaml:"name"`
	Resources []kueueQuota `yaml:"resources"`
}

type kueueQuota struct {
	Name         string `yaml:"name"`
	NominalQuota string `yaml:"nominalQuota"`
}

type kueueFlavorObject struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   metadata `yaml:"metadata"`
	Spec       struct {
		NodeLabels map[string]string `yaml:"nodeLabels"`
	} `yaml:"spec"`
}

// Limits of Kueue on a ClusterQueue.
const (
	kueueGroups    = 16
	kueueResources = 64
	kueueFlavors   = 64
)

// kueuePools is a resource group: its resources, and its pools by position in the
// cluster.
type kueuePools struct {
	resources []string
	pools     []int
}

// groups joins the pools of a cluster that share a resource, in the order of the case.
func (c *Cluster) groups() []kueuePools {
	var out []kueuePools
	for i := range c.Pools {
		mine := kueuePools{pools: []int{i}}
		for _, r := range c.Pools[i].Resources {
			mine.resources = append(mine.resources, r.Name)
		}
		var rest []kueuePools
		for _, g := range out {
			if !slices.ContainsFunc(g.resources, func(r string) bool { return slices.Contains(mine.resources, r) }) {
				rest = append(rest, g)
				continue
			}
			for _, r := range mine.resources {
				if !slices.Contains(g.resources, r) {
					g.resources = append(g.resources, r)
				}
			}
			mine = kueuePools{g.resources, append(g.pools, mine.pools...)}
		}
		out = append(rest, mine)
	}
	for k := range out {
		slices.Sort(out[k].pools)
	}
	slices.SortFunc(out, func(a, b kueuePools) int { return a.pools[0] - b.pools[0] })
	return out
}

// checkKueue refuses what no ClusterQueue can hold.
func (c *Caps) checkKueue() error {
	for k := range c.Clusters {
		groups := c.Clusters[k].groups()
		if len(groups) > kueueGroups {
			return fmt.Errorf("caps: cluster %s has pools of %d resources that no pool has together; Kueue takes %d resource groups; map sites to more clusters",
				c.Clusters[k].Name, len(groups), kueueGroups)
		}
		for _, g := range groups {
			if len(g.pools) > kueueFlavors || len(g.resources) > kueueResources {
				return fmt.Errorf("caps: cluster %s has %d pools with %d resources in a group; Kueue takes %d flavors and %d resources; map sites to more clusters",
					c.Clusters[k].Name, len(g.pools), len(g.resources), kueueFlavors, kueueResources)
			}
		}
	}
	return nil
}

func (c *Caps) kueueAPI() string { return "kueue.x-k8s.io/" + c.kueue }

func (c *Caps) kueueSetup(cluster *Cluster) ([]byte, error) {
	var objects []kueueFlavorObject
	for i := range cluster.Pools {
		p := &cluster.Pools[i]
		o := kueueFlavorObject{APIVersion: c.kueueAPI(), Kind: "ResourceFlavor", Metadata: metadata{p.Name, managed}}
		o.Spec.NodeLabels = make(map[string]string)
		for _, l := range p.NodeLabels {
			o.Spec.NodeLabels[l.Name] = l.Value
		}
		objects = append(objects, o)
	}
	return documents("A flavor for each pool of "+cluster.Name+".", objects)
}

func (c *Caps) kueueWindow(cluster *Cluster, window int) ([]byte, error) {
	groups := cluster.groups()
	var objects []kueueQueue
	for q, name := range c.QueueNames {
		o := kueueQueue{APIVersion: c.kueueAPI(), Kind: "ClusterQueue", Metadata: metadata{name, managed}}
		for _, g := range groups {
			group := kueueGroup{CoveredResources: g.resources}
			for _, i := range g.pools {
				p := &cluster.Pools[i]
				flavor := kueueFlavor{Name: p.Name}
				for _, r := range g.resources {
					quota := kueueQuota{r, "0"}
					for _, own := range p.Resources {
						if own.Name != r {
							continue
						}
						var err error
						if quota.NominalQuota, err = times(own.PerUnit, c.Units(window, q, p), Kueue); err != nil {
							return nil, err
						}
					}
					flavor.Resources = append(flavor.Resources, quota)
				}
				group.Flavors = append(group.Flavors, flavor)
			}
			o.Spec.ResourceGroups = append(o.Spec.ResourceGroups, group)
		}
		objects = append(objects, o)
	}
	return documents(c.about(window), objects)
}
