package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

type statusFlags struct {
	workspaceFlags
	lockFlags
	only, except []string
	refresh      bool
	detailed     bool
	plan         requestFlags // of -refresh
}

func (p *program) statusCommand() *cobra.Command {
	var flags statusFlags
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how each relationship is: since when in sync, what is pending, what waits, what is wrong, paused or acknowledged",
		Long: `Shows of each relationship since when it is in sync, what is pending, its alerts and guards that block, what waits for a person, what is unreadable,
its last error, and its pairs. It asks no folder and is as of the last apply; with -refresh, it reads the folders, writes nothing, and is as of now.

Problems that accord ack acknowledged are shown apart. With -detailed-exitcode, the others are told by the exit code, as by an apply: 4 when something is blocked or
waits for a person, 3 when something else is wrong, 2 when changes are pending.

While an apply holds the state, it shows who does and what is paused, and ends with code 6.`,
		Example: `  accord status
  accord status -refresh -only 'mesh.*'
  accord status -json -detailed-exitcode`,
		Args: arguments(0, 0),
		RunE: p.does(func(ctx context.Context, _ []string) (condition, error) {
			return p.status(ctx, flags)
		}),
	}
	flags.workspaceFlags.add(cmd.Flags())
	flags.lockFlags.add(cmd.Flags())
	cmd.Flags().StringArrayVar(&flags.only, "only", nil, "show only these relationships, or those of these folders: an `ADDRESS` or a glob (repeatable)")
	cmd.Flags().StringArrayVar(&flags.except, "except", nil, "show all but these relationships, or those of these folders: an `ADDRESS` or a glob (repeatable)")
	cmd.Flags().BoolVar(&flags.refresh, "refresh", false, "read the folders, and show how everything is now")
	cmd.Flags().BoolVar(&flags.detailed, "detailed-exitcode", false, "exit 2 when changes are pending, 3 or 4 when something is wrong that nobody acknowledged")
	cmd.Flags().StringVar(&flags.plan.titles, "titles", "", "with -refresh, show titles of all items or of none: `full|hidden`; otherwise of public ones")
	cmd.Flags().IntVar(&flags.plan.parallel, "parallelism", 4, "with -refresh, read `N` folders at a time")
	return cmd
}

func (p *program) status(ctx context.Context, flags statusFlags) (condition, error) {
	if err := flags.plan.check(); err != nil {
		return 0, err
	}
	ws, err := p.load(ctx, flags.workspaceFlags)
	if err != nil {
		return p.worse(ctx, ws, "status", nil), err
	}
	recorded, err := p.readState(ctx, ws, "accord status", flags.lockFlags)
	s := &survey{ws: ws, flags: flags, pauses: state.ReadPauses(ws.StatePath), acks: state.ReadAcks(ws.StatePath), now: p.now(), status: view.Status{Workspace: ws.Name, Refreshed: flags.refresh}}
	var held *state.LockedError
	switch {
	case errors.As(err, &held):
		s.status.Locked = &held.Owner
		s.configured(nil)
	case err != nil:
		return 0, err
	default:
		if err := errors.Join(p.survey(ctx, s, recorded), recorded.Close()); err != nil {
			return 0, err
		}
	}
	if err := s.known(held == nil); err != nil {
		return 0, err
	}
	s.pausesOf()
	var met condition
	if flags.detailed {
		met = s.condition()
	}
	return met, errors.Join(p.view().Status(s.status), err)
}

// survey reads what is recorded, and the folders where that is asked for.
func (p *program) survey(ctx context.Context, s *survey, recorded state.Reader) error {
	if err := s.read(recorded); err != nil {
		return err
	}
	if !s.flags.refresh {
		health, err := recorded.Health()
		s.judge(health, nil)
		return err
	}
	if err := s.known(true); err != nil { // before anything is read
		return err
	}
	f := s.flags.plan
	f.request.Only, f.request.Except = s.flags.only, s.flags.except
	looked, err := p.lookNow(ctx, s.ws, recorded, f)
	if err == nil {
		s.judge(looked.Health, looked.Found)
	}
	return err
}

