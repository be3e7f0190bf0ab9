package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
)

// timetable is a workspace of a university: fifteen students of a database have forty lessons of it in calendars of their own.
const timetable = `
accord { workspace = "university" }
provider "sql" "timetable" {
  driver   = "sqlite"
  dsn      = "timetable.db"
  timezone = "Europe/London"
}
provider "vdir" "calendars" { path = "data" }
data "sql" "students" {
  provider = provider.sql.timetable
  query    = "select id, login, iif(json_valid(info), info, json(info)) as info from student"
  key      = "id"
  guard {
    min_rows   = 5
    max_shrink = "40%"
  }
}
folder "timetable" {
  provider  = provider.sql.timetable
  kind      = "calendar"
  query     = <<-SQL
    select l.*, a.student from lesson l
    join attends a on a.lesson = l.id
    where l.starts >= :from and abs(l.room) >= 0
  SQL
  params    = { from = "2026-10-01" }
  key       = ["code"]
  partition = "student"
  fields {
    summary  = row.title
    start    = row.starts
    end      = row.ends
    location = "Room ${row.room}"
  }
}
folder "student" {
  for_each = data.sql.students.rows
  provider = provider.vdir.calendars
  kind     = "calendar"
  path     = each.value.login
  create   = true
}
relationship "lessons" {
  for_each    = folder.student
  source      = folder.timetable.partition[each.key]
  destination = each.value
  profile     = "one_way"
}
`

// at runs statements in the workspace's database.
func (p place) at(database, statements string) {
	p.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(p.dir, database))
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := db.ExecContext(p.t.Context(), statements); err != nil {
		p.t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		p.t.Fatal(err)
	}
}

// university is a workspace whose timetable is applied: ten of forty lessons for each of fifteen students.
func university(t *testing.T) place {
	t.Helper()
	p := newPlace(t, timetable)
	p.at("timetable.db", `
		create table student (id, login, info text default '{}');
		create table lesson (id, code, title, starts, ends, room);
		create table attends (lesson, student);
		with recursive n(i) as (select 1 union all select i + 1 from n where i < 40)
			insert into lesson select i, i, 'Lesson ' || i, '2026-11-0' || (1 + i % 9) || ' 09:00:00', '2026-11-0' || (1 + i % 9) || ' 10:00:00', 100 + i from n;
		with recursive n(i) as (select 1 union all select i + 1 from n where i < 15)
			insert into student select i, 'student' || i, '{}' from n;
		insert into attends select l.id, s.id from lesson l join student s on l.id % 4 = s.id % 4`)
	if code, out, stderr := runIn(t.Context(), p.dir, drivers(nil), "apply", "-auto-approve"); code != 0 || len(p.held()) != 150 {
		t.Fatalf("exit code %d, %d replicas\n%s%s", code, len(p.held()), out, stderr)
	}
	return p
}

