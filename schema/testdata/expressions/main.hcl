accord {
  workspace = "expressions"
  state "pebble" { path = "${var.where}/state" }
}

variable "where" { default = "/var/lib" }

locals {
  roster = { for r in csvdecode(file("roster.csv")) : r.id => r }
  sales  = { for key, f in folder.staff : key => f if f.labels.team == "sales" }
  team   = lookup({ a = "x" }, "b", "none")
}

provider "disk" "local" { path = "d" }

folder "hub" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "hub"
}

folder "staff" {
  for_each = local.roster
  provider = provider.disk.local
  kind     = "calendar"
  path     = each.value.path == "" ? null : "staff/${each.value.path}"
  labels   = { team = each.value.team, boss = null }
}

template "plain" {
  kind = "calendar"
  set { summary = "- ${item.summary}" }
}

template "for_sales" {
  kind = "calendar"
  set { summary = "+ ${item.summary}" }
}

policy "down" {
  profile  = "one_way"
  template = item.private ? template.plain : template.for_sales
  filter   = destination.labels.team != "none"
  guard { max_deletes = 3 }
}

relationship "all" {
  for_each    = { for key in keys(folder.staff) : key => key }
  source      = folder.hub
  destination = folder.staff[each.key]
  policy      = policy.down
}

relationship "sales" {
  for_each    = local.sales
  source      = folder.hub
  destination = each.value
  profile     = "one_way"
  template    = each.key == "1" ? template.plain : template.for_sales
  filter      = true
}

relationship "plain" {
  for_each    = toset(["1", "2"])
  source      = folder.staff["3"]
  destination = folder.staff[each.key]
  profile     = "one_way"
  enabled     = each.key == "1"
}

mesh "sales" {
  folders  = values(local.sales)
  profile  = "two_way"
  conflict = "newest"
}

mesh "listed" {
  folders = [for f in local.sales : f]
  profile = "two_way"
  filter  = length(item.categories) > 1 && anytrue([for c in item.categories : c == upper(c)])
}
