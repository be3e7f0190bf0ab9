package sql_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/providers/providertest/running"
	"github.com/accord-sync/accord/providers/sql"
)

// keysOf are the refs of a folder.
func keysOf(t *testing.T, p providers.Provider, cfg providers.FolderConfig) []string {
	t.Helper()
	f, err := p.Folder(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	if _, err := f.Changes(t.Context(), "", func(c providers.Change) error { refs = append(refs, c.Ref); return nil }); err != nil {
		t.Fatal(err)
	}
	return refs
}

// seesOneMoment checks that a provider's queries see what was there at its first, whatever others write between them.
func seesOneMoment(t *testing.T, cfg providers.Config, write func(text string)) {
	const all, few = "select id, subject, starts_at, ends_at from lesson", "select id, subject, starts_at, ends_at from lesson where id < 100"
	open := func() providers.Provider { return providertest.Open(t, sql.Driver{}, cfg) }
	write("create table lesson (id int primary key, subject varchar(20), starts_at varchar(20), ends_at varchar(20))")
	write("insert into lesson values (1, 'Maths', '2026-10-05 09:00:00', '2026-10-05 10:00:00')")
	p := open()
	if rows, err := rowsOf(t.Context(), p, "select count(*) as n from lesson", nil); err != nil || rows[0]["n"] != int64(1) {
		t.Fatalf("%v, %v", rows, err)
	}
	write("insert into lesson values (2, 'Physics', '2026-10-05 09:00:00', '2026-10-05 10:00:00')")
	if got := keysOf(t, p, lessons(all, nil)); !slices.Equal(got, []string{"1"}) {
		t.Errorf("after another program wrote, the provider sees %v", got)
	}
	if _, err := rowsOf(t.Context(), p, "select absent from lesson", nil); err == nil {
		t.Error("a query that is wrong went well")
	}
	if got := keysOf(t, p, lessons(few, nil)); !slices.Equal(got, []string{"1"}) {
		t.Errorf("after a query that failed, the provider sees %v", got)
	}
	if got := keysOf(t, open(), lessons(all, nil)); !slices.Equal(got, []string{"1", "2"}) {
		t.Errorf("a provider opened later sees %v", got)
	}
}

func TestOneMoment(t *testing.T) {
	for _, mode := range []string{"wal", "delete"} {
		t.Run("sqlite "+mode, func(t *testing.T) {
			s := newStore(t, "pragma journal_mode = "+mode)
			seesOneMoment(t, s.config(nil), func(text string) { s.exec(text) })
		})
	}
	for _, server := range running.Databases() {
		t.Run(server, func(t *testing.T) {
			d := running.NewDatabase(t, server)
			other := d.Open(t)
			seesOneMoment(t, providers.Config{Address: "provider.sql.test", Attributes: providers.Attributes{"driver": d.Driver, "dsn": d.DSN()}}, func(text string) {
				if _, err := other.ExecContext(t.Context(), text); err != nil {
					t.Fatal(err)
				}
			})
		})
	}
}

// TestPatienceOfPostgres: what is read stays as of one moment however long other stores take, where the server ends transactions that wait; and nothing is told
// while connecting that a pooler does not take.
func TestPatienceOfPostgres(t *testing.T) {
	d := running.NewDatabase(t, "postgres")
	for _, name := range []string{"idle_in_transaction_session_timeout", "statement_timeout"} {
		if _, err := d.Open(t).ExecContext(t.Context(), "alter database "+d.Name+" set "+name+" = '50ms'"); err != nil {
			t.Fatal(err)
		}
	}
	p := providertest.Open(t, sql.Driver{}, providers.Config{Address: "provider.sql.test", Attributes: providers.Attributes{"driver": d.Driver, "dsn": d.DSN(), "timeout": "7s"}})
	got, err := rowsOf(t.Context(), p, "select name, setting, source from pg_settings where name in ('idle_in_transaction_session_timeout', 'transaction_timeout', 'statement_timeout') order by name", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"idle_in_transaction_session_timeout": "0 session", "transaction_timeout": "0 session", "statement_timeout": "7000 session"}
	for _, row := range got {
		if has := fmt.Sprint(row["setting"], " ", row["source"]); has != want[row["name"].(string)] {
			t.Errorf("%s is %s", row["name"], has)
		}
	}
	if len(got) < 2 {
		t.Errorf("the settings are %v", got)
	}
}

// TestNoCopy: what is wrong with the folder for temporary files is said of that, and not of the database.
func TestNoCopy(t *testing.T) {
	s := newStore(t, timetable)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	s.open(nil)
	_, err := s.rows("select 1 as id", nil)
	says(t, err, providers.Transient, "no copy of its file can be made where temporary files are: ")
}

// TestLostMoment: when the connection breaks after something was read, nothing is read of another moment.
func TestLostMoment(t *testing.T) {
	d := running.NewDatabase(t, "postgres")
	other := d.Open(t)
	p := providertest.Open(t, sql.Driver{}, providers.Config{Address: "provider.sql.test", Attributes: providers.Attributes{"driver": d.Driver, "dsn": d.DSN()}})
	if _, err := rowsOf(t.Context(), p, "select 1 as id", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'accord' and datname = current_database()"); err != nil {
		t.Fatal(err)
	}
	_, first := rowsOf(t.Context(), p, "select 1 as id", nil)
	_, second := rowsOf(t.Context(), p, "select 1 as id", nil)
	if first == nil {
		t.Error("a query on a connection that broke went well")
	}
	says(t, second, providers.Unreachable, "the connection was lost, and with it the moment of which everything was read")
}

// counting counts what passes a gate, by host.
type counting map[string]int

func (c counting) Pass(_ context.Context, host string) (func(), error) {
	c[host]++
	return func() {}, nil
}
func (counting) Hold(time.Duration) {}

// TestRequests: a query is one request to a server, for however many folders, and none to a file.
func TestRequests(t *testing.T) {
	read := func(cfg providers.Config) counting {
		c := counting{}
		cfg.Gate = c
		p := providertest.Open(t, sql.Driver{}, cfg)
		if _, err := rowsOf(t.Context(), p, "select 1 as id", nil); err != nil {
			t.Error(err)
		}
		for _, key := range []string{"a", "b", "c"} {
			keysOf(t, p, partition(lessons("select 1 as id, 'x' as subject, '2026-10-05' as starts_at, null as ends_at, 'a' as part", providers.Attributes{"partition": "part"}), key))
		}
		return c
	}
	if c := read(newStore(t, timetable).config(nil)); len(c) > 0 {
		t.Errorf("a file was asked %v", c)
	}
	for _, server := range running.Databases() {
		t.Run(server, func(t *testing.T) {
			d := running.NewDatabase(t, server)
			c := read(providers.Config{Address: "provider.sql.test", Attributes: providers.Attributes{"driver": d.Driver, "dsn": d.DSN()}})
			if want := (counting{net.JoinHostPort(d.Host, d.Port): 2}); !maps.Equal(c, want) {
				t.Errorf("the requests are %v, want %v", c, want)
			}
		})
	}
}

// TestSlowQueryOfServer: the server stops the query, and the snapshot goes on.
func TestSlowQueryOfServer(t *testing.T) {
	for server, query := range map[string]string{
		"postgres": "select pg_sleep(30)::text as id, 'x' as subject, null as starts_at, null as ends_at",
		"mariadb":  "select sleep(30) as id, 'x' as subject, null as starts_at, null as ends_at",
	} {
		t.Run(server, func(t *testing.T) {
			d := running.NewDatabase(t, server)
			if _, err := d.Open(t).ExecContext(t.Context(), "create table t (id int)"); err != nil {
				t.Fatal(err)
			}
			p := providertest.Open(t, sql.Driver{}, providers.Config{Address: "provider.sql.test", Attributes: providers.Attributes{"driver": d.Driver, "dsn": d.DSN(), "timeout": "1s"}})
			count := func() {
				if rows, err := rowsOf(t.Context(), p, "select count(*) as n from t", nil); err != nil || rows[0]["n"] != int64(0) {
					t.Errorf("%v, %v", rows, err)
				}
			}
			count()
			begun := time.Now()
			f, err := p.Folder(t.Context(), lessons(query, nil))
			if err != nil {
				t.Fatal(err)
			}
			_, err = f.Changes(t.Context(), "", func(providers.Change) error { return nil })
			says(t, err, providers.Unreachable, "its query took longer than 1s: make it faster, or allow it more by timeout of provider.sql.test")
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("it was given up after %s", took)
			}
			if _, err := d.Open(t).ExecContext(t.Context(), "insert into t values (1)"); err != nil {
				t.Fatal(err)
			}
			count()
		})
	}
}

