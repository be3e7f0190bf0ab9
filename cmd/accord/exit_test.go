package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// The codes as they are promised, most important first.
var promised = []struct {
	when condition
	code int
}{
	{interrupted, 130}, {misused, 64}, {locked, 6}, {foreign, 5}, {failed, 1}, {waits, 4}, {partly, 3}, {pending, 2},
}

func TestExitCodeOfEveryPair(t *testing.T) {
	if got := condition(0).code(); got != 0 {
		t.Errorf("nothing holds: %d, want 0", got)
	}
	for i, more := range promised {
		for _, less := range promised[i:] {
			if got := (more.when | less.when).code(); got != more.code {
				t.Errorf("%d and %d hold: %d, want %[1]d", more.code, less.code, got)
			}
		}
	}
}

func TestConditionOfAnError(t *testing.T) {
	for _, c := range []struct {
		err  error
		want condition
	}{
		{nil, 0},
		{errors.New("anything"), failed},
		{errShown, failed},
		{usageError{errors.New("unknown flag")}, misused},
		{fmt.Errorf("plan: %w", &state.LockedError{Path: "s"}), locked},
		{fmt.Errorf("read: %w", plan.ErrDamaged), foreign},
		{fmt.Errorf("apply: %w", reconcile.ErrForeignPlan), foreign},
		{errors.Join(errors.New("first"), &state.LockedError{}), locked},
	} {
		if got := conditionOf(c.err); got != c.want {
			t.Errorf("%v: %08b, want %08b", c.err, got, c.want)
		}
	}
}

func TestOpenEndsOfAPlan(t *testing.T) {
	for name, c := range map[string]struct {
		doc  plan.Document
		want condition
	}{
		"done":        {plan.Document{Summary: plan.Summary{Add: 1, Edit: 1, Delete: 1, Unchanged: 5, Settling: 1, Pruned: 1, OutOfWindow: 1}}, 0},
		"blocked":     {plan.Document{Summary: plan.Summary{Blocked: 1}}, waits},
		"conflict":    {plan.Document{Summary: plan.Summary{Conflict: 1}}, waits},
		"ambiguous":   {plan.Document{Summary: plan.Summary{Ambiguous: 1}}, waits},
		"stale":       {plan.Document{Summary: plan.Summary{Stale: 1}}, partly},
		"refused":     {plan.Document{Summary: plan.Summary{Refused: 1}}, partly},
		"unreadable":  {plan.Document{Summary: plan.Summary{Unreadable: 1}}, partly},
		"unresolved":  {plan.Document{Summary: plan.Summary{Unresolved: 1}}, partly},
		"both":        {plan.Document{Summary: plan.Summary{Unreadable: 1, Conflict: 1}}, partly | waits},
		"on alert":    {plan.Document{Relationships: []plan.Relationship{{Status: plan.OK}, {Status: plan.Alert}}}, partly},
		"held":        {plan.Document{Relationships: []plan.Relationship{{Status: plan.Blocked}}}, waits},
		"undecided":   {plan.Document{Diagnostics: []plan.Diagnostic{{Severity: "warning"}, {Severity: "error"}}}, partly},
		"told":        {plan.Document{Diagnostics: []plan.Diagnostic{{Severity: "warning"}, {Severity: "info"}}}, 0},
		"not enabled": {plan.Document{Relationships: []plan.Relationship{{Status: plan.Disabled}, {Status: plan.Paused}}}, 0},
	} {
		if got := openEnds(&c.doc); got != c.want {
			t.Errorf("%s: %08b, want %08b", name, got, c.want)
		}
	}
}

func TestAnInterruptedRun(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	p := testProgram()
	if code := p.finish(ctx, fmt.Errorf("apply: %w", ctx.Err())); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	if got, want := p.err.(fmt.Stringer).String(), "Error: "+errInterrupted.Error()+"\n"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}
