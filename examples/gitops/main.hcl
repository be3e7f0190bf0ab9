# A workspace that is kept in git: nothing is applied that nobody has read. README.md says how.
#
# Run it:   go run ./cmd/accord -chdir examples/gitops apply -auto-approve
# Then try: examples/gitops/play, which plays a pull request, a merge and a night with a repository on this disk.

accord {
  workspace = "gitops"
  state "pebble" {
    path = var.state
  }
}

# Where the state is. In a pipeline: a directory that outlives the job.
variable "state" {
  type      = string
  default   = ".accord/state"
  ephemeral = true
}

# Where the calendars are. They change by themselves, so they are no part of the repository that the pipeline works with.
variable "calendars" {
  type    = string
  default = "calendars"
}

# Directories ask for no password. A provider on a network does: password = var.password. The plan is given one that may read,
# the apply another one that may write.
variable "password" {
  type      = string
  default   = ""
  sensitive = true # shown nowhere
  ephemeral = true # may differ between plan and apply
}

provider "vdir" "server" {
  path = var.calendars
}

folder "company" {
  provider = provider.vdir.server
  kind     = "calendar"
  path     = "company"
  access   = "read"
}

# Who is on duty, week by week. Nobody gets it yet.
folder "rota" {
  provider = provider.vdir.server
  kind     = "calendar"
  path     = "rota"
  access   = "read"
}

folder "staff" {
  for_each = toset(yamldecode(file("people.yaml")))
  provider = provider.vdir.server
  kind     = "calendar"
  path     = "staff/${each.key}"
  create   = true
}

relationship "company_to_staff" {
  for_each    = folder.staff
  source      = folder.company
  destination = each.value
  profile     = "one_way"
}
