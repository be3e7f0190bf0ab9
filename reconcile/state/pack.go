package state

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// A state is mostly names: UIDs, refs and versions, each of which turns up several times in a pair's records. A packed name is a byte that
// says its form, and the form's bytes:
//
//	bits 0-3  form: of the body
//	bits 4-5  ending: nothing, ".ics", ".vcf"
//	bit  6    the body follows derivedPrefix
//
// Packing is a function: equal names have equal packed forms, so that packed names can be keys.
type form byte

const (
	plain       form = iota // length, bytes
	nothing                 // ""
	contextName             // the context's name
	contextBody             // the context's name without its ending
	uuidLower               // 8-4-4-4-12 hexadecimal digits
	uuidUpper               // likewise, upper-case
	hexEven                 // number of bytes, then the bytes that lower-case hexadecimal digits stand for
	hash26                  // 16 bytes as 26 digits of lower-case base32 (RFC 4648 section 6)
	hash26hex               // 16 bytes as 26 digits of lower-case base32hex (RFC 4648 section 7)
	digits                  // number of characters, then half a byte for each: digits and some separators
	hash11                  // 8 bytes as 11 letters of base64url (RFC 4648 section 5)
	twoHash11               // 16 bytes as two of those with a dot between
	wordLetter              // number of characters, then 6 bits for each: letters of base64url
	word                    // the number of a packed name: see [words]
	path                    // what comes before the last "/" and that, as a text, and the packed name after it
	contextPart             // what comes after the last "/" of the context, without its ending
	formCount
)

const (
	formBits      = 0x0f
	endingShift   = 4
	derivedBit    = 0x40
	derivedPrefix = "accord-r-" // how the UID of a replica begins
	digitLetters  = "0123456789-.:TZ+"
	base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

var (
	endings    = [...]string{"", ".ics", ".vcf"}
	base32Low  = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
	base32Hex  = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)
	digitIndex = letterIndex(digitLetters)
	wordIndex  = letterIndex(base64Letters)
)

// letterIndex is the place of each byte in letters, or 0xff.
func letterIndex(letters string) (index [256]byte) {
	for i := range index {
		index[i] = 0xff
	}
	for i := range len(letters) {
		index[letters[i]] = byte(i)
	}
	return index
}

// appendPacked appends s without a context.
// Short is a name as a state keeps it: each name has a form of its own, which is often a good deal shorter.
func Short(name string) string { return string(appendPacked(nil, name)) }

// Long is the name that Short made a form of.
func Long(short string) string {
	d := decoder{b: []byte(short)}
	return d.packed()
}

func appendPacked(b []byte, s string) []byte { return appendPackedAs(b, s, "") }

// appendPackedAs appends s, which is likely to be the same as context, or that with another ending.
func appendPackedAs(b []byte, s, context string) []byte {
	if s == "" {
		return append(b, byte(nothing))
	}
	if context != "" {
		body, _ := splitEnding(context)
		part, _ := splitEnding(lastPart(context))
		for i, ending := range endings {
			switch {
			case strings.TrimSuffix(s, ending) == context && strings.HasSuffix(s, ending):
				return append(b, byte(contextName)|byte(i)<<endingShift)
			case body != context && len(s) == len(body)+len(ending) && s[:len(body)] == body && s[len(body):] == ending:
				return append(b, byte(contextBody)|byte(i)<<endingShift)
			case part != body && len(s) == len(part)+len(ending) && s[:len(part)] == part && s[len(part):] == ending:
				return append(b, byte(contextPart)|byte(i)<<endingShift)
			}
		}
	}
	if at := strings.LastIndexByte(s, '/') + 1; at > 0 && at < len(s) {
		return appendPackedAs(appendText(append(b, byte(path)), s[:at]), s[at:], context)
	}
	body, ending := splitEnding(s)
	head := byte(ending) << endingShift
	if rest, ok := strings.CutPrefix(body, derivedPrefix); ok {
		body, head = rest, head|derivedBit
	}
	return appendBody(b, head, body)
}

