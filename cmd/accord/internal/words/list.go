package words

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/reconcile/plan"
)

// asList takes lists as the engine makes them and as JSON has them.
func asList(v any) ([]any, bool) {
	switch v := v.(type) {
	case []any:
		return v, true
	case []string:
		list := make([]any, len(v))
		for i, s := range v {
			list[i] = s
		}
		return list, true
	}
	return nil, v == nil
}

// listed is a field of which one side at least is a list, as two lists; nil for any other.
func listed(f plan.Field) [][]any {
	before, ok := asList(f.Before)
	after, alsoOK := asList(f.After)
	if !ok || !alsoOK || f.Before == nil && f.After == nil {
		return nil
	}
	return [][]any{before, after}
}

// lists says two lists. What many have in common is only counted.
func lists(name string, before, after []any) (string, string) {
	b, a := said(name, before), said(name, after)
	same := 0
	for _, s := range b {
		if slices.Contains(a, s) {
			same++
		}
	}
	const few = 3
	if same <= few {
		return joined(b, 0), joined(a, 0)
	}
	own := func(list, other []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(other, s) })
	}
	return joined(own(b, a), same), joined(own(a, b), same)
}

func said(name string, list []any) []string {
	const most = 1000 // longer lists are compared in their beginnings
	texts := make([]string, 0, min(len(list), most))
	for _, v := range list[:min(len(list), most)] {
		texts = append(texts, value(name, v, ""))
	}
	return texts
}

// joined is a list on one line; same is how many more the other list holds as well.
func joined(list []string, same int) string {
	const shown = 10
	rest := ""
	if len(list) > shown {
		rest = fmt.Sprintf(", and %d more", len(list)-shown)
		list = list[:shown]
	}
	text := strings.Join(list, ", ") + rest
	switch {
	case same > 0 && text == "":
		return fmt.Sprintf("the same %d", same)
	case same > 0:
		return fmt.Sprintf("%s, and the same %d", text, same)
	case text == "":
		return none
	}
	return text
}

// alarm says how long before the start a reminder is: 1h30m is 1 hour 30 minutes before.
func alarm(s string) string {
	rest, after := strings.CutPrefix(s, "-")
	var parts []string
	for rest != "" {
		i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if i <= 0 || i > 9 {
			return Moment(s)
		}
		unit, ok := map[byte]string{'w': "week", 'd': "day", 'h': "hour", 'm': "minute", 's': "second"}[rest[i]]
		if !ok {
			return Moment(s)
		}
		if n := strings.TrimLeft(rest[:i], "0"); n == "1" {
			parts = append(parts, "1 "+unit)
		} else if n != "" {
			parts = append(parts, n+" "+unit+"s")
		}
		rest = rest[i+1:]
	}
	switch {
	case s == "" || s == "-":
		return Quote(s, valueLength)
	case parts == nil:
		return "at the start"
	case after:
		return strings.Join(parts, " ") + " after"
	}
	return strings.Join(parts, " ") + " before"
}
