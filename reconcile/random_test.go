package reconcile_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/template"
	"github.com/accord-sync/accord/schema/window"
)

// views are the templates and filters that random relationships choose from: those that flow both ways, and those that do not.
type views struct {
	t              *testing.T
	oneWay, twoWay []view
}

type view struct {
	name     string
	template *template.Template
	filter   *template.Filter
}

// loadViews reads them from a configuration, for nothing else makes a template or a filter.
func loadViews(t *testing.T) views {
	t.Helper()
	ws, _, diags := schema.Load("testdata/views", schema.Options{Drivers: map[string]providers.Driver{"memory": memory.Driver{}}})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	out := views{t: t, oneWay: []view{{name: "plain"}}, twoWay: []view{{name: "plain"}}}
	for _, r := range ws.Relations {
		v := view{r.Address, r.Template, r.Filter}
		out.oneWay = append(out.oneWay, v)
		if !slices.Contains([]string{"relationship.set", "relationship.busy", "relationship.chosen"}, r.Address) {
			out.twoWay = append(out.twoWay, v)
		}
	}
	return out
}

// random is a random workspace that random people work in.
type random struct {
	*office
	rt    *rapid.T
	views views
	tally *tally
	kind  pim.Kind
	names []string // of folders

	made    int // items and versions that people made so far
	related int // relationships so far
	thrown  []*pim.Item
	whole   map[spot]string // UIDs of damaged items
	sharp   bool            // every folder keeps markers
	trouble string          // a folder that cannot be read
	partial string          // a folder that can be read only in part
	lying   bool            // stores may hide what people do: who does not read everything cannot know it
	forged  bool            // somewhere, since everything was read, an item became another one under one version
	joined  map[string]ends
	rehomed bool // members left a mesh: what they left behind says what it said, whatever templates make of its new originals
	veiled  bool // and what one of them showed of its items was not what they say: replicas that are left need not agree
}

// ends are the folders that a relationship joins.
type ends struct{ source, destination string }

func newRandom(t *rapid.T, v views) *random {
	r := &random{office: newOffice(t), rt: t, views: v, tally: &tally{}, joined: map[string]ends{}, whole: map[spot]string{}}
	r.parallel = 1 // faults strike the same calls in every run
	r.tick = 0     // what time changes is for the test to say
	r.kind = rapid.SampledFrom([]pim.Kind{pim.Calendar, pim.Calendar, pim.Contacts, pim.Tasks}).Draw(t, "kind")
	r.sharp = true
	mode := rapid.SampledFrom([]string{"dav", "graph", "table", "mixed", "mixed"}).Draw(t, "modes")
	for i := range rapid.IntRange(2, 5).Draw(t, "folders") {
		name := string(rune('a' + i))
		r.names = append(r.names, name)
		var m memory.Mode
		switch one := mode; {
		case one == "mixed":
			m = rapid.SampledFrom(memory.Modes()).Draw(t, "mode")
		default:
			m = memory.Modes()[slices.Index([]string{"dav", "graph", "table"}, one)]
		}
		r.sharp = r.sharp && m.Capabilities.Markers
		r.folderOf(name, m, r.kind)
		t.Logf("folder.%s is as %s", name, m.Name)
	}
	r.ws.Guard.MaxLeavers = schema.Limit{Set: true, Value: 1e6}
	if rapid.IntRange(0, 2).Draw(t, "mesh") == 0 {
		members := r.names[:rapid.IntRange(2, min(3, len(r.names))).Draw(t, "members")]
		r.mesh("m", r.policies(twoWay()), members...)
		w, settle := r.window(), r.settling()
		for _, rel := range r.ws.Relations {
			rel.Window, rel.Settle = w, settle
			rel.Guard.MaxDeletes = schema.Limit{Set: true, Value: 1e6}
		}
		r.related = len(r.ws.Relations)
		for _, rel := range r.ws.Relations {
			r.joined[rel.Address] = ends{rel.Source.Address, rel.Destination.Address}
			t.Logf("%s: %+v", rel.Address, rel.Policies)
		}
	}
	for range rapid.IntRange(1, 4).Draw(t, "relationships") {
		r.addRelationship()
	}
	return r
}

