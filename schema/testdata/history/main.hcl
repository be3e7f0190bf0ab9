accord { workspace = "history" }

provider "disk" "local" { path = "d" }
folder "a" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "a"
}
folder "b" {
  for_each = toset(["x", "y"])
  provider = provider.disk.local
  kind     = "calendar"
  path     = "b/${each.key}"
}
relationship "now" {
  for_each    = folder.b
  source      = folder.a
  destination = each.value
  profile     = "one_way"
}

moved {
  from = relationship.before
  to   = relationship.now
}
moved {
  from = relationship.now["z"]
  to   = relationship.now["x"]
}
moved {
  from = folder.old
  to   = folder.a
}
moved {
  from = relationship.now
  to   = relationship.before2
}
moved {
  from = relationship.before3
  to   = relationship.nwo
}
moved {
  from = relationship.one
  to   = relationship.two
}
moved {
  from = relationship.two
  to   = relationship.three
}
moved {
  from = relationship.three
  to   = relationship.one
}
moved {
  from = relationship.same
  to   = relationship.same
}
moved {
  from = relationship.before
  to   = folder.a
}
moved {
  from = local.x
  to   = relationship.now
}
removed {
  from      = relationship.gone
  on_remove = "release"
}
removed {
  from = relationship.now
}
removed {
  from      = mesh.gone["a/b"]
  on_remove = "keep"
}
