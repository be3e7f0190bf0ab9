package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

type applyFlags struct {
	workspaceFlags
	lockFlags
	requestFlags
	keys     identityFlags
	approved bool
	input    bool
	verify   bool
	within   string
}

func (p *program) applyCommand() *cobra.Command {
	var flags applyFlags
	cmd := &cobra.Command{
		Use:   "apply [FILE]",
		Short: "Do what a plan says, or less: a saved one, or one made now and approved",
		Long: `With FILE, does what that saved plan says, and asks nothing: the file was read by whoever approved it, and is used once. Without, makes a
plan, shows it, and asks before it is done.

With -within=FILE, makes a plan anew and does of it what stays inside the saved plan that was reviewed: the same relationships and actions, and up to a tenth
more of each. A relationship that goes beyond is blocked, with what was not reviewed. It asks nothing, and uses FILE once.

An item that changed since the plan was made is skipped, and reported as stale. Run it again after an interruption: nothing is done twice.`,
		Example: `  accord apply
  accord apply monday.plan
  accord apply -within=reviewed.plan
  accord apply -auto-approve -verify -lock-timeout=5m`,
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 {
				for _, name := range []string{"within", "only", "except", "full", "allow-deletes", "allow-edits", "allow-adds", "allow-leavers", "titles", "destroy"} {
					if cmd.Flags().Changed(name) {
						return usageError{fmt.Errorf("-%s is for making a plan, and %s is made already: give it to accord plan -out=%[2]s", name, args[0])}
					}
				}
			}
			if flags.within != "" {
				for _, name := range []string{"only", "except", "allow-deletes", "allow-edits", "allow-adds", "allow-leavers", "destroy"} {
					if cmd.Flags().Changed(name) {
						return usageError{fmt.Errorf("-%s is not reviewed with %s: give it to accord plan -out=%[2]s", name, flags.within)}
					}
				}
			}
			return p.does(func(ctx context.Context, args []string) (condition, error) {
				return p.apply(ctx, flags, args)
			})(cmd, args)
		},
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	flags.requestFlags.add(cmd.Flags())
	flags.keys.add(cmd.Flags())
	p.verboseFlag(cmd.Flags())
	cmd.Flags().BoolVar(&flags.approved, "auto-approve", false, "do not ask")
	cmd.Flags().BoolVar(&flags.input, "input", true, "ask questions")
	cmd.Flags().StringVar(&flags.within, "within", "", "plan anew, and do only what stays inside the reviewed plan in `FILE`")
	cmd.Flags().BoolVar(&flags.verify, "verify", false, "plan again afterwards, and fail when something is left to do")
	return cmd
}

// apply makes a plan, asks for approval and applies it, or applies a saved one.
func (p *program) apply(ctx context.Context, flags applyFlags, args []string) (condition, error) {
	if err := flags.check(); err != nil {
		return 0, err
	}
	file := flags.within
	if len(args) == 1 {
		file = args[0]
	}
	var saved *plan.Plan
	if file != "" {
		var err error
		if saved, err = p.savedPlan(file, flags.keys); err != nil {
			ws, _, _ := p.loadQuietly(ctx, flags.workspaceFlags)
			return p.worse(ctx, ws, "apply "+file, nil), err
		}
		defer saved.Close()
		if saved.Document.Task != "" && flags.verify {
			return 0, usageError{fmt.Errorf("%s is a plan to %s, which the configuration does not ask for: -verify would find that it still asks for something else", file, saved.Document.Task)}
		}
		flags.saved = &saved.Work.Given
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		if flags.within != "" {
			saved = nil
		}
		return p.worse(ctx, ws, strings.TrimSpace("apply "+file), saved), err
	}
	if saved != nil { // what -verify plans afterwards is about the same
		asked := saved.Work.Asked
		flags.request.Only, flags.request.Except, flags.request.Destroy = asked.Only, asked.Except, asked.Destroy
	}
	if flags.within != "" {
		flags.request.Within, flags.approved = saved, true
	}
	store, err := p.openState(ctx, ws.StatePath, p.stateOptions("accord apply", flags.lockFlags))
	if err != nil {
		return 0, err
	}
	var met condition
	if len(args) == 1 {
		met, err = p.applyTo(ctx, store, ws, saved, flags)
	} else {
		met, err = p.applyNew(ctx, store, ws, flags)
	}
	if err != nil && file != "" {
		err = fmt.Errorf("apply %s: %w", file, err)
	}
	return met, errors.Join(err, store.Close())
}

