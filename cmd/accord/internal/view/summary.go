package view

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// toDo is the last line of a plan.
func toDo(s plan.Summary) string {
	line := fmt.Sprintf("Plan: %d to add, %d to edit, %d to delete.", s.Add, s.Edit, s.Delete)
	also := list(count(s.Adopt, "to adopt"), count(s.Mark, "to mark"), count(s.Retire, "to retire"), count(s.Release, "to release"),
		folders(s.CreateFolder, "to create"), beside(s))
	if also != "" {
		line += " Also: " + also + "."
	}
	return line
}

// done is what an apply did.
func done(s plan.Summary) string {
	line := fmt.Sprintf("%d added, %d edited, %d deleted.", s.Add, s.Edit, s.Delete)
	also := list(count(s.Adopt, "adopted"), count(s.Mark, "marked"), count(s.Retire, "retired"), count(s.Release, "released"),
		folders(s.CreateFolder, "created"), beside(s))
	if also != "" {
		line += " Also: " + also + "."
	}
	return line
}

// beside is what is counted beside changes.
func beside(s plan.Summary) string {
	blocked := ""
	if s.Blocked > 0 {
		blocked = counted(s.Blocked, "relationship", "relationships") + " blocked"
	}
	notified := ""
	if s.Notified > 0 {
		notified = counted(s.Notified, "person", "people") + " notified"
	}
	return list(count(s.Conflict, "in conflict"), count(s.Ambiguous, "ambiguous"), blocked, count(s.Stale, "stale"), count(s.Refused, "refused"),
		count(s.Unreadable, "unreadable"), folders(s.Unresolved, "unresolved"), count(s.Settling, "settling"), count(s.Pruned, "pruned"),
		count(s.OutOfWindow, "out of the window"), notified, count(s.Unchanged, "unchanged"), count(s.LeftAlone, "left alone"))
}

func count(n int, what string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d %s", n, what)
}

func folders(n int, what string) string {
	if n == 0 {
		return ""
	}
	return counted(n, "folder", "folders") + " " + what
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// list joins what is not empty.
func list(parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, ", ")
}
