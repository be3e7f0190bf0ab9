package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema"
)

// A delete of an original that its store refuses leaves it there, also where another replica of it was to be retired for that. It is asked for again.
func TestRefusedDeleteOfAnOriginal(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "c"} {
		o.folder(name, memory.DAV())
	}
	keeping := twoWay()
	keeping.SourceDelete = schema.SourceDeleteKeep
	o.mesh("team", keeping, "a", "b", "c")
	o.at("a").Put(event("one", "Lunch"))
	o.apply()
	o.erase("b", "Lunch")
	o.strike = faults.Always(faults.Fault{Effect: faults.Fail, Class: providers.Refused}, faults.Delete)
	if result := o.apply(); len(result.Failures) != 2 {
		t.Errorf("%d writes were not made, want the delete and what follows it: %v", len(result.Failures), result.Failures)
	}
	o.holds("a", "Lunch")
	o.strike = nil
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Delete != 1 {
		t.Errorf("the delete is to be asked for again:\n%s", describe(p))
	}
	o.apply()
	o.holds("a")
	o.holds("c", "Lunch")
	o.settled()
}
