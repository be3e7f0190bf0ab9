# The office's address book, shared out by group: each telephone gets the groups that it needs.
#
# A contact is in as many groups as it has categories. One relationship for each group asks for its own; one for all would need a filter that knows them all.

accord {
  workspace = "contacts-by-group"
}

locals {
  groups = { suppliers = "Suppliers", customers = "Customers", emergency = "Emergency" }
}

provider "vdir" "local" {
  path = "contacts"
}

folder "office" {
  provider = provider.vdir.local
  kind     = "contacts"
  path     = "office"
  access   = "read"
}

folder "group" {
  for_each = local.groups
  provider = provider.vdir.local
  kind     = "contacts"
  path     = each.key
  create   = true
  labels   = { category = each.value }
}

# What the office writes down about people is for the office.
template "card" {
  kind = "contacts"
  set {
    note = null
  }
}

relationship "office_to_group" {
  for_each    = folder.group
  source      = folder.office
  destination = each.value
  profile     = "one_way"
  template    = template.card
  filter      = contains(item.categories, destination.labels.category)
}
