package reconcile_test

import (
	"fmt"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema"
)

// A relationship that leads elsewhere now finds there what is already the same, whatever part of the plan it is decided in: it deletes four replicas and marks
// four items as its new ones.
func TestReplacedRelationshipMatches(t *testing.T) {
	for _, to := range []string{"aside", "zone"} { // before and after the source
		for size := range 3 {
			for _, same := range []bool{false, true} {
				t.Run(fmt.Sprint(to, size, same), func(t *testing.T) {
					o := newOffice(t)
					for _, name := range []string{"source", "old", to} {
						o.folder(name, memory.DAV())
					}
					r := o.relate("copy", "source", "old", oneWay())
					for i := range 4 {
						uid := fmt.Sprintf("%d", i)
						o.at("source").Put(event(uid, "Lunch "+uid))
						if !same {
							uid += "-elsewhere"
						}
						o.at(to).Put(event(uid, fmt.Sprintf("Lunch %d", i)))
					}
					o.apply()
					r.Destination = o.spec(to)
					o.engines = size
					p := o.plan(reconcile.Request{})
					if s := p.Document.Summary; s.Adopt != 4 || s.Add > 0 || len(writes(p)) != 8 {
						t.Errorf("what is there is not adopted:\n%s", describe(p))
					}
					o.carryOut(p)
					o.settled()
				})
			}
		}
	}
}

// What a folder holds since long is found by a relationship that did not look for it until now.
func TestAdoptFromNowOn(t *testing.T) {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	policies := oneWay()
	policies.Existing = schema.ExistingCopy
	r := o.relate("copy", "a", "b", policies)
	o.at("b").Put(event("1-elsewhere", "Lunch 1"))
	o.apply()
	r.Policies.Existing = schema.ExistingAdopt
	o.settled()
	o.apply()
	o.at("a").Put(event("1", "Lunch 1"))
	if p := o.plan(reconcile.Request{}); p.Document.Summary.Adopt != 1 || p.Document.Summary.Add > 0 {
		t.Errorf("what is there is not adopted:\n%s", describe(p))
	}
}
