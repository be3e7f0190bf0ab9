// Package words says in words what a plan holds. Text, Markdown and HTML take their words from here, so that they cannot disagree.
//
// All that it returns is one line, and safe on a terminal: what came from an item, a server or a file has its control, direction and invisible
// characters written as escapes. What Markdown or HTML would take for structure is still in it, for them to escape.
package words

import (
	"fmt"
	"strings"
	"sync"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
)

// Reason says a reason code in a few words. A code that is not known is its own words.
func Reason(code string) string {
	if said, ok := reasons()[code]; ok {
		return said
	}
	return strings.ReplaceAll(Sentence(code), "_", " ")
}

var reasons = sync.OnceValue(func() map[string]string {
	said := map[string]string{}
	for _, r := range decide.ReasonDocs() {
		said[string(r.Code)] = r.Words
	}
	return said
})

// Action is the verb of an action.
func Action(a plan.Action) string { return strings.ReplaceAll(Sentence(string(a)), "_", " ") }

// Sign is the one character that an action is marked with.
func Sign(a plan.Action) string {
	switch a {
	case plan.Add, plan.CreateFolder:
		return "+"
	case plan.Edit, plan.Mark:
		return "~"
	case plan.Delete:
		return "-"
	case plan.Adopt:
		return "="
	case plan.Retire, plan.Release:
		return "/"
	case plan.Conflict, plan.Ambiguous:
		return "!"
	}
	return "?"
}

// Status is the state of a relationship in words.
func Status(s plan.Status) string {
	if s == plan.Alert {
		return "on alert"
	}
	return Sentence(string(s))
}

// Named is what people know an item by, in quotes: its title, else its UID, else its ref. A folder is known by its address.
func Named(op plan.Operation) string {
	if op.Action == plan.CreateFolder && op.Title != "" || op.Title == hidden {
		return Sentence(op.Title)
	}
	for _, s := range []string{op.Title, op.UID, op.OriginalRef, op.ReplicaRef} {
		if s != "" {
			return Quote(s, titleLength)
		}
	}
	return "(no title)"
}

// Remedy is what a person can do about an operation that waits for one, in a relationship; "" where none does.
func Remedy(relationship string, op plan.Operation) string {
	if op.Key() == "" {
		return ""
	}
	resolve := "To decide: accord resolve " + typed(relationship) + " " + typed(op.Key())
	switch {
	case op.Action == plan.Conflict:
		return resolve + " source (or destination, or both). Or edit either side so that both say the same."
	case op.Action == plan.Ambiguous && len(op.Candidates) > 0:
		return resolve + " " + typed(op.Candidates[0]) + " (or another candidate, or both for a copy beside them)."
	}
	return ""
}

// typed is a word for a command line, on one line and harmless.
func typed(word string) string { return Sentence(reconcile.ShellWord(word)) }

// Allowance says that a guard lets more pass in this plan.
func Allowance(a plan.Allowance) string { return "Allowed in this plan: " + UpTo(a) + "." }

// UpTo is how much a guard lets pass, and where.
func UpTo(a plan.Allowance) string {
	what, where := a.Kind, a.Address
	if a.Count == 1 {
		what = strings.TrimSuffix(what, "s")
	}
	if where == "" {
		where = "the whole run"
	}
	return Sentence(fmt.Sprintf("up to %d %s in %s", a.Count, what, where))
}

// hidden stands in a plan for what it does not show.
const hidden = plan.Private
