accord { workspace = "office" }

variable "region" {
  type    = string
  default = "north"
}
locals {
  people = ["anna", "ben"]
}
provider "disk" "local" { path = "data" }
folder "company" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "company"
}
folder "staff" {
  for_each = toset(local.people)
  provider = provider.disk.local
  kind     = "calendar"
  path     = "staff/${each.key}"
}
folder "desk" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "desk"
}
folder "book" {
  provider = provider.disk.local
  kind     = "contacts"
  path     = "book"
}
template "view" { kind = "calendar" }
policy "gentle" { profile = "one_way" }
