package ical

import (
	"bytes"
	"context"
	"fmt"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/pim/tz"
)

// edit replaces octets of the file.
type edit struct {
	from, to int64
	text     []byte
	write    int // the write whose item begins in text; none: no item does
	lead     int // how far into text it begins
}

// none is the write of an edit in which no item begins.
const none = -1

// pieces is the item of a write, taken apart.
type pieces struct {
	ref        string
	components [][]byte
	zones      []named // that the components name
}

// named is a VTIMEZONE.
type named struct {
	tzid string
	text []byte
}

// zoneKey is a time zone of a VCALENDAR.
type zoneKey struct {
	calendar int32
	tzid     string
}

// takeApart reads the item of a write as if it were a file of its own: what could not be told from its neighbours is refused.
func (b *batch) takeApart(ctx context.Context, i int) (*pieces, error) {
	data := bytes.TrimPrefix(b.writes[i].Item.Bytes(), []byte("\xef\xbb\xbf"))
	x, err := scan(ctx, bytes.NewReader(data), b.kind, false)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, b.because(i, providers.Refused, err.Error())
	case x.damage != "":
		return nil, b.because(i, providers.Refused, "it cannot be told from its neighbours in one file: "+x.damage)
	case len(x.entries) != 1:
		return nil, b.because(i, providers.Refused, fmt.Sprintf("it holds %d items of %s, not one", len(x.entries), b.kind))
	}
	k, e := &book{index: x, text: bytes.NewReader(data), kind: b.kind, settled: true}, x.entries[0]
	p := &pieces{ref: e.ref}
	var all []byte
	for _, s := range k.components(e) {
		text, err := k.append(nil, s)
		if err != nil {
			return nil, err
		}
		p.components = append(p.components, text)
		all = append(all, text...)
	}
	if b.kind == pim.Contacts {
		return p, nil
	}
	for _, z := range k.zonesIn(e, all) {
		text, err := k.append(nil, z.span)
		if err != nil {
			return nil, err
		}
		p.zones = append(p.zones, named{z.tzid, text})
	}
	return p, nil
}

// stage looks at the precondition of a write and notes what it changes.
func (b *batch) stage(ctx context.Context, o *opened, i int) error {
	w := b.writes[i]
	if w.Kind == providers.Create {
		return b.create(ctx, o, i)
	}
	e, there := o.find(w.Ref)
	_, touched := b.touched[w.Ref]
	switch {
	case !there:
		return b.because(i, providers.Missing, "it is not there")
	case hashText(e.version) != w.Version || touched:
		return b.because(i, providers.Stale, "it was changed meanwhile")
	case w.Kind == providers.Update:
		return b.update(ctx, o, e, i)
	}
	b.touched[w.Ref] = providers.Delete
	b.count--
	for _, s := range o.components(e) {
		b.edits = append(b.edits, edit{s.from, s.to(), nil, none, 0})
	}
	return nil
}

// update puts each component where the one was whose place it has among the item's; further ones behind the last.
func (b *batch) update(ctx context.Context, o *opened, e entry, i int) error {
	p, err := b.takeApart(ctx, i)
	if err != nil {
		return err
	}
	here := true
	if b.kind != pim.Contacts {
		if here, err = b.bring(o, e.calendar, p); err != nil {
			return err
		}
	}
	b.touched[b.writes[i].Ref] = providers.Update
	spans := o.components(e)
	for n, s := range spans {
		change := edit{s.from, s.to(), nil, none, 0}
		if here && n < len(p.components) {
			if change.text, err = o.replacement(s, p.components[n]); err != nil {
				return err
			}
			if n == 0 {
				change.write = i
			}
			if n == len(spans)-1 {
				change.text = append(change.text, o.ended(bytes.Join(p.components[n+1:], nil))...)
			}
		}
		b.edits = append(b.edits, change)
	}
	if !here {
		b.apart(o, p, i)
	}
	return nil
}

// create puts a new item behind the last one of the first VCALENDAR that has room for it, or at the end of a file of contacts.
func (b *batch) create(ctx context.Context, o *opened, i int) error {
	p, err := b.takeApart(ctx, i)
	if err != nil {
		return err
	}
	if _, there := o.find(p.ref); there && b.touched[p.ref] != providers.Delete || b.made[p.ref] {
		return b.because(i, providers.Stale, "an item with this UID is there")
	}
	b.made[p.ref] = true
	b.count++
	text := o.ended(bytes.Join(p.components, nil))
	if b.kind == pim.Contacts {
		b.edits = append(b.edits, edit{o.size, o.size, text, i, 0})
		return nil
	}
	for n, c := range o.calendars {
		if c.end < 0 {
			continue
		}
		here, err := b.bring(o, int32(n), p)
		if err != nil {
			return err
		}
		if here {
			b.edits = append(b.edits, edit{c.end, c.end, text, i, 0})
			return nil
		}
	}
	b.apart(o, p, i)
	return nil
}

// bring adds the time zones that an item needs to a VCALENDAR which has none of their name. It is false, and adds nothing, when the VCALENDAR has one of the
// name with other rules, and the name alone does not say which are meant.
func (b *batch) bring(o *opened, calendar int32, p *pieces) (bool, error) {
	var lacking []named
	for _, z := range p.zones {
		text, there := b.brought[zoneKey{calendar, z.tzid}]
		has, stands := o.calendars[calendar].zones[z.tzid]
		if !there && !stands {
			lacking = append(lacking, z)
			continue
		}
		if _, byName := tz.Find(z.tzid); byName {
			continue
		}
		if stands {
			var err error
			if text, err = o.append(nil, has.span); err != nil {
				return false, err
			}
		}
		if !sameZone(text, z.text) {
			return false, nil
		}
	}
	at := o.calendars[calendar].body
	for _, z := range lacking {
		b.brought[zoneKey{calendar, z.tzid}] = z.text
		b.zones = append(b.zones, edit{at, at, o.ended(z.text), none, 0})
	}
	return true, nil
}

// apart gives an item a VCALENDAR of its own at the end of the file: time zones are valid for one VCALENDAR (RFC 5545 section 3.6.5).
func (b *batch) apart(o *opened, p *pieces, i int) {
	text := []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:" + productID + "\r\n")
	for _, z := range p.zones {
		text = append(text, z.text...)
	}
	text = o.ended(text)
	lead := len(text)
	text = append(text, o.ended(append(bytes.Join(p.components, nil), "END:VCALENDAR\r\n"...))...)
	b.edits = append(b.edits, edit{o.size, o.size, text, i, lead})
}

// replacement is the new text of a component: as it stands in the file when nothing of it changed.
func (o *opened) replacement(s span, text []byte) ([]byte, error) {
	old, err := o.append(nil, s)
	if err != nil {
		return nil, err
	}
	if bytes.Equal(old, text) {
		return old[:s.length], nil
	}
	return o.ended(text), nil
}

// ended gives new lines the ends that the file's have.
func (x *index) ended(text []byte) []byte {
	if x.lf {
		return bytes.ReplaceAll(text, []byte("\r\n"), []byte{'\n'})
	}
	return text
}
