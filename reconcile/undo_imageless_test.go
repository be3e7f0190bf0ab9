package reconcile_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile/state"
)

// A journal that does not say what items were, as in a state that was imported without it, takes back no edit and no delete: what it cannot put back stays.
func TestUndoWithoutImages(t *testing.T) {
	o := company(t, memory.DAV())
	o.at("a").Put(event("one", "Lunch"))
	o.at("a").Put(event("two", "Review"))
	o.apply()
	o.edit("a", "Lunch", "summary", "Dinner")
	o.erase("a", "Review")
	o.apply()

	var text bytes.Buffer
	if _, err := state.Export(&text, o.state, false); err != nil {
		t.Fatal(err)
	}
	o.state = state.Memory()
	if _, err := state.Import(o.state, &text); err != nil {
		t.Fatal(err)
	}
	back := o.undo(0)
	if n := len(writes(back)); n != 0 {
		t.Errorf("%d writes are planned:\n%s", n, describe(back))
	}
	said := 0
	for _, d := range back.Document.Diagnostics {
		if strings.Contains(d.Detail, "the journal does not say what it was") {
			said++
		}
	}
	if said != 2 {
		t.Errorf("%d items are said to be left: %v", said, back.Document.Diagnostics)
	}
}
