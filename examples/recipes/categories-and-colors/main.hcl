# A school's calendar for parents, in colours. Staff meetings stay out.
#
# Some stores colour an event by itself, some by its category. A category with a colour serves both: an event that is in it gets the colour, unless it has
# one of its own, and an event that has the colour is put into the category.

accord {
  workspace = "categories-and-colors"
}

provider "vdir" "local" {
  path = "calendars"
}

folder "school" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "school"
  access   = "read"
}

folder "parents" {
  provider = provider.vdir.local
  kind     = "calendar"
  path     = "parents"
  create   = true
}

template "in_colors" {
  kind = "calendar"

  category "Exams" {
    color = "red"
  }
  category "Trips" {
    color = "green"
  }
  category "Holidays" {
    color = "gold"
  }
}

relationship "school_to_parents" {
  source      = folder.school
  destination = folder.parents
  profile     = "one_way"
  template    = template.in_colors
  filter      = !contains(item.categories, "Staff")
}
