package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

const unversioned = `accord { workspace = "practice" }
provider "sql" "cases" {
  driver   = "sqlite"
  dsn      = "cases.db"
  timezone = "Europe/London"
}
provider "vdir" "local" { path = "calendars" }
folder "appointments" {
  provider = provider.sql.cases
  kind     = "calendar"
  query    = "select id, matter, starts_at from appointment"
  key      = ["id"]
  fields {
    summary = row.matter
    start   = row.starts_at
  }
  insert = "insert into appointment (matter, starts_at) values (:summary, :start) returning id"
  update = "update appointment set matter = :summary, starts_at = :start where id = :key"
  delete = "delete from appointment where id = :key"
}
folder "calendar" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "leeds"
  create   = true
}
relationship "appointments" {
  source      = folder.appointments
  destination = folder.calendar
  profile     = "two_way"
}
`

// TestClerkBeforeTheFirstWrite: a row that somebody changes after everything was read is not overwritten, though its table has no version, and nothing was written to its
// database that would have ended the moment at which it was read.
func TestClerkBeforeTheFirstWrite(t *testing.T) {
	p := newPlace(t, unversioned)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, "cases.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	exec := func(text string) {
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	exec(`create table appointment (id integer primary key autoincrement, matter text, starts_at text);
		insert into appointment (matter, starts_at) values ('Hearing', '2027-01-11 10:30:00'), ('Lease', '2027-01-12 10:30:00')`)
	recorded := state.Memory()
	apply := func(meanwhile func()) *reconcile.Result {
		ws, _, diags := schema.Load(p.dir, schema.Options{Drivers: drivers(nil), Now: time.Now})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		e := reconcile.New(ws, drivers(nil), reconcile.Options{Now: time.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
		defer e.Close()
		made, err := e.Plan(t.Context(), recorded, reconcile.Request{})
		if err != nil {
			t.Fatal(err)
		}
		defer made.Close()
		meanwhile()
		result, err := e.Apply(t.Context(), recorded, made)
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	apply(func() {})
	files, err := filepath.Glob(filepath.Join(p.dir, "calendars", "leeds", "*.ics"))
	if err != nil || len(files) != 2 {
		t.Fatalf("in the calendar are %v (%v)", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(text), "SUMMARY:", "SUMMARY:Moved: ", 1)), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	result := apply(func() { exec("update appointment set matter = 'Settled' where id = 1") })
	if len(result.Failures) != 1 {
		t.Errorf("left undone was %+v, want what the clerk changed", result.Failures)
	}
	var matters string
	if err := db.QueryRowContext(t.Context(), "select group_concat(matter, '; ' order by id) from appointment").Scan(&matters); err != nil {
		t.Fatal(err)
	}
	if want := "Settled; Moved: Lease"; matters != want {
		t.Errorf("the rows say %q, want %q", matters, want)
	}
}