// TestQueriesThatLack: whatever is wrong with rows, nothing is deleted for it, and what is said names the query, the row and the column.
func TestQueriesThatLack(t *testing.T) {
	for _, c := range []struct {
		what, statements string
		code             int
		want             []string
	}{
		{"no lesson", `delete from lesson`, 3, []string{`folder.timetable.partition["1"] is suddenly empty: it held 10 items`}},
		{"half of the lessons", `delete from lesson where id % 8 >= 4`, 4, []string{`it would delete 5 of 10 items in folder.student["1"]`}},
		{"no student", `delete from student`, 4, []string{`data.sql.students has 0 rows, and its guard wants at least 5`}},
		{"half of the students", `delete from student where id > 7`, 4, []string{`data.sql.students has 7 rows, and had 15 at the last apply: its guard allows to lose 40 % (6)`}},
		{"a student twice", `insert into student values (3, 'again', '{}')`, 1, []string{`data.sql.students`, `the key "id" is "3" in rows 3 and 16`}},
		{"a student without a key", `update student set id = null where id = 4`, 1, []string{`data.sql.students`, `the key "id" of row 4 is null or empty`}},
		{"two with one address", `update student set login = 'student2' where id = 9`, 3, []string{`folder.student["9"] and folder.student["2"] have the same address`, `folder.student["2"] and folder.student["9"] have the same address`}},
		{"an address that cannot be", `update student set login = '../../etc' where id = 9`, 3, []string{`folder.student["9"]`, `../../etc`}},
		{"no address", `update student set login = null where id = 9`, 3, []string{`folder.student["9"]`, `unresolved`}},
		{"students that end in the middle", `update student set info = '{' where id = 6`, 1, []string{`data.sql.students`, `failed after row 5`, `malformed JSON`}},
		{"lessons that end in the middle", `update lesson set room = -9223372036854775808 where id = 20`, 3, []string{`folder.timetable`, `its query failed after row`, `integer overflow`}},
		{"a lesson without a key", `update lesson set code = null where id = 20`, 0, []string{`of its query: column "code", which is its key, is null; it is the first of 3 rows without a key`}},
		{"a lesson twice", `insert into lesson select id, code, 'Another', ends, ends, 7 from lesson where id = 20`, 3, []string{`folder.timetable.partition[`, `"20"`, `its rows differ in column room`}},
		{"a lesson without a start", `update lesson set starts = 'soon' where id = 20`, 3, []string{`folder.timetable.partition[`, `"20"`, `starts`}},
		{"a lesson that ends before it begins", `update lesson set ends = '2026-10-02 09:00:00' where id = 20`, 3, []string{`folder.timetable.partition[`, `"20"`, `ends`}},
		{"a column of another name", `alter table lesson rename column title to name`, 3, []string{`folder.timetable`, `fields: summary: main.hcl:30: there is no column "title": the columns are code, ends, id, name, room, starts`}},
		{"a column that is gone", `alter table lesson rename column room to hall`, 3, []string{`folder.timetable`, `no such column: l.room`}},
	} {
		t.Run(c.what, func(t *testing.T) {
			p := university(t)
			before := p.held()
			p.at("timetable.db", c.statements)
			code, out, stderr := runIn(t.Context(), p.dir, drivers(nil), "apply", "-auto-approve")
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			for _, want := range c.want {
				if !strings.Contains(out+stderr, want) {
					t.Errorf("%q is not said", want)
				}
			}
			if m := regexp.MustCompile(`, ([0-9]+) deleted`).FindStringSubmatch(out); m != nil && m[1] != "0" {
				t.Errorf("%s items are deleted", m[1])
			}
			for name := range before {
				if _, there := p.held()[name]; !there {
					t.Errorf("%s is gone", name)
				}
			}
			if t.Failed() {
				t.Logf("\n%s%s", out, stderr)
			}
		})
	}
}

// TestEverybodyLeaves: a roster that is empty all at once is held, also where nothing is written down about it, and however small it is.
func TestEverybodyLeaves(t *testing.T) {
	p := university(t)
	guarded := strings.Replace(timetable, "    min_rows   = 5\n    max_shrink = \"40%\"\n", "", 1)
	p.configure(guarded)
	p.at("timetable.db", `delete from student`)
	code, out, stderr := runIn(t.Context(), p.dir, drivers(nil), "apply", "-auto-approve")
	if want := `data.sql.students has no rows, and had 15 at the last apply`; code != 4 || !strings.Contains(out, want) || len(p.held()) != 150 {
		t.Errorf("exit code %d, %d replicas\n%s%s", code, len(p.held()), out, stderr)
	}
	p.configure(strings.Replace(guarded, "  guard {\n", "  guard {\n    min_rows = 0\n", 1))
	code, out, stderr = runIn(t.Context(), p.dir, drivers(nil), "apply", "-auto-approve")
	if want := "15 of 15 people (keys of its for_each) left relationship.lessons, with 150 replicas"; code != 4 || !strings.Contains(out, want) || len(p.held()) != 150 {
		t.Errorf("where none will do: exit code %d, %d replicas\n%s%s", code, len(p.held()), out, stderr)
	}
}

// TestRenamedQuery: a folder of a query that has another name now, and says under which it was known, is the same folder, with or without a moved block.
func TestRenamedQuery(t *testing.T) {
	for _, moved := range []string{"", "moved {\n  from = folder.timetable\n  to   = folder.lessons\n}\n"} {
		p := university(t)
		p.configure(strings.NewReplacer("folder \"timetable\" {", "folder \"lessons\" {\n  known_as = \"timetable\"", "folder.timetable.", "folder.lessons.").Replace(timetable) + moved)
		for range 2 {
			if code, out, stderr := runIn(t.Context(), p.dir, drivers(nil), "apply", "-auto-approve"); code != 0 || !strings.Contains(out, "Left as it is: 150 unchanged.\nApplied: 0 added, 0 edited, 0 deleted.") {
				t.Errorf("%q: exit code %d\n%s%s", moved, code, out, stderr)
			}
		}
	}
}