// policies are a profile's with some of them written otherwise.
func (r *random) policies(p schema.Policies) schema.Policies {
	other := func() bool { return rapid.IntRange(0, 4).Draw(r.rt, "other") == 0 }
	if other() {
		p.SourceEdit = schema.SourceEditIgnore
	}
	if other() {
		p.SourceDelete = rapid.SampledFrom([]schema.SourceDelete{schema.SourceDeleteKeep, schema.SourceDeleteMark}).Draw(r.rt, "source delete")
	}
	if other() {
		p.DestinationEdit = rapid.SampledFrom([]schema.DestinationEdit{schema.DestinationEditDiscard, schema.DestinationEditPreserve,
			schema.DestinationEditPropagate, schema.DestinationEditKeep}).Draw(r.rt, "destination edit")
	}
	if other() {
		p.DestinationDelete = rapid.SampledFrom([]schema.DestinationDelete{schema.DestinationDeleteRecopy, schema.DestinationDeletePrune,
			schema.DestinationDeletePropagate, schema.DestinationDeleteMark}).Draw(r.rt, "destination delete")
	}
	if rapid.IntRange(0, 2).Draw(r.rt, "other conflict") == 0 {
		p.Conflict = rapid.SampledFrom([]schema.Conflict{schema.ConflictMerge, schema.ConflictSource, schema.ConflictDestination,
			schema.ConflictNewest, schema.ConflictPreserve, schema.ConflictManual}).Draw(r.rt, "conflict")
	}
	if other() {
		p.Existing = rapid.SampledFrom([]schema.Existing{schema.ExistingCopy, schema.ExistingIgnore}).Draw(r.rt, "existing")
	}
	if other() {
		p.OnUnmatched = schema.UnmatchedFreeze
	}
	if other() {
		p.OnRemove = rapid.SampledFrom([]schema.OnRemove{schema.RemoveRetire, schema.RemoveRelease}).Draw(r.rt, "on remove")
	}
	if other() {
		p.AdoptOnDelete = rapid.SampledFrom([]schema.AdoptOnDelete{schema.AdoptRelease, schema.AdoptDelete}).Draw(r.rt, "adopt on delete")
	}
	return p
}

// addRelationship relates two folders that no relationship joins in this direction; it does nothing when there are none.
func (r *random) addRelationship() {
	if len(r.ws.Relations) >= 8 {
		return
	}
	source := rapid.SampledFrom(r.names).Draw(r.rt, "source")
	destination := rapid.SampledFrom(r.names).Draw(r.rt, "destination")
	taken := slices.ContainsFunc(r.ws.Relations, func(rel *schema.Relationship) bool {
		return rel.Source.Address == "folder."+source && rel.Destination.Address == "folder."+destination
	})
	if source == destination || taken {
		return
	}
	r.related++
	rel := r.relate(fmt.Sprintf("r%d", r.related), source, destination, schema.Policies{})
	r.joined[rel.Address] = ends{"folder." + source, "folder." + destination}
	r.write(rel)
}

