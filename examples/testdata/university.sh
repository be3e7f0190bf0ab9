# Seven students have the lessons of their groups. Then a hall is renamed, one joins, one leaves, and one moves to another group: what docs/reading-a-plan.md
# shows a plan of.
mkdir -p university/data/groups/algebra university/data/groups/botany
lesson() { # GROUP NAME TITLE START LOCATION
  { printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Timetable//EN\r\nBEGIN:VEVENT\r\nUID:%s@example.com\r\nDTSTAMP:20261101T090000Z\r\n' "$2"
    printf 'DTSTART;TZID=Europe/London:%s\r\nDURATION:PT1H\r\nSUMMARY:%s\r\nLOCATION:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' "$4" "$3" "$5"; } > "university/data/groups/$1/$2.ics"
}
students() { # LOGIN GROUP …
  { echo login,group; printf '%s,%s\n' "$@"; } > university/students.csv
}
cat > university/main.hcl <<'END'
accord {
  workspace = "university"
}
locals {
  students = { for s in csvdecode(file("students.csv")) : s.login => s }
}
provider "vdir" "local" {
  path = "data"
}
folder "group" {
  for_each = toset(["algebra", "botany"])
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "groups/${each.key}"
  access   = "read"
}
folder "student" {
  for_each = local.students
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "students/${each.key}"
  create   = true
}
relationship "lessons" {
  for_each    = local.students
  source      = folder.group[each.value.group]
  destination = folder.student[each.key]
  profile     = "one_way"
}
END
lesson algebra algebra-1 'Algebra 1' 20270111T090000 'Hall A'
lesson algebra algebra-2 'Algebra 2' 20270118T090000 'Hall A'
lesson botany botany-1 'Botany 1' 20270112T140000 'Greenhouse'
students ann algebra ben algebra cleo algebra dora algebra emil algebra fred algebra gwen algebra
accord -chdir university apply -auto-approve > applied.txt
lesson algebra algebra-1 'Algebra 1' 20270111T090000 'Hall B'
lesson algebra algebra-2 'Algebra 2' 20270118T090000 'Hall B'
students ben botany cleo algebra dora algebra emil algebra fred algebra gwen algebra hugo algebra
