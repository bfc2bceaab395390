package jobtrace

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// kubeObject is what is read of a batch/v1 Job and of a Kueue Workload.
type kubeObject struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Name              string            `json:"name"`
		Namespace         string            `json:"namespace"`
		UID               string            `json:"uid"`
		CreationTimestamp string            `json:"creationTimestamp"`
		Labels            map[string]string `json:"labels"`
		Annotations       map[string]string `json:"annotations"`
		OwnerReferences   []kubeOwner       `json:"ownerReferences"`
	} `json:"metadata"`
	Spec struct {
		// Of a Job.
		Parallelism           *int64  `json:"parallelism"`
		Completions           *int64  `json:"completions"`
		ActiveDeadlineSeconds *int64  `json:"activeDeadlineSeconds"`
		Template              kubePod `json:"template"`
		// Of a Workload.
		QueueName                   string       `json:"queueName"`
		PriorityClassName           string       `json:"priorityClassName"`
		PriorityClassRef            kubeNamed    `json:"priorityClassRef"`
		Active                      *bool        `json:"active"`
		MaximumExecutionTimeSeconds *int64       `json:"maximumExecutionTimeSeconds"`
		PodSets                     []kubePodSet `json:"podSets"`
	} `json:"spec"`
	Status struct {
		StartTime      string          `json:"startTime"`
		CompletionTime string          `json:"completionTime"`
		Conditions     []kubeCondition `json:"conditions"`
		Admission      struct {
			ClusterQueue      string `json:"clusterQueue"`
			PodSetAssignments []struct {
				Flavors map[string]string `json:"flavors"`
			} `json:"podSetAssignments"`
		} `json:"admission"`
	} `json:"status"`
}

type kubeNamed struct {
	Name string `json:"name"`
}

type kubeOwner struct {
	UID string `json:"uid"`
}

type kubePodSet struct {
	Count    *int64  `json:"count"`
	Template kubePod `json:"template"`
}

type kubePod struct {
	Spec struct {
		PriorityClassName string          `json:"priorityClassName"`
		Containers        []kubeContainer `json:"containers"`
	} `json:"spec"`
}

type kubeContainer struct {
	Resources struct {
		Requests map[string]kubeAmount `json:"requests"`
		Limits   map[string]kubeAmount `json:"limits"`
	} `json:"resources"`
}

// kubeAmount is a quantity, which JSON holds as text or as a number.
type kubeAmount string

func (a *kubeAmount) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		var s string
		if err := json.Unmarshal(text, &s); err != nil {
			return err
		}
		*a = kubeAmount(s)
		return nil
	}
	*a = kubeAmount(text)
	return nil
}

type kubeCondition struct {
	Type               string `json:"type"`
	Status             string `json:"status"`
	Reason             string `json:"reason"`
	LastTransitionTime string `json:"lastTransitionTime"`
}

// since returns when a condition became true, "" when it is not.
func (o *kubeObject) since(condition string) string {
	for _, c := range o.Status.Conditions {
		if c.Type == condition && c.Status == "True" {
			return c.LastTransitionTime
		}
	}
	return ""
}

// state is pending, running, succeeded, failed or inactive. A Workload says
// whether it succeeded in the reason of its condition Finished.
func (o *kubeObject) state() string {
	reason := ""
	for _, c := range o.Status.Conditions {
		if c.Type == "Finished" && c.Status == "True" {
			reason = c.Reason
		}
	}
	switch {
	case o.since("Failed") != "" || strings.Contains(reason, "Fail"):
		return "failed"
	case o.since("Complete") != "" || o.Status.CompletionTime != "" || o.since("Finished") != "":
		return "succeeded"
	case o.Spec.Active != nil && !*o.Spec.Active:
		return "inactive"
	case o.Status.StartTime != "" || o.since("Admitted") != "":
		return "running"
	}
	return "pending"
}

// flavor is that of Kueue in which a workload was admitted: of its GPUs, else of its
// cores, else of its first resource by name.
func (o *kubeObject) flavor() string {
	for i := range o.Status.Admission.PodSetAssignments {
		of := o.Status.Admission.PodSetAssignments[i].Flavors
		names := append([]string{"nvidia.com/gpu", "amd.com/gpu", "cpu"}, slices.Sorted(maps.Keys(of))...)
		for _, name := range names {
			if of[name] != "" {
				return of[name]
			}
		}
	}
	return ""
}

// requests returns what all pods that run at once ask for, by resource, and
// their number as pods.
func (o *kubeObject) requests() (map[string]float64, error) {
	total := make(map[string]float64)
	add := func(pods float64, pod *kubePod) error {
		total["pods"] += pods
		for i := range pod.Spec.Containers {
			// A request that is left out is the limit.
			ask := maps.Clone(pod.Spec.Containers[i].Resources.Limits)
			if ask == nil {
				ask = map[string]kubeAmount{}
			}
			maps.Copy(ask, pod.Spec.Containers[i].Resources.Requests)
			for _, name := range slices.Sorted(maps.Keys(ask)) {
				v, ok := resource(string(ask[name]))
				if !ok {
					return &rowError{column: "resources." + name, reason: "is not a quantity", text: string(ask[name])}
				}
				total[name] += pods * v
			}
		}
		return nil
	}
	for i := range o.Spec.PodSets {
		pods := int64(1)
		if n := o.Spec.PodSets[i].Count; n != nil {
			pods = *n
		}
		if err := add(float64(pods), &o.Spec.PodSets[i].Template); err != nil {
			return nil, err
		}
	}
	if len(o.Spec.PodSets) > 0 {
		return total, nil
	}
	pods := int64(1)
	if o.Spec.Parallelism != nil {
		pods = *o.Spec.Parallelism
	}
	if n := o.Spec.Completions; n != nil && *n < pods {
		pods = *n
	}
	return total, add(float64(pods), &o.Spec.Template)
}