// TestOneRead lets many partitions ask at a time: what is random in the query is the same in all of them.
func TestOneRead(t *testing.T) {
	s := newStore(t, timetable)
	cfg := lessons("select id, room as subject, starts_at, ends_at, student_id, (select hex(randomblob(8))) as room from lesson", providers.Attributes{
		"partition": "student_id", "fields": columns(map[string]string{"start": "starts_at", "summary": "room"}),
	})
	var mu sync.Mutex
	titles := map[string]int{}
	var readers errgroup.Group
	for range 4 {
		for _, key := range []string{"7", "8"} {
			readers.Go(func() error {
				f, err := s.provider.Folder(t.Context(), partition(cfg, key))
				if err != nil {
					return err
				}
				var refs []string
				if _, err := f.Changes(t.Context(), "", func(c providers.Change) error { refs = append(refs, c.Ref); return nil }); err != nil {
					return err
				}
				return f.Fetch(t.Context(), refs, func(got providers.Fetched) error {
					if got.Err != nil {
						return got.Err
					}
					mu.Lock()
					defer mu.Unlock()
					titles[got.Item.Title()]++
					return nil
				})
			})
		}
	}
	if err := readers.Wait(); err != nil {
		t.Fatal(err)
	}
	if len(titles) != 1 || slices.Max(slices.Collect(maps.Values(titles))) != 12 {
		t.Errorf("twelve items of one read have the random titles %v", titles)
	}
}

