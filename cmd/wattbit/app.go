package main

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/wattbit/wattbit/solver"
)

// app is one run of the program: where it writes and how it gets an engine.
type app struct {
	out, err io.Writer
	// live is the width of the terminal that shows the live line; 0 means that
	// standard error is none.
	live func() int
	// open opens an engine by name and path, both possibly empty.
	open func(name, path string) (solver.Solver, error)

	log *slog.Logger
	// result is the object of --json; nil without that flag.
	result *result
}

// newRoot returns the command with all its verbs.
func newRoot(a *app) *cli.Command {
	a.log = slog.New(slog.DiscardHandler)
	root := &cli.Command{
		Name:      "wattbit",
		Usage:     "plan power and computing together, and check the plan",
		Writer:    a.out,
		ErrWriter: a.err,
		Description: "A case describes sources, grid, load, storage and data centres. Wattbit finds the cheapest\n" +
			"plan that keeps every limit, verifies it, and reports it. Start with: wattbit demo\n\n" + exitTable(),
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "log what is done, each step of the search too, to standard error"},
			&cli.BoolFlag{Name: "version", Usage: "print the version", Local: true},
		},
		Commands: []*cli.Command{
			a.demoCommand(), a.initCommand(), a.validateCommand(), a.solveCommand(), a.compareCommand(),
			a.verifyCommand(), a.reportCommand(), a.importCommand(), a.exportCommand(), a.engineCommand(), a.benchCommand(), a.versionCommand(),
		},
		Before: func(ctx context.Context, cmd *cli.Command) (context.Context, error) {
			if cmd.Bool("verbose") {
				a.log = slog.New(slog.NewTextHandler(a.err, &slog.HandlerOptions{Level: slog.LevelDebug}))
			}
			return ctx, nil
		},
		Action: func(ctx context.Context, cmd *cli.Command) error {
			if cmd.Bool("version") {
				return a.version(false)
			}
			return noVerb(cmd)
		},
		EnableShellCompletion: true,
		ConfigureShellCompletionCommand: func(c *cli.Command) {
			c.Hidden = false
			c.Usage = "print the completion script of a shell: bash, zsh, fish or pwsh"
			c.Action = func(_ context.Context, cmd *cli.Command) error { return noVerb(cmd) }
			a.polish(c)
		},
		// Errors end in run, which knows the exit codes; the library must not
		// exit on its own.
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
	}
	a.polish(root)
	return root
}

// polish gives a command and those below it the same manners.
func (a *app) polish(cmd *cli.Command) {
	cmd.OnUsageError = usageError
	cmd.HideHelpCommand = len(cmd.Commands) == 0
	for _, sub := range cmd.Commands {
		a.polish(sub)
	}
}

// noVerb is the action of a command that only holds others.
func noVerb(cmd *cli.Command) error {
	var names []string
	for _, sub := range cmd.Commands {
		if !sub.Hidden && sub.Name != "help" {
			names = append(names, sub.Name)
		}
	}
	word, of := cmd.Args().First(), ""
	if cmd.Root() != cmd {
		of = verb(cmd) + " "
	}
	switch {
	case word == "" && of == "":
		return cli.ShowRootCommandHelp(cmd)
	case word == "":
		return usage("%s needs one of: %s", verb(cmd), strings.Join(names, ", "))
	}
	if n := nearest(word, names); n != "" {
		return usage("unknown verb %q; did you mean %q?", of+word, of+n)
	}
	return usage("unknown verb %q; there are %s", of+word, strings.Join(names, ", "))
}

// badValue is what the library puts before a flag's own complaint.
var badValue = regexp.MustCompile(`(?s)^invalid value ".*" for flag -(\S+): (.*)$`)

// usageError puts what the library says about flags into words.
func usageError(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		if m := badValue.FindStringSubmatch(err.Error()); m != nil {
			return usage("%s: %s: %s", verb(cmd), dashed(m[1]), m[2])
		}
		return usage("%s: %w", verb(cmd), err)
	}
	var known []string
	for c := range lineage(cmd) {
		for _, f := range c.Flags {
			known = append(known, f.Names()...)
		}
	}
	if n := nearest(name, known); n != "" && len(n) > 1 {
		return usage("%s: unknown flag %s; did you mean %s?", verb(cmd), dashed(name), dashed(n))
	}
	return usage("%s: unknown flag %s; see '%s --help'", verb(cmd), dashed(name), cmd.FullName())
}

// verb is what the user calls a command.
func verb(cmd *cli.Command) string {
	return strings.TrimPrefix(cmd.FullName(), "wattbit ")
}

func lineage(cmd *cli.Command) func(yield func(*cli.Command) bool) {
	return func(yield func(*cli.Command) bool) {
		for _, c := range cmd.Lineage() {
			if !yield(c) {
				return
			}
		}
	}
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// arguments returns the positional arguments, between least and most many.
func arguments(cmd *cli.Command, least, most int) ([]string, error) {
	args := cmd.Args().Slice()
	switch {
	case len(args) < least:
		return nil, usage("%[1]s needs %[2]s; see 'wattbit %[1]s --help'", verb(cmd), cmd.ArgsUsage)
	case len(args) > most:
		return nil, usage("%[1]s takes %[2]s; %[3]q is too much; see 'wattbit %[1]s --help'", verb(cmd), argsOrNone(cmd), args[most])
	}
	for _, arg := range args {
		if arg == "" {
			return nil, usage("%s: an argument is empty", verb(cmd))
		}
	}
	return args, nil
}

func argsOrNone(cmd *cli.Command) string {
	if cmd.ArgsUsage == "" {
		return "no arguments"
	}
	return cmd.ArgsUsage
}

// value is a flag's value with a parser of its own.
type value[T any] struct {
	v     *T
	parse func(string) (T, error)
}

func (f value[T]) Set(text string) error {
	v, err := f.parse(text)
	if err != nil {
		return err
	}
	*f.v = v
	return nil
}

func (f value[T]) Get() any { return *f.v }

// String is empty, so that help does not print zero values as defaults.
func (f value[T]) String() string { return "" }

// list collects the values of a flag given several times. The library's own
// list flag would split them at commas, and values may hold commas.
type list struct{ v *[]string }

func (f list) Set(text string) error { *f.v = append(*f.v, text); return nil }
func (f list) Get() any              { return *f.v }
func (f list) String() string        { return "" }

// jsonFlag asks for one object on standard output.
func (a *app) jsonFlag() cli.Flag {
	return &cli.BoolFlag{
		Name: "json", Usage: "print one JSON object on standard output; all talk goes to standard error",
		Action: func(_ context.Context, _ *cli.Command, on bool) error {
			if on {
				a.result = &result{}
			}
			return nil
		},
	}
}

func setFlag(v *[]string) cli.Flag {
	return &cli.GenericFlag{
		Name: "set", Value: list{v},
		Usage: "set a value of the case as it is read, `PATH=VALUE` as in policy.co2_price_per_t=80; repeatable",
	}
}
