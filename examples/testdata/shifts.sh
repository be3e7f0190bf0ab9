# A workspace with twenty shifts that were copied to Anna, of which nine are deleted: what docs/guards-and-alerts.md begins with.
mkdir -p office/data/rota office/data/anna
for n in $(seq 1 20); do
  printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\nBEGIN:VEVENT\r\nUID:shift-%d@example.com\r\nDTSTAMP:20261101T090000Z\r\nDTSTART:202701%02dT080000Z\r\nDURATION:PT8H\r\nSUMMARY:Shift %d\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' \
    "$n" "$n" "$n" > "office/data/rota/shift-$(printf %02d "$n").ics"
done
cat > office/main.hcl <<'END'
accord {
  workspace = "office"
}
provider "vdir" "local" {
  path = "data"
}
folder "rota" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "rota"
}
folder "anna" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "anna"
}
relationship "rota_to_anna" {
  source      = folder.rota
  destination = folder.anna
  profile     = "one_way"
}
END
accord -chdir office apply -auto-approve > /dev/null
mkdir taken
mv office/data/rota/shift-0* taken
