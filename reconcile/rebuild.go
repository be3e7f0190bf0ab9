package reconcile

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accord-sync/accord/reconcile/decide"
	"github.com/accord-sync/accord/reconcile/internal/scratch"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// RebuildOptions say what Rebuild may go by.
type RebuildOptions struct {
	// FromUIDs takes items without a marker for replicas by their derived UIDs, as in folders that keep no markers.
	FromUIDs bool
}

// RebuildReport is what Rebuild found.
type RebuildReport struct {
	Relationships []RebuiltRelationship `json:"relationships"` // by address
	Diagnostics   []plan.Diagnostic     `json:"diagnostics"`
}

// RebuiltRelationship is what Rebuild found of one relationship.
type RebuiltRelationship struct {
	Address     string      `json:"address"`
	Source      string      `json:"source"`
	Destination string      `json:"destination"`
	Status      plan.Status `json:"status"`                  // ok, or why it was not looked at
	Reason      string      `json:"status_reason,omitempty"` // of that status
	Pairs       int         `json:"pairs"`                   // recorded: their replicas are what the configuration says
	Apart       int         `json:"apart"`                   // replicas that were recognised and say something else: the next plan shows what, and the policies decide
	UIDs        int         `json:"uids"`                    // replicas without a marker that were left, known by their UIDs alone

	// Next is what else the next plan is going to do or to ask, by action: what left no marker is done anew.
	Next map[plan.Action]int `json:"next"`
}

// ErrNotEmpty is matched by the error of Rebuild for a state that knows something already.
var ErrNotEmpty = errors.New("the state is not empty")

// Rebuild makes a state anew from the markers on replicas alone. It reads every folder of the configuration and writes to none. What it records is what an apply on
// an empty state would record without a single write: the pairs that are recognised by a marker and that nothing has to be written for. All else is left to the
// next plan, which looks at it again; the relationships are recorded as rebuilt until they are applied, so that plans say what could not be recovered. Nothing is
// recorded when it fails, but when the state cannot be written; then Rebuild can be repeated.
func (e *Engine) Rebuild(ctx context.Context, st state.Store, opts RebuildOptions) (_ *RebuildReport, err error) {
	if err := empty(st); err != nil {
		return nil, err
	}
	room := scratch.New(e.limits.room)
	defer func() { err = errors.Join(err, room.Close()) }()
	p, err := e.begin(nothing{state.Memory(), st}, Request{}, room)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(p.observe(ctx), p.learn(ctx, p.everything())); err != nil {
		return nil, err
	}
	r := &rebuilding{planning: p, opts: opts, found: map[string]*RebuiltRelationship{}}
	r.c = p.compose("")
	err = p.parts(ctx, func(pt *part) error {
		dr := r.c.drafted(pt, decide.Decide(pt.input()))
		r.sift(dr)
		return r.c.out.Add(&dr.part, nil)
	})
	if err != nil {
		return nil, errors.Join(err, r.c.out.Close())
	}
	made, err := r.c.finish()
	if err != nil {
		return nil, err
	}
	defer made.Close()
	if err := r.record(st, made); err != nil {
		return nil, err
	}
	return r.report(made), nil
}

// empty refuses a state that knows anything but its journal.
func empty(st state.Reader) error {
	folders, err := st.Folders()
	if err != nil {
		return err
	}
	relationships, err := st.Relationships()
	if err != nil {
		return err
	}
	if n := len(folders) + len(relationships); n > 0 {
		return fmt.Errorf("%w (relationships that it knows: %d, folders: %d)", ErrNotEmpty, len(relationships), len(folders))
	}
	return nil
}

// nothing is an empty state, but for the writes of which nobody knows what became.
type nothing struct {
	state.Reader
	journal state.Reader
}

func (n nothing) Open() ([]state.Entry, error) { return n.journal.Open() }

// rebuilding is one run of Rebuild.
type rebuilding struct {
	*planning
	c     *composing
	opts  RebuildOptions
	found map[string]*RebuiltRelationship
}

func (r *rebuilding) of(address string) *RebuiltRelationship {
	if r.found[address] == nil {
		r.found[address] = &RebuiltRelationship{Address: address}
	}
	return r.found[address]
}

// sift leaves of a part what can be recorded without a write: pairs that were recognised and need none. The items of all else are looked at again.
func (r *rebuilding) sift(dr *draft) {
	again := map[spot]bool{}
	for _, w := range dr.part.Writes {
		again[spot{w.Folder, w.Key}] = true
	}
	dr.part.Writes = nil
	changes := dr.decision.Pairs
	dr.part.Pairs = slices.DeleteFunc(dr.part.Pairs, func(p plan.Pair) bool {
		change := changes[slices.IndexFunc(changes, func(c decide.PairChange) bool { return c.Key == p.Key })]
		if r.keeps(dr, change) {
			return false
		}
		at := dr.endsNow(p.Key.Relationship)
		again[spot{at[0], p.Key.Original}] = true
		if p.New != nil {
			again[spot{at[1], p.New.Replica}] = true
		}
		return true
	})
	for i := range dr.part.Items {
		if it := &dr.part.Items[i]; again[spot{it.Folder, it.Key}] {
			it.Version = ""
		}
	}
}

