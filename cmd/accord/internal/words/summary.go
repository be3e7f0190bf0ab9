package words

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// Sums are the counts of a plan or of an apply in lines; one that would say nothing is "".
type Sums struct {
	People   []string // what becomes of people, by block
	Changes  string   // what changes
	Requests string   // what that asks of providers over a network
	Waits    string   // what waits for a person or a repair
	Rest     string   // what is left as it is
}

// ToDo sums up a plan.
func ToDo(doc *plan.Document) Sums {
	s := doc.Summary
	line := fmt.Sprintf("Plan: %d to add, %d to edit, %d to delete.", s.Add, s.Edit, s.Delete)
	also := List(Count(s.Adopt, "to adopt"), Count(s.Mark, "to mark"), Count(s.Retire, "to retire"), Count(s.Release, "to release"),
		folders(s.CreateFolder, "to create"), people(s.Notified, "would be notified"))
	return Sums{People: peopleOf(doc), Changes: line + sentence(" Also: ", also), Requests: Requests(doc.Requests), Waits: waits(doc, s), Rest: rest(doc, s)}
}

// Done sums up what an apply of a plan did. notDone is the number of writes that it could not make, for whatever reason.
func Done(doc *plan.Document, s plan.Summary, sent []plan.Sent, notDone int) Sums {
	line := "Applied: " + Did(s)
	if notDone > 0 {
		line += fmt.Sprintf(" %d not done.", notDone)
	}
	return Sums{Changes: line, Requests: Sent(sent), Waits: waits(doc, s), Rest: rest(doc, s)}
}

// Did says what was changed.
func Did(s plan.Summary) string {
	line := fmt.Sprintf("%d added, %d edited, %d deleted.", s.Add, s.Edit, s.Delete)
	return line + sentence(" Also: ", List(Count(s.Adopt, "adopted"), Count(s.Mark, "marked"), Count(s.Retire, "retired"), Count(s.Release, "released"),
		folders(s.CreateFolder, "created"), people(s.Notified, "notified")))
}

func waits(doc *plan.Document, s plan.Summary) string {
	return sentence("Waiting: ", List(Count(s.Conflict, "in conflict"), Count(s.Ambiguous, "ambiguous"),
		relationships(doc, plan.Blocked), relationships(doc, plan.Alert), folders(s.Unresolved, "unresolved"),
		Count(s.Stale, "stale"), Count(s.Refused, "refused"), Count(s.Unreadable, "unreadable")))
}

func rest(doc *plan.Document, s plan.Summary) string {
	held := 0
	for _, r := range doc.Relationships {
		if r.Status != plan.OK {
			held += r.Unchanged
		}
	}
	return sentence("Left as it is: ", List(Count(s.Unchanged-held, "unchanged"), Count(held, "held"), Count(s.LeftAlone, "left alone"),
		Count(s.Settling, "settling"), Count(s.OutOfWindow, "out of the window"), Count(s.Pruned, "pruned"),
		relationships(doc, plan.Paused), relationships(doc, plan.Disabled)))
}

// relationships counts those in a state.
func relationships(doc *plan.Document, s plan.Status) string {
	n := 0
	for _, r := range doc.Relationships {
		if r.Status == s {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return Counted(n, "relationship", "relationships") + " " + Status(s)
}

// Rest is what a relationship leaves as it is, in words; "" when that is nothing. Pairs of one that is held are not known to be unchanged.
func Rest(r plan.Relationship) string {
	unchanged := "unchanged"
	if r.Status != plan.OK {
		unchanged = "held as they are"
	}
	return List(Count(r.Unchanged, unchanged), Count(r.LeftAlone, "left alone"), Count(r.Settling, "settling"), Count(r.OutOfWindow, "out of the window"))
}

func sentence(begin, list string) string {
	if list == "" {
		return ""
	}
	return begin + list + "."
}

// Count is a number of what; "" for none.
func Count(n int, what string) string {
	if n <= 0 {
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
