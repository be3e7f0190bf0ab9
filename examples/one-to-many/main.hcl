# One calendar, copied to everybody on a list, with the copies looking a little different from the originals.
#
# Run it:   go run ./cmd/accord -chdir examples/one-to-many apply -auto-approve
# Then try: change the template below, or the list in people.yaml, and see what accord plan says. The whole
#           relationship can be named in -only='relationship.company_to_staff["bob"]'.

accord {
  workspace = "one-to-many"
}

locals {
  people = yamldecode(file("people.yaml"))
}

provider "vdir" "local" {
  path = "calendars"
}

folder "company" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "company"
  access   = "read"
}

folder "staff" {
  for_each = local.people
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "staff/${each.key}"
  create   = true
  labels   = { team = each.value.team }
}

template "staff_view" {
  kind    = "calendar"
  privacy = item.private ? "busy" : "full" # of confidential items, the time and nothing else

  set {
    summary     = item.private ? item.summary : "[Company] ${item.summary}"
    description = destination.labels.team == "sales" ? item.description : null # null leaves the field out
  }
}

relationship "company_to_staff" {
  for_each    = folder.staff
  source      = folder.company
  destination = each.value
  profile     = "one_way"
  template    = template.staff_view
  filter      = contains(item.categories, "Company")
}
