# The appointments of a law practice, in the table of its case system and in the office's calendar. Whoever changes one, there or here, changes the other.
#
#   cases.db    the case system's database: an SQLite file, which cases.sql makes
#   calendars   the calendar
#
# Make the database:  go run ./examples/internal/sqlite examples/case-system/cases.db <examples/case-system/cases.sql
# Then run it:        go run ./cmd/accord -chdir examples/case-system plan
# Or see it at work:  examples/case-system/play, which README.md walks through.

accord {
  workspace = "case-system"
}

variable "driver" {
  type    = string
  default = "sqlite" # or postgres
}

variable "dsn" {
  type      = string
  default   = "cases.db"
  sensitive = true
}

provider "sql" "cases" {
  driver   = var.driver
  dsn      = var.dsn
  timezone = "Europe/London" # of the times in the table, which say none
}

provider "vdir" "local" {
  path = "calendars"
}

# The application knows nothing of Accord. Its table has a version, which every change makes greater: what somebody is just changing there is not overwritten.
folder "appointments" {
  provider = provider.sql.cases
  kind     = "calendar"

  query   = "select id, uid, matter, note, place, starts_at, ends_at, version from appointment"
  key     = ["id"]
  version = "version"

  fields {
    uid         = coalesce(row.uid, "appointment-${row.id}@cases.example.com")
    summary     = row.matter
    description = row.note
    location    = row.place
    start       = row.starts_at
    end         = row.ends_at
  }

  insert = <<-SQL
    insert into appointment (uid, matter, note, place, starts_at, ends_at)
    values (:uid, :summary, :description, :location, :start, :end)
    returning id
  SQL
  update = <<-SQL
    update appointment
    set matter = :summary, note = :description, place = :location, starts_at = :start, ends_at = :end, version = version + 1
    where id = :key and version = :version
  SQL
  delete = "delete from appointment where id = :key and version = :version"
}

folder "office" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "office"
  timezone = "Europe/London"
}

# The case system calls an appointment after its matter, and notes what it is about. In the calendar it is the other way round.
template "matter_below" {
  kind = "calendar"
  swap = ["summary", "description"]
}

mesh "appointments" {
  profile = "two_way"

  member "cases" {
    folder   = folder.appointments
    template = template.matter_below
  }

  member "office" {
    folder   = folder.office
    template = template.matter_below
    filter   = !item.all_day && !item.recurring # the table has no place for these
  }
}