// survey joins what is configured with what is recorded and what is paused.
type survey struct {
	ws     *schema.Workspace
	flags  statusFlags
	pauses []state.Pause
	acks   []state.Ack
	now    time.Time
	seen   []string // addresses that -only and -except were asked for
	status view.Status
}

// selected reports whether a relationship is to be shown.
func (s *survey) selected(addresses ...string) bool {
	s.seen = append(s.seen, addresses...)
	hit := func(globs []string) bool {
		return slices.ContainsFunc(globs, func(g string) bool {
			return slices.ContainsFunc(addresses, func(a string) bool { return reconcile.Matches(g, a) })
		})
	}
	return (len(s.flags.only) == 0 || hit(s.flags.only)) && !hit(s.flags.except)
}

// known refuses globs that match nothing, unless the state may know what they mean and could not be read.
func (s *survey) known(all bool) error {
	for _, glob := range slices.Concat(s.flags.only, s.flags.except) {
		if all && !slices.ContainsFunc(s.seen, func(a string) bool { return reconcile.Matches(glob, a) }) {
			return unknownAddress(glob, s.seen)
		}
	}
	return nil
}

// configured adds the relationships of the configuration, with what is recorded of them, if anything is. since is nil when nobody knows.
func (s *survey) configured(since map[string]state.Relationship) {
	for _, r := range s.ws.Relations {
		if !s.selected(r.Address, r.Source.Address, r.Destination.Address) {
			continue
		}
		line := view.RelationshipStatus{Address: r.Address, Source: r.Source.Address, Destination: r.Destination.Address, Status: plan.OK}
		by := reconcile.PausedBy(s.pauses, r.Address, r.Source.Address, r.Destination.Address)
		switch {
		case !r.Enabled:
			line.Status = plan.Disabled
		case by != nil:
			line.Status, line.Reason = plan.Paused, reconcile.Paused(*by)
		case r.Source.Unresolved || r.Destination.Unresolved:
			line.Status = plan.Unresolved
		}
		record, applied := since[r.Address]
		if applied {
			line.Since = &record.Since
		} else if since != nil {
			line.Note = "not applied yet"
		}
		s.status.Relationships = append(s.status.Relationships, line)
	}
}

// read adds what is recorded.
func (s *survey) read(recorded state.Reader) error {
	applies, err := recorded.Applies()
	if err != nil {
		return err
	}
	relations, err := recorded.Relationships()
	if err != nil {
		return err
	}
	since := map[string]state.Relationship{}
	for _, r := range relations {
		since[r.Address] = r
	}
	s.configured(since)
	for _, r := range s.ws.Relations {
		delete(since, r.Address)
	}
	for _, r := range relations {
		if _, left := since[r.Address]; !left || !s.selected(r.Address, r.Source, r.Destination) {
			continue
		}
		line := view.RelationshipStatus{Address: r.Address, Source: r.Source, Destination: r.Destination, Status: plan.OK, Since: &r.Since,
			Note: fmt.Sprintf("left the configuration: the next apply does what on_remove = %q says", r.OnRemove)}
		if r.OnLeaver != "" {
			line.Note = fmt.Sprintf("left the configuration: the next apply does what its mesh says of a member that leaves, else what on_remove = %q says", r.OnRemove)
		}
		if by := reconcile.PausedBy(s.pauses, r.Address, r.Source, r.Destination); by != nil {
			line.Status, line.Reason = plan.Paused, reconcile.Paused(*by)
		}
		s.status.Relationships = append(s.status.Relationships, line)
	}
	folders, err := recorded.Folders()
	if err != nil {
		return err
	}
	read := map[string]time.Time{}
	for _, f := range folders {
		read[f.Address] = f.Read
	}
	for i := range s.status.Relationships {
		r := &s.status.Relationships[i]
		first := read[r.Source]
		if at := read[r.Destination]; at.Before(first) {
			first = at
		}
		if !first.IsZero() {
			r.Read = &first
		}
		if err := countPairs(recorded, r); err != nil {
			return err
		}
	}
	if n := len(applies); n > 0 {
		last := view.ApplyOf(applies[n-1])
		s.status.LastApply = &last
		s.status.Journal = &view.Journal{Applies: n, From: applies[0].Started}
		if s.status.Journal.Bytes, err = sizeOf(s.ws.StatePath); err != nil {
			return err
		}
	}
	return s.touched(recorded, applies)
}

