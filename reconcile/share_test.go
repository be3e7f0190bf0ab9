package reconcile_test

import (
	"slices"
	"testing"

	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema/pim"
)

// The same meeting in several calendars is one entry in the team's, as long as one of them has it.
func TestSharedReplica(t *testing.T) {
	inEachMode(t, func(t *testing.T, mode memory.Mode) {
		o := newOffice(t)
		shared := oneWay()
		shared.Coalesce = true
		o.folder("team", mode)
		for _, name := range []string{"anna", "ben", "cleo"} {
			o.folder(name, memory.DAV())
			o.relate(name, name, "team", shared)
			o.at(name).Put(event("meeting", "Meeting"))
		}
		o.at("anna").Put(event("alone", "Alone"))
		p := o.plan(reconcile.Request{})
		if s := p.Document.Summary; s.Add != 2 {
			t.Fatalf("the plan is\n%s", describe(p))
		}
		if op := operations(t, p, plan.Add)[1]; !slices.Equal(op.Originals, []string{"folder.anna/meeting", "folder.ben/meeting", "folder.cleo/meeting"}) {
			t.Errorf("the plan names %q", op.Originals)
		}
		o.carryOut(p)
		o.holds("team", "Alone", "Meeting")
		o.settled()
		e, err := o.engine().Explain(t.Context(), o.state, "folder.team", "Meeting")
		if err != nil || !slices.Equal(e.Item.Replica.Sharing, []string{"folder.anna/meeting", "folder.ben/meeting", "folder.cleo/meeting"}) {
			t.Errorf("explained as %+v, %v", e.Item.Replica, err)
		}
		for i, name := range []string{"anna", "cleo", "ben"} {
			o.erase(name, "Meeting")
			if name != "anna" { // an empty folder would be an alert
				o.at(name).Put(event("", "Left"))
			}
			o.apply()
			if there := slices.Contains(o.titles("team"), "Meeting"); there != (i < 2) {
				t.Errorf("after %s, the team's calendar holds %q", name, o.titles("team"))
			}
			o.settled()
		}
	})
}

// A distribution list names the copies of its members, whether they arrive before it or after it.
func TestReferencesInAnyOrder(t *testing.T) {
	for _, first := range []string{"list", "member"} {
		o := newOffice(t)
		o.folderOf("a", memory.DAV(), pim.Contacts)
		o.folderOf("b", memory.DAV(), pim.Contacts)
		o.relate("copy", "a", "b", oneWay())
		list := item(pim.Contacts, "list", "Team").WithFields(pim.Fields{"kind": value(pim.Contacts, "kind", "group"), "members": value(pim.Contacts, "members", []any{"member"})})
		member := item(pim.Contacts, "member", "Jane Doe")
		items := []*pim.Item{list, member}
		if first == "member" {
			slices.Reverse(items)
		}
		for _, it := range items {
			o.at("a").Put(it)
			o.apply()
			o.settled()
		}
		names := func() {
			t.Helper()
			members, _ := o.find("b", "Team").Item.Fields()["members"].Plain().([]string)
			if uid := o.find("b", "Jane Doe").Item.UID(); !slices.Equal(members, []string{uid}) {
				t.Errorf("%s first: the list names %q, and its member is %q", first, members, uid)
			}
		}
		names()
		o.erase("b", "Jane Doe") // it is made again, under another UID
		o.apply()
		o.settled()
		names()
	}
}

// A list may name a copy: elsewhere it names the copy of the same original there, also when that is made later, or made again.
func TestReferencesToCopies(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"a", "b", "staff"} {
		o.folderOf(name, memory.DAV(), pim.Contacts)
	}
	o.relate("here", "staff", "a", oneWay())
	there := o.relate("there", "staff", "b", oneWay())
	o.relate("lists", "a", "b", oneWay())
	there.Enabled = false
	o.at("staff").Put(item(pim.Contacts, "jane", "Jane Doe"))
	o.apply()
	o.at("a").Put(item(pim.Contacts, "list", "Team").WithFields(pim.Fields{"kind": value(pim.Contacts, "kind", "group"),
		"members": value(pim.Contacts, "members", []any{o.find("a", "Jane Doe").Item.UID()})}))
	o.apply()
	there.Enabled = true
	for _, when := range []string{"later", "again"} {
		o.apply()
		members, _ := o.find("b", "Team").Item.Fields()["members"].Plain().([]string)
		if uid := o.find("b", "Jane Doe").Item.UID(); !slices.Equal(members, []string{uid}) {
			t.Errorf("made %s: the list names %q, and its member is %q", when, members, uid)
		}
		o.settled()
		o.erase("b", "Jane Doe")
	}
}
