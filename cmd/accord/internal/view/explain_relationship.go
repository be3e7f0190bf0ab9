package view

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// foldFrom is how many relationships that say the same are told in one line.
const foldFrom = 5

// alikeRelationships puts together those that say the same, where they are many.
func (t *text) alikeRelationships(list []reconcile.ExplainedRelationship) [][]reconcile.ExplainedRelationship {
	var groups, out [][]reconcile.ExplainedRelationship
	for _, r := range list {
		i := slices.IndexFunc(groups, func(g []reconcile.ExplainedRelationship) bool { return sameAnswer(g[0], r) })
		if i < 0 || t.verbose {
			groups = append(groups, []reconcile.ExplainedRelationship{r})
		} else {
			groups[i] = append(groups[i], r)
		}
	}
	for _, g := range groups {
		if len(g) >= foldFrom {
			t.folded = true
			out = append(out, g)
			continue
		}
		for _, r := range g {
			out = append(out, []reconcile.ExplainedRelationship{r})
		}
	}
	return out
}

// sameAnswer reports whether two relationships do the same with an item, each with its own replica, for the same reasons.
func sameAnswer(a, b reconcile.ExplainedRelationship) bool {
	return a.Outcome == b.Outcome && frozen(a) == frozen(b) && a.Side == b.Side && a.Status == b.Status && a.Reason == b.Reason && reflect.DeepEqual(a.Filter, b.Filter) &&
		reflect.DeepEqual(lateOf(a), lateOf(b)) &&
		reflect.DeepEqual(withoutReplica(a.Operations), withoutReplica(b.Operations))
}

// lateOf is the mark of a late change on a replica; nil: there is none.
func lateOf(r reconcile.ExplainedRelationship) *reconcile.ExplainedLate {
	if r.Pair == nil {
		return nil
	}
	return r.Pair.Late
}

func withoutReplica(list []plan.Operation) []plan.Operation {
	out := slices.Clone(list)
	for i := range out {
		out[i].ReplicaRef = ""
	}
	return out
}

// explainedRelationship tells what one relationship does with the item, and more of them likewise.
func (t *text) explainedRelationship(r reconcile.ExplainedRelationship, more int) {
	t.put("")
	if more == 0 {
		t.put(wrap(fmt.Sprintf("%s: %s → %s", t.paint(bold, words.Sentence(r.Address)), words.Sentence(r.Source), words.Sentence(r.Destination)), t.width, 2))
	} else {
		t.put(wrap(fmt.Sprintf("%s and %d more relationships:", t.paint(bold, words.Sentence(r.Address)), more), t.width, 2))
		r.SettledBy = nil // each has its own, and its own replica
	}
	said := outcome(r, more)
	switch r.Outcome {
	case reconcile.Held, reconcile.Waits, reconcile.Undecided, reconcile.ItemUnreadable, reconcile.ReplicaUnreadable, reconcile.TwinUnreadable, reconcile.Refused:
		said = t.paint(yellow, said)
	}
	t.line("  " + said)
	if r.Outcome == reconcile.Held && len(r.Operations) > 0 {
		t.line("  Without that, it would do this:")
	}
	for _, op := range r.Operations {
		t.operation(plan.Relationship{Address: r.Address, Source: r.Source, Destination: r.Destination}, op)
		if remedy := words.Remedy(r.Address, op); remedy != "" {
			t.indented(remedy)
		}
	}
	if f := r.Filter; f != nil && (!f.Passes && r.Outcome != reconcile.Held || t.verbose) {
		if r.Outcome != reconcile.Filtered {
			passes := "lets it through"
			if !f.Passes {
				passes = "does not let it through"
			}
			t.line(fmt.Sprintf("  The filter at %s:%d %s:", words.Sentence(f.File), f.Line, passes))
		}
		t.conditions(f)
	}
	if more == 0 {
		t.matches(r)
	}
	if p := r.Pair; p != nil && more == 0 && r.Outcome == reconcile.Held && p.ReplicaRef != "" && r.Side == plan.Source {
		t.line("  Its replica " + words.Title(p.ReplicaRef) + " stays as it is.")
	}
	if lateOf(r) != nil && r.Outcome != reconcile.Planned && r.Outcome != reconcile.Lingers {
		t.line("  " + marked(r, more))
	}
	if r.SettledBy != nil && (r.Outcome == reconcile.Settled || r.Outcome == reconcile.Planned || r.Outcome == reconcile.Untriggered || r.Outcome == reconcile.Lingers) {
		t.line("  " + t.paint(faint, fmt.Sprintf("Last settled by apply %d, at %s.", r.SettledBy.Number, clock(r.SettledBy.Started))))
	}
}

