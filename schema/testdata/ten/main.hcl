accord {
  workspace = "ten"
}

provider "disk" "local" {
  path = "data"
}

folder "company" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "company"
  access   = "read"
}

folder "anna" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "anna"
  colour   = "blue" # mistake 1: unknown attribute
}

folder "again" { # mistake 2: the same physical folder
  provider = provider.disk.local
  kind     = "calendar"
  path     = "./company"
}

folder "people" {
  provider = provider.disk.local
  kind     = "contacts"
  path     = "people"
}

relationship "unknown" {
  source      = folder.compny # mistake 3: unknown reference
  destination = folder.anna
  profile     = "one_way"
}

relationship "kinds" {
  source      = folder.company
  destination = folder.people # mistake 4: another kind
  profile     = "one_way"
}

relationship "self" {
  source      = folder.anna
  destination = folder.anna # mistake 5: source = destination
  profile     = "one_way"
}

relationship "first" {
  source      = folder.company
  destination = folder.anna
  profile     = "one_way"
  filter      = item.sumary != "" # mistake 6: unknown attribute of an item
}

relationship "write" {
  source      = folder.anna
  destination = folder.company # mistake 7: access = "read"
  profile     = "one_way"
}

relationship "word" {
  source      = folder.again
  destination = folder.anna
  profile     = "one_way"
  existing    = "adopted" # mistake 8: no such value
}

relationship "twin" {
  source      = folder.again # mistake 9: as word
  destination = folder.anna
  profile     = "one_way"
}

moved { # mistake 10: a cycle
  from = relationship.a
  to   = relationship.b
}

moved {
  from = relationship.b
  to   = relationship.a
}
