package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
)

func (p *program) stateRebindCommand() *cobra.Command {
	var flags stateFlags
	cmd := &cobra.Command{
		Use:   "rebind FOLDER",
		Short: "Say that a folder which was replaced is the same",
		Long: `Says that a folder which was replaced at its provider since the last apply is the same folder: a calendar that was restored from a backup, or was
deleted and made anew. Until then its relationships are on alert, because all that is not in the new one would look deleted. It writes to the state alone. The next
plan reads the folder whole: look at it before it is applied.`,
		Example: "  accord state rebind folder.team",
		Args:    arguments(1, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return 0, p.rebind(ctx, flags, quoted(args[0]))
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	return cmd
}

func (p *program) rebind(ctx context.Context, flags stateFlags, address string) error {
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return err
	}
	store, err := p.openState(ctx, ws.StatePath, p.stateOptions("accord state rebind", flags.lockFlags))
	if err != nil {
		return err
	}
	e := p.newEngine(ws, reconcile.Options{Now: p.now})
	replaced, err := e.Rebind(ctx, store, address)
	if err = errors.Join(err, e.Close(), store.Close()); err != nil {
		return err
	}
	if p.json {
		return p.view().Line("rebind", map[string]any{"folder": address, "replaced": replaced})
	}
	text := "%s is the folder that is recorded: nothing was changed.\n"
	if replaced {
		text = "%s is taken for the folder that it was. The next plan reads it whole: look at it before it is applied.\n"
	}
	_, err = fmt.Fprintf(p.out, text, words.Safe(address))
	return err
}
