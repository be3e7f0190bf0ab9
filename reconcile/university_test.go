package reconcile_test

import (
	"context"
	"database/sql"
	"fmt"

	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	timetable "github.com/accord-sync/accord/providers/providertest/university"
	accordsql "github.com/accord-sync/accord/providers/sql"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// campus is a workspace in which each student's calendar gets the lessons that the student attends: a timetable in a SQLite file, calendars in memory, and the state
// on disk.
type campus struct {
	t         testing.TB
	dir       string
	size      timetable.Size
	db        *sql.DB // somebody else who writes to the timetable
	lessons   asked
	mailboxes *memory.Store
	drivers   map[string]providers.Driver
	ws        *schema.Workspace
	now       func() time.Time
	options   reconcile.Options
	decorate  func(state.Store) state.Store // nil: states are as they are
}

const campusConfiguration = `
accord { workspace = "university" }
provider "sql" "timetable" {
  driver = "sqlite"
  dsn    = "timetable.db"
}
provider "memory" "mailboxes" { store = "mailboxes" }
data "sql" "students" {
  provider = provider.sql.timetable
  query    = %q
  key      = "id"
}
folder "timetable" {
  provider  = provider.sql.timetable
  kind      = "calendar"
  access    = "read"
  query     = %q
  params    = { from = %q, to = %q }
  key       = ["id"]
  partition = "student_id"
  fields {
    summary  = row.subject
    start    = row.starts_at
    end      = row.ends_at
    location = join(", ", distinct([for r in rows : "${r.room} (${r.address})"]))
  }
  extra = {
    course     = row.course
    group_type = row.group_type
    lecturers  = join(", ", distinct([for r in rows : r.lecturer]))
  }
}
folder "student" {
  for_each = data.sql.students.rows
  provider = provider.memory.mailboxes
  kind     = "calendar"
  name     = try(each.value.login, null)
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

func newCampus(t testing.TB, mode memory.Mode, size timetable.Size) *campus {
	t.Helper()
	c := &campus{t: t, dir: t.TempDir(), size: size, now: time.Now}
	file := filepath.Join(c.dir, "timetable.db")
	c.must(timetable.Write(file, size))
	var err error
	c.db, err = sql.Open("sqlite", file)
	c.must(err)
	t.Cleanup(func() { _ = c.db.Close() })
	c.mailboxes = memory.New(mode, func() time.Time { return c.now() })
	c.mailboxes.Pack(256)
	c.drivers = map[string]providers.Driver{"sql": asking{accordsql.Driver{}, &c.lessons}, "memory": memory.Driver{Stores: map[string]*memory.Store{"mailboxes": c.mailboxes}}}
	text := fmt.Sprintf(campusConfiguration, timetable.Students, timetable.Lessons, timetable.From, timetable.To)
	c.must(os.WriteFile(filepath.Join(c.dir, "main.hcl"), []byte(text), 0o666))
	return c
}

func (c *campus) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// replicas is how many there are when everyone has every lesson.
func (c *campus) replicas() int { return c.size.Students * c.size.Each }

// run reads the configuration, plans and applies, as the program does.
func (c *campus) run(ctx context.Context) (*plan.Summary, *reconcile.Result, error) {
	c.t.Helper()
	c.options.Now = c.now
	c.options.Stores = reconcile.NewStores(c.drivers, c.options)
	c.step("configuration", func() {
		ws, _, found := schema.Load(c.dir, schema.Options{Drivers: c.drivers, Rows: func(p *schema.Provider, cfg providers.DataConfig, each func(providers.Row) error) error {
			return c.options.Stores.Rows(ctx, p, cfg, each)
		}})
		if found.HasErrors() {
			c.t.Fatal(found)
		}
		c.ws = ws
	})
	st, err := state.Open(ctx, c.ws.StatePath, state.Options{})
	c.must(err)
	var as state.Store = st
	if c.decorate != nil {
		as = c.decorate(st)
	}
	e := reconcile.New(c.ws, c.drivers, c.options)
	var made *plan.Plan
	c.step("plan", func() { made, err = e.Plan(ctx, as, reconcile.Request{}) })
	if err != nil {
		return nil, nil, closing(err, st, e)
	}
	var result *reconcile.Result
	c.step("apply", func() { result, err = e.Apply(ctx, as, made) })
	s := made.Document.Summary
	c.must(made.Close())
	c.step("close", func() { err = closing(err, st, e) })
	return &s, result, err
}

func closing(err error, st state.Store, e *reconcile.Engine) error {
	for _, close := range []func() error{e.Close, st.Close} {
		if closing := close(); err == nil {
			err = closing
		}
	}
	return err
}

// step does something, and logs how long it took, and the most memory that was taken from the system meanwhile.
func (c *campus) step(name string, do func()) {
	c.t.Helper()
	begun := time.Now()
	peak := watched(do)
	c.t.Logf("%-13s %8.2f s, at most %4d MiB", name, time.Since(begun).Seconds(), peak>>20)
}

// watched does something, and says how much memory the process took of the system at most.
func watched(do func()) uint64 {
	stop, most := make(chan struct{}), make(chan uint64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		peak, tick := uint64(0), time.NewTicker(20*time.Millisecond)
		defer tick.Stop()
		for {
			metrics.Read(sample)
			peak = max(peak, sample[0].Value.Uint64()-sample[1].Value.Uint64())
			select {
			case <-stop:
				most <- peak
				return
			case <-tick.C:
			}
		}
	}()
	do()
	close(stop)
	return <-most
}

// asked counts what is asked of folders.
type asked struct{ listed, fetched atomic.Int64 }

func (a *asked) reset() { a.listed.Store(0); a.fetched.Store(0) }

type asking struct {
	providers.Driver
	*asked
}

type askingProvider struct {
	providers.Source
	*asked
}

type askingFolder struct {
	providers.Folder
	*asked
}

func (d asking) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return askingProvider{p.(providers.Source), d.asked}, nil
}

func (p askingProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := p.Source.Folder(ctx, cfg)
	return askingFolder{f, p.asked}, err
}

func (f askingFolder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	return f.Folder.Changes(ctx, cursor, func(change providers.Change) error {
		f.listed.Add(1)
		return each(change)
	})
}

func (f askingFolder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	f.fetched.Add(int64(len(refs)))
	return f.Folder.Fetch(ctx, refs, each)
}

// sizeOfCampus is small, unless ACCORD_STUDENTS says how many students attend 200 of 6,000 lessons each.
func sizeOfCampus(t testing.TB) timetable.Size {
	text := os.Getenv("ACCORD_STUDENTS")
	if text == "" {
		return timetable.Size{Students: 60, Lessons: 120, Each: 40}
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("ACCORD_STUDENTS is %q, and should be a number of students", text)
	}
	return timetable.Size{Students: n, Lessons: 6000, Each: 200}
}

// TestUniversity: a timetable and a calendar for each student. What changes is planned, and nothing else is read. ACCORD_STUDENTS=30000 makes it six million replicas.
func TestUniversity(t *testing.T) {
	c := newCampus(t, memory.DAV(), sizeOfCampus(t))
	ctx := t.Context()
	s, result, err := c.run(ctx)
	c.must(err)
	if s.Add != c.replicas() || result.Summary.Add != c.replicas() || len(result.Failures) > 0 {
		t.Fatalf("%d planned, %d added, of %d: %v", s.Add, result.Summary.Add, c.replicas(), result.Failures)
	}
	bytes := float64(sizeOfDir(t, c.ws.StatePath)) / float64(c.replicas())
	t.Logf("state: %.1f bytes a replica", bytes)
	const most, ofEach = 200, 1 << 12 // what a folder and its relationship take beside their items and pairs is in it where there are few
	if bytes > most+ofEach/float64(c.size.Each) {
		t.Errorf("the state has %.1f bytes a replica, and should have at most %d", bytes, most)
	}
	for range 2 { // the first listens to what the apply before it wrote
		c.lessons.reset()
		s, _, err = c.run(ctx)
		c.must(err)
		if s.Changes() != 0 || s.Unchanged != c.replicas() || c.lessons.listed.Load()+c.lessons.fetched.Load() != 0 {
			t.Errorf("without a change: %+v, lessons listed %d, read %d", s, c.lessons.listed.Load(), c.lessons.fetched.Load())
		}
	}
	_, err = c.db.Exec("update lesson set starts_at = datetime(starts_at, '+7 hours'), ends_at = datetime(ends_at, '+7 hours') where id = 7")
	c.must(err)
	var attendees int
	c.must(c.db.QueryRow("select count(*) from student_group where group_id in (select group_id from lesson_group where lesson_id = 7)").Scan(&attendees))
	c.lessons.reset()
	s, result, err = c.run(ctx)
	c.must(err)
	if attendees == 0 || s.Edit != attendees || s.Changes() != attendees || result.Summary.Edit != attendees || c.lessons.fetched.Load() != int64(attendees) {
		t.Errorf("one moved lesson of %d students: planned %+v, edited %d, lessons read %d", attendees, s, result.Summary.Edit, c.lessons.fetched.Load())
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	t.Logf("one moved lesson: %d students; in the end memory holds %d MiB, most of it calendars", attendees, m.HeapAlloc>>20)
	runtime.KeepAlive(c)
}

// sizeOfDir is what the files of a directory hold, in bytes.
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
