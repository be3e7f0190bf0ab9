package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/backup"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

func (p *program) restoreCommand() *cobra.Command {
	var flags proposalFlags
	var only []string
	var missing bool
	cmd := &cobra.Command{
		Use:   "restore DIR",
		Short: "Bring back what a backup holds",
		Long: `Brings folders back to what the backup in DIR holds of them, which accord backup or an apply wrote: an item that is missing is added, with its UID, its
occurrences and every property, one that says something else by now is set back, and all others are left alone and counted. Replicas come back as replicas. A
folder that is not in the configuration any more is named, and left out.

Before anything is planned, every file is compared with its checksum. A backup that is damaged, was not finished, or is of another workspace is refused.

It is a plan like any other: it is shown, and done once it is approved, or saved with -out. accord undo takes it back.`,
		Example: `  accord restore .accord/backups/2026-11-22T14-30-00Z
  accord restore monday -only 'folder.staff["anna"]' -missing
  accord restore monday -out=back.plan`,
		Args: arguments(1, 1),
		RunE: p.does(func(ctx context.Context, args []string) (_ condition, err error) {
			if args[0] == "" {
				return 0, usageError{errors.New("the directory's name is empty: name one that accord backup wrote")}
			}
			dir := p.path(args[0])
			from, err := backup.Open(ctx, dir)
			if err != nil {
				return 0, err
			}
			defer func() { err = errors.Join(err, from.Close()) }()
			request := reconcile.RestoreRequest{Name: p.shown(dir), Missing: missing}
			for _, address := range only {
				request.Only = append(request.Only, quoted(address))
			}
			return p.propose(ctx, flags, func(ctx context.Context, e *reconcile.Engine, recorded state.Reader) (*plan.Plan, error) {
				return e.Restore(ctx, recorded, from, request)
			})
		}),
	}
	p.addProposal(&flags, cmd.Flags())
	cmd.Flags().StringArrayVar(&only, "only", nil, "restore only these folders: an `ADDRESS` or a glob (repeatable)")
	cmd.Flags().BoolVar(&missing, "missing", false, "add what is missing, and leave what says something else as it is")
	return cmd
}
