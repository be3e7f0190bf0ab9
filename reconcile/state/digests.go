package state

import (
	"encoding/binary"
	"maps"
	"slices"

	"github.com/accord-sync/accord/schema/pim"
)

func appendDigests(b []byte, digests pim.Digests) ([]byte, error) {
	text, err := digests.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	return appendText(b, string(text)), nil
}

func (d *decoder) digests() pim.Digests {
	var digests pim.Digests
	if err := digests.UnmarshalBinary(d.bytes(d.uvarint())); err != nil {
		d.fail(err.Error())
	}
	if len(digests) == 0 {
		return nil
	}
	return digests
}

// appendDigestChanges appends what makes to out of from: the fields that differ, and the places in from of those that go.
func appendDigestChanges(b []byte, from, to pim.Digests) ([]byte, error) {
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
	b, err := appendDigests(b, changed)
	b = binary.AppendUvarint(b, uint64(len(gone)))
	for _, i := range gone {
		b = binary.AppendUvarint(b, uint64(i))
	}
	return b, err
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
	return maps.EqualFunc(a, b, pim.Digest.Equal)
}
