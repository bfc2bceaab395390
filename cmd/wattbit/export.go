package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/internal/atomicfile"
)

func (a *app) exportCommand() *cli.Command {
	return &cli.Command{
		Name: "export", Usage: "write a plan's jobs as Parquet, what schedulers may use of pools, or what is under way",
		Commands: []*cli.Command{a.exportJobsCommand(), a.exportCapsCommand(), a.exportCarryOverCommand()},
		Action:   func(_ context.Context, cmd *cli.Command) error { return noVerb(cmd) },
	}
}

// exportFlags are those of everything that is exported from a plan.
type exportFlags struct{ caseArg, dir string }

func (f *exportFlags) flags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "case", Usage: "`CASE` of a plan that does not lie in a run folder", Destination: &f.caseArg},
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "new `FOLDER` for the files", Destination: &f.dir},
	}
}

// check refuses a folder that is not named, or there.
func (f *exportFlags) check(cmd *cli.Command) error {
	if f.dir == "" {
		return usage("%s: name a new folder with -o", verb(cmd))
	}
	f.dir = filepath.Clean(f.dir)
	return checkNew(f.dir)
}

// newFile is a file of a new folder, by its path in it.
type newFile struct {
	name  string
	write func(io.Writer) error
}

// writeNew writes files into a new folder, whole or
// not at all.
func writeNew(dir string, files []newFile) error {
	s, err := newStage(dir)
	if err != nil {
		return err
	}
	defer s.discard()
	for _, f := range files {
		path := s.path(f.name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return fmt.Errorf("write %s: %w", dir, err)
		}
		if err := atomicfile.Write(path, f.write); err != nil {
			return err
		}
	}
	// Finding out what to write may have been long, and the folder may be there by now.
	if err := checkNew(dir); err != nil {
		return err
	}
	return s.commit()
}
