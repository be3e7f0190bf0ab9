# A school's timetable, copied to a class for the term that is on.
#
# from and to are days. A lesson that recurs is in the window when any of its instances is, and is then copied as it is, with all of them: what began last
# September is copied in spring, and what ended at Christmas is not.

accord {
  workspace = "term-dates"
}

variable "term" {
  type    = string
  default = "spring"
}

locals {
  terms = {
    spring = { from = "2027-01-05", to = "2027-03-24" }
    summer = { from = "2027-04-12", to = "2027-07-16" }
  }
}

provider "vdir" "local" {
  path = "calendars"
}

folder "timetable" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "timetable"
  timezone = "Europe/London" # the days of the window begin at its midnight
  access   = "read"
}

folder "class" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "class"
  create   = true
}

relationship "timetable_to_class" {
  source      = folder.timetable
  destination = folder.class
  profile     = "one_way"

  window {
    from = local.terms[var.term].from
    to   = local.terms[var.term].to
  }
}
