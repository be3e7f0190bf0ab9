package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/internal/image"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// applying is one run of Apply.
type applying struct {
	e       *Engine
	st      state.Store
	plan    *plan.Plan
	number  uint64
	folders map[string]*folder
	read    map[string]state.Folder       // as the plan is to record them, by address
	todo    map[string]int                // by relationship: writes and pairs in parts that are to come
	fresh   map[string]state.Relationship // that are new or other than they were, as they are to be recorded when everything of them is done

	mu       sync.Mutex // what follows is shared by the folders that are written at a time
	seq      uint32
	log      state.Apply // of this apply in the journal
	images   image.Packer
	failed   map[string]bool // relationships of which something was not done
	told     people          // by the servers that were written to
	result   *Result
	halts    map[string]*halt  // by relationship
	finished map[string]int    // by folder
	silent   plan.Summary      // adopted and retired without a write
	gone     []state.FolderRef // of parts that were not done as a whole: forgotten at the end
	unsaved  map[string]error  // by folder: why what it holds could not be backed up
	health   []state.Health    // as recorded before
	left     map[string]int    // by relationship: writes that the next plan says again
	errors   map[string]string // by relationship: the last error

	part    *plan.Part // that is being carried out
	done    []outcome  // by write
	pending []int      // by pair: writes of it that are not done yet
	ofWrite [][]int    // pairs by write
	open    []int      // by write: pairs of it that are not recorded yet
}

// outcome is what became of one write.
type outcome struct {
	seq     uint32          // in the journal
	seen    string          // the version in which it was found to be as planned, where the plan knew none
	digest  uint64          // of what was sent or, once it is done, stored, as far as the folder can hold it
	images  []byte          // for the journal
	class   providers.Class // "" until it is known
	paused  *state.Pause    // why it was left out
	ref     string
	version string
	stored  *pim.Item
	sent    *pim.Item
}

// Apply carries out a plan or less, never more. Everything that is done is recorded at once; what could not be done is in the Result, and the
// next plan says what is left. The error is of the whole apply: nothing more was done from there on.
func (e *Engine) Apply(ctx context.Context, st state.Store, p *plan.Plan) (*Result, error) {
	if err := e.fits(st, p); err != nil {
		return nil, err
	}
	a := &applying{e: e, st: st, plan: p, number: st.Header().LastApply + 1, folders: map[string]*folder{}, read: map[string]state.Folder{}, todo: maps.Clone(p.Work.Parts), fresh: map[string]state.Relationship{},
		failed: map[string]bool{}, told: people{}, halts: map[string]*halt{}, finished: map[string]int{}, left: map[string]int{}, errors: map[string]string{}, result: &Result{Started: e.opts.Now()}}
	for _, f := range p.Work.Folders {
		a.read[f.Address] = f
	}
	if a.todo == nil {
		a.todo = map[string]int{}
	}
	a.silent.Adopt, a.silent.Retire = p.Document.Summary.Adopt, p.Document.Summary.Retire
	var err error
	if a.health, err = st.Health(); err != nil {
		return nil, err
	}
	if a.nothing() && !p.Saved {
		a.result.Finished = e.opts.Now()
		a.result.Summary = a.remaining()
		return a.result, a.recordHealth()
	}
	a.result.Apply = a.number
	if err := ctx.Err(); err != nil {
		return nil, err // nothing was begun: a saved plan can still be applied
	}
	sent := e.stores.requests()
	if err := a.backUp(ctx); err != nil {
		return nil, err
	}
	if err := a.begin(); err != nil {
		return a.result, err
	}
	if err = a.holdUnsaved(); err == nil {
		err = a.createFolders(ctx)
	}
	if err == nil {
		err = a.parts(ctx)
	}
	if err == nil {
		err = a.settle()
	}
	a.reportHalts()
	a.result.Requests = since(sent, e.stores.requests())
	a.result.Finished = e.opts.Now()
	a.result.Summary = a.remaining()
	return a.result, err
}

// fits refuses plans that were made for something else.
func (e *Engine) fits(st state.Reader, p *plan.Plan) error {
	if err := Fits(st, e.ws.Name, p); err != nil {
		return err
	}
	return e.ofThisConfiguration(p)
}

func (e *Engine) ofThisConfiguration(p *plan.Plan) error {
	switch {
	case p.Document.Fingerprint == e.ws.Fingerprint:
		return nil
	case len(e.ws.Data) > 0:
		return fmt.Errorf("%w: the configuration, or a row of a data block, is not as it was when it was made; make a new plan", ErrForeignPlan)
	}
	return fmt.Errorf("%w: the configuration is not the one that it was made from; make a new plan", ErrForeignPlan)
}

