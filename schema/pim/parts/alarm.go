package parts

import (
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/ical"
)

// alarm is the canonical text of a VALARM: its trigger first. An alarm that a client made for its own defaults is "".
func (d *Document) alarm(c Component) string {
	trigger := "PT0S"
	var rest []string
	for from, to := range d.Children(c) {
		l := &d.Lines[from]
		if to-from > 1 {
			continue
		}
		name := strings.ToUpper(l.Name())
		switch name {
		case "TRIGGER":
			if canon, err := ical.Canon(l, ical.Length, d.zone); err == nil {
				trigger = canon
			} else {
				trigger = strings.TrimSpace(string(l.Value()))
			}
			continue
		case "ACTION":
			action := strings.ToUpper(strings.TrimSpace(string(l.Value())))
			if action == "NONE" {
				return ""
			}
			rest = append(rest, name+":"+action)
			continue
		case "ACKNOWLEDGED", "X-WR-ALARMUID", "RELATED-TO", "X-MOZ-LASTACK":
			continue
		case "DURATION":
			if canon, err := ical.Canon(l, ical.Length, d.zone); err == nil {
				rest = append(rest, name+":"+canon)
				continue
			}
		case "REPEAT":
			if n := strings.TrimLeft(string(l.Value()), "0 "); n != "" {
				rest = append(rest, name+":"+n)
			}
			continue
		}
		p := describe(d.Kind, l)
		if p.Field == "" {
			continue
		}
		if canon, err := ical.Canon(l, p.typ, d.zone); err == nil {
			rest = append(rest, name+":"+canon)
		}
	}
	slices.Sort(rest)
	return strings.Join(append([]string{trigger}, rest...), ical.Sep)
}
