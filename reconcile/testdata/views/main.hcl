# Templates and filters that the random workspaces of the tests choose from.

accord { workspace = "office" }

provider "memory" "office" { store = "office" }

folder "source" {
  provider = provider.memory.office
  kind     = "calendar"
  name     = "source"
}

folder "copy" {
  for_each = toset(["filtered", "prefixed", "set", "busy", "owned", "triggered", "late", "chosen"])
  provider = provider.memory.office
  kind     = "calendar"
  name     = each.key
}

template "prefixed" {
  kind   = "calendar"
  prefix = { summary = "[C] " }
}

template "set" {
  kind = "calendar"
  set {
    summary  = "Seen: ${item.summary}"
    location = null
  }
}

template "busy" {
  kind    = "calendar"
  privacy = "busy"
}

relationship "filtered" {
  source      = folder.source
  destination = folder.copy["filtered"]
  profile     = "one_way"
  filter      = contains(item.categories, "work")
}

relationship "prefixed" {
  source      = folder.source
  destination = folder.copy["prefixed"]
  profile     = "one_way"
  template    = template.prefixed
  filter      = item.location != "away"
}

relationship "set" {
  source      = folder.source
  destination = folder.copy["set"]
  profile     = "one_way"
  template    = template.set
}

relationship "busy" {
  source      = folder.source
  destination = folder.copy["busy"]
  profile     = "one_way"
  template    = template.busy
}

template "owned" {
  kind  = "calendar"
  owned = ["location", "categories"]
}

template "triggered" {
  kind    = "calendar"
  trigger = ["summary", "start"]
}

template "late" {
  kind = "calendar"
  late {
    within = "2d"
    changed {
      prefix = "[Changed] "
      color  = "orange"
    }
    cancelled {
      prefix   = "[Cancelled] "
      category = "Cancelled"
    }
  }
}

relationship "owned" {
  source      = folder.source
  destination = folder.copy["owned"]
  profile     = "one_way"
  template    = template.owned
}

relationship "triggered" {
  source      = folder.source
  destination = folder.copy["triggered"]
  profile     = "one_way"
  template    = template.triggered
}

relationship "late" {
  source      = folder.source
  destination = folder.copy["late"]
  profile     = "one_way"
  template    = template.late
}

relationship "chosen" {
  source      = folder.source
  destination = folder.copy["chosen"]
  profile     = "one_way"
  template    = item.private ? template.busy : template.prefixed
}
