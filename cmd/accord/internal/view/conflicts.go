package view

import (
	"bufio"
	"fmt"
	"strings"
	"time"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
)

// conflictLine is what waits for a person, as a JSON line.
type conflictLine struct {
	Relationship string         `json:"relationship"`
	Source       string         `json:"source"`
	Destination  string         `json:"destination"`
	Kind         plan.Action    `json:"kind"` // conflict or ambiguous
	Item         string         `json:"item"`
	Title        string         `json:"title"`
	Start        string         `json:"start,omitempty"`
	OriginalRef  string         `json:"original_ref"`
	ReplicaRef   string         `json:"replica_ref"`
	Reason       string         `json:"reason"`
	Since        *time.Time     `json:"since"` // nil: no apply saw it yet
	Fields       []plan.Field   `json:"fields"`
	Candidates   []plan.Version `json:"candidates,omitempty"`
	Commands     []string       `json:"commands"`
}

// choice is a command that decides, and what it decides.
type choice struct{ command, meaning string }

// choices are the commands that decide what waits. self is how a command line begins.
func choices(self, relationship string, op plan.Operation) []choice {
	if op.Key() == "" {
		return nil
	}
	resolve := self + " resolve " + reconcile.ShellWord(relationship) + " " + reconcile.ShellWord(op.Key()) + " "
	if op.Action == plan.Conflict {
		return []choice{
			{resolve + "source", "what the original says, for both"},
			{resolve + "destination", "what the replica says, for both"},
			{resolve + "both", "the original's version, and the replica's beside it as an item of its own"},
		}
	}
	var list []choice
	for _, ref := range op.Candidates {
		list = append(list, choice{resolve + reconcile.ShellWord(ref), "this one is the same, and becomes the replica"})
	}
	return append(list, choice{resolve + "both", "none of them is: a replica is made beside them"})
}

// Conflicts shows what waits for a person, each since an apply saw it first.
func (v *View) Conflicts(doc *plan.Document, since map[state.PairKey]time.Time, self string) error {
	out := bufio.NewWriter(v.out)
	t := v.text(out)
	var held []string
	for _, r := range doc.Relationships {
		if r.Status == plan.Alert || r.Status == plan.Blocked || r.Status == plan.Paused || r.Status == plan.Unresolved {
			held = append(held, r.Address)
		}
		headed := false
		for op, err := range r.Operations.All() {
			if err != nil {
				return err
			}
			if op.Action != plan.Conflict && op.Action != plan.Ambiguous {
				continue
			}
			var at *time.Time
			if first, known := since[state.PairKey{Relationship: r.Address, Original: op.Key()}]; known {
				at = &first
			}
			if v.opts.JSON {
				if err := writeLine(out, "conflict", conflictLineOf(r, op, at, self)); err != nil {
					return err
				}
				continue
			}
			if !headed {
				headed = true
				t.put(wrap(fmt.Sprintf("%s: %s → %s", t.paint(bold, words.Sentence(r.Address)), words.Sentence(r.Source), words.Sentence(r.Destination)), t.width, 2))
			}
			t.waiting(r, op, at, self)
		}
	}
	if v.opts.JSON {
		err := writeLine(out, "conflicts", struct {
			Workspace string   `json:"workspace"`
			Conflicts int      `json:"conflict"`
			Ambiguous int      `json:"ambiguous"`
			Held      []string `json:"held"`
		}{doc.Workspace, doc.Summary.Conflict, doc.Summary.Ambiguous, append([]string{}, held...)})
		if err != nil {
			return err
		}
		return out.Flush()
	}
	for _, address := range held {
		t.put(wrap(t.paint(yellow, words.Sentence(address)+" is held, and what waits in it cannot be shown: accord status says why."), t.width, 2))
	}
	if doc.Summary.Conflict+doc.Summary.Ambiguous == 0 {
		t.put("Nothing waits for a person.")
	} else {
		conflicts := ""
		if n := doc.Summary.Conflict; n > 0 {
			conflicts = words.Counted(n, "conflict", "conflicts")
		}
		t.put(t.paint(bold, "Waiting: "+words.List(conflicts, words.Count(doc.Summary.Ambiguous, "ambiguous"))+"."))
	}
	return out.Flush()
}

