package words

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// People says what becomes of the people of a block, in one line; "" where there are not several, or nothing happens.
func People(p plan.People) string {
	if p.People < 2 || p.People == p.Unchanged {
		return ""
	}
	said := List(
		share(p.Join, "joins", "join"), share(p.Leave, "leaves", "leave"), differ(p.Differ),
		share(p.Change, "has changes", "have changes"), Count(p.Unresolved, "unresolved"), Count(p.Held, "held"), Count(p.Unchanged, "with nothing to do"))
	return fmt.Sprintf("%d people of %s: %s.", p.People, Sentence(p.Block), said)
}

func share(s plan.Share, one, many string) string {
	if s.People == 0 {
		return ""
	}
	said := Counted(s.People, one, many)
	if what := Planned(s); what != "" {
		said += " (" + what + ")"
	}
	return said
}

// differ says of those who stay whether they get items, lose some, or both.
func differ(s plan.Share) string {
	switch {
	case s.Delete == 0:
		return share(s, "gets items", "get items")
	case s.Add == 0:
		return share(s, "loses items", "lose items")
	}
	return share(s, "gets or loses items", "get or lose items")
}

// Planned says what is done for some of the people of a block.
func Planned(s plan.Share) string {
	return List(Count(s.Add, "to add"), Count(s.Edit, "to edit"), Count(s.Delete, "to delete"), folders(s.CreateFolder, "to create"), changes(s.Other, "more"))
}

func changes(n int, which string) string {
	if n == 0 {
		return ""
	}
	if n == 1 {
		return "1 " + which + " change"
	}
	return fmt.Sprintf("%d %s changes", n, which)
}

// Come says how many join, and Go how many leave, with what is done for them.
func Come(s plan.Share) string {
	return Counted(s.People, "person joins, whose key is new", "people join, whose keys are new") + sentenceOf(Planned(s))
}

// Go says how many leave.
func Go(s plan.Share) string {
	return Counted(s.People, "person leaves, whose key is gone", "people leave, whose keys are gone") + sentenceOf(Planned(s))
}

func sentenceOf(list string) string {
	if list == "" {
		return ""
	}
	return ": " + list
}

// Instances counts those of a block: people, or the relationships of a mesh.
func Instances(block string, n int) string {
	if strings.HasPrefix(block, "mesh.") {
		return Counted(n, "relationship", "relationships")
	}
	return Counted(n, "person", "people")
}

// Alike is what a change of many is about, and for how many of so many. One that is short is said by values, and else by what changes in.
func Alike(c plan.Change, of int) (what, values string, in []Change) {
	op := c.Operation()
	in = Fields(op)
	whom := " for " + Instances(c.Block, c.Relationships)
	if c.Relationships < of {
		whom = fmt.Sprintf(" for %d of %s", c.Relationships, Instances(c.Block, of))
	}
	switch {
	case c.Title != "" || c.UID != "":
		what = Named(op)
		if when := When(op); when != "" {
			what += " (" + when + ")"
		}
		if op.Action == plan.Add || op.Action == plan.Delete {
			in = nil
		}
		return what + whom, "", in
	case len(in) == 1 && in[0].Diff == nil:
		return fmt.Sprintf("%s of %d items%s", in[0].Label, c.Operations, whom), in[0].Values(), nil
	}
	return fmt.Sprintf("%d items alike%s", c.Operations, whom), "", in
}

// Behind says which change is behind what a guard holds; "" where there is none.
func Behind(c *plan.Change) string {
	if c == nil {
		return ""
	}
	of := fmt.Sprintf("%d of the %d", c.Operations, c.Of)
	if c.Operations == c.Of {
		of = fmt.Sprintf("All %d", c.Of)
	}
	said := fmt.Sprintf("%s %ss in %s", of, Action(c.Action), Sentence(c.Block))
	if c.Relationships > 1 {
		said += ", for " + Instances(c.Block, c.Relationships) + ","
	}
	said += " are one change"
	op := c.Operation()
	var what []string
	if c.Title != "" || c.UID != "" {
		what = append(what, Named(op))
	}
	if c.Action != plan.Add && c.Action != plan.Delete {
		for _, f := range Fields(op) {
			if f.Diff != nil {
				what = append(what, f.Label)
				continue
			}
			what = append(what, f.String())
		}
	}
	return said + sentenceOf(strings.Join(what, "; "))
}

// peopleOf says what becomes of the people of each block.
func peopleOf(doc *plan.Document) []string {
	var lines []string
	for _, p := range doc.People {
		if line := People(p); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// Only is the flag that shows one of several relationships, such as the first of these.
func Only(such []string) string {
	if len(such) == 0 {
		return ""
	}
	return "-only=" + typed(such[0])
}

// Held says how many of a block are held in one way, and such as which when each has a reason of its own.
func Held(block string, first plan.Relationship, n int, alike bool) string {
	said := Instances(block, n)
	if !alike {
		said += ", such as " + Sentence(first.Address)
	}
	return said
}
