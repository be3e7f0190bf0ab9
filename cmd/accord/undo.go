package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

func (p *program) undoCommand() *cobra.Command {
	var flags proposalFlags
	var keys identityFlags
	var only, except []string
	cmd := &cobra.Command{
		Use:   "undo [N]",
		Short: "Take back what an apply wrote, on both sides",
		Long: `Takes back what apply N wrote, or the last one that wrote something: what it added is deleted, what it edited is as it was, what it deleted is there
again with its UID, its occurrences and every property. accord log lists the applies. An item that changed since is left as it is, and listed.

It is a plan like any other: it is shown, and done once it is approved, or saved with -out. It can be undone itself. The configuration still says what it says:
the plan tells which relationships the next apply would do all of it again for, unless they are paused or the configuration is changed before.`,
		Example: `  accord undo
  accord undo 12 -out=back.plan
  accord undo 12 -only 'folder.staff["anna"]' -auto-approve
  accord undo 12 -identity=key.txt`,
		Args: arguments(0, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			number, err := applyNumber(args)
			if err != nil {
				return 0, err
			}
			as, err := p.identities(keys)
			if err != nil {
				return 0, err
			}
			return p.propose(ctx, flags, func(ctx context.Context, e *reconcile.Engine, recorded state.Reader) (*plan.Plan, error) {
				return e.Undo(ctx, recorded, reconcile.JournalRequest{Apply: number, Only: only, Except: except, Identities: as})
			})
		}),
	}
	p.addProposal(&flags, cmd.Flags())
	keys.add(cmd.Flags())
	cmd.Flags().StringArrayVar(&only, "only", nil, "take back only what was written for these relationships, or in these folders: an `ADDRESS` or a glob (repeatable)")
	cmd.Flags().StringArrayVar(&except, "except", nil, "take back all but that: an `ADDRESS` or a glob (repeatable)")
	return cmd
}

// applyNumber is the number of an apply on the command line; 0: none is given.
func applyNumber(args []string) (uint64, error) {
	if len(args) == 0 {
		return 0, nil
	}
	number, err := strconv.ParseUint(args[0], 10, 64)
	if err != nil || number == 0 {
		return 0, usageError{fmt.Errorf("%q is no number of an apply: accord log lists them", args[0])}
	}
	return number, nil
}
