package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

type rebuildFlags struct {
	workspaceFlags
	lockFlags
	options  reconcile.RebuildOptions
	replace  bool
	parallel int
}

func (p *program) stateRebuildCommand() *cobra.Command {
	var flags rebuildFlags
	cmd := &cobra.Command{
		Use:   "rebuild",
		Short: "Make a state that was lost or damaged anew, from the markers on the replicas",
		Long: `Reads every folder of the configuration, and records the pairs whose replicas carry a marker of this workspace and say what the configuration says.
It writes to the state alone, and guesses nothing: what differs, or carries no marker, is left to the next plan, which shows it. What leaves no marker is
not recovered: replicas that were deleted on purpose and stay away (prune), what a first apply ignored, decisions of accord resolve, and deletes that
no apply has carried out yet. The plans until the next apply say how many items may come back for that reason.

Without it nothing is lost either: an apply without a state recognises replicas by their markers, makes no second copies and deletes nothing.

A state that knows something is refused. With -replace it is made anew all the same, the old one stays beside it under another name, and what can be
read of its journal is taken over, so that accord undo goes on as before.`,
		Example: `  accord state rebuild
  accord state rebuild -replace
  accord state rebuild -from-uids`,
		Args: arguments(0, 0),
		RunE: p.does(func(ctx context.Context, _ []string) (condition, error) {
			return p.rebuild(ctx, flags)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.replace, "replace", false, "make it anew though it is not empty, or damaged; the old one is kept beside it")
	cmd.Flags().BoolVar(&flags.options.FromUIDs, "from-uids", false, "record replicas without a marker as well, that are known by their UIDs: of folders that keep no markers")
	cmd.Flags().IntVar(&flags.parallel, "parallelism", 4, "read `N` folders at a time")
	return cmd
}

func (p *program) rebuild(ctx context.Context, flags rebuildFlags) (condition, error) {
	if flags.parallel < 1 {
		return 0, usageError{errors.New("-parallelism is the number of folders at a time, from 1")}
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return p.worse(ctx, ws, "state rebuild", nil), err
	}
	rebuilt := view.Rebuilt{}
	fill := func(store state.Store) (err error) {
		e, end := p.engine(ws, requestFlags{parallel: flags.parallel})
		rebuilt.Report, err = e.Rebuild(ctx, store, flags.options)
		end()
		return errors.Join(err, e.Close())
	}
	options := p.stateOptions("accord state rebuild", flags.lockFlags)
	if flags.replace {
		rebuilt.Replaced, err = p.renew(ctx, ws, options, func(r *state.Renewal) error {
			if err := r.TakeJournal(); err != nil {
				return err
			}
			rebuilt.Recounts = r.Uncounted()
			if r.Unread != nil {
				rebuilt.Unread = fmt.Sprintf("%s: %v", r.Unread.What, r.Unread.Err)
			}
			return fill(r)
		})
	} else {
		var store state.Store
		if store, err = p.openState(ctx, ws.StatePath, options); err == nil {
			err = errors.Join(fill(store), store.Close())
		}
		if errors.Is(err, reconcile.ErrNotEmpty) {
			err = fmt.Errorf("%w: nothing was changed; to make it anew all the same, and keep this one beside it: %s state rebuild -replace", err, p.self())
		}
	}
	if err != nil {
		return 0, err
	}
	var met condition
	for _, r := range rebuilt.Report.Relationships {
		if r.Status == plan.Alert || r.Status == plan.Unresolved {
			met |= partly
		}
	}
	return met, p.view().Rebuilt(rebuilt)
}

// renew makes the state of a workspace anew, and puts it in the place of the old one once it is filled. It returns where the old one is kept; "": there was none.
func (p *program) renew(ctx context.Context, ws *schema.Workspace, o state.Options, fill func(*state.Renewal) error) (aside string, err error) {
	r, err := state.Renew(ctx, ws.StatePath, o)
	if err != nil {
		return "", err
	}
	if was := r.Was.Workspace; was != "" && was != ws.Name {
		err = errOfAnother(ws, was)
	} else {
		err = fill(r)
	}
	if err != nil {
		return "", errors.Join(err, r.Close())
	}
	return r.Keep(p.now())
}
