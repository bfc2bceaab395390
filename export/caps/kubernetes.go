package caps

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// metadata of an object of Kubernetes.
type metadata struct {
	Name   string            `yaml:"name"`
	Labels map[string]string `yaml:"labels,omitempty"`
}

// managed marks the objects that we write, so that they can be listed.
var managed = map[string]string{"app.kubernetes.io/managed-by": "wattbit"}

// documents writes objects as one YAML file after a line that says what they are.
func documents[T any](about string, objects []T) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", about)
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	for i := range objects {
		if err := e.Encode(&objects[i]); err != nil {
			return nil, err
		}
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// about says when a window's file holds.
func (c *Caps) about(window int) string {
	w := c.Windows[window]
	return fmt.Sprintf("Caps from %s to %s.", w.From.Format(timeForm), w.To.Format(timeForm))
}

const timeForm = "2006-01-02T15:04:05Z07:00"
