package sql_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql"
	"github.com/accord-sync/accord/schema/pim"
)

// endless is a query that does not end.
const endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) as id, 'x' as subject, null as starts_at, null as ends_at from n"

// TestQueriesThatFail: nothing is listed, so nothing can look deleted, and the message tells what to correct.
func TestQueriesThatFail(t *testing.T) {
	for _, test := range []struct {
		name, query string
		more        providers.Attributes
		class       providers.Class
		want        string
	}{
		{"in the middle of its rows", "select id, subject, starts_at, ends_at, json_extract(case id when 3 then '{' else '{}' end, '$.a') as a from lesson order by id", nil,
			providers.Refused, "sql: folder.lessons: its query failed after row 2: malformed JSON"},
		{"no such column", "select id, subject,\n  begins from lesson", nil, providers.Refused, "sql: folder.lessons: its query failed: line 2, column 3: no such column: begins"},
		{"no such table", "select * from lessons", nil, providers.Refused, "sql: folder.lessons: its query failed: line 1, column 15: no such table: lessons"},
		{"no SQL", "selec * from lesson", nil, providers.Refused, `sql: folder.lessons: its query failed: line 1, column 1: near "selec": syntax error`},
		{"two columns of one name", "select id, subject, room as subject from lesson", nil,
			providers.Refused, `sql: folder.lessons: two columns of its query are named "subject": give one of them another name with AS`},
		{"no such key", "select subject, starts_at, ends_at from lesson", nil,
			providers.Refused, `sql: folder.lessons: key names the column "id", and its query has none of that name: its columns are subject, starts_at, ends_at`},
		{"no such partition", "select id, subject from lesson", providers.Attributes{"partition": "student"},
			providers.Refused, `sql: folder.lessons: partition names the column "student", and its query has none of that name: its columns are id, subject`},
		{"no such version", "select id, subject from lesson", providers.Attributes{"version": "changed"},
			providers.Refused, `sql: folder.lessons: version names the column "changed", and its query has none of that name: its columns are id, subject`},
		{"a write", "delete from lesson returning *", nil, providers.Unauthorized, "sql: folder.lessons: its query failed: the database can only be read: attempt to write a readonly database"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStore(t, timetable)
			f := s.folder(lessons(test.query, test.more))
			for range 2 {
				_, err := f.Changes(t.Context(), "", func(c providers.Change) error {
					t.Errorf("%q was listed", c.Ref)
					return nil
				})
				if err == nil || err.Error() != test.want || providers.ClassOf(err) != test.class {
					t.Errorf("the error is\n%v (%s)\nwant\n%s (%s)", err, providers.ClassOf(err), test.want, test.class)
				}
			}
			s.open(nil)
			if versions, _ := s.list(s.folder(lessons("select * from lesson", nil)), ""); len(versions) != 3 {
				t.Errorf("of the three lessons there are left %v", versions)
			}
		})
	}
}

// TestConfigurationsThatFail: what can be told before anything is asked is told by Open or Folder.
func TestConfigurationsThatFail(t *testing.T) {
	const query = "select * from lesson where starts_at >= :from"
	from := map[string]any{"from": "2026-10-01"}
	for _, test := range []struct {
		name           string
		provider, more providers.Attributes
		want           string
	}{
		{"another driver", providers.Attributes{"driver": "sqlite3"}, nil, `sql: there is no driver "sqlite3"`},
		{"timeout", providers.Attributes{"timeout": "soon"}, nil, `sql: timeout "soon" is not a duration such as "5m" or "90s"`},
		{"one connection", providers.Attributes{"connections": 1.0}, nil, "sql: connections is 1, and at least 2 are needed"},
		{"parameter without value", nil, providers.Attributes{"params": map[string]any{"to": "x"}}, "sql: folder.lessons: query, line 1, column 41: the parameter :from has no value; those that have one are :to"},
		{"value without parameter", nil, providers.Attributes{"params": map[string]any{"from": "x", "to": "x"}}, `sql: folder.lessons: params gives "to", and the query has no :to; its parameters are :from`},
		{"no query", nil, providers.Attributes{"query": " ;"}, "sql: folder.lessons: query is empty"},
		{"no key", nil, providers.Attributes{"key": []string(nil), "params": from}, "sql: folder.lessons: key is empty"},
		{"key is partition", nil, providers.Attributes{"partition": "id", "params": from}, `sql: folder.lessons: key names the column "id" of the partition`},
		{"version is partition", nil, providers.Attributes{"partition": "room", "version": "room", "params": from}, `sql: folder.lessons: version names the column "room" of the partition`},
		{"no start", nil, providers.Attributes{"params": from, "fields": columns(map[string]string{"summary": "subject"})}, "sql: folder.lessons: fields says no start"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStore(t, timetable)
			p, err := sql.Driver{}.Open(t.Context(), s.config(test.provider))
			if err == nil {
				defer p.Close()
				_, err = p.Folder(t.Context(), lessons(query, test.more))
			}
			says(t, err, providers.Refused, test.want)
		})
	}
}

// TestNullKeys: it is not known which items the rows are about, so nothing may be taken for deleted where they are.
func TestNullKeys(t *testing.T) {
	s := newStore(t, timetable)
	query := "select case id when 2 then null else id end as id, subject, starts_at, ends_at, student_id from lesson order by lesson.id"
	_, read := s.list(s.folder(lessons(query, nil)), "")
	if read.Complete || !read.Full || read.Reason != `folder.lessons: row 2 of its query: column "id", which is its key, is null` {
		t.Errorf("the read is %+v", read)
	}
	cfg := lessons(query, providers.Attributes{"partition": "student_id"})
	for key, complete := range map[string]bool{"7": false, "8": true, "9": true} {
		f := s.folder(partition(cfg, key))
		versions, read := s.list(f, "")
		if read.Complete != complete || len(versions) > 1 {
			t.Errorf("partition %s is %v, %+v; complete is to be %v", key, versions, read, complete)
		}
		if _, again := s.list(f, read.Cursor); again.Complete != complete {
			t.Errorf("partition %s read again is %+v", key, again)
		}
	}
}

