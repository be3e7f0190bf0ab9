package sql_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
)

const timetable = `create table lesson (id integer primary key, subject text, starts_at datetime, ends_at datetime, student_id integer, room text);
insert into lesson values (1, 'Maths', '2026-10-05 09:00:00', '2026-10-05 10:00:00', 7, 'A'), (2, 'Physics', '2026-10-05 11:00:00', '2026-10-05 12:00:00', 7, 'B'),
	(3, 'Latin', '2026-10-06 09:00:00', '2026-10-06 10:00:00', 8, 'C')`

func TestFolder(t *testing.T) {
	s := newStore(t, timetable)
	f := s.folder(lessons("select * from lesson", nil))
	versions, read := s.list(f, "")
	if got := slices.Sorted(maps.Keys(versions)); !slices.Equal(got, []string{"1", "2", "3"}) || !read.Complete || !read.Full || read.Cursor == "" {
		t.Errorf("the listing is %v, %+v", got, read)
	}
	got := s.fetch(f, "1")
	if got.Err != nil || got.Version != versions["1"] || !strings.Contains(string(got.Item.Bytes()), "DTSTART:20261005T090000Z") {
		t.Fatalf("the item is %+v", got)
	}
	says(t, s.fetch(f, "4").Err, providers.Missing, `there is no row "4"`)
}

func TestPartitions(t *testing.T) {
	s := newStore(t, timetable)
	cfg := lessons("select * from lesson", providers.Attributes{"partition": "student_id"})
	for key, want := range map[string][]string{"7": {"1", "2"}, "8": {"3"}, "9": nil} {
		f := s.folder(partition(cfg, key))
		versions, read := s.list(f, "")
		if got := slices.Sorted(maps.Keys(versions)); !slices.Equal(got, want) || !read.Complete || !read.Full {
			t.Errorf("partition %s is %v, %+v; want %v", key, got, read, want)
		}
	}
	f := s.folder(partition(cfg, "8"))
	says(t, s.fetch(f, "1").Err, providers.Missing)
	if got := s.fetch(f, "3"); got.Err != nil || got.Item.Title() != "Latin" {
		t.Errorf("the item is %+v", got)
	}
}
