package providertest

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// session is one case on one fresh folder. Its methods check what the contract promises of every call.
type session struct {
	*testing.T
	suite    Suite
	provider providers.Provider
	config   providers.FolderConfig
	folder   providers.Folder
	can      providers.Capabilities
	ctx      context.Context
}

// patience is how many times a throttled call is repeated.
const patience = 20

func (x *session) open(cfg providers.FolderConfig) providers.Folder {
	x.Helper()
	f, err := x.provider.Folder(x.ctx, cfg)
	if err != nil {
		x.Fatalf("open the folder: %v", err)
	}
	return f
}

func (x *session) wait(d time.Duration) {
	if x.suite.Wait != nil {
		x.suite.Wait(x.ctx, d)
	}
}

// calm repeats a call while it is throttled.
func (x *session) calm(call func() error) error {
	for i := 0; ; i++ {
		err := call()
		if providers.ClassOf(err) != providers.Throttled || i == patience {
			return err
		}
		x.wait(retryAfter(err))
	}
}

// changes reads the feed; the last change of each ref counts.
func (x *session) changes(f providers.Folder, cursor string) (map[string]providers.Change, providers.Read) {
	x.Helper()
	changes := map[string]providers.Change{}
	var read providers.Read
	err := x.calm(func() (err error) {
		clear(changes)
		read, err = f.Changes(x.ctx, cursor, func(c providers.Change) error {
			if c.Ref == "" {
				x.Error("a change has no ref")
			}
			changes[c.Ref] = c
			return nil
		})
		return err
	})
	if err != nil {
		x.Fatalf("changes since %q: %v", cursor, err)
	}
	if !read.Complete {
		x.Fatalf("changes since %q: partial: %s", cursor, read.Reason)
	}
	if x.can.Feed == (read.Cursor == "") {
		x.Errorf("changes since %q: feed is %v and the cursor is %q", cursor, x.can.Feed, read.Cursor)
	}
	if full := cursor == "" || !x.can.Feed; full && !read.Full {
		x.Errorf("changes since %q: it is not a full listing", cursor)
	}
	return changes, read
}

// list reads everything: version by ref, and the cursor to go on from.
func (x *session) list() (map[string]string, string) {
	x.Helper()
	changes, read := x.changes(x.folder, "")
	versions := map[string]string{}
	for ref, c := range changes {
		if c.Removed != providers.NotRemoved {
			x.Errorf("a full listing says that %q is removed", ref)
		}
		versions[ref] = c.Version
	}
	return versions, read.Cursor
}

// fetch reads refs in batches. Each has exactly one answer, with an item or an error.
func (x *session) fetch(refs ...string) map[string]providers.Fetched {
	x.Helper()
	answers := map[string]providers.Fetched{}
	for part := range slices.Chunk(refs, x.can.Batch) {
		var got []providers.Fetched
		err := x.calm(func() error {
			got = got[:0]
			return x.folder.Fetch(x.ctx, part, func(f providers.Fetched) error {
				got = append(got, f)
				return nil
			})
		})
		if err != nil {
			x.Fatalf("fetch: %v", err)
		}
		for _, f := range got {
			if _, twice := answers[f.Ref]; twice || !slices.Contains(part, f.Ref) {
				x.Errorf("fetch: an answer too many for %q", f.Ref)
			}
			if (f.Item == nil) == (f.Err == nil) {
				x.Errorf("fetch %q: item %v and error %v", f.Ref, f.Item, f.Err)
			}
			answers[f.Ref] = f
		}
	}
	if len(answers) != len(refs) {
		x.Errorf("fetch: %d answers for %d refs", len(answers), len(refs))
	}
	return answers
}

// item reads one item that must be there.
func (x *session) item(ref string) providers.Fetched {
	x.Helper()
	f := x.fetch(ref)[ref]
	if f.Err != nil {
		x.Fatalf("fetch %q: %v", ref, f.Err)
	}
	return f
}

// write writes in batches and repeats what is throttled. There is one outcome for each write.
func (x *session) write(writes ...providers.Write) []providers.Outcome {
	x.Helper()
	outcomes := make([]providers.Outcome, len(writes))
	todo := make([]int, len(writes))
	for i := range todo {
		todo[i] = i
	}
	for round := 0; len(todo) > 0; round++ {
		var again []int
		var after time.Duration
		for part := range slices.Chunk(todo, x.can.Batch) {
			batch := make([]providers.Write, len(part))
			for i, n := range part {
				batch[i] = writes[n]
			}
			got := x.folder.Write(x.ctx, batch)
			if len(got) != len(batch) {
				x.Fatalf("%d outcomes for %d writes", len(got), len(batch))
			}
			for i, n := range part {
				x.sound(writes[n], got[i])
				outcomes[n] = got[i]
				if got[i].Class == providers.Throttled && round < patience {
					again, after = append(again, n), max(after, got[i].RetryAfter)
				}
			}
		}
		if todo = again; len(todo) > 0 {
			x.wait(after)
		}
	}
	return outcomes
}

