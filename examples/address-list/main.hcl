# A firm's directory in everybody's address book: who is in the directory is in the books, with photo, and has one; who leaves is in none. Which
# customers somebody has is by team, and a team is a group of the directory.
#
# Run it:   examples/address-list/play
#           It starts an OpenLDAP of its own, and shows each step. README.md says more.

accord {
  workspace = "address-list"
}

variable "url" {
  type        = string
  description = "Address of the directory."
  default     = "ldaps://ldap.example.com"
}

variable "ca_file" {
  type        = string
  description = "What signed the directory's certificate, where this machine does not trust it anyway."
  default     = null
}

variable "base" {
  type        = string
  description = "Where people and groups are."
  default     = "ou=firm,dc=example,dc=test"
}

variable "bind_dn" {
  type        = string
  description = "Who reads the directory."
  default     = "cn=reader,dc=example,dc=test"
}

variable "password" {
  type        = string
  description = "Password of who reads the directory."
  sensitive   = true
  ephemeral   = true
  default     = "none" # of the play; yours is in ACCORD_VAR_password
}

provider "ldap" "directory" {
  url           = var.url
  ca_file       = var.ca_file
  bind_dn       = var.bind_dn
  bind_password = var.password
  base          = var.base
}

provider "vdir" "local" {
  path = "."
}

# People, by login: the members of the firm's group, also those who are in a group inside of it.
data "ldap" "people" {
  provider   = provider.ldap.directory
  filter     = "(objectClass=inetOrgPerson)"
  member_of  = ["cn=firm,ou=groups,${var.base}"]
  key        = "uid"
  attributes = ["uid", "cn"]

  guard {
    min_rows   = 3
    max_shrink = "50%"
  }
}

data "ldap" "sales" {
  provider   = provider.ldap.directory
  filter     = "(objectClass=inetOrgPerson)"
  member_of  = ["cn=sales,ou=groups,${var.base}"]
  key        = "uid"
  attributes = ["uid"]
}

data "ldap" "support" {
  provider   = provider.ldap.directory
  filter     = "(objectClass=inetOrgPerson)"
  member_of  = ["cn=support,ou=groups,${var.base}"]
  key        = "uid"
  attributes = ["uid"]
}

# The same people as contacts. Without fields, they say what an address list usually does, and nothing of homes.
folder "firm" {
  provider      = provider.ldap.directory
  kind          = "contacts"
  search_filter = "(objectClass=inetOrgPerson)"
  member_of     = ["cn=firm,ou=groups,${var.base}"]
  exclude       = ["(employeeType=robot)", "(businessCategory=unlisted)"]
  key           = "uid"
}

folder "customers" {
  for_each = toset(["sales", "support"])
  provider = provider.vdir.local
  kind     = "contacts"
  path     = "customers/${each.key}"
  access   = "read"
}

folder "book" {
  for_each = data.ldap.people.rows
  provider = provider.vdir.local
  kind     = "contacts"
  path     = "books/${each.key}"
  create   = true
  labels   = { name = each.value.cn }
}

template "colleague" {
  kind = "contacts"

  set {
    categories = ["Colleagues"]
  }
  owned = ["note"] # what somebody notes of a colleague stays
}

relationship "colleagues" {
  for_each    = folder.book
  source      = folder.firm
  destination = each.value
  profile     = "one_way"
  template    = template.colleague
}

relationship "sales" {
  for_each    = data.ldap.sales.rows
  source      = folder.customers["sales"]
  destination = folder.book[each.key]
  profile     = "one_way"
}

relationship "support" {
  for_each    = data.ldap.support.rows
  source      = folder.customers["support"]
  destination = folder.book[each.key]
  profile     = "one_way"
}
