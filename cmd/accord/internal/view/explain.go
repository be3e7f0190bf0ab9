package view

import (
	"bufio"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema/pim"
)

// Explanation tells why an item is, or is not, where one expects it.
func (v *View) Explanation(x *reconcile.Explanation) error {
	if v.opts.JSON {
		return v.Line("explanation", x)
	}
	out := bufio.NewWriter(v.out)
	t := v.text(out)
	t.explainedItem(x)
	for _, group := range t.alikeRelationships(x.Relationships) {
		t.explainedRelationship(group[0], len(group)-1)
	}
	if len(x.Relationships) == 0 {
		t.put("\nNo relationship touches it: no copies are made of it.")
	}
	t.explainedApply(x)
	if len(x.Diagnostics) > 0 {
		t.put("")
	}
	for _, d := range x.Diagnostics {
		t.diagnostic(d)
	}
	if t.folded {
		t.put("\nWhat is told of many relationships in one line, -v tells of each.")
	}
	return out.Flush()
}

// Candidates tells which items may be meant where several are, and what to type for each.
func (v *View) Candidates(e *reconcile.SeveralError) error {
	if v.opts.JSON {
		for _, c := range e.Candidates {
			if err := v.Line("candidate", c); err != nil {
				return err
			}
		}
		v.Error(e)
		return nil
	}
	v.Error(e)
	out := bufio.NewWriter(v.err)
	for _, c := range e.Candidates {
		about := ""
		if c.Title != "" {
			about = "  # " + words.Title(c.Title)
		}
		if c.Start != "" {
			about += " (" + words.Moment(c.Start) + ")"
		}
		fmt.Fprintf(out, "  accord explain %s %s%s\n", words.Safe(reconcile.ShellWord(c.Folder)), words.Safe(reconcile.ShellWord(c.Name)), about)
	}
	if more := e.Count - len(e.Candidates); more > 0 {
		fmt.Fprintf(out, "  and %d more\n", more)
	}
	return out.Flush()
}

func (t *text) explainedItem(x *reconcile.Explanation) {
	it := x.Item
	if it.Folder != x.Folder {
		t.put(wrap(fmt.Sprintf("%s holds no item %s. It is about this one:", words.Sentence(x.Folder), words.Title(x.Asked)), t.width, 2))
	}
	t.put(wrap(t.paint(bold, itemNamed(it))+" in "+words.Sentence(it.Folder), t.width, 2))
	facts := []string{kindWord(it.Kind)}
	if it.UID != "" {
		facts = append(facts, "UID "+words.Title(it.UID))
	}
	if it.Ref != "" {
		facts = append(facts, "ref "+words.Title(it.Ref))
	}
	t.line("  " + t.paint(faint, words.List(facts...)))
	switch {
	case it.ByRef && it.UID == "":
		t.line("  It has no UID, and is told apart by its ref: when it is moved, it is another item.")
	case it.ByRef:
		t.line("  Another item of the folder has its UID, too: it is told apart by its ref.")
	}
	if it.Hidden {
		t.line("  It is not public: -titles=full shows what it says.")
	}
	if s := presence(it); s != "" {
		t.line("  " + s)
	}
	t.line("  " + role(it))
	if o := it.Original; o != nil && o.Presence != reconcile.Absent {
		t.line(fmt.Sprintf("  Its original is %s in %s.", itemNamed(*o), words.Sentence(o.Folder)))
		if s := presence(*o); o.Presence != reconcile.Present && s != "" {
			t.line("    " + s)
		}
	}
}

// kindWord is what an item of a kind is called.
func kindWord(k pim.Kind) string {
	switch k {
	case pim.Calendar:
		return "calendar event"
	case pim.Contacts:
		return "contact"
	case pim.Tasks:
		return "task"
	case pim.Notes:
		return "note"
	}
	return words.Sentence(string(k))
}

// itemNamed is what people know an item by, and when it is.
func itemNamed(it reconcile.ExplainedItem) string {
	op := plan.Operation{Action: plan.Add, Title: it.Title, UID: it.UID, ReplicaRef: it.Ref}
	for name, value := range map[string]string{"start": it.Start, "due": it.Due, "recurrence": it.Recurrence} {
		if value != "" {
			op.Fields = append(op.Fields, plan.Field{Name: name, After: value})
		}
	}
	name := words.Named(op)
	if when := words.When(op); when != "" {
		name += " (" + when + ")"
	}
	return name
}

