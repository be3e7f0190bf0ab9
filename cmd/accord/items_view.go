package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
)

func (p *program) itemsViewCommand() *cobra.Command {
	var flags stateFlags
	var titles string
	cmd := &cobra.Command{
		Use:   "view FOLDER",
		Short: "Show what Accord wrote in a folder, and from where",
		Long: `Reads a folder, and shows every replica in it: of which original in which folder, by which relationship, of which workspace. The markers on the items say
so, and their UIDs where there are none; what the state knows of them stands beside it, when there is a state. It writes nothing.`,
		Example: `  accord items view 'folder.staff["anna"]'
  accord items view folder.team -titles=full -json`,
		Args: arguments(1, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			if err := checkTitles(titles); err != nil {
				return 0, err
			}
			return p.itemsView(ctx, flags, quoted(args[0]), titles)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	cmd.Flags().StringVar(&titles, "titles", "", "show titles of all items or of none: `full|hidden`; otherwise of public ones")
	return cmd
}

func (p *program) itemsView(ctx context.Context, flags stateFlags, address, titles string) (condition, error) {
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return p.worse(ctx, ws, "items view", nil), err
	}
	recorded, err := p.readState(ctx, ws, "accord items view", flags.lockFlags)
	if err != nil {
		return 0, err
	}
	engine, end := p.engine(ws, requestFlags{titles: titles, parallel: 4})
	var all []reconcile.Written
	err = engine.Written(ctx, recorded, address, func(w reconcile.Written) error {
		all = append(all, w)
		return nil
	})
	end()
	if err = errors.Join(err, engine.Close(), recorded.Close()); err != nil {
		return 0, err
	}
	for _, w := range all {
		if err := p.view().Written(w); err != nil {
			return 0, err
		}
	}
	if len(all) == 0 {
		return 0, p.view().Say("%s", "Accord wrote nothing in "+strings.TrimSpace(address)+".")
	}
	return 0, nil
}
