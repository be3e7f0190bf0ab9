package words

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// Sums are the counts of a plan or of an apply in three lines; one that would say nothing is "".
type Sums struct {
	Changes string // what changes
	Waits   string // what waits for a person or a repair
	Rest    string // what is left as it is
}

// ToDo sums up a plan.
func ToDo(doc *plan.Document) Sums {
	s := doc.Summary
	line := fmt.Sprintf("Plan: %d to add, %d to edit, %d to delete.", s.Add, s.Edit, s.Delete)
	also := List(count(s.Adopt, "to adopt"), count(s.Mark, "to mark"), count(s.Retire, "to retire"), count(s.Release, "to release"),
		folders(s.CreateFolder, "to create"), people(s.Notified, "would be notified"))
	return Sums{Changes: line + sentence(" Also: ", also), Waits: waits(doc, s), Rest: rest(s)}
}

// Done sums up what an apply of a plan did. notDone is the number of writes that it could not make, for whatever reason.
func Done(doc *plan.Document, s plan.Summary, notDone int) Sums {
	line := fmt.Sprintf("Applied: %d added, %d edited, %d deleted.", s.Add, s.Edit, s.Delete)
	also := List(count(s.Adopt, "adopted"), count(s.Mark, "marked"), count(s.Retire, "retired"), count(s.Release, "released"),
		folders(s.CreateFolder, "created"), people(s.Notified, "notified"))
	line += sentence(" Also: ", also)
	if notDone > 0 {
		line += fmt.Sprintf(" %d not done.", notDone)
	}
	return Sums{Changes: line, Waits: waits(doc, s), Rest: rest(s)}
}

func waits(doc *plan.Document, s plan.Summary) string {
	held := map[plan.Status]int{}
	for _, r := range doc.Relationships {
		held[r.Status]++
	}
	relationships := func(status plan.Status, what string) string {
		if held[status] == 0 {
			return ""
		}
		return Counted(held[status], "relationship", "relationships") + " " + what
	}
	return sentence("Waiting: ", List(count(s.Conflict, "in conflict"), count(s.Ambiguous, "ambiguous"),
		relationships(plan.Blocked, "blocked"), relationships(plan.Alert, "on alert"), relationships(plan.Paused, "paused"),
		relationships(plan.Disabled, "disabled"), folders(s.Unresolved, "unresolved"),
		count(s.Stale, "stale"), count(s.Refused, "refused"), count(s.Unreadable, "unreadable")))
}

func rest(s plan.Summary) string {
	return sentence("Left as it is: ", List(count(s.Unchanged, "unchanged"), count(s.LeftAlone, "left alone"), count(s.Settling, "settling"),
		count(s.OutOfWindow, "out of the window"), count(s.Pruned, "pruned")))
}

// Rest is what a relationship leaves as it is, in words; "" when that is nothing. Pairs of one that is held are not known to be unchanged.
func Rest(r plan.Relationship) string {
	unchanged := "unchanged"
	if r.Status != plan.OK {
		unchanged = "held"
	}
	return List(count(r.Unchanged, unchanged), count(r.LeftAlone, "left alone"), count(r.Settling, "settling"), count(r.OutOfWindow, "out of the window"))
}

func sentence(begin, list string) string {
	if list == "" {
		return ""
	}
	return begin + list + "."
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
	return Counted(n, "folder", "folders") + " " + what
}

func people(n int, what string) string {
	if n == 0 {
		return ""
	}
	return Counted(n, "person", "people") + " " + what
}

// Counted is a number of things.
func Counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// List joins what is not empty with commas.
func List(parts ...string) string {
	var some []string
	for _, p := range parts {
		if p != "" {
			some = append(some, p)
		}
	}
	return strings.Join(some, ", ")
}

// and joins a list as people say it: a, b and c.
func and(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}
