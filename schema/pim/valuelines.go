package pim

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// get is a text of an object.
func get(object map[string]any, key string) string {
	text, err := plainText(object[key])
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
			for says, word := range roles {
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

func alarmLines(text string, object map[string]any) ([]string, error) {
	if object != nil {
		text = get(object, "before")
	}
	trigger := ""
	if d, err := parseBefore(text); err == nil {
		trigger = "TRIGGER:" + d.String()
	} else if t, timeErr := ical.ReadTime(text); timeErr == nil && !t.Date {
		trigger = "TRIGGER;VALUE=DATE-TIME:" + t.Instant(nil).UTC().Format("20060102T150405Z")
	} else {
		return nil, err
	}
	return []string{"BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:Reminder", trigger, "END:VALARM"}, nil
}

// parseBefore reads how long before the start an alarm is: "15m", "1h30m", "2d", "1w", a number of minutes, "-5m" for after it,
// or a TRIGGER as it stands ("-PT15M").
func parseBefore(text string) (ical.Duration, error) {
	text = strings.TrimSpace(text)
	if strings.Contains(text, "P") {
		return ical.ParseDuration(text)
	}
	if n, err := strconv.Atoi(text); err == nil {
		return ical.Duration{Seconds: -60 * n}, nil
	}
	sign := -1
	rest, after := strings.CutPrefix(text, "-")
	if after {
		sign = 1
	}
	var d ical.Duration
	for rest != "" {
		i := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
		if i <= 0 || i > 9 {
			return d, fmt.Errorf("%q is no time before the start like 15m, 1h30m or 2d", text)
		}
		n, _ := strconv.Atoi(rest[:i])
		switch n *= sign; rest[i] {
		case 'w':
			d.Days += 7 * n
		case 'd':
			d.Days += n
		case 'h':
			d.Seconds += 3600 * n
		case 'm':
			d.Seconds += 60 * n
		case 's':
			d.Seconds += n
		default:
			return d, fmt.Errorf("%q is no time before the start like 15m, 1h30m or 2d", text)
		}
		rest = rest[i+1:]
	}
	if text == "" || text == "-" {
		return d, fmt.Errorf("an alarm needs a time before the start, like 15m")
	}
	return d, nil
}

// alarmText is the trigger of an alarm as parseBefore reads it.
func alarmText(trigger string) string {
	d, err := ical.ParseDuration(trigger)
	if err != nil {
		if t, err := ical.ReadTime(trigger); err == nil {
			return t.RFC3339(nil)
		}
		return trigger
	}
	var b strings.Builder
	if d.Days > 0 || d.Seconds > 0 {
		b.WriteByte('-')
	} else {
		d.Days, d.Seconds = -d.Days, -d.Seconds
	}
	write := func(n int, unit string) {
		if n != 0 {
			b.WriteString(strconv.Itoa(n) + unit)
		}
	}
	write(d.Days, "d")
	write(d.Seconds/3600, "h")
	write(d.Seconds/60%60, "m")
	write(d.Seconds%60, "s")
	if b.Len() == 0 {
		return "0m"
	}
	return b.String()
}

// typedNames are the properties of contacts that have a type and a value.
var typedNames = map[string]string{"emails": "EMAIL", "phones": "TEL", "urls": "URL", "impp": "IMPP", "addresses": "ADR"}

func contactLines(field, text string, object map[string]any) ([]string, error) {
	name, typed := typedNames[field]
	if object != nil && !typed {
		return nil, fmt.Errorf("a text is needed, and this is an object")
	}
	value := ical.Escape(strings.TrimSpace(text))
	types := strings.Split(get(object, "type"), ",")
	switch field {
	case "emails", "phones", "urls", "impp":
		if object != nil {
			value = ical.Escape(get(object, "value"))
		}
		if value == "" {
			return nil, nil
		}
		if field == "urls" || field == "impp" {
			value = ical.Unescape(value)
		}
	case "addresses":
		if object != nil {
			parts := make([]string, len(addressParts))
			for i, key := range addressParts {
				parts[i] = get(object, key)
			}
			value = vcard.Join(parts)
		} else {
			value = ";;" + value
		}
	case "birthday", "anniversary":
		name = map[string]string{"birthday": "BDAY", "anniversary": "ANNIVERSARY"}[field]
		if day, _, _ := strings.Cut(text, "T"); !isDay(day) {
			return nil, fmt.Errorf("%q is not a date like 1996-04-15 or, without a year, --04-15", text)
		}
	case "name":
		name = "FN"
	case "members":
		name, value = "MEMBER", "urn:uuid:"+vcard.PlainUID(text)
	case "photo":
		if !strings.HasPrefix(text, "data:") && !strings.Contains(text, "://") {
			return nil, fmt.Errorf("a photo is set as a data: or https: address")
		}
		name, value = "PHOTO", text
		if header, data, ok := strings.Cut(text, ","); ok && strings.HasSuffix(header, ";base64") {
			return []string{"PHOTO;ENCODING=b:" + data}, nil
		}
	}
	if name == "" {
		name = propertyName(field)
	}
	p := vcard.New(name, value, types...)
	var lines []string
	for _, l := range p.Lines(vcard.V30, "") {
		lines = append(lines, string(l.Text()))
	}
	return lines, nil
}

func isDay(s string) bool {
	p := vcard.New("BDAY", s)
	day := p.Day()
	_, err := ical.ReadTime(day)
	return err == nil && len(day) == len("2006-01-02") || len(day) == len("--04-15") && strings.HasPrefix(day, "--")
}
