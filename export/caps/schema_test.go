package caps

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The structures below are those that the schedulers document, written down from their
// definitions and apart from the code that writes files: unknown fields are errors.

var (
	// labelForm is RFC 1123; subdomainForm the pattern that Kueue puts on names.
	labelForm     = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	subdomainForm = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	// quantityPattern is that of the resource definitions of both.
	quantityPattern = regexp.MustCompile(`^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$`)
)

type objectMeta struct {
	Name        string            `yaml:"name"`
	Namespace   string            `yaml:"namespace"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

// clusterQueue is ClusterQueue of kueue.x-k8s.io/v1beta2, as far as quotas go, with the
// other fields of its spec by name.
type clusterQueue struct {
	APIVersion string     `yaml:"apiVersion"`
	Kind       string     `yaml:"kind"`
	Metadata   objectMeta `yaml:"metadata"`
	Spec       struct {
		ResourceGroups []struct {
			CoveredResources []string `yaml:"coveredResources"`
			Flavors          []struct {
				Name      string `yaml:"name"`
				Resources []struct {
					Name           string  `yaml:"name"`
					NominalQuota   *string `yaml:"nominalQuota"`
					BorrowingLimit *string `yaml:"borrowingLimit"`
					LendingLimit   *string `yaml:"lendingLimit"`
				} `yaml:"resources"`
			} `yaml:"flavors"`
		} `yaml:"resourceGroups"`
		CohortName        string `yaml:"cohortName"`
		QueueingStrategy  string `yaml:"queueingStrategy"`
		NamespaceSelector *struct {
			MatchLabels map[string]string `yaml:"matchLabels"`
		} `yaml:"namespaceSelector"`
		FlavorFungibility map[string]string `yaml:"flavorFungibility"`
		Preemption        map[string]any    `yaml:"preemption"`
		StopPolicy        string            `yaml:"stopPolicy"`
		FairSharing       map[string]any    `yaml:"fairSharing"`
	} `yaml:"spec"`
}

// resourceFlavor is ResourceFlavor of kueue.x-k8s.io/v1beta2.
type resourceFlavor struct {
	APIVersion string     `yaml:"apiVersion"`
	Kind       string     `yaml:"kind"`
	Metadata   objectMeta `yaml:"metadata"`
	Spec       struct {
		NodeLabels      map[string]string   `yaml:"nodeLabels"`
		NodeTaints      []map[string]string `yaml:"nodeTaints"`
		Tolerations     []map[string]string `yaml:"tolerations"`
		TopologyName    string              `yaml:"topologyName"`
		ResourceWeights map[string]string   `yaml:"resourceWeights"`
	} `yaml:"spec"`
}

// queue is Queue of scheduling.volcano.sh/v1beta1.
type queue struct {
	APIVersion string     `yaml:"apiVersion"`
	Kind       string     `yaml:"kind"`
	Metadata   objectMeta `yaml:"metadata"`
	Spec       struct {
		Weight      int32             `yaml:"weight"`
		Capability  map[string]string `yaml:"capability"`
		Deserved    map[string]string `yaml:"deserved"`
		Reclaimable *bool             `yaml:"reclaimable"`
		Priority    int32             `yaml:"priority"`
		Parent      string            `yaml:"parent"`
		Type        string            `yaml:"type"`
		Guarantee   struct {
			Resource map[string]string `yaml:"resource"`
		} `yaml:"guarantee"`
		Affinity *struct {
			NodeGroupAffinity     nodeGroups `yaml:"nodeGroupAffinity"`
			NodeGroupAntiAffinity nodeGroups `yaml:"nodeGroupAntiAffinity"`
		} `yaml:"affinity"`
	} `yaml:"spec"`
}

type nodeGroups struct {
	Preferred []string `yaml:"preferredDuringSchedulingIgnoredDuringExecution"`
	Required  []string `yaml:"requiredDuringSchedulingIgnoredDuringExecution"`
}

// decoded reads every document of a file strictly.
func decoded[T any](t *testing.T, name, text string) []T {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(text))
	d.KnownFields(true)
	var out []T
	for {
		var v T
		if err := d.Decode(&v); errors.Is(err, io.EOF) {
			return out
		} else if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		out = append(out, v)
	}
}

// mixed makes GPU pools that also hold cores, so that all pools are in one group.
func mixed() *Mapping {
	return &Mapping{
		Kinds: []Kind{{"gpu", []Resource{{"nvidia.com/gpu", "1"}, {"cpu", "16"}}}},
		Sites: []Site{{"East", "main"}, {"West", "main"}},
		Pools: []Pool{{Pool: "Q", NodeGroup: "west"}},
	}
}

// checkQueue holds a ClusterQueue against the rules that Kueue puts on it.
func checkQueue(t *testing.T, q *clusterQueue, flavors []string) {
	t.Helper()
	if q.APIVersion != "kueue.x-k8s.io/v1beta2" || q.Kind != "ClusterQueue" || !subdomainForm.MatchString(q.Metadata.Name) || q.Metadata.Namespace != "" {
		t.Errorf("header %s %s %+v", q.APIVersion, q.Kind, q.Metadata)
	}
	if q.Spec.NamespaceSelector == nil || len(q.Spec.NamespaceSelector.MatchLabels) > 0 {
		t.Error("not every namespace may use the queue")
	}
	if n := len(q.Spec.ResourceGroups); n < 1 || n > 16 {
		t.Errorf("%d resource groups", n)
	}
	var resources, named []string
	for _, g := range q.Spec.ResourceGroups {
		if len(g.CoveredResources) < 1 || len(g.CoveredResources) > 64 || len(g.Flavors) < 1 || len(g.Flavors) > 64 {
			t.Errorf("a group of %d resources and %d flavors", len(g.CoveredResources), len(g.Flavors))
		}
		for _, r := range g.CoveredResources {
			if slices.Contains(resources, r) {
				t.Errorf("%s is in two groups", r)
			}
			resources = append(resources, r)
		}
		for _, f := range g.Flavors {
			if slices.Contains(named, f.Name) || !slices.Contains(flavors, f.Name) {
				t.Errorf("flavor %s is in two groups, or is none", f.Name)
			}
			named = append(named, f.Name)
			var listed []string
			for _, r := range f.Resources {
				listed = append(listed, r.Name)
				if r.NominalQuota == nil || !quantityPattern.MatchString(*r.NominalQuota) || strings.HasPrefix(*r.NominalQuota, "-") {
					t.Errorf("a quota of %v", r.NominalQuota)
				}
				if r.BorrowingLimit != nil || r.LendingLimit != nil {
					t.Error("limits on borrowing without a cohort")
				}
			}
			if !slices.Equal(listed, g.CoveredResources) {
				t.Errorf("flavor %s lists %v, its group %v", f.Name, listed, g.CoveredResources)
			}
		}
	}
}

// TestKueueSchema: files hold what Kueue documents, by every rule that it puts on it.
func TestKueueSchema(t *testing.T) {
	for name, m := range map[string]*Mapping{"defaults": {}, "mixed": mixed()} {
		c := capsOf(t, m, Kueue, 0)
		files := texts(t, c)
		for k := range c.Clusters {
			var flavors []string
			for _, f := range decoded[resourceFlavor](t, name, files[c.Clusters[k].Name+"/setup.yaml"]) {
				if f.APIVersion != "kueue.x-k8s.io/v1beta2" || f.Kind != "ResourceFlavor" || !subdomainForm.MatchString(f.Metadata.Name) ||
					len(f.Spec.NodeLabels) < 1 || len(f.Spec.NodeLabels) > 8 {
					t.Errorf("%s: flavor %+v", name, f)
				}
				flavors = append(flavors, f.Metadata.Name)
			}
			if len(flavors) != len(c.Clusters[k].Pools) {
				t.Errorf("%s: flavors %v", name, flavors)
			}
			for w := range c.Windows {
				queues := decoded[clusterQueue](t, name, files[c.Clusters[k].Name+"/"+c.file(w)+".yaml"])
				if len(queues) != 3 {
					t.Fatalf("%s: %d queues", name, len(queues))
				}
				for i := range queues {
					checkQueue(t, &queues[i], flavors)
				}
			}
		}
	}
	// In hour 1 Research holds 6.5 GPUs, 7 in whole; the cores beside them are the
	// pool's too, and the pool of cores has none of a GPU.
	queues := decoded[clusterQueue](t, "mixed", texts(t, capsOf(t, mixed(), Kueue, 0))["main/window-01.yaml"])
	var got []string
	for _, f := range queues[0].Spec.ResourceGroups[0].Flavors {
		for _, r := range f.Resources {
			got = append(got, r.Name+"="+*r.NominalQuota)
		}
	}
	if want := "nvidia.com/gpu=7 cpu=112 nvidia.com/gpu=0 cpu=0 nvidia.com/gpu=0 cpu=0"; strings.Join(got, " ") != want || len(queues[0].Spec.ResourceGroups) != 1 {
		t.Errorf("quotas of research are %v, want %s", got, want)
	}
}

// TestVolcanoSchema: files hold what Volcano documents; none of a core is the least
// that is not taken for no limit.
func TestVolcanoSchema(t *testing.T) {
	c := capsOf(t, mixed(), Volcano, 0)
	files := texts(t, c)
	if _, ok := files["main/setup.yaml"]; ok {
		t.Error("Volcano needs no setup")
	}
	seen := map[string]string{}
	for w := range c.Windows {
		queues := decoded[queue](t, "volcano", files["main/"+c.file(w)+".yaml"])
		names := map[string]bool{}
		for _, q := range queues {
			if q.APIVersion != "scheduling.volcano.sh/v1beta1" || q.Kind != "Queue" || !labelForm.MatchString(q.Metadata.Name) || q.Spec.Weight < 1 ||
				q.Spec.Reclaimable == nil || names[q.Metadata.Name] {
				t.Errorf("queue %+v", q)
			}
			names[q.Metadata.Name] = true
			for r, v := range q.Spec.Capability {
				if !quantityPattern.MatchString(v) || (r == "cpu" || r == "memory") && v == "0" {
					t.Errorf("%s of %s is %q", r, q.Metadata.Name, v)
				}
			}
			if w == 1 {
				seen[q.Metadata.Name] = fmt.Sprint(q.Spec.Capability)
			}
			if bound := q.Spec.Affinity != nil; bound != strings.HasSuffix(q.Metadata.Name, "-q") {
				t.Errorf("%s is bound to nodes: %v", q.Metadata.Name, bound)
			}
		}
		if len(queues) != 3*3 {
			t.Errorf("%d queues", len(queues))
		}
	}
	if got := seen["research-"+marked("p-1", "P 1")]; got != "map[cpu:112 nvidia.com/gpu:7]" {
		t.Errorf("research may use %s", got)
	}
	if got := seen["research-q"]; got != "map[cpu:1m nvidia.com/gpu:0]" {
		t.Errorf("research may use %s in Q", got)
	}
}

// TestSlurmSchema: each line is a command as sacctmgr(1) has it, and each QOS that is
// modified is added before.
func TestSlurmSchema(t *testing.T) {
	add := regexp.MustCompile(`^\[ -n "\$\(sacctmgr -n -P show qos where name=([a-z0-9-]+) format=name\)" \] \|\| sacctmgr -i add qos name=([a-z0-9-]+)$`)
	modify := regexp.MustCompile(`^sacctmgr -i modify qos where name=([a-z0-9-]+) set GrpTRES=((?:[a-z]+(?:/[a-z]+)?=[0-9]+)(?:,[a-z]+(?:/[a-z]+)?=[0-9]+)*)$`)
	c := capsOf(t, &Mapping{Kinds: []Kind{{"gpu", []Resource{{"gres/gpu", "1"}, {"cpu", "16"}}}}}, Slurm, 0)
	files := texts(t, c)
	commands := func(name string) []string {
		lines := strings.Split(strings.TrimSpace(files[name]), "\n")
		if len(lines) < 4 || lines[0] != "#!/bin/sh" || !strings.HasPrefix(lines[1], "# ") || lines[2] != "set -eu" {
			t.Fatalf("%s:\n%s", name, files[name])
		}
		return lines[3:]
	}
	added := map[string]bool{}
	for _, line := range commands("east/setup.sh") {
		m := add.FindStringSubmatch(line)
		if m == nil || m[1] != m[2] || added[m[1]] {
			t.Fatalf("setup: %s", line)
		}
		added[m[1]] = true
	}
	limits := map[string]string{}
	for w := range c.Windows {
		lines := commands("east/" + c.file(w) + ".sh")
		if len(lines) != len(added) {
			t.Errorf("window %d sets %d of %d", w, len(lines), len(added))
		}
		for _, line := range lines {
			m := modify.FindStringSubmatch(line)
			if m == nil || !added[m[1]] {
				t.Fatalf("window %d: %s", w, line)
			}
			if w == 1 {
				limits[m[1]] = m[2]
			}
		}
	}
	gpu, cores := marked("p-1", "P 1"), marked("p-1", "P-1")
	for name, want := range map[string]string{"research-" + gpu: "gres/gpu=7,cpu=112", "sales-" + gpu: "gres/gpu=3,cpu=48", "unowned-" + cores: "cpu=0"} {
		if limits[name] != want {
			t.Errorf("%s may use %q, want %q", name, limits[name], want)
		}
	}
}
