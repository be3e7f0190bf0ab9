package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// requestFlags are the flags that decide what a plan is about.
type requestFlags struct {
	request  reconcile.Request
	maker    maker // nil: the engine plans what the request says
	titles   string
	parallel int
}

func (f *requestFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.request.Only, "only", nil, "plan only for these relationships and folders: an `ADDRESS` or a glob (repeatable)")
	flags.StringArrayVar(&f.request.Except, "except", nil, "plan for all but these relationships and folders: an `ADDRESS` or a glob (repeatable)")
	flags.BoolVar(&f.request.Destroy, "destroy", false, "take everything out again that Accord made")
	f.addOverrides(flags)
	f.addShown(flags)
}

// addOverrides adds the flags of plans that are not about everything: how they read, and which guards let them pass.
func (f *requestFlags) addOverrides(flags *pflag.FlagSet) {
	flags.BoolVar(&f.request.Full, "full", false, "read every folder to its end, whatever is known of it")
	for _, kind := range []string{"deletes", "edits", "adds", leavers} {
		flags.Var(allowFlag{kind, &f.request.Allow}, "allow-"+kind, "let this many "+kind+" pass a guard, and no more (repeatable)")
	}
}

// addShown adds the flags of every plan: what of it is shown, and how fast it is made and carried out.
func (f *requestFlags) addShown(flags *pflag.FlagSet) {
	flags.StringVar(&f.titles, "titles", "", "show titles and values of all items or of none: `full|hidden`; otherwise of public ones")
	flags.IntVar(&f.parallel, "parallelism", 4, "read or write `N` folders at a time")
}

func (f *requestFlags) check() error {
	if err := checkTitles(f.titles); err != nil {
		return err
	}
	if f.parallel < 1 {
		return usageError{fmt.Errorf("-parallelism=%d: write a number above 0", f.parallel)}
	}
	return nil
}

func checkTitles(titles string) error {
	switch reconcile.Titles(titles) {
	case "", reconcile.TitlesFull, reconcile.TitlesHidden:
		return nil
	}
	return usageError{fmt.Errorf("-titles=%s: write full or hidden", titles)}
}

type planFlags struct {
	formFlags
	workspaceFlags
	lockFlags
	requestFlags
	out      string
	jsonInto string
	detailed bool
}

func (p *program) planCommand() *cobra.Command {
	var flags planFlags
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what apply would do; it writes nothing to any folder, and nothing to the state",
		Long: `Reads every folder that a relationship uses, and shows each add, edit and delete that would make the folders hold what the
configuration says, with its reason. Guards are looked at too: what one holds back is shown, with the flag that would let it pass.

It exits 0 when the plan could be made, whatever it says; with -detailed-exitcode the code says what the plan says.`,
		Example: `  accord plan
  accord plan -out=monday.plan
  accord plan -detailed-exitcode -json-into=plan.json
  accord plan -out=monday.plan -markdown > comment.md
  accord plan -only 'relationship.company_to_staff["alice"]' -titles=hidden`,
		Args: arguments(0, 0),
		RunE: p.does(func(ctx context.Context, _ []string) (condition, error) {
			return p.plan(ctx, flags)
		}),
	}
	flags.formFlags.add(cmd.Flags())
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	flags.requestFlags.add(cmd.Flags())
	cmd.Flags().StringVar(&flags.out, "out", "", "save the plan in `FILE`, for accord apply FILE")
	cmd.Flags().StringVar(&flags.jsonInto, "json-into", "", "write the plan's document into `FILE` as well")
	cmd.Flags().BoolVar(&flags.detailed, "detailed-exitcode", false, "exit 2 when changes are pending, 3 or 4 when something is left undone")
	p.verboseFlag(cmd.Flags())
	cmd.Flags().Bool("input", true, "ask questions; a plan asks none, and takes the flag for the sake of scripts")
	return cmd
}