// keeps reports whether a pair is recorded as it was recognised. It is counted.
func (r *rebuilding) keeps(dr *draft, change decide.PairChange) bool {
	if change.New == nil || change.New.Replica == "" || change.How != decide.AdoptedMarker && change.New.Status != state.Retired {
		return false
	}
	found := r.of(change.Key.Relationship)
	if spec := dr.specs[change.Key.Relationship]; spec != nil && spec.Policies.Existing == schema.ExistingIgnore {
		return false // its first apply says what it ignores, and finds its replicas by their markers
	}
	if len(change.Needs) > 0 {
		if change.How != "" {
			found.Apart++
		}
		return false
	}
	f := dr.folders[dr.endsNow(change.Key.Relationship)[1]]
	if _, marked := dr.pt.loaded[f.address][change.New.Replica].Content.Marker(); !marked && f.caps.UIDs && !r.opts.FromUIDs {
		found.UIDs++
		return false
	}
	if found.Pairs++; change.New.Status == state.Active && r.c.actions[change.Key.Relationship] != nil {
		r.c.actions[change.Key.Relationship][plan.Adopt]--
	}
	return true
}

// record records what was found. The relationships come last: what was recorded before they were is found again.
func (r *rebuilding) record(st state.Store, made *plan.Plan) error {
	first := &state.Batch{}
	for _, f := range r.e.ws.Folders {
		first.DropFolders = append(first.DropFolders, f.Address)
	}
	for _, rel := range r.e.ws.Relations {
		first.DropRelations = append(first.DropRelations, rel.Address)
	}
	if err := st.Commit(first); err != nil {
		return err
	}
	for part, err := range made.Parts() {
		if err != nil {
			return err
		}
		for items := range batches(part.Items, commitSize) {
			if err := st.Commit(&state.Batch{Items: items}); err != nil {
				return err
			}
		}
		for pairs := range batches(part.Pairs, commitSize) {
			b := &state.Batch{}
			for _, p := range pairs {
				b.Pairs = append(b.Pairs, *p.New)
			}
			if err := st.Commit(b); err != nil {
				return err
			}
		}
	}
	last := &state.Batch{Workspace: r.e.ws.Name, Data: made.Work.Data}
	for _, f := range made.Work.Folders {
		if !r.folders[f.Address].missing {
			f.Read = r.now
			last.Folders = append(last.Folders, f)
		}
	}
	for _, rel := range made.Work.Relationships {
		if rel.Existing != string(schema.ExistingIgnore) { // what it ignores is said by its first apply
			rel.Rebuilt = true
			last.Relationships = append(last.Relationships, rel)
		}
	}
	return st.Commit(last)
}

// report is what was found, and what the next plan is going to do.
func (r *rebuilding) report(made *plan.Plan) *RebuildReport {
	report := &RebuildReport{Relationships: []RebuiltRelationship{}, Diagnostics: made.Document.Diagnostics}
	markerless := map[string]int{}
	for _, rel := range made.Document.Relationships {
		found := r.of(rel.Address)
		found.Source, found.Destination, found.Status, found.Reason, found.Next = rel.Source, rel.Destination, rel.Status, rel.Reason, map[plan.Action]int{}
		for action, n := range r.c.actions[rel.Address] {
			if n > 0 {
				found.Next[action] = n
			}
		}
		report.Relationships = append(report.Relationships, *found)
		if f := r.folders[rel.Destination]; f != nil && f.view != nil && !f.missing && rel.Status == plan.OK {
			if _, known := markerless[f.address]; known || !f.caps.Markers || found.UIDs > 0 {
				markerless[f.address] += found.UIDs
			}
		}
	}
	for _, address := range sortedKeys(markerless) {
		report.Diagnostics = append(report.Diagnostics, r.unmarked(r.folders[address], markerless[address]))
	}
	return report
}

// unmarked says of a folder with replicas that carry no markers what can be done.
func (r *rebuilding) unmarked(f *folder, left int) plan.Diagnostic {
	d := plan.Diagnostic{Severity: "info", Address: f.address, Summary: "The folder keeps no markers",
		Detail: "Nor does it keep UIDs. What is a replica in it cannot be told: the next plan matches what says the same, as existing says."}
	switch {
	case f.caps.Markers:
		d.Summary, d.Detail = "Replicas have lost their markers", fmt.Sprintf("%d are known by their UIDs alone, and were left to the next plan. To record them as well: accord state rebuild -from-uids.", left)
	case f.caps.UIDs && r.opts.FromUIDs:
		d.Detail = "Its replicas were known by their UIDs. What was adopted has a UID of its own, and is matched again by the next plan, as existing says."
	case f.caps.UIDs:
		d.Severity = "warning"
		d.Detail = fmt.Sprintf("%d replicas are known by their UIDs alone, and were left to the next plan. To record them as well: accord state rebuild -from-uids.", left)
	}
	return d
}