func conflictLineOf(r plan.Relationship, op plan.Operation, since *time.Time, self string) conflictLine {
	line := conflictLine{Relationship: r.Address, Source: r.Source, Destination: r.Destination, Kind: op.Action, Item: op.Key(), Title: op.Title, Start: op.Start,
		OriginalRef: op.OriginalRef, ReplicaRef: op.ReplicaRef, Reason: op.Reason, Since: since, Fields: op.Fields, Candidates: op.Versions, Commands: []string{}}
	for _, c := range choices(self, r.Address, op) {
		line.Commands = append(line.Commands, c.command)
	}
	return line
}

// waiting tells one conflict or ambiguity.
func (t *text) waiting(r plan.Relationship, op plan.Operation, since *time.Time, self string) {
	head := "  " + t.paint(yellow, words.Action(op.Action)) + " " + words.Named(op)
	if when := words.When(op); when != "" {
		head += " (" + when + ")"
	}
	head += ": " + t.because(op.Reason)
	if since != nil {
		head += ", since " + clock(*since)
	}
	t.line(head)
	heads, rows, rest := []string{"original", "replica"}, []row(nil), []words.Change(nil)
	switch {
	case op.Action == plan.Ambiguous:
		heads, rows = candidates(op)
	case op.OriginalRef == "":
		heads[0] = "original, gone"
	case op.ReplicaRef == "":
		heads[1] = "replica, gone"
	}
	if op.Action == plan.Conflict {
		for _, c := range words.Fields(op) {
			if c.Diff != nil {
				c.Label += " (- original, + replica)"
				rest = append(rest, c)
				continue
			}
			rows = append(rows, row{c.Label, []string{c.Before, c.After}})
		}
	}
	if len(rows) == 0 && len(rest) == 0 {
		t.indented("What they say is not shown: -titles=full shows it.")
	}
	t.sideBySide(heads, rows)
	for _, c := range rest {
		t.change(c)
	}
	choices := choices(self, r.Address, op)
	if len(choices) > 0 {
		t.indented("To decide, one of these:")
	}
	for _, c := range choices { // on a line of its own, however long it is: people copy it
		t.put("        " + words.Sentence(c.command) + t.paint(faint, "   # "+c.meaning))
	}
	t.put("")
}

// candidates are the fields in which the candidates for an original differ from it, or from each other.
func candidates(op plan.Operation) (heads []string, rows []row) {
	heads = []string{"original"}
	at := map[string]int{}
	for i, v := range op.Versions {
		heads = append(heads, words.Sentence(v.Ref))
		for _, c := range words.Fields(plan.Operation{Action: plan.Conflict, Start: op.Start, Fields: v.Fields}) {
			if c.Diff != nil {
				c.Before, c.After = "as it is", "another text"
			}
			n, known := at[c.Label]
			if !known {
				n = len(rows)
				at[c.Label] = n
				rows = append(rows, row{c.Label, make([]string, len(op.Versions)+1)})
				rows[n].values[0] = c.Before
			}
			rows[n].values[i+1] = c.After
		}
	}
	for _, r := range rows {
		for i, value := range r.values {
			if value == "" {
				r.values[i] = "the same"
			}
		}
	}
	return heads, rows
}

// row is what several versions say of one field.
type row struct {
	label  string
	values []string
}

// sideBySide tells versions in columns, or one under the other where the terminal is narrow.
func (t *text) sideBySide(heads []string, rows []row) {
	if len(rows) == 0 {
		return
	}
	const indent = "      "
	all := append([]row{{"", heads}}, rows...)
	widths := make([]int, len(heads)+1)
	total := len(indent)
	for i := range widths {
		for _, r := range all {
			widths[i] = max(widths[i], columns(r.cell(i)))
		}
		total += widths[i] + len(" | ")
	}
	if t.width > 0 && total > t.width {
		for _, r := range rows {
			t.indented(r.label)
			for i, value := range r.values {
				t.put(wrap("        "+t.paint(faint, heads[i]+": ")+value, t.width, 10))
			}
		}
		return
	}
	for n, r := range all {
		var line []string
		for i := range widths {
			cell := r.cell(i) + strings.Repeat(" ", widths[i]-columns(r.cell(i)))
			if n == 0 {
				cell = t.paint(faint, cell)
			}
			line = append(line, cell)
		}
		t.put(strings.TrimRight(indent+strings.Join(line, " | "), " "))
	}
}

// cell is the label, and then the values.
func (r row) cell(i int) string {
	if i == 0 {
		return r.label
	}
	return r.values[i-1]
}
