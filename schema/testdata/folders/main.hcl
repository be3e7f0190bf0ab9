accord {
  workspace        = "bad name"
  required_version = ">= 2"
  state "postgres" {}
  guard { max_deletes = "a lot" }
}
accord { workspace = "again" }

provider "disk" "local" {
  path     = "d"
  timezone = "Mars/Olympus"
}
provider "disk" "no_path" {}

folder "no_kind" {
  provider = provider.disk.local
  path     = "x"
}
folder "bad_kind" {
  provider = provider.disk.local
  kind     = "calender"
  path     = "x"
}
folder "no_path" {
  provider = provider.disk.local
  kind     = "calendar"
}
folder "empty_path" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = ""
}
folder "unresolved" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = null
}
folder "types" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = ["a", "b"]
  access   = "none"
  create   = "perhaps"
  tags     = "one"
}
folder "on_no_path" {
  provider = provider.disk.no_path
  kind     = "calendar"
  path     = "x"
}
folder "bad name" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "named"
}
folder "windows" {
  provider = provider.disk.local
  kind     = "calendar"
  path     = "windows"
  timezone = "GMT Standard Time"
}
folder {}

folder "misspelt" {
  provider = provider.disk.local
  knd      = "calendar"
  pth      = "misspelt"
}
relationship "misspelt" {
  sorce       = folder.windows
  destination = folder.misspelt
  profle      = "one_way"
}
