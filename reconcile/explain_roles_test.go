package reconcile_test

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// says fails unless an explanation has all of these parts.
func (o *office) says(folder, item string, want ...string) {
	o.t.Helper()
	got := o.explained(folder, item)
	for _, part := range want {
		if !strings.Contains(got, part) {
			o.t.Errorf("%s in %s: it is explained by\n%s\nwithout\n%s", item, folder, got, part)
		}
	}
}

func TestExplainWhatCannotBeUnderstood(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.put("a", event("lunch", "Team lunch"), event("trip", "Trip"))
	o.apply()
	o.at("a").Break(o.find("a", "Team lunch").Ref, "it is damaged")
	o.says("a", "lunch", "in folder.a: unreadable, original", "relationship.x as source: item_unreadable")
	o.says("b", "Team lunch", `"Team lunch" in folder.b: there, replica of lunch`, "relationship.x as destination: item_unreadable")
	o.at("b").Break(o.find("b", "Trip").Ref, "it is damaged")
	o.says("a", "trip", `"Trip" in folder.a: there, original`, "relationship.x as source: replica_unreadable")
	o.put("b", event("twin", "Twin"))
	o.apply()
	o.at("b").Break(o.find("b", "Twin").Ref, "it is damaged")
	o.put("a", event("twin", "Twin"))
	o.says("a", "twin", `"Twin" in folder.a: there, original`, "relationship.x as source: twin_unreadable")
}

func TestExplainRoles(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.put("a", event("lunch", "Team lunch"))
	o.apply()
	replica := o.find("b", "Team lunch").Item
	marker, _ := replica.Marker()
	marked := func(uid string, change func(*pim.Marker)) *pim.Item {
		m := marker
		m.UID, m.Original = uid, "other"
		change(&m)
		return event(uid, "Item "+uid).WithMarker(&m)
	}
	o.put("a",
		marked("foreign", func(m *pim.Marker) { m.Workspace = "elsewhere" }),
		marked("orphan", func(m *pim.Marker) { m.Relationship, m.Source = "relationship.gone", "folder.gone" }),
		marked("released", func(m *pim.Marker) { m.Status = pim.Released }))
	o.says("a", "foreign", "there, foreign of other", "relationship.x as source: never_copied")
	o.says("a", "orphan", "there, orphan of other", "relationship.x as source: never_copied")
	o.says("a", "released", "there, released of other", "relationship.x as source: planned, add")
}

func TestExplainWhatAFilterSays(t *testing.T) {
	v := loadViews(t)
	o := pairOfFolders(t, oneWay())
	r := o.ws.Relations[0]
	for _, view := range v.oneWay {
		if view.name == "relationship.filtered" {
			r.Filter, r.Fingerprint = view.filter, view.name
		}
	}
	work := pim.Fields{"categories": value(pim.Calendar, "categories", []any{"work"})}
	o.put("a", event("lunch", "Team lunch").WithFields(work), event("gym", "Gym"))
	o.says("b", "gym", `"Gym" in folder.a: there, original`, "relationship.x as source: filtered")
	o.apply()
	o.says("a", "lunch", "relationship.x as source: settled")
	o.edit("a", "Team lunch", "categories", nil)
	o.says("a", "lunch", "relationship.x as source: planned, delete at the destination because left_filter")
	r.Policies.OnUnmatched = schema.UnmatchedFreeze
	o.says("a", "lunch", "relationship.x as source: filtered, settled by 1")
}

func TestExplainWhatAProviderRefused(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.put("a", event("lunch", "Team lunch"))
	o.strike = faults.Always(faults.Fault{Effect: faults.Fail, Class: providers.Refused}, faults.Create)
	o.apply()
	o.says("a", "lunch", "relationship.x as source: refused", "apply 1 by test: create in folder.b by relationship.x because new_at_source: refused")
	o.strike = nil
	o.edit("a", "Team lunch", "location", "Room 1")
	o.says("a", "lunch", "relationship.x as source: planned, add")
}

func TestExplainAmbiguity(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.put("a", event("lunch", "Team lunch"))
	o.put("b", event("", "Team lunch"), event("lunch", "Team lunch"))
	o.at("b").Duplicate(event("lunch", "Long lunch"))
	got := o.explained("a", "lunch")
	if strings.Contains(got, "ambiguous") != strings.Contains(describe(o.plan(reconcile.Request{})), "ambiguous") {
		t.Errorf("it is explained by\n%s\nand the plan is\n%s", got, describe(o.plan(reconcile.Request{})))
	}
	if !strings.Contains(got, "waits, ambiguous at the destination because ambiguous of 2 candidates") {
		t.Errorf("it is explained by\n%s", got)
	}
}

func TestExplainFoldersApart(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.folder("alone", memory.DAV())
	o.folder("c", memory.DAV())
	o.folder("d", memory.DAV())
	o.relate("far", "c", "d", oneWay())
	o.put("alone", event("solo", "Solo"))
	o.put("c", event("far", "Far away"))
	o.explains("alone", "solo", `"Solo" in folder.alone: there, original`)
	before := o.at("c").Requests()
	o.put("a", event("lunch", "Team lunch"))
	o.says("a", "lunch", "relationship.x as source: planned")
	if o.at("c").Requests() != before {
		t.Error("a folder was asked that nothing joins with the item's")
	}
	o.explains("a", "far", `no item has the UID, the ref or the title "far": not in folder.a, not in a folder that a relationship joins with it, and the journal knows of none. A part of a title will do, too.`)
}

func TestExplainARelationshipThatLeft(t *testing.T) {
	o := pairOfFolders(t, oneWay())
	o.put("a", event("lunch", "Team lunch"))
	o.apply()
	o.unrelate("relationship.x")
	o.says("b", "Team lunch", "relationship.x as destination: planned, delete at the destination because relationship_removed")
	o.says("a", "lunch", "relationship.x as source: planned, delete at the destination because relationship_removed")
	o.apply()
	o.explains("a", "lunch", `"Team lunch" in folder.a: there, original`)
}
