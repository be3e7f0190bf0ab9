package reconcile

import (
	"errors"
	"strings"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// describe says what the item is, and what its original is.
func (x *explaining) describe() ExplainedItem {
	out := x.item(x.at)
	if out.Ref == "" {
		out.Ref = x.ref
	}
	if x.before != nil {
		x.content(&out, x.before)
	}
	loaded := x.pt.loaded[x.at.folder][x.at.key]
	switch {
	case x.own != nil:
		out.Role, out.Replica = Replica, x.replicaOf(loaded)
		original := x.item(x.original)
		out.Original = &original
	case loaded == nil || loaded.Content == nil:
	case loaded.Marker != nil:
		x.marked(&out, *loaded.Marker)
	default:
		if m, carried := loaded.Content.Marker(); carried {
			out.Role, out.Replica = Copied, ofMarker(m)
		}
	}
	return out
}

// marked is the role of an item that carries a marker, and that no pair of this workspace has.
func (x *explaining) marked(out *ExplainedItem, m pim.Marker) {
	out.Replica = ofMarker(m)
	switch {
	case m.Status == pim.Released:
		out.Role = Released
	case m.Workspace != "" && m.Workspace != x.e.ws.Name:
		out.Role = Foreign
	default:
		out.Role = Orphan
	}
}

func ofMarker(m pim.Marker) *ReplicaOf {
	return &ReplicaOf{Workspace: m.Workspace, Relationship: m.Relationship, Original: m.Original, Source: m.Source, Generation: m.Generation, Adopted: m.Adopted}
}

// replicaOf is of what the item is a replica.
func (x *explaining) replicaOf(it *decide.Item) *ReplicaOf {
	out := &ReplicaOf{Workspace: x.e.ws.Name, Relationship: x.own.Relationship, Original: x.own.Original, Source: x.original.folder}
	if p := x.pt.pairOf(x.own.Relationship, x.own.Original); p != nil {
		out.Generation, out.Adopted, out.Status, out.Recorded = p.Generation, p.Adopted, p.Status, true
		out.Sharing = x.sharing(p)
	} else if it != nil && it.Marker != nil {
		out.Generation, out.Adopted = it.Marker.Generation, it.Marker.Adopted
		if it.Marker.Status == pim.Retired {
			out.Status = state.Retired
		}
	}
	return out
}

// sharing are the originals that share the replica of a pair that leads, this one first; nil: it is its alone.
func (x *explaining) sharing(lead *state.Pair) []string {
	named := func(address string) string { return x.endsOf(address)[0] + "/" + lead.Original }
	out := []string{named(lead.Relationship)}
	for _, r := range x.byTarget[x.at.folder] {
		if p := x.pt.pairOf(r.Address, lead.Original); p != nil && r.Address != lead.Relationship && p.Replica == lead.Replica {
			out = append(out, named(r.Address))
		}
	}
	if len(out) == 1 {
		return nil
	}
	return out
}

// item says what lies at a spot, as far as it is known.
func (x *explaining) item(at spot) ExplainedItem {
	f := x.folders[at.folder]
	out := ExplainedItem{Folder: at.folder, Kind: f.kind(), Presence: Absent, Role: Original}
	en, known := x.index[at.folder].byKey.Get(at.key)
	out.UID, out.Ref, out.ByRef = en.uid, en.ref, strings.HasPrefix(at.key, decide.RefKey)
	if out.UID == "" {
		out.UID = x.draft.uid(at.folder, at.key)
	}
	if f.view != nil {
		n, heard := f.view.news.Get(en.ref)
		out.Recorded = known && (!heard || n.state != added)
	}
	switch {
	case f.view == nil:
		x.recordedItem(&out, f, at)
	case !known || en.is(isGone):
	case en.is(isUnseen):
		out.Presence, out.Reason = Unseen, f.partial
	case en.unreadable != "":
		out.Presence, out.Reason = Unreadable, en.unreadable
	default:
		out.Presence = Present
	}
	if it := x.pt.loaded[at.folder][at.key]; it != nil && it.Content != nil {
		x.content(&out, it.Content)
	}
	return out
}

// recordedItem is an item of a folder that was not read.
func (x *explaining) recordedItem(out *ExplainedItem, f *folder, at spot) {
	out.Presence, out.Reason = Unread, "nothing that is done uses its folder now"
	if f.trouble != nil {
		out.Reason = f.trouble.Error()
	} else if f.spec != nil && f.spec.Unresolved {
		out.Reason = f.spec.UnresolvedBecause()
	}
	if !f.recorded {
		return
	}
	err := x.st.Items(f.record.Address, func(it state.Item) error {
		if it.Key != at.key {
			return nil
		}
		out.UID, out.Ref, out.Recorded = it.UID, it.Ref, true
		return errEnough
	})
	if err != nil && !errors.Is(err, errEnough) && x.pt.err == nil {
		x.pt.err = err
	}
}

// content says what an item says, as far as titles are shown.
func (x *explaining) content(out *ExplainedItem, it *pim.Item) {
	recurrence := plainField(it, "recurrence")
	out.Recurring = recurrence != ""
	if !x.shows(it) {
		out.Title, out.Hidden = hiddenText, true
		return
	}
	out.Title, out.Start, out.Due, out.Recurrence = it.Title(), plainField(it, "start"), plainField(it, "due"), recurrence
}

// filter is what a relationship's filter says of an original, condition by condition.
func (x *explaining) filter(r *schema.Relationship, o *decide.Item) *ExplainedFilter {
	at := r.Filter.Range()
	out := &ExplainedFilter{File: at.Filename, Line: at.Start.Line, Conditions: []ExplainedCondition{}}
	out.Passes, _ = r.Filter.Match(o.Content, r) // an error is the outcome of the relationship
	for _, c := range r.Filter.Explain(o.Content, r) {
		one := ExplainedCondition{Text: c.Text, Holds: c.Holds, Error: c.Error, Names: []ExplainedName{}}
		for _, n := range c.Names {
			name := ExplainedName{Name: n.Name, Value: n.Value, Hidden: n.Sensitive}
			if n.OfItem && !x.shows(o.Content) {
				name.Value, name.Hidden = nil, true
			}
			one.Names = append(one.Names, name)
		}
		out.Conditions = append(out.Conditions, one)
	}
	return out
}
