package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

func (p *program) itemsDedupeCommand() *cobra.Command {
	var flags proposalFlags
	var request reconcile.DedupeRequest
	cmd := &cobra.Command{
		Use:   "dedupe FOLDER",
		Short: "Delete replicas that say what another item of the folder says",
		Long: `Looks in a folder for items that say the same: events with one title, start, end and rules, contacts with one name and an address or number in common, tasks with
one title and due date. Of these it keeps what the state has in a pair, before an ordinary item, before a replica without a pair, and of several the oldest; the
plan says which, and why. It deletes only what Accord made and has in no pair.

With -including-foreign it also deletes what it did not make, where every field is what the kept item says.

It is a plan like any other: it is shown, and done once it is approved, or saved with -out. accord undo takes it back.`,
		Example: `  accord items dedupe 'folder.staff["anna"]'
  accord items dedupe folder.team -including-foreign -out=twice.plan`,
		Args: arguments(1, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			request.Folder = quoted(args[0])
			return p.propose(ctx, flags, func(ctx context.Context, e *reconcile.Engine, recorded state.Reader) (*plan.Plan, error) {
				return e.Dedupe(ctx, recorded, request)
			})
		}),
	}
	p.addProposal(&flags, cmd.Flags())
	cmd.Flags().BoolVar(&request.Foreign, "including-foreign", false, "delete also what Accord did not make, where it says nothing more than what is kept")
	return cmd
}
