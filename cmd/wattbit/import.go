package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/model"
	"github.com/wattbit/wattbit/model/convert"
)

func (a *app) importCommand() *cli.Command {
	cmd := &cli.Command{
		Name: "import", Usage: "write a public benchmark's file as a case, or a trace's jobs as a table",
		Action: func(_ context.Context, cmd *cli.Command) error { return noVerb(cmd) },
	}
	for _, format := range convert.Formats() {
		cmd.Commands = append(cmd.Commands, a.importFormatCommand(format))
	}
	cmd.Commands = append(cmd.Commands, a.importJobsCommand())
	return cmd
}

func (a *app) importFormatCommand(format convert.Format) *cli.Command {
	var dir string
	var o convert.Options
	flags := []cli.Flag{
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`DIR` of the case", Destination: &dir},
	}
	name := string(format)
	if format == convert.UCJL {
		name = "UnitCommitment.jl"
		flags = append(flags, &cli.BoolFlag{Name: "single-bus", Usage: "leave transmission lines and contingencies out", Destination: &o.SingleBus})
	}
	return &cli.Command{
		Name: string(format), Usage: "write a " + name + " file, plain or .gz, as a case", ArgsUsage: "FILE -o DIR",
		Flags: flags,
		Action: func(_ context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			if dir == "" {
				return usage("import %s: name the folder of the case with -o", format)
			}
			return a.importFile(args[0], dir, format, o)
		},
	}
}

func (a *app) importFile(file, dir string, format convert.Format, o convert.Options) error {
	target := filepath.Join(dir, "case.yaml")
	if _, err := os.Lstat(target); err == nil {
		return usage("%s exists and is left as it is; give another folder", target)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return usage("%w", err)
	}
	if info, err := os.Stat(file); err != nil {
		return usage("no such file: %s%s", file, beside(file))
	} else if info.IsDir() {
		return usage("%s is a folder; name a file", file)
	}
	c, err := a.readFrom(file, func() (*model.Case, *model.ReadReport, error) { return convert.ReadFile(file, format, o) })
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if err := model.WriteCaseFile(target, c.Case); err != nil {
		return err
	}
	a.print("Wrote %s: %s. Solve it with: wattbit solve %s", target, contents(c.Case), target)
	return nil
}
