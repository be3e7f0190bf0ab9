package reconcile

import (
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// write adds one write to the work, and its operation to the document.
func (dr *draft) write(w *decide.Write) {
	why := w.Reasons[0]
	out := plan.Write{Folder: w.Folder, Action: plan.Action(w.Verb), Relationship: why.Pair.Relationship, Original: why.Pair.Original,
		Reason: string(why.Code), Key: w.Key, Needs: []int{}, Again: dr.held[w.Folder] || dr.waits[spot{w.Folder, w.Key}]}
	for _, need := range w.Needs {
		out.Needs = append(out.Needs, dr.number[need])
	}
	switch {
	case w.Before == nil:
		out.Kind = providers.Create
	case w.After == nil:
		out.Kind = providers.Delete
	default:
		out.Kind = providers.Update
	}
	if w.Before != nil {
		out.Ref, out.Version, out.Before = w.Before.Ref, w.Before.Version, w.Before.Content.Bytes()
		out.ItemKind = w.Before.Content.Kind()
	}
	if w.After != nil {
		out.Item, out.UID, out.ItemKind = w.After.Content.Bytes(), w.After.Content.UID(), w.After.Content.Kind()
		out.Record = dr.lasting(spot{w.Folder, w.Key}, w.After)
		if w.After.Marker != nil {
			out.Generation = w.After.Marker.Generation
		}
	}
	dr.part.Writes = append(dr.part.Writes, out)
	if r := dr.relationship(why.Pair.Relationship); r != nil {
		dr.ops = append(dr.ops, dr.show(r.Address, dr.operation(r, w, out)))
	}
}

// operation is a write as the document shows it.
func (dr *draft) operation(r *plan.Relationship, w *decide.Write, out plan.Write) plan.Operation {
	op := plan.Operation{Action: plan.Action(w.Verb), Side: plan.Destination, UID: dr.uid(r.Source, out.Original), Reason: out.Reason}
	if w.Folder == r.Source && !dr.isReplicaWrite(r, w) {
		op.Side, op.OriginalRef = plan.Source, out.Ref
	} else {
		op.ReplicaRef = out.Ref
		if o := dr.pt.loaded[r.Source][out.Original]; o != nil {
			op.OriginalRef = o.Ref
		}
	}
	for _, k := range w.Sharing {
		source := dr.endsNow(k.Relationship)[0]
		op.Originals = append(op.Originals, source+"/"+dr.uid(source, k.Original))
	}
	if w.Folder != r.Source && w.Folder != r.Destination {
		op.Detail = "It is in " + w.Folder + ", which the relationship led to before."
	}
	var before, after pim.Fields
	shown := w.After
	if w.Before != nil {
		before = w.Before.Content.Fields()
		if shown == nil {
			shown = w.Before
		}
	}
	if w.After != nil {
		after = w.After.Content.Fields()
	}
	hidden := dr.hidden(w.Before) || dr.hidden(w.After)
	dr.name(&op, shown, hidden)
	op.Fields = fields(before, after, hidden)
	return op
}

// fields are the changes from one content to another as the document shows them.
func fields(before, after pim.Fields, hidden bool) []plan.Field {
	var list []plan.Field
	for _, c := range pim.Changes(before, after) {
		if hidden {
			c.Before, c.After = hide(c.Before), hide(c.After)
		}
		list = append(list, plan.Field{Name: c.Field, Occurrence: c.Occurrence, Before: c.Before, After: c.After})
	}
	return list
}

// inConflict is what two sides of a conflict say, but for the fields that neither changed since they were settled: in those they may differ.
func inConflict(n decide.Notice) (original, replica pim.Fields) {
	original, replica = n.Original.Content.Fields(), n.Replica.Content.Fields()
	if n.Base == nil || n.Base.BaseOriginal == nil {
		return original, replica
	}
	edited := append(n.Base.BaseOriginal.Edited(original), n.Base.BaseReplica.Edited(replica)...)
	replica = maps.Clone(replica)
	for _, name := range original.Diff(replica) {
		switch v, ok := original[name]; {
		case slices.Contains(edited, name):
		case ok:
			replica[name] = v
		default:
			delete(replica, name)
		}
	}
	return original, replica
}

// isReplicaWrite tells the sides apart where a relationship's folders are replaced and one folder is both.
func (dr *draft) isReplicaWrite(r *plan.Relationship, w *decide.Write) bool {
	return r.Source == r.Destination
}

// hiddenText stands for what a plan does not show.
const hiddenText = plan.Private

func hide(v any) any {
	if v == nil {
		return nil
	}
	return hiddenText
}

func (dr *draft) hidden(it *decide.Item) bool { return it != nil && dr.e.hides(it.Content) }

// hides reports whether what an item says is not shown.
func (e *Engine) hides(content *pim.Item) bool {
	switch {
	case content == nil || e.opts.Titles == TitlesFull:
		return false
	case e.opts.Titles == TitlesHidden:
		return true
	}
	return content.Private()
}

// uid is the UID of an original: its key, unless that is a ref.
func (dr *draft) uid(folder, key string) string {
	if it := dr.pt.loaded[folder][key]; it != nil && it.Content != nil {
		return it.Content.UID()
	}
	return uidOfKey(key)
}

// uidOfKey is the UID that a key is; "" when it is a ref.
func uidOfKey(key string) string {
	if strings.HasPrefix(key, decide.RefKey) {
		return ""
	}
	return key
}

// pairs adds what is to be recorded of pairs, and the operations of those that were recognised and need no write.
func (dr *draft) pairChanges() {
	place := map[spot]int{}
	for w, i := range dr.number {
		place[spot{w.Folder, w.Key}] = i
	}
	for _, change := range dr.decision.Pairs {
		e := dr.ends[change.Key.Relationship]
		if change.New != nil {
			e = dr.endsNow(change.Key.Relationship)
		}
		p := plan.Pair{Key: change.Key, Old: change.Old, New: change.New, Needs: []int{}, Original: -1, Replica: -1}
		for _, need := range change.Needs {
			p.Needs = append(p.Needs, dr.number[need])
		}
		if i, ok := place[spot{e[0], change.Key.Original}]; ok {
			p.Original = i
		}
		written := false
		if change.How == decide.AdoptedMarker {
			dr.remade[change.Key.Relationship] = true
		}
		if change.New != nil {
			if i, ok := place[spot{e[1], change.New.Replica}]; ok {
				p.Replica, written = i, true
			}
		}
		dr.part.Pairs = append(dr.part.Pairs, p)
		if change.How != "" && !written && change.New != nil && change.New.Status == state.Active {
			dr.recognised(change)
		}
		if change.New == nil && len(change.Needs) == 0 && dr.retires(change) {
			dr.retired(change)
		}
	}
}

// retires reports whether a pair ends because its relationship left, and its replica stays as it is, never copied further.
func (dr *draft) retires(change decide.PairChange) bool {
	r := dr.recordedAs(change.Key.Relationship)
	return dr.specs[change.Key.Relationship] == nil && r != nil && r.OnRemove == string(schema.RemoveRetire) && r.OnLeaver == "" && change.Old.ReplicaRef != "" &&
		change.Old.Status != state.Retired
}

// retired shows a replica that stays as it is.
func (dr *draft) retired(change decide.PairChange) {
	if r := dr.relationship(change.Key.Relationship); r != nil {
		op := plan.Operation{Action: plan.Retire, Side: plan.Destination, UID: dr.uid(r.Source, change.Key.Original), Reason: string(decide.RelationshipRemoved),
			OriginalRef: change.Old.OriginalRef, ReplicaRef: change.Old.ReplicaRef}
		dr.name(&op, dr.pt.loaded[r.Destination][change.Old.Replica], false)
		dr.ops = append(dr.ops, dr.show(r.Address, op))
	}
}

// name gives an operation what people know its item by: the title and when it is, unless those are hidden.
func (dr *draft) name(op *plan.Operation, it *decide.Item, hidden bool) {
	if it != nil && it.Content != nil {
		dr.e.name(op, it.Content, hidden || dr.hidden(it))
	}
}

func (e *Engine) name(op *plan.Operation, content *pim.Item, hidden bool) {
	if hidden {
		op.Title, op.Start = hiddenText, ""
		return
	}
	op.Title = content.Title()
	if op.Action == plan.Add || op.Action == plan.Delete {
		return
	}
	for _, name := range []string{"due", "start"} {
		if at, ok := content.Attribute(name, nil).(string); ok && at != "" {
			op.Start = at
		}
	}
}

// recognised shows a pair that was found without a write.
func (dr *draft) recognised(change decide.PairChange) {
	r := dr.relationship(change.Key.Relationship)
	if r == nil {
		return
	}
	op := plan.Operation{Action: plan.Adopt, Side: plan.Destination, UID: dr.uid(r.Source, change.Key.Original), Reason: string(change.How),
		OriginalRef: change.New.OriginalRef, ReplicaRef: change.New.ReplicaRef}
	dr.name(&op, dr.pt.loaded[r.Destination][change.New.Replica], false)
	dr.ops = append(dr.ops, dr.show(r.Address, op))
	if change.New.Rest == state.Flowing {
		dr.decision.Counts.Unchanged[r.Address]--
	}
}

// notices shows what waits for a person.
func (dr *draft) notices() {
	for _, n := range dr.decision.Notices {
		r := dr.relationship(n.Pair.Relationship)
		if r == nil {
			continue
		}
		op := plan.Operation{Action: plan.Conflict, Side: plan.Destination, UID: dr.uid(r.Source, n.Pair.Original), Reason: string(n.Code)}
		if n.Code == decide.Ambiguous {
			op.Action = plan.Ambiguous
		}
		for _, it := range []*decide.Item{n.Replica, n.Original} {
			dr.name(&op, it, false)
		}
		if n.Original != nil {
			op.OriginalRef = n.Original.Ref
		}
		if n.Replica != nil {
			op.ReplicaRef = n.Replica.Ref
		}
		if n.Original != nil && n.Replica != nil && !dr.hidden(n.Original) && !dr.hidden(n.Replica) {
			o, rep := inConflict(n)
			op.Fields = fields(o, rep, false)
		}
		op.Fields = append(op.Fields, dr.oneSided(n)...)
		if op.UID != n.Pair.Original {
			op.Item = n.Pair.Original
		}
		for _, it := range n.Candidates {
			op.Candidates = append(op.Candidates, it.Ref)
			op.Versions = append(op.Versions, dr.version(n.Original, it)...)
		}
		dr.ops = append(dr.ops, dr.show(r.Address, op))
	}
	for _, problem := range dr.decision.Problems {
		dr.doc.Diagnostics = append(dr.doc.Diagnostics, plan.Diagnostic{Severity: "error", Code: plan.ItemUndecided, Address: problem.Pair.Relationship,
			Ref: problem.Item.Ref, Summary: "An item could not be decided", Detail: problem.Err.Error()})
	}
}
