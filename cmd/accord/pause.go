package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/diagnose"
)

// longestReason is how many characters the reason of a pause may have.
const longestReason = 1000

func (p *program) pauseCommand() *cobra.Command {
	var flags struct {
		workspaceFlags
		reason string
	}
	cmd := &cobra.Command{
		Use:   "pause [ADDRESS…]",
		Short: "Hold relationships, or everything, until accord resume",
		Long: `Holds the relationships that ADDRESS names, by their own address, by that of one of their folders, or by a glob; without ADDRESS, all of them.
Nothing flows through a relationship that is paused, nothing is removed, and its folders are not read for it. After the pause, what was missed flows.

It asks for no lock: an apply that runs leaves out what is paused from its next batch on, and ends with code 3. The batch under way is finished.`,
		Example: `  accord pause
  accord pause relationship.company_to_staff -reason "the room list is being rebuilt"
  accord pause 'folder.staff["anna"]' 'mesh.*'`,
		RunE: p.does(func(ctx context.Context, args []string) (condition, error) {
			ws, err := p.load(ctx, flags.workspaceFlags)
			if err != nil {
				return 0, err
			}
			return 0, p.pause(ctx, ws, args, flags.reason)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	cmd.Flags().StringVar(&flags.reason, "reason", "", "say why, in a `TEXT` that plans and accord status show")
	return cmd
}

func (p *program) pause(ctx context.Context, ws *schema.Workspace, args []string, reason string) error {
	reason = strings.Join(strings.Fields(reason), " ")
	if n := utf8.RuneCountInString(reason); n > longestReason {
		return usageError{fmt.Errorf("-reason has %d characters: write at most %d", n, longestReason)}
	}
	addresses, err := pauseAddresses(args)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		if err := p.knownAddress(ctx, ws, a, nil); err != nil {
			return err
		}
	}
	for _, a := range addresses {
		pause := state.Pause{Address: a, Reason: reason, By: username() + "@" + hostname(), Since: p.now().UTC()}
		if err := state.SetPause(ws.StatePath, pause); err != nil {
			return err
		}
		if err := p.view().Paused(pause, len(heldBy(ws, a))); err != nil {
			return err
		}
	}
	return nil
}

// pauseAddresses are the addresses that a command line names; "" stands for everything. An argument that is empty, as from a variable that a script did not
// set, does not.
func pauseAddresses(args []string) ([]string, error) {
	if len(args) == 0 {
		return []string{""}, nil
	}
	var addresses []string
	for _, arg := range args {
		if arg == "" {
			return nil, usageError{errors.New("an address is empty: name a relationship or a folder, or give no address at all for everything")}
		}
		if a := quoted(arg); !slices.Contains(addresses, a) {
			addresses = append(addresses, a)
		}
	}
	return addresses, nil
}

// heldBy are the configured relationships that a pause of an address holds.
func heldBy(ws *schema.Workspace, address string) []*schema.Relationship {
	var held []*schema.Relationship
	for _, r := range ws.Relations {
		if reconcile.PausedBy([]state.Pause{{Address: address}}, r.Address, r.Source.Address, r.Destination.Address) != nil {
			held = append(held, r)
		}
	}
	return held
}

// knownAddress refuses what is the address of nothing in the configuration, in the state, or in others. The state is opened only for what is in none of the
// rest: it may be in use.
func (p *program) knownAddress(ctx context.Context, ws *schema.Workspace, address string, others []string) error {
	if address == "" {
		return nil
	}
	hit := func(candidates []string) bool {
		return slices.ContainsFunc(candidates, func(a string) bool { return reconcile.Matches(address, a) })
	}
	candidates := slices.Concat(relationshipsOf(ws), foldersOf(ws), others)
	if hit(candidates) {
		return nil
	}
	recorded, err := p.recordedAddresses(ctx, ws)
	switch {
	case errors.Is(err, state.ErrLocked):
		return fmt.Errorf("%s is the address of nothing in the configuration, and the state, which may know it, is in use: %w", address, err)
	case err != nil:
		return err
	case hit(recorded):
		return nil
	}
	return unknownAddress(address, append(candidates, recorded...))
}

// unknownAddress says that an address is that of nothing, and which may have been meant.
func unknownAddress(address string, candidates []string) error {
	advice := "accord status shows what there is"
	if near := diagnose.Nearest(address, candidates); near != "" {
		advice = "did you mean " + near + "?"
	}
	return fmt.Errorf("%s is the address of no relationship or folder in the configuration or the state: %s", address, advice)
}

func (p *program) recordedAddresses(ctx context.Context, ws *schema.Workspace) (addresses []string, err error) {
	recorded, err := p.readState(ctx, ws, "accord pause", lockFlags{})
	if err != nil {
		return nil, err
	}
	relations, err := recorded.Relationships()
	for _, r := range relations {
		addresses = append(addresses, r.Address, r.Source, r.Destination)
	}
	return addresses, errors.Join(err, recorded.Close())
}
