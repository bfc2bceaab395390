package main

import (
	"context"
	_ "embed"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/internal/atomicfile"
)

//go:embed init_case.yaml
var initCase string

func (a *app) initCommand() *cli.Command {
	return &cli.Command{
		Name: "init", Usage: "write a small commented case to start from", ArgsUsage: "DIR",
		Action: func(_ context.Context, cmd *cli.Command) error {
			args, err := arguments(cmd, 1, 1)
			if err != nil {
				return err
			}
			return a.init(args[0])
		},
	}
}

func (a *app) init(dir string) error {
	file := filepath.Join(dir, "case.yaml")
	if _, err := os.Lstat(file); err == nil {
		return usage("%s exists and is left as it is; give another folder", file)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return usage("%w", err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	err := atomicfile.Write(file, func(w io.Writer) error {
		_, err := io.WriteString(w, initCase)
		return err
	})
	if err != nil {
		return err
	}
	a.print("Wrote %s. Solve it with: wattbit solve %s", file, file)
	return nil
}