func TestNoRows(t *testing.T) {
	s := newStore(t, timetable)
	for name, f := range map[string]providers.Folder{
		"whole":     s.folder(lessons("select * from lesson where 0", nil)),
		"partition": s.folder(partition(lessons("select * from lesson where 1 = 0", providers.Attributes{"partition": "student_id"}), "7")),
	} {
		versions, read := s.list(f, "")
		if len(versions) > 0 || !read.Complete || !read.Full {
			t.Errorf("%s: %v, %+v; want a complete read of nothing", name, versions, read)
		}
		if _, again := s.list(f, read.Cursor); !again.Complete || again.Full {
			t.Errorf("%s: read again it is %+v", name, again)
		}
	}
}

// TestRowsThatAreNoItems: each is an item that cannot be understood; the others go on.
func TestRowsThatAreNoItems(t *testing.T) {
	s := newStore(t, timetable, "update lesson set starts_at = null where id = 1; update lesson set ends_at = '2026-10-05 10:00:00' where id = 2")
	f := s.folder(lessons("select * from lesson", nil))
	if versions, read := s.list(f, ""); len(versions) != 3 || !read.Complete {
		t.Errorf("the listing is %v, %+v", versions, read)
	}
	for ref, want := range map[string]string{
		"1": `sql: folder.lessons: row "1": start (column starts_at) is null or empty, and every item of kind calendar needs one`,
		"2": `sql: folder.lessons: row "2": end (2026-10-05T10:00:00Z) is before start (2026-10-05T11:00:00Z) (columns ends_at, starts_at)`,
	} {
		got := s.fetch(f, ref)
		says(t, got.Err, providers.Refused, want)
		if got.Version == "" {
			t.Errorf("%s has no version", ref)
		}
	}
	if got := s.fetch(f, "3"); got.Err != nil {
		t.Error(got.Err)
	}
}

// TestSlowQueries: a query that takes too long is cancelled, once for all folders; others go on.
func TestSlowQueries(t *testing.T) {
	s := newStore(t, timetable)
	s.open(providers.Attributes{"timeout": "50ms"})
	quick := s.folder(lessons("select * from lesson", nil))
	s.list(quick, "")
	begun := time.Now()
	cfg := lessons(endless, providers.Attributes{"partition": "subject"})
	for _, key := range []string{"a", "a", "b", "c"} {
		_, err := s.folder(partition(cfg, key)).Changes(t.Context(), "", func(providers.Change) error { return nil })
		says(t, err, providers.Unreachable, "sql: folder.lessons: its query took longer than 50ms: make it faster, or allow it more by timeout of provider.sql.test")
	}
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("four folders took %s", took)
	}
	if versions, _ := s.list(s.folder(lessons("select * from lesson where id < 3", nil)), ""); len(versions) != 2 {
		t.Errorf("another query gives %v", versions)
	}
}

// TestCancelled: a query that its caller gives up is tried again by the next.
func TestCancelled(t *testing.T) {
	s := newStore(t, timetable)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := s.folder(lessons("select * from lesson", nil))
	if _, err := f.Changes(ctx, "", func(providers.Change) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	if versions, _ := s.list(f, ""); len(versions) != 3 {
		t.Errorf("the listing is %v", versions)
	}
}

func TestNoFile(t *testing.T) {
	p, err := sql.Driver{}.Open(t.Context(), providers.Config{Address: "provider.sql.test", Dir: t.TempDir(), Attributes: providers.Attributes{"driver": "sqlite", "dsn": "none.db"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	want := "the database file is not there, or may not be opened: correct dsn"
	says(t, p.Check(t.Context()), providers.Unreachable, "sql: sqlite:none.db: ", want)
	_, err = rowsOf(t.Context(), p, "select 1", nil)
	says(t, err, providers.Unreachable, want)
}

func TestDuplicateKeys(t *testing.T) {
	s := newStore(t, timetable, "insert into lesson select 10 + id, subject, starts_at, ends_at, student_id, room from lesson")
	query := "select id % 10 as id, subject, starts_at, ends_at, case when id > 10 then room || '2' else room end as room from lesson order by "
	rooms := func(rows []providers.Row) (map[string]any, error) {
		var names []string
		for _, row := range rows {
			names = append(names, row["room"].(string))
		}
		return map[string]any{"start": rows[0]["starts_at"], "summary": rows[0]["room"], "location": strings.Join(names, ", ")}, nil
	}
	var before map[string]string
	for _, order := range []string{"lesson.id", "lesson.id desc", "room desc"} {
		f := s.folder(lessons(query+order, providers.Attributes{"fields": providers.Mapping{Names: []string{"start", "summary", "location"}, Of: rooms}}))
		versions, _ := s.list(f, "")
		if got := slices.Sorted(maps.Keys(versions)); !slices.Equal(got, []string{"1", "2", "3"}) {
			t.Fatalf("the items are %v", got)
		}
		if before != nil && !maps.Equal(before, versions) {
			t.Errorf("in another order the versions are %v, and were %v", versions, before)
		}
		before = versions
		it := s.fetch(f, "1").Item
		if it == nil || it.Attribute("location", nil) != "A, A2" || it.Attribute("summary", nil) != "A" || it.Kind() != pim.Calendar {
			t.Errorf("the item is %v", it)
		}
	}
}
