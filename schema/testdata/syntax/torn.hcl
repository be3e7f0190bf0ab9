provider "disk" "elsewhere" {
  path = "x

folder "b" {
