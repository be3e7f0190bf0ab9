package memory_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/schema/pim"
)

// open makes a store with one empty calendar and opens it.
func open(t *testing.T, mode memory.Mode) (*memory.Folder, providers.Folder) {
	t.Helper()
	store := memory.New(mode, noon)
	person := store.AddFolder("work", pim.Calendar)
	folder, err := store.Provider().Folder(t.Context(), config("work", pim.Calendar))
	if err != nil {
		t.Fatal(err)
	}
	return person, folder
}

func event(t *testing.T, uid, title string, more ...string) *pim.Item {
	t.Helper()
	lines := append([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Accord//memory//EN", "BEGIN:VEVENT", "UID:" + uid,
		"DTSTAMP:20260101T000000Z", "DTSTART:20260302T090000Z", "SUMMARY:" + title,
	}, more...)
	lines = append(lines, "END:VEVENT", "END:VCALENDAR", "")
	it, err := pim.Parse(pim.Calendar, []byte(strings.Join(lines, "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

func changes(t *testing.T, f providers.Folder, cursor string) ([]providers.Change, providers.Read) {
	t.Helper()
	var list []providers.Change
	read, err := f.Changes(t.Context(), cursor, func(c providers.Change) error { list = append(list, c); return nil })
	if err != nil {
		t.Fatal(err)
	}
	return list, read
}

func calm(mode memory.Mode) memory.Mode {
	mode.ThrottleEvery, mode.Bumps, mode.Repeats = 0, 0, 0
	return mode
}

func TestGraphTakesSmallBatchesOnly(t *testing.T) {
	_, f := open(t, calm(memory.Graph()))
	writes := make([]providers.Write, 21)
	for i := range writes {
		writes[i] = providers.Write{Kind: providers.Create, Item: event(t, fmt.Sprint(i), "Title")}
	}
	for _, out := range f.Write(t.Context(), writes) {
		if out.Class != providers.Refused {
			t.Fatalf("a write in a batch of 21 is %s, want refused", out.Class)
		}
	}
	if err := f.Fetch(t.Context(), make([]string, 21), func(providers.Fetched) error { return nil }); providers.ClassOf(err) != providers.Refused {
		t.Errorf("a fetch of 21: %v, want refused", err)
	}
}

func TestGraphTakesFourCallsAtATime(t *testing.T) {
	person, f := open(t, calm(memory.Graph()))
	person.Put(event(t, "one", "One"))
	var nested func(depth int) error
	nested = func(depth int) error {
		_, err := f.Changes(t.Context(), "", func(providers.Change) error {
			if depth == 1 {
				return nil
			}
			return nested(depth - 1)
		})
		return err
	}
	if err := nested(4); err != nil {
		t.Errorf("four calls at a time: %v", err)
	}
	if err := nested(5); providers.ClassOf(err) != providers.Refused {
		t.Errorf("five calls at a time: %v, want refused", err)
	}
	if err := nested(4); err != nil {
		t.Errorf("four calls at a time after five were refused: %v", err)
	}
}

func TestGraphThrottlesOnSchedule(t *testing.T) {
	mode := calm(memory.Graph())
	mode.ThrottleEvery, mode.RetryAfter = 3, 7*time.Second
	_, f := open(t, mode)
	var throttled []int
	for i := 1; i <= 9; i++ {
		_, err := f.Changes(t.Context(), "", func(providers.Change) error { return nil })
		var e *providers.Error
		if errors.As(err, &e) && e.Class == providers.Throttled && e.RetryAfter == 7*time.Second {
			throttled = append(throttled, i)
		}
	}
	if !slices.Equal(throttled, []int{3, 6, 9}) {
		t.Errorf("throttled are the requests %v, want every third", throttled)
	}
	out := f.Write(t.Context(), []providers.Write{
		{Kind: providers.Create, Item: event(t, "a", "A")}, {Kind: providers.Create, Item: event(t, "b", "B")}, {Kind: providers.Create, Item: event(t, "c", "C")},
	})
	if out[1].Class != providers.Done || out[2].Class != providers.Throttled || out[2].RetryAfter != 7*time.Second {
		t.Errorf("outcomes are %+v, want the third throttled", out)
	}
}

func TestGraphFeedIsUnsureAndRepeats(t *testing.T) {
	mode := calm(memory.Graph())
	mode.Repeats = 1
	person, f := open(t, mode)
	gone, moved, kept := person.Put(event(t, "gone", "G")), person.Put(event(t, "moved", "M")), person.Put(event(t, "kept", "K"))
	_, read := changes(t, f, "")
	old := person.Items()
	person.Delete(gone)
	person.Hide(moved)
	person.Bump(kept)
	list, _ := changes(t, f, read.Cursor)
	last := map[string]providers.Change{}
	repeats := 0
	for _, c := range list {
		if _, again := last[c.Ref]; again {
			repeats++
		}
		last[c.Ref] = c
	}
	if repeats == 0 {
		t.Errorf("nothing is repeated: %v", list)
	}
	if last[gone].Removed != providers.MaybeRemoved || last[moved].Removed != providers.MaybeRemoved {
		t.Errorf("what was deleted and what was moved out of sight do not look alike: %v", last)
	}
	if c := last[kept]; c.Removed != providers.NotRemoved || slices.ContainsFunc(old, func(s memory.Stored) bool { return s.Version == c.Version }) {
		t.Errorf("the version did not change: %v", c)
	}
	answers := map[string]providers.Class{}
	err := f.Fetch(t.Context(), []string{gone, moved, kept}, func(got providers.Fetched) error {
		answers[got.Ref] = providers.ClassOf(got.Err)
		return nil
	})
	if err != nil || answers[gone] != providers.Missing || answers[moved] != providers.Done {
		t.Errorf("fetch tells %v, %v", answers, err)
	}
}

func TestGraphBumpsVersionsAfterWrites(t *testing.T) {
	mode := calm(memory.Graph())
	mode.Bumps = 2
	person, f := open(t, mode)
	var bumped []bool
	for i := range 4 {
		out := f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: event(t, fmt.Sprint(i), "T")}})[0]
		for _, s := range person.Items() {
			if s.Ref == out.Ref {
				bumped = append(bumped, s.Version != out.Version)
			}
		}
	}
	if !slices.Equal(bumped, []bool{false, true, false, true}) {
		t.Errorf("bumped are %v, want every second", bumped)
	}
}

func TestGraphMakesUIDsAndItsMarkersFit(t *testing.T) {
	_, f := open(t, calm(memory.Graph()))
	it := event(t, "mine", "Title")
	it = it.WithMarker(&pim.Marker{Workspace: "w", Relationship: "relationship.r", Original: "o", Status: "live", UID: "mine"})
	out := f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: it}})[0]
	err := f.Fetch(t.Context(), []string{out.Ref}, func(got providers.Fetched) error {
		if m, ok := got.Item.Marker(); !ok || m.UID != got.Item.UID() || m.UID == "mine" {
			t.Errorf("the UID is %q and the marker %+v", got.Item.UID(), m)
		}
		return nil
	})
	if err != nil || !out.Changed {
		t.Errorf("changed is %v, %v", out.Changed, err)
	}
}

