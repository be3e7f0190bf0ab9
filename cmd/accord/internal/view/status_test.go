package view_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/sample"
	"github.com/accord-sync/accord/cmd/accord/internal/view"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

func TestStatus(t *testing.T) {
	started := sample.Made()
	finished := sample.Made().Add(time.Minute)
	statuses := map[string]view.Status{
		"new": {Workspace: "office", Relationships: []view.RelationshipStatus{
			{Address: "relationship.a", Source: "folder.a", Destination: "folder.b", Status: plan.OK, Note: "not applied yet", Pairs: map[state.Status]int{}},
		}},
		"applied": {
			Workspace: "office",
			LastApply: &view.Apply{Number: 2, By: "anna@office", Started: sample.Made(), Finished: &finished, Counts: map[string]int{"add": 3, "edit": 1}},
			Relationships: []view.RelationshipStatus{
				{Address: "relationship.a", Source: "folder.a", Destination: "folder.b", Status: plan.OK, Since: &started,
					Pairs: map[state.Status]int{state.Active: 30, state.Waiting: 2, state.Retired: 1, state.Pruned: 1, state.Ignored: 1}, Refused: 1},
			},
		},
		"killed": {Workspace: "office", LastApply: &view.Apply{Number: 3, By: "anna@office", Started: sample.Made()}},
	}
	for name, status := range statuses {
		show := func(v *view.View) error { return v.Status(status) }
		golden(t, "status-"+name+".txt", drawn(t, view.Options{}, show))
		golden(t, "status-"+name+".jsonl", drawn(t, view.Options{JSON: true}, show))
	}
}

// TestStatusOfWhatIsHeld draws what is paused, disabled and unresolved, as 80 columns show it, with a reason that is long and one that is hostile.
func TestStatusOfWhatIsHeld(t *testing.T) {
	since := sample.Made().UTC()
	finished := since.Add(time.Minute)
	pairs := map[state.Status]int{state.Active: 99_000, state.Pruned: 1000}
	long := "paused by anna@office since 2026-11-22 09:30:00 +0000: the room list is being rebuilt, which takes until Thursday, and Ben has to look at it before it goes on"
	pauses := []view.PauseStatus{
		{Pause: state.Pause{File: "/srv/state/paused/notes.txt", Trouble: "it is no pause: invalid character 'x' looking for beginning of value"}, Relationships: 4},
		{Pause: state.Pause{By: "ben@office", Since: since}, Relationships: 4},
		{Pause: state.Pause{Address: `relationship.rooms["1/2"]`, By: "anna@office", Since: since,
			Reason: "the room list is being rebuilt, which takes until Thursday, and Ben has to look at it before it goes on."}, Relationships: 1},
		{Pause: state.Pause{Address: "folder.*", By: "\x1b[31mme@here", Since: since, Reason: "a\u202eb\nc"}, Relationships: 0},
	}
	for name, status := range map[string]view.Status{
		"held": {
			Workspace: "office",
			LastApply: &view.Apply{Number: 12, By: "anna@office", Started: since, Finished: &finished, Counts: map[string]int{"add": 100_000, "retire": 3}},
			Journal:   &view.Journal{Applies: 12, From: since.AddDate(0, -1, 0), Bytes: 34_567_890},
			Relationships: []view.RelationshipStatus{
				{Address: `relationship.rooms["1/2"]`, Source: "folder.rooms", Destination: `folder.staff["anna"]`, Status: plan.Paused, Reason: long, Since: &since, Pairs: pairs, Read: &since,
					LastApply: &view.Apply{Number: 11, By: "anna@office", Started: since, Counts: map[string]int{"add": 7}}},
				{Address: "relationship.b", Source: "folder.a", Destination: "folder.b", Status: plan.Disabled, Note: "not applied yet", Pairs: map[state.Status]int{}},
				{Address: "relationship.c", Source: "folder.a", Destination: "folder.c", Status: plan.Unresolved, Since: &since, Pairs: map[state.Status]int{state.Waiting: 1}},
			},
			Pauses: pauses,
		},
		"locked": {
			Workspace:     "office",
			Locked:        &state.Owner{PID: 4711, Host: "office", User: "anna", Command: "accord apply", Since: since},
			Relationships: []view.RelationshipStatus{{Address: "relationship.b", Source: "folder.a", Destination: "folder.b", Status: plan.OK}},
			Pauses:        pauses[1:2],
		},
	} {
		show := func(v *view.View) error { return v.Status(status) }
		golden(t, "status-"+name+".txt", drawn(t, view.Options{WidthOut: 80}, show))
		golden(t, "status-"+name+".jsonl", drawn(t, view.Options{JSON: true}, show))
	}
}

