package view

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
)

// Rebuilt is what became of a state that was made anew from markers.
type Rebuilt struct {
	Report   *reconcile.RebuildReport
	Replaced string // where the old state is kept; "": there was none
	Unread   string // why not all of its journal could be taken over; "": all was
	Recounts bool   // how many applies it had cannot be read
}

// Recounts says what follows when an old state does not tell how many applies it had.
const Recounts = "How many applies the old state had cannot be read, so numbers of applies may be given again: remove plan files that were saved before."

// Rebuilt shows what was recorded of each relationship, and what is left to the next plan.
func (v *View) Rebuilt(r Rebuilt) error {
	out := bufio.NewWriter(v.out)
	pairs, left := 0, 0
	for _, rel := range r.Report.Relationships {
		pairs += rel.Pairs
		left += rel.Apart + rel.UIDs
	}
	if v.opts.JSON {
		for _, rel := range r.Report.Relationships {
			if err := writeLine(out, "relationship", rel); err != nil {
				return err
			}
		}
		for _, d := range r.Report.Diagnostics {
			if err := writeLine(out, "diagnostic", d); err != nil {
				return err
			}
		}
		err := writeLine(out, "rebuild", struct {
			Relationships int    `json:"relationships"`
			Pairs         int    `json:"pairs"`
			Left          int    `json:"left"`
			Replaced      string `json:"replaced"`
			Unread        string `json:"unread,omitempty"`
			Recounts      bool   `json:"recounts,omitempty"`
		}{len(r.Report.Relationships), pairs, left, r.Replaced, r.Unread, r.Recounts})
		if err != nil {
			return err
		}
		return out.Flush()
	}
	t := v.text(out)
	for _, rel := range r.Report.Relationships {
		t.put(wrap(fmt.Sprintf("%s: %s", t.paint(bold, words.Sentence(rel.Address)), rebuilt(rel)), t.width, 2))
	}
	for _, d := range r.Report.Diagnostics {
		t.diagnostic(d)
	}
	if r.Unread != "" {
		t.put(wrap("The journal of the old state could not be taken over to its end: "+words.Sentence(r.Unread), t.width, 2))
	}
	if r.Recounts {
		t.put(wrap(Recounts, t.width, 2))
	}
	if r.Replaced != "" {
		t.put(wrap("The old state is kept as "+Clean(r.Replaced)+": remove it when it is not needed any more.", t.width, 2))
	}
	t.put(t.paint(bold, wrap(fmt.Sprintf("The state is made anew, with %s. What else is to be done, accord plan shows.", words.Counted(pairs, "pair", "pairs")), t.width, 2)))
	return out.Flush()
}

// rebuilt is what was recorded of a relationship, in words.
func rebuilt(r reconcile.RebuiltRelationship) string {
	if r.Status != plan.OK {
		return words.Status(r.Status) + ", and nothing is recorded of it: " + words.Sentence(r.Reason)
	}
	said := []string{words.Counted(r.Pairs, "pair", "pairs") + " recorded"}
	say := func(n int, one, more string) {
		if n > 0 {
			said = append(said, words.Counted(n, one, more))
		}
	}
	say(r.Apart, "replica says something else than it should", "replicas say something else than they should")
	say(r.UIDs, "replica without a marker is left", "replicas without a marker are left")
	say(r.Next[plan.Add], "original is without a replica", "originals are without a replica")
	say(r.Next[plan.Retire], "replica is without its original", "replicas are without their originals")
	say(r.Next[plan.Conflict]+r.Next[plan.Ambiguous], "waits for a person", "wait for a person")
	return strings.Join(said, ", ") + "."
}
