package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
)

// logFlags are the flags of accord log.
type logFlags struct {
	workspaceFlags
	lockFlags
	keys    identityFlags
	titles  string
	last    int
	only    []string
	except  []string
	offline bool
}

func (p *program) logCommand() *cobra.Command {
	var flags logFlags
	cmd := &cobra.Command{
		Use:   "log [N]",
		Short: "List what applies did; with a number, each thing that one of them did",
		Long: `Lists the applies that the journal holds, the newest first: who, when, what was asked for, and how many items it added, edited and deleted.

With N, shows everything that apply N did, with its reason, and what items said before and after. Of an item that it added, the folder is asked what it says,
unless -offline is given. How long applies are kept, and who can read what items said, is written in the journal block of the workspace.`,
		Example: `  accord log
  accord log -n=5
  accord log 12
  accord log 12 -json
  accord log 12 -identity=key.txt`,
		Args: arguments(0, 1),
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return p.log(ctx, flags, args)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	flags.keys.add(cmd.Flags())
	cmd.Flags().StringVar(&flags.titles, "titles", "", "show titles and values of all items or of none: `full|hidden`; otherwise of public ones")
	cmd.Flags().IntVarP(&flags.last, "last", "n", 0, "list the last `N` applies alone")
	cmd.Flags().BoolVar(&flags.offline, "offline", false, "ask no folder what it says now")
	cmd.Flags().StringArrayVar(&flags.only, "only", nil, "of apply N, show only what was written for these relationships, or in these folders: an `ADDRESS` or a glob (repeatable)")
	cmd.Flags().StringArrayVar(&flags.except, "except", nil, "of apply N, show all but that: an `ADDRESS` or a glob (repeatable)")
	p.verboseFlag(cmd.Flags())
	return cmd
}

func (p *program) log(ctx context.Context, flags logFlags, args []string) (condition, error) {
	number, err := applyNumber(args)
	if flags.last < 0 {
		err = usageError{fmt.Errorf("-n=%d: write how many applies to list, 1 or more", flags.last)}
	}
	if err = errors.Join(err, checkTitles(flags.titles)); err != nil {
		return 0, err
	}
	as, err := p.identities(flags.keys)
	if err != nil {
		return 0, err
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return p.worse(ctx, ws, "log", nil), err
	}
	recorded, err := p.readState(ctx, ws, "accord log", flags.lockFlags)
	if err != nil {
		return 0, err
	}
	if number == 0 {
		applies, err := reconcile.Applies(recorded)
		if flags.last > 0 {
			applies = applies[:min(flags.last, len(applies))]
		}
		if err == nil {
			err = p.view().Applies(applies)
		}
		return 0, errors.Join(err, recorded.Close())
	}
	engine, end := p.engine(ws, requestFlags{titles: flags.titles, parallel: 4})
	apply, did, err := engine.Log(ctx, recorded, reconcile.JournalRequest{Apply: number, Only: flags.only, Except: flags.except, Identities: as}, flags.offline)
	end()
	if err = errors.Join(err, engine.Close(), recorded.Close()); err != nil {
		return 0, err
	}
	defer did.Close()
	return 0, p.view().Log(apply, &did.Document)
}
