package main

import (
	"context"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/model"
)

func (a *app) validateCommand() *cli.Command {
	var set []string
	return &cli.Command{
		Name: "validate", Usage: "check a case and list all that is wrong with it", ArgsUsage: "CASE",
		Flags: []cli.Flag{setFlag(&set), a.jsonFlag()},
		Action: func(_ context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			c, err := a.read(args[0], set)
			if err != nil {
				return err
			}
			if a.result != nil {
				a.result.Status = "valid"
			}
			a.print("%s is valid: %s", printable(c.Name), contents(c.Case))
			return nil
		},
	}
}

// contents counts what a case holds.
func contents(c *model.Case) string {
	parts := []string{plural(c.Horizon.Len(), "period")}
	for _, part := range []struct {
		n    int
		word string
	}{
		{len(c.ThermalUnits), "thermal unit"}, {len(c.Renewables), "renewable"}, {len(c.Hydro), "hydro reservoir"},
		{len(c.Storages), "storage"}, {len(c.Links), "link"}, {len(c.Sites), "site"}, {len(c.Pools), "pool"},
		{len(c.Workloads), "workload"}, {jobs(c), "job"},
	} {
		if part.n > 0 {
			parts = append(parts, plural(part.n, part.word))
		}
	}
	buses := plural(len(c.Buses), "bus")
	if len(c.Buses) != 1 {
		buses = grouped(float64(len(c.Buses)), 0) + " buses"
	}
	parts[0] += ", " + buses
	return strings.Join(parts, ", ")
}

// jobs counts the jobs of a case, each of a class.
func jobs(c *model.Case) int {
	n := 0
	for i := range c.Jobs {
		n += max(1, c.Jobs[i].Count)
	}
	return n
}
