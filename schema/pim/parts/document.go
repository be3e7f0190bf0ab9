// Package parts takes an item apart: it finds the components of an iCalendar object or the lines of a vCard, and says of which
// canonical field each of them is an element, and with what canonical text.
package parts

import (
	"fmt"
	"iter"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/tz"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// Document is an item taken apart: its lines, and which of them are its components.
type Document struct {
	Kind       Kind
	Lines      []contentline.Line
	Outer      Component      // VCALENDAR, or the VCARD itself
	Components []Component    // VEVENT, VTODO, VJOURNAL; the VCARD
	Master     int            // the component without RECURRENCE-ID, or -1
	Timezones  map[string]int // where the VTIMEZONE of a TZID begins; nil: none
	zones      map[string]*tz.Zone
	first      string // UID of the first component
	known      bool   // Parse found the components to be one item: they may have lost their UID since
}

// Component is the lines from a BEGIN to its END.
type Component struct{ Begin, End int }

// Kind is the component that an item of a kind is.
type Kind string

// The components that items are.
const (
	Event   Kind = "VEVENT"
	Todo    Kind = "VTODO"
	Journal Kind = "VJOURNAL"
	Card    Kind = "VCARD"
)

// Read takes the bytes of one item apart. The error is a *contentline.Error.
func Read(kind Kind, data []byte) (*Document, error) {
	return outlined(&Document{Kind: kind, Master: -1}, data)
}

// Reread takes bytes apart that were read before, or printed from such: their components are of one item even when they have
// lost their UID since.
func Reread(kind Kind, data []byte) *Document {
	d, err := outlined(&Document{Kind: kind, Master: -1, known: true}, data)
	if err != nil {
		return &Document{Kind: kind, Master: -1}
	}
	return d
}

// outlined takes data apart into d.
func outlined(d *Document, data []byte) (*Document, error) {
	lines, err := contentline.Read(data, contentline.Limits{})
	if err != nil {
		return nil, err
	}
	d.Lines = lines
	if err := d.outline(); err != nil {
		return nil, err
	}
	return d, nil
}

// outline finds the components and holds them to be of one item.
func (d *Document) outline() error {
	want := "VCALENDAR"
	if d.Kind == Card {
		want = "VCARD"
	}
	if len(d.Lines) == 0 {
		return &contentline.Error{Reason: "the input is empty"}
	}
	n, ok := d.Lines[0].Begins()
	if first := &d.Lines[0]; !ok || !strings.EqualFold(first.Component(), want) {
		return &contentline.Error{Line: first.Number(), Reason: fmt.Sprintf("an item does not begin so, but with BEGIN:%s", want)}
	}
	if n+1 < len(d.Lines) {
		return &contentline.Error{Line: d.Lines[n+1].Number(), Reason: fmt.Sprintf("more than one %s", want)}
	}
	d.Outer = Component{0, n}
	if d.Kind == Card {
		d.Components, d.Master = []Component{d.Outer}, 0
		return nil
	}
	name := string(d.Kind)
	for from, to := range d.Children(d.Outer) {
		l := &d.Lines[from]
		if to-from == 1 {
			continue
		}
		switch inner := strings.ToUpper(l.Component()); inner {
		case name:
			if err := d.add(Component{from, to - 1}); err != nil {
				return err
			}
		case "VTIMEZONE":
			if d.Timezones == nil {
				d.Timezones = map[string]int{}
			}
			if id := d.Find(Component{from, to - 1}, "TZID"); id != nil {
				d.Timezones[strings.TrimSpace(string(id.Value()))] = from
			}
		case "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY", "VPOLL", "VCARD":
			return &contentline.Error{Line: l.Number(), Reason: fmt.Sprintf("a %s in an item that is one %s", inner, name)}
		}
	}
	if len(d.Components) == 0 {
		return &contentline.Error{Reason: fmt.Sprintf("there is no %s", name)}
	}
	return nil
}

// add takes one more component of the item.
func (d *Document) add(c Component) error {
	if len(d.Components) == 0 {
		d.first = d.uidOf(c)
	} else {
		if was, is := d.first, d.uidOf(c); was != is || is == "" && !d.known {
			return &contentline.Error{Line: d.Lines[c.Begin].Number(), Reason: fmt.Sprintf("a second item, with UID %q beside %q", is, was)}
		}
	}
	if d.Find(c, "RECURRENCE-ID") == nil {
		if d.Master >= 0 {
			return &contentline.Error{Line: d.Lines[c.Begin].Number(), Reason: fmt.Sprintf("a second %s with UID %q that is no override (it has no RECURRENCE-ID)", string(d.Kind), d.uidOf(c))}
		}
		d.Master = len(d.Components)
	}
	d.Components = append(d.Components, c)
	return nil
}

// Check reads every time of the item: a time or zone that cannot be understood makes the item unreadable.
func (d *Document) Check() error {
	if d.Kind == Card {
		return nil
	}
	for _, c := range d.Components {
		for i := c.Begin; i < c.End; i++ {
			l := &d.Lines[i]
			t := describe(d.Kind, l).typ
			if t != ical.Date && t != ical.Dates {
				continue
			}
			if err := ical.CheckTimes(l, t, d.zone); err != nil {
				return &contentline.Error{Line: l.Number(), Reason: fmt.Sprintf("%s: %v", strings.ToUpper(l.Name()), err)}
			}
		}
	}
	return nil
}

// zone finds the zone of a TZID: by its name, else by the item's own VTIMEZONE.
func (d *Document) zone(tzid string) (*tz.Zone, error) {
	if z, ok := tz.Find(tzid); ok {
		return z, nil
	}
	if z, ok := d.zones[tzid]; ok {
		return z, nil
	}
	rules := d.Timezone(tzid)
	if rules == nil {
		return nil, fmt.Errorf("unknown time zone %q, and no VTIMEZONE says its rules", tzid)
	}
	z, err := tz.FromComponent(rules)
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", tzid, err)
	}
	if d.zones == nil {
		d.zones = map[string]*tz.Zone{}
	}
	d.zones[tzid] = z
	return z, nil
}