// TestStatusOfProblems draws every kind of problem, known and unknown, with titles and without, many of one kind, and hostile ones.
func TestStatusOfProblems(t *testing.T) {
	at := sample.Made().UTC()
	finished := at.Add(time.Minute)
	ack := state.Ack{Address: "relationship.a", By: "anna@office", Since: at, Until: at.AddDate(0, 0, 14), Reason: "the server moves"}
	reasons := map[state.ProblemKind]string{
		state.Alert: "folder.a: caldav: list: 503 Service Unavailable", state.Blocked: "it would delete 9 of 20 items in folder.b, and its guard allows 30 % (6). To allow exactly this: -allow-deletes=relationship.a:9",
		state.Unresolved: "folder.a has no address", state.Conflict: "conflict_manual", state.Ambiguous: "ambiguous", state.Unreadable: "line 4: \x1b[31mDTSTART",
		state.Undecided: "it could not be decided: accord plan says why", state.RefusedBy: "its provider does not take it",
	}
	var all, known []view.ProblemStatus
	for _, kind := range []state.ProblemKind{state.Alert, state.Blocked, state.Unresolved, state.Conflict, state.Ambiguous, state.Undecided, state.Unreadable, state.RefusedBy} {
		p := state.Problem{Kind: kind, Address: "folder.a", Item: string(kind) + ".ics", Reason: reasons[kind], Since: at}
		ack.Problems = append(ack.Problems, state.Known(p))
		all = append(all, view.ProblemOf(p, map[state.ProblemKind]string{state.Conflict: "Budget", state.Unreadable: "Trip\u202e"}[kind], nil))
		known = append(known, view.ProblemOf(p, "", &ack))
	}
	for i := range 8 {
		all = append(all, view.ProblemOf(state.Problem{Kind: state.Unreadable, Address: "folder.b", Item: fmt.Sprintf("%d.ics", i), Reason: "line 1: it ends early", Since: at}, "", nil))
	}
	failure := &view.ErrorStatus{At: at, Error: "folder.b: caldav: put: 401 Unauthorized"}
	relationship := func(name string, status plan.Status, problems []view.ProblemStatus) view.RelationshipStatus {
		return view.RelationshipStatus{Address: "relationship." + name, Source: "folder.a", Destination: "folder.b", Status: status, Since: &at,
			Pairs: map[state.Status]int{state.Active: 3}, Problems: problems}
	}
	wrong, silent, well := relationship("a", plan.Alert, all), relationship("b", plan.OK, known), relationship("c", plan.OK, []view.ProblemStatus{})
	wrong.Reason, wrong.Pending, wrong.LastError = reasons[state.Alert], 3, failure
	silent.InSync, well.InSync, well.LastError = &at, &at, failure
	for name, s := range map[string]view.Status{
		"problems":  {Relationships: []view.RelationshipStatus{wrong, silent, well}, Acks: []state.Ack{ack, {File: "/srv/state/acknowledged/x", Trouble: "it is none"}}},
		"known":     {Relationships: []view.RelationshipStatus{silent}, Acks: []state.Ack{ack}},
		"refreshed": {Relationships: []view.RelationshipStatus{well}, Refreshed: true},
	} {
		s.Workspace, s.LastApply = "office", &view.Apply{Number: 12, By: "anna@office", Started: at, Finished: &finished, Counts: map[string]int{"add": 1}}
		show := func(v *view.View) error { return v.Status(s) }
		golden(t, "status-"+name+".txt", drawn(t, view.Options{WidthOut: 80}, show))
		golden(t, "status-"+name+".jsonl", drawn(t, view.Options{JSON: true}, show))
	}
}

func TestAck(t *testing.T) {
	at := sample.Made().UTC()
	p := state.Problem{Kind: state.Alert, Address: "relationship.a", Item: "folder.a", Cause: "unreachable", Reason: "folder.a: no answer", Since: at}
	a := state.Ack{Address: `relationship.staff["anna"]`, By: "anna@office", Since: at, Until: at.AddDate(0, 0, 14), Reason: "the server moves", Problems: []state.KnownProblem{state.Known(p)}}
	none := a
	none.Problems = nil
	show := func(v *view.View) error {
		for _, err := range []error{v.Acknowledged(a, []state.Problem{p}), v.Acknowledged(none, nil), v.NotAcknowledged(a), v.NotAcknowledged(state.Ack{Address: "folder.a"}),
			v.NotAcknowledged(state.Ack{}), v.NotAcknowledged(state.Ack{File: "/srv/state/acknowledged/x.json", Trouble: "it is none"})} {
			if err != nil {
				return err
			}
		}
		return nil
	}
	golden(t, "ack.txt", drawn(t, view.Options{WidthOut: 80}, show))
	golden(t, "ack.jsonl", drawn(t, view.Options{JSON: true}, show))
}

func TestPauseAndResume(t *testing.T) {
	p := state.Pause{Address: `relationship.rooms["1/2"]`, By: "anna@office", Since: sample.Made().UTC(), Reason: "rooms"}
	damaged := state.Pause{File: "/srv/state/paused/x.json", Trouble: "it is no pause"}
	show := func(v *view.View) error {
		for _, err := range []error{v.Paused(p, 0), v.Paused(p, 1), v.Paused(state.Pause{By: "anna@office", Since: p.Since}, 12), v.Resumed(p), v.Resumed(damaged), v.NotPaused("folder.a"), v.NotPaused("")} {
			if err != nil {
				return err
			}
		}
		return nil
	}
	golden(t, "pause.txt", drawn(t, view.Options{WidthOut: 80}, show))
	golden(t, "pause.jsonl", drawn(t, view.Options{JSON: true}, show))
}
