package main

import (
	"context"
	"runtime/debug"

	"github.com/urfave/cli/v3"
)

func (a *app) versionCommand() *cli.Command {
	var asJSON bool
	return &cli.Command{
		Name: "version", Usage: "print the versions of wattbit and Go",
		Flags: []cli.Flag{&cli.BoolFlag{Name: "json", Usage: "print them as a JSON object", Destination: &asJSON}},
		Action: func(_ context.Context, cmd *cli.Command) error {
			if _, err := arguments(cmd, 0, 0); err != nil {
				return err
			}
			return a.version(asJSON)
		},
	}
}

func (a *app) version(asJSON bool) error {
	b := thisBuild()
	if asJSON {
		return writeJSON(a.out, b)
	}
	a.print("wattbit %s (%s, %s/%s)", b.Version, b.Go, b.OS, b.Arch)
	return nil
}

// withInfo adds what the Go tool recorded when it built the program.
func (b build) withInfo() build {
	b.Version = "(devel)"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if info.Main.Version != "" {
		b.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}
