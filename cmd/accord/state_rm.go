package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

func (p *program) stateRmCommand() *cobra.Command {
	var flags stateFlags
	cmd := &cobra.Command{
		Use:   "rm ADDRESS [ITEM]",
		Short: "Forget a relationship, one of its pairs, or a folder",
		Long: `Makes the state forget a relationship with its pairs, or a folder that no relationship joins any more. With ITEM, which is a UID or a ref, only the pair
that has it as its original or replica. It writes to the state alone: no item is touched.

What is configured is looked at anew by the next plan: replicas are recognised by their markers, and what was pruned is copied again. The replicas of a
relationship that left the configuration stay as they are: on_remove is not asked.`,
		Example: `  accord state rm relationship.team_to_anna
  accord state rm relationship.team_to_anna standup@example.com
  accord state rm folder.team`,
		Args: arguments(1, 2),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return 0, p.forget(ctx, flags, args)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	return cmd
}

func (p *program) forget(ctx context.Context, flags stateFlags, args []string) error {
	address := quoted(args[0])
	var forgotten *reconcile.Forgotten
	ws, err := p.changeState(ctx, flags, "accord state rm", func(st state.Store) (err error) {
		if len(args) == 2 {
			forgotten, err = reconcile.ForgetPairs(st, address, args[1])
		} else {
			forgotten, err = reconcile.Forget(st, address)
		}
		return err
	})
	if err != nil {
		return err
	}
	if p.json {
		return p.view().Line("rm", forgotten)
	}
	n := 0
	for _, some := range forgotten.Pairs {
		n += some
	}
	said := "Forgotten: " + words.Counted(n, "pair", "pairs") + "."
	if len(args) == 1 {
		said = "Forgotten: " + words.Safe(strings.Join(forgotten.Addresses, ", "))
		if !strings.HasPrefix(address, "folder.") {
			said += ", with " + words.Counted(n, "pair", "pairs")
		}
		said += "."
	}
	return p.view().Say("%s %s", said, follows(ws, address, forgotten))
}

// follows is what happens to what was forgotten.
func follows(ws *schema.Workspace, address string, f *reconcile.Forgotten) string {
	again := ""
	if n := f.Pairs[state.Pruned] + f.Pairs[state.Ignored]; n > 0 {
		again = " To be copied again, as nothing else knew that they were not to be: " + words.Counted(n, "item", "items") + "."
	}
	switch {
	case strings.HasPrefix(address, "folder."):
		return "No relationship that is recorded joins it."
	case configured(ws, address):
		return "The next plan looks at it anew, and recognises replicas by their markers." + again
	}
	return "It is not in the configuration: its replicas stay as they are, and nothing copies, adopts or removes them."
}

// configured reports whether the configuration has a folder or relationship, or a block of such.
func configured(ws *schema.Workspace, address string) bool {
	return slices.Contains(slices.Concat(relationshipsOf(ws), foldersOf(ws), blocksOf(ws)), address)
}

func blocksOf(ws *schema.Workspace) []string {
	var all []string
	for _, b := range ws.Blocks {
		all = append(all, b.Address)
	}
	return all
}

// changeState opens the state while a verb changes it. It has to be this workspace's.
func (p *program) changeState(ctx context.Context, flags stateFlags, command string, change func(state.Store) error) (*schema.Workspace, error) {
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return ws, err
	}
	store, err := p.openState(ctx, ws.StatePath, p.stateOptions(command, flags.lockFlags))
	if err != nil {
		return ws, err
	}
	if name := store.Header().Workspace; name != "" && name != ws.Name {
		err = errOfAnother(ws, name)
	} else {
		err = change(store)
	}
	return ws, errors.Join(err, store.Close())
}
