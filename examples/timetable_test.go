package examples

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

// TestTimetable applies the timetable as it stands: one student has no login yet.
func TestTimetable(t *testing.T) {
	t.Parallel()
	w := open(t, "timetable")
	w.golden("timetable-first", w.run(partlyDone, "plan", "-detailed-exitcode"))
	w.converges(partlyDone, partlyDone)
	if n := w.count("calendars/*"); n != 35*8 {
		t.Errorf("the students have %d lessons, want 8 each", n)
	}
}

// TestTimetableDatabase compares the database that is committed with what its script makes.
func TestTimetableDatabase(t *testing.T) {
	made := filepath.Join(t.TempDir(), "timetable.db")
	if _, err := database(t, made).Exec(read(t, "timetable/timetable.sql")); err != nil {
		t.Fatal(err)
	}
	want, got := rowsOf(t, made), rowsOf(t, "timetable/timetable.db")
	if len(want) < 100 || !slices.Equal(got, want) {
		t.Errorf("timetable.db is not what timetable.sql makes: it has %d rows, and the script makes %d; make it anew, as the script says", len(got), len(want))
	}
}

// rowsOf is what a database holds: its tables and all of their rows, sorted.
func rowsOf(t *testing.T, file string) (all []string) {
	t.Helper()
	db := database(t, file)
	tables := query(t, db, "select name, sql from sqlite_schema where type = 'table'")
	all = append(all, tables...)
	for _, table := range tables {
		name, _, _ := strings.Cut(table, "\t")
		for _, row := range query(t, db, "select * from "+name) {
			all = append(all, name+"\t"+row)
		}
	}
	slices.Sort(all)
	return all
}

func database(t *testing.T, file string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// query is the rows of a query, a line each.
func query(t *testing.T, db *sql.DB, text string) (lines []string) {
	t.Helper()
	rows, err := db.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf(strings.TrimSuffix(strings.Repeat("%v\t", len(values)), "\t"), values...))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}
