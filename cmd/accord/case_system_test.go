package main

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/providertest/running"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
	"github.com/accord-sync/accord/schema/pim"
)

// TestCaseSystem lets an application write into its table and people into their calendar, in random ways, and finds both to hold what all of them wrote after one
// apply, or after two when the connection was bad, round after round: on SQLite, and on PostgreSQL where it runs. ACCORD_OPERATIONS=500 is the number of rounds that was promised.
func TestCaseSystem(t *testing.T) {
	script, err := os.ReadFile("../../examples/case-system/cases.sql")
	if err != nil {
		t.Fatal(err)
	}
	table, _, _ := strings.Cut(string(script), "insert into")
	t.Run("sqlite", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "cases.db")
		db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		newPractice(t, db, table, "sqlite", file).live()
	})
	t.Run("postgres", func(t *testing.T) {
		d := running.NewDatabase(t, "postgres")
		table := strings.NewReplacer("integer primary key autoincrement", "bigint generated always as identity primary key", "at text", "at timestamp", "at   text", "at timestamp").Replace(table)
		newPractice(t, d.Open(t), table, d.Driver, d.DSN()).live()
	})
}

// appointment is what everybody should hold. Its room tells it from others, and stays.
type appointment struct {
	matter, note string
	start        time.Time
	minutes      int
}

func (a appointment) end() time.Time { return a.start.Add(time.Duration(a.minutes) * time.Minute) }

func (a appointment) String() string {
	return fmt.Sprintf("%q %q %s+%d", a.matter, a.note, a.start.UTC().Format(time.RFC3339), a.minutes)
}

// practice is a law practice: its case system, its calendar, and what both should hold.
type practice struct {
	*testing.T
	db       *sql.DB
	calendar string
	ws       *schema.Workspace
	recorded state.Store
	london   *time.Location
	random   *rand.Rand
	rooms    int
	holds    map[string]appointment // by room
}

func newPractice(t *testing.T, db *sql.DB, table, driver, dsn string) *practice {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile("../../examples/case-system/main.hcl")
	if err != nil {
		t.Fatal(err)
	}
	home := newPlace(t, string(config))
	p := &practice{T: t, db: db, calendar: filepath.Join(home.dir, "calendars", "office"), recorded: state.Memory(), random: rand.New(rand.NewPCG(7, 0)), holds: map[string]appointment{}}
	if p.london, err = time.LoadLocation("Europe/London"); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(p.calendar, 0o777); err != nil {
		t.Fatal(err)
	}
	given := map[string]string{"ACCORD_VAR_driver": driver, "ACCORD_VAR_dsn": dsn}
	ws, _, diags := schema.Load(home.dir, schema.Options{Drivers: drivers(nil), Now: time.Now, Env: func(name string) (string, bool) { v, ok := given[name]; return v, ok }})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	p.ws = ws
	return p
}

func (p *practice) live() {
	rounds := 25
	if text := os.Getenv("ACCORD_OPERATIONS"); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			p.Fatal(err)
		}
	}
	made, changed, deleted := 0, 0, 0
	for round := range rounds {
		m, c, d := p.day()
		made, changed, deleted = made+m, changed+c, deleted+d
		if p.random.IntN(4) == 0 {
			p.badDay()
		}
		p.reconcile(func(plan.Summary) {})
		p.reconcile(func(s plan.Summary) {
			if s.Changes() != 0 {
				p.Errorf("round %d: the plan after an apply says %+v", round, s)
			}
		})
		p.look(round, "the table", p.table())
		p.look(round, "the calendar", p.events())
		if p.Failed() {
			return
		}
	}
	p.Logf("%d rounds: %d appointments made, %d edits, %d deleted, %d left", rounds, made, changed, deleted, len(p.holds))
}

