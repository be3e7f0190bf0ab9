# The sales team's events in the company's calendar, with "[Sales] " in front of the title, and edits carried both ways.
#
# prefix is cut off again on the way back, so it may be two-way. The same written as set { summary = "[Sales] ${item.summary}" } could not be undone, and
# accord validate would refuse it here.

accord {
  workspace = "team-prefix"
}

provider "vdir" "local" {
  path = "calendars"
}

folder "sales" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "sales"
}

folder "company" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "company"
  create   = true
}

template "from_sales" {
  kind   = "calendar"
  prefix = { summary = "[Sales] " }
}

# two_way is about what begins in the team's calendar: the company's own events are not the team's. Two calendars that should hold the same are a mesh.
relationship "sales_to_company" {
  source      = folder.sales
  destination = folder.company
  profile     = "two_way"
  template    = template.from_sales
}
