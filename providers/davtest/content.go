package davtest

import (
	"slices"
	"strings"
)

// componentsOf are the components of an iCalendar object, or none of a vCard; false: the text is neither.
func componentsOf(text string, cards bool) ([]string, bool) {
	want := "VCALENDAR"
	if cards {
		want = "VCARD"
	}
	var open, found []string
	for _, line := range unfolded(text) {
		name, value, ok := strings.Cut(line, ":")
		switch {
		case !ok || len(open) == 0 && (!strings.EqualFold(line, "BEGIN:"+want) || found != nil):
			return nil, false
		case strings.EqualFold(name, "BEGIN"):
			if open = append(open, strings.ToUpper(value)); len(open) <= 2 {
				found = append(found, strings.ToUpper(value))
			}
		case strings.EqualFold(name, "END"):
			if open[len(open)-1] != strings.ToUpper(value) {
				return nil, false
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 || len(found) == 0 || !cards && len(found) == 1 {
		return nil, false
	}
	return found[1:], true
}

// unfolded are the lines of a text (RFC 5545 section 3.1).
func unfolded(text string) []string {
	text = strings.NewReplacer("\r\n ", "", "\r\n\t", "", "\n ", "", "\n\t", "", "\r\n", "\n").Replace(text)
	return strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
}

// rewritten is a text as the server stores it.
func (x *exchange) rewritten(text string, cards bool) string {
	if len(x.b.Rewrite) == 0 {
		return text
	}
	lines := unfolded(text)
	for _, rewrite := range x.b.Rewrite {
		switch {
		case rewrite == Order:
			lines = ordered(lines)
		case rewrite == UpperNames:
			lines = mapped(lines, upperName)
		case rewrite == DropX:
			lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "X-") })
		case rewrite == ClassPublic && !cards:
			lines = added(lines, "CLASS", "CLASS:PUBLIC")
		case rewrite == AddDTStamp && !cards:
			lines = added(lines, "DTSTAMP", "DTSTAMP:20260101T000000Z")
		case rewrite == AddREV && cards:
			lines = added(lines, "REV", "REV:20260101T000000Z")
		case rewrite == VCard3 && cards:
			lines = mapped(lines, func(l string) string {
				if strings.HasPrefix(l, "VERSION:") {
					return "VERSION:3.0"
				}
				return l
			})
		}
	}
	if slices.Equal(lines, unfolded(text)) && !slices.Contains(x.b.Rewrite, CRLF) {
		return text
	}
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(folded(line))
	}
	return b.String()
}

// folded is a line of at most 75 octets a piece.
func folded(line string) string {
	const width = 74
	var b strings.Builder
	room := width
	for _, r := range line {
		if size := len(string(r)); size > room {
			b.WriteString("\r\n ")
			room = width - 1
		}
		b.WriteRune(r)
		room -= len(string(r))
	}
	return b.String() + "\r\n"
}

// ordered sorts the properties of each component, which stay before its components.
func ordered(lines []string) []string {
	var out []string
	for from := 0; from < len(lines); {
		to := from
		for to < len(lines) && !strings.HasPrefix(lines[to], "BEGIN:") && !strings.HasPrefix(lines[to], "END:") {
			to++
		}
		run := slices.Clone(lines[from:to])
		slices.SortStableFunc(run, func(a, b string) int { return strings.Compare(property(a), property(b)) })
		out = append(out, run...)
		if to < len(lines) {
			out = append(out, lines[to])
			to++
		}
		from = to
	}
	return out
}

// property is the name of a line's property.
func property(line string) string { return line[:strings.IndexAny(line+":", ":;")] }

func upperName(line string) string {
	name := property(line)
	return strings.ToUpper(name) + line[len(name):]
}

func mapped(lines []string, f func(string) string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = f(line)
	}
	return out
}

// added puts a line into each event, task, journal entry and vCard that has none of its name.
func added(lines []string, name, line string) []string {
	var out []string
	for i, l := range lines {
		out = append(out, l)
		_, component, begins := strings.Cut(l, "BEGIN:")
		if !begins || !slices.Contains([]string{"VEVENT", "VTODO", "VJOURNAL", "VCARD"}, component) {
			continue
		}
		end := slices.Index(lines[i:], "END:"+component)
		if !slices.ContainsFunc(lines[i:i+max(0, end)], func(l string) bool { return strings.EqualFold(property(l), name) }) {
			out = append(out, line)
		}
	}
	return out
}