// Fits refuses, with an error that matches ErrForeignPlan, a plan that was made for another workspace or state, or that was applied already,
// whatever the configuration says beside the workspace's name.
func Fits(st state.Reader, workspace string, p *plan.Plan) error {
	if err := unused(st, workspace, p); err != nil {
		return err
	}
	if st.Header().LastApply != p.Work.StateApply {
		return fmt.Errorf("%w: another apply was done since it was made; make a new plan", ErrForeignPlan)
	}
	return nil
}

// unused refuses a plan that was made for another workspace, or that was applied already.
func unused(st state.Reader, workspace string, p *plan.Plan) error {
	if p.Document.Workspace != workspace {
		return fmt.Errorf("%w: it was made for workspace %q, and this is %q", ErrForeignPlan, p.Document.Workspace, workspace)
	}
	applies, err := st.Applies()
	if err != nil {
		return err
	}
	if slices.ContainsFunc(applies, func(a state.Apply) bool { return a.Plan == p.Document.PlanID }) {
		return fmt.Errorf("%w: it was applied already, and a plan is applied once; make a new plan", ErrForeignPlan)
	}
	return nil
}

// nothing reports whether the plan has nothing to do and nothing to record.
func (a *applying) nothing() bool {
	w := a.plan.Work
	if len(w.Writes)+w.Records+len(w.CreateFolders)+len(w.Folders)+len(w.Forget)+len(w.Renames) > 0 {
		return false
	}
	if data, err := a.st.Data(); err != nil || !slices.Equal(data, w.Data) {
		return false
	}
	recorded, err := a.st.Relationships()
	return err == nil && slices.EqualFunc(recorded, sortedRecords(w.Relationships), func(x, y state.Relationship) bool {
		x.Since, y.Since = time.Time{}, time.Time{}
		return x == y
	})
}

func sortedRecords(list []state.Relationship) []state.Relationship {
	out := slices.Clone(list)
	slices.SortFunc(out, func(x, y state.Relationship) int { return strings.Compare(x.Address, y.Address) })
	return out
}

// begin records that this apply runs, what `moved` blocks renamed, and the relationships, so that an apply that is killed leaves no pair without its
// relationship, and none of which nobody knows that its template was another one. Those with `existing = "ignore"` are recorded at the end: until then this is their first apply.
func (a *applying) begin() error {
	a.log = state.Apply{Number: a.number, Plan: a.plan.Document.PlanID, Task: a.plan.Document.Task, Started: a.result.Started, By: a.e.opts.By}
	if err := a.seal(); err != nil {
		return err
	}
	b := &state.Batch{Workspace: a.e.ws.Name, Applies: []state.Apply{a.log}}
	if err := a.rename(); err != nil {
		return err
	}
	recorded, err := a.st.Relationships()
	if err != nil {
		return err
	}
	known := map[string]state.Relationship{}
	for _, r := range recorded {
		known[r.Address] = r
	}
	ignore := map[string]bool{}
	for _, r := range a.e.ws.Relations {
		ignore[r.Address] = r.Policies.Existing == schema.ExistingIgnore
	}
	for _, r := range a.plan.Work.Relationships {
		switch old, is := known[r.Address]; {
		case is && (old.Fingerprint != r.Fingerprint || old.Coalesce != r.Coalesce || old.Existing != r.Existing):
			if old.Source == r.Source && old.Destination == r.Destination && old.Coalesce == r.Coalesce && !old.Rebuilt {
				a.fresh[r.Address] = r
			}
			b.Relationships = append(b.Relationships, a.unwritten(halfway(old, r)))
		case !is && !ignore[r.Address]:
			a.fresh[r.Address] = r
			r.Fingerprint = unfinishedSame(r.Fingerprint)
			b.Relationships = append(b.Relationships, a.unwritten(r))
		}
	}
	for address := range a.plan.Work.Writes { // while folders are written at a time, none is added to those that are known
		if _, err := a.folder(address); err != nil {
			return err
		}
	}
	created := map[string]bool{}
	for _, address := range a.plan.Work.CreateFolders {
		created[address] = true
	}
	for _, f := range a.plan.Work.Folders {
		if _, err := a.folder(f.Address); err != nil {
			return err
		}
		if !created[f.Address] {
			b.Folders = append(b.Folders, a.beginFolder(f))
		}
	}
	return a.st.Commit(b)
}

// parts carries out the plan part by part. What a part has done is recorded before the next one begins.
func (a *applying) parts(ctx context.Context) error {
	for part, err := range a.plan.Parts() {
		if err != nil {
			return err
		}
		a.take(part)
		if err := a.writes(ctx); err != nil {
			return err
		}
		if err := a.settlePart(); err != nil {
			return err
		}
	}
	return nil
}

