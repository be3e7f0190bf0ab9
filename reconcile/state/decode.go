package state

import (
	"encoding/binary"
	"time"
)

// decoder reads a record. After the first mistake it gives zero values; err says what the mistake was. No input makes it panic, and
// nothing that it makes is larger than a small multiple of its input.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail(why string) {
	if d.err == nil {
		d.err = badRecord(why)
	}
	d.b = nil
}

// done reports the first mistake; bytes that are left over are one.
func (d *decoder) done() error {
	if d.err == nil && len(d.b) > 0 {
		d.fail("it is longer than it should be")
	}
	return d.err
}

// join takes in how the reading of a record inside this one ended.
func (d *decoder) join(inner decoder) {
	if err := inner.done(); err != nil && d.err == nil {
		d.fail("a record in it is broken: " + err.Error())
	}
}

// bytes gives the next n bytes. They belong to the input.
func (d *decoder) bytes(n uint64) []byte {
	if n > uint64(len(d.b)) {
		d.fail("it ends too early")
		return nil
	}
	b := d.b[:n:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) byte() byte {
	if b := d.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (d *decoder) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail("a number is broken")
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail("a number is broken")
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) fixed64() uint64 {
	if b := d.bytes(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// count is the number of things that follow, each of at least one byte.
func (d *decoder) count() int {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.fail("it ends too early")
		return 0
	}
	return int(n)
}

func (d *decoder) text() string { return string(d.bytes(d.uvarint())) }

func (d *decoder) time() time.Time {
	sec, nsec := d.varint(), d.uvarint()
	if nsec >= 1e9 {
		d.fail("a time is broken")
	}
	if d.err != nil {
		return time.Time{}
	}
	return time.Unix(sec, int64(nsec)).UTC()
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendTime(b []byte, t time.Time) []byte {
	return binary.AppendUvarint(binary.AppendVarint(b, t.Unix()), uint64(t.Nanosecond()))
}
