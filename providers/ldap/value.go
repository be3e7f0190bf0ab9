package ldap

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
)

// columns are the attributes that a row has, by the names that the configuration gives them.
type columns struct{ single, lists []string }

// columnsOf reads a block's attributes and lists.
func columnsOf(a providers.Attributes) columns { return columns{a.List("attributes"), a.List("lists")} }

// asked are the attributes to ask a directory for. dn is of no entry's attributes.
func (c columns) asked(more ...string) []string {
	var names []string
	for _, name := range slices.Concat(c.single, c.lists, more) {
		known := func(other string) bool { return strings.EqualFold(name, other) }
		if name != "" && !known("dn") && !slices.ContainsFunc(names, known) {
			names = append(names, name)
		}
	}
	if names == nil {
		return []string{nothing}
	}
	return names
}

// names are those of a row's values.
func (c columns) names() []string {
	names := []string{"dn"}
	for _, name := range slices.Concat(c.single, c.lists) {
		if name != "dn" {
			names = append(names, name)
		}
	}
	return names
}

// row is what expressions see of an entry.
func (c columns) row(e *entry) providers.Row {
	row := providers.Row{"dn": e.dn}
	for _, name := range c.single {
		if _, taken := row[name]; !taken {
			row[name] = nil
		}
		if v := e.first(name); v != nil {
			row[name] = text(name, v)
		}
	}
	for _, name := range c.lists {
		texts := []string{}
		for _, v := range e.all(name) {
			texts = append(texts, text(name, v))
		}
		row[name] = texts
	}
	return row
}

// isBinary reports whether an attribute's values are octets, and never text by chance. How text and octets differ for others is for each value to say.
func isBinary(name string) bool {
	return slices.Contains([]string{"jpegphoto", "thumbnailphoto", "thumbnaillogo", "photo", "audio", "usercertificate", "cacertificate", "usersmimecertificate", "userpkcs12"}, name)
}

// isGUID reports whether an attribute's values are the 16 octets of a GUID.
func isGUID(name string) bool {
	return slices.Contains([]string{"objectguid", "msexchmailboxguid", "ms-ds-consistencyguid", "invocationid"}, name)
}

// text is a value as people write it: what is no text is base64, a GUID and a SID as Windows writes them.
func text(name string, v []byte) string {
	name, _, _ = strings.Cut(strings.ToLower(name), ";")
	switch {
	case isGUID(name) && len(v) == 16:
		return guid(v)
	case name == "objectsid" && isSID(v):
		return sid(v)
	case isBinary(name), !utf8.Valid(v), slices.Contains(v, 0):
		return base64.StdEncoding.EncodeToString(v)
	}
	return string(v)
}

// guid is the canonical text of a GUID, whose first three parts are kept with the least octet first ([MS-DTYP] section 2.3.4.2).
func guid(v []byte) string {
	return fmt.Sprintf("%08x-%04x-%04x-%x-%x", binary.LittleEndian.Uint32(v), binary.LittleEndian.Uint16(v[4:]), binary.LittleEndian.Uint16(v[6:]), v[8:10], v[10:])
}

// isSID reports whether octets are a security identifier ([MS-DTYP] section 2.4.2.2).
func isSID(v []byte) bool { return len(v) >= 8 && v[0] == 1 && len(v) == 8+4*int(v[1]) }

// sid is the text of a security identifier: S-1-5-21-….
func sid(v []byte) string {
	authority := uint64(0)
	for _, b := range v[2:8] {
		authority = authority<<8 | uint64(b)
	}
	s := fmt.Sprint("S-1-", authority)
	for at := 8; at < len(v); at += 4 {
		s += fmt.Sprint("-", binary.LittleEndian.Uint32(v[at:]))
	}
	return s
}

// equals is the filter of entries whose attribute has a value, given as text says it.
func equals(name, value string) (string, error) {
	if isGUID(strings.ToLower(name)) {
		v, err := hex.DecodeString(strings.ReplaceAll(value, "-", ""))
		if err != nil || len(v) != 16 {
			return "", errors.New("it is no GUID")
		}
		slices.Reverse(v[:4])
		slices.Reverse(v[4:6])
		slices.Reverse(v[6:8])
		var escaped strings.Builder
		for _, b := range v {
			fmt.Fprintf(&escaped, `\%02x`, b)
		}
		return "(" + name + "=" + escaped.String() + ")", nil
	}
	return "(" + name + "=" + goldap.EscapeFilter(value) + ")", nil
}
