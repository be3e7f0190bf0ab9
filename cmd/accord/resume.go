package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

func (p *program) resumeCommand() *cobra.Command {
	var flags workspaceFlags
	cmd := &cobra.Command{
		Use:   "resume [ADDRESS…]",
		Short: "End what accord pause began",
		Long: `Ends the pauses of each ADDRESS, and those that a glob means; without ADDRESS, all of them. What was missed meanwhile is in the next plan.

A pause of many is ended as a whole: what accord pause 'relationship.staff[*]' holds, accord resume 'relationship.staff["anna"]' does not free.`,
		Example: `  accord resume
  accord resume relationship.company_to_staff
  accord resume 'mesh.*'`,
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			ws, err := p.load(ctx, flags)
			if err != nil {
				return 0, err
			}
			return 0, p.resume(ctx, ws, args)
		}),
	}
	flags.add(cmd.Flags())
	return cmd
}

func (p *program) resume(ctx context.Context, ws *schema.Workspace, args []string) error {
	addresses, err := pauseAddresses(args)
	if err != nil {
		return err
	}
	pauses := state.ReadPauses(ws.StatePath)
	var set []string
	for _, pause := range pauses {
		set = append(set, pause.Address)
	}
	for _, a := range addresses {
		if err := p.knownAddress(ctx, ws, a, set); err != nil {
			return err
		}
	}
	for _, a := range addresses {
		err = errors.Join(err, p.resumeOne(ws, pauses, a))
	}
	return err
}

// resumeOne ends the pauses that an address means. It is an error when there is none, and what the address names is held by another.
func (p *program) resumeOne(ws *schema.Workspace, pauses []state.Pause, address string) error {
	var left []state.Pause
	var failed error
	ended := 0
	for _, pause := range pauses {
		if address != "" && (pause.Address == "" || !reconcile.Matches(address, pause.Address)) {
			left = append(left, pause)
			continue
		}
		err := state.EndPause(ws.StatePath, pause)
		if err == nil {
			ended++
			err = p.view().Resumed(pause)
		}
		failed = errors.Join(failed, err)
	}
	if failed != nil {
		return failed
	}
	for _, r := range heldBy(ws, address) {
		if by := reconcile.PausedBy(left, r.Address, r.Source.Address, r.Destination.Address); by != nil {
			if ended == 0 {
				return fmt.Errorf("%s stays %s", r.Address, reconcile.PauseReason(*by))
			}
			p.view().StillPaused(r.Address, *by)
		}
	}
	if ended == 0 {
		return p.view().NotPaused(address)
	}
	return nil
}
