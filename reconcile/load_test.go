package reconcile_test

import (
	"context"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
)

// An item keeps its key though another one, which is read before it, has taken its UID.
func TestKeysStayWhateverIsReadFirst(t *testing.T) {
	for _, read := range []int{2000, 1} {
		o := company(t, memory.DAV())
		first, second := o.at("a").Put(event("a-first", "First")), o.at("a").Put(event("b-second", "Second"))
		if first > second {
			t.Fatalf("%s is read before %s", second, first)
		}
		o.apply()
		o.at("a").Replace(first, event("b-second", "Taken"))
		o.edit("a", "Second", "location", "Roof")
		e := o.engine()
		e.Cramp(read, 1000, 1000, 1<<20)
		p, err := e.Plan(context.Background(), o.state, reconcile.Request{})
		if err != nil {
			t.Fatal(err)
		}
		if s := p.Document.Summary; s.Edit != 1 || s.Add != 1 || s.Delete != 1 {
			t.Errorf("%d read at a time: %+v\n%s", read, s, describe(p))
		}
	}
}
