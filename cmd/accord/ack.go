package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/amount"
)

type ackFlags struct {
	workspaceFlags
	lockFlags
	lasts   string
	reason  string
	end     bool
	refresh bool
}

func (p *program) ackCommand() *cobra.Command {
	var flags ackFlags
	cmd := &cobra.Command{
		Use:   "ack [ADDRESS…]",
		Short: "Acknowledge the problems that there are now, so that they do not hide new ones",
		Long: `Acknowledges, for the time that -for says, the problems that the relationships have which ADDRESS names, by their own address, by that of one of their
folders, or by a glob: alerts, guards that block, conflicts and ambiguities that wait, items that are unreadable, refused or could not be decided.
They are those of the last apply; with -refresh, the folders are read, and they are those of this moment.

accord status shows what is acknowledged apart, and an apply or a plan -detailed-exitcode that leaves nothing else undone ends as if it had left nothing. Another
problem in the same place is not acknowledged. It ends when its time is over, when an apply finds that the problem is, or with -end, which without ADDRESS ends all.`,
		Example: `  accord ack relationship.company_to_staff -for 14d -reason "the server moves, ticket 4711"
  accord ack 'folder.staff["anna"]' -for 36h -refresh
  accord ack -end relationship.company_to_staff`,
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			return p.ackVerb(ctx, flags, args)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	cmd.Flags().StringVar(&flags.lasts, "for", "", "for this `TIME`: 14d, 36h, 2w")
	cmd.Flags().StringVar(&flags.reason, "reason", "", "say why, in a `TEXT` that accord status shows")
	cmd.Flags().BoolVar(&flags.end, "end", false, "acknowledge no more what was")
	cmd.Flags().BoolVar(&flags.refresh, "refresh", false, "read the folders, and acknowledge what is wrong at this moment")
	return cmd
}

func (p *program) ackVerb(ctx context.Context, flags ackFlags, args []string) (condition, error) {
	lasts, err := flags.check(args)
	if err != nil {
		return 0, err
	}
	addresses, err := pauseAddresses(args)
	if err != nil {
		return 0, err
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return p.worse(ctx, ws, "ack", nil), err
	}
	if flags.end {
		return 0, p.endAcks(ctx, ws, addresses)
	}
	health, err := p.healthNow(ctx, ws, flags)
	if err != nil {
		return 0, err
	}
	for _, a := range addresses {
		if err := p.knownAddress(ctx, ws, a, nil); err != nil {
			return 0, err
		}
	}
	for _, a := range addresses {
		ack := state.Ack{Address: a, Reason: strings.Join(strings.Fields(flags.reason), " "), By: username() + "@" + hostname(), Since: p.now().UTC()}
		ack.Until = ack.Since.Add(lasts)
		problems := problemsOf(ws, health, a)
		for _, problem := range problems {
			ack.Problems = append(ack.Problems, state.Known(problem))
		}
		if len(problems) > 0 {
			if err := state.SetAck(ws.StatePath, ack); err != nil {
				return 0, err
			}
		}
		if err := p.view().Acknowledged(ack, problems); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// check is for how long, of a command line that makes sense.
func (f ackFlags) check(args []string) (time.Duration, error) {
	switch {
	case f.end && (f.lasts != "" || f.reason != "" || f.refresh):
		return 0, usageError{errors.New("-end ends what was acknowledged, and takes none of -for, -reason and -refresh")}
	case f.end:
		return 0, nil
	case len(args) == 0:
		return 0, usageError{errors.New("accord ack needs the address of a relationship or folder, or a glob over such: accord status shows what is wrong where")}
	case f.lasts == "":
		return 0, usageError{errors.New("say for how long the problems are acknowledged: -for 14d")}
	}
	if n := utf8.RuneCountInString(f.reason); n > longestReason {
		return 0, usageError{fmt.Errorf("-reason has %d characters: write at most %d", n, longestReason)}
	}
	lasts, err := amount.ParseDuration(f.lasts)
	if err == nil && lasts == 0 {
		err = fmt.Errorf("%q is no time at all", f.lasts)
	}
	if err != nil {
		return 0, usageError{fmt.Errorf("-for: %w: write 14d, 36h or 2w", err)}
	}
	return lasts, nil
}

// healthNow is how everything was after the last apply, or is now.
func (p *program) healthNow(ctx context.Context, ws *schema.Workspace, flags ackFlags) ([]state.Health, error) {
	recorded, err := p.readState(ctx, ws, "accord ack", flags.lockFlags)
	if err != nil {
		return nil, err
	}
	var health []state.Health
	if flags.refresh {
		var looked *reconcile.Checkup
		if looked, err = p.lookNow(ctx, ws, recorded, requestFlags{parallel: 4}); err == nil {
			health = looked.Health
		}
	} else {
		health, err = recorded.Health()
	}
	return health, errors.Join(err, recorded.Close())
}

// lookNow reads the folders, writes nothing, and says how everything is.
func (p *program) lookNow(ctx context.Context, ws *schema.Workspace, recorded state.Reader, f requestFlags) (*reconcile.Checkup, error) {
	f.request.Closer = true
	made, err := p.make(ctx, ws, recorded, f)
	if err != nil {
		return nil, err
	}
	looked, err := reconcile.Look(ws, recorded, made)
	return looked, errors.Join(err, made.Close())
}

// problemsOf are the problems of the relationships that an address names, and of their folders.
func problemsOf(ws *schema.Workspace, health []state.Health, address string) []state.Problem {
	named := map[string]bool{}
	for _, r := range ws.Relations {
		switch {
		case reconcile.Matches(address, r.Address):
			named[r.Address], named[r.Source.Address], named[r.Destination.Address] = true, true, true
		case reconcile.Matches(address, r.Source.Address), reconcile.Matches(address, r.Destination.Address):
			named[r.Address] = true
		}
	}
	var problems []state.Problem
	for _, h := range health {
		if named[h.Address] || reconcile.Matches(address, h.Address) {
			problems = append(problems, h.Problems...)
		}
	}
	slices.SortFunc(problems, state.Problem.Compare)
	return problems
}

// endAcks ends what the addresses, and the globs among them, name.
func (p *program) endAcks(ctx context.Context, ws *schema.Workspace, addresses []string) error {
	acks := state.ReadAcks(ws.StatePath)
	var set []string
	for _, a := range acks {
		set = append(set, a.Address)
	}
	for _, address := range addresses {
		if err := p.knownAddress(ctx, ws, address, set); err != nil {
			return err
		}
	}
	for _, address := range addresses {
		ended := 0
		for _, a := range acks {
			if address != "" && (a.Trouble != "" || !reconcile.Matches(address, a.Address)) {
				continue
			}
			if err := state.EndAck(ws.StatePath, a); err != nil {
				return err
			}
			ended++
			if err := p.view().NotAcknowledged(a); err != nil {
				return err
			}
		}
		if ended == 0 {
			if err := p.view().NotAcknowledged(state.Ack{Address: address}); err != nil {
				return err
			}
		}
	}
	return nil
}
