package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile/state"
)

type conflictsFlags struct {
	workspaceFlags
	lockFlags
	requestFlags
}

func (p *program) conflictsCommand() *cobra.Command {
	var flags conflictsFlags
	cmd := &cobra.Command{
		Use:   "conflicts [ADDRESS…]",
		Short: "Show the conflicts and ambiguous matches that wait for a person, with both versions side by side",
		Long: `Reads the folders, writes nothing, and shows every conflict and every ambiguous match that waits for a person in the relationships that ADDRESS names,
by their own address, by that of a folder, or by a glob; without ADDRESS, in all of them. Of a conflict it shows the fields in which the original and the replica
differ, of an ambiguous match those in which each candidate differs from the original; and the commands that decide it, to be copied.`,
		Example: `  accord conflicts
  accord conflicts relationship.team
  accord conflicts -titles=full -json`,
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			for _, arg := range args {
				if arg == "" {
					return 0, usageError{errors.New("an address is empty: name a relationship or a folder, or give no address at all for everything")}
				}
				flags.request.Only = append(flags.request.Only, quoted(arg))
			}
			return 0, p.conflicts(ctx, flags)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	cmd.Flags().StringVar(&flags.titles, "titles", "", "show titles and values of all items or of none: `full|hidden`; otherwise of public ones")
	cmd.Flags().IntVar(&flags.parallel, "parallelism", 4, "read `N` folders at a time")
	return cmd
}

func (p *program) conflicts(ctx context.Context, flags conflictsFlags) error {
	if err := flags.requestFlags.check(); err != nil {
		return err
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		p.met |= p.worse(ctx, ws, "conflicts", nil)
		return err
	}
	recorded, err := p.readState(ctx, ws, "accord conflicts", flags.lockFlags)
	if err != nil {
		return err
	}
	since, err := waitingSince(recorded)
	if err != nil {
		return errors.Join(err, recorded.Close())
	}
	flags.request.Closer = true
	made, err := p.make(ctx, ws, recorded, flags.requestFlags)
	if err = errors.Join(err, recorded.Close()); err != nil {
		return err
	}
	return errors.Join(p.view().Conflicts(&made.Document, since, p.self()), made.Close())
}

// waitingSince is since when pairs wait that an apply knows of.
func waitingSince(recorded state.Reader) (map[state.PairKey]time.Time, error) {
	health, err := recorded.Health()
	since := map[state.PairKey]time.Time{}
	for _, h := range health {
		for _, problem := range h.Problems {
			if problem.Kind == state.Conflict || problem.Kind == state.Ambiguous {
				since[state.PairKey{Relationship: h.Address, Original: problem.Item}] = problem.Since
			}
		}
	}
	return since, err
}
