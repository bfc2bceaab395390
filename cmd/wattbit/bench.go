package main

import (
	"context"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/solver"
	"github.com/wattbit/wattbit/solver/engines"
)

func (a *app) benchCommand() *cli.Command {
	return &cli.Command{
		Name: "bench", Usage: "measure and compare",
		Commands: []*cli.Command{a.benchRandomCommand(), a.benchHubsCommand(), a.benchPglibCommand(), a.benchGrowthCommand(), a.benchJobsCommand(), a.benchRepeatCommand()},
		Action:   func(_ context.Context, cmd *cli.Command) error { return noVerb(cmd) },
	}
}

// allEngines opens every engine, the default first.
func (a *app) allEngines() (list []solver.Solver, names []string, err error) {
	for _, name := range engines.Names() {
		e, err := a.openEngine(engineChoice{name: name})
		if err != nil {
			return nil, nil, err
		}
		list = append(list, e)
		names = append(names, e.Name()+" "+e.Version())
	}
	return list, names, nil
}