// write gives a relationship other policies, template and filter.
func (r *random) write(rel *schema.Relationship) {
	rel.Policies = r.policies(rapid.SampledFrom([]schema.Policies{oneWay(), twoWay()}).Draw(r.rt, "profile"))
	if r.kind == pim.Calendar {
		choice := r.views.oneWay
		if rel.Policies.DestinationEdit == schema.DestinationEditPropagate || rel.Policies.DestinationDelete == schema.DestinationDeleteMark {
			choice = r.views.twoWay
		}
		v := rapid.SampledFrom(choice).Draw(r.rt, "view")
		rel.Template, rel.Filter, rel.Fingerprint = v.template, v.filter, v.name
	}
	rel.Window, rel.Settle = r.window(), r.settling()
	rel.Fingerprint += " " + rel.Window.String()
	if edit, remove := rel.Policies.DestinationEdit, rel.Policies.DestinationDelete; edit != schema.DestinationEditPropagate &&
		(remove == schema.DestinationDeleteRecopy || remove == schema.DestinationDeletePrune) {
		rel.Policies.Coalesce = rapid.IntRange(0, 2).Draw(r.rt, "coalesce") == 0
	}
	rel.Guard.MaxDeletes = schema.Limit{Set: true, Value: 1e6}
	r.rt.Logf("the administrator: %s, %s → %s, %+v, %s", rel.Address, rel.Source.Address, rel.Destination.Address, rel.Policies, rel.Fingerprint)
}

// window is none, or one that slides.
func (r *random) window() *window.Window {
	if r.kind == pim.Contacts || rapid.IntRange(0, 2).Draw(r.rt, "window") > 0 {
		return nil
	}
	return &window.Window{Past: days(rapid.IntRange(0, 3).Draw(r.rt, "past")), Future: days(rapid.IntRange(1, 9).Draw(r.rt, "future"))}
}

// settling is how long edits wait.
func (r *random) settling() time.Duration {
	return time.Duration(max(0, rapid.IntRange(-2, 2).Draw(r.rt, "settle"))) * time.Hour
}

// wait lets time pass: none, some hours, or days; or a clock is set back.
func (r *random) wait() {
	r.now = r.now.Add(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 3, 24, 49, -2, -40}).Draw(r.rt, "hours")) * time.Hour)
	r.rt.Logf("it is %s", r.now.Format(time.DateTime))
}

// work lets people do something in some folders, and the administrator in the configuration.
func (r *random) work() {
	for range rapid.IntRange(0, 6).Draw(r.rt, "edits") {
		r.touch(rapid.SampledFrom(r.names).Draw(r.rt, "folder"))
	}
	switch rapid.IntRange(0, 9).Draw(r.rt, "administrator") {
	case 0:
		if len(r.ws.Relations) > 0 {
			gone := rapid.SampledFrom(r.ws.Relations).Draw(r.rt, "relationship").Address
			r.unrelate(gone)
			r.rt.Logf("the administrator: %s is removed", gone)
		}
	case 1:
		r.addRelationship()
	case 2:
		if len(r.ws.Relations) > 0 {
			rel := rapid.SampledFrom(r.ws.Relations).Draw(r.rt, "relationship")
			if rel.Key == "" {
				r.write(rel)
			}
		}
	}
}

// touch is one thing that a person does in a folder.
func (r *random) touch(folder string) {
	f := r.at(folder)
	items := f.Items()
	var it memory.Stored
	if len(items) > 0 {
		it = rapid.SampledFrom(items).Draw(r.rt, "item")
	}
	r.made++
	was := r.seen()
	defer func() { r.rt.Logf("a person: %s", r.difference(was)) }()
	uid := fmt.Sprintf("uid-%d", rapid.IntRange(0, 7).Draw(r.rt, "uid"))
	switch action := rapid.IntRange(0, 14).Draw(r.rt, "action"); {
	case action <= 3 || it.Ref == "":
		f.Put(r.fresh(uid))
	case action == 4 && !r.stores[folder].Mode().MakesUIDs: // such a store has no item without one
		f.Put(r.fresh(""))
	case action == 5 && it.Item != nil: // an import, or Ctrl-drag: marker and all
		f.Duplicate(it.Item)
	case action == 6 && len(r.thrown) > 0:
		f.Put(rapid.SampledFrom(r.thrown).Draw(r.rt, "thrown"))
	case action == 7:
		if it.Item != nil {
			r.whole[spot{folder, it.Ref}] = it.Item.UID()
		}
		f.Break(it.Ref, "it is damaged")
	case action <= 9:
		if it.Item != nil {
			r.thrown = append(r.thrown, it.Item)
		}
		f.Delete(it.Ref)
	case action == 14 && it.Item != nil && r.lying: // and its store says nothing of it
		r.forged = true
		if err := f.Forge(it.Ref, r.change()); err != nil {
			r.t.Fatalf("%v", err)
		}
	case it.Item == nil: // mended
		if r.stores[folder].Mode().MakesUIDs {
			uid = r.whole[spot{folder, it.Ref}]
		}
		f.Replace(it.Ref, r.fresh(uid))
	default:
		if err := f.Edit(it.Ref, r.change()); err != nil {
			r.t.Fatalf("%v", err)
		}
	}
}

