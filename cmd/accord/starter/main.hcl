# A workspace: which folders there are, and what holds between them.
#
#   accord validate    checks this file
#   accord plan        shows what would be done, and does nothing
#   accord apply       does it

accord {
  workspace = "my-calendars" # part of every mark that Accord leaves on a copy: choose it once
}

# Folders are directories below data, with one .ics file per event.
provider "vdir" "local" {
  path = "data"
}

# Everybody's events. Accord never writes here.
folder "company" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "company"
  access   = "read"
}

# One calendar per person. Add a name, and the next apply fills a new calendar.
folder "staff" {
  for_each = toset(["alice", "bob"])
  provider = provider.vdir.local
  kind     = "calendar"
  path     = each.key
  create   = true
}

# Each person gets a copy of each company event. Whatever happens to the copies, the company's calendar wins.
relationship "company_to_staff" {
  for_each    = folder.staff
  source      = folder.company
  destination = each.value
  profile     = "one_way"
}
