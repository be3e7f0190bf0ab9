package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
)

func (p *program) stateMvCommand() *cobra.Command {
	var flags stateFlags
	cmd := &cobra.Command{
		Use:   "mv ADDRESS ADDRESS",
		Short: "Give a recorded folder or relationship another address",
		Long: `Gives what the state knows by the first address the second one, at once; of a block with for_each, all its instances. It is what a moved block says to the next apply, and
writes to the state alone. Change the configuration before the next apply: the state follows names, and what it knows under one that is not configured has left.`,
		Example: `  accord state mv relationship.old_name relationship.team_to_anna
  accord state mv 'folder.staff["alice"]' folder.alice`,
		Args: arguments(2, 2),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return 0, p.move(ctx, flags, quoted(args[0]), quoted(args[1]))
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	return cmd
}

func (p *program) move(ctx context.Context, flags stateFlags, from, to string) error {
	if from == to {
		return usageError{errors.New("both addresses are the same: nothing would be moved")}
	}
	var moved []string
	ws, err := p.changeState(ctx, flags, "accord state mv", func(st state.Store) (err error) {
		moved, err = reconcile.Move(st, from, to)
		return err
	})
	if err != nil {
		return err
	}
	if p.json {
		return p.view().Line("mv", map[string]any{"from": from, "to": to, "moved": moved})
	}
	said := fmt.Sprintf("The state knows %s as %s now.", words.Safe(from), words.Safe(to))
	if n := len(moved); n > 1 {
		said = fmt.Sprintf("The state knows %s as %s now: %d addresses.", words.Safe(from), words.Safe(to), n)
	}
	if !configured(ws, to) {
		said += " The configuration does not: change it before the next apply, which would take it for one that left."
	}
	return p.view().Say("%s", said)
}
