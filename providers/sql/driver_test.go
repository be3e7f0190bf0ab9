package sql_test

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql"
)

// TestLocate: a folder stays where it is whatever its query says and whoever logs in, and nothing of the login shows.
func TestLocate(t *testing.T) {
	const secret = "s3cret"
	locate := func(driver, dsn string, cfg providers.FolderConfig) string {
		t.Helper()
		got, err := sql.Driver{}.Locate(providers.Config{Dir: "/srv/office", Attributes: providers.Attributes{"driver": driver, "dsn": dsn}}, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(got, secret) || strings.Contains(got, "anna") {
			t.Errorf("the location shows the login: %s", got)
		}
		return got
	}
	base := lessons("select * from lesson where a = :a", providers.Attributes{"params": map[string]any{"a": 1.0}})
	for dsn, want := range map[[2]string]string{
		{"sqlite", "data/t.db"}:                                                 "sqlite:data/t.db, folder.lessons",
		{"sqlite", "/srv/office/data/t.db?mode=ro"}:                             "sqlite:data/t.db, folder.lessons",
		{"sqlite", "file:/var/t.db"}:                                            "sqlite:/var/t.db, folder.lessons",
		{"postgres", "postgres://anna:s3cret@db.example.com:5433/time"}:         "postgres:db.example.com:5433/time, folder.lessons",
		{"postgres", "host=db.example.com user=anna password=s3cret dbname=t1"}: "postgres:db.example.com:5432/t1, folder.lessons",
		{"mysql", "anna:s3cret@tcp(db.example.com:3307)/time?tls=true"}:         "mysql:db.example.com:3307/time, folder.lessons",
		{"sqlserver", "sqlserver://anna:s3cret@db.example.com?database=time"}:   "sqlserver:db.example.com",
		{"oracle", "oracle://anna:s3cret@db.example.com:1521/time"}:             "oracle:db.example.com:1521/time, folder.lessons",
	} {
		if got := locate(dsn[0], dsn[1], base); !strings.HasPrefix(got, want) {
			t.Errorf("%s is at %s, want %s…", dsn[0], got, want)
		}
	}
	partitioned := lessons("select * from lesson", providers.Attributes{"partition": "p"})
	other := base
	other.Address = "folder.exams"
	seen := map[string]string{}
	for name, cfg := range map[string]providers.FolderConfig{"whole": base, "one": partition(partitioned, "1"), "two": partition(partitioned, "2"), "another block": other} {
		at := locate("sqlite", "t.db", cfg)
		if other := seen[at]; other != "" {
			t.Errorf("%s and %s are both at %s", name, other, at)
		}
		seen[at] = name
	}
	edited := lessons("select * from lesson where b = :b", providers.Attributes{"params": map[string]any{"b": 1.0}, "fields": columns(map[string]string{"start": "b"})})
	if got, want := locate("sqlite", "t.db", edited), locate("sqlite", "t.db", base); got != want {
		t.Errorf("with another query it is at %s, and at %s before", got, want)
	}
}

// TestKnownAs: a block that is renamed, or a database that moves, is where it was, and its items are the same.
func TestKnownAs(t *testing.T) {
	s := newStore(t, timetable)
	partitioned := lessons("select * from lesson", providers.Attributes{"partition": "student_id"})
	uid := func(cfg providers.FolderConfig) string {
		got := s.fetch(s.folder(cfg), "3")
		if got.Err != nil {
			t.Fatal(got.Err)
		}
		return got.Item.UID()
	}
	at := func(cfg providers.FolderConfig, more providers.Attributes) string {
		got, err := sql.Driver{}.Locate(s.config(more), cfg)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	renamed := lessons("select * from lesson", providers.Attributes{"partition": "student_id", "known_as": "lessons"})
	renamed.Address = "folder.timetable"
	for name, pair := range map[string][2]providers.FolderConfig{
		"partition": {partition(partitioned, "8"), partition(renamed, "8")}, "whole": {partitioned, renamed},
	} {
		if before, after := at(pair[0], nil), at(pair[1], nil); before != after || uid(pair[0]) != uid(pair[1]) {
			t.Errorf("%s was at %s, and is at %s, with another UID: %v", name, before, after, uid(pair[0]) != uid(pair[1]))
		}
	}
	one := lessons("select * from lesson", nil)
	one.Address = `folder.lessons["a.b"]`
	other := lessons("select * from lesson", providers.Attributes{"known_as": "lessons"})
	other.Address = `folder.timetable["a.b"]`
	if before, after := at(one, nil), at(other, nil); before != after {
		t.Errorf("a folder with a key was at %s, and is at %s", before, after)
	}
	before := uid(partitioned)
	moved := providers.Attributes{"dsn": "elsewhere.db", "known_as": "sqlite:test.db"}
	if was, is := at(partitioned, nil), at(partitioned, moved); was != is {
		t.Errorf("with the database elsewhere it is at %s, and was at %s", is, was)
	}
	s.open(providers.Attributes{"known_as": "sqlite:other.db"})
	if uid(partitioned) == before {
		t.Error("in another database items have the same UIDs")
	}
}

func TestDiscover(t *testing.T) {
	s := newStore(t, timetable)
	if err := s.provider.Check(t.Context()); err != nil {
		t.Error(err)
	}
	_, err := s.provider.Discover(t.Context())
	says(t, err, providers.Refused, "write a folder block")
	says(t, s.provider.CreateFolder(t.Context(), lessons("select 1", nil)), providers.Refused, "take create out of its block")
}
