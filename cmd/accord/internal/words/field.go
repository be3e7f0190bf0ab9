package words

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/accord-sync/accord/reconcile/plan"
)

// Change is what becomes of one field, in words.
type Change struct {
	Label         string // location; start on Tue 8 Dec 2026
	Before, After string // texts in quotes, "(none)" where there is nothing; both empty when Diff says it
	Diff          []Line // of a long text
	Sides         bool   // nothing is changed, and Before is what the original says, After what the replica says
}

// String is a change on one line, without its Diff.
func (c Change) String() string {
	if c.Diff != nil {
		return c.Label + ":"
	}
	return c.Label + ": " + c.Values()
}

// Values is what a change is from and to.
func (c Change) Values() string {
	switch {
	case c.Sides:
		return "original " + c.Before + ", replica " + c.After
	case c.Before == hidden && c.After == hidden:
		return hidden
	case c.Before == c.After:
		return c.After + ", changed in a detail that is not shown"
	}
	return c.Before + " → " + c.After
}

// none is a side of a field that holds nothing.
const none = "(none)"

// Fields are the changes of an operation, in words: what an item is known by and when it is come first, long texts and single occurrences last.
func Fields(op plan.Operation) []Change {
	start := op.Start
	for _, f := range op.Fields {
		if f.Name == "start" && f.Occurrence == "" {
			for _, v := range []any{f.Before, f.After} {
				if text, ok := v.(string); ok {
					start = text
				}
			}
		}
	}
	fields := slices.SortedStableFunc(slices.Values(op.Fields), func(a, b plan.Field) int {
		return cmp.Or(cmp.Compare(a.Occurrence, b.Occurrence), rankOf(a.Name)-rankOf(b.Name))
	})
	changes := make([]Change, len(fields))
	for i, f := range fields {
		changes[i] = change(f, start)
		changes[i].Sides = op.Action == plan.Conflict
	}
	return changes
}

// rankOf orders fields as people look for them.
func rankOf(name string) int {
	first := []string{"summary", "name", "start", "end", "due", "recurrence", "location"}
	if i := slices.Index(first, name); i >= 0 {
		return i
	}
	if strings.HasPrefix(name, "description") || name == "note" {
		return len(first) + 1
	}
	return len(first)
}

// Field is one change in words. [Fields] says recurrence better: it knows the item's start.
func Field(f plan.Field) Change { return change(f, "") }

func change(f plan.Field, start string) Change {
	c := Change{Label: label(f)}
	if f.Before == hidden || f.After == hidden {
		c.Before, c.After = hiddenSide(f.Before), hiddenSide(f.After)
		return c
	}
	before, isText := f.Before.(string)
	after, alsoText := f.After.(string)
	switch {
	case timeField(f.Name) && (isText || f.Before == nil) && (alsoText || f.After == nil):
		c.Before, c.After = moments(f, before, after)
	case (isText || f.Before == nil) && (alsoText || f.After == nil) && long(before, after) && !ownWords(f.Name):
		c.Diff = diff(before, after)
	default:
		c.Before, c.After = value(f.Name, f.Before, start), value(f.Name, f.After, start)
		if both := listed(f); both != nil {
			c.Before, c.After = lists(f.Name, both[0], both[1])
		}
	}
	if c.Diff == nil && c.Before == c.After { // the words do not tell what differs
		before, after = contrast(before, after, valueLength)
		if b, a := rawOr(f.Before, before), rawOr(f.After, after); b != a {
			c.Before, c.After = b, a
		}
	}
	return c
}

// label is a field's name, and the occurrence of a series whose own field it is.
func label(f plan.Field) string {
	name := strings.ReplaceAll(strings.TrimPrefix(Sentence(f.Name), "extra."), "_", " ")
	if f.Occurrence == "" {
		return name
	}
	on := Sentence(f.Occurrence)
	if m, ok := readMoment(f.Occurrence); ok {
		on = m.String()
	}
	return name + " on " + on
}

func hiddenSide(v any) string {
	if v == nil {
		return none
	}
	return hidden
}

// long reports whether a text is shown as a diff.
func long(before, after string) bool {
	const short = 100
	return strings.Contains(before, "\n") || strings.Contains(after, "\n") || utf8.RuneCountInString(before) > short || utf8.RuneCountInString(after) > short
}

func timeField(name string) bool {
	return slices.Contains([]string{"start", "end", "due", "completed", "created", "modified", "birthday", "anniversary"}, name)
}

// ownWords reports whether the texts of a field are said in words of their own.
func ownWords(name string) bool { return timeField(name) || name == "recurrence" || name == "alarms" }

// plainWord reports whether a text of a field is one of a few words or a number, and needs no quotes.
func plainWord(name, s string) bool {
	if !slices.Contains([]string{"status", "class", "transparency", "busy", "priority", "percent", "all_day"}, name) || s == "" {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }) < 0
}

func text(name, s string) string {
	if plainWord(name, s) {
		return s
	}
	return Quote(s, valueLength)
}

// value is one side of a field in words.
func value(name string, v any, start string) string {
	switch v := v.(type) {
	case nil:
		if name == "recurrence" {
			return "once"
		}
		return none
	case string:
		switch {
		case v == hidden:
			return hidden
		case timeField(name):
			return Moment(v)
		case name == "recurrence":
			return Recurrence(v, start)
		case name == "alarms":
			return alarm(v)
		case name == "range" && v == "THISANDFUTURE":
			return "this and all later occurrences"
		}
		return text(name, v)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case float64, int:
		return fmt.Sprint(v)
	case map[string]any:
		return object(v)
	}
	if list, ok := asList(v); ok {
		own, _ := lists(name, list, nil)
		return own
	}
	return raw(v)
}

// object is an object of a list: a person by name and address, else its first text that says something.
func object(v map[string]any) string {
	of := func(key string) string { s, _ := v[key].(string); return s }
	switch name, email := of("name"), of("email"); {
	case name != "" && email != "":
		return Quote(name+" <"+email+">", valueLength)
	case email != "":
		return Quote(email, valueLength)
	case of("before") != "":
		return alarm(of("before"))
	case of("value") != "" && of("type") != "":
		return Quote(of("value")+" ("+of("type")+")", valueLength)
	}
	for _, key := range []string{"value", "name", "url"} {
		if of(key) != "" {
			return Quote(of(key), valueLength)
		}
	}
	return raw(v)
}

// rawOr is a value as it stands in the document; of a text, the part of it that counts.
func rawOr(v any, part string) string {
	if _, ok := v.(string); ok {
		return Quote(part, 2*valueLength)
	}
	return raw(v)
}

// raw is a value as it stands in the document.
func raw(v any) string {
	if v == nil {
		return none
	}
	data, err := json.Marshal(v)
	if err != nil {
		return "(cannot be shown)"
	}
	return Cut(Safe(string(data)), valueLength)
}
