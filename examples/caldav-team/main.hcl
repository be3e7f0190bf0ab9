# A team's calendars on a CalDAV server, both ways: what the company plans is in everybody's own calendar, and when anybody is busy is in the
# team's calendar, without a word of what it is about.
#
# Run it:   examples/caldav-team/play
#           It starts a Radicale of its own, and shows each step. README.md says more.

accord {
  workspace = "caldav-team"
}

variable "server" {
  type        = string
  description = "Address of the server, or the domain of the accounts."
  default     = "http://127.0.0.1:5232/"
}

variable "passwords" {
  type        = map(string)
  description = "Password of each account."
  sensitive   = true
  ephemeral   = true
  default     = { office = "carolpw", alice = "alicepw", bob = "bobpw" } # of the play; yours are in ACCORD_VAR_passwords
}

locals {
  people = toset(["alice", "bob"])
}

# One account for the company, and that of each person.
provider "caldav" "office" {
  url      = var.server
  username = "carol"
  password = var.passwords["office"]
}

provider "caldav" "person" {
  for_each = local.people
  url      = var.server
  username = each.key
  password = var.passwords[each.key]
}

folder "company" {
  provider     = provider.caldav.office
  kind         = "calendar"
  path         = "/carol/company/"
  create       = true
  display_name = "Company"
}

folder "team" {
  provider     = provider.caldav.office
  kind         = "calendar"
  path         = "/carol/team/"
  create       = true
  display_name = "Who is busy"
  color        = "#2952a3"
}

folder "own" {
  for_each = local.people
  provider = provider.caldav.person[each.key]
  kind     = "calendar"
  path     = "/${each.key}/calendar/"
  create   = true
}

# Public to private: a copy says where it comes from.
template "company" {
  kind = "calendar"

  set {
    summary = "[Company] ${item.summary}"
  }
}

relationship "company_to_people" {
  for_each    = folder.own
  source      = folder.company
  destination = each.value
  profile     = "one_way"
  template    = template.company

  on_destination {
    delete = "prune" # who deletes a copy does not get it again
  }
}

# Private to public: when somebody is busy, and nothing else. Copies of the company's events are not copied on: a replica never is.
template "busy" {
  kind    = "calendar"
  privacy = "busy"

  set {
    summary = "${source.key} is busy"
  }
}

relationship "busy_to_team" {
  for_each    = folder.own
  source      = each.value
  destination = folder.team
  profile     = "one_way"
  template    = template.busy
  filter      = item.transparency == "opaque"
}
