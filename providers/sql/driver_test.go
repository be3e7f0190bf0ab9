package sql_test

import (
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql"
)

// TestLocate: two folders over one query are in one place, whoever logs in, and nothing of the login shows.
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
		{"sqlite", "data/t.db"}:                                                 "sqlite:data/t.db, query ",
		{"sqlite", "/srv/office/data/t.db?mode=ro"}:                             "sqlite:data/t.db, query ",
		{"sqlite", "file:/var/t.db"}:                                            "sqlite:/var/t.db, query ",
		{"postgres", "postgres://anna:s3cret@db.example.com:5433/time"}:         "postgres:db.example.com:5433/time, query ",
		{"postgres", "host=db.example.com user=anna password=s3cret dbname=t1"}: "postgres:db.example.com:5432/t1, query ",
		{"mysql", "anna:s3cret@tcp(db.example.com:3307)/time?tls=true"}:         "mysql:db.example.com:3307/time, query ",
		{"sqlserver", "sqlserver://anna:s3cret@db.example.com?database=time"}:   "sqlserver:db.example.com",
		{"oracle", "oracle://anna:s3cret@db.example.com:1521/time"}:             "oracle:db.example.com:1521/time, query ",
	} {
		if got := locate(dsn[0], dsn[1], base); !strings.HasPrefix(got, want) {
			t.Errorf("%s is at %s, want %s…", dsn[0], got, want)
		}
	}
	seen := map[string]string{}
	for name, cfg := range map[string]providers.FolderConfig{
		"base":      base,
		"query":     lessons("select * from lesson where b = :a", providers.Attributes{"params": map[string]any{"a": 1.0}}),
		"value":     lessons("select * from lesson where a = :a", providers.Attributes{"params": map[string]any{"a": 2.0}}),
		"type":      lessons("select * from lesson where a = :a", providers.Attributes{"params": map[string]any{"a": "1"}}),
		"partition": partition(lessons("select * from lesson where a = :a", providers.Attributes{"params": map[string]any{"a": 1.0}, "partition": "p"}), "1"),
		"another":   partition(lessons("select * from lesson where a = :a", providers.Attributes{"params": map[string]any{"a": 1.0}, "partition": "p"}), "2"),
		"table": lessons("select * from lesson where a = :a", providers.Attributes{"params": map[string]any{"a": 1.0}, "table": []providers.Table{
			{Name: "lesson", Provider: "provider.sql.b", Data: providers.DataConfig{Attributes: providers.Attributes{"query": "select 1"}}}}}),
	} {
		at := locate("sqlite", "t.db", cfg)
		if other := seen[at]; other != "" {
			t.Errorf("%s and %s are both at %s", name, other, at)
		}
		seen[at] = name
	}
	same := lessons("  select * from lesson where a = :a\n", providers.Attributes{"params": map[string]any{"a": 1.0}, "fields": columns(map[string]string{"start": "b"})})
	if got, want := locate("sqlite", "t.db", same), locate("sqlite", "t.db", base); got != want {
		t.Errorf("with other fields it is %s, and %s without", got, want)
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