// day is what happens between two runs. Both sides may change the same appointment, but not the same of it.
func (p *practice) day() (made, changed, deleted int) {
	for _, room := range slices.Sorted(maps.Keys(p.holds)) {
		fields := []string{"matter", "note", "time"}
		p.random.Shuffle(len(fields), func(i, j int) { fields[i], fields[j] = fields[j], fields[i] })
		switch n := p.random.IntN(24); {
		case n < 5:
			p.inTable(room, fields[0])
			changed++
		case n < 10:
			p.inCalendar(room, fields[0])
			changed++
		case n < 12:
			p.inTable(room, fields[0])
			p.inCalendar(room, fields[1:]...)
			changed += 2
		case n == 12 && deleted < 2 && len(p.holds) > 9:
			p.remove(room)
			deleted++
		}
	}
	for range p.random.IntN(3) {
		p.rooms++
		room := fmt.Sprint("Room ", p.rooms)
		a := appointment{matter: p.words("matter"), note: p.words("note")}
		a.start, a.minutes = p.hour()
		p.holds[room] = a
		if p.random.IntN(2) == 0 {
			p.exec("insert into appointment (matter, note, place, starts_at, ends_at) values ($1, $2, $3, $4, $5)", a.matter, a.note, room, p.local(a.start), p.local(a.end()))
		} else {
			p.write(fmt.Sprintf("made-%d.ics", p.rooms), pim.New(pim.Calendar, fmt.Sprintf("made-%d@example.com", p.rooms)), map[string]any{
				"summary": a.note, "description": a.matter, "location": room, "start": p.somewhere(a.start), "end": p.somewhere(a.end()),
			})
		}
		made++
	}
	return made, changed, deleted
}

// change gives an appointment other words or another time.
func (p *practice) change(room, field string) appointment {
	a := p.holds[room]
	switch field {
	case "matter":
		a.matter = p.words(field)
	case "note":
		a.note = p.words(field)
	default:
		a.start, a.minutes = p.hour()
	}
	p.holds[room] = a
	return a
}

// inTable is a change by the case system.
func (p *practice) inTable(room, field string) {
	switch a := p.change(room, field); field {
	case "time":
		p.exec("update appointment set starts_at = $1, ends_at = $2, version = version + 1 where place = $3", p.local(a.start), p.local(a.end()), room)
	case "matter":
		p.exec("update appointment set matter = $1, version = version + 1 where place = $2", a.matter, room)
	case "note":
		p.exec("update appointment set note = $1, version = version + 1 where place = $2", a.note, room)
	}
}

// inCalendar is a change by somebody with a calendar.
func (p *practice) inCalendar(room string, fields ...string) {
	said := map[string]any{}
	for _, field := range fields {
		switch a := p.change(room, field); field {
		case "time":
			said["start"], said["end"] = p.somewhere(a.start), p.somewhere(a.end())
		case "matter":
			said["description"] = a.matter
		case "note":
			said["summary"] = a.note
		}
	}
	name, it := p.find(room)
	p.write(name, it, said)
}

func (p *practice) remove(room string) {
	delete(p.holds, room)
	if p.random.IntN(2) == 0 {
		p.exec("delete from appointment where place = $1", room)
		return
	}
	name, _ := p.find(room)
	if err := os.Remove(filepath.Join(p.calendar, name)); err != nil {
		p.Fatal(err)
	}
}

func (p *practice) look(round int, where string, held map[string][]appointment) {
	p.Helper()
	for room, list := range held {
		if want, ok := p.holds[room]; !ok || len(list) != 1 || list[0].String() != want.String() {
			p.Errorf("round %d: %s holds in %s %v, want %v (there: %v)", round, where, room, list, want, ok)
		}
	}
	for room, want := range p.holds {
		if held[room] == nil {
			p.Errorf("round %d: %s lacks %s: %v", round, where, room, want)
		}
	}
}

// badDay is an apply with a bad connection to the case system: writes do not get there, or their answers do not come back.
func (p *practice) badDay() {
	p.Helper()
	all := drivers(nil)
	all["sql"] = faults.Driver(all["sql"], func(c faults.Call) faults.Fault {
		switch c.Operation {
		case faults.Create, faults.Update, faults.Delete:
			switch p.random.IntN(4) {
			case 0:
				return faults.Fault{Effect: faults.LoseRequest}
			case 1:
				return faults.Fault{Effect: faults.LoseAnswer}
			}
		}
		return faults.Fault{}
	})
	p.apply(all, func(plan.Summary) {})
}

func (p *practice) reconcile(look func(plan.Summary)) {
	p.Helper()
	if result := p.apply(drivers(nil), look); len(result.Failures) > 0 {
		p.Fatalf("%+v", result.Failures)
	}
}

func (p *practice) apply(with map[string]providers.Driver, look func(plan.Summary)) *reconcile.Result {
	p.Helper()
	e := reconcile.New(p.ws, with, reconcile.Options{Now: time.Now, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }})
	defer e.Close()
	made, err := e.Plan(p.Context(), p.recorded, reconcile.Request{})
	if err != nil {
		p.Fatal(err)
	}
	defer made.Close()
	look(made.Document.Summary)
	result, err := e.Apply(p.Context(), p.recorded, made)
	if err != nil {
		p.Fatal(err)
	}
	return result
}
