package main

import (
	"context"
	"errors"
	"math"

	"github.com/spf13/cobra"
)

func (p *program) itemsResyncCommand() *cobra.Command {
	var flags proposalFlags
	cmd := &cobra.Command{
		Use:   "resync ADDRESS…",
		Short: "Delete the replicas of a folder or relationship, and make them again",
		Long: `Deletes what Accord made in the folders or for the relationships that ADDRESS names, by their own address or by a glob, and makes it again
from the originals, as one plan. A folder is one person's: what is in it is made again. It is for the day after a disaster: a client that broke items, a server
that lost part of them.

What replicas bring back to their originals under the policies is brought back first. A replica that was a person's before Accord adopted it, and a meeting with
attendees, are not deleted: they are set to what the original says. What Accord did not make is left alone. When the state is gone, the markers on the replicas
say what Accord made.

It is a plan like any other, of these relationships alone: it is shown, and done once it is approved, or saved with -out. A guard for deletes that is written
down holds it back, and says which flag lets it pass.`,
		Example: `  accord items resync 'folder.staff["anna"]'
  accord items resync relationship.company_to_staff -out=again.plan
  accord items resync 'mesh.partners["anna/ben"]' -allow-deletes='mesh.partners["anna/ben"]:240'`,
		Args: arguments(1, math.MaxInt),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return p.itemsResync(ctx, flags, args)
		}),
	}
	p.addProposal(&flags, cmd.Flags())
	flags.addOverrides(cmd.Flags())
	cmd.Flags().BoolVar(&flags.verify, "verify", false, "plan again afterwards, and fail when something is left to do")
	return cmd
}

func (p *program) itemsResync(ctx context.Context, flags proposalFlags, args []string) (condition, error) {
	for _, arg := range args {
		if arg == "" {
			return 0, usageError{errors.New("an address is empty: name the relationship or the folder whose replicas are to be made again")}
		}
		flags.request.Only = append(flags.request.Only, quoted(arg))
	}
	flags.request.Resync = flags.request.Only
	return p.propose(ctx, flags, nil)
}
