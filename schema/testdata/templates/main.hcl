accord { workspace = "templates" }

provider "disk" "local" { path = "d" }
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
folder "people" {
  provider = provider.disk.local
  kind     = "contacts"
  path     = "people"
}
folder "people2" {
  provider = provider.disk.local
  kind     = "contacts"
  path     = "people2"
}

template "good" {
  kind    = "calendar"
  privacy = item.private ? "busy" : "full"
  set {
    summary  = "[Company] ${item.summary} of ${source.name}"
    location = null
  }
  prefix      = { description = "[C] " }
  attendees   = "drop"
  attachments = "link"
}

template "busy" {
  kind    = "calendar"
  privacy = "busy"
}

template "wrong" {
  kind    = "calendar"
  privacy = "secret"
  set {
    sumary   = item.summary
    location = item.locatoin
    url      = itm.url
    class    = nosuch(item.class)
  }
  swap        = ["summary"]
  prefix      = { start = "x", colour = "y" }
  attendees   = "kep"
  attachments = null
  colour      = "blue"
}

template "clash" {
  kind = "calendar"
  set {
    summary     = "x"
    description = "y"
  }
  owned = ["summary"]
  swap  = ["description", "location"]
}

template "no_kind" {
  privacy = "busy"
}

template "cards" {
  kind    = "contacts"
  privacy = "busy"
}

relationship "choice" {
  source      = folder.a
  destination = folder.b
  profile     = "one_way"
  template    = item.private ? template.busy : template.good
}

relationship "kind" {
  source      = folder.people
  destination = folder.people2
  profile     = "one_way"
  template    = template.good
}

relationship "typo" {
  source      = folder.b
  destination = folder.a
  profile     = "one_way"
  template    = template.goood
}
