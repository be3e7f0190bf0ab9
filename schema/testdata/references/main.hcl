accord { workspace = "references" }

locals {
  a     = local.b
  b     = "${local.c}!"
  c     = local.a
  root  = "data"
  lower = lowr("X")
  kinds = { cal = "calendar" }
}

provider "disk" "local" { path = local.root }
provider "dsik" "other" { path = "x" }

folder "a" {
  provider = provider.disk.local
  kind     = local.kinds.cal
  path     = local.missing
}

folder "b" {
  provider = provider.disk.locl
  kind     = "calendar"
  path     = "b"
}

folder "c" {
  provider = folder.a
  kind     = "calender"
  path     = "c"
}

folder "d" {
  provider = provider.dsik.other
  kind     = "calendar"
  path     = "d"
}

folder "e" {
  provider = provider.disk.local
  kind     = local.kinds.cal
  path     = "e"
}

folder "e" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "e2"
}

folder "f" {
  provider = provider.disk
  kind     = "calendar"
  path     = item.summary
}

folder "g" {
  provider = provider.disk.local
  kind     = local.kinds.cal
  path     = "g"
}

relationship "x" {
  source      = folder.e["k"]
  destination = foldr.a
  profile     = "one_way"
}

relationship "y" {
  source      = folder.e
  destination = folder.g
  profile     = "one_way"
  filter      = lenght(item.categories) > 0
}

relationship "z" {
  source      = folder.g
  destination = folder.e
  profile     = "one_way"
  filter      = source.labls.team == "x"
}

relationship "w" {
  source      = "folder.e"
  destination = folder.g.path
  profile     = "one_way"
  filter      = item.summary
}

relationship "v" {
  source      = folder.e
  destination = null
  profile     = null
  template    = folder.g
}

relatonship "typo" {}

data "sql" "roster" {}