func must(versions map[string]string, _ providers.Read) map[string]string { return versions }

// TestCursors: a partition whose rows are as they were lists nothing.
func TestCursors(t *testing.T) {
	s := newStore(t, timetable)
	cfg := lessons("select id, subject, starts_at, ends_at, student_id from lesson", providers.Attributes{"partition": "student_id"})
	cursors := map[string]string{}
	for _, key := range []string{"7", "8", "9"} {
		_, read := s.list(s.folder(partition(cfg, key)), "")
		cursors[key] = read.Cursor
	}
	unchanged := func(p providers.FolderConfig, key string, want bool) {
		t.Helper()
		versions, read := s.list(s.folder(partition(p, key)), cursors[key])
		if read.Full == want || !read.Complete || want && len(versions) > 0 || want && read.Cursor != cursors[key] {
			t.Errorf("partition %s is %v, %+v; it is to be unchanged: %v", key, versions, read, want)
		}
	}
	s.open(nil)
	for key := range cursors {
		unchanged(cfg, key, true)
	}
	s.exec("update lesson set room = 'D'") // which the query does not show
	s.open(nil)
	unchanged(cfg, "7", true)
	s.exec("update lesson set subject = 'Greek' where id = 3", "insert into lesson select 4, subject, starts_at, ends_at, 9, room from lesson where id = 1")
	s.open(nil)
	unchanged(cfg, "7", true)
	unchanged(cfg, "8", false)
	unchanged(cfg, "9", false)
	other := lessons("select id, subject, starts_at, ends_at, student_id from lesson", providers.Attributes{
		"partition": "student_id", "fields": columns(map[string]string{"start": "starts_at"}),
	})
	unchanged(other, "7", false)
	other = lessons("select id, subject, starts_at, ends_at, student_id from lesson", providers.Attributes{"partition": "student_id", "key": []string{"subject"}})
	unchanged(other, "7", false)
	other = lessons("select id, subject, starts_at, ends_at, student_id from lesson", providers.Attributes{"partition": "student_id", "version": "subject"})
	unchanged(other, "7", false)
}

// TestVersions: the version is another one when any column is, or when the column that tells is.
func TestVersions(t *testing.T) {
	s := newStore(t, timetable, "alter table lesson add column changed integer", "update lesson set changed = 1")
	query := "select id, subject, starts_at, ends_at, changed from lesson"
	told := lessons(query, providers.Attributes{"version": "changed"})
	versions := func(cfg providers.FolderConfig) map[string]string {
		s.open(nil)
		return must(s.list(s.folder(cfg), ""))
	}
	whole, column := versions(lessons(query, nil)), versions(told)
	s.exec("update lesson set subject = 'Greek' where id = 1", "update lesson set changed = 2 where id = 2")
	for id, want := range map[string]struct{ whole, column bool }{"1": {true, false}, "2": {true, true}, "3": {false, false}} {
		if changed := versions(lessons(query, nil))[id] != whole[id]; changed != want.whole {
			t.Errorf("of all columns, %s changed: %v, want %v", id, changed, want.whole)
		}
		if changed := versions(told)[id] != column[id]; changed != want.column {
			t.Errorf("by its column, %s changed: %v, want %v", id, changed, want.column)
		}
	}
}
