package faults

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim"
)

// Shout gives an item a louder title, as a store does that tidies up what it is given.
func Shout(it *pim.Item) *pim.Item {
	field := "summary"
	if it.Kind() == pim.Contacts {
		field = "name"
	}
	v, err := pim.FieldValue(it.Kind(), field, it.Title()+"!")
	if err != nil {
		return it
	}
	return it.WithFields(pim.Fields{field: v})
}

// Restyled says what an item says in other words, as servers do that print anew what they are given: properties in alphabetical order, their names in lower
// case, a new DTSTAMP or REV, a greater SEQUENCE, and a property of a server's own.
func Restyled(it *pim.Item) *pim.Item {
	restyled, err := pim.Parse(it.Kind(), []byte(restyle(string(it.Bytes()))))
	if err != nil {
		return it
	}
	return restyled
}

// property is a content line with the lines that it is folded into.
type property struct{ name, text string }

func restyle(document string) string {
	var out strings.Builder
	var open []property // of the component that is being read, until the next one begins or this one ends
	flush := func() {
		slices.SortStableFunc(open, func(a, b property) int { return cmp.Compare(a.name, b.name) })
		for _, p := range open {
			out.WriteString(p.text)
		}
		open = nil
	}
	for line := range strings.Lines(document) {
		if line[0] == ' ' || line[0] == '\t' {
			if n := len(open); n > 0 {
				open[n-1].text += line
			}
			continue
		}
		end := strings.IndexAny(line, ":;")
		if end < 0 {
			return document
		}
		name := strings.ToLower(line[:end])
		switch value := strings.ToUpper(strings.TrimSpace(line[end+1:])); {
		case name == "begin", name == "end":
			flush()
			out.WriteString(name + line[end:])
			if name == "begin" && (value == "VEVENT" || value == "VTODO" || value == "VCARD") {
				open = append(open, property{"x-radicale-name", "x-radicale-name:where the server keeps it\r\n"})
			}
		case name == "dtstamp" || name == "rev":
			open = append(open, property{name, name + ":20260102T030405Z\r\n"})
		case name == "sequence":
			open = append(open, property{name, fmt.Sprintf("%s:%s0\r\n", name, value)})
		default:
			open = append(open, property{name, name + line[end:]})
		}
	}
	return out.String()
}