// outcome says in words what becomes of an item in a relationship, and in more likewise.
func outcome(r reconcile.ExplainedRelationship, more int) string {
	why := words.Sentence(r.Reason)
	switch r.Outcome {
	case reconcile.Planned:
		return "The next apply does this:"
	case reconcile.Settled:
		switch {
		case r.Side == plan.Destination:
			return "Nothing to do: it says what its original has it say."
		case more > 0 || r.Pair == nil || r.Pair.ReplicaRef == "":
			return "Nothing to do: its replica says what it should."
		case r.Pair.Adopted:
			return fmt.Sprintf("Nothing to do: its replica %s, which was there before and was adopted, says what it should.", words.Title(r.Pair.ReplicaRef))
		}
		return fmt.Sprintf("Nothing to do: its replica %s says what it should.", words.Title(r.Pair.ReplicaRef))
	case reconcile.Waits:
		return "It waits for a person:"
	case reconcile.Held:
		return held(r.Status, why)
	case reconcile.NeverCopied:
		if why != "" {
			return "Not copied: " + why + ", and a replica is never an original for another relationship."
		}
		return "Not copied: it is a replica, and a replica is never an original for another relationship. Copy from the folder of its original instead."
	case reconcile.BeganThere:
		return fmt.Sprintf("Left alone: the relationship copies from %s, and an item that begins in its destination is never subject to it.", words.Sentence(r.Source))
	case reconcile.Filtered:
		return filtered(r)
	case reconcile.OutOfWindow:
		if r.Pair != nil && r.Pair.ReplicaRef != "" {
			return "Frozen: it is out of the window, and nothing flows: " + why + "."
		}
		return "Not copied: it is out of the window: " + why + "."
	case reconcile.Settling:
		return "It settles: what changed is too recent: " + why + "."
	case reconcile.Untriggered:
		return "Not carried: " + why + ", as the template's trigger says."
	case reconcile.Lingers:
		return fmt.Sprintf("Left for now: the original went at short notice, and %s says so until %s. Then it is deleted.", ownReplica(r, more, "the replica"), lateUntil(r.Pair.Late))
	case reconcile.Pruned:
		return fmt.Sprintf(`Not copied again: a person deleted its replica in %s, and on_destination.delete = "prune" heeds that until the original is gone.`, words.Sentence(r.Destination))
	case reconcile.Retired:
		return "Its replica is retired: it stays as it is, nothing flows to it or from it, and it is never copied further."
	case reconcile.Ignored:
		return `Not copied: the source held it before the relationship was first applied, and existing = "ignore" leaves that alone.`
	case reconcile.Refused:
		return "Not written: the provider refused what it should hold. It is tried again when the original, the replica or the template changes."
	case reconcile.Undecided:
		return "Left as it is: " + why
	case reconcile.ItemUnreadable:
		if r.Side == plan.Source {
			return "Nothing is done while it cannot be understood: what is there stays as it is."
		}
		return "Nothing is done while its original cannot be understood: " + why
	case reconcile.ReplicaUnreadable:
		return "Nothing is done while its replica cannot be understood: " + why
	case reconcile.TwinUnreadable:
		return "Not copied: the destination holds an item of the same UID that cannot be understood, and may be the same thing: " + why
	case reconcile.Missing:
		return "Nothing to do: there is no original, and no replica is left of it."
	case reconcile.Left:
		if why != "" {
			return "Nothing is done: " + why + "."
		}
		return "Nothing is decided about it."
	}
	return words.Sentence(string(r.Outcome))
}

// marked says how a replica shows a late change, and until when.
func marked(r reconcile.ExplainedRelationship, more int) string {
	said := fmt.Sprintf("For now %s is marked as %s at short notice, until %s.", ownReplica(r, more, "it"), words.Sentence(r.Pair.Late.Mark), lateUntil(r.Pair.Late))
	if r.Pair.Late.Mark != "cancelled" {
		return said
	}
	if r.Pair.Adopted {
		return said + " Then on_delete of adopt says whether it is deleted or released."
	}
	return said + " Then it is deleted."
}

// ownReplica names the replica of the item; asked stands for one that is asked about itself.
func ownReplica(r reconcile.ExplainedRelationship, more int, asked string) string {
	switch {
	case r.Side == plan.Destination:
		return asked
	case more > 0 || r.Pair.ReplicaRef == "":
		return "its replica"
	}
	return "its replica " + words.Title(r.Pair.ReplicaRef)
}

func lateUntil(l *reconcile.ExplainedLate) string { return l.Until.Format("2006-01-02 at 15:04 MST") }

// held says why nothing is done in a relationship, and what to do.
func held(s plan.Status, why string) string {
	switch s {
	case plan.Disabled:
		return "Nothing is done: the relationship is disabled, by enabled = false."
	case plan.Paused:
		return "Nothing is done: " + why
	case plan.Unresolved:
		return "Nothing is done: " + why + "."
	case plan.Blocked:
		return "Nothing is done, as a guard holds the relationship: " + why
	}
	return "Nothing is done, as the relationship is " + words.Status(s) + ": " + why
}

func filtered(r reconcile.ExplainedRelationship) string {
	at := fmt.Sprintf("the filter at %s:%d does not let it through", words.Sentence(r.Filter.File), r.Filter.Line)
	if !frozen(r) {
		return "Not copied: " + at + ":"
	}
	return fmt.Sprintf("Nothing flows: %s, and on_unmatched = %q leaves its replica as it is:", at, words.Safe(r.OnUnmatched))
}

// frozen reports whether there is a replica to leave as it is.
func frozen(r reconcile.ExplainedRelationship) bool {
	return r.Pair != nil && r.Pair.Status == state.Active && r.Pair.ReplicaRef != ""
}