// lastPart is what comes after the last "/" of a name.
func lastPart(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

func splitEnding(s string) (body string, ending int) {
	for i, e := range endings[1:] {
		if rest, ok := strings.CutSuffix(s, e); ok {
			return rest, i + 1
		}
	}
	return s, 0
}

// appendBody appends the head byte, completed with the shortest form that gives s back to the letter, and the form's bytes.
func appendBody(b []byte, head byte, s string) []byte {
	switch len(s) {
	case 36:
		if raw, ok := unhexUUID(s, strings.ToLower); ok {
			return append(append(b, head|byte(uuidLower)), raw...)
		}
		if raw, ok := unhexUUID(s, strings.ToUpper); ok {
			return append(append(b, head|byte(uuidUpper)), raw...)
		}
	case 26:
		if raw, err := base32Low.DecodeString(s); err == nil && base32Low.EncodeToString(raw) == s {
			return append(append(b, head|byte(hash26)), raw...)
		}
		if raw, err := base32Hex.DecodeString(s); err == nil && base32Hex.EncodeToString(raw) == s {
			return append(append(b, head|byte(hash26hex)), raw...)
		}
	case 11, 23:
		if raw, ok := unHashes(s); ok {
			f := hash11
			if len(raw) > 8 {
				f = twoHash11
			}
			return append(append(b, head|byte(f)), raw...)
		}
	}
	if len(s) > 1 && len(s) < 256 {
		if all(s, &digitIndex) {
			return appendBits(append(b, head|byte(digits), byte(len(s))), s, &digitIndex, 4)
		}
		if raw, err := hex.DecodeString(s); err == nil && hex.EncodeToString(raw) == s {
			return append(append(b, head|byte(hexEven), byte(len(raw))), raw...)
		}
		if all(s, &wordIndex) {
			return appendBits(append(b, head|byte(wordLetter), byte(len(s))), s, &wordIndex, 6)
		}
	}
	return append(binary.AppendUvarint(append(b, head|byte(plain)), uint64(len(s))), s...)
}

func all(s string, index *[256]byte) bool {
	for i := range len(s) {
		if index[s[i]] == 0xff {
			return false
		}
	}
	return true
}

// appendBits appends width bits for each letter of s.
func appendBits(b []byte, s string, index *[256]byte, width uint) []byte {
	var have uint
	var bits uint32
	for i := range len(s) {
		bits = bits<<width | uint32(index[s[i]])
		for have += width; have >= 8; {
			have -= 8
			b = append(b, byte(bits>>have))
		}
	}
	if have > 0 {
		b = append(b, byte(bits<<(8-have)))
	}
	return b
}

// unhexUUID is the 16 bytes of a UUID (RFC 9562 section 4), when fold leaves it as it is.
func unhexUUID(s string, fold func(string) string) ([]byte, bool) {
	if s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' || fold(s) != s {
		return nil, false
	}
	raw, err := hex.DecodeString(s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:])
	return raw, err == nil
}

// unHashes are the bytes of one or two hashes of 64 bits, as 11 letters each.
func unHashes(s string) (raw []byte, ok bool) {
	first, second, two := strings.Cut(s, ".")
	raw, err := base64.RawURLEncoding.DecodeString(first)
	if err == nil && two {
		var more []byte
		more, err = base64.RawURLEncoding.DecodeString(second)
		raw = append(raw, more...)
	}
	return raw, err == nil && len(first) == 11 && hashes(raw) == s
}

func hashes(raw []byte) string {
	s := base64.RawURLEncoding.EncodeToString(raw[:min(8, len(raw))])
	if len(raw) > 8 {
		s += "." + base64.RawURLEncoding.EncodeToString(raw[8:])
	}
	return s
}

// packed reads a packed name.
func (d *decoder) packed() string { return d.packedAs("") }

// packedAs reads a name that was packed with the same context.
func (d *decoder) packedAs(context string) string {
	head := d.byte()
	ending := int(head >> endingShift & 3)
	if head&0x80 != 0 || ending >= len(endings) || form(head&formBits) >= formCount {
		d.fail("a name has an unknown form")
		return ""
	}
	prefix := ""
	if head&derivedBit != 0 {
		prefix = derivedPrefix
	}
	return prefix + d.body(form(head&formBits), context) + endings[ending]
}

func (d *decoder) body(f form, context string) string {
	switch f {
	case nothing:
		return ""
	case contextName:
		return context
	case contextBody:
		body, _ := splitEnding(context)
		return body
	case contextPart:
		part, _ := splitEnding(lastPart(context))
		return part
	case path:
		before := d.text()
		if len(d.b) > 0 && form(d.b[0]&formBits) == path {
			d.fail("a name has an unknown form")
		}
		return before + d.packedAs(context)
	case word:
		d.fail("a name has an unknown form")
		return ""
	case uuidLower, uuidUpper:
		h := hex.EncodeToString(d.bytes(16))
		if d.err != nil {
			return ""
		}
		h = h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
		if f == uuidUpper {
			return strings.ToUpper(h)
		}
		return h
	case hexEven:
		return hex.EncodeToString(d.bytes(uint64(d.byte())))
	case hash26:
		return base32Low.EncodeToString(d.bytes(16))
	case hash26hex:
		return base32Hex.EncodeToString(d.bytes(16))
	case hash11:
		return hashes(d.bytes(8))
	case twoHash11:
		return hashes(d.bytes(16))
	case digits:
		return d.letters(digitLetters, 4)
	case wordLetter:
		return d.letters(base64Letters, 6)
	}
	return string(d.bytes(d.uvarint()))
}

// letters reads what appendBits wrote, after the number of letters.
func (d *decoder) letters(letters string, width uint) string {
	n := uint(d.byte())
	raw := d.bytes(uint64((n*width + 7) / 8))
	if d.err != nil {
		return ""
	}
	s := make([]byte, n)
	var have uint
	var bits uint32
	for i := range s {
		if have < width {
			bits, have, raw = bits<<8|uint32(raw[0]), have+8, raw[1:]
		}
		have -= width
		s[i] = letters[bits>>have&(1<<width-1)]
	}
	return string(s)
}
