package caps

// Volcano: a Queue for each queue and pool, capability the cap. Fields are those of the
// resource definition of queues.scheduling.volcano.sh, version v1beta1
// (config/crd/volcano/bases/scheduling.volcano.sh_queues.yaml of volcano-sh/volcano).
// The weight must be above 0; where capability binds, it decides nothing.

type volcanoQueue struct {
	APIVersion string      `yaml:"apiVersion"`
	Kind       string      `yaml:"kind"`
	Metadata   metadata    `yaml:"metadata"`
	Spec       volcanoSpec `yaml:"spec"`
}

type volcanoSpec struct {
	Weight      int               `yaml:"weight"`
	Reclaimable bool              `yaml:"reclaimable"`
	Capability  map[string]string `yaml:"capability"`
	Affinity    *volcanoAffinity  `yaml:"affinity,omitempty"`
}

type volcanoAffinity struct {
	NodeGroupAffinity struct {
		Required []string `yaml:"requiredDuringSchedulingIgnoredDuringExecution"`
	} `yaml:"nodeGroupAffinity"`
}

// leastOf is what stands for none: Volcano's scheduler takes a capability of 0 cores or
// bytes for one without a limit.
var leastOf = map[string]string{"cpu": "1m", "memory": "1"}

func (c *Caps) volcanoWindow(cluster *Cluster, window int) ([]byte, error) {
	names := c.pairs(cluster)
	var objects []volcanoQueue
	for q := range c.Queues {
		for i := range cluster.Pools {
			p := &cluster.Pools[i]
			o := volcanoQueue{APIVersion: "scheduling.volcano.sh/v1beta1", Kind: "Queue", Metadata: metadata{names[q][i], managed},
				Spec: volcanoSpec{Weight: 1, Capability: make(map[string]string)}}
			for _, r := range p.Resources {
				quantity, err := times(r.PerUnit, c.Units(window, q, p), Volcano)
				if err != nil {
					return nil, err
				}
				if least, ok := leastOf[r.Name]; ok && quantity == "0" {
					quantity = least
				}
				o.Spec.Capability[r.Name] = quantity
			}
			if p.NodeGroup != "" {
				o.Spec.Affinity = new(volcanoAffinity)
				o.Spec.Affinity.NodeGroupAffinity.Required = []string{p.NodeGroup}
			}
			objects = append(objects, o)
		}
	}
	return documents(c.about(window), objects)
}
