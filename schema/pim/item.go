// Package pim is what items say: the canonical event, contact, task and journal entry; parse, print, digest, diff and merge.
package pim

import (
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// Item is one event with all its overrides, one contact, list, task or journal entry. It is immutable and safe for concurrent
// use. It holds its bytes; all else is worked out when asked for, and only Fields and MatchKeys are kept.
type Item struct {
	kind   Kind
	uid    string
	data   []byte
	fields atomic.Pointer[Fields]
	match  atomic.Pointer[matching]
}

// ParseError says why an input is no item: on which Line (1-based, 0: the input as a whole) and for what Reason.
type ParseError = contentline.Error

// Parse reads exactly one item: one UID; a master with its overrides and VTIMEZONEs is one item. The error is a *ParseError.
// The item keeps data, which must not change afterwards.
func Parse(kind Kind, data []byte) (*Item, error) {
	d, err := parts.Read(component(kind), data)
	if err != nil {
		return nil, err
	}
	it := &Item{kind: kind, uid: d.UID(), data: data}
	if err := d.Check(); err != nil {
		return nil, it.named(err)
	}
	return it, nil
}

// named is why the item cannot be understood, with its title: that can be.
func (it *Item) named(err error) error {
	var bad *ParseError
	if errors.As(err, &bad) {
		bad.Title, bad.Private = it.Title(), it.Private()
	}
	return err
}

// New makes an empty item of a kind. For drivers that build items from rows.
func New(kind Kind, uid string) *Item {
	begin, end := envelope(kind)
	it := &Item{kind: kind, data: []byte(begin + end)}
	if uid == "" {
		return it
	}
	return it.WithUID(uid)
}

// envelope is what stands around the properties of a new item.
func envelope(kind Kind) (begin, end string) {
	if kind == Contacts {
		return "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:" + productID + "\r\n", "END:VCARD\r\n"
	}
	name := string(component(kind))
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:" + productID + "\r\nBEGIN:" + name + "\r\n", "END:" + name + "\r\nEND:VCALENDAR\r\n"
}

const productID = "-//Accord//EN"

// component is what an item of a kind is in its format.
func component(kind Kind) parts.Kind {
	switch kind {
	case Tasks:
		return parts.Todo
	case Notes:
		return parts.Journal
	case Contacts:
		return parts.Card
	}
	return parts.Event
}

// printed is the item that an edit makes.
func printed(kind Kind, uid string, e *parts.Edit) *Item {
	return &Item{kind: kind, uid: uid, data: e.Bytes()}
}

// keepFields gives an item whose canonical content is still this one's what is known of it.
func (it *Item) keepFields(changed *Item) *Item {
	changed.fields.Store(it.fields.Load())
	return changed
}

// Lean is the same item without what was worked out of it: one that is kept for long takes no more memory than its bytes do.
func (it *Item) Lean() *Item { return &Item{kind: it.kind, uid: it.uid, data: it.data} }

// document reads the bytes again, which Parse found to be good.
func (it *Item) document() *parts.Document { return parts.Reread(component(it.kind), it.data) }

// Kind is what folder the item belongs in.
func (it *Item) Kind() Kind { return it.kind }

// UID is what identifies the item, without the prefix urn:uuid: that vCard 4.0 has; "" when it has none.
func (it *Item) UID() string { return it.uid }

// Bytes are those that the item was parsed from, byte for byte, when it is untouched; of a changed item the lines that were
// touched are printed anew, with CRLF and folded at 75 octets. They must not be modified.
func (it *Item) Bytes() []byte { return it.data }

// Title is SUMMARY or FN, unescaped.
func (it *Item) Title() string {
	name := "SUMMARY"
	if it.kind == Contacts {
		name = "FN"
	}
	d := it.document()
	if l := d.Find(d.Main(), name); l != nil {
		return strings.TrimSpace(ical.Unescape(ical.Decode(l)))
	}
	return ""
}

// Private reports whether the class is something other than public.
func (it *Item) Private() bool { return orElse(it.own().word("class"), "public") != "public" }

// Modified is the latest LAST-MODIFIED of the item, else REV, else DTSTAMP; zero: none.
func (it *Item) Modified() time.Time {
	d := it.document()
	for _, name := range []string{"LAST-MODIFIED", "REV", "DTSTAMP"} {
		if at := d.Latest(name); !at.IsZero() {
			return at
		}
	}
	return time.Time{}
}

// Sequence is SEQUENCE, the highest of the item's components; 0: none.
func (it *Item) Sequence() int {
	d := it.document()
	highest := 0
	for _, c := range d.Components {
		if l := d.Find(c, "SEQUENCE"); l != nil {
			if n, err := strconv.Atoi(strings.TrimSpace(string(l.Value()))); err == nil {
				highest = max(highest, n)
			}
		}
	}
	return highest
}

// Fields is the canonical content. It is worked out once; it must not be modified.
func (it *Item) Fields() Fields {
	if f := it.fields.Load(); f != nil {
		return *f
	}
	f := fieldsOf(it.document())
	it.fields.Store(&f)
	return f
}

// WithUID returns a copy with another UID, in the overrides too; "" removes it.
func (it *Item) WithUID(uid string) *Item {
	d := it.document()
	var lines []contentline.Line
	if uid != "" {
		lines = []contentline.Line{contentline.New("UID:" + ical.Escape(uid))}
	}
	e := parts.NewEdit(d)
	for _, c := range d.Components {
		e.Property(c, "UID", lines)
	}
	if it.kind == Contacts {
		uid = vcard.PlainUID(uid)
	}
	return it.keepFields(printed(it.kind, uid, e))
}

// Bare returns a copy without UID and marker: the content alone.
func (it *Item) Bare() *Item {
	d := it.document()
	e := parts.NewEdit(d)
	for _, c := range d.Components {
		e.Property(c, "UID", nil)
		e.Property(c, parts.MarkerName, nil)
	}
	return it.keepFields(printed(it.kind, "", e))
}

// Touch returns a copy with DTSTAMP and LAST-MODIFIED (of a contact: REV) set to now and SEQUENCE raised by one: done once per
// write. No field of Fields changes.
func (it *Item) Touch(now time.Time) *Item {
	d := it.document()
	e := parts.NewEdit(d)
	at := now.UTC().Format("20060102T150405Z")
	for _, c := range d.Components {
		if it.kind == Contacts {
			if d.Version() == vcard.V30 || d.Version() == vcard.V21 {
				at = now.UTC().Format(time.RFC3339)
			}
			e.Property(c, "REV", []contentline.Line{contentline.New("REV:" + at)})
			continue
		}
		sequence := 0
		if l := d.Find(c, "SEQUENCE"); l != nil {
			sequence, _ = strconv.Atoi(strings.TrimSpace(string(l.Value())))
		}
		e.Property(c, "DTSTAMP", []contentline.Line{contentline.New("DTSTAMP:" + at)})
		e.Property(c, "LAST-MODIFIED", []contentline.Line{contentline.New("LAST-MODIFIED:" + at)})
		e.Property(c, "SEQUENCE", []contentline.Line{contentline.New("SEQUENCE:" + strconv.Itoa(sequence+1))})
	}
	return it.keepFields(printed(it.kind, it.uid, e))
}
