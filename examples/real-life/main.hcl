# What calendars really look like after ten years and four applications, and what Accord makes of it:
#
#   company   two events without UID, one at a floating time, one in a Windows time zone, one file that was cut off,
#             and one in a time zone that nobody knows
#   import    forty events that an export gave one and the same UID
#   empty     a calendar with nothing in it
#   staff     three people, of whom one is about to leave
#
# Everything that can be understood is copied, everything else is named with its file and its reason, and nothing is lost.
#
# Run it:   go run ./cmd/accord -chdir examples/real-life apply -auto-approve
#           It ends with exit code 3: partly done, because of the two events that cannot be understood.
# Then try: accord plan -var='people=["alice","bob"]': carol left, and her copies go with her.
#           Mend calendars/company/cut-off.ics (END:VEVENT and END:VCALENDAR are missing), and apply again.

accord {
  workspace = "real-life"
}

variable "people" {
  type    = set(string)
  default = ["alice", "bob", "carol"]
}

provider "vdir" "local" {
  path     = "calendars"
  timezone = "Europe/London" # of events that do not say where they take place
}

folder "company" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "company"
  access   = "read"
}

folder "import" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "import"
  access   = "read"
}

folder "empty" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "empty"
}

folder "archive" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "archive"
  create   = true
}

folder "staff" {
  for_each = var.people
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "staff/${each.key}"
  create   = true
}

relationship "company_to_staff" {
  for_each    = folder.staff
  source      = folder.company
  destination = each.value
  profile     = "one_way"
}

relationship "import_to_archive" {
  source      = folder.import
  destination = folder.archive
  profile     = "one_way"
}

relationship "empty_to_archive" {
  source      = folder.empty
  destination = folder.archive
  profile     = "one_way"
}
