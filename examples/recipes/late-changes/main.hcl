# A depot's calendar for its drivers. Who looked at it yesterday has to notice what changed since.
#
# What changes, or is cancelled or deleted, less than two days before it begins is marked in the copy. When its time has passed, a changed event loses its
# marks, and a cancelled one goes. What changes earlier than that is carried over and not marked.

accord {
  workspace = "late-changes"
}

provider "vdir" "local" {
  path = "calendars"
}

folder "depot" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "depot"
  access   = "read"
}

folder "drivers" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "drivers"
  create   = true
}

template "for_drivers" {
  kind = "calendar"

  late {
    within = "2d"
    fields = ["start", "location"] # another end or another note is no reason to worry anybody

    changed {
      prefix   = "[Changed] "
      color    = "orange"
      reminder = "2h" # beside those that it has
    }
    cancelled {
      prefix = "[Cancelled] "
      color  = "red"
    }
  }
}

relationship "depot_to_drivers" {
  source      = folder.depot
  destination = folder.drivers
  profile     = "one_way"
  template    = template.for_drivers
}
