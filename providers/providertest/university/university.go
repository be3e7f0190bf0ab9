// Package university makes timetables of any size in SQLite files, for tests: lessons of groups, students in groups, rooms and lecturers, as timetable systems have them.
package university

import (
	"database/sql"
	"errors"
	"fmt"
	"os"

	_ "modernc.org/sqlite" // what the file is written with
)

// Size is how large a university is. Every student has the same number of lessons, each in one group of 20 lessons.
type Size struct {
	Students int
	Lessons  int // a multiple of 20
	Each     int // lessons of a student, a multiple of 20
}

// lessonsOfGroup is how many lessons a group has.
const lessonsOfGroup = 20

// Lessons is the query of a timetable: a row for each lesson of each student, with the partition student_id. Its parameters are :from and :to.
const Lessons = `select l.id, l.starts_at, l.ends_at, l.subject, l.course, r.name as room, r.address, t.name as lecturer, sg.student_id, g.type as group_type
from lesson l join lesson_group lg on lg.lesson_id = l.id join student_group sg on sg.group_id = lg.group_id
join course_group g on g.id = lg.group_id join room r on r.id = l.room_id join lecturer t on t.id = l.lecturer_id
where l.starts_at >= :from and l.starts_at < :to`

// From and To are what Lessons lie between.
const (
	From = "2026-10-05"
	To   = "2027-06-30"
)

// Students is the query of a roster, with the key id.
const Students = `select id, name, login, email from student where active = 1`

const schema = `
create table room (id integer primary key, name text not null, address text not null);
create table lecturer (id integer primary key, name text not null, email text not null);
create table course_group (id integer primary key, course text not null, type text not null);
create table student (id integer primary key, name text not null, login text, email text, active boolean not null default 1);
create table lesson (id integer primary key, starts_at datetime not null, ends_at datetime not null, subject text not null, course text not null,
	room_id integer not null references room, lecturer_id integer not null references lecturer);
create table lesson_group (lesson_id integer not null references lesson, group_id integer not null references course_group, primary key (group_id, lesson_id)) without rowid;
create table student_group (student_id integer not null references student, group_id integer not null references course_group, primary key (group_id, student_id)) without rowid;
`

// Write makes the file, which must not be there.
func Write(path string, size Size) (err error) {
	groups := size.Lessons / lessonsOfGroup
	if size.Lessons%lessonsOfGroup != 0 || size.Each%lessonsOfGroup != 0 || size.Each > size.Lessons {
		return fmt.Errorf("university: %d lessons, %d of each student: both must be multiples of %d", size.Lessons, size.Each, lessonsOfGroup)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("university: %s is there already (%w)", path, err)
	}
	db, err := sql.Open("sqlite", path+"?_pragma=synchronous(0)&_pragma=journal_mode(off)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	const counted = "with recursive n(i) as (select 1 union all select i + 1 from n where i < ?) "
	for _, step := range []struct {
		text string
		args []any
	}{
		{schema, nil},
		{"begin", nil},
		{"insert into room " + counted + "select i, printf('%s%03d', char(65 + i % 6), i), printf('%d Station Road', i % 40 + 1) from n", []any{max(1, groups/3)}},
		{"insert into lecturer " + counted + "select i, printf('Dr. Lecturer %d', i), printf('lecturer%d@example.com', i) from n", []any{max(1, groups/2)}},
		{"insert into course_group " + counted + "select i, printf('C%03d', (i + 2) / 3), case i % 3 when 1 then 'lecture' when 2 then 'seminar' else 'lab' end from n", []any{groups}},
		{"insert into student " + counted + "select i, printf('Student %d', i), printf('s%05d', i), printf('s%05d@example.com', i), 1 from n", []any{size.Students}},
		// a lesson a week for each group, on one of five days, at one of nine hours
		{"insert into lesson " + counted + `select i, datetime('2026-10-05 09:00:00', printf('+%d days', (i - 1) / ?2 * 7 + i % ?2 % 5), printf('+%d hours', i % ?2 / 5 % 9)),
			datetime('2026-10-05 09:50:00', printf('+%d days', (i - 1) / ?2 * 7 + i % ?2 % 5), printf('+%d hours', i % ?2 / 5 % 9)),
			printf('Subject %d, part %d', (i - 1) % ?2 + 1, (i - 1) / ?2 + 1), printf('C%03d', ((i - 1) % ?2 + 3) / 3),
			(i - 1) % ?2 % ?3 + 1, (i - 1) % ?2 % ?4 + 1 from n`, []any{size.Lessons, groups, max(1, groups/3), max(1, groups/2)}},
		{"insert into lesson_group " + counted + "select i, (i - 1) % ?2 + 1 from n", []any{size.Lessons, groups}},
		// a student is in groups that follow each other, those of the next student begin elsewhere
		{"insert into student_group " + counted + ", k(j) as (select 0 union all select j + 1 from k where j + 1 < ?2) select i, (i * 7 + j) % ?3 + 1 from n, k",
			[]any{size.Students, size.Each / lessonsOfGroup, groups}},
		{"commit", nil},
		{"analyze", nil},
	} {
		if _, err := db.Exec(step.text, step.args...); err != nil {
			return fmt.Errorf("university: %w in %s", err, step.text)
		}
	}
	return nil
}
