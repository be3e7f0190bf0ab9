package view

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// sign is the symbol and the colour of an action.
func sign(a plan.Action) (symbol, color string) {
	switch a {
	case plan.Add, plan.CreateFolder:
		return "+", green
	case plan.Edit, plan.Mark:
		return "~", yellow
	case plan.Delete:
		return "-", red
	case plan.Adopt:
		return "=", cyan
	case plan.Retire, plan.Release:
		return "/", cyan
	case plan.Conflict, plan.Ambiguous:
		return "!", yellow
	}
	return "?", yellow
}

func operationText(w io.Writer, r plan.Relationship, op plan.Operation, paint paint) {
	symbol, color := sign(op.Action)
	head := fmt.Sprintf("  %s %s", symbol, strings.ReplaceAll(Clean(string(op.Action)), "_", " "))
	title := named(op)
	if op.Action == plan.Delete {
		head, title = paint(color, head+" "+title), ""
	} else {
		head = paint(color, head) + " "
	}
	title += when(op)
	place := ""
	if op.Side == plan.Source {
		place = " in the source, " + Clean(r.Source)
	}
	fmt.Fprintf(w, "%s%s%s: %s (%s)\n", head, title, place, because(op.Reason), Clean(op.Reason))
	if op.Detail != "" {
		fmt.Fprintf(w, "      %s\n", Clean(op.Detail))
	}
	if len(op.Originals) > 1 {
		fmt.Fprintf(w, "      shared by %s\n", Clean(strings.Join(op.Originals, ", ")))
	}
	for _, c := range op.Candidates {
		fmt.Fprintf(w, "      candidate %s\n", quote(c, titleLength))
	}
	if op.Action == plan.Add || op.Action == plan.Delete {
		return // all of it comes or goes
	}
	for _, f := range op.Fields {
		before, after := fieldText(f)
		fmt.Fprintf(w, "      %s: %s → %s\n", strings.Replace(Clean(f.Name), ":", " ", 1), before, after)
	}
}

// named is what people know an item by: its title, else its UID, else its ref. A folder is known by its address.
func named(op plan.Operation) string {
	if op.Action == plan.CreateFolder && op.Title != "" {
		return Clean(op.Title)
	}
	for _, s := range []string{op.Title, op.UID, op.OriginalRef, op.ReplicaRef} {
		if s != "" {
			return quote(s, titleLength)
		}
	}
	return "(no title)"
}

// when tells an item that is added or deleted from others of its title: its start, when it has one that is shown.
func when(op plan.Operation) string {
	for _, f := range op.Fields {
		side := f.After
		if op.Action == plan.Delete {
			side = f.Before
		}
		start, ok := side.(string)
		if shown := op.Action == plan.Add || op.Action == plan.Delete; shown && ok && f.Name == "start" && start != op.Title {
			return " (" + Clean(start) + ")"
		}
	}
	return ""
}

// fieldText is a field before and after.
func fieldText(f plan.Field) (before, after string) {
	b, isText := f.Before.(string)
	a, alsoText := f.After.(string)
	if strings.HasPrefix(f.Name, "override:") { // its texts quote what they hold
		return overrideText(b), overrideText(a)
	}
	if isText && alsoText {
		b, a = difference(b, a, valueLength)
		return quote(b, valueLength), quote(a, valueLength)
	}
	return value(f.Before), value(f.After)
}

// overrideText is one side of an override; "": it is not there, or says nothing that the other side does not.
func overrideText(s string) string {
	if s == "" {
		return "(none)"
	}
	return Clean(cut(s, 2*valueLength))
}

// value is one side of a field. A plan that was read from a file has its lists as []any.
func value(v any) string {
	switch v := v.(type) {
	case nil:
		return "(none)"
	case string:
		return quote(v, valueLength)
	case []string:
		items := make([]any, len(v))
		for i, s := range v {
			items[i] = s
		}
		return value(items)
	case []any:
		const shown = 10
		parts := make([]string, 0, min(len(v), shown)+1)
		for i, item := range v {
			if i == shown {
				parts = append(parts, fmt.Sprintf("and %d more", len(v)-shown))
				break
			}
			parts = append(parts, value(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "(cannot be shown)"
	}
	return cut(escape(string(text), false), valueLength)
}