// sound checks what holds for every outcome.
func (x *session) sound(w providers.Write, out providers.Outcome) {
	x.Helper()
	switch {
	case out.Class == "":
		x.Errorf("%s: the outcome has no class", w.Kind)
	case out.Class == providers.Done && out.Err != nil:
		x.Errorf("%s: done, with error %v", w.Kind, out.Err)
	case out.Class != providers.Done && out.Err == nil:
		x.Errorf("%s: %s, without an error that says why", w.Kind, out.Class)
	case out.Class == providers.Done && w.Kind != providers.Delete && out.Ref == "":
		x.Errorf("%s: done, without ref", w.Kind)
	}
}

// tells reports whether an outcome's version has to be that of the next listing.
func (x *session) tells(out providers.Outcome) bool {
	return !x.suite.Restless && (out.Version != "" || !out.Changed)
}

// done writes one write that must succeed.
func (x *session) done(w providers.Write) providers.Outcome {
	x.Helper()
	out := x.write(w)[0]
	if out.Class != providers.Done {
		x.Fatalf("%s %q: %s: %v", w.Kind, w.Ref, out.Class, out.Err)
	}
	return out
}

// put creates an item and returns its ref and the version that a listing gives it.
func (x *session) put(it *pim.Item) (ref, version string) {
	x.Helper()
	ref = x.done(providers.Write{Kind: providers.Create, Item: it, Token: "put " + it.UID()}).Ref
	versions, _ := x.list()
	return ref, versions[ref]
}

// refused reports whether an item is one that the store cannot keep, and checks that the driver says so.
func (x *session) refused(it *pim.Item) bool {
	x.Helper()
	if x.suite.Refused == nil || !x.suite.Refused(it) {
		return false
	}
	if out := x.write(providers.Write{Kind: providers.Create, Item: it, Token: "refused"})[0]; out.Class != providers.Refused {
		x.Errorf("create of %q, which the store cannot keep, is %s: %v", it.UID(), out.Class, out.Err)
	}
	return true
}

// holds checks that an item is there with the content of want, as far as the folder can hold it.
func (x *session) holds(ref string, want *pim.Item) {
	x.Helper()
	got := x.item(ref).Item
	for _, name := range got.Fields().Diff(want.Fields()) {
		if x.can.Holds(name) {
			x.Errorf("%q: %s is %v, want %v", ref, name, got.Fields()[name].Plain(), want.Fields()[name].Plain())
		}
	}
	if x.can.UIDs && got.UID() != want.UID() {
		x.Errorf("%q: UID is %q, want %q", ref, got.UID(), want.UID())
	}
}

// count checks how many items there are.
func (x *session) count(want int) {
	x.Helper()
	if versions, _ := x.list(); len(versions) != want {
		x.Errorf("%d items are there, want %d: %q", len(versions), want, slices.Sorted(maps.Keys(versions)))
	}
}

// nothingChanges reads everything twice: refs, versions and content are the same, and the feed has nothing new.
func (x *session) nothingChanges() {
	x.Helper()
	before, _ := x.list()
	refs := slices.Sorted(maps.Keys(before))
	first := x.fetch(refs...)
	second := x.fetch(refs...)
	after, cursor := x.list()
	if !maps.Equal(before, after) {
		x.Errorf("reading changed the versions: %v, then %v", before, after)
	}
	for _, ref := range refs {
		a, b := first[ref], second[ref]
		switch {
		case a.Version != before[ref]:
			x.Errorf("%q: fetched at version %q, listed at %q", ref, a.Version, before[ref])
		case (a.Err == nil) != (b.Err == nil):
			x.Errorf("%q: %v, then %v", ref, a.Err, b.Err)
		case a.Err == nil && string(a.Item.Bytes()) != string(b.Item.Bytes()):
			x.Errorf("%q: reading changed the content", ref)
		}
	}
	if x.can.Feed {
		changes, read := x.changes(x.folder, cursor)
		if read.Full {
			for ref, c := range changes {
				if c.Version == after[ref] {
					delete(changes, ref)
				}
			}
		}
		if len(changes) != 0 {
			x.Errorf("the feed goes on though nothing changed: %v", changes)
		}
	}
}
