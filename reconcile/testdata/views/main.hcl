# Templates and filters that the random workspaces of the tests choose from.

accord { workspace = "office" }

provider "memory" "office" { store = "office" }

folder "source" {
  provider = provider.memory.office
  kind     = "calendar"
  name     = "source"
}

folder "copy" {
  for_each = toset(["filtered", "prefixed", "set", "busy"])
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
