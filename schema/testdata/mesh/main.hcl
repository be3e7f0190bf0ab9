accord { workspace = "mesh" }

provider "disk" "local" { path = "d" }

folder "anna" {
  provider = provider.disk.local
  kind     = "contacts"
  path     = "anna"
}
folder "ben" {
  provider = provider.disk.local
  kind     = "contacts"
  path     = "ben"
}
folder "cleo" {
  provider = provider.disk.local
  kind     = "contacts"
  path     = "cleo"
  access   = "read"
}
folder "team" {
  for_each = toset(["x", "y", "z"])
  provider = provider.disk.local
  kind     = "contacts"
  path     = "team/${each.key}"
}
folder "calendar" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "calendar"
}

template "plain" {
  kind   = "contacts"
  prefix = { summary = "[M] " }
}

mesh "partners" {
  folders = [folder.anna, folder.ben]
  profile = "two_way"
  member "the_x" {
    folder   = folder.team["x"]
    filter   = item.summary != ""
    template = template.plain
  }
}

mesh "team" {
  folders = folder.team
  profile = "two_way"
  on_destination { edit = "preserve" }
}

mesh "read_only" {
  folders = [folder.anna, folder.cleo]
  profile = "two_way"
}

mesh "kinds" {
  folders = [folder.ben, folder.calendar]
  profile = "two_way"
}

mesh "twice" {
  folders = [folder.ben, folder.ben]
  profile = "two_way"
}

mesh "one" {
  folders = [folder.ben]
  profile = "two_way"
}

mesh "nobody" {
  profile = "two_way"
}

mesh "no_profile" {
  folders = [folder.team["x"], folder.cleo2]
}

relationship "held_already" {
  source      = folder.anna
  destination = folder.ben
  profile     = "one_way"
}

relationship "lone" {
  source      = folder.ben
  destination = folder.team["x"]
  profile     = "two_way"
  filter      = item.summary == "x"
}

relationship "really_lone" {
  source      = folder.team["y"]
  destination = folder.ben
  profile     = "two_way"
}
