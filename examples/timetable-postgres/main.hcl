# A timetable from two databases: the timetabling office has lessons and rooms in PostgreSQL, the registry has students and their groups in another database.
# Accord reads the tables of both, and joins them here.
#
# Run it:   examples/timetable-postgres/play
#           It starts a PostgreSQL of its own, and shows each step. README.md says more.

accord {
  workspace = "timetable-postgres"

  guard {
    max_leavers = 1
  }
}

variable "timetable" {
  type        = string
  description = "The database of the timetabling office."
  sensitive   = true
  ephemeral   = true
  default     = "postgres://accord:accordpw@127.0.0.1:5432/timetable?sslmode=disable"
}

variable "registry" {
  type        = string
  description = "The database of the registry."
  sensitive   = true
  ephemeral   = true
  default     = "postgres://accord:accordpw@127.0.0.1:5432/registry?sslmode=disable"
}

variable "term_start" {
  type    = string
  default = "2027-01-11"
}

variable "term_end" {
  type        = string
  description = "The first day after the term."
  default     = "2027-03-20"
}

# Each is one read-only transaction: all queries of a run see one moment.
provider "sql" "timetable" {
  driver   = "postgres"
  dsn      = var.timetable
  timezone = "Europe/London" # of timestamps without time zone
  timeout  = "1m"
}

provider "sql" "registry" {
  driver  = "postgres"
  dsn     = var.registry
  timeout = "1m"
}

provider "vdir" "calendars" {
  path = "calendars"
}

data "sql" "students" {
  provider = provider.sql.registry
  query    = "select number, name, login from student where enrolled"
  key      = "number"

  guard {
    min_rows   = 3
    max_shrink = "40%"
  }
}

folder "timetable" {
  provider = provider.sql.timetable
  kind     = "calendar"
  access   = "read"

  table "lesson" {
    provider = provider.sql.timetable
    query    = <<-SQL
      select l.id, l.course, l.group_name, l.title, l.during_from, l.during_to, l.changed, r.name as room, r.building
      from lesson l left join room r on r.id = l.room_id
      where l.during_from >= :from and l.during_from < :to
    SQL
    params   = { from = var.term_start, to = var.term_end }
  }

  table "student_group" {
    provider = provider.sql.registry
    query    = "select student, group_name from membership"
  }

  # SQL of SQLite, over the tables above.
  query     = "select l.*, g.student from lesson l join student_group g on g.group_name = l.group_name"
  key       = ["id"]
  version   = "changed"
  partition = "student"

  fields {
    uid      = "lesson-${row.id}@timetable.example.com"
    summary  = "${row.course}: ${row.title}"
    start    = row.during_from
    end      = row.during_to
    location = row.room == null ? null : "${row.room}, ${row.building}"
  }

  extra = { group = row.group_name }
}

folder "student" {
  for_each = data.sql.students.rows
  provider = provider.vdir.calendars
  kind     = "calendar"
  path     = each.value.login
  create   = true
  labels   = { name = each.value.name }
}

template "lesson" {
  kind = "calendar"

  set {
    categories  = [startswith(item.extra.group, "Lab") ? "Lab" : "Lecture"]
    description = "Group ${item.extra.group}."
  }
}

relationship "lessons" {
  for_each    = folder.student
  source      = folder.timetable.partition[each.key]
  destination = each.value
  profile     = "one_way"
  template    = template.lesson
}
