accord { workspace = "syntax" }

folder "a" {
  provider = provider.disk.elsewhere
  kind     = "calendar"
  path     = "a"
}
