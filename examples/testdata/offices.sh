# Two offices that became one firm, and hold much the same: what docs/first-syncs.md joins.
mkdir -p offices/data/{north,south,cards-north,cards-south}
event() { # FOLDER NAME UID TITLE START [PROPERTY…]
  { printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20261101T090000Z\r\n' "$3"
    printf 'DTSTART;TZID=Europe/London:%s\r\nDURATION:PT1H\r\nSUMMARY:%s\r\n' "$5" "$4"
    [ $# -lt 6 ] || printf '%s\r\n' "${@:6}"
    printf 'END:VEVENT\r\nEND:VCALENDAR\r\n'; } > "offices/data/$1/$2.ics"
}
contact() { # FOLDER NAME UID PROPERTY…
  { printf 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:%s\r\n' "$3"
    printf '%s\r\n' "${@:4}"
    printf 'END:VCARD\r\n'; } > "offices/data/$1/$2.vcf"
}
event north all-hands all-hands@example.com 'All-hands' 20270120T150000
event south all-hands all-hands@example.com 'All-hands' 20270120T150000
event north fire-drill 7f31@north.example 'Fire drill' 20270301T110000 'LOCATION:Yard'
event south fire-drill 0c52@south.example 'Fire Drill' 20270301T110000 'LOCATION:Yard'
event north party 7f32@north.example 'Summer party' 20270702T170000 'LOCATION:Boat house'
event south party 0c53@south.example 'Summer party' 20270702T170000 'DESCRIPTION:Bring somebody you like.'
event north budget 7f33@north.example 'Budget' 20270111T140000
event north stocktaking 7f34@north.example 'Stocktaking' 20270331T080000
event south stocktaking-a 0c54@south.example 'Stocktaking' 20270331T080000 'LOCATION:Cellar'
event south stocktaking-b 0c55@south.example 'Stocktaking' 20270331T080000 'LOCATION:Shop'
event north outing 7f35@north.example 'Outing' 20270605T090000
event south outing 0c56@south.example 'Outing' 20270605T100000
contact cards-north lindqvist 91a0 'FN:Doris Lindqvist' 'N:Lindqvist;Doris;;;' 'TEL;TYPE=WORK:+44 20 7946 0999' 'ORG:Harbour Print'
contact cards-south lindqvist 3e77 'FN:Lindqvist\, Doris' 'N:Lindqvist;Doris;;;' 'TEL;TYPE=WORK:020 7946 0999' 'EMAIL:doris@harbourprint.example'
contact cards-north novak 91a1 'FN:Tomas Novak' 'N:Novak;Tomas;;;' 'EMAIL:tomas@novak.example'
contact cards-south novak 3e78 'FN:Tomas Novak' 'N:Novak;Tomas;;;' 'EMAIL:novak@carpenters.example'
