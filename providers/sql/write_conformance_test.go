package sql

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/providers/providertest/running"
	"github.com/accord-sync/accord/schema/pim"
)

// columnsOf maps fields to columns of the first row. Categories are one column, and so are mail addresses.
func columnsOf(of map[string]string) providers.Mapping {
	m := providers.Mapping{Identity: "columns"}
	for name := range of {
		m.Names = append(m.Names, name)
	}
	m.Of = func(rows []providers.Row) (map[string]any, error) {
		said := map[string]any{}
		for name, column := range of {
			said[name] = rows[0][column]
			if text, _ := rows[0][column].(string); name == "categories" && text != "" {
				said[name] = []any{}
				for _, part := range strings.Split(text, ", ") {
					said[name] = append(said[name].([]any), part)
				}
			}
		}
		return said, nil
	}
	return m
}

// appointments is a table as an application has it, and the folder over it.
type appointments struct {
	table  string // what makes it
	folder providers.FolderConfig
}

// eventsTable is one whose ids the database makes, with what each kind of database calls its types.
func eventsTable(id, text, moment string) appointments {
	return appointments{
		table: "create table appointment (id " + id + ", uid " + text + ", title " + text + ", starts_at " + moment + ", ends_at " + moment + ", place " + text +
			", tags " + text + ", note " + text + ", changes integer not null default 1)",
		folder: providers.FolderConfig{
			Address: "folder.appointments", Kind: pim.Calendar, Zone: time.UTC,
			Attributes: providers.Attributes{
				"query": "select * from appointment", "key": []string{"id"}, "version": "changes",
				"fields": columnsOf(map[string]string{
					"uid": "uid", "summary": "title", "start": "starts_at", "end": "ends_at", "location": "place", "categories": "tags", "description": "note",
				}),
				"insert": "insert into appointment (uid, title, starts_at, ends_at, place, tags, note) values (:uid, :summary, :start, :end, :location, :categories, :description) returning id",
				"update": "update appointment set title = :summary, starts_at = :start, ends_at = :end, place = :location, tags = :categories, note = :description, changes = changes + 1 where id = :key and changes = :version",
				"delete": "delete from appointment where id = :key and changes = :version",
			},
		},
	}
}

func (a appointments) with(name, text string) appointments {
	attributes := providers.Attributes{name: text}
	for n, v := range a.folder.Attributes {
		if n != name {
			attributes[n] = v
		}
	}
	a.folder.Attributes = attributes
	return a
}

// opened is a provider. A file need not outlive the machine.
func opened(t *testing.T, driver, dsn string) providers.Provider {
	t.Helper()
	if driver == "sqlite" {
		dsn += "?_pragma=synchronous(0)&_pragma=journal_mode(memory)&_busy_timeout=50"
	}
	return providertest.Open(t, Driver{}, providers.Config{Address: "provider.sql.cases", Attributes: providers.Attributes{"driver": driver, "dsn": dsn}})
}

// fileOf makes a SQLite file with a table.
func fileOf(t *testing.T, table string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cases.db")
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), table); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConformance(t *testing.T) {
	a := eventsTable("integer primary key autoincrement", "text", "text")
	for name, a := range map[string]appointments{
		"key of the database": a,
		"key of the item":     a.without(" returning id").keyed("uid"),
		"partition":           a.parted("office", "north"),
	} {
		t.Run(name, providertest.Suite{
			Kind: pim.Calendar,
			Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
				return opened(t, "sqlite", fileOf(t, a.table)), a.folder
			},
		}.Run)
	}
}

