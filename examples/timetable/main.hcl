# A university's timetable, from its database into every student's calendar.
#
#   timetable.db   lessons, rooms, lecturers, groups, and who is in which: an SQLite file, which timetable.sql made
#   calendars      a directory for each student
#
# Run it:   go run ./cmd/accord -chdir examples/timetable apply -auto-approve
#           It ends with exit code 3: partly done, because one student has no login yet.
# Then try: examples/timetable/play: a lesson moves, students come, leave and change groups. README.md walks through each plan.

accord {
  workspace = "timetable"

  guard {
    max_leavers = "5%"
  }
}

variable "term_start" {
  type    = string
  default = "2027-01-11"
}

variable "term_end" {
  type        = string
  description = "The first day after the term."
  default     = "2027-01-23"
}

provider "sql" "timetable" {
  driver   = "sqlite" # or postgres, mysql, sqlserver
  dsn      = "timetable.db"
  timezone = "Europe/London" # of times in the database, which say none
}

provider "vdir" "calendars" {
  path = "calendars"
}

# Who has a calendar. A student who is not among the rows any more is a leaver.
data "sql" "students" {
  provider = provider.sql.timetable
  query    = "select id, name, login from student where active = 1"
  key      = "id"

  guard {
    min_rows   = 10
    max_shrink = "10%" # fewer rows than last time: something is wrong with the query, not with the students
  }
}

# Every lesson of every student, in one read. What several rows say of a lesson, in two rooms or with two lecturers, is one event.
folder "timetable" {
  provider = provider.sql.timetable
  kind     = "calendar"
  access   = "read"

  query     = <<-SQL
    select l.id, l.starts_at, l.ends_at, l.subject, l.status, c.code as course, g.type as group_type,
           r.name as room, r.address, t.name as lecturer, sg.student_id
    from lesson l
    join course_group g on g.id = l.group_id
    join course c on c.id = g.course_id
    join student_group sg on sg.group_id = g.id
    left join lesson_room lr on lr.lesson_id = l.id
    left join room r on r.id = lr.room_id
    left join lesson_lecturer ll on ll.lesson_id = l.id
    left join lecturer t on t.id = ll.lecturer_id
    where l.starts_at >= :from and l.starts_at < :to
  SQL
  params    = { from = var.term_start, to = var.term_end }
  key       = ["id"]
  partition = "student_id"

  fields {
    uid      = "lesson-${row.id}@timetable.example.com" # stays when the database moves
    summary  = row.subject
    start    = row.starts_at
    end      = row.ends_at
    status   = row.status
    location = join(", ", distinct([for r in rows : "${r.room} (${r.address})" if r.room != null]))
  }

  extra = {
    course     = row.course
    group_type = row.group_type
    lecturers  = join(", ", distinct([for r in rows : r.lecturer if r.lecturer != null]))
  }
}

folder "student" {
  for_each = data.sql.students.rows
  provider = provider.vdir.calendars
  kind     = "calendar"
  path     = each.value.login # null: unresolved, which is reported, and no leaver
  create   = true
  labels   = { name = each.value.name }
}

# What a lesson looks like, by the type of its group.
template "lecture" {
  kind = "calendar"

  set {
    summary     = "${item.extra.course} ${item.summary}"
    description = "Lecture by ${item.extra.lecturers}."
    categories  = ["Lecture"]
    color       = "royalblue"
  }

  late {
    within = "2d"
    changed { prefix = "[Changed] " }
    cancelled { prefix = "[Cancelled] " }
  }
}

template "seminar" {
  kind = "calendar"

  set {
    summary     = "${item.extra.course} seminar: ${item.summary}"
    description = "With ${item.extra.lecturers}. Bring the exercise sheet."
    categories  = ["Seminar"]
    color       = "seagreen"
  }

  late {
    within = "2d"
    changed { prefix = "[Changed] " }
    cancelled { prefix = "[Cancelled] " }
  }
}

template "lab" {
  kind = "calendar"

  set {
    summary     = "${item.extra.course} lab: ${item.summary}"
    description = "With ${item.extra.lecturers}. Coat and goggles."
    categories  = ["Lab"]
    color       = "darkorange"
    alarms      = [{ before = "1h" }]
  }

  late {
    within = "2d"
    changed {
      prefix = "[Changed] "
      color  = "crimson"
    }
    cancelled { prefix = "[Cancelled] " }
  }
}

relationship "lessons" {
  for_each    = folder.student
  source      = folder.timetable.partition[each.key]
  destination = each.value
  profile     = "one_way"
  template    = item.extra.group_type == "lab" ? template.lab : item.extra.group_type == "seminar" ? template.seminar : template.lecture
}
