# Three people who want one address book: what any of them adds, changes or deletes happens in all three.
#
# A mesh of three folders is six relationships, one from each to each other one.
#
# Run it:   go run ./cmd/accord -chdir examples/mesh-contacts apply -auto-approve
# Then try: change a phone number in contacts/anna and the e-mail address of the same person in contacts/ben,
#           and apply once: all three have both changes. accord status shows what each relationship holds.

accord {
  workspace = "address-book"
}

# Folders are directories below contacts, with one .vcf file per contact.
provider "vdir" "local" {
  path = "contacts"
}

folder "member" {
  for_each = toset(["anna", "ben", "cleo"])
  provider = provider.vdir.local
  kind     = "contacts"
  path     = each.key
}

mesh "address_book" {
  folders = folder.member
  profile = "two_way"

  # What somebody brought stays with the others when that person leaves.
  on_leaver {
    originals = "rehome"
  }
}
