# The task lists of two applications, kept the same: tick a task off in one, and it is ticked off in the other.
#
# Two folders that should hold the same are a mesh of two. (A relationship with profile = "two_way" carries edits both ways as well,
# but only of items that began in its source.)
#
# Run it:   go run ./cmd/accord -chdir examples/tasks-two-way apply -auto-approve
# Then try: set STATUS:COMPLETED in one of the new files of tasks/phone, delete a task in tasks/desk, and see what accord plan says.

accord {
  workspace = "my-tasks"
}

# Folders are directories below tasks, with one .ics file per task.
provider "vdir" "local" {
  path = "tasks"
}

folder "desk" {
  provider = provider.vdir.local
  kind     = "tasks"
  path     = "desk"
}

folder "phone" {
  provider = provider.vdir.local
  kind     = "tasks"
  path     = "phone"
}

mesh "tasks" {
  folders = [folder.desk, folder.phone]
  profile = "two_way"

  # The task was changed on one side and deleted on the other, or the same field on both: the later change counts.
  conflict = "newest"
}
