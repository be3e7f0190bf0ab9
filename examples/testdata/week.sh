# A workspace that was applied, and a week in which people did things: what docs/reading-a-plan.md shows a plan of.
mkdir -p week/data/company week/data/rota week/data/rooms week/data/anna
event() { # FOLDER NAME TITLE START [PROPERTY…]
  { printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\nBEGIN:VEVENT\r\nUID:%s@example.com\r\nDTSTAMP:20261101T090000Z\r\n' "${2%%.*}"
    printf 'DTSTART;TZID=Europe/London:%s\r\nDURATION:PT1H\r\nSUMMARY:%s\r\n' "$4" "$3"
    [ $# -lt 5 ] || printf '%s\r\n' "${@:5}"
    printf 'END:VEVENT\r\nEND:VCALENDAR\r\n'; } > "week/data/$1/$2.ics"
}
workspace() { # the relationships that are there
  cat > week/main.hcl <<'END'
accord {
  workspace = "week"
}
provider "vdir" "local" {
  path = "data"
}
folder "company" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "company"
}
folder "rota" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "rota"
}
folder "rooms" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "rooms"
}
folder "anna" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "anna"
}
folder "ben" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "ben"
  create   = true
}
relationship "company_to_anna" {
  source      = folder.company
  destination = folder.anna
  profile     = "one_way"
  conflict    = "manual"
  filter      = !contains(item.categories, "Draft")
  on_source { delete = "mark" }
  on_destination { edit = "propagate" }
}
relationship "rooms_to_anna" {
  source      = folder.rooms
  destination = folder.anna
  profile     = "one_way"
}
END
  cat >> week/main.hcl
}
event company all-hands 'All-hands' 20270120T150000 'DESCRIPTION:Agenda\n1. The year\n2. The new office\n3. Questions'
event company stand-up 'Stand-up' 20270104T091500 'RRULE:FREQ=WEEKLY;BYDAY=MO,TH' 'LOCATION:Room 4'
event company review 'Review' 20270118T100000
event company offsite 'Off-site' 20270301T090000
event company outing 'Outing' 20270605T090000
event company budget 'Budget' 20270111T140000 'LOCATION:Room 4'
for day in 11 12 13 14 15 18; do event rooms "booking-$day" "Booking $day" "202701${day}T080000" 'LOCATION:Room 4'; done
event rota late 'Late shift' 20270112T180000
workspace <<'END'
relationship "rota_to_anna" {
  source      = folder.rota
  destination = folder.anna
  profile     = "one_way"
  on_remove   = "release"
}
END
accord -chdir week apply -auto-approve > /dev/null
copy() { grep -l "SUMMARY:$1" week/data/anna/accord-r-*; }
workspace <<'END'
relationship "company_to_ben" {
  source      = folder.company
  destination = folder.ben
  profile     = "one_way"
  filter      = item.location == "Room 4"
}
END
event company all-hands 'All-hands' 20270121T150000 'DESCRIPTION:Agenda\n1. The year\n2. The new office, and who moves when\n3. Questions'
event company stand-up 'Stand-up' 20270104T091500 'RRULE:FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270630T000000Z' 'LOCATION:Room 4'
event company offsite 'Off-site' 20270301T090000 CATEGORIES:Draft
event company budget 'Budget' 20270111T140000 'LOCATION:Room 5'
event company party 'Summer party' 20270702T170000
event company fire-drill 'Fire drill' 20270301T110000
event company works-council 'Works council' 20270311T130000
event anna fire-drill 'Fire drill' 20270301T110000
event anna works-council 'Works council' 20270311T130000 'LOCATION:Room 2'
event anna works-council.copy 'Works council' 20270311T140000
event anna dentist 'Dentist' 20270115T080000
sed -i 's/LOCATION:Room 4/LOCATION:Cellar/' "$(copy Budget)"
sed -i 's/SUMMARY:Review/SUMMARY:Review of the year/' "$(copy Review)"
sed -i 's/Room 4/Room 5/' week/data/rooms/*
rm week/data/company/outing.ics
printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n' > week/data/company/cut-off.ics
