package jobtrace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// kubeColumns are what a Kubernetes object is made to say, one column each.
// Resources are of all pods that run at once. Further columns are named
// label:KEY, annotation:KEY and request:RESOURCE.
// Sources: the API references of batch/v1 Job and of Kueue's Workload
// (kueue.x-k8s.io/v1beta1 and v1beta2).
var kubeColumns = []string{
	"kind", "namespace", "name", "queue", "cluster_queue", "priority_class", "flavor", "state", "listed",
	"created", "started", "finished", "deadline_s", "max_execution_s", "pods", "cpu", "memory_gb", "gpu",
}

// maxKubeObject bytes; the store behind Kubernetes takes about 1.5 MiB.
const maxKubeObject = 8 << 20

// kubernetesRows reads a list of objects as kubectl get -o json prints it, one
// object at a time.
type kubernetesRows struct {
	d     *json.Decoder
	text  *tailReader
	bound []string
	cells []string
	// single holds the object of a file that is no list.
	single *kubeObject
	list   bool
	ended  bool
	// seen are the identifiers of the objects so far, owners those of what they
	// belong to.
	seen, owners map[string]bool
}

func newKubernetesRows(r io.Reader) (*kubernetesRows, error) {
	text := &tailReader{r: r, line: 1}
	k := &kubernetesRows{d: json.NewDecoder(text), text: text, seen: map[string]bool{}, owners: map[string]bool{}}
	if token, err := k.d.Token(); err != nil || token != json.Delim('{') {
		return nil, fmt.Errorf("is not a JSON object as kubectl get -o json prints it: %w", orElse(err, errors.New("it begins otherwise")))
	}
	fields := map[string]json.RawMessage{}
	for k.d.More() {
		key, err := k.d.Token()
		if err != nil {
			return nil, k.fault(err)
		}
		if key == "items" {
			if token, err := k.d.Token(); err != nil || token != json.Delim('[') {
				return nil, errors.New("items is no list")
			}
			k.list = true
			return k, nil
		}
		var value json.RawMessage
		if err := k.d.Decode(&value); err != nil {
			return nil, k.fault(err)
		}
		fields[fmt.Sprint(key)] = value
	}
	// A single object, as kubectl get job NAME -o json prints it.
	whole, err := json.Marshal(fields)
	if err == nil {
		k.single = new(kubeObject)
		err = json.Unmarshal(whole, k.single)
	}
	if err != nil {
		return nil, k.fault(err)
	}
	return k, nil
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func (k *kubernetesRows) names() []string {
	return append(slices.Clone(kubeColumns), "label:KEY", "annotation:KEY", "request:RESOURCE")
}

func (k *kubernetesRows) zero() (time.Time, bool) { return time.Time{}, false }

func (k *kubernetesRows) bind(names []string) []bool {
	k.bound, k.cells = names, make([]string, len(names))
	has := make([]bool, len(names))
	for i, name := range names {
		prefix, rest, ok := strings.Cut(name, ":")
		has[i] = slices.Contains(kubeColumns, name) || ok && rest != "" && slices.Contains([]string{"label", "annotation", "request"}, prefix)
	}
	return has
}

func (k *kubernetesRows) next() (int, []string, error) {
	if k.ended {
		return k.text.line, nil, io.EOF
	}
	if !k.list {
		k.ended = true
		return k.row(k.text.line, k.single)
	}
	if !k.d.More() {
		k.ended = true
		if _, err := k.d.Token(); err != nil {
			return k.text.line, nil, k.fault(err)
		}
		return k.text.line, nil, io.EOF
	}
	line := k.text.lineAt(k.d.InputOffset())
	k.text.allow(k.d.InputOffset() + maxKubeObject)
	o := new(kubeObject)
	err := k.d.Decode(o)
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return line, nil, &rowError{column: mismatch.Field, reason: "has a value of the wrong kind", text: mismatch.Value}
	} else if err != nil {
		return line, nil, k.fault(err)
	}
	return k.row(line, o)
}

// row fills the cells of an object.
func (k *kubernetesRows) row(line int, o *kubeObject) (int, []string, error) {
	ask, err := o.requests()
	if err != nil {
		return line, nil, err
	}
	for i, name := range k.bound {
		k.cells[i] = k.cell(o, ask, name)
	}
	if o.Metadata.UID != "" {
		k.seen[o.Metadata.UID] = true
	}
	for _, owner := range o.Metadata.OwnerReferences {
		if owner.UID != "" {
			k.owners[owner.UID] = true
		}
	}
	return line, k.cells, nil
}

// listed says whether the job of a workload, or the workload of a job, came
// before: they are one piece of work.
func (k *kubernetesRows) listed(o *kubeObject) bool {
	return k.owners[o.Metadata.UID] || slices.ContainsFunc(o.Metadata.OwnerReferences, func(r kubeOwner) bool { return k.seen[r.UID] })
}

