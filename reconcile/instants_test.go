package reconcile_test

import (
	"testing"

	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// inParis are folders a, with items whose times are in the zone of Paris, and b, which keeps instants only, as a column of a database does.
func inParis(t *testing.T) *office {
	o := newOffice(t)
	o.folder("a", memory.DAV())
	b := memory.Table()
	b.Capabilities.Zoned, b.Capabilities.Instants = true, true
	o.folder("b", b)
	for _, title := range []string{"Breakfast", "Lunch", "Tea"} {
		o.at("a").Put(event(title, title).WithFields(pim.Fields{
			"start": value(pim.Calendar, "start", "2026-07-01T09:00:00+02:00[Europe/Paris]"), "end": value(pim.Calendar, "end", "2026-07-01T10:00:00+02:00[Europe/Paris]")}))
	}
	return o
}

// What a folder cannot tell apart is no difference: not when the template changes, and not when the state is lost.
func TestInstantsInAnotherZoneAreTheSame(t *testing.T) {
	for what, policies := range map[string]schema.Policies{"one_way": oneWay(), "two_way": twoWay()} {
		t.Run(what, func(t *testing.T) {
			o := inParis(t)
			r := o.relate("copy", "a", "b", policies)
			o.apply()
			o.settled()
			if same := o.find("a", "Lunch").Item.Fields()["start"].Equal(o.find("b", "Lunch").Item.Fields()["start"]); same {
				t.Fatal("the table keeps zones")
			}
			r.Fingerprint = "another template"
			p := o.plan(reconcile.Request{})
			if n := len(writes(p)); n > 0 {
				t.Errorf("the plan for another template that changes nothing is\n%s", describe(p))
			}
			o.carryOut(p)
			o.state = state.Memory()
			p = o.plan(reconcile.Request{})
			if s := p.Document.Summary; s.Add+s.Edit+s.Delete+s.Conflict > 0 || s.Adopt != 3 || len(writes(p)) > 0 {
				t.Errorf("the plan with a lost state is\n%s", describe(p))
			}
			o.carryOut(p)
			o.settled()

			o.edit("a", "Lunch", "start", "2026-07-01T08:30:00+02:00[Europe/Paris]")
			o.apply()
			if got := o.find("b", "Lunch").Item.Fields()["start"].Plain(); got != "2026-07-01T06:30:00Z" {
				t.Errorf("the replica starts at %v", got)
			}
			o.settled()
		})
	}
}

// A write that met something else than the plan saw has its relationship looked at as a whole. That is no change of the template.
func TestStaleWriteIsNoChangeOfTheTemplate(t *testing.T) {
	o := company(t, memory.DAV())
	o.strike = func(c faults.Call) faults.Fault { // a server that rewrites what it is given: each replica says something else than the template
		if c.Folder == "folder.b" {
			return faults.Always(faults.Fault{Effect: faults.Rewrite}, faults.Create, faults.Update)(c)
		}
		return faults.Fault{}
	}
	for _, title := range []string{"Breakfast", "Lunch", "Tea"} {
		o.at("a").Put(event(title, title))
	}
	o.apply()
	o.settled()
	o.edit("a", "Lunch", "location", "Room 1")
	p := o.plan(reconcile.Request{})
	o.edit("b", "Lunch!", "description", "Mine")
	if r := o.carryOut(p); r.Summary.Stale != 1 {
		t.Fatalf("%d were stale", r.Summary.Stale)
	}
	p = o.plan(reconcile.Request{})
	if s := p.Document.Summary; s.Edit != 1 || s.Changes() != 1 {
		t.Errorf("the plan is\n%s", describe(p))
	}
	o.carryOut(p)
	o.settled()
}

// A write whose answer was lost is known by what the folder can keep of it.
func TestUnansweredWriteOfInstants(t *testing.T) {
	o := inParis(t)
	o.relate("copy", "a", "b", oneWay())
	lost := 0
	o.strike = func(c faults.Call) faults.Fault {
		if c.Folder == "folder.b" && c.Operation == faults.Create && lost < 2 {
			lost++
			return faults.Fault{Effect: faults.LoseAnswer}
		}
		return faults.Fault{}
	}
	o.apply()
	o.holds("b", "Breakfast", "Lunch", "Tea")
	o.settled()
}
