accord { workspace = "policies" }

provider "disk" "local" { path = "d" }
provider "feed" "web" { path = "w" }

folder "a" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "a"
}
folder "b" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "b"
}
folder "c" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "c"
}
folder "fixed" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "fixed"
  access   = "read"
}
folder "holidays" {
  provider = provider.feed.web
  kind     = "calendar"
  path     = "holidays"
}

policy "careful" {
  profile      = "two_way"
  conflict     = "manual"
  on_unmatched = "freeze"
  on_destination { delete = "prune" }
}

policy "unused" {
  profile  = "three_way"
  existing = "copy"
  filter   = item.sumary == ""
}

template "renamed" {
  kind = "calendar"
  set { summary = upper(item.summary) }
}

relationship "coalesced" {
  source      = folder.a
  destination = folder.b
  profile     = "one_way"
  coalesce    = "uid"
  on_destination { delete = "mark" }
}

relationship "pointless" {
  source      = folder.a
  destination = folder.c
  profile     = "one_way"
  conflict    = "newest"
}

relationship "said_anyway" {
  source      = folder.holidays
  destination = folder.c
  profile     = "one_way"
  conflict    = "merge"
}

relationship "careful" {
  source      = folder.b
  destination = folder.c
  policy      = policy.careful
}

relationship "loose" {
  source      = folder.c
  destination = folder.b
  policy      = policy.careful
  on_destination { edit = "discard" }
}

relationship "no_profile" {
  source      = folder.b
  destination = folder.a
}

relationship "back_to_read_only" {
  source      = folder.fixed
  destination = folder.a
  profile     = "two_way"
}

relationship "to_feed" {
  source      = folder.a
  destination = folder.holidays
  profile     = "one_way"
}

relationship "no_policy" {
  source      = folder.holidays
  destination = folder.a
  policy      = policy.carefull
}

relationship "not_a_policy" {
  source      = folder.holidays
  destination = folder.b
  policy      = "careful"
}

relationship "set_two_way" {
  source      = folder.c
  destination = folder.a
  profile     = "two_way"
  template    = template.renamed
}

relationship "numbers" {
  source      = folder.fixed
  destination = folder.c
  profile     = "one_way"
  settle      = "5 minutes"
  guard {
    max_deletes = "110%"
    max_edits   = 1.5
    max_adds    = "many"
  }
  window {
    past   = "1h30m"
    future = "-7d"
    from   = "2026-02-30"
  }
  schedule { every = 15 }
}

relationship "adopts" {
  source      = folder.fixed
  destination = folder.b
  profile     = "one_way"
  existing    = "copy"
  adopt { on_delete = "delete" }
  on_source {}
  on_source {}
}
