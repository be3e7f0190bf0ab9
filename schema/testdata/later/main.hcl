# What time decides, and what templates leave to others: all of it sound.
accord { workspace = "later" }

variable "notice" {
  type    = string
  default = "2d"
}

provider "disk" "local" { path = "d" }

folder "office" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "office"
}
folder "staff" {
  for_each = toset(["anna", "ben"])
  provider = provider.disk.local
  kind     = "calendar"
  path     = "staff/${each.key}"
}
folder "wall" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "wall"
}
folder "todo" {
  provider = provider.disk.local
  kind     = "tasks"
  path     = "todo"
}
folder "done" {
  provider = provider.disk.local
  kind     = "tasks"
  path     = "done"
}

policy "shared" {
  profile  = "one_way"
  coalesce = "uid"
  on_destination { delete = "prune" }
  window {
    past           = "7d"
    recurring_past = "0d"
    future         = "26w"
  }
}

template "board" {
  kind    = "calendar"
  owned   = ["alarms"]
  trigger = ["summary", "minutes", "extra"]
  set {
    extra = { "X-BOARD" = relationship.key, "X-OLD" = null }
  }
  category "Board meeting" { color = "red" }
  category "Trip" { color = "green" }
  late {
    within = var.notice
    fields = ["start", "all_day"]
    changed {
      prefix   = "[Changed] "
      category = "Changed"
      color    = "orange"
    }
    cancelled { prefix = "[Cancelled] " }
  }
}
template "tasks" {
  kind = "tasks"
  late {
    within = "1d"
    changed { reminder = "1h" }
  }
}

relationship "to_wall" {
  for_each    = folder.staff
  source      = each.value
  destination = folder.wall
  policy      = policy.shared
  template    = template.board
}
relationship "alone" {
  source      = folder.office
  destination = folder.wall
  profile     = "one_way"
  coalesce    = "uid"
  filter      = item.summary != ""
  settle      = "5m"
  on_destination { delete = "prune" }
  window {
    from = "2027-01-05"
    to   = "2027-03-24"
  }
}
relationship "apart" { # it shares nothing: its policies are its own
  source      = folder.office
  destination = folder.staff["anna"]
  profile     = "one_way"
  coalesce    = "uid"
}
relationship "tasks" {
  source      = folder.todo
  destination = folder.done
  profile     = "two_way"
  template    = template.tasks
  window { future = "31d" }
}
