package pim

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"github.com/accord-sync/accord/schema/pim/parts"
)

// Digest is a 64-bit hash per element: one for a single-valued field, the sorted set for a multi-valued one, nil when absent.
type Digest []uint64

// Equal reports whether both are of the same content.
func (d Digest) Equal(e Digest) bool { return slices.Equal(d, e) }

// Digests is the digest of each field, by name.
type Digests map[string]Digest

// Edited lists, sorted, the fields of f whose digest is not that of d, present or absent.
func (d Digests) Edited(f Fields) []string {
	var names []string
	for name, v := range f {
		if !v.Digest().Equal(d[name]) {
			names = append(names, name)
		}
	}
	for name, digest := range d {
		if _, both := f[name]; !both && len(digest) > 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// AppendBinary appends d in a compact form that UnmarshalBinary reads: per field, sorted by name, its code or its name, the
// number of elements, and eight bytes each.
func (d Digests) AppendBinary(b []byte) ([]byte, error) {
	for _, name := range slices.Sorted(maps.Keys(d)) {
		if code := slices.Index(parts.Fields, name); code >= 0 {
			b = append(b, byte(code+1))
		} else {
			b = append(b, 0)
			b = binary.AppendUvarint(b, uint64(len(name)))
			b = append(b, name...)
		}
		b = appendDigest(b, d[name])
	}
	return b, nil
}

func appendDigest(b []byte, d Digest) []byte {
	b = binary.AppendUvarint(b, uint64(len(d)))
	for _, h := range d {
		b = binary.LittleEndian.AppendUint64(b, h)
	}
	return b
}

// MarshalBinary is AppendBinary to nothing.
func (d Digests) MarshalBinary() ([]byte, error) { return d.AppendBinary(nil) }

var errDigests = errors.New("pim: not a set of field digests")

// UnmarshalBinary reads what AppendBinary wrote, and nothing else.
func (d *Digests) UnmarshalBinary(b []byte) error {
	digests := Digests{}
	for len(b) > 0 {
		code := int(b[0])
		b = b[1:]
		name := ""
		switch {
		case code == 0:
			n, size := binary.Uvarint(b)
			if size <= 0 || n > uint64(len(b)-size) {
				return errDigests
			}
			name, b = string(b[size:size+int(n)]), b[size+int(n):]
		case code <= len(parts.Fields):
			name = parts.Fields[code-1]
		default:
			return errDigests
		}
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size)/8 {
			return errDigests
		}
		b = b[size:]
		digest := make(Digest, n)
		for i := range digest {
			digest[i], b = binary.LittleEndian.Uint64(b), b[8:]
		}
		digests[name] = digest
	}
	*d = digests
	return nil
}
