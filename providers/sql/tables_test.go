package sql_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/providers/sql"
)

// several are providers that a provider asks for the rows of its tables.
type several map[string]providers.Provider

func (s several) ask(ctx context.Context, provider string, cfg providers.DataConfig, each func(providers.Row) error) error {
	p := s[provider]
	if p == nil {
		return providers.Classed(providers.Refused, fmt.Errorf("there is no %s", provider))
	}
	return p.(providers.Source).Rows(ctx, cfg, each)
}

// directory gives rows as a directory does: entries lack what they have no value of, and it does not know its columns before.
type directory struct {
	providers.Provider
	entries []providers.Row
	err     error
}

func (d directory) Rows(_ context.Context, _ providers.DataConfig, each func(providers.Row) error) error {
	for _, row := range d.entries {
		if err := each(row); err != nil {
			return err
		}
	}
	return d.err
}

func table(name, provider, query string) providers.Table {
	return providers.Table{Name: name, Provider: provider, Data: providers.DataConfig{Address: "table." + name, Attributes: providers.Attributes{"query": query}}}
}

// TestTables joins tables of two databases and a directory.
func TestTables(t *testing.T) {
	all := several{"provider.ldap.people": directory{entries: []providers.Row{
		{"uid": "ann", "student": int64(7)}, {"uid": "ben", "student": int64(8), "mail": []string{"b@example.com", "ben@example.com"}},
	}}}
	s := newStore(t, timetable)
	rooms := newStore(t, "create table room (name text, address text); insert into room values ('A', 'First Street'), ('B', 'Second Street')")
	cfg := s.config(nil)
	cfg.Ask = all.ask
	s.provider = providertest.Open(t, sql.Driver{}, cfg)
	all["provider.sql.lessons"], all["provider.sql.rooms"] = s.provider, rooms.provider
	folder := lessons(`select l.id, l.subject || coalesce(', ' || json_extract(p.mail, '$[1]'), '') as subject, l.starts_at, l.ends_at, coalesce(r.address, 'unknown') as address, p.uid
		from lesson l join person p on p.student = l.student_id left join "room of" r on r.name = l.room where :one = 1`, providers.Attributes{
		"partition": "uid", "params": map[string]any{"one": 1.0},
		"fields": columns(map[string]string{"start": "starts_at", "end": "ends_at", "summary": "subject", "location": "address"}),
		"table": []providers.Table{
			table("lesson", "provider.sql.lessons", "select * from lesson"), table("room of", "provider.sql.rooms", "select * from room"),
			{Name: "person", Provider: "provider.ldap.people"}, table("nothing", "provider.sql.rooms", "select * from room where 0"),
		},
	})
	for key, want := range map[string]map[string]string{"ann": {"1": "Maths at First Street", "2": "Physics at Second Street"}, "ben": {"3": "Latin, ben@example.com at unknown"}} {
		f := s.folder(partition(folder, key))
		versions, read := s.list(f, "")
		if len(versions) != len(want) || !read.Complete {
			t.Errorf("%s has %v, %+v", key, versions, read)
		}
		for ref, says := range want {
			got := s.fetch(f, ref)
			if got.Err != nil {
				t.Error(got.Err)
				continue
			}
			if text := fmt.Sprint(got.Item.Title(), " at ", got.Item.Attribute("location", nil)); text != says {
				t.Errorf("%s of %s is %q, want %q", ref, key, text, says)
			}
		}
	}
}

// TestTableWithoutRows: a query over it gives nothing, and does not fail.
func TestTableWithoutRows(t *testing.T) {
	all := several{}
	s := newStore(t, timetable)
	cfg := s.config(nil)
	cfg.Ask = all.ask
	s.provider = providertest.Open(t, sql.Driver{}, cfg)
	all["provider.sql.lessons"] = s.provider
	f := s.folder(lessons("select l.* from lesson l", providers.Attributes{"table": []providers.Table{table("lesson", "provider.sql.lessons", "select * from lesson where id > 99")}}))
	if versions, read := s.list(f, ""); len(versions) != 0 || !read.Complete {
		t.Errorf("the folder is %v, %+v", versions, read)
	}
}

func TestTablesThatFail(t *testing.T) {
	broken := directory{entries: []providers.Row{{"id": int64(1)}}, err: providers.Classed(providers.Unreachable, errors.New("ldap: the server went away"))}
	s := newStore(t, timetable)
	all := several{"provider.sql.lessons": s.provider, "provider.ldap.people": broken}
	cfg := s.config(nil)
	cfg.Ask = all.ask
	for _, test := range []struct {
		table providers.Table
		query string
		class providers.Class
		want  string
	}{
		{providers.Table{Name: "person", Provider: "provider.ldap.people"}, "select * from person", providers.Unreachable, `sql: folder.lessons: table "person": ldap: the server went away`},
		{providers.Table{Name: "person", Provider: "provider.none"}, "select * from person", providers.Refused, `sql: folder.lessons: table "person": there is no provider.none`},
		{table("lesson", "provider.sql.lessons", "select id, absent from lesson"), "select * from lesson", providers.Refused, `sql: folder.lessons: table "lesson": sql: table.lesson: its query failed: line 1, column 12: no such column: absent`},
		{table("lesson", "provider.sql.lessons", "select id from lesson"), "select id, subject from lesson", providers.Refused, "sql: folder.lessons: its query failed: line 1, column 12: no such column: subject"},
		{table("lesson", "provider.sql.lessons", "select json_extract(case id when 2 then '{' else '{}' end, '$') as id from lesson order by lesson.id"), "select * from lesson", providers.Refused,
			`sql: folder.lessons: table "lesson": sql: table.lesson: its query failed after row 1: malformed JSON`},
	} {
		s.provider = providertest.Open(t, sql.Driver{}, cfg)
		f := s.folder(lessons(test.query, providers.Attributes{"table": []providers.Table{test.table}}))
		for range 2 {
			_, err := f.Changes(t.Context(), "", func(providers.Change) error { return nil })
			says(t, err, test.class, test.want)
		}
	}
}
