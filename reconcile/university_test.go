package reconcile_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// campus is a workspace in which each student's calendar gets the lessons that the student attends.
type campus struct {
	t         testing.TB
	dir       string
	timetable *timetable
	mailboxes *memory.Store
	drivers   map[string]providers.Driver
	ws        *schema.Workspace
	now       time.Time
}

const universityConfiguration = `
accord { workspace = "university" }
provider "timetable" "timetable" {}
provider "memory" "mailboxes" { store = "mailboxes" }
folder "timetable" {
  provider  = provider.timetable.timetable
  kind      = "calendar"
  access    = "read"
  partition = "student_id"
}
folder "student" {
  for_each = toset(jsondecode(file("students.json")))
  provider = provider.memory.mailboxes
  kind     = "calendar"
  name     = each.key
  create   = true
}
template "lesson" {
  kind = "calendar"
  set {
    summary    = "${item.summary} (${item.location})"
    categories = ["Lesson"]
  }
}
relationship "lessons" {
  for_each    = folder.student
  source      = folder.timetable.partition[each.key]
  destination = each.value
  profile     = "one_way"
  template    = template.lesson
}
`

func newCampus(t testing.TB, mode memory.Mode, students, lessons, each int) *campus {
	t.Helper()
	u := &campus{t: t, dir: t.TempDir(), timetable: newTimetable(students, lessons, each), now: time.Date(2026, 9, 20, 3, 0, 0, 0, time.UTC)}
	u.mailboxes = memory.New(mode, func() time.Time { return u.now })
	u.drivers = map[string]providers.Driver{"timetable": u.timetable, "memory": memory.Driver{Stores: map[string]*memory.Store{"mailboxes": u.mailboxes}}}
	u.must(os.WriteFile(filepath.Join(u.dir, "main.hcl"), []byte(universityConfiguration), 0o666))
	logins := make([]string, students)
	for n := range logins {
		logins[n] = fmt.Sprintf("s%05d", n)
	}
	text, err := json.Marshal(logins)
	u.must(err)
	u.must(os.WriteFile(filepath.Join(u.dir, "students.json"), text, 0o666))
	u.step("configuration", func() {
		ws, _, diags := schema.Load(u.dir, schema.Options{Drivers: u.drivers})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		u.ws = ws
	})
	return u
}

func (u *campus) must(err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatal(err)
	}
}

// step does something, and logs how long it took and what memory holds.
func (u *campus) step(name string, do func()) time.Duration {
	u.t.Helper()
	begun := time.Now()
	do()
	took := time.Since(begun)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u.t.Logf("%s: %.2f s, heap %d MiB, from the system %d MiB", name, took.Seconds(), m.HeapAlloc>>20, m.Sys>>20)
	return took
}

// run plans, and applies when the plan says something.
func (u *campus) run() (*plan.Summary, *reconcile.Result) {
	u.t.Helper()
	ctx := context.Background()
	st, err := state.Open(ctx, u.ws.StatePath, state.Options{})
	u.must(err)
	e := reconcile.New(u.ws, u.drivers, reconcile.Options{Now: func() time.Time { return u.now }})
	var made *plan.Plan
	var result *reconcile.Result
	u.step("plan", func() { made, err = e.Plan(ctx, st, reconcile.Request{}) })
	u.must(err)
	u.step("apply", func() { result, err = e.Apply(ctx, st, made) })
	u.must(err)
	s := made.Document.Summary
	u.must(made.Close())
	u.must(e.Close())
	u.step("close", func() { u.must(st.Close()) })
	return &s, result
}

func students(t testing.TB) int {
	n := 60
	if s := os.Getenv("ACCORD_STUDENTS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func TestUniversity(t *testing.T) {
	n := students(t)
	lessons, each := 60, 20
	if n >= 300 {
		lessons, each = 6000, 200
	}
	u := newCampus(t, memory.DAV(), n, lessons, each)
	s, result := u.run()
	if s.Add != n*each || result.Summary.Add != n*each {
		t.Fatalf("%d planned, %d added, of %d", s.Add, result.Summary.Add, n*each)
	}
	t.Logf("state: %.1f bytes a replica", float64(sizeOfDir(t, u.ws.StatePath))/float64(n*each))
	u.timetable.reads.Store(0)
	u.timetable.fetched.Store(0)
	s, _ = u.run()
	if s.Changes() != 0 || s.Unchanged != n*each || u.timetable.reads.Load() != 1 || u.timetable.fetched.Load() != 0 {
		t.Errorf("without a change: %+v, timetable read %d times, %d lessons read", s, u.timetable.reads.Load(), u.timetable.fetched.Load())
	}
	u.timetable.move(7, time.Date(2026, 11, 5, 16, 0, 0, 0, time.UTC))
	u.timetable.fetched.Store(0)
	want := u.timetable.attendees(7)
	s, result = u.run()
	if s.Edit != want || s.Changes() != want || result.Summary.Edit != want {
		t.Errorf("one moved lesson: %+v, want %d edits", s, want)
	}
	t.Logf("one moved lesson: %d lessons read", u.timetable.fetched.Load())
}

func sizeOfDir(t testing.TB, dir string) (size int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}
