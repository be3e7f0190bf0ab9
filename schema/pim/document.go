package pim

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/tz"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// document is an item taken apart: its lines, and which of them are its components.
type document struct {
	kind       Kind
	lines      []contentline.Line
	outer      component      // VCALENDAR, or the VCARD itself
	components []component    // VEVENT, VTODO, VJOURNAL; the VCARD
	master     int            // the component without RECURRENCE-ID, or -1
	timezones  map[string]int // where the VTIMEZONE of a TZID begins; nil: none
	zones      map[string]*tz.Zone
	known      bool // Parse found the components to be one item: they may have lost their UID since
}

// component is the lines from a BEGIN to its END.
type component struct{ begin, end int }

// componentName is the iCalendar component that holds an item of a kind.
func componentName(kind Kind) string {
	switch kind {
	case Tasks:
		return "VTODO"
	case Notes:
		return "VJOURNAL"
	case Contacts:
		return "VCARD"
	}
	return "VEVENT"
}

func read(kind Kind, data []byte) (*document, error) {
	return outlined(&document{kind: kind, master: -1}, data)
}

// outlined takes data apart into d.
func outlined(d *document, data []byte) (*document, error) {
	lines, err := contentline.Read(data, contentline.Limits{})
	if err != nil {
		var bad *contentline.Error
		if errors.As(err, &bad) {
			return nil, &ParseError{bad.Line, bad.Reason}
		}
		return nil, &ParseError{0, err.Error()}
	}
	d.lines = lines
	if err := d.outline(); err != nil {
		return nil, err
	}
	return d, nil
}

// outline finds the components and holds them to be of one item.
func (d *document) outline() error {
	want := "VCALENDAR"
	if d.kind == Contacts {
		want = "VCARD"
	}
	if len(d.lines) == 0 {
		return &ParseError{0, "the input is empty"}
	}
	n, ok := d.lines[0].Begins()
	if first := &d.lines[0]; !ok || !strings.EqualFold(first.Component(), want) {
		return &ParseError{first.Number(), fmt.Sprintf("%s does not begin with BEGIN:%s", d.kind, want)}
	}
	if n+1 < len(d.lines) {
		return &ParseError{d.lines[n+1].Number(), fmt.Sprintf("more than one %s", want)}
	}
	d.outer = component{0, n}
	if d.kind == Contacts {
		d.components, d.master = []component{d.outer}, 0
		return nil
	}
	name := componentName(d.kind)
	for from, to := range d.children(d.outer) {
		l := &d.lines[from]
		if to-from == 1 {
			continue
		}
		switch inner := strings.ToUpper(l.Component()); inner {
		case name:
			if err := d.add(component{from, to - 1}); err != nil {
				return err
			}
		case "VTIMEZONE":
			if d.timezones == nil {
				d.timezones = map[string]int{}
			}
			if id := d.find(component{from, to - 1}, "TZID"); id != nil {
				d.timezones[strings.TrimSpace(string(id.Value()))] = from
			}
		case "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY", "VPOLL", "VCARD":
			return &ParseError{l.Number(), fmt.Sprintf("%s in an item of kind %s, which is one %s", inner, d.kind, name)}
		}
	}
	if len(d.components) == 0 {
		return &ParseError{0, fmt.Sprintf("there is no %s", name)}
	}
	return nil
}

// add takes one more component of the item.
func (d *document) add(c component) error {
	if len(d.components) > 0 {
		if was, is := d.uidOf(d.components[0]), d.uidOf(c); was != is || is == "" && !d.known {
			return &ParseError{d.lines[c.begin].Number(), fmt.Sprintf("a second item, with UID %q beside %q", is, was)}
		}
	}
	if d.find(c, "RECURRENCE-ID") == nil {
		if d.master >= 0 {
			return &ParseError{d.lines[c.begin].Number(), fmt.Sprintf("a second %s with UID %q that is no override (it has no RECURRENCE-ID)", componentName(d.kind), d.uidOf(c))}
		}
		d.master = len(d.components)
	}
	d.components = append(d.components, c)
	return nil
}

// check reads every time of the item: a time or zone that cannot be understood makes the item unreadable.
func (d *document) check() error {
	if d.kind == Contacts {
		return nil
	}
	for _, c := range d.components {
		for i := c.begin; i < c.end; i++ {
			l := &d.lines[i]
			t := describe(d.kind, l).typ
			if t != ical.Date && t != ical.Dates {
				continue
			}
			if err := ical.CheckTimes(l, t, d.zone); err != nil {
				return &ParseError{l.Number(), fmt.Sprintf("%s: %v", strings.ToUpper(l.Name()), err)}
			}
		}
	}
	return nil
}

// zone finds the zone of a TZID: by its name, else by the item's own VTIMEZONE.
func (d *document) zone(tzid string) (*tz.Zone, error) {
	if z, ok := tz.Find(tzid); ok {
		return z, nil
	}
	if z, ok := d.zones[tzid]; ok {
		return z, nil
	}
	at, ok := d.timezones[tzid]
	if !ok {
		return nil, fmt.Errorf("unknown time zone %q, and no VTIMEZONE says its rules", tzid)
	}
	n, _ := d.lines[at].Begins()
	z, err := tz.FromComponent(d.lines[at : at+n+1])
	if err != nil {
		return nil, fmt.Errorf("time zone %q: %w", tzid, err)
	}
	if d.zones == nil {
		d.zones = map[string]*tz.Zone{}
	}
	d.zones[tzid] = z
	return z, nil
}

// children walks over what stands directly in a component: lines, as from and from+1, and components, up to behind their END.
func (d *document) children(c component) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for i := c.begin + 1; i < c.end; {
			n, _ := d.lines[i].Begins()
			if !yield(i, i+n+1) {
				return
			}
			i += n + 1
		}
	}
}

// find is the first property of that name directly in a component, or nil.
func (d *document) find(c component, name string) *contentline.Line {
	for i := c.begin + 1; i < c.end; i++ {
		if n, nested := d.lines[i].Begins(); nested {
			i += n
		} else if d.lines[i].Is(name) {
			return &d.lines[i]
		}
	}
	return nil
}

// main is the component that speaks for the item: the master, else the first override.
func (d *document) main() component {
	switch {
	case d.master >= 0:
		return d.components[d.master]
	case len(d.components) > 0:
		return d.components[0]
	}
	return component{}
}

func (d *document) uid() string {
	if d.kind == Contacts {
		return vcard.PlainUID(d.uidOf(d.main()))
	}
	return d.uidOf(d.main())
}

func (d *document) uidOf(c component) string {
	if l := d.find(c, "UID"); l != nil {
		return strings.TrimSpace(ical.Unescape(string(l.Value())))
	}
	return ""
}

// version is that of a vCard; one that says none is read as 3.0.
func (d *document) version() vcard.Version {
	if l := d.find(d.outer, "VERSION"); l != nil {
		switch v := vcard.Version(strings.TrimSpace(string(l.Value()))); v {
		case vcard.V21, vcard.V40:
			return v
		}
	}
	return vcard.V30
}
