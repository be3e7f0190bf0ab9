accord { workspace = "data" }
variable "where" { default = "staff" }
provider "disk" "local" { path = "d" }
folder "hub" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "hub"
}

data "csv" "staff" {
  path      = "${var.where}.csv"
  key       = "id"
  delimiter = ";"
  guard {
    min_rows   = 2
    max_shrink = "20%"
  }
}
data "json" "people" {
  path = "people.json"
  key  = "id"
}
data "yaml" "rooms" {
  path = "rooms.yaml"
  guard { max_shrink = 5 }
}

folder "staff" {
  for_each = data.csv.staff.rows
  provider = provider.disk.local
  kind     = "calendar"
  path     = "staff/${each.key}-${each.value.name}-${each.value.email}"
}
folder "people" {
  for_each = { for id, p in data.json.people.rows : id => p if coalesce(p.floor, 0) + 1 == 3 && p.active }
  provider = provider.disk.local
  kind     = "calendar"
  path     = "people/${each.key}-${join("", each.value.tags)}"
}
folder "rooms" {
  for_each = data.yaml.rooms.rows
  provider = provider.disk.local
  kind     = "calendar"
  path     = "rooms/${each.key}-${each.value.seats * 2}-${coalesce(each.value.open, "?")}"
}
relationship "rooms" {
  for_each    = { for name, room in data.yaml.rooms.rows : name => room if room.calendar != null }
  source      = each.value.calendar
  destination = folder.rooms[each.key]
  profile     = "one_way"
  filter      = item.summary == data.csv.staff.rows["anna"].email
}
