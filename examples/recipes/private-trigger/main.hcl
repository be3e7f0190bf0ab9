# Anna's calendar for her colleagues. Where a title begins with "*", or the event is private, they see that she is busy; of all else, everything.
#
# A star is quickly typed on a telephone, where many calendars do not offer to make an event private.

accord {
  workspace = "private-trigger"
}

provider "vdir" "local" {
  path = "calendars"
}

folder "anna" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "anna"
  access   = "read"
}

folder "team" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "team"
  create   = true
}

template "open" {
  kind   = "calendar"
  prefix = { summary = "Anna: " }
}

template "hidden" {
  kind    = "calendar"
  privacy = "busy"
  set {
    summary = "Anna is busy" # sees what privacy let through, and could not say more by mistake
  }
}

# The template is chosen for each event, and again whenever it changes: who adds a star later hides what was shown before.
relationship "anna_to_team" {
  source      = folder.anna
  destination = folder.team
  profile     = "one_way"
  template    = startswith(item.summary, "*") || item.private ? template.hidden : template.open
}
