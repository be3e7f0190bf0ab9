package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
)

func (p *program) itemsOrphansCommand() *cobra.Command {
	var flags proposalFlags
	var request reconcile.ReplicaRequest
	cmd := &cobra.Command{
		Use:   "orphans [ADDRESS]",
		Short: "Take out replicas whose original or relationship is gone",
		Long: `Looks in all folders, or in those that ADDRESS names, for replicas of this workspace whose original is not in its folder any more, or whose relationship is in
neither the configuration nor the state. What Accord made of them is deleted, and what it adopted is an ordinary item again. It is for what is left behind when a
state was lost: then nothing else says that they are not needed.

Of a folder that cannot be read to its end, no original is taken to be gone.

It is a plan like any other: it is shown, and done once it is approved, or saved with -out. accord undo takes it back.`,
		Example: `  accord items orphans
  accord items orphans 'folder.staff["anna"]' -status=retired
  accord items orphans -out=orphans.plan`,
		Args: arguments(0, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			if len(args) == 1 {
				request.Address = quoted(args[0])
			}
			return p.takeOut(ctx, flags, request, (*reconcile.Engine).Orphans)
		}),
	}
	p.addProposal(&flags, cmd.Flags())
	addStatus(&request, cmd.Flags())
	return cmd
}
