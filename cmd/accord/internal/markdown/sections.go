package markdown

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/cmd/accord/internal/review"
	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile/plan"
)

// head is what a plan comes to, and the overrides that a reviewer has to approve. It begins with a comment by which a program finds it again.
func (p *page) head() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- accord plan: %s -->\n## Accord plan for %s: %s\n\n", marker(p.doc.Workspace), text(words.Sentence(p.doc.Workspace)), review.Verdict(p.doc))
	sums := words.ToDo(p.doc)
	for _, line := range append([]string{sums.Changes, sums.Requests, sums.Waits, sums.Rest}, sums.People...) {
		if line != "" {
			fmt.Fprintf(&b, "%s\n\n", text(line))
		}
	}
	if len(p.doc.Allowed) > 0 {
		b.WriteString("### Overrides of guards to approve\n\n")
		for _, a := range p.doc.Allowed {
			fmt.Fprintf(&b, "- [ ] %s\n", text(words.UpTo(a)))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// foot says where the plan comes from.
func (p *page) foot(file string) string {
	said := fmt.Sprintf("\nMade %s, %s.", p.doc.CreatedAt.UTC().Format("2 Jan 2006 15:04 MST"), code(words.Sentence(p.doc.PlanID)))
	if file != "" && p.doc.Summary.Changes() > 0 {
		said += " To do exactly this, or less: " + code("accord apply "+file)
	}
	return said + "\n"
}

// relationships is the table of those in which something happens or is held.
func (p *page) relationships() {
	table := p.begin(1./3, "| relationship | add | edit | delete | other | waits | status |\n| --- | ---: | ---: | ---: | ---: | ---: | --- |\n", "")
	if p.room <= 0 { // the deletes alone are more than a comment: what they belong to is said all the same
		table.room = leastTable
	}
	for i, e := range p.entries {
		row := fmt.Sprintf("| %s<br>%s | %d | %d | %s | %d | %s | %s |\n", text(words.Sentence(e.Address)), e.ends(), e.Add, e.Edit, strong(e.Delete), e.Other,
			strong(e.Waits), e.standing())
		if table.rows == i {
			table.row(row)
		}
	}
	table.end(len(p.entries)-table.rows, "relationship", "relationships")
	if p.quiet > 0 {
		p.write("\n" + words.Counted(p.quiet, "relationship", "relationships") + " with nothing to do.\n")
	}
}

// leastTable is how many bytes the table of relationships may have when there is room for nothing beside the deletes.
const leastTable = 4_000

// standing is the state of a relationship; one that nobody has to do anything about has its reason beside it. Of a block, it is how many are held.
func (e entry) standing() string {
	if e.block != nil && len(e.block.Held) > 0 {
		return text(e.block.Standing())
	}
	said := text(words.Sentence(string(e.Status)))
	if e.Reason != "" && !review.NeedsPerson(e.Relationship) {
		said += "<br>" + text(words.Sentence(e.Reason))
	}
	return said
}

// strong is a number that stands out when it is not zero.
func strong(n int) string {
	if n == 0 {
		return "0"
	}
	return fmt.Sprintf("**%d**", n)
}

// waits is what waits for a person: relationships that are held, and items that only a person can decide.
func (p *page) waits() error {
	const heading = "\n### Waits for a person\n"
	held := 0
	list := p.begin(1./2, heading+"\n", "")
	for _, e := range p.entries {
		for _, row := range e.held() {
			if held++; list.rows == held-1 {
				list.row(row)
			}
		}
	}
	list.end(held-list.rows, "relationship that is held", "relationships that are held")

	items := 0
	head := "\n" + tableHead("item", "waits because")
	if held == 0 {
		head = heading + head
	}
	table := p.begin(1./2, head, "")
	for _, e := range p.entries {
		if e.Waits == 0 {
			continue
		}
		items += e.Waits
		for op, err := range review.Operations(e.Relationship, review.Waits) {
			if err != nil {
				return err
			}
			if table.room == 0 || !table.row(waitingRow(e.Relationship, op)) {
				break
			}
		}
	}
	table.end(items-table.rows, "item that waits", "items that wait")
	return nil
}

// diagnostics is what the reader of a plan should know.
func (p *page) diagnostics() {
	list := p.begin(1./3, "\n### Also to know\n\n", "")
	diagnostics := review.Diagnostics(p.doc)
	for i, d := range diagnostics {
		if list.rows == i {
			list.row(diagnosticRow(d))
		}
	}
	list.end(len(diagnostics)-list.rows, "note", "notes")
}

// deletes are all items that go, of each relationship.
func (p *page) deletes() error {
	p.write(deletesHeading(p.gone))
	for _, e := range p.entries {
		if e.Delete == 0 {
			continue
		}
		p.write(e.heading() + deletesTable())
		for row, err := range e.deletes() {
			if err != nil {
				return err
			}
			p.write(row)
		}
	}
	return nil
}

func deletesHeading(n int) string {
	if n == 0 {
		return ""
	}
	return "\n### " + words.Counted(n, "delete", "deletes") + "\n"
}

func deletesTable() string { return tableHead("item", "deleted because") }

// deletesHead is how long the head of an entry's deletes is.
func deletesHead(e entry) int {
	if e.Delete == 0 {
		return 0
	}
	return len(e.heading()) + len(deletesTable())
}

// rest are the other changes. Each relationship has its share of the room that is left; what one does not need is for those after it.
func (p *page) rest() error {
	const least = 2_000 // bytes: a smaller share would be a heading without rows
	changes, groups := 0, 0
	for _, e := range p.entries {
		if n := e.Changes() - e.Delete; n > 0 {
			changes += n
			groups++
		}
	}
	if changes == 0 {
		return nil
	}
	heading := "\n### " + words.Counted(changes, "other change", "other changes") + "\n"
	if p.gone == 0 {
		heading = "\n### " + words.Counted(changes, "change", "changes") + "\n"
	}
	p.write(heading)
	p.room -= len(heading)
	unseen := 0
	for _, e := range p.entries {
		n := e.Changes() - e.Delete
		if n == 0 {
			continue
		}
		told, err := p.group(e, n, max(p.room/groups, least))
		if err != nil {
			return err
		}
		groups--
		if told == 0 {
			unseen += n
		}
	}
	p.write(p.left(unseen, "rows"))
	return nil
}

// group is the n other changes of one entry, in at most room bytes; told is how many of them it tells. Edits that say the same are one row. It is nothing at
// all where there is too little room for a row.
func (p *page) group(e entry, n, room int) (told int, err error) {
	open := ""
	if n <= 20 || e.block != nil {
		open = " open"
	}
	head := e.heading() + "<details" + open + "><summary>" + kinds(e.ByAction) + "</summary>\n\n" + tableHead("item", "change")
	const foot = "\n</details>\n"
	note := p.left(n, "rows")
	part := p.begin(1, head, foot)
	part.room = min(part.room, room-len(head)-len(foot)) - len(note)
	for row, err := range e.rest() {
		if err != nil {
			return 0, err
		}
		if !part.row(row.text) {
			break
		}
		told += row.stands
	}
	if told == 0 {
		return 0, nil
	}
	p.room -= len(note)
	part.end(n-told, "row", "rows")
	return told, nil
}

// kinds counts the actions of the other changes.
func kinds(s plan.Summary) string {
	number := func(n int, what string) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprintf("%d %s", n, what)
	}
	said := words.List(number(s.CreateFolder, "to create"), number(s.Add, "to add"), number(s.Edit, "to edit"), number(s.Adopt, "to adopt"), number(s.Mark, "to mark"),
		number(s.Retire, "to retire"), number(s.Release, "to release"))
	if said == "" {
		return "changes"
	}
	return said
}
