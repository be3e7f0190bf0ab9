package reconcile_test

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// alerted fails unless relationship.copy is on alert and does nothing.
func (o *office) alerted(why string) {
	o.t.Helper()
	p := o.plan(reconcile.Request{})
	if r := relationship(o.t, p, "relationship.copy"); r.Status != plan.Alert || !strings.Contains(r.Reason, why) || len(writes(p)) > 0 {
		o.t.Errorf("the plan is\n%s", describe(p))
	}
	o.carryOut(p)
}

// A source that is suddenly empty deletes nothing, also below the size that guards count from.
func TestSuddenlyEmptySource(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := company(t, mode)
		o.fill("a", 3)
		o.apply()
		o.empty("a", 3)
		o.alerted("folder.a is suddenly empty")
		o.holds("b", "a 00", "a 01", "a 02")
		o.alerted("folder.a is suddenly empty")
		o.carryOut(o.plan(reconcile.Request{Allow: []plan.Allowance{{Kind: "deletes", Address: "relationship.copy", Count: 3}}}))
		o.holds("b")
		o.settled()
	})
}

func TestSuddenlyEmptyDestination(t *testing.T) {
	for _, c := range []struct {
		what     string
		policies schema.Policies
		alert    bool
	}{
		{"deletes go back", twoWay(), true},
		{"replicas are made again", oneWay(), false},
	} {
		t.Run(c.what, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.ws.Relations[0].Policies = c.policies
			o.fill("a", 3)
			o.apply()
			o.empty("b", 3)
			if c.alert {
				o.alerted("folder.b is suddenly empty")
			}
			o.apply()
			o.holds("a", "a 00", "a 01", "a 02")
		})
	}
}

func TestFolderThatCannotBeRead(t *testing.T) {
	for _, folder := range []string{"folder.a", "folder.b"} {
		for _, operation := range []faults.Operation{faults.Open, faults.Changes} {
			t.Run(folder+" "+string(operation), func(t *testing.T) {
				o := company(t, memory.DAV())
				o.fill("a", 3)
				o.apply()
				o.empty("a", 1)
				o.strike = func(c faults.Call) faults.Fault {
					if c.Folder == folder && c.Operation == operation {
						return faults.Fault{Effect: faults.Fail, Class: providers.Unreachable}
					}
					return faults.Fault{}
				}
				o.alerted(folder + ":")
				if got := len(o.titles("b")); got != 3 {
					t.Errorf("b holds %d items", got)
				}
				o.strike = nil
				o.apply()
				o.holds("b", "a 01", "a 02")
				o.settled()
			})
		}
	}
}

// A read that stopped short shows what it shows: nothing is deleted for what it does not show, and what it shows is copied.
func TestPartialRead(t *testing.T) {
	o := company(t, memory.Table())
	o.fill("a", 3)
	o.apply()
	o.edit("a", "a 00", "location", "Room 1")
	o.strike = func(c faults.Call) faults.Fault {
		if c.Folder == "folder.a" && c.Operation == faults.Changes {
			return faults.Fault{Effect: faults.Partial, After: 1}
		}
		return faults.Fault{}
	}
	o.apply()
	o.apply()
	o.holds("b", "a 00", "a 01", "a 02")
	o.strike = nil
	o.apply()
	if got := o.find("b", "a 00").Item.Fields()["location"].Plain(); got != "Room 1" {
		t.Errorf("b is at %v", got)
	}
	o.settled()
}

// A folder that was replaced by another one of its name: nothing is done until a person says that it is the same.
func TestReplacedFolder(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.fill("a", 3)
			o.apply()
			o.stores[name].AddFolder(name, pim.Calendar)
			o.alerted("replaced by another one")
			for _, want := range []bool{true, false} {
				if replaced, err := o.engine().Rebind(t.Context(), o.state, "folder."+name); err != nil || replaced != want {
					t.Errorf("it was replaced is %v (%v), want %v", replaced, err, want)
				}
			}
			if name == "a" {
				o.alerted("suddenly empty")
			} else {
				o.apply()
				o.holds("b", "a 00", "a 01", "a 02")
				o.settled()
			}
			if _, err := o.engine().Rebind(t.Context(), o.state, "folder.c"); err == nil {
				t.Error("a folder that nobody knows was rebound")
			}
		})
	}
}

func TestFolderThatIsGone(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			o := company(t, memory.DAV())
			o.fill("a", 3)
			o.apply()
			o.spec(name).Create = true
			o.stores[name].DropFolder(name)
			o.alerted("the folder is gone")
		})
	}
}

// A look-up that found no address is no leaver: the replicas stay.
func TestUnresolvedFolder(t *testing.T) {
	o := company(t, memory.DAV())
	o.fill("a", 3)
	o.apply()
	o.spec("b").Unresolved, o.spec("b").Location = true, ""
	p := o.plan(reconcile.Request{})
	if r := relationship(t, p, "relationship.copy"); r.Status != plan.Unresolved || p.Document.Summary.Unresolved != 1 || len(writes(p)) > 0 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.carryOut(p)
	o.spec("b").Unresolved, o.spec("b").Location = false, "memory:b/b"
	o.settled()
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	o := company(t, memory.DAV())
	o.spec("b").Config.ReadOnly = true
	o.fill("a", 2)
	if result := o.apply(); result.Summary.Refused != 2 || result.Summary.Add != 0 {
		t.Errorf("the result is %+v, %v", result.Summary, result.Failures)
	}
	o.holds("b")
}