// TestConformanceOfKinds is the suite for what else a table can hold.
func TestConformanceOfKinds(t *testing.T) {
	const table = "create table thing (id integer primary key autoincrement, uid text, name text, given text, family text, note text, due text, priority integer, changes integer not null default 1)"
	people := map[string]string{"uid": "uid", "name": "name", "given": "given", "family": "family", "note": "note"}
	jobs := map[string]string{"uid": "uid", "summary": "name", "description": "note", "due": "due", "priority": "priority"}
	for kind, fields := range map[pim.Kind]map[string]string{pim.Contacts: people, pim.Tasks: jobs} {
		var columns, names, sets []string
		for name, column := range fields {
			columns, names, sets = append(columns, column), append(names, ":"+name), append(sets, column+" = :"+name)
		}
		cfg := providers.FolderConfig{Address: "folder.things", Kind: kind, Zone: time.UTC, Attributes: providers.Attributes{
			"query": "select * from thing", "key": []string{"id"}, "version": "changes", "fields": columnsOf(fields),
			"insert": "insert into thing (" + strings.Join(columns, ", ") + ") values (" + strings.Join(names, ", ") + ") returning id",
			"update": "update thing set changes = changes + 1, " + strings.Join(sets, ", ") + " where id = :key and changes = :version",
			"delete": "delete from thing where id = :key and changes = :version",
		}}
		t.Run(string(kind), providertest.Suite{
			Kind: kind,
			Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
				return opened(t, "sqlite", fileOf(t, table)), cfg
			},
		}.Run)
	}
}

// TestServers is the suite on PostgreSQL and MariaDB, where they run.
func TestServers(t *testing.T) {
	place, err := time.LoadLocation("America/New_York") // which instants are not changed by
	if err != nil {
		t.Fatal(err)
	}
	zoned := eventsTable("bigint generated always as identity primary key", "text", "timestamptz")
	local := eventsTable("bigint generated always as identity primary key", "text", "timestamp")
	const mediumtext = "mediumtext character set utf8mb4 collate utf8mb4_bin"
	utc := eventsTable("bigint auto_increment primary key", mediumtext, "timestamp null")
	for _, attribute := range []string{"insert", "update"} {
		utc = utc.with(attribute, strings.NewReplacer(":start", ":start_utc", ":end", ":end_utc").Replace(utc.folder.Attributes.String(attribute)))
	}
	zoned.folder.Zone, utc.folder.Zone = place, place
	for name, c := range map[string]struct {
		server string
		appointments
	}{
		"timestamptz": {"postgres", zoned}, "timestamp": {"postgres", local},
		"MariaDB datetime": {"mariadb", eventsTable("bigint auto_increment primary key", mediumtext, "datetime").without(" returning id")}, "MariaDB timestamp": {"mariadb", utc},
	} {
		t.Run(name, func(t *testing.T) {
			d := running.NewDatabase(t, c.server)
			application := d.Open(t)
			providertest.Suite{
				Kind: pim.Calendar,
				Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
					if _, err := application.ExecContext(t.Context(), "drop table if exists appointment; "+c.table); err != nil {
						t.Fatal(err)
					}
					return opened(t, d.Driver, d.DSN()), c.folder
				},
			}.Run(t)
		})
	}
}

// without leaves words out of the insert.
func (a appointments) without(words string) appointments {
	return a.with("insert", strings.Replace(a.folder.Attributes.String("insert"), words, "", 1))
}

// parted is one partition of a table in which another one has a row.
func (a appointments) parted(column, value string) appointments {
	a.table = strings.Replace(a.table, "(id", "("+column+" text, id", 1) + "; insert into appointment (" + column + ", uid, title, starts_at) values ('elsewhere', 'e', 'E', '2026-01-01')"
	a = a.with("insert", strings.NewReplacer("(uid", "("+column+", uid", "(:uid", "(:partition, :uid").Replace(a.folder.Attributes.String("insert")))
	a.folder.Attributes["partition"] = column
	a.folder.Address, a.folder.Partition = a.folder.Address+`.partition["`+value+`"]`, &value
	return a
}

// keyed has a column for a key that is given.
func (a appointments) keyed(column string) appointments {
	a = a.with("update", strings.ReplaceAll(a.folder.Attributes.String("update"), "id = :key", column+" = :key"))
	a = a.with("delete", strings.ReplaceAll(a.folder.Attributes.String("delete"), "id = :key", column+" = :key"))
	a.folder.Attributes["key"] = []string{column}
	return a
}
