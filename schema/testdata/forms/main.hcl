accord {
  workspace = "forms"
  state "pebble" { path = "state-${var.region}" }
  guard {
    max_deletes = "20%"
    max_leavers = 5
  }
}

variable "region" {
  type        = string
  default     = "north"
  description = "Where \"people\" are: $${not} a template."
  validation {
    condition     = contains(["north", "south"], var.region)
    error_message = "It is north or south."
  }
}
variable "office" {
  type    = object({ name = string, floors = optional(list(number), [1, 2]) })
  default = { name = "Main" }
}
variable "secret" {
  sensitive = true
  default   = "x"
}

locals {
  title  = "[${var.office.name}] "
  people = { anna = { kind = "calendar", hours = 40 }, ben = { kind = "calendar", hours = 0.5 } }
  long   = <<EOT
One "line",
and another: ${var.region}.
EOT
}

provider "disk" "local" {
  path     = "data"
  password = var.secret
  timezone = "Europe/Paris"
}

folder "company" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "company"
  labels   = { floor = var.office.floors[1], "spaced key" = local.long }
}
folder "staff" {
  for_each = local.people
  provider = provider.disk.local
  kind     = each.value.kind
  path     = "staff/${each.key}"
  create   = true
}

template "view" {
  kind    = "calendar"
  privacy = item.private || contains(item.categories, "Private") ? "busy" : "full"
  prefix  = { description = "Copied: " }
  set {
    summary    = "${local.title}${upper(item.summary)} (${item.minutes} min) \"quoted\""
    location   = null
    categories = [item.class, "Copy", relationship.name]
    url        = item.url
  }
}
template "plain" { kind = "calendar" }

policy "gentle" {
  profile = "one_way"
  on_source { delete = "keep" }
}

relationship "down" {
  for_each    = folder.staff
  source      = folder.company
  destination = each.value
  policy      = policy.gentle
  template    = item.private ? template.view : template.plain
  filter      = item.summary != each.key && length([for c in item.categories : c if c != local.title]) == 0
  guard { max_adds = 100 }
  schedule { every = "15m" }
  labels = { hours = local.people[each.key].hours }
}

mesh "team" {
  profile = "two_way"
  member "anna" {
    folder = folder.staff["anna"]
    filter = item.status != "CANCELLED"
  }
  member "ben" { folder = folder.staff["ben"] }
  on_leaver { originals = "rehome" }
}

moved {
  from = relationship.old["a b"]
  to   = relationship.down["anna"]
}
moved {
  from = folder.office
  to   = folder.company
}
removed {
  from      = relationship.gone
  on_remove = "release"
}