func (k *kubernetesRows) fault(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the text ends before the list does")
	}
	return fmt.Errorf("is not JSON as kubectl prints it: %w", err)
}

// cell returns what a column says of an object.
func (k *kubernetesRows) cell(o *kubeObject, ask map[string]float64, name string) string {
	switch name {
	case "kind":
		return o.Kind
	case "namespace":
		return o.Metadata.Namespace
	case "name":
		return o.Metadata.Name
	case "queue":
		if o.Spec.QueueName != "" {
			return o.Spec.QueueName
		}
		return o.Metadata.Labels["kueue.x-k8s.io/queue-name"]
	case "cluster_queue":
		return o.Status.Admission.ClusterQueue
	case "priority_class":
		return first(o.Spec.PriorityClassName, o.Spec.PriorityClassRef.Name, o.Metadata.Labels["kueue.x-k8s.io/priority-class"], o.Spec.Template.Spec.PriorityClassName)
	case "flavor":
		return o.flavor()
	case "state":
		return o.state()
	case "listed":
		return strconv.FormatBool(k.listed(o))
	case "created":
		return o.Metadata.CreationTimestamp
	case "started":
		return first(o.Status.StartTime, o.since("Admitted"))
	case "finished":
		return first(o.Status.CompletionTime, o.since("Finished"), o.since("Failed"))
	case "deadline_s":
		return integer(o.Spec.ActiveDeadlineSeconds)
	case "max_execution_s":
		return first(integer(o.Spec.MaximumExecutionTimeSeconds), o.Metadata.Labels["kueue.x-k8s.io/max-exec-time-seconds"])
	case "pods":
		return plain(ask["pods"])
	case "cpu":
		return plain(ask["cpu"])
	case "memory_gb":
		return plain(ask["memory"] / 1e9)
	case "gpu":
		return plain(ask["nvidia.com/gpu"] + ask["amd.com/gpu"])
	}
	prefix, key, _ := strings.Cut(name, ":")
	switch prefix {
	case "label":
		return o.Metadata.Labels[key]
	case "annotation":
		return o.Metadata.Annotations[key]
	}
	return plain(ask[key])
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func integer(v *int64) string {
	if v == nil {
		return ""
	}
	return strconv.FormatInt(*v, 10)
}

// plain writes a sum of resources, "" for none.
func plain(v float64) string {
	if v == 0 {
		return ""
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// tailReader keeps the text that was handed on and not yet passed over, to count
// lines, and ends reading when an object is too large.
type tailReader struct {
	r    io.Reader
	tail bytes.Buffer
	// passed bytes lie before the tail, which begins on line.
	passed int64
	line   int
	// most bytes that may be handed on, 0 before the first object.
	most int64
}

func (t *tailReader) Read(p []byte) (int, error) {
	given := t.passed + int64(t.tail.Len())
	if given > max(t.most, maxKubeObject) {
		return 0, fmt.Errorf("an object is larger than %d bytes", maxKubeObject)
	}
	n, err := t.r.Read(p)
	t.tail.Write(p[:n])
	return n, err
}

// allow lets reading go on to a position.
func (t *tailReader) allow(to int64) { t.most = to }

// lineAt passes over the text up to an offset and returns the line there, of the
// first thing that is not a blank or a comma.
func (t *tailReader) lineAt(offset int64) int {
	skipped := t.tail.Next(int(offset - t.passed))
	t.line += bytes.Count(skipped, []byte{'\n'})
	t.passed = offset
	line := t.line
	for _, b := range t.tail.Bytes() {
		switch b {
		case '\n':
			line++
		case ' ', '\t', '\r', ',':
		default:
			return line
		}
	}
	return line
}

// resource reads a Kubernetes quantity, as in 500m, 2, 1.5Gi or 1e3.
func resource(text string) (float64, bool) {
	suffixes := []struct {
		suffix string
		scale  float64
	}{
		{"Ki", 1 << 10}, {"Mi", 1 << 20}, {"Gi", 1 << 30}, {"Ti", 1 << 40}, {"Pi", 1 << 50}, {"Ei", 1 << 60},
		{"n", 1e-9}, {"u", 1e-6}, {"m", 1e-3}, {"k", 1e3}, {"M", 1e6}, {"G", 1e9}, {"T", 1e12}, {"P", 1e15}, {"E", 1e18},
	}
	scale := 1.0
	for _, s := range suffixes {
		if digits, ok := strings.CutSuffix(text, s.suffix); ok {
			text, scale = digits, s.scale
			break
		}
	}
	v, ok := number(text)
	return v * scale, ok && v >= 0 && !math.IsInf(v*scale, 0)
}