// touched finds the last apply that wrote something for each relationship. What an apply wrote is in its record; of one that was killed, the writes are looked through.
func (s *survey) touched(recorded state.Reader, applies []state.Apply) error {
	missing := map[string]*view.RelationshipStatus{}
	for i := range s.status.Relationships {
		if r := &s.status.Relationships[i]; r.Since != nil {
			missing[r.Address] = r
		}
	}
	for _, apply := range slices.Backward(applies) {
		if len(missing) == 0 {
			break
		}
		if apply.Finished.IsZero() {
			if err := recorded.Entries(apply.Number, func(e state.Entry) error { apply.Count(e); return nil }); err != nil {
				return err
			}
		}
		for address, n := range apply.Wrote {
			if r := missing[address]; r != nil {
				last := view.ApplyOf(apply)
				last.Counts, r.LastApply = n, &last
				delete(missing, address)
			}
		}
	}
	return nil
}

// judge adds how everything is. found has the titles of items, where the folders were read.
func (s *survey) judge(health []state.Health, found []reconcile.Problem) {
	titles, of := map[string]string{}, map[string]state.Health{}
	for _, f := range found {
		titles[f.Fingerprint()] = f.Title
	}
	for _, h := range health {
		of[h.Address] = h
	}
	for i := range s.status.Relationships {
		r := &s.status.Relationships[i]
		r.Problems = []view.ProblemStatus{}
		h := of[r.Address]
		problems := slices.Concat(h.Problems, of[r.Source].Problems)
		if r.Destination != r.Source {
			problems = append(problems, of[r.Destination].Problems...)
		}
		for _, problem := range problems {
			r.Problems = append(r.Problems, view.ProblemOf(problem, titles[problem.Fingerprint()], state.KnownBy(s.acks, problem, s.now)))
		}
		if r.Pending = h.Pending; h.Failure.Text != "" {
			r.LastError = &view.ErrorStatus{At: h.Failure.At, Error: h.Failure.Text}
		}
		if r.Status != plan.OK {
			continue
		}
		if !h.Synced.IsZero() {
			r.InSync = &h.Synced
		}
		for _, problem := range h.Problems {
			switch problem.Kind {
			case state.Alert:
				r.Status, r.Reason = plan.Alert, problem.Reason
			case state.Blocked:
				r.Status, r.Reason = plan.Blocked, problem.Reason
			}
		}
	}
	s.status.Acks = slices.DeleteFunc(s.acks, func(a state.Ack) bool { return a.Trouble == "" && !a.Until.After(s.now) })
}

// condition is what the problems that nobody acknowledged mean for the exit code.
func (s *survey) condition() condition {
	var met condition
	for _, r := range s.status.Relationships {
		if r.Pending > 0 {
			met |= pending
		}
		for _, problem := range r.Problems {
			if problem.Known == nil {
				met |= conditionOfProblem(problem.Kind)
			}
		}
	}
	return met
}

// pausesOf adds the pauses.
func (s *survey) pausesOf() {
	for _, p := range s.pauses {
		s.status.Pauses = append(s.status.Pauses, view.PauseStatus{Pause: p, Relationships: len(heldBy(s.ws, p.Address))})
	}
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

// sizeOf is what a directory takes on the disk, in bytes. What goes while it is looked at takes nothing.
func sizeOf(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var info fs.FileInfo
			if info, err = d.Info(); err == nil {
				bytes += info.Size()
			}
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	return bytes, err
}
