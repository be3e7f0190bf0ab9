package faults_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

func config() providers.FolderConfig {
	return providers.FolderConfig{Address: "folder.work", Kind: pim.Calendar, Attributes: providers.Attributes{"name": "work"}}
}

func never(faults.Call) faults.Fault { return faults.Fault{} }

// Without faults the decorator is not noticed.
func TestConformance(t *testing.T) {
	providertest.Suite{
		Kind: pim.Calendar,
		Open: func(*testing.T) (providers.Provider, providers.FolderConfig) {
			store := memory.New(memory.DAV(), noon)
			store.AddFolder("work", pim.Calendar)
			return faults.Provider(store.Provider(), never, nil), config()
		},
	}.Run(t)
}

// fixture is a folder with three items, opened through the decorator.
type fixture struct {
	*testing.T
	person *memory.Folder
	folder providers.Folder
	stored []memory.Stored
}

func newFixture(t *testing.T, plan faults.Plan) *fixture {
	t.Helper()
	store := memory.New(memory.DAV(), noon)
	x := &fixture{T: t, person: store.AddFolder("work", pim.Calendar)}
	for i := range 3 {
		x.person.Put(event(t, fmt.Sprintf("item-%d", i), "Title"))
	}
	x.stored = x.person.Items()
	f, err := faults.Provider(store.Provider(), plan, nil).Folder(t.Context(), config())
	if err != nil {
		t.Fatal(err)
	}
	x.folder = f
	return x
}

func event(t *testing.T, uid, title string) *pim.Item {
	t.Helper()
	it, err := pim.Parse(pim.Calendar, []byte(strings.Join([]string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Accord//faults//EN", "BEGIN:VEVENT", "UID:" + uid,
		"DTSTAMP:20260101T000000Z", "DTSTART:20260302T090000Z", "SUMMARY:" + title, "END:VEVENT", "END:VCALENDAR", "",
	}, "\r\n")))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

func (x *fixture) untouched() bool { return reflect.DeepEqual(x.person.Items(), x.stored) }

func TestFaultsOfWrites(t *testing.T) {
	const stale = "an older version"
	for _, c := range []struct {
		fault   faults.Fault
		version string // "": the right one
		class   providers.Class
		acts    bool
		changed bool
	}{
		{fault: faults.Fault{}, class: providers.Done, acts: true},
		{fault: faults.Fault{Effect: faults.Fail, Class: providers.Throttled, RetryAfter: time.Minute}, class: providers.Throttled},
		{fault: faults.Fault{Effect: faults.Fail, Class: providers.Unauthorized}, class: providers.Unauthorized},
		{fault: faults.Fault{Effect: faults.LoseRequest}, class: providers.Unknown},
		{fault: faults.Fault{Effect: faults.LoseAnswer}, class: providers.Unknown, acts: true},
		{fault: faults.Fault{Effect: faults.LoseAnswer}, version: stale, class: providers.Unknown},
		{fault: faults.Fault{Effect: faults.Overwrite}, version: stale, class: providers.Done, acts: true},
		{fault: faults.Fault{}, version: stale, class: providers.Stale},
		{fault: faults.Fault{Effect: faults.Rewrite}, class: providers.Done, acts: true, changed: true},
	} {
		t.Run(fmt.Sprint(c.fault.Effect, " ", c.fault.Class, " ", c.version), func(t *testing.T) {
			x := newFixture(t, faults.Always(c.fault, faults.Update))
			version := c.version
			if version == "" {
				version = x.stored[0].Version
			}
			out := x.folder.Write(t.Context(), []providers.Write{
				{Kind: providers.Create, Item: event(t, "before", "Before")},
				{Kind: providers.Update, Ref: x.stored[0].Ref, Version: version, Item: event(t, "item-0", "Other")},
				{Kind: providers.Delete, Ref: x.stored[1].Ref, Version: x.stored[1].Version},
			})
			if out[0].Class != providers.Done || out[2].Class != providers.Done {
				t.Errorf("the writes beside it are %s and %s, want done", out[0].Class, out[2].Class)
			}
			if out[1].Class != c.class || out[1].Changed != c.changed || out[1].RetryAfter != c.fault.RetryAfter {
				t.Errorf("the outcome is %+v, want %s", out[1], c.class)
			}
			want := "Title"
			switch {
			case c.changed:
				want = "Other!"
			case c.acts:
				want = "Other"
			}
			if got := x.person.Item(x.stored[0].Ref).Title(); got != want {
				t.Errorf("the store holds %q, want %q", got, want)
			}
		})
	}
}

