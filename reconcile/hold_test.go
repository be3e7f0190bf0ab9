package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
)

// What an apply writes to a folder is news to the relationships that it left out, whatever the reason.
func TestRelationshipThatWasLeftOutCatchesUp(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		for _, name := range []string{"a", "b", "c"} {
			o.folder(name, mode)
		}
		o.relate("b", "a", "b", twoWay())
		o.relate("c", "a", "c", oneWay())
		o.relate("d", "b", "c", oneWay())
		o.fill("a", 4)
		o.apply()
		o.edit("b", "a 00", "location", "Room 1")
		o.erase("b", "a 01")
		o.carryOut(o.plan(reconcile.Request{Only: []string{"relationship.b"}}))
		o.holds("a", "a 00", "a 02", "a 03")
		o.holds("c", "a 00", "a 01", "a 02", "a 03")
		o.apply()
		o.holds("c", "a 00", "a 02", "a 03")
		if got := o.find("c", "a 00").Item.Fields()["location"].Plain(); got != "Room 1" {
			t.Errorf("c is at %v", got)
		}
		o.settled()
	})
}
