# When the doctor is busy, for everybody, and nothing of what with.
#
# privacy = "busy" is a list of what may pass: start and end, the recurrence, whether it takes time, and the title "Busy". What is not on the list stays
# behind, also what Accord does not know: notes, attendees, properties of other programs, and all of them in single occurrences of a series.

accord {
  workspace = "busy-only"
}

provider "vdir" "local" {
  path = "calendars"
}

folder "doctor" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "doctor"
  access   = "read" # a mistake here can write nothing there
}

folder "public" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "public"
  create   = true
}

template "busy" {
  kind    = "calendar"
  privacy = "busy"
}

relationship "doctor_to_public" {
  source      = folder.doctor
  destination = folder.public
  profile     = "one_way"
  template    = template.busy
  filter      = item.transparency == "opaque" # what takes no time, as a birthday, nobody has to see
}
