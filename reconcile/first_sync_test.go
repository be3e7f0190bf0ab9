package reconcile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/providers/vdir"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// alike is two calendars on disk that hold much the same before they are ever synchronised.
type alike struct {
	testing.TB
	dir     string
	ws      *schema.Workspace
	drivers map[string]providers.Driver
}

// newAlike writes n events into one calendar, and nine tenths of them into another. When mixed, a third of those has another UID there, and a third another place.
func newAlike(t testing.TB, n int, mixed bool) *alike {
	t.Helper()
	w := &alike{TB: t, dir: t.TempDir(), drivers: map[string]providers.Driver{"vdir": vdir.Driver{}}}
	for _, name := range []string{"a", "b"} {
		w.must(os.Mkdir(filepath.Join(w.dir, name), 0o777))
	}
	for i := range n {
		uid, room := fmt.Sprintf("%08x-0000-4000-8000-%012x", i*2654435761%(1<<32), i), i
		w.put("a", uid, i, room)
		if i >= n/10*9 {
			continue
		}
		switch {
		case mixed && i%3 == 1:
			uid = fmt.Sprintf("%012d@elsewhere.example", i)
		case mixed && i%3 == 2:
			room = i + 1
		}
		w.put("b", uid, i, room)
	}
	w.must(os.WriteFile(filepath.Join(w.dir, "main.hcl"), []byte(`accord { workspace = "office" }
provider "vdir" "here" { path = "." }
folder "a" {
  provider = provider.vdir.here
  kind     = "calendar"
  path     = "a"
}
folder "b" {
  provider = provider.vdir.here
  kind     = "calendar"
  path     = "b"
}
mesh "both" {
  folders = [folder.a, folder.b]
  profile = "two_way"
}
`), 0o666))
	var diags error
	ws, _, found := schema.Load(w.dir, schema.Options{Drivers: w.drivers})
	if found.HasErrors() {
		diags = found
	}
	w.must(diags)
	w.ws = ws
	return w
}

func (w *alike) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *alike) put(folder, uid string, i, room int) {
	text := fmt.Sprintf("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20260101T000000Z\r\n"+
		"DTSTART:202701%02dT100000Z\r\nDTEND:202701%02[2]dT110000Z\r\nSUMMARY:Meeting %[3]d of the year\r\nLOCATION:Room %[4]d\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", uid, i%28+1, i, room)
	w.must(os.WriteFile(filepath.Join(w.dir, folder, strconv.Itoa(i)+".ics"), []byte(text), 0o666))
}

// sync plans, looks at the plan, and applies it.
func (w *alike) sync(look func(plan.Summary)) {
	w.Helper()
	st, err := state.Open(w.Context(), w.ws.StatePath, state.Options{})
	w.must(err)
	e := reconcile.New(w.ws, w.drivers, reconcile.Options{Now: time.Now})
	made, err := e.Plan(w.Context(), st, reconcile.Request{})
	w.must(err)
	look(made.Document.Summary)
	_, err = e.Apply(w.Context(), st, made)
	w.must(err)
	w.must(e.Close())
	w.must(st.Close())
}

func (w *alike) items(folder string) int {
	entries, err := os.ReadDir(filepath.Join(w.dir, folder))
	w.must(err)
	return len(entries)
}

// Two calendars that are nine tenths the same, under the same and under other UIDs, and differ in places, are one after the first apply: no item is there twice.
// ACCORD_OPERATIONS=10000 makes them as large as the promise.
func TestFirstSyncOfTwoCalendars(t *testing.T) {
	n := 1000
	if text := os.Getenv("ACCORD_OPERATIONS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	w := newAlike(t, n, true)
	w.sync(func(s plan.Summary) {
		if s.Adopt != n/10*9 || s.Add != n-n/10*9 || s.Delete+s.Conflict+s.Ambiguous > 0 {
			t.Errorf("the first plan says %+v", s)
		}
	})
	if a, b := w.items("a"), w.items("b"); a != n || b != n {
		t.Errorf("the calendars hold %d and %d items, want %d each", a, b, n)
	}
	w.sync(func(s plan.Summary) {
		if s.Changes() > 0 {
			t.Errorf("nothing changed since, and the plan says %+v", s)
		}
	})
}

// BenchmarkFirstSync is the first plan and apply of such a mesh, in which everything that both hold has the same UID, or not.
func BenchmarkFirstSync(b *testing.B) {
	for _, n := range []int{1000, 10_000, 40_000, 100_000} {
		for name, mixed := range map[string]bool{"equal": false, "mixed": true} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					w := newAlike(b, n, mixed)
					b.StartTimer()
					w.sync(func(plan.Summary) {})
				}
				b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "items/s")
			})
		}
	}
}

// What another program copied says what the template makes of the original: it is known for the replica, in whichever order the folders are looked at.
func TestCopiesOfAnotherProgramAreAdopted(t *testing.T) {
	for _, folders := range [][2]string{{"a", "b"}, {"b", "a"}} {
		o := newOffice(t)
		for _, name := range folders {
			o.folder(name, memory.DAV())
		}
		r := o.relate("copy", folders[0], folders[1], oneWay())
		for _, v := range loadViews(t).oneWay {
			if v.name == "relationship.prefixed" {
				r.Template = v.template
			}
		}
		for i := range 5 {
			o.at(folders[0]).Put(o.in(i, fmt.Sprint("Meeting ", i)))
			o.at(folders[1]).Put(o.in(i, fmt.Sprint("[C] Meeting ", i)))
		}
		p := o.plan(reconcile.Request{})
		if s := p.Document.Summary; s.Adopt != 5 || s.Add != 0 {
			t.Errorf("%v: the plan is\n%s", folders, describe(p))
		}
		o.carryOut(p)
		o.settled()
	}
}

// What either of two address books knows of a person is in both after their first sync.
func TestFirstSyncKeepsWhatEitherSideHas(t *testing.T) {
	o := newOffice(t)
	o.folderOf("a", memory.DAV(), pim.Contacts)
	o.folderOf("b", memory.DAV(), pim.Contacts)
	o.folderOf("c", memory.DAV(), pim.Contacts)
	o.mesh("book", twoWay(), "a", "b", "c")
	for folder, home := range map[string]string{"a": "work@example.com", "b": "home@example.com", "c": "club@example.com"} {
		o.at(folder).Put(item(pim.Contacts, folder, "Jane Doe").WithFields(pim.Fields{"emails": value(pim.Contacts, "emails", []any{"jane@example.com", home})}))
	}
	o.apply()
	for _, folder := range []string{"a", "b", "c"} {
		emails, _ := o.find(folder, "Jane Doe").Item.Fields()["emails"].Plain().([]string)
		slices.Sort(emails)
		if want := []string{"club@example.com", "home@example.com", "jane@example.com", "work@example.com"}; !slices.Equal(emails, want) {
			t.Errorf("%s holds %q, want %q", folder, emails, want)
		}
	}
	o.settled()
}
