package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/engines"
	"github.com/wattbit/wattbit/solver/highs"
)

// engineChoice is the engine that the flags ask for.
type engineChoice struct{ name, path string }

func (e *engineChoice) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "engine", Usage: "`ENGINE`: " + strings.Join(engines.Names(), " or "), Value: engines.Default, Destination: &e.name},
		&cli.StringFlag{Name: "engine-path", Usage: "`FILE` of the library or program of the engine (default: search the usual places)", Destination: &e.path},
	}
}

// check refuses a name that no engine has, before any work is done.
func (e *engineChoice) check() error { return oneOf("engine", e.name, engines.Names()) }

// openEngine loads the engine; the error says where it was looked for and how it
// is installed.
func (a *app) openEngine(e engineChoice) (solver.Solver, error) {
	s, err := a.open(e.name, e.path)
	if err != nil {
		err = fmt.Errorf("the engine %s cannot be loaded: %w", e.name, err)
		if missing := new(highs.NotFoundError); !errors.As(err, &missing) { // that one says it itself
			err = fmt.Errorf("%w\n%s", err, howToInstall(e.name))
		}
		return nil, err
	}
	a.log.Debug("opened engine", "engine", s.Name(), "version", s.Version(), "path", enginePath(s))
	return s, nil
}

func howToInstall(name string) string {
	if name == "cbc" {
		return "Install the program cbc, for example with: apt-get install coinor-cbc"
	}
	return "Install it with: wattbit engine install"
}

// enginePath is where an engine was loaded from, where it says so.
func enginePath(s solver.Solver) string {
	if p, ok := s.(interface{ Path() string }); ok {
		return p.Path()
	}
	return ""
}
