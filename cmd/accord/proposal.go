package main

import (
	"context"

	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// proposalFlags are the flags of the verbs that propose a plan of their own: it is shown, and done once it is approved, or saved.
type proposalFlags struct {
	applyFlags
	out string
}

// addProposal adds the flags of a verb that proposes a plan.
func (p *program) addProposal(f *proposalFlags, flags *pflag.FlagSet) {
	f.workspaceFlags.add(flags)
	f.lockFlags.add(flags)
	f.addShown(flags)
	flags.BoolVar(&f.approved, "auto-approve", false, "do not ask")
	flags.BoolVar(&f.input, "input", true, "ask questions")
	flags.StringVar(&f.out, "out", "", "save the plan in `FILE`, for accord apply FILE, and do nothing")
	p.verboseFlag(flags)
}

// maker makes a plan that somebody asked for in other words than accord plan.
type maker func(ctx context.Context, e *reconcile.Engine, recorded state.Reader) (*plan.Plan, error)

// propose makes a plan and shows it. It is saved where the flags say so; otherwise it is applied once it is approved.
func (p *program) propose(ctx context.Context, f proposalFlags, make maker) (condition, error) {
	f.maker = make
	if f.out != "" {
		return p.plan(ctx, planFlags{workspaceFlags: f.workspaceFlags, lockFlags: f.lockFlags, requestFlags: f.requestFlags, out: f.out})
	}
	return p.apply(ctx, f.applyFlags, nil)
}
