// Package engines is the table of engines by name: the one place that knows
// them all. A new engine is a package of its own and one line in table.
package engines

import (
	"fmt"
	"strings"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/cbc"
	"github.com/wattbit/wattbit/solver/highs"
)

// Default is the name of the engine that Open takes for an empty name.
const Default = "highs"

// engine is what the table asks of an engine beyond solving.
type engine interface {
	solver.Solver
	Path() string // of the library or program behind it
}

type entry struct {
	name        string
	description string
	open        func(path string) (engine, error)
}

func table() []entry {
	return []entry{
		{"highs", "HiGHS library, linear and mixed-integer, the default", opener(highs.Open)},
		{"cbc", "COIN-OR cbc program, linear and mixed-integer, a second opinion", opener(cbc.Open)},
	}
}

// opener turns the Open of an engine's package into that of the table. It keeps
// a nil pointer from becoming an interface that is not nil.
func opener[E engine](open func(path string) (E, error)) func(path string) (engine, error) {
	return func(path string) (engine, error) {
		e, err := open(path)
		if err != nil {
			return nil, err
		}
		return e, nil
	}
}

// Names returns the names of all engines, the default first.
func Names() []string {
	var names []string
	for _, e := range table() {
		names = append(names, e.name)
	}
	return names
}

// Open opens an engine by name, Default where the name is empty. The path says
// where its library or program is; empty means the engine's own search.
func Open(name, path string) (solver.Solver, error) {
	if name == "" {
		name = Default
	}
	for _, e := range table() {
		if e.name == name {
			return e.open(path)
		}
	}
	return nil, fmt.Errorf("engines: no engine %q; there are %s", name, strings.Join(Names(), ", "))
}

// Info describes an engine on this machine.
type Info struct {
	Name        string
	Description string
	Available   bool
	Version     string // where available
	Path        string // of its library or program, where available
	Problem     error  // why it is not available
}

// List opens every engine once, in the order of the table, and says what it
// found.
func List() []Info {
	var infos []Info
	for _, e := range table() {
		info := Info{Name: e.name, Description: e.description}
		if opened, err := e.open(""); err != nil {
			info.Problem = err
		} else {
			info.Available, info.Version, info.Path = true, opened.Version(), opened.Path()
		}
		infos = append(infos, info)
	}
	return infos
}