func TestFaultsOfChanges(t *testing.T) {
	for _, c := range []struct {
		fault           faults.Fault
		given           int
		class           providers.Class
		partial, expire bool
	}{
		{fault: faults.Fault{}, given: 3, class: providers.Done},
		{fault: faults.Fault{Effect: faults.Fail, Class: providers.Unreachable}, class: providers.Unreachable},
		{fault: faults.Fault{Effect: faults.Partial, After: 1}, given: 1, class: providers.Done, partial: true},
		{fault: faults.Fault{Effect: faults.Break, After: 2}, given: 2, class: providers.Unreachable},
		{fault: faults.Fault{Effect: faults.Expire}, given: 3, class: providers.Done, expire: true},
	} {
		t.Run(string(c.fault.Effect), func(t *testing.T) {
			x := newFixture(t, faults.Always(c.fault, faults.Changes))
			given := 0
			read, err := x.folder.Changes(t.Context(), "", func(providers.Change) error { given++; return nil })
			if given != c.given || providers.ClassOf(err) != c.class || err == nil && read.Complete == c.partial {
				t.Errorf("%d changes, %+v, %v", given, read, err)
			}
			if _, err = x.folder.Changes(t.Context(), "work#1:1", func(providers.Change) error { return nil }); errors.Is(err, providers.ErrCursorExpired) != c.expire {
				t.Errorf("with a cursor: %v", err)
			}
		})
	}
}

func TestFaultsOfFetch(t *testing.T) {
	for _, c := range []struct {
		fault     faults.Fault
		good, bad int
		class     providers.Class
	}{
		{fault: faults.Fault{}, good: 3, class: providers.Done},
		{fault: faults.Fault{Effect: faults.Fail, Class: providers.Throttled}, class: providers.Throttled},
		{fault: faults.Fault{Effect: faults.Partial, After: 1}, good: 1, bad: 2, class: providers.Done},
		{fault: faults.Fault{Effect: faults.Break, After: 2}, good: 2, class: providers.Unreachable},
	} {
		t.Run(string(c.fault.Effect), func(t *testing.T) {
			x := newFixture(t, faults.Always(c.fault, faults.Fetch))
			good, bad := 0, 0
			refs := []string{x.stored[0].Ref, x.stored[1].Ref, x.stored[2].Ref}
			err := x.folder.Fetch(t.Context(), refs, func(got providers.Fetched) error {
				if got.Err == nil {
					good++
				} else {
					bad++
				}
				return nil
			})
			if good != c.good || bad != c.bad || providers.ClassOf(err) != c.class {
				t.Errorf("%d items, %d errors, %v", good, bad, err)
			}
		})
	}
}

func TestHangEndsWithTheContext(t *testing.T) {
	x := newFixture(t, faults.Always(faults.Fault{Effect: faults.Hang}, faults.Changes, faults.Fetch, faults.Create))
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	if _, err := x.folder.Changes(ctx, "", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("changes: %v", err)
	}
	if err := x.folder.Fetch(ctx, []string{"a"}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("fetch: %v", err)
	}
	out := x.folder.Write(ctx, []providers.Write{{Kind: providers.Create, Item: event(t, "new", "New")}})[0]
	if out.Class != providers.Transient || !x.untouched() {
		t.Errorf("create: %+v", out)
	}
}

func TestAtStrikesOneCall(t *testing.T) {
	x := newFixture(t, faults.At(3, faults.Fault{Effect: faults.Fail, Class: providers.Refused})) // the first was to open the folder
	var writes []providers.Write
	for _, s := range x.stored {
		writes = append(writes, providers.Write{Kind: providers.Delete, Ref: s.Ref, Version: s.Version})
	}
	for i, out := range x.folder.Write(t.Context(), writes) {
		if (out.Class == providers.Refused) != (i == 1) {
			t.Errorf("write %d is %s", i, out.Class)
		}
	}
}

func TestProvidersOfADriverShareItsPlan(t *testing.T) {
	stores := map[string]*memory.Store{"a": memory.New(memory.DAV(), noon), "b": memory.New(memory.DAV(), noon)}
	driver := faults.Driver(memory.Driver{Stores: stores}, faults.At(2, faults.Fault{Effect: faults.Fail, Class: providers.Unreachable}))
	var got []providers.Class
	for _, name := range []string{"a", "b", "a"} {
		p, err := driver.Open(t.Context(), providers.Config{Attributes: providers.Attributes{"store": name}})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, providers.ClassOf(p.Check(t.Context())))
	}
	if want := []providers.Class{providers.Done, providers.Unreachable, providers.Done}; !reflect.DeepEqual(got, want) {
		t.Errorf("the checks are %v, want %v", got, want)
	}
}

func TestSeededFaultsAreTheSameAgainAndOfEveryKind(t *testing.T) {
	for _, o := range []faults.Operation{faults.Changes, faults.Fetch, faults.Create, faults.Update, faults.Delete} {
		first, second := faults.Seeded(7, 0.5), faults.Seeded(7, 0.5)
		seen := map[faults.Fault]int{}
		for n := range 2000 {
			a, b := first(faults.Call{N: n, Operation: o}), second(faults.Call{N: n, Operation: o})
			if a != b {
				t.Fatalf("call %d of %s: %+v, then %+v", n, o, a, b)
			}
			seen[a]++
		}
		for _, f := range faults.Kinds(o) {
			if seen[f] == 0 {
				t.Errorf("%+v never struck %s", f, o)
			}
		}
		if none := seen[faults.Fault{}]; none < 800 || none > 1200 {
			t.Errorf("%d of 2000 calls of %s were spared, want about half", none, o)
		}
	}
}
