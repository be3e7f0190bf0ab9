package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/accord-sync/accord/reconcile"
)

type explainFlags struct {
	workspaceFlags
	lockFlags
	titles   string
	parallel int
}

func (f *explainFlags) add(flags *pflag.FlagSet) {
	f.workspaceFlags.add(flags)
	f.lockFlags.add(flags)
	flags.StringVar(&f.titles, "titles", "", "show titles and values of all items or of none: `full|hidden`; otherwise of public ones")
	flags.IntVar(&f.parallel, "parallelism", 4, "read `N` folders at a time")
}

func (p *program) explainCommand() *cobra.Command {
	var flags explainFlags
	cmd := &cobra.Command{
		Use:   "explain FOLDER ITEM",
		Short: "Say why an item is, or is not, where one expects it; it writes nothing to any folder, and nothing to the state",
		Long: `Says what an item is, what each relationship that touches it does with it and why, and what the last apply did to it. It reads the folders that
relationships join with FOLDER, decides what a plan would, guards included, and writes nothing.

FOLDER is the address of a folder: the one where the item is, or the one where it should be. ITEM is a UID, a ref, or a title or a part of one, where one item
alone has it; where several do, they are listed. Titles of items that are not public are looked at with -titles=full.`,
		Example: `  accord explain folder.company 'Lunch'
  accord explain 'folder.staff["alice"]' 'Lunch' -titles=full
  accord explain folder.staff[alice] 7f0c1a2e-lunch.ics -json`,
		Args: arguments(2, 2),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return 0, p.explain(ctx, args[0], args[1], flags)
		}),
	}
	flags.add(cmd.Flags())
	p.verboseFlag(cmd.Flags())
	return cmd
}

func (p *program) explain(ctx context.Context, folder, item string, flags explainFlags) error {
	read := requestFlags{titles: flags.titles, parallel: flags.parallel}
	if err := read.check(); err != nil {
		return err
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return err
	}
	recorded, err := p.readState(ctx, ws, "accord explain", flags.lockFlags)
	if err != nil {
		return err
	}
	engine, end := p.engine(ws, read)
	said, err := engine.Explain(ctx, recorded, folder, item)
	end()
	err = errors.Join(err, engine.Close(), recorded.Close())
	var several *reconcile.SeveralError
	switch {
	case errors.As(err, &several):
		return errors.Join(errShown, p.view().Candidates(several))
	case err != nil:
		return err
	}
	return p.view().Explanation(said)
}