// fresh is an item as a person would make it.
func (r *random) fresh(uid string) *pim.Item {
	it := item(r.kind, uid, rapid.SampledFrom([]string{"Lunch", "Review", "Trip"}).Draw(r.rt, "title"))
	return it.WithFields(r.change())
}

// change is what a person changes in an item: one field.
func (r *random) change() pim.Fields {
	field := rapid.SampledFrom([]string{titleField(r.kind), "categories", "url", "class", "start"}).Draw(r.rt, "field")
	var v any = rapid.SampledFrom([]string{"one", "two", "three"}).Draw(r.rt, "value")
	switch field {
	case "categories":
		v = rapid.SampledFrom([]any{nil, []any{"work"}, []any{"work", "home"}, []any{"home"}}).Draw(r.rt, "categories")
	case "class":
		v = rapid.SampledFrom([]any{nil, "private"}).Draw(r.rt, "class")
	case "start":
		switch at := r.now.Add(time.Duration(rapid.IntRange(-72, 240).Draw(r.rt, "start")) * time.Hour).Truncate(time.Hour).Format(time.RFC3339); r.kind {
		case pim.Contacts:
			field = "nickname"
		case pim.Tasks:
			field, v = "due", at
		default:
			v = at
		}
	case "url":
		switch {
		case r.kind == pim.Contacts:
			field = "note"
		case r.kind == pim.Tasks:
			field = "description"
		case v == "three":
			field, v = "location", "away"
		default:
			field = "location"
		}
	}
	return pim.Fields{field: value(r.kind, field, v)}
}

// disturb makes one folder unreadable, or readable in part, until it is called again.
func (r *random) disturb() {
	r.trouble, r.partial, r.strike = "", "", nil
	folder := rapid.SampledFrom(r.names).Draw(r.rt, "disturbed")
	fault := faults.Fault{Effect: faults.Fail, Class: providers.Unreachable}
	switch rapid.IntRange(0, 7).Draw(r.rt, "disturbance") {
	case 0:
		r.trouble = "folder." + folder
	case 1:
		r.partial = "folder." + folder
		fault = faults.Fault{Effect: faults.Partial, After: rapid.IntRange(0, 3).Draw(r.rt, "given")}
	default:
		return
	}
	r.rt.Logf("%s: %+v", folder, fault)
	r.strike = func(c faults.Call) faults.Fault {
		if c.Operation == faults.Changes && (c.Folder == r.trouble || c.Folder == r.partial) {
			return fault
		}
		return faults.Fault{}
	}
}

// plain reports whether every item can be understood and has a UID of its own, so that markers name originals well.
func (r *random) plain() bool {
	for _, name := range r.names {
		uids := map[string]bool{"": true}
		for _, it := range r.at(name).Items() {
			if it.Item == nil || uids[it.Item.UID()] {
				return false
			}
			uids[it.Item.UID()] = true
		}
	}
	return true
}

// ours reports whether an item looks like one that a relationship made.
func ours(it *pim.Item) bool {
	if it == nil {
		return false
	}
	m, marked := it.Marker()
	return decide.IsReplicaUID(it.UID()) || marked && m.Status != pim.Released
}
