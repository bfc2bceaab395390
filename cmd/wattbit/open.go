package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/cbc"
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
		remedy := e.remedy(err)
		if err = fmt.Errorf("the engine %s cannot be loaded: %w", e.name, err); remedy != "" {
			err = fmt.Errorf("%w\n%s", err, remedy)
		}
		return nil, err
	}
	a.log.Debug("opened engine", "engine", s.Name(), "version", s.Version(), "path", enginePath(s))
	return s, nil
}

// remedy is what helps where the engine could not be loaded, "" where the error says
// it itself.
func (e *engineChoice) remedy(err error) string {
	missing := new(highs.NotFoundError)
	switch {
	case e.path != "":
		return "Leave --engine-path out to search the usual places"
	case errors.As(err, &missing), errors.Is(err, cbc.ErrNotFound):
		return ""
	case e.name == "cbc":
		return "Install another one, for example with: apt-get install coinor-cbc"
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
