package state

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/accord-sync/accord/schema/pim"
)

// Digests are written as the number of fields, their names, the number of elements of each, and then all elements: what is the same in
// neighbouring pairs stands together, and what differs stands together, which is what the compression of blocks lives on.

func appendDigests(b []byte, digests pim.Digests) []byte {
	names := slices.Sorted(maps.Keys(digests))
	b = binary.AppendUvarint(b, uint64(len(names)))
	for _, name := range names {
		b = appendText(b, name)
	}
	for _, name := range names {
		b = binary.AppendUvarint(b, uint64(len(digests[name])))
	}
	for _, name := range names {
		for _, element := range digests[name] {
			b = binary.LittleEndian.AppendUint64(b, element)
		}
	}
	return b
}

func (d *decoder) digests() pim.Digests {
	n := d.count()
	if n == 0 {
		return nil
	}
	names, counts := make([]string, n), make([]int, n)
	for i := range names {
		names[i] = d.text()
		if i > 0 && names[i] <= names[i-1] {
			d.fail("its field names are not in order")
		}
	}
	total := 0
	for i := range counts {
		counts[i] = d.count()
		total += counts[i]
	}
	raw := d.bytes(8 * uint64(total))
	if d.err != nil {
		return nil
	}
	digests := make(pim.Digests, n)
	elements := make([]uint64, total)
	for i := range elements {
		elements[i] = binary.LittleEndian.Uint64(raw[8*i:])
	}
	for i, name := range names {
		digests[name] = elements[:counts[i]:counts[i]]
		elements = elements[counts[i]:]
	}
	return digests
}

// appendDigestChanges appends what makes to out of from: the fields that differ, and the places in from of those that go.
func appendDigestChanges(b []byte, from, to pim.Digests) []byte {
	changed := pim.Digests{}
	for name, digest := range to {
		if was, ok := from[name]; !ok || !slices.Equal(was, digest) {
			changed[name] = digest
		}
	}
	var gone []int
	for i, name := range slices.Sorted(maps.Keys(from)) {
		if _, ok := to[name]; !ok {
			gone = append(gone, i)
		}
	}
	b = binary.AppendUvarint(appendDigests(b, changed), uint64(len(gone)))
	for _, i := range gone {
		b = binary.AppendUvarint(b, uint64(i))
	}
	return b
}

func (d *decoder) digestChanges(from pim.Digests) pim.Digests {
	changed := d.digests()
	names := slices.Sorted(maps.Keys(from))
	to := maps.Clone(from)
	for range d.count() {
		i := d.uvarint()
		if i >= uint64(len(names)) {
			d.fail("it removes a field that is not there")
			return nil
		}
		delete(to, names[i])
	}
	if to == nil {
		return changed
	}
	maps.Copy(to, changed)
	if len(to) == 0 {
		return nil
	}
	return to
}

func equalDigests(a, b pim.Digests) bool {
	return maps.EqualFunc(a, b, func(x, y pim.Digest) bool { return slices.Equal(x, y) })
}