// worse shows and returns what matters more than a plan file or a configuration that cannot be read: that the state is locked, or that the
// plan would be of no use with any configuration. made is nil when it could not be read, or there is none; verb is what was to be done.
func (p *program) worse(ctx context.Context, ws *schema.Workspace, verb string, made *plan.Plan) condition {
	recorded, err := state.OpenReader(ctx, ws.StatePath, p.stateOptions("accord apply", lockFlags{}))
	if err == nil {
		if made != nil && ws.Name != "" {
			err = reconcile.Fits(recorded, ws.Name, made)
		}
		err = errors.Join(err, recorded.Close())
	}
	met := conditionOf(err) & (locked | foreign)
	if met != 0 {
		p.view().Error(fmt.Errorf("%s: %w", verb, err))
	}
	return met
}

// applyNew makes a plan and shows it. When it has something to do, it is applied once it is approved.
func (p *program) applyNew(ctx context.Context, store state.Store, ws *schema.Workspace, flags applyFlags) (condition, error) {
	made, err := p.make(ctx, ws, store, flags.requestFlags)
	if err != nil {
		return 0, err
	}
	defer made.Close()
	if err := p.view().Plan(&made.Document); err != nil {
		return 0, err
	}
	if made.Document.Summary.Changes() > 0 && !flags.approved {
		if !flags.input || p.json {
			return 0, errNobody
		}
		if err := p.approve(ctx); err != nil {
			return 0, err
		}
	}
	return p.applyTo(ctx, store, ws, made, flags)
}

func (p *program) applyTo(ctx context.Context, store state.Store, ws *schema.Workspace, made *plan.Plan, flags applyFlags) (condition, error) {
	engine, end := p.engine(ws, flags.requestFlags)
	result, err := engine.Apply(ctx, store, made)
	end()
	err = errors.Join(err, engine.Close())
	met, open := p.leftOpen(ws, store, &made.Document)
	err = errors.Join(err, open)
	if result != nil {
		if err == nil {
			err = p.endSettled(ws, store, &made.Document)
		}
		if len(result.Failures) > 0 {
			met |= partly
		}
		result.Backup = p.shown(result.Backup)
		err = errors.Join(err, p.view().Result(&made.Document, result))
	}
	if err != nil || !flags.verify {
		return met, err
	}
	return met, p.verify(ctx, store, ws, flags.requestFlags)
}

// verify plans again. What is left to do is an error.
func (p *program) verify(ctx context.Context, store state.Store, ws *schema.Workspace, f requestFlags) error {
	f.request.Allow, f.request.Within, f.request.Resync = nil, nil, nil
	again, err := p.make(ctx, ws, store, f)
	if err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	defer again.Close()
	if again.Document.Summary.Changes() == 0 {
		return p.view().Say("Verified: a new plan has nothing to do.")
	}
	if err := p.view().Plan(&again.Document); err != nil {
		return err
	}
	return errors.New("verify: the plan after the apply is not empty: something changed meanwhile, or a provider does not keep what it is given")
}

// errDeclined is the answer of a person who does not say yes.
var errDeclined = errors.New("not approved: nothing was changed")

// errNobody is that a plan needs approval, and nobody can be asked.
var errNobody = usageError{errors.New("there is nobody to approve the plan: nothing was changed; apply a saved plan, or say -auto-approve")}

// approve asks whether to go on; the answer may come through a pipe. A person who interrupts the question leaves its reader behind; it ends
// with the process.
func (p *program) approve(ctx context.Context) error {
	if err := p.view().Say("\nTo do this, answer yes. Anything else changes nothing."); err != nil {
		return err
	}
	if _, err := fmt.Fprint(p.out, "Apply? "); err != nil {
		return err
	}
	type answer struct {
		line string
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		line, err := bufio.NewReader(p.in).ReadString('\n')
		answered <- answer{line, err}
	}()
	select {
	case a := <-answered:
		if !isTerminal(p.in) || a.err != nil {
			fmt.Fprintln(p.out) // a person's answer ends the line
		}
		switch {
		case strings.TrimSpace(a.line) == "yes":
			return nil
		case a.line == "" && a.err != nil:
			return errNobody
		}
		return errDeclined
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
