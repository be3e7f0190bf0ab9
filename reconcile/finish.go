package reconcile

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// settle records the folders as they were read, and that the apply is finished. What was not done is looked at as a whole by the next plan.
func (a *applying) settle() error {
	b := &state.Batch{DropItems: a.gone}
	read := folderReads(&a.plan.Document)
	for _, f := range a.plan.Work.Folders {
		if a.folders[f.Address].trouble == nil {
			f.Read = a.plan.Document.CreatedAt
			f.Cursor = cmp.Or(f.Cursor, a.folders[f.Address].begins)
			b.Folders = append(b.Folders, f)
		}
		delete(read, f.Address)
	}
	recorded, err := a.st.Folders()
	if err != nil {
		return err
	}
	for _, f := range recorded {
		if read[f.Address] {
			f.Read = a.plan.Document.CreatedAt
			b.Folders = append(b.Folders, f)
		}
	}
	if err := a.st.Commit(b); err != nil {
		return err
	}
	return a.finish()
}

// unfinished is recorded in place of a relationship's fingerprint, of which "" is one, until everything of it is done: the next plan looks at it as a whole.
const unfinished = "unfinished"

// unfinishedSame is what is recorded until then of a relationship whose template, filter and window are what they were: what its replicas say was all made by them,
// and its pairs know what that is.
func unfinishedSame(fingerprint string) string { return unfinished + " " + fingerprint }

// isUnfinished reports whether a fingerprint is one that is recorded until everything is done.
func isUnfinished(fingerprint string) bool { return strings.HasPrefix(fingerprint, unfinished) }

// madeBy reports whether what a recorded relationship's replicas say was all made by the template, filter and window of a fingerprint.
func madeBy(recorded state.Relationship, fingerprint string) bool {
	return recorded.Fingerprint == fingerprint || recorded.Fingerprint == unfinishedSame(fingerprint)
}

// halfway is a relationship as it is recorded while some of its pairs are as it was and others as it is to be: one that joins other folders now lets go of its
// old replicas first.
func halfway(was, now state.Relationship) state.Relationship {
	fingerprint := unfinished
	if madeBy(was, now.Fingerprint) {
		fingerprint = unfinishedSame(now.Fingerprint)
	}
	now.Source, now.Destination, now.Coalesce, now.Fingerprint, now.Rebuilt = was.Source, was.Destination, was.Coalesce || now.Coalesce, fingerprint, was.Rebuilt
	return now
}

// finish records the relationships and the end of the apply, and closes what earlier applies left open and its plan looked for.
func (a *applying) finish() error {
	b := &state.Batch{}
	recorded, err := a.st.Relationships()
	if err != nil {
		return err
	}
	before := map[string]state.Relationship{}
	for _, r := range recorded {
		before[r.Address] = r
	}
	used := map[string]bool{}
	keep := func(r state.Relationship) {
		used[r.Source], used[r.Destination] = true, true
		b.Relationships = append(b.Relationships, a.unwritten(r))
	}
	forgot := &a.log.Forgot
	for _, r := range a.plan.Work.Relationships {
		old, known := before[r.Address]
		switch {
		case a.failed[r.Address] && known:
			r = halfway(old, r)
		case a.failed[r.Address]:
			r.Fingerprint = unfinishedSame(r.Fingerprint)
		}
		if known && (r.Source != old.Source || r.Destination != old.Destination) {
			forgot.Relationships = append(forgot.Relationships, old)
		}
		keep(r)
	}
	for _, address := range a.plan.Work.Forget {
		if a.failed[address] {
			keep(before[address])
		} else {
			b.DropRelations = append(b.DropRelations, address)
			forgot.Relationships = append(forgot.Relationships, before[address])
		}
	}
	if err := a.dropFolders(b, used); err != nil {
		return err
	}
	if err := a.recordData(b); err != nil {
		return err
	}
	open, err := a.st.Open()
	if err != nil {
		return err
	}
	looked, held := folderReads(&a.plan.Document), map[string]bool{}
	for _, r := range a.plan.Document.Relationships {
		held[r.Address] = r.Status != plan.OK // it looked for none of its own
	}
	for _, e := range open {
		if e.Apply < a.number && looked[e.Folder] && !held[e.Relationship] {
			e.Outcome = providers.Unknown
			b.Entries = append(b.Entries, e)
		}
	}
	health, err := a.healthAfter(b.DropRelations)
	if err != nil {
		return err
	}
	b.Health, b.DropHealth = health.changed, health.gone
	a.result.Summary.Adopt += a.silent.Adopt
	a.result.Summary.Retire += a.silent.Retire
	s := a.result.Summary
	a.log.Finished = a.e.opts.Now()
	a.log.Counts = map[string]int{"add": s.Add, "edit": s.Edit, "delete": s.Delete, "adopt": s.Adopt, "mark": s.Mark, "retire": s.Retire, "release": s.Release,
		"create_folder": s.CreateFolder, "stale": s.Stale, "refused": s.Refused}
	b.Applies = []state.Apply{a.log}
	if err := a.expire(b, open); err != nil {
		return err
	}
	return a.st.Commit(b)
}

// recordData records the data blocks, and forgets those that are not configured any more.
func (a *applying) recordData(b *state.Batch) error {
	recorded, err := a.st.Data()
	b.Data = a.plan.Work.Data
	for _, d := range recorded {
		if !slices.ContainsFunc(b.Data, func(now state.Data) bool { return now.Address == d.Address }) {
			b.DropData = append(b.DropData, d.Address)
		}
	}
	return err
}

// dropFolders forgets the folders that no recorded relationship joins any more.
func (a *applying) dropFolders(b *state.Batch, used map[string]bool) error {
	folders, err := a.st.Folders()
	for _, f := range folders {
		if !used[f.Address] {
			b.DropFolders = append(b.DropFolders, f.Address)
			a.log.Forgot.Folders = append(a.log.Forgot.Folders, f)
		}
	}
	return err
}
