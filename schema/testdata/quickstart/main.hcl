accord {
  workspace        = "office"
  required_version = ">= 0.1, < 2"
  state "pebble" {
    path = ".accord/state"
  }
  guard {
    max_deletes = "20%"
    max_leavers = 5
  }
}

provider "disk" "local" {
  path     = "data"
  timezone = "Europe/London"
}

folder "company" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "company"
  access   = "read"
}

folder "staff" {
  for_each = toset(["alice", "bob"])
  provider = provider.disk.local
  kind     = "calendar"
  path     = "staff/${each.key}"
  create   = true
  labels   = { team = "sales" }
}

template "short" {
  kind = "calendar"
  set {
    summary  = "[Company] ${item.summary}"
    location = null
  }
}

relationship "company_to_staff" {
  for_each    = folder.staff
  source      = folder.company
  destination = each.value
  profile     = "one_way"
  template    = template.short
  filter      = !item.private && contains(item.categories, "Company")
  guard {
    max_deletes = "10%"
  }
}
