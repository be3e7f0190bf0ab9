# What .ci/bench and .ci/bench-dav measure with. Sourced by bash in the directory of the project; $work is gone when the script ends.

# require TOOL…: leaves when something is not on this machine.
require() {
  local tool
  for tool in "$@"; do
    if ! type -P "$tool" >/dev/null; then
      echo "$(basename "$0"): skipped: there is no $tool on this machine (apt-get install $tool)" >&2
      exit 0
    fi
  done
}

# events DIR N: N events of about 700 bytes, one a file, named after their UIDs as programs make them.
events() {
  mkdir -p "$1"
  awk -v dir="$1" -v n="$2" 'BEGIN {
    for (i = 1; i <= n; i++) {
      uid = sprintf("%08x-%04x-4%03x-8%03x-%012x", i * 2654435761 % 4294967296, i % 65536, i % 4096, i * 7 % 4096, i * 40503)
      file = dir "/" uid ".ics"
      day = sprintf("2027%02d%02dT%02d", i % 12 + 1, i % 28 + 1, i % 23)
      printf "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar 1.0//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\n", uid > file
      printf "DTSTAMP:20260101T080000Z\r\nLAST-MODIFIED:20260101T080000Z\r\nDTSTART:%s0000Z\r\nDTEND:%s3000Z\r\n", day, day > file
      printf "SUMMARY:Meeting %d of the year\r\nLOCATION:Room %d\\, second floor\r\n", i, i % 40 > file
      printf "CATEGORIES:Team,Planning\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n" > file
      printf "DESCRIPTION:What there is to say about meeting %05d: bring the minutes of th\r\n", i > file
      printf " e last one\\, read the papers that were sent around\\, and think about what\r\n" > file
      printf "  should be decided before the summer. The room has a screen and a telepho\r\n" > file
      printf " ne. Guests wait at the desk.\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\n" > file
      printf "DESCRIPTION:Reminder\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n" > file
      close(file)
    }
  }'
}

# timed FILE COMMAND...: adds the seconds and the peak memory (kB) of a run to FILE.
timed() {
  local file=$1 began ended
  shift
  sync -f "$work"
  began=$EPOCHREALTIME
  command time -o "$work/peak" -f "%M" "$@" >/dev/null
  ended=$EPOCHREALTIME
  awk -v began="$began" -v ended="$ended" '{ print ended - began, $1 }' "$work/peak" >>"$file"
}

# median FILE COLUMN
median() { sort -n -k"$2,$2" "$1" | awk -v column="$2" '{ v[NR] = $column } END { print v[int((NR + 1) / 2)] }'; }

# row NAME FIGURE LIMIT UNIT: a line of the verdict. failed is 1 once a figure is above its limit.
failed=0
row() {
  local verdict=ok
  if awk -v a="$2" -v b="$3" 'BEGIN { exit !(a > b) }'; then
    verdict="TOO MUCH"
    failed=1
  fi
  printf '%-52s %9.2f  at most %5s %-6s %s\n' "$1" "$2" "$3" "$4" "$verdict"
}

# ratio FILE FILE: of the medians of their seconds.
ratio() { awk -v a="$(median "$1" 1)" -v b="$(median "$2" 1)" 'BEGIN { print a / b }'; }

work=$(mktemp -d "${TMPDIR:-/tmp}/accord-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
