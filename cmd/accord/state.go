package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile/state"
)

func (p *program) stateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "state", Short: "Look at what is recorded, mend it, and keep it"}
	group(cmd)
	cmd.AddCommand(p.stateDoctorCommand(), p.stateExportCommand(), p.stateImportCommand(), p.stateListCommand(), p.stateMvCommand(), p.stateRebindCommand(), p.stateRebuildCommand(), p.stateRmCommand(), p.stateShowCommand(), p.stateUnlockCommand())
	return cmd
}

// stateFlags are the flags of the verbs that read the state.
type stateFlags struct {
	workspaceFlags
	lockFlags
	pairs bool
}

// withState opens the state for reading while a verb uses it.
func (p *program) withState(ctx context.Context, flags stateFlags, command string, use func(state.Reader) error) (condition, error) {
	flags.offline = true
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return p.worse(ctx, ws, strings.TrimPrefix(command, "accord "), nil), err
	}
	recorded, err := p.readState(ctx, ws, command, flags.lockFlags)
	if err != nil {
		return 0, err
	}
	return 0, errors.Join(use(recorded), recorded.Close())
}

func (p *program) stateListCommand() *cobra.Command {
	var flags stateFlags
	cmd := &cobra.Command{
		Use:   "list [ADDRESS]",
		Short: "List recorded folders and relationships, or the pairs of a relationship",
		Example: `  accord state list
  accord state list relationship.team_to_anna`,
		Args: arguments(0, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return p.withState(ctx, flags, "accord state list", func(recorded state.Reader) error {
				if len(args) == 1 {
					return p.listPairs(recorded, quoted(args[0]))
				}
				return p.listAddresses(recorded, flags.pairs)
			})
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.pairs, "pairs", false, "list the pairs of every relationship as well")
	return cmd
}

func (p *program) listAddresses(recorded state.Reader, pairs bool) error {
	folders, err := recorded.Folders()
	if err != nil {
		return err
	}
	relations, err := recorded.Relationships()
	if err != nil {
		return err
	}
	for _, f := range folders {
		if err := p.view().Listed("folder", f.Address); err != nil {
			return err
		}
	}
	for _, r := range relations {
		if err := p.view().Listed("relationship", r.Address); err != nil {
			return err
		}
		if pairs {
			if err := p.pairs(recorded, r.Address); err != nil {
				return err
			}
		}
	}
	return nil
}

// listPairs lists the pairs of a relationship that is recorded.
func (p *program) listPairs(recorded state.Reader, address string) error {
	if _, err := findRelationship(recorded, address); err != nil {
		return err
	}
	return p.pairs(recorded, address)
}

func (p *program) pairs(recorded state.Reader, address string) error {
	return recorded.Pairs(address, func(pair state.Pair) error {
		return p.view().ListedPair(pair)
	})
}

func (p *program) stateShowCommand() *cobra.Command {
	var flags stateFlags
	cmd := &cobra.Command{
		Use:   "show ADDRESS [ITEM]",
		Short: "Show what is recorded of a folder or relationship, or of one item in it",
		Long: `Show what is recorded of a folder or relationship. With ITEM, which is a UID or a ref, what is recorded of that item
in the folder, or of the pair that has it as its original or replica.`,
		Example: `  accord state show folder.team
  accord state show relationship.team_to_anna standup@example.com`,
		Args: arguments(1, 2),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return p.withState(ctx, flags, "accord state show", func(recorded state.Reader) error {
				if len(args) == 2 {
					return p.showItem(recorded, quoted(args[0]), args[1])
				}
				return p.showAddress(recorded, quoted(args[0]))
			})
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	return cmd
}

func (p *program) stateUnlockCommand() *cobra.Command {
	var flags workspaceFlags
	cmd := &cobra.Command{
		Use:   "unlock",
		Short: "Free a state whose owner is no more",
		Long: `Frees a state that is locked though its owner is no more: a process of another host, whose lock stayed behind. A process of this host that
still runs keeps its lock. The next apply looks up what became of writes that were under way.`,
		Example: "  accord state unlock",
		Args:    arguments(0, 0),
		RunE: p.does(func(ctx context.Context, _ []string) (condition, error) {
			flags.offline = true
			ws, err := p.load(ctx, flags)
			if err != nil {
				return 0, err
			}
			owner, err := state.Unlock(ws.StatePath, hostname())
			if err != nil {
				return 0, err
			}
			if p.json {
				return 0, p.view().Line("unlock", map[string]any{"held": owner != (state.Owner{}), "owner": owner})
			}
			if owner == (state.Owner{}) {
				return 0, p.view().Say("The state is not locked.")
			}
			return 0, p.view().Say("The state is free again. %s@%s held it (%s, process %d).", owner.User, owner.Host, owner.Command, owner.PID)
		}),
	}
	flags.add(cmd.Flags())
	return cmd
}

// errNotRecorded says that the state does not know an address.
func errNotRecorded(address string) error {
	return fmt.Errorf("the state knows no %q; accord state list shows what it knows", address)
}

func findRelationship(recorded state.Reader, address string) (state.Relationship, error) {
	relations, err := recorded.Relationships()
	if err != nil {
		return state.Relationship{}, err
	}
	for _, r := range relations {
		if r.Address == address {
			return r, nil
		}
	}
	return state.Relationship{}, errNotRecorded(address)
}
