package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/accord-sync/accord/cmd/accord/internal/words"
	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile"
)

// checkText draws what was found for people: rows of a name and a sentence below each folder, no wider than 80 columns.
func (p *program) checkText(checks []reconcile.FolderCheck, usable int) error {
	out := bufio.NewWriter(p.out)
	able := map[string]string{} // the first folder that can do the same, by what it can do
	for _, c := range checks {
		verdict := "usable"
		if !c.Usable {
			verdict = "NOT USABLE"
		}
		fmt.Fprintf(out, "%s: %s\n", words.Safe(c.Address), verdict)
		rows := checkRows(c)
		if c.Can != nil {
			can := abilityRows(*c.Can)
			if first, known := able[fmt.Sprint(can)]; known {
				can = []row{{"can", "what " + first + " can"}}
			} else {
				able[fmt.Sprint(can)] = c.Address
			}
			rows = append(rows, can...)
		}
		for _, r := range rows {
			r.draw(out)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "Folders: %d usable, %d not usable.\n", usable, len(checks)-usable)
	return out.Flush()
}

// row is one line of what is said of a folder.
type row struct{ name, text string }

// draw writes a row, and goes on below its text when that is longer than a line.
func (r row) draw(out io.Writer) {
	const indent, width = 11, 80
	column := 0
	for i, word := range strings.Fields(words.Safe(r.text)) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			fmt.Fprintf(out, "  %-*s", indent-2, r.name)
			column = indent
		case column+1+n > width:
			fmt.Fprintf(out, "\n%*s", indent, "")
			column = indent
		default:
			fmt.Fprint(out, " ")
			column++
		}
		fmt.Fprint(out, word)
		column += n
	}
	fmt.Fprintln(out)
}

func checkRows(c reconcile.FolderCheck) []row {
	rows := []row{{"is", join(string(c.Kind), c.Driver, c.Location)}}
	if c.Problem != "" {
		rows = append(rows, row{"problem", c.Problem})
	}
	if c.Missing {
		return append(rows, row{"read", "it is not there: apply makes it (create = true)"})
	}
	if c.Can == nil {
		return rows
	}
	rows = append(rows, row{"read", readText(c)})
	for _, d := range c.Unreadable {
		rows = append(rows, row{"", fmt.Sprintf("cannot be understood, and is left alone: %s: %s", d.Ref, d.Detail)})
	}
	rows = append(rows, row{"written", writeText(c)})
	if c.Probe != nil {
		rows = append(rows, row{"probe", probeText(c)})
		if c.Probe.Left != "" && c.Probe.Left != c.Problem {
			rows = append(rows, row{"", c.Probe.Left})
		}
	}
	return rows
}

func readText(c reconcile.FolderCheck) string {
	switch c.Readable {
	case reconcile.ReadFailed:
		return "no"
	case reconcile.ReadPartial:
		return "in part: " + words.Counted(c.Items, "item", "items")
	}
	text := words.Counted(c.Items, "item", "items")
	if n := len(c.Unreadable); n > 0 {
		text += fmt.Sprintf("; %d of the first %d cannot be understood", n, c.Sampled)
	}
	return text
}

func writeText(c reconcile.FolderCheck) string {
	switch c.Writable {
	case reconcile.WriteReadOnly:
		return "never: it is read only by configuration"
	case reconcile.WriteTried:
		return "yes: an item was made, read back, changed and taken away again"
	case reconcile.WriteFailed:
		if c.Problem == "" {
			return fmt.Sprintf("no, but no relationship needs to; access = \"read\" in its block would keep it so: %s", c.WriteReason)
		}
		return "no"
	}
	return "not tried: -probe tries it with an item of its own"
}

// probeText says what became of the item of a probe.
func probeText(c reconcile.FolderCheck) string {
	kept := func(what string, k reconcile.Kept) string {
		switch k {
		case reconcile.KeptSame:
			return what + " kept"
		case reconcile.KeptChanged:
			return what + " replaced by another"
		case reconcile.KeptLost:
			return what + " lost"
		}
		return ""
	}
	fields := func(names []string, what string) string {
		if len(names) == 0 {
			return ""
		}
		return strings.Join(names, ", ") + " " + what
	}
	said := []string{kept("UID", c.Probe.UID), kept("marker", c.Probe.Marker), fields(c.Probe.Changed, "came back changed"), fields(c.Probe.Lost, "did not come back")}
	if c.Probe.UID != reconcile.KeptUnknown && len(c.Probe.Changed)+len(c.Probe.Lost) == 0 {
		said = append(said, "all fields came back as they were sent")
	}
	switch c.Probe.Precondition {
	case reconcile.Honoured:
		said = append(said, "a write with an old version was refused")
	case reconcile.NotHonoured:
		said = append(said, "a write with an old version was done")
	}
	said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
	return cmp.Or(strings.Join(said, "; "), "nothing came back")
}

// abilityRows say what a driver can and cannot do in a folder.
func abilityRows(can providers.Capabilities) []row {
	changes := "no feed: every plan lists the folder to its end"
	if can.Feed {
		changes = "a feed: a plan asks only for what changed"
	}
	guard := "does not look at versions: accord reads an item just before it writes it"
	if can.Conditional {
		guard = "leaves an item alone that was changed meanwhile"
	}
	again := map[providers.Idempotency]string{
		providers.ByUID: "by its UID", providers.ByToken: "by a token", providers.ByMarkerSearch: "by its marker",
	}
	create := "a create without answer is known by its content alone, or waits for a person"
	if by, ok := again[can.Creates]; ok {
		create = "a create without answer is known again " + by
	}
	kept := func(what string, keeps bool) string {
		if keeps {
			return what
		}
		return "no " + what
	}
	held := "every field"
	if len(can.Lacks) > 0 {
		held += " but " + strings.Join(lacking(can.Lacks), ", ")
	}
	return []row{
		{"changes", changes},
		{"a write", guard + "; " + create},
		{"holds", join(kept("UIDs", can.UIDs), kept("markers", can.Markers), held)},
		{"a call", fmt.Sprintf("takes %s; at most %s at a time", words.Counted(can.Batch, "item", "items"), words.Counted(can.Parallel, "call", "calls"))},
	}
}

// lacking are fields that a folder cannot hold, in words where the name is none.
func lacking(fields []string) []string {
	var names []string
	for _, f := range fields {
		switch f {
		case "extra.":
			f = "X- properties"
		case "override:":
			f = "changed occurrences of a series"
		}
		names = append(names, f)
	}
	return names
}

// join is what there is of some words, with commas.
func join(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}
