// Package vcard reads a vCard property of any version (2.1, 3.0, 4.0) into one form and writes it for any version.
package vcard

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
)

// Version is the version of a vCard: "2.1", "3.0" or "4.0".
type Version string

// The three versions.
const (
	V21 Version = "2.1"
	V30 Version = "3.0"
	V40 Version = "4.0"
)

// Property is one property without what only its version asks for.
type Property struct {
	Name      string            // upper case, as vCard 4.0 calls it: KIND, MEMBER, ANNIVERSARY
	Types     []string          // TYPE, lower case, a sorted set without defaults
	Preferred bool              // PREF=1, TYPE=pref
	Params    []string          // the other parameters, "NAME=value", sorted
	Label     string            // X-ABLabel of the group, as written
	Value     string            // UTF-8; escaped unless it is a URI
	Data      []byte            // the octets of an inline photo, sound or key; Value is empty then
	Form      Form              // how Value is built
	line      *contentline.Line // what it was read from
}

// Form is how the value of a property is built.
type Form int

// The forms, by what may be escaped in them.
const (
	Text       Form = iota // one text
	Structured             // texts between semicolons
	List                   // texts between commas
	URI
	Date
	Binary // inline data or a URI
	Phone
	Unknown // carried as written
)

var forms = map[string]Form{
	"FN": Text, "NOTE": Text, "TITLE": Text, "ROLE": Text, "EMAIL": Text, "MAILER": Text, "LABEL": Text, "SORT-STRING": Text,
	"UID": Text, "KIND": Text, "CLASS": Text, "PRODID": Text, "X-ABLABEL": Text,
	"N": Structured, "ADR": Structured, "ORG": Structured, "GENDER": Structured,
	"NICKNAME": List, "CATEGORIES": List,
	"URL": URI, "IMPP": URI, "MEMBER": URI, "RELATED": URI, "SOURCE": URI, "FBURL": URI, "CALURI": URI, "CALADRURI": URI,
	"BDAY": Date, "ANNIVERSARY": Date, "DEATHDATE": Date,
	"PHOTO": Binary, "LOGO": Binary, "SOUND": Binary, "KEY": Binary,
	"TEL": Phone,
}

// renamed are extensions of older versions for what vCard 4.0 has a property of its own.
var renamed = map[string]string{
	"X-ADDRESSBOOKSERVER-KIND": "KIND", "X-ADDRESSBOOKSERVER-MEMBER": "MEMBER", "X-ANNIVERSARY": "ANNIVERSARY",
	"X-EVOLUTION-ANNIVERSARY": "ANNIVERSARY",
}

// Name is the upper-case vCard 4.0 name of a property.
func Name(written string) string {
	name := strings.ToUpper(written)
	if newer, ok := renamed[name]; ok {
		return newer
	}
	return name
}

// defaultTypes say what a property is without them.
func defaultType(name, t string) bool {
	switch name {
	case "EMAIL":
		return t == "internet"
	case "TEL":
		return t == "voice"
	case "ADR", "LABEL":
		return t == "postal" || t == "parcel" || t == "intl"
	}
	return false
}

// Read understands a line; label is the X-ABLabel of its group, or "".
func Read(l *contentline.Line, label string) Property {
	p := Property{Name: Name(l.Name()), Label: label, Form: Unknown, line: l}
	if form, ok := forms[p.Name]; ok {
		p.Form = form
	}
	encoded := p.params(l)
	p.Value = ical.Decode(l)
	switch p.Form {
	case Binary:
		p.binary(encoded)
	case Phone:
		if rest, ok := cutFold(p.Value, "tel:"); ok {
			p.Value = ical.Escape(rest)
		}
	case URI:
		p.Value = strings.TrimSpace(ical.Unescape(p.Value))
	}
	return p
}

// New makes a property of an escaped value and types.
func New(name, value string, types ...string) Property {
	p := Property{Name: Name(name), Value: value, Form: Unknown}
	if form, ok := forms[p.Name]; ok {
		p.Form = form
	}
	for _, t := range types {
		p.addType(strings.ToLower(strings.TrimSpace(t)))
	}
	slices.Sort(p.Types)
	p.Types = slices.Compact(p.Types)
	return p
}

// params sorts the parameters out; true: the value is base64.
func (p *Property) params(l *contentline.Line) (encoded bool) {
	for param := range l.Params() {
		name, value := strings.ToUpper(param.Name), param.Value
		if name == "" {
			switch bare := strings.ToUpper(value); bare {
			case "QUOTED-PRINTABLE", "8BIT", "7BIT", "INLINE", "URL", "CONTENT-ID", "CID":
				continue
			case "BASE64", "B":
				encoded = true
				continue
			}
			name = "TYPE"
		}
		switch name {
		case "TYPE":
			for _, list := range param.Values() {
				for t := range strings.SplitSeq(strings.ToLower(contentline.Uncaret(list)), ",") {
					p.addType(strings.TrimSpace(t))
				}
			}
		case "PREF":
			p.Preferred = value == "1" || value == `"1"`
		case "ENCODING":
			encoded = strings.EqualFold(value, "b") || strings.EqualFold(value, "base64")
		case "VALUE", "CHARSET", "PID", "MEDIATYPE", "X-EVOLUTION-UI-SLOT", "X-COUCHDB-UUID":
		default:
			p.Params = append(p.Params, name+"="+contentline.Uncaret(contentline.Unquote(value)))
		}
	}
	slices.Sort(p.Types)
	p.Types = slices.Compact(p.Types)
	slices.Sort(p.Params)
	return encoded
}

func (p *Property) addType(t string) {
	switch {
	case t == "pref":
		p.Preferred = true
	case t != "" && !defaultType(p.Name, t) && p.Form != Binary:
		p.Types = append(p.Types, t)
	}
}

// binary decodes inline data; what cannot be decoded stays a text.
func (p *Property) binary(encoded bool) {
	text := p.Value
	if !encoded {
		header, rest, ok := strings.Cut(text, ",")
		if _, isData := cutFold(header, "data:"); !ok || !isData || !strings.HasSuffix(strings.ToLower(header), ";base64") {
			p.Value = strings.TrimSpace(ical.Unescape(text))
			return
		}
		text = rest
	}
	text = strings.Map(func(r rune) rune {
		if r <= ' ' || r == '=' {
			return -1
		}
		return r
	}, text)
	if data, err := base64.RawStdEncoding.DecodeString(text); err == nil {
		p.Data, p.Value = data, ""
	}
}

// PlainLabel is a label without the marks that Apple puts around those that it translates, "_$!<Home>!$".
func PlainLabel(label string) string {
	return strings.TrimSuffix(strings.TrimPrefix(label, "_$!<"), ">!$")
}

// Parts are the decoded components of a structured value, without empty ones at the end.
func (p *Property) Parts() []string {
	parts := ical.Split(p.Value, ';')
	for i := range parts {
		parts[i] = strings.TrimSpace(ical.Unescape(parts[i]))
	}
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return parts
}

// Join is the value that Parts reads back.
func Join(parts []string) string {
	escaped := make([]string, len(parts))
	for i, s := range parts {
		escaped[i] = ical.Escape(s)
	}
	return strings.Join(escaped, ";")
}

func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}
