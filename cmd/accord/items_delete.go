package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

func (p *program) itemsDeleteCommand() *cobra.Command {
	var flags proposalFlags
	var request reconcile.ReplicaRequest
	cmd := &cobra.Command{
		Use:   "delete ADDRESS",
		Short: "Take the replicas of a folder, a relationship or a mesh out",
		Long: `Takes the replicas out that Accord wrote in a folder, or for a relationship or a mesh: what it made is deleted, and what was a person's item before it was
adopted is an ordinary item again, without a marker. Nothing else is touched. The markers on the items say what Accord wrote, also when the state is gone.

What is recorded of them is forgotten at the same time, so no policy takes it for something that a person deleted: originals stay. The next apply makes the
replicas again for as long as the configuration asks for them, and the plan says so.

It is a plan like any other: it is shown, and done once it is approved, or saved with -out. accord undo takes it back.`,
		Example: `  accord items delete 'folder.staff["anna"]'
  accord items delete mesh.partners -status=retired
  accord items delete relationship.team -out=gone.plan`,
		Args: arguments(1, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			if request.Address = quoted(args[0]); request.Address == "" {
				return 0, usageError{errors.New("the address is empty: name a folder, a relationship or a mesh")}
			}
			return p.takeOut(ctx, flags, request, (*reconcile.Engine).DeleteReplicas)
		}),
	}
	p.addProposal(&flags, cmd.Flags())
	addStatus(&request, cmd.Flags())
	return cmd
}

// addStatus adds the flag that says which replicas are meant.
func addStatus(request *reconcile.ReplicaRequest, flags *pflag.FlagSet) {
	flags.StringVar((*string)(&request.Status), "status", "", "take out replicas of one status alone: `live|retired`; otherwise both")
}

// takeOut proposes a plan of what becomes of replicas.
func (p *program) takeOut(ctx context.Context, flags proposalFlags, request reconcile.ReplicaRequest,
	make func(*reconcile.Engine, context.Context, state.Reader, reconcile.ReplicaRequest) (*plan.Plan, error)) (condition, error) {
	switch request.Status {
	case "", pim.Live, pim.Retired:
	default:
		return 0, usageError{fmt.Errorf("-status=%s: write live or retired", request.Status)}
	}
	return p.propose(ctx, flags, func(ctx context.Context, e *reconcile.Engine, recorded state.Reader) (*plan.Plan, error) {
		return make(e, ctx, recorded, request)
	})
}