// TestMembership: who joins gets all, who leaves has all taken away, and who moves gets the difference; a moved lesson is an edit for its attendees and nobody else.
func TestMembership(t *testing.T) {
	p := university(t)
	p.at("timetable.db", `
		insert into student values (16, 'student16', '{}');
		insert into attends select lesson, 16 from attends where student = 4;
		delete from student where id = 1;
		delete from attends where student = 2 and lesson in (2, 10, 18);
		insert into attends select id, 2 from lesson where id in (3, 11, 19);
		update lesson set starts = '2026-11-20 09:00:00', ends = '2026-11-20 10:00:00' where id = 40`)
	code, out, stderr := runIn(t.Context(), p.dir, drivers(nil), "apply", "-auto-approve")
	// Lesson 40 is that of students 4, 8 and 12, and new to student 16.
	if want := "Applied: 13 added, 3 edited, 13 deleted. Also: 1 folder created."; code != 0 || !strings.Contains(out, want) {
		t.Errorf("exit code %d, want %s\n%s%s", code, want, out, stderr)
	}
	for folder, want := range map[string]int{"student1": 0, "student2": 10, "student4": 10, "student16": 10} {
		n := 0
		for name := range p.held() {
			if strings.HasPrefix(name, folder+"/") {
				n++
			}
		}
		if n != want {
			t.Errorf("%s has %d lessons, want %d", folder, n, want)
		}
	}
	if _, out, _ := runIn(t.Context(), p.dir, drivers(nil), "plan"); !strings.Contains(out, "Plan: 0 to add, 0 to edit, 0 to delete.") {
		t.Errorf("there is something left to do:\n%s", out)
	}
}

// TestRowsAreReadAtOneInstant: people and lessons of a run come from one snapshot, also when somebody writes in between.
func TestRowsAreReadAtOneInstant(t *testing.T) {
	p := university(t)
	p.at("timetable.db", `pragma journal_mode = wal`)
	p.at("timetable.db", `insert into student values (16, 'student16', '{}'); insert into attends select lesson, 16 from attends where student = 4`)
	asking := drivers(nil)
	changed := false
	asking["vdir"] = opened{asking["vdir"], func() {
		changed = true
		p.at("timetable.db", `delete from attends where student = 16; update lesson set title = 'changed'`)
	}}
	if code, out, stderr := runIn(t.Context(), p.dir, asking, "plan"); code != 0 || !changed || !strings.Contains(out, "Plan: 10 to add, 0 to edit, 0 to delete.") {
		t.Errorf("exit code %d, changed: %v\n%s%s", code, changed, out, stderr)
	}
}

// opened is a driver that does something when it is opened.
type opened struct {
	providers.Driver
	then func()
}

func (o opened) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	o.then()
	return o.Driver.Open(ctx, cfg)
}

// TestPlansOfTheSameAreTheSame: what is said of several partitions is said in the same order, whichever is read first.
func TestPlansOfTheSameAreTheSame(t *testing.T) {
	p := university(t)
	p.at("timetable.db", `update lesson set code = null where id in (20, 21); update lesson set starts = 'soon' where id in (18, 19); update lesson set room = 7 where id % 5 = 0`)
	apart := regexp.MustCompile(`"(plan_id|created_at)": ?"[^"]*"|[0-9a-f]{32}|[0-9]+ [A-Z][a-z]+ 20[0-9]+ [0-9:]+ UTC`)
	var first string
	for n := range 8 {
		_, text, stderr := runIn(t.Context(), p.dir, drivers(nil), "plan", "-out", fmt.Sprint("plan", n))
		_, lines, _ := runIn(t.Context(), p.dir, drivers(nil), "show", "-json", fmt.Sprint("plan", n))
		_, markdown, _ := runIn(t.Context(), p.dir, drivers(nil), "show", "-markdown", fmt.Sprint("plan", n))
		said := apart.ReplaceAllString(strings.ReplaceAll(text+stderr+lines+markdown, fmt.Sprint("plan", n), "plan"), "")
		if n == 0 {
			first = said
		}
		if !strings.Contains(said, "without a key") || said != first {
			t.Fatalf("plan %d says\n%s\nand the first\n%s", n, said, first)
		}
	}
}
