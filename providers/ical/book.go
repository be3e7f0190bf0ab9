package ical

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// largest is the size of the largest item that is read.
const largest = 64 << 20

// errMoved says that the octets are not those that the index was made of.
var errMoved = errors.New("the file changes while it is being read")

// book is a file that was scanned: its octets, and where in them the items are.
type book struct {
	*index
	text    io.ReaderAt
	kind    pim.Kind
	name    string // as people know it
	settled bool   // the octets cannot change
}

// changes lists every item; least is how many there have to be.
func (k *book) changes(ctx context.Context, least int, each func(providers.Change) error) (providers.Read, error) {
	for i, e := range k.entries {
		if i%breath == 0 && ctx.Err() != nil {
			return providers.Read{}, ctx.Err()
		}
		if err := each(providers.Change{Ref: e.ref, Version: hashText(e.version)}); err != nil {
			return providers.Read{}, err
		}
	}
	read := providers.Read{Full: true, Reason: k.partial(least)}
	read.Complete = read.Reason == ""
	return read, ctx.Err()
}

// partial is why items may be missing; "": they are all there.
func (k *book) partial(least int) string {
	switch {
	case k.damage != "":
		return fmt.Sprintf("%s: %s", k.name, k.damage)
	case len(k.entries) < least:
		return fmt.Sprintf("%s: it holds %d items, and min_items is %d", k.name, len(k.entries), least)
	}
	return ""
}

// fetch reads one item. An error of reading that is no answer, errMoved among them, is returned.
func (k *book) fetch(ref string) (providers.Fetched, error) {
	answer := providers.Fetched{Ref: ref}
	e, ok := k.find(ref)
	if !ok {
		class, reason := providers.Missing, "it is not there"
		if k.damage != "" {
			class, reason = providers.Unknown, "it is not there, and "+k.damage
		}
		answer.Err = providers.Classed(class, fmt.Errorf("ical: read %q: %q: %s", k.name, ref, reason))
		return answer, nil
	}
	answer.Version = hashText(e.version)
	data, blocks, err := k.assemble(e)
	if err != nil {
		return answer, err
	}
	if data == nil {
		err = fmt.Errorf("it is larger than %d octets", largest)
	} else {
		answer.Item, err = pim.Parse(k.kind, data)
	}
	if err != nil {
		answer.Err = providers.Classed(providers.Refused,
			fmt.Errorf("ical: read %q: %q, on line %d: %w", k.name, ref, k.spans[e.first].line, inFile(err, data, blocks)))
	}
	return answer, nil
}

// placed is a component in the octets of an item, and the line of the file on which it begins.
type placed struct {
	at   int
	line int32
}

// inFile makes the line that an error names one of the file.
func inFile(err error, data []byte, blocks []placed) error {
	var bad *pim.ParseError
	if !errors.As(err, &bad) || bad.Line == 0 {
		return err
	}
	for i := len(blocks) - 1; i >= 0; i-- {
		if first := bytes.Count(data[:blocks[i].at], []byte{'\n'}) + 1; bad.Line >= first {
			moved := *bad
			moved.Line += int(blocks[i].line) - first
			return &moved
		}
	}
	return err
}

// assemble is an item by itself: a vCard, or a VCALENDAR with its components and the time zones that they name. Nil: it is too large.
func (k *book) assemble(e entry) (data []byte, blocks []placed, err error) {
	spans := k.components(e)
	size := int64(0)
	for _, s := range spans {
		size += s.length
	}
	if size > largest {
		return nil, nil, nil
	}
	body := make([]byte, 0, size+2)
	var starts []int
	for _, s := range spans {
		starts = append(starts, len(body))
		if body, err = k.append(body, s); err != nil {
			return nil, nil, err
		}
	}
	if !k.settled && k.versionOf(e, spans, body) != e.version {
		return nil, nil, errMoved
	}
	if k.kind == pim.Contacts {
		return body, []placed{{0, spans[0].line}}, nil
	}
	head := k.calendars[e.calendar].head
	data = append(make([]byte, 0, len(body)+len(head)+512), "BEGIN:VCALENDAR\r\n"...)
	if data = append(data, head...); len(head) == 0 {
		data = append(data, "VERSION:2.0\r\nPRODID:"+productID+"\r\n"...)
	}
	for _, z := range k.zonesIn(e, body) {
		at := len(data)
		blocks = append(blocks, placed{at, z.line})
		if data, err = k.append(data, z.span); err != nil {
			return nil, nil, err
		}
		if !k.settled && xxhash.Sum64(data[at:at+int(z.length)]) != z.hash {
			return nil, nil, errMoved
		}
	}
	for i, s := range spans {
		blocks = append(blocks, placed{len(data) + starts[i], s.line})
	}
	return append(append(data, body...), "END:VCALENDAR\r\n"...), blocks, nil
}

const productID = "-//Accord//EN"

// append adds the octets of a component to data. The last of a file may lack its line end.
func (k *book) append(data []byte, s span) ([]byte, error) {
	start := len(data)
	data = slices.Grow(data, int(s.length)+2)[:start+int(s.length)]
	n, err := k.text.ReadAt(data[start:], s.from)
	if int64(n) < s.length {
		if err == io.EOF {
			err = errMoved
		}
		return nil, err
	}
	if data[len(data)-1] != '\n' {
		data = append(data, '\r', '\n')
	}
	return data, nil
}

// versionOf is the version of an item that was read from its file.
func (k *book) versionOf(e entry, spans []span, body []byte) uint64 {
	var version uint64
	for i, s := range spans {
		hash := xxhash.Sum64(body[:s.length])
		body = body[s.length:]
		if i == 0 {
			version = hash
		} else {
			version = mix(version, hash)
		}
	}
	for _, tzid := range k.custom[k.byRef[e.ref]] {
		version = mix(version, k.calendars[e.calendar].zones[tzid].hash)
	}
	return version
}

// zonesIn finds the time zones that components name, in the order in which they do. Those that nothing else explains are known from the scan; of the
// others, a name that is folded may be missed.
func (k *book) zonesIn(e entry, body []byte) (found []zone) {
	zones := k.calendars[e.calendar].zones
	if len(zones) == 0 {
		return nil
	}
	seen := map[string]bool{}
	take := func(tzid string) {
		if z, ok := zones[tzid]; ok && !seen[tzid] {
			seen[tzid] = true
			found = append(found, z)
		}
	}
	for {
		_, rest, ok := bytes.Cut(body, []byte("TZID="))
		if !ok {
			break
		}
		end := bytes.IndexAny(rest, ":;\r\n")
		if bytes.HasPrefix(rest, []byte{'"'}) {
			rest = rest[1:]
			end = bytes.IndexByte(rest, '"')
		}
		if end < 0 {
			break
		}
		take(string(rest[:end]))
		body = rest[end:]
	}
	for _, tzid := range k.custom[k.byRef[e.ref]] {
		take(tzid)
	}
	return found
}
