# The choir's calendar, copied to Anna. When she is reminded is hers to say.
#
# A field under owned is written once, when the copy is made, and never overwritten: the original may change as often as it likes.

accord {
  workspace = "own-reminders"
}

provider "vdir" "local" {
  path = "calendars"
}

folder "choir" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "choir"
  access   = "read"
}

folder "anna" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "anna"
  create   = true
}

template "for_singers" {
  kind  = "calendar"
  owned = ["alarms", "color"]
}

# All other fields follow the choir: with one_way, what Anna changes in them is set back.
relationship "choir_to_anna" {
  source      = folder.choir
  destination = folder.anna
  profile     = "one_way"
  template    = template.for_singers
}
