package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

func (p *program) statusCommand() *cobra.Command {
	var flags struct {
		workspaceFlags
		lockFlags
	}
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what is recorded of each relationship, without asking any folder",
		Example: `  accord status
  accord status -json`,
		Args: arguments(0, 0),
		RunE: p.does(func(ctx context.Context, _ []string) (condition, error) {
			ws, err := p.load(flags.workspaceFlags)
			if err != nil {
				return p.worse(ctx, ws, "status", nil), err
			}
			recorded, err := p.readState(ctx, ws, "accord status", flags.lockFlags)
			if err != nil {
				return 0, err
			}
			status, err := statusOf(ws, recorded)
			if err = errors.Join(err, recorded.Close()); err != nil {
				return 0, err
			}
			return 0, p.view().Status(status)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	return cmd
}

// statusOf joins what is configured with what is recorded.
func statusOf(ws *schema.Workspace, recorded state.Reader) (view.Status, error) {
	status := view.Status{Workspace: ws.Name}
	applies, err := recorded.Applies()
	if err != nil {
		return status, err
	}
	if n := len(applies); n > 0 {
		last := applies[n-1]
		status.LastApply = &view.Apply{Number: last.Number, By: last.By, Started: last.Started, Counts: last.Counts}
		if !last.Finished.IsZero() {
			status.LastApply.Finished = &last.Finished
		}
	}
	relations, err := recorded.Relationships()
	if err != nil {
		return status, err
	}
	since := map[string]time.Time{}
	for _, r := range relations {
		since[r.Address] = r.Since
	}
	configured := map[string]bool{}
	for _, r := range ws.Relations {
		configured[r.Address] = true
		line := view.RelationshipStatus{Address: r.Address, Source: r.Source.Address, Destination: r.Destination.Address}
		at, applied := since[r.Address]
		switch {
		case !r.Enabled:
			line.Note = "disabled"
		case r.Source.Unresolved || r.Destination.Unresolved:
			line.Note = "unresolved"
		case !applied:
			line.Note = "not applied yet"
		}
		if applied {
			line.Since = &at
		}
		if err := countPairs(recorded, &line); err != nil {
			return status, err
		}
		status.Relationships = append(status.Relationships, line)
	}
	for _, r := range relations {
		if configured[r.Address] {
			continue
		}
		line := view.RelationshipStatus{
			Address: r.Address, Source: r.Source, Destination: r.Destination, Since: &r.Since,
			Note: fmt.Sprintf("left the configuration: the next apply does what on_remove = %q says", r.OnRemove),
		}
		if err := countPairs(recorded, &line); err != nil {
			return status, err
		}
		status.Relationships = append(status.Relationships, line)
	}
	return status, nil
}

// countPairs counts the pairs of a relationship by status.
func countPairs(recorded state.Reader, line *view.RelationshipStatus) error {
	line.Pairs = map[state.Status]int{}
	return recorded.Pairs(line.Address, func(pair state.Pair) error {
		line.Pairs[pair.Status]++
		if pair.Refused != 0 {
			line.Refused++
		}
		return nil
	})
}
