package reconcile_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
)

// A template that is changed back after an apply that was killed half-way leaves no replica as it was to be: what was written is looked at again.
func TestTemplateThatIsChangedBackAfterAKill(t *testing.T) {
	v := loadViews(t)
	prefixed := v.oneWay[slices.IndexFunc(v.oneWay, func(v view) bool { return v.name == "relationship.prefixed" })]
	o := newOffice(t)
	o.parallel = 1
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	r := o.relate("copy", "a", "b", oneWay())
	for i := range 3 {
		o.at("a").Put(event(fmt.Sprint(i), fmt.Sprintf("Lunch %d", i)))
	}
	o.apply()
	r.Template, r.Fingerprint = prefixed.template, "prefixed"
	o.engines = 3 // of small parts, so that two of three are recorded
	p := o.plan(reconcile.Request{})
	if p.Document.Summary.Edit != 3 {
		t.Fatalf("the template changed, and the plan says:\n%s", describe(p))
	}
	whole := o.state
	m := &mortal{Store: whole, left: -1}
	o.state, o.strike = m, atWrite(3, func() { m.dead = true })
	if _, err := o.engine().Apply(context.Background(), o.state, p); err == nil {
		t.Fatal("nobody killed it")
	}
	o.state, o.strike = whole, nil
	r.Template, r.Fingerprint = nil, "as written"
	o.apply()
	o.holds("b", "Lunch 0", "Lunch 1", "Lunch 2")
	o.settled()
}
