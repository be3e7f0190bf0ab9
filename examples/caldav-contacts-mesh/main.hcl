# A firm's contacts in one address book that everybody has: two people in their own accounts on a CardDAV server, the office in a directory of .vcf files.
# What any of them adds, changes or deletes happens in all three.
#
# Run it:   examples/caldav-contacts-mesh/play
#           It starts a Radicale of its own, and shows each step. README.md says more.

accord {
  workspace = "contacts-mesh"
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
  default     = { alice = "alicepw", bob = "bobpw" } # of the play; yours are in ACCORD_VAR_passwords
}

provider "carddav" "person" {
  for_each = toset(["alice", "bob"])
  url      = var.server
  username = each.key
  password = var.passwords[each.key]
}

provider "vdir" "files" {
  path = "contacts"
}

folder "alice" {
  provider     = provider.carddav.person["alice"]
  kind         = "contacts"
  path         = "/alice/firm/"
  create       = true
  display_name = "The firm's contacts"
}

folder "bob" {
  provider     = provider.carddav.person["bob"]
  kind         = "contacts"
  path         = "/bob/firm/"
  create       = true
  display_name = "The firm's contacts"
}

folder "office" {
  provider = provider.vdir.files
  kind     = "contacts"
  path     = "office"
}

mesh "firm" {
  folders = [folder.alice, folder.bob, folder.office]
  profile = "two_way"
}
