package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
)

type doctorFlags struct {
	stateFlags
	offline, approved, input bool
	parallel                 int
}

func (p *program) stateDoctorCommand() *cobra.Command {
	var flags doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Find what does not hold together in the state, explain it, and offer to mend it",
		Long: `Reads every record of the state, and every folder whole, and says what does not hold together: pairs and items that belong to nothing, replicas of two
pairs, markers that say something else than the state. With each finding comes what is proposed. What concerns the state alone is mended when that is
approved; no folder is written to, and nothing is decided: what is forgotten or looked at again, the next plan shows.

It exits 0 when there is nothing to mend or all was mended, and 3 when something is left. A state that is damaged cannot be mended: accord state
rebuild -replace makes it anew.`,
		Example: `  accord state doctor
  accord state doctor -offline -json
  accord state doctor -auto-approve`,
		Args: arguments(0, 0),
		RunE: p.does(func(ctx context.Context, _ []string) (condition, error) {
			return p.doctor(ctx, flags)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.offline, "offline", false, "look at the state alone, and ask no folder")
	cmd.Flags().BoolVar(&flags.approved, "auto-approve", false, "mend what can be mended, and do not ask")
	cmd.Flags().BoolVar(&flags.input, "input", true, "ask questions; without, nothing is mended but with -auto-approve")
	cmd.Flags().IntVar(&flags.parallel, "parallelism", 4, "read `N` folders at a time")
	return cmd
}

func (p *program) doctor(ctx context.Context, flags doctorFlags) (met condition, err error) {
	if flags.parallel < 1 {
		return 0, usageError{errors.New("-parallelism is the number of folders at a time, from 1")}
	}
	_, err = p.changeState(ctx, flags.stateFlags, "accord state doctor", func(st state.Store) (err error) {
		met, err = p.treat(ctx, st, flags)
		return err
	})
	return met, err
}

// treat examines a state, and mends what may be mended.
func (p *program) treat(ctx context.Context, st state.Store, flags doctorFlags) (condition, error) {
	ws, _, _ := p.loadQuietly(ctx, flags.workspaceFlags)
	e, end := p.engine(ws, requestFlags{parallel: flags.parallel})
	found, err := e.Examine(ctx, st, flags.offline)
	end()
	if err = errors.Join(err, e.Close()); err != nil {
		return 0, err
	}
	if err := p.view().Findings(found); err != nil {
		return 0, err
	}
	left, mendable := 0, 0
	for _, f := range found.Findings {
		switch {
		case f.Mendable:
			mendable++
		case f.Severity != "info":
			left++
		}
	}
	mended := 0
	if mendable > 0 {
		declined := !flags.approved
		if declined && flags.input && !p.json {
			err = p.approve(ctx)
			declined = err != nil
			if errors.Is(err, errDeclined) || errors.Is(err, errNobody) {
				err = nil
			}
		}
		if !declined {
			mended, err = reconcile.Mend(st, found.Findings)
		}
	}
	var met condition
	if left += mendable - mended; left > 0 {
		met = partly
	}
	return met, errors.Join(err, p.view().Treated(view.Treated{Diagnosis: found, Mended: mended, Left: left}))
}
