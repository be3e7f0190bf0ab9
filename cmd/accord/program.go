package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
)

// program is one run of accord: its surroundings, and the flags that every verb has.
type program struct {
	in       io.Reader
	out, err io.Writer
	env      func(name string) (string, bool)
	now      func() time.Time
	drivers  map[string]providers.Driver
	asked    *reconcile.Stores // for rows, while the configuration was read; nil: nobody, or an engine has them

	meanToUse func(relationships int) // memory; nil: it is not the program's own to say

	openState func(ctx context.Context, path string, o state.Options) (state.Store, error) // for an apply

	dir     string // -chdir
	json    bool
	noColor bool
	verbose bool // -verbose, of the verbs that show a plan

	met condition
}

// run carries out a command line and returns its exit code.
func (p *program) run(ctx context.Context, args []string) int {
	root := p.command()
	if asksForCompletions(args) {
		return p.complete(ctx, root, args)
	}
	args = normalise(args, valueFlags(root))
	root.SetArgs(args)
	root.SetOut(p.out)
	root.SetErr(p.err)
	err := root.ExecuteContext(ctx)
	if p.asked != nil {
		err = errors.Join(err, p.asked.Close())
	}
	if err != nil && slices.Contains(args, "--json") {
		p.json = true // also when the command line was not understood to its end
	}
	return p.finish(ctx, err)
}

// finish shows how a run ended.
func (p *program) finish(ctx context.Context, err error) int {
	p.met |= conditionOf(err)
	if context.Cause(ctx) == errInterrupted {
		p.met |= interrupted
		if err == nil || errors.Is(err, context.Canceled) {
			err = errInterrupted
		}
	}
	if err != nil && !errors.Is(err, errShown) {
		p.view().Error(err)
	}
	return p.met.code()
}

// errShown is an error that people were shown already.
var errShown = errors.New("shown")

// verb is what a command does. What holds at its end is the condition; an error is a condition too.
type verb func(ctx context.Context, args []string) (condition, error)

// does makes a verb what a command runs.
func (p *program) does(v verb) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		met, err := v(cmd.Context(), args)
		p.met |= met
		return err
	}
}

// about is what accord says of itself.
const about = `Accord keeps folders of calendars, contacts and tasks as a configuration says they belong together.
accord plan shows every add, edit and delete; accord apply carries out that plan or less, never more.

Flags may be written -flag or --flag, before or after arguments.`

// command is the command table.
func (p *program) command() *cobra.Command {
	root := &cobra.Command{
		Use:           "accord",
		Short:         "Plan and apply for calendars, contacts and tasks",
		Long:          about + "\n\nExit codes, the first that applies:\n" + exitTable(),
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetVersionTemplate("accord {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand(root))
	flags := root.PersistentFlags()
	flags.StringVar(&p.dir, "chdir", ".", "work in `DIR`: the workspace is there, and other paths start there")
	flags.BoolVar(&p.json, "json", false, "write one JSON object a line")
	flags.BoolVar(&p.noColor, "no-color", false, "no colours (as does NO_COLOR in the environment)")
	group(root)
	root.AddCommand(
		p.initCommand(),
		p.fmtCommand(),
		p.validateCommand(),
		p.planCommand(),
		p.showCommand(),
		p.applyCommand(),
		p.statusCommand(),
		p.ackCommand(),
		p.pauseCommand(),
		p.resumeCommand(),
		p.conflictsCommand(),
		p.resolveCommand(),
		p.undoCommand(),
		p.logCommand(),
		p.backupCommand(),
		p.restoreCommand(),
		p.stateCommand(),
		p.itemsCommand(),
		p.checkCommand(),
		p.discoverCommand(),
		p.graphCommand(),
		p.explainCommand(),
		p.versionCommand(),
		p.completionCommand(),
		p.manCommand(),
	)
	return root
}

// helpCommand is accord help COMMAND.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Say what a command does, and its flags",
		Example: "  accord help plan",
		RunE: func(_ *cobra.Command, args []string) error {
			cmd, rest, err := root.Find(args)
			if err != nil {
				return usageError{err}
			}
			if len(rest) > 0 {
				return cmd.ValidateArgs(rest[:1])
			}
			return cmd.Help()
		},
	}
}

// group makes cmd a command that only has others below it.
func group(cmd *cobra.Command) {
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		detail := ""
		if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
			detail = fmt.Sprintf(" Did you mean %q?", near[0])
		}
		return usageError{fmt.Errorf("there is no command %q.%s See %s -help", args[0], detail, cmd.CommandPath())}
	}
	cmd.SuggestionsMinimumDistance = 2
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		cmd.SetOut(cmd.ErrOrStderr())
		if err := cmd.Help(); err != nil {
			return err
		}
		return usageError{errShown}
	}
}

// arguments checks how many arguments a command has.
func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usageError{fmt.Errorf("%s needs more; usage: %s", cmd.CommandPath(), cmd.UseLine())}
		case len(args) > most:
			return usageError{fmt.Errorf("%q is one argument too many; usage: %s", args[most], cmd.UseLine())}
		}
		return nil
	}
}

// path is where a file is that the command line names.
func (p *program) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.dir, name)
}

// self is how a command line begins that works in the same workspace.
func (p *program) self() string {
	if p.dir == "." {
		return "accord"
	}
	return "accord -chdir=" + view.Clean(reconcile.ShellWord(p.dir))
}

// view draws on the program's streams.
func (p *program) view() *view.View {
	return view.New(p.out, p.err, view.Options{JSON: p.json, ColorOut: p.colors(p.out), ColorErr: p.colors(p.err), WidthOut: width(p.out), WidthErr: width(p.err),
		Verbose: p.verbose})
}

// verboseFlag adds -verbose to a verb that shows a plan.
func (p *program) verboseFlag(flags *pflag.FlagSet) {
	flags.BoolVarP(&p.verbose, "verbose", "v", false, "show each operation, also where many are alike; -v for short")
}

// width is the width of a stream that is a terminal; 0: it is none.
func width(stream any) int {
	if !isTerminal(stream) {
		return 0
	}
	return terminalWidth(stream)
}

func (p *program) colors(w io.Writer) bool {
	if value, _ := p.env("NO_COLOR"); value != "" || p.noColor {
		return false
	}
	if kind, _ := p.env("TERM"); kind == "dumb" {
		return false
	}
	return isTerminal(w)
}

// isTerminal reports whether a stream is a person's terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// terminalWidth is the width of a terminal in columns, or 80 where it cannot be told.
func terminalWidth(stream any) int {
	if f, ok := stream.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return 80
}
