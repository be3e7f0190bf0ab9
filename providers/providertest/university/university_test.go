package university_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/accord-sync/accord/providers/providertest/university"
)

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "timetable.db")
	size := university.Size{Students: 50, Lessons: 600, Each: 40}
	if err := university.Write(path, size); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for text, want := range map[string]int{
		"select count(*) from (" + university.Lessons + ")":                                                             50 * 40,
		"select count(*) from (select distinct id, student_id from (" + university.Lessons + "))":                       50 * 40,
		"select count(distinct student_id) from (" + university.Lessons + ")":                                           50,
		"select count(distinct id) from (" + university.Lessons + ")":                                                   600,
		"select min(n) from (select count(*) as n from (" + university.Lessons + ") group by student_id)":               40,
		"select count(*) from (" + university.Students + ") where :from < :to":                                          50,
		"select count(*) from lesson where ends_at <= starts_at or starts_at is null or subject is null or :from = :to": 0,
	} {
		var got int
		if err := db.QueryRow(text, sql.Named("from", university.From), sql.Named("to", university.To)).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %d (%v), want %d", text, got, err, want)
		}
	}
	if err := university.Write(path, size); err == nil {
		t.Error("a file that is there was written over")
	}
}