// Children walks over what stands directly in a component: lines, as from and from+1, and components, up to behind their END.
func (d *Document) Children(c Component) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for i := c.Begin + 1; i < c.End; {
			n, _ := d.Lines[i].Begins()
			if !yield(i, i+n+1) {
				return
			}
			i += n + 1
		}
	}
}

// Find is the first property of that name directly in a component, or nil.
func (d *Document) Find(c Component, name string) *contentline.Line {
	for i := c.Begin + 1; i < c.End; i++ {
		if n, nested := d.Lines[i].Begins(); nested {
			i += n
		} else if d.Lines[i].Is(name) {
			return &d.Lines[i]
		}
	}
	return nil
}

// Main is the component that speaks for the item: the master, else the first override.
func (d *Document) Main() Component {
	switch {
	case d.Master >= 0:
		return d.Components[d.Master]
	case len(d.Components) > 0:
		return d.Components[0]
	}
	return Component{}
}

// UID is what identifies the item; that of a vCard without urn:uuid:.
func (d *Document) UID() string {
	if d.Kind == Card {
		return vcard.PlainUID(d.uidOf(d.Main()))
	}
	return d.uidOf(d.Main())
}

func (d *Document) uidOf(c Component) string {
	if l := d.Find(c, "UID"); l != nil {
		return strings.TrimSpace(ical.Unescape(string(l.Value())))
	}
	return ""
}

// Version is that of a vCard; one that says none is read as 3.0.
func (d *Document) Version() vcard.Version {
	if l := d.Find(d.Outer, "VERSION"); l != nil {
		switch v := vcard.Version(strings.TrimSpace(string(l.Value()))); v {
		case vcard.V21, vcard.V40:
			return v
		}
	}
	return vcard.V30
}