func TestGraphKnowsTokensOfEventsOnly(t *testing.T) {
	store := memory.New(calm(memory.Graph()), noon)
	for kind, want := range map[pim.Kind]providers.Idempotency{pim.Calendar: providers.ByToken, pim.Contacts: providers.NotIdempotent} {
		store.AddFolder(string(kind), kind)
		f, err := store.Provider().Folder(t.Context(), config(string(kind), kind))
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Capabilities().Creates; got != want {
			t.Errorf("creates of %s are %q, want %q", kind, got, want)
		}
	}
}

func TestTableOverwritesAndDropsWhatItHasNoColumnFor(t *testing.T) {
	person, f := open(t, memory.Table())
	it := event(t, "mine", "Title", "X-COLOUR:blue", "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT15M", "END:VALARM")
	out := f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: it}})[0]
	stored := person.Item(out.Ref)
	if stored.UID() != "" || !out.Changed {
		t.Errorf("the UID is %q and changed is %v", stored.UID(), out.Changed)
	}
	for name := range stored.Fields() {
		if !f.Capabilities().Holds(name) {
			t.Errorf("%s was kept", name)
		}
	}
	if len(stored.Fields()) == len(it.Fields()) {
		t.Errorf("nothing was dropped of %v", it.Fields())
	}
	out = f.Write(t.Context(), []providers.Write{{Kind: providers.Update, Ref: out.Ref, Version: "no such version", Item: event(t, "", "Other")}})[0]
	if out.Class != providers.Done || person.Item(out.Ref).Title() != "Other" {
		t.Errorf("an update of another version is %s: %v", out.Class, out.Err)
	}
}

func TestPeopleEdit(t *testing.T) {
	for _, mode := range memory.Modes() {
		t.Run(mode.Name, func(t *testing.T) {
			person, f := open(t, calm(mode))
			ref := person.Put(event(t, "one", "One"))
			title, err := pim.FieldValue(pim.Calendar, "summary", "Two")
			if err != nil {
				t.Fatal(err)
			}
			before, _ := changes(t, f, "")
			if err := person.Edit(ref, pim.Fields{"summary": title}); err != nil {
				t.Fatal(err)
			}
			after, _ := changes(t, f, "")
			if it := person.Item(ref); it.Title() != "Two" || !it.Modified().Equal(noon()) || before[0].Version == after[0].Version {
				t.Errorf("title %q, modified %v, versions %q and %q", it.Title(), it.Modified(), before[0].Version, after[0].Version)
			}
			person.Break(ref, "the line has no end")
			err = f.Fetch(t.Context(), []string{ref}, func(got providers.Fetched) error {
				if providers.ClassOf(got.Err) != providers.Refused || !strings.Contains(got.Err.Error(), "the line has no end") {
					t.Errorf("a broken item: %v", got.Err)
				}
				return nil
			})
			if err != nil || !person.Delete(ref) || person.Delete(ref) || len(person.Items()) != 0 {
				t.Errorf("after the delete: %v, %v", person.Items(), err)
			}
		})
	}
}

func TestAFolderMadeAnewIsAnother(t *testing.T) {
	store := memory.New(memory.DAV(), noon)
	driver := memory.Driver{Stores: map[string]*memory.Store{"main": store}}
	p, err := driver.Open(t.Context(), providers.Config{Attributes: providers.Attributes{"store": "main"}})
	if err != nil {
		t.Fatal(err)
	}
	store.AddFolder("work", pim.Calendar)
	old, err := p.Folder(t.Context(), config("work", pim.Calendar))
	if err != nil {
		t.Fatal(err)
	}
	_, read := changes(t, old, "")
	store.AddFolder("work", pim.Calendar)
	anew, err := p.Folder(t.Context(), config("work", pim.Calendar))
	if err != nil {
		t.Fatal(err)
	}
	if old.Identity() == anew.Identity() {
		t.Errorf("both have the identity %q", old.Identity())
	}
	if _, err := anew.Changes(t.Context(), read.Cursor, nil); !errors.Is(err, providers.ErrCursorExpired) {
		t.Errorf("the old folder's cursor: %v, want expired", err)
	}
	if _, err := old.Changes(t.Context(), "", nil); providers.ClassOf(err) != providers.Missing {
		t.Errorf("the old folder: %v, want missing", err)
	}
}
