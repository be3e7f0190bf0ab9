accord { workspace = "foreach" }

variable "secret_names" {
  type      = set(string)
  default   = ["x"]
  sensitive = true
}

locals {
  rooms = { north = "n", south = null }
}

provider "disk" "site" {
  for_each = toset(["london", "paris"])
  path     = each.key
}

folder "room" {
  for_each = local.rooms
  provider = provider.disk.site["london"]
  kind     = "calendar"
  path     = each.value
}

folder "hall" {
  for_each = toset(["paris"])
  provider = provider.disk.site[each.key]
  kind     = "calendar"
  path     = "hall"
  labels   = { city = each.key }
}

folder "empty" {
  for_each = toset([])
  provider = provider.disk.site["paris"]
  kind     = "calendar"
  path     = each.key
}

folder "by_list" {
  for_each = ["a"]
  provider = provider.disk.site["paris"]
  kind     = "calendar"
  path     = each.key
}

folder "by_null" {
  for_each = null
  provider = provider.disk.site["paris"]
  kind     = "calendar"
  path     = each.key
}

folder "by_secret" {
  for_each = var.secret_names
  provider = provider.disk.site["paris"]
  kind     = "calendar"
  path     = each.key
}

folder "no_key" {
  for_each = toset(["", "a"])
  provider = provider.disk.site["paris"]
  kind     = "calendar"
  path     = "no_key/${each.key}"
}

folder "no_each" {
  provider = provider.disk.site["paris"]
  kind     = "calendar"
  path     = "x/${each.key}"
}

folder "typo" {
  for_each = toset(["a"])
  provider = provider.disk.site["paris"]
  kind     = "calendar"
  path     = "typo/${each.ky}"
}

folder "no_site" {
  provider = provider.disk.site["rome"]
  kind     = "calendar"
  path     = "rome"
}

relationship "by_folder" {
  for_each    = folder.room
  source      = folder.hall["paris"]
  destination = each.value
  profile     = "one_way"
}

relationship "by_map" {
  for_each    = { p = folder.hall["paris"], n = folder.room["north"] }
  source      = folder.room["south"]
  destination = each.value
  profile     = "one_way"
  enabled     = each.key != "p"
  filter      = item.summary != each.key && destination.name != "x" && try(destination.labels.city, "") == ""
}

relationship "by_one" {
  for_each    = folder.typo["a"]
  source      = folder.hall["paris"]
  destination = folder.room["north"]
  profile     = "one_way"
}

relationship "by_single" {
  for_each    = folder.plain
  source      = folder.hall["paris"]
  destination = folder.room["north"]
  profile     = "one_way"
}

folder "plain" {
  provider = provider.disk.site["paris"]
  kind     = "calendar"
  path     = "plain"
}

relationship "whole_block" {
  source      = folder.hall
  destination = folder.plain
  profile     = "one_way"
}

relationship "none" {
  for_each    = folder.empty
  source      = folder.plain
  destination = each.value
  profile     = "one_way"
}
