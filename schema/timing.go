package schema

import (
	"fmt"
	"time"

	"github.com/accord-sync/accord/schema/amount"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
	"github.com/accord-sync/accord/schema/window"
)

// timing reads window, settle and schedule.
func (l *loader) timing(s settings, in *scope.Instance, r *Relationship) {
	r.Window = l.window(s, in)
	r.Settle, _ = amount.DurationOf(l.Scope, s["settle"], in)
	r.Every, _ = amount.DurationOf(l.Scope, s["schedule.every"], in)
}

// window is nil when there is none: every edge is absent or null.
func (l *loader) window(s settings, in *scope.Instance) *window.Window {
	var w window.Window
	for name, edge := range map[string]**time.Duration{"window.past": &w.Past, "window.future": &w.Future, "window.recurring_past": &w.RecurringPast} {
		if d, ok := amount.DurationOf(l.Scope, s[name], in); ok {
			*edge = &d
		}
	}
	w.From, w.To = l.day(s["window.from"], in), l.day(s["window.to"], in)
	if !w.From.IsZero() && !w.To.IsZero() && w.To.Before(w.From) {
		l.Refuse(s["window.to"], "Empty window", "window.to is before window.from.", "Exchange them.")
	}
	for edge, other := range map[string]string{"window.from": "window.past", "window.to": "window.future"} {
		if s[edge] != nil && s[other] != nil {
			l.Refuse(s[edge], "Two edges of a window", fmt.Sprintf("%s and %s say both where the window's same edge is.", edge, other), fmt.Sprintf("Keep one of them: %s is a date, %s moves with today.", edge, other))
		}
	}
	if w.IsZero() {
		return nil
	}
	return &w
}

// day is the date that an attribute says, as midnight in UTC; zero without one, or when a mistake was reported.
func (l *loader) day(a *scope.Attribute, in *scope.Instance) time.Time {
	text, ok := l.Text(a, in)
	if !ok {
		return time.Time{}
	}
	date, err := time.Parse(time.DateOnly, text)
	if err != nil {
		l.Refuse(a, "Invalid date", fmt.Sprintf("%s: %q is no date.", a.Name, text), `Write it as "2026-01-31".`)
		return time.Time{}
	}
	return date
}

// checkWindow reports a window over items that have no time.
func (l *loader) checkWindow(b *relationshipBlock, r *Relationship) {
	if r.Window != nil && r.Source.Config.Kind == pim.Contacts {
		l.Report(diagnose.Mistake(b.where("window.past", "window.future", "window.recurring_past", "window.from", "window.to"), "Window over contacts",
			fmt.Sprintf("%s joins folders of contacts, and a contact takes place at no time.", r.Address), "Leave window out; a filter says which contacts are copied."))
	}
}
