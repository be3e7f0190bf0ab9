package plain

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
)

// get is a text of an object.
func get(object map[string]any, key string) string {
	text, err := Text(object[key])
	if err != nil {
		return ""
	}
	return strings.TrimSpace(text)
}

func personLines(field, text string, object map[string]any) ([]string, error) {
	if object == nil {
		object = map[string]any{"email": text}
	}
	address := get(object, "email")
	if address == "" || strings.ContainsAny(address, " \r\n") {
		return nil, fmt.Errorf("%q is no mail address", address)
	}
	if !strings.Contains(address, ":") {
		address = "mailto:" + address
	}
	line := "ORGANIZER"
	if field == "attendees" {
		line = "ATTENDEE"
		if role := get(object, "role"); role != "" {
			for says, word := range Roles {
				if strings.EqualFold(word, role) {
					role = says
				}
			}
			line += ";ROLE=" + contentline.Quote(strings.ToUpper(role))
		}
		if status := get(object, "status"); status != "" {
			line += ";PARTSTAT=" + contentline.Quote(strings.ToUpper(status))
		}
	}
	if cn := get(object, "name"); cn != "" {
		line += ";CN=" + contentline.Quote(cn)
	}
	return []string{line + ":" + address}, nil
}

func attachmentLines(text string, object map[string]any) ([]string, error) {
	if object == nil {
		object = map[string]any{"url": text}
	}
	url := get(object, "url")
	if url == "" {
		return nil, fmt.Errorf("an attachment without url")
	}
	line := "ATTACH"
	for _, p := range []struct{ key, param string }{{"type", "FMTTYPE"}, {"name", "FILENAME"}, {"size", "SIZE"}} {
		if v := get(object, p.key); v != "" {
			line += ";" + p.param + "=" + contentline.Quote(v)
		}
	}
	return []string{line + ":" + url}, nil
}

// recurrenceLines reads what Plain shows: rules, with or without RRULE:, and dates in the canonical form or that of iCalendar.
func recurrenceLines(text string) ([]string, error) {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if strings.HasPrefix(strings.ToUpper(line), "FREQ=") {
			line = "RRULE:" + line
		}
		l := contentline.New(line)
		switch name := strings.ToUpper(l.Name()); name {
		case "RRULE", "EXRULE":
			if !strings.Contains(ical.Rule(string(l.Value())), "FREQ=") {
				return nil, fmt.Errorf("%q is no rule: it has no FREQ", line)
			}
			lines = append(lines, line)
		case "RDATE", "EXDATE":
			if l.HasParams() {
				lines = append(lines, line)
				continue
			}
			for item := range strings.SplitSeq(string(l.Value()), ",") {
				t, err := ical.ReadTime(strings.TrimSpace(item))
				if err != nil {
					if t, err = ical.ParseTime(item, "", false, nil); err != nil {
						return nil, err
					}
				}
				lines = append(lines, name+t.Value())
			}
		default:
			return nil, fmt.Errorf("%q is no RRULE, EXRULE, RDATE or EXDATE", line)
		}
	}
	return lines, nil
}
