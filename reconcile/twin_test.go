package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
)

// twins is a mesh of two folders that both hold an item of one UID, and differ in what it says.
func twins(t *testing.T) *office {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.mesh("team", twoWay(), "a", "b")
	o.at("a").Put(event("one", "Lunch"))
	o.at("b").Put(event("one", "Dinner"))
	return o
}

// An item whose content could not be read may be what would be added beside it.
func TestNothingIsAddedBesideWhatCouldNotBeRead(t *testing.T) {
	for _, class := range []providers.Class{providers.Transient, providers.Throttled, providers.Unreachable, providers.Unknown} {
		for _, folder := range []string{"folder.a", "folder.b"} {
			t.Run(folder+" "+string(class), func(t *testing.T) {
				o := twins(t)
				o.strike = func(c faults.Call) faults.Fault {
					if c.Operation == faults.Fetch && c.Folder == folder {
						return faults.Fault{Effect: faults.Fail, Class: class}
					}
					return faults.Fault{}
				}
				o.apply()
				o.strike = nil
				o.apply()
				for _, name := range []string{"a", "b"} {
					if n := len(o.at(name).Items()); n != 1 {
						t.Errorf("%s holds %d items, want 1", name, n)
					}
				}
				o.settled()
			})
		}
	}
}

// An item that may not be marked is the replica all the same: nothing is made beside it, and what the two say stays until one of them changes.
func TestNothingIsAddedBesideARefusedAdoption(t *testing.T) {
	for _, both := range []bool{false, true} {
		o := twins(t)
		if both {
			o.edit("b", "Dinner", "summary", "Lunch")
		}
		o.strike = func(c faults.Call) faults.Fault {
			if c.Operation == faults.Update {
				return faults.Fault{Effect: faults.Fail, Class: providers.Refused}
			}
			return faults.Fault{}
		}
		o.apply()
		for range 2 {
			o.strike = nil
			o.apply()
			for _, name := range []string{"a", "b"} {
				if n := len(o.at(name).Items()); n != 1 {
					t.Errorf("%s holds %d items, want 1", name, n)
				}
			}
		}
		o.settled()
		o.edit("a", "Lunch", "summary", "Supper")
		o.apply()
		o.holds("a", "Supper")
		o.holds("b", "Supper")
		o.settled()
	}
}