func presence(it reconcile.ExplainedItem) string {
	why := words.Sentence(it.Reason)
	switch it.Presence {
	case reconcile.Present:
		if !it.Recorded {
			return "No apply has seen it yet."
		}
		return ""
	case reconcile.Unreadable:
		return "It is there and cannot be understood: " + why + ". It is left alone, and so are its replicas."
	case reconcile.Unseen:
		return "It is recorded, and its folder could be read only in part: " + why + "."
	case reconcile.Unread:
		return "It was not looked at: " + why + "."
	}
	if it.Recorded {
		return "It is not there any more. The last apply saw it."
	}
	return "It is not there any more."
}

func role(it reconcile.ExplainedItem) string {
	r := it.Replica
	switch {
	case r == nil && it.Presence == reconcile.Absent:
		return "No relationship made it."
	case r == nil:
		return "It is an original: no relationship made it."
	}
	from, by := words.Title(r.Original), words.Sentence(r.Relationship)
	switch it.Role {
	case reconcile.Foreign:
		return fmt.Sprintf("It is a replica of another workspace, %s: it is never copied, adopted or touched here.", words.Title(r.Workspace))
	case reconcile.Released:
		return fmt.Sprintf("It was a replica of %s, made by %s, and was released: it is an ordinary item now.", from, by)
	case reconcile.Copied:
		return fmt.Sprintf("A person copied it from a replica of %s: it carries the marker of another item, and counts as an ordinary one.", from)
	case reconcile.Orphan:
		return "Its marker or its UID says that it is a replica, and nobody knows its original: it is never copied further, and never deleted."
	}
	made := "made"
	if r.Adopted {
		made = "adopted"
	}
	said := fmt.Sprintf("It is a replica of %s, %s by %s", from, made, by)
	if it.Presence == reconcile.Absent {
		said = fmt.Sprintf("It was a replica of %s, %s by %s", from, made, by)
	}
	if r.Generation > 0 && !r.Adopted {
		said += fmt.Sprintf(" for the %s time", ordinal(r.Generation+1))
	}
	if len(r.Sharing) > 0 {
		said += ". It is shared by " + words.Sentence(words.List(r.Sharing...)) + "; the first of them leads"
	}
	switch r.Status {
	case state.Retired:
		said += ". It is retired: nothing flows any more, and it is still never copied"
	case state.Waiting:
		said += ". It waits for a person"
	}
	if !r.Recorded && it.Presence != reconcile.Absent {
		said += ". Only its marker says so: the state does not know it"
	}
	return said + "."
}

func ordinal(n int) string {
	switch n {
	case 2:
		return "second"
	case 3:
		return "third"
	}
	return fmt.Sprintf("%dth", n)
}

func (t *text) explainedApply(x *reconcile.Explanation) {
	a := x.Apply
	if a == nil {
		t.put("\nThe journal knows of no write to it or to a replica of it.")
		return
	}
	t.put(wrap(fmt.Sprintf("\nLast written by apply %d, by %s at %s:", a.Number, words.Sentence(a.By), clock(a.Started)), t.width, 2))
	for _, w := range a.Writes {
		did := map[string]string{"create": "added to", "update": "changed in", "delete": "deleted from"}[w.Write]
		ref := ""
		if w.Ref != "" {
			ref = " (" + words.Title(w.Ref) + ")"
		}
		t.line(fmt.Sprintf("  %s %s%s for %s: %s; %s", did, words.Sentence(w.Folder), ref, words.Sentence(w.Relationship), words.Reason(w.Reason), outcomeWords(w.Outcome)))
	}
}

// outcomeWords says how a write ended.
func outcomeWords(class string) string {
	switch providers.Class(class) {
	case providers.Done:
		return "done"
	case providers.Stale:
		return "not done, as the item had changed meanwhile"
	case providers.Missing:
		return "not done, as the item was gone"
	case providers.Refused:
		return "the provider refused it"
	case "", providers.Unknown:
		return "nobody knows whether it was done, and the next apply looks"
	}
	return "not done: " + words.Sentence(class)
}

// conditions tells the conditions of a filter that do not hold, or all of them, with what they read.
func (t *text) conditions(f *reconcile.ExplainedFilter) {
	for _, c := range f.Conditions {
		if c.Holds && !t.verbose {
			continue
		}
		value := fmt.Sprint(c.Holds)
		if c.Error != "" {
			value = "not known: " + words.Sentence(c.Error)
		}
		t.indented(fmt.Sprintf("%s is %s", words.Sentence(c.Text), value))
		for _, n := range c.Names {
			t.put(wrap("        "+words.Sentence(n.Name)+" = "+nameValue(n), t.width, 10))
		}
	}
}

func nameValue(n reconcile.ExplainedName) string {
	if n.Hidden {
		return "(not shown)"
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(n.Value); err != nil {
		return "(not shown)"
	}
	return words.Sentence(words.Cut(strings.TrimSpace(b.String()), 200))
}
