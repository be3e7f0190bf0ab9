# One calendar that a team shares, and a copy of it in the calendars of two people.
#
# Run it:      go run ./cmd/accord -chdir examples/quickstart apply -auto-approve
# Run it again: nothing changes.
# Then try:    change a title in calendars/team, delete an event there, or change one in calendars/anna,
#              and see what accord plan says.

accord {
  workspace = "quickstart"
}

# Folders are directories below calendars, with one .ics file per event.
provider "vdir" "local" {
  path = "calendars"
}

# What the team does. Accord never writes here.
folder "team" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "team"
  access   = "read"
}

folder "anna" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "anna"
  create   = true
}

folder "ben" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "ben"
  create   = true
}

relationship "team_to_anna" {
  source      = folder.team
  destination = folder.anna
  profile     = "one_way"
}

relationship "team_to_ben" {
  source      = folder.team
  destination = folder.ben
  profile     = "one_way"
}
