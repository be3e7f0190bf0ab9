package sql

import (
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest/running"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// TestVersionsInStatements: a statement compares with what the column says, in the form that the database has: only what is a time has another one.
func TestVersionsInStatements(t *testing.T) {
	const instant = "2026-10-05T09:00:00Z"
	for _, c := range []struct {
		is    value.Kind
		says  providers.Value
		want  any    // as :version
		mysql string // of it
	}{
		{value.AsGiven, int64(4), stamp("4"), "4"},
		{value.Instant, instant, stamp(instant), "2026-10-05 09:00:00"},
		{value.Clock, "2026-10-05T09:00:00.5", stamp("2026-10-05T09:00:00.5"), "2026-10-05 09:00:00.5"},
		{value.Text, instant, instant, instant},
		{value.AsGiven, "2026-10-05T09:00:00", "2026-10-05T09:00:00", "2026-10-05T09:00:00"},
		{value.Text, "a-b,c", stamp("a-b,c"), "a-b,c"},
		{value.Text, "=", "=", "="},
		{value.Text, "", "", ""},
	} {
		got := versionValue("0123456789ab-" + versionText(c.is, c.says))
		if got != c.want || mysqlDialect().argument(got) != c.mysql {
			t.Errorf("%v (%d) is %#v, to MySQL %v; want %#v, %q", c.says, c.is, got, mysqlDialect().argument(got), c.want, c.mysql)
		}
	}
	if got := versionValue("0123456789ab-" + versionText(value.Instant, nil)); got != nil {
		t.Errorf("null is %#v", got)
	}
	if got := versionValue("0123456789ab.0123456789abcdef-4"); got != stamp("4") {
		t.Errorf("of several rows it is %#v", got)
	}
}

// TestVersionsOfSeveralRows: that one of them is gone makes another version, also where those that are left say the same as before.
func TestVersionsOfSeveralRows(t *testing.T) {
	a := eventsTable("integer", "text", "text").with("query", "select id, uid, title, place, starts_at, ends_at, tags, note, changes from appointment")
	file := fileOf(t, a.table+"; insert into appointment (id, uid, title, starts_at, place) values (1, 'a', 'A', '2026-07-06', 'Room 1'), (1, 'a', 'A', '2026-07-06', 'Room 2'), (1, 'a', 'A', '2026-07-06', 'Room 3')")
	f, err := opened(t, "sqlite", file).Folder(t.Context(), a.folder)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, room := range []string{"Room 2", "Room 3", "Room 4"} {
		if err := providers.Settle(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		got := fetched(t, f, "1")
		if got.Err != nil {
			t.Fatal(got.Err)
		}
		if before, is := seen[got.Version]; is {
			t.Errorf("without %s the version is %s, as with it", before, got.Version)
		}
		if versionValue(got.Version) != stamp("1") {
			t.Errorf("a statement is to compare with %#v", versionValue(got.Version))
		}
		seen[got.Version] = room
		clerk(t, file, "delete from appointment where place = '"+room+"'")
	}
}

// TestVersionsAtServers: what was not changed yet has no version in some tables, and in some the version is text that looks like a time. Each is compared with as the database has it.
func TestVersionsAtServers(t *testing.T) {
	for name, c := range map[string]struct{ server, same, kind, text, first, next string }{
		"null, SQLite":         {"", "is", "text", "text", "null", "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"},
		"text, SQLite":         {"", "=", "text", "text", "'2026-10-05T09:00:00Z'", "'2026-10-05T09:00:01Z'"},
		"null, PostgreSQL":     {"postgres", "is not distinct from", "timestamptz", "text", "null", "now()"},
		"text, PostgreSQL":     {"postgres", "=", "text", "text", "'2026-10-05T09:00:00Z'", "'2026-10-05T09:00:01Z'"},
		"null, MariaDB":        {"mariadb", "<=>", "timestamp(6) null", "varchar(200)", "null", "now(6)"},
		"text, MariaDB":        {"mariadb", "=", "varchar(40)", "varchar(200)", "'2026-10-05T09:00:00Z'", "'2026-10-05T09:00:01Z'"},
		"a time, MariaDB":      {"mariadb", "=", "datetime", "varchar(200)", "'2026-10-05 09:00:00'", "'2026-10-05 09:00:01'"},
		"an instant, MariaDB":  {"mariadb", "=", "timestamp", "varchar(200)", "'2026-10-05 09:00:00'", "'2026-10-05 09:00:01'"},
		"empty text, SQLite":   {"", "=", "text", "text", "''", "'1'"},
		"empty text, MariaDB":  {"mariadb", "=", "varchar(40)", "varchar(200)", "''", "'1'"},
		"empty, PostgreSQL":    {"postgres", "=", "text", "text", "''", "'1'"},
		"a clock, PostgreSQL":  {"postgres", "=", "timestamp", "text", "'2026-10-05 09:00:00'", "'2026-10-05 09:00:01'"},
		"bytes, PostgreSQL":    {"postgres", "= decode(:version, 'base64')--", "bytea", "text", `'\x00ff'`, `'\x01ff'`},
		"a number, PostgreSQL": {"postgres", "=", "numeric", "text", "1.50", "2.50"},
	} {
		t.Run(name, func(t *testing.T) {
			table := "create table appointment (id int primary key, title " + c.text + ", starts_at " + c.text + ", changed " + c.kind + ")"
			row := "insert into appointment values (1, 'A', '2026-07-06', " + c.first + ")"
			driver, dsn := "sqlite", ""
			if c.server == "" {
				dsn = fileOf(t, table+"; "+row)
			} else {
				d := running.NewDatabase(t, c.server)
				application := d.Open(t)
				for _, text := range []string{table, row} {
					if _, err := application.ExecContext(t.Context(), text); err != nil {
						t.Fatal(err)
					}
				}
				driver, dsn = d.Driver, d.DSN()
			}
			a := eventsTable("", "", "").with("query", "select id, title, starts_at, changed from appointment").with("version", "changed").
				with("insert", "insert into appointment (id, title) values (:key, :summary)").
				with("update", "update appointment set title = :summary, changed = "+c.next+" where id = :key and changed "+c.same+" :version").
				with("delete", "delete from appointment where id = :key and changed "+c.same+" :version")
			a.folder.Attributes["fields"] = columnsOf(map[string]string{"summary": "title", "start": "starts_at"})
			a.folder.Zone = time.UTC
			f, err := opened(t, driver, dsn).Folder(t.Context(), a.folder)
			if err != nil {
				t.Fatal(err)
			}
			version := func() string {
				got := fetched(t, f, "1")
				if got.Err != nil {
					t.Fatal(got.Err)
				}
				return got.Version
			}
			first := version()
			update := func(version string) []string {
				outcomes := f.Write(t.Context(), []providers.Write{{Kind: providers.Update, Ref: "1", Version: version, Item: meeting(t, "a", "B")}})
				if outcomes[0].Class != providers.Done && outcomes[0].Class != providers.Stale {
					t.Error(outcomes[0].Err)
				}
				return classes(outcomes)
			}
			same(t, "the first update", update(first), []string{"done 1"})
			same(t, "an update of what was", update(first), []string{"stale"})
			same(t, "the next update", update(version()), []string{"done 1"})
			same(t, "the delete", classes(f.Write(t.Context(), []providers.Write{{Kind: providers.Delete, Ref: "1", Version: version()}})), []string{"done"})
		})
	}
}
