# A workspace in which Anna deleted one of five copies for good: what docs/state.md loses the state of.
mkdir -p office/data/company office/data/anna
for n in $(seq 1 5); do
  printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Calendar//EN\r\nBEGIN:VEVENT\r\nUID:talk-%d@example.com\r\nDTSTAMP:20261101T090000Z\r\nDTSTART:202701%02dT120000Z\r\nDURATION:PT1H\r\nSUMMARY:Talk %d\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' \
    "$n" "$n" "$n" > "office/data/company/talk-$n.ics"
done
cat > office/main.hcl <<'END'
accord {
  workspace = "office"
}
provider "vdir" "local" {
  path = "data"
}
folder "company" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "company"
}
folder "anna" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "anna"
}
relationship "company_to_anna" {
  source      = folder.company
  destination = folder.anna
  profile     = "one_way"
  on_destination { delete = "prune" }
}
END
accord -chdir office apply -auto-approve > /dev/null
rm "$(grep -l 'SUMMARY:Talk 3' office/data/anna/*)"
accord -chdir office apply -auto-approve > /dev/null
