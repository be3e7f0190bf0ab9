package reconcile_test

import (
	"fmt"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
)

// six is a mesh of six folders.
func six(t *testing.T, mode memory.Mode) (*office, []string) {
	o, names := newOffice(t), []string{"a", "b", "c", "d", "e", "f"}
	for _, name := range names {
		o.folder(name, mode)
	}
	o.mesh("team", twoWay(), names...)
	return o, names
}

// One replica gets another location and another one a description, of the same item: one apply, and all six agree.
func TestEditsOfTwoReplicasMeetInOneApply(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o, names := six(t, mode)
		o.at("c").Put(event("one", "Lunch"))
		o.at("e").Put(event("two", "Review"))
		o.apply()
		o.edit("a", "Lunch", "location", "Room 1")
		o.edit("f", "Lunch", "description", "Bring your own.")
		o.edit("c", "Review", "location", "Room 2")
		o.edit("e", "Review", "description", "Read it before.")
		result := o.apply()
		if len(result.Failures) > 0 {
			t.Errorf("not everything was done: %v", result.Failures)
		}
		for _, name := range names {
			o.holds(name, "Lunch", "Review")
			for title, want := range map[string]string{"Lunch": "[Room 1 Bring your own.]", "Review": "[Room 2 Read it before.]"} {
				fields := o.find(name, title).Item.Fields()
				if got := fmt.Sprint([]any{fields["location"].Plain(), fields["description"].Plain()}); got != want {
					t.Errorf("%s says %s of %s, want %s", name, got, title, want)
				}
			}
		}
		o.settled()
	})
}

func TestDeleteOfOneReplicaReachesTheWholeMesh(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o, names := six(t, mode)
		o.at("c").Put(event("one", "Lunch"))
		o.at("d").Put(event("two", "Review"))
		o.apply()
		o.erase("f", "Lunch")
		o.apply()
		for _, name := range names {
			o.holds(name, "Review")
		}
		o.settled()
	})
}

// The same meeting in all six calendars before there was a mesh: it is adopted, and none is made.
func TestMeshAdoptsWhatIsThere(t *testing.T) {
	o, names := six(t, memory.DAV())
	for _, name := range names {
		o.at(name).Put(event("one", "Lunch"))
	}
	p := o.plan(reconcile.Request{})
	if s := p.Document.Summary; s.Adopt != 5 || s.Add > 0 || s.Edit > 0 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.carryOut(p)
	for _, name := range names {
		o.holds(name, "Lunch")
	}
	o.settled()
}

// A mesh of six is thirty relationships, and reads six folders, each once; when nothing changed it reads no item.
func TestEachFolderIsReadOncePerPlan(t *testing.T) {
	for _, mode := range []memory.Mode{memory.DAV(), memory.Table()} {
		t.Run(mode.Name, func(t *testing.T) {
			o, names := six(t, mode)
			for _, name := range names {
				o.fill(name, 3)
			}
			o.apply()
			o.apply()
			reset := func() {
				for _, name := range names {
					o.at(name).ResetRequests()
				}
			}
			reset()
			o.plan(reconcile.Request{})
			for _, name := range names {
				if q := o.at(name).Requests(); q != (memory.Requests{Changes: 1}) {
					t.Errorf("nothing changed, and %s was asked for %+v", name, q)
				}
			}
			reset()
			o.edit("a", "a 01", "location", "Room 1")
			reset()
			o.plan(reconcile.Request{})
			for _, name := range names {
				if q := o.at(name).Requests(); q.Changes != 1 || q.Fetched != 1 {
					t.Errorf("one item changed, and %s was asked for %+v", name, q)
				}
			}
		})
	}
}

// Relationships are not transitive: a chain of two copies nothing twice, and a ring nothing for ever, whether all is decided at once or item by item.
func TestReplicasAreNotCopiedOn(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		for _, atOnce := range []bool{true, false} {
			o := newOffice(t)
			o.roomy = atOnce
			for _, name := range []string{"a", "b", "c"} {
				o.folder(name, mode)
			}
			o.relate("ab", "a", "b", oneWay())
			o.relate("bc", "b", "c", oneWay())
			o.relate("ca", "c", "a", oneWay())
			o.at("a").Put(event("one", "Lunch"))
			o.at("b").Put(event("two", "Review"))
			for range 3 {
				o.apply()
				o.holds("a", "Lunch")
				o.holds("b", "Lunch", "Review")
				o.holds("c", "Review")
			}
			o.settled()
		}
	})
}
