# What the office has to do this month, on the telephone. What is overdue stays there until it is done, and what is done goes.
#
# Of a task its start, its due date and its completion count: it is in the window from the first of them to the last. One that has none of them is always in.
# The edge moves on with the clock: a task is copied 31 days before it is to be started, or is due.

accord {
  workspace = "tasks-this-month"
}

provider "vdir" "local" {
  path = "tasks"
}

folder "office" {
  provider = provider.vdir.local
  kind     = "tasks"
  path     = "office"
}

folder "phone" {
  provider = provider.vdir.local
  kind     = "tasks"
  path     = "phone"
  create   = true
}

# What is ticked off on the telephone is done in the office, too; tasks that begin on the telephone stay there.
relationship "office_to_phone" {
  source      = folder.office
  destination = folder.phone
  profile     = "two_way"
  filter      = !contains(["completed", "cancelled"], item.status)

  window {
    future = "31d" # no edge in the past: who is late with a task would lose sight of it
  }
}
