# All that there is to draw: a cycle, two meshes that share a folder, many instances, a line from a block to itself, every state.
accord {
  workspace = "everything"
}

provider "vdir" "local" {
  path = "data"
}

folder "of" {
  for_each = toset(["a", "b", "c", "hub", "x", "y", "z", "anna", "ben", "cleo"])
  provider = provider.vdir.local
  kind     = "calendar"
  path     = each.key
}

folder "staff" {
  for_each = toset([for i in range(40) : format("p%02d", i)])
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "staff/${each.key}"
}

folder "lost" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = null
}

folder "alone" {
  provider = provider.vdir.local
  kind     = "tasks"
  path     = "alone"
}

relationship "two" {
  source      = folder.of["a"]
  destination = folder.of["b"]
  profile     = "two_way"
}

relationship "cycle" {
  source      = folder.of["b"]
  destination = folder.of["c"]
  profile     = "one_way"
}

relationship "closes_it" {
  source      = folder.of["c"]
  destination = folder.of["a"]
  profile     = "one_way"
}

relationship "blocked" {
  source      = folder.of["a"]
  destination = folder.of["x"]
  profile     = "one_way"
}

relationship "disabled" {
  source      = folder.of["x"]
  destination = folder.of["y"]
  profile     = "one_way"
  enabled     = false
}

relationship "paused" {
  source      = folder.of["c"]
  destination = folder.of["z"]
  profile     = "one_way"
}

relationship "far" {
  source      = folder.of["a"]
  destination = folder.of["z"]
  profile     = "one_way"
}

relationship "staff" {
  for_each    = folder.staff
  source      = folder.of["hub"]
  destination = each.value
  profile     = "one_way"
}

relationship "among_staff" {
  source      = folder.staff["p01"]
  destination = folder.staff["p02"]
  profile     = "one_way"
}

relationship "unresolved" {
  source      = folder.of["hub"]
  destination = folder.lost
  profile     = "one_way"
}

mesh "people" {
  folders = [folder.of["anna"], folder.of["ben"], folder.of["cleo"], folder.of["hub"]]
  profile = "two_way"
}

mesh "pair" {
  folders = [folder.of["anna"], folder.of["z"]]
  profile = "two_way"
}
