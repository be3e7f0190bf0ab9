# A booking program writes the number of a booking into the title, and who comes into the notes. The workshop wants to see who comes.
#
# swap lets two fields change places, and change back on the way to the source: what the workshop writes into the title is in the program's notes.

accord {
  workspace = "title-note-swap"
}

provider "vdir" "local" {
  path = "calendars"
}

folder "bookings" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "bookings"
}

folder "workshop" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "workshop"
  create   = true
}

template "who_comes" {
  kind = "calendar"
  swap = ["summary", "description"]
}

relationship "bookings_to_workshop" {
  source      = folder.bookings
  destination = folder.workshop
  profile     = "two_way"
  template    = template.who_comes

  # Bookings are cancelled in the program: who deletes one in the workshop gets it again.
  on_destination {
    delete = "recopy"
  }
}