func (p *program) plan(ctx context.Context, flags planFlags) (condition, error) {
	if err := errors.Join(flags.formFlags.check(p.json), flags.requestFlags.check()); err != nil {
		return 0, err
	}
	saved, err := p.newPlanFile(flags.out)
	if err != nil {
		return 0, err
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return p.worse(ctx, ws, "plan", nil), err
	}
	recorded, err := p.readState(ctx, ws, "accord plan", flags.lockFlags)
	if err != nil {
		return 0, err
	}
	made, err := p.make(ctx, ws, recorded, flags.requestFlags)
	if err != nil {
		return 0, errors.Join(err, recorded.Close())
	}
	defer made.Close()
	var met condition
	if flags.detailed {
		met, err = p.leftOpen(ws, recorded, &made.Document)
		if made.Document.Summary.Changes() > 0 {
			met |= pending
		}
	}
	if err = errors.Join(err, recorded.Close()); err != nil {
		return 0, err
	}
	if flags.jsonInto != "" {
		if err := writeDocument(p.path(flags.jsonInto), &made.Document); err != nil {
			return 0, err
		}
	}
	if flags.out != "" {
		if err := plan.WriteFile(saved, made, ws.Journal.Recipients); err != nil {
			return 0, err
		}
	}
	if err := p.draw(&made.Document, flags.formFlags, flags.out); err != nil {
		return 0, err
	}
	if flags.out != "" && !flags.chosen() {
		if err := p.view().Say("\nSaved in %s. To do exactly this, or less:\n  %s apply %s", view.Clean(flags.out), p.self(), view.Clean(reconcile.ShellWord(flags.out))); err != nil {
			return 0, err
		}
	}
	return met, nil
}

// planFile is where a plan file is that the command line names. A directory is none.
func (p *program) planFile(name string) (string, error) {
	path := p.path(name)
	if info, err := os.Stat(path); name != "" && err == nil && info.IsDir() {
		return "", fmt.Errorf("%s is a directory, and a plan is a file: name one, such as %s", name, filepath.Join(name, "saved.plan"))
	}
	return path, nil
}

// newPlanFile is where a plan is to be saved that the command line names: in a directory that is there.
func (p *program) newPlanFile(name string) (string, error) {
	path, err := p.planFile(name)
	if _, missing := os.Stat(filepath.Dir(path)); err == nil && name != "" && errors.Is(missing, fs.ErrNotExist) {
		err = fmt.Errorf("there is no directory %s to save a plan in: make it, or name a file elsewhere", filepath.Dir(name))
	}
	return path, err
}

// savedPlan opens a plan file that the command line names. The plan must be closed.
func (p *program) savedPlan(name string, keys identityFlags) (*plan.Plan, error) {
	path, err := p.planFile(name)
	if err != nil {
		return nil, err
	}
	as, err := p.identities(keys)
	if err != nil {
		return nil, err
	}
	saved, err := plan.ReadFile(path, as)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no plan file %s: name the one that accord plan -out wrote", name)
	}
	return saved, err
}

// engine makes the engine for a workspace. end must be called before anything else is drawn.
func (p *program) engine(ws *schema.Workspace, f requestFlags) (e *reconcile.Engine, end func()) {
	bar, clear := p.progress()
	opts := reconcile.Options{Now: p.now, Parallel: f.parallel, Titles: reconcile.Titles(f.titles), By: username() + "@" + hostname(), Backup: p.first(ws)}
	if bar != nil {
		opts.Progress = bar.Event
	}
	return p.newEngine(ws, opts), clear
}

// make makes a plan, and shows how far it is while it does.
func (p *program) make(ctx context.Context, ws *schema.Workspace, recorded state.Reader, f requestFlags) (*plan.Plan, error) {
	engine, end := p.engine(ws, f)
	make := f.maker
	if make == nil {
		make = func(ctx context.Context, e *reconcile.Engine, recorded state.Reader) (*plan.Plan, error) {
			return e.Plan(ctx, recorded, f.request)
		}
	}
	made, err := make(ctx, engine, recorded)
	end()
	return made, errors.Join(err, engine.Close())
}

// writeDocument writes a plan's document into a file that its owner alone can read: it may say what items say.
func writeDocument(path string, doc *plan.Document) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the plan's document: %w", err)
	}
	if err := errors.Join(view.Document(f, doc), f.Close()); err != nil {
		return fmt.Errorf("write the plan's document: %w", err)
	}
	return nil
}