// take makes a part the one that is carried out.
func (a *applying) take(part *plan.Part) {
	a.part, a.done, a.ofWrite = part, make([]outcome, len(part.Writes)), make([][]int, len(part.Writes))
	a.pending, a.open = make([]int, len(part.Pairs)), make([]int, len(part.Writes))
	for _, w := range part.Writes {
		switch w.Action {
		case plan.Adopt:
			a.silent.Adopt--
		case plan.Retire:
			a.silent.Retire--
		}
	}
	for i, p := range part.Pairs {
		a.pending[i] = len(p.Needs)
		for _, w := range p.Needs {
			a.ofWrite[w] = append(a.ofWrite[w], i)
			a.open[w]++
		}
	}
}

// writes carries out the writes of a part in rounds: what needs nothing that is not done yet, folder by folder in parallel, batch by batch.
func (a *applying) writes(ctx context.Context) error {
	for _, round := range a.part.Rounds() {
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(a.e.parallel())
		for _, address := range sortedKeys(round) {
			f, err := a.folder(address)
			if err != nil {
				return err
			}
			group.Go(func() error { return a.writeFolder(ctx, f, round[address]) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

func (a *applying) writeFolder(ctx context.Context, f *folder, writes []int) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	if writes = a.unpaused(writes); len(writes) == 0 {
		return nil
	}
	if f.store == nil && f.trouble == nil {
		a.e.openFolder(ctx, f, a.readTo(f))
		if f.missing && f.trouble == nil {
			f.trouble = errors.New("the folder is not there")
		}
		if err := a.remember(f); err != nil {
			return err
		}
	}
	if f.trouble != nil {
		for _, i := range writes {
			a.skip(i, providers.Unreachable, f.trouble)
		}
		return nil
	}
	for batch := range batches(writes, max(1, f.caps.Batch)) {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if err := a.writeBatch(ctx, f, batch); err != nil {
			return err
		}
		a.mu.Lock()
		a.finished[f.address] += len(batch)
		ev := Event{Phase: "apply", Folder: f.address, Done: a.finished[f.address], Total: a.plan.Work.Writes[f.address]}
		a.mu.Unlock()
		a.e.progress(ev)
	}
	return nil
}

// skip records that a write was not made.
func (a *applying) skip(i int, class providers.Class, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.done[i].class = class
	a.notDone(i, class, err)
}

// notDone tells why a write was not made. The caller holds mu.
func (a *applying) notDone(i int, class providers.Class, err error) {
	w := a.part.Writes[i]
	if class != providers.Refused {
		a.failed[w.Relationship] = true
	}
	a.leave(w, class, err)
	summary, advice := "A write was not made", ""
	switch class {
	case providers.Stale, providers.Missing:
		summary, advice = "An item changed since the plan was made", ". It is left as it is: make a new plan"
		a.result.Summary.Stale++
	case providers.Refused:
		summary = "The provider refused an item"
		a.result.Summary.Refused++
	}
	ref := w.Ref
	if ref == "" {
		ref = w.UID
	}
	a.result.Failures = append(a.result.Failures, plan.Diagnostic{Severity: "error", Address: w.Folder, Ref: ref, Summary: summary,
		Detail: fmt.Sprintf("%s (%s): %v%s", a.title(w), w.Action, err, advice)})
}

func (a *applying) fail(d plan.Diagnostic) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.result.Failures = append(a.result.Failures, d)
}

// title names an item for a person, unless it is private.
func (a *applying) title(w plan.Write) string {
	data := w.Item
	if data == nil {
		data = w.Before
	}
	it, err := pim.Parse(w.ItemKind, data)
	if err != nil || it.Private() && a.e.opts.Titles != TitlesFull || a.e.opts.Titles == TitlesHidden {
		return hiddenText
	}
	return fmt.Sprintf("%q", it.Title())
}

// remaining is what this apply did, with what the plan said beside its writes.
func (a *applying) remaining() plan.Summary {
	s, p := a.result.Summary, a.plan.Document.Summary
	s.Conflict, s.Ambiguous, s.Blocked, s.Unreadable, s.Unresolved = p.Conflict, p.Ambiguous, p.Blocked, p.Unreadable, p.Unresolved
	s.Settling, s.Pruned, s.OutOfWindow, s.Unchanged, s.LeftAlone = p.Settling, p.Pruned, p.OutOfWindow, p.Unchanged, p.LeftAlone
	s.Refused, s.Notified = s.Refused+p.Refused, len(a.told)
	return s
}
