package vcard

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
)

// older is renamed the other way round, for versions before 4.0.
var older = map[string]string{
	"KIND": "X-ADDRESSBOOKSERVER-KIND", "MEMBER": "X-ADDRESSBOOKSERVER-MEMBER", "ANNIVERSARY": "X-ANNIVERSARY",
}

// reserved are words that mean something else when they stand alone as a parameter of vCard 2.1.
var reserved = []string{"quoted-printable", "8bit", "7bit", "inline", "url", "content-id", "cid", "base64", "b"}

// Lines writes the property for a version; group is the name of its group, needed when it has a label, or "".
func (p *Property) Lines(version Version, group string) []contentline.Line {
	var b strings.Builder
	if group != "" {
		b.WriteString(group + ".")
	}
	name := p.Name
	if version != V40 && older[name] != "" {
		name = older[name]
	}
	b.WriteString(name)
	value := p.value(version, &b)
	p.writeParams(version, &b)
	if version == V21 {
		value = encode(value, &b)
	}
	b.WriteString(":" + value)
	lines := []contentline.Line{contentline.New(b.String())}
	if group != "" && p.Label != "" {
		lines = append(lines, contentline.New(group+".X-ABLabel:"+p.Label))
	}
	return lines
}

// encode makes a value fit for vCard 2.1, which has no charset but ASCII and no escape for a line break.
func encode(value string, params *strings.Builder) string {
	plain := strings.ReplaceAll(value, `\,`, ",")
	ascii := true
	for i := range len(plain) {
		ascii = ascii && plain[i] >= ' ' && plain[i] < 0x7f
	}
	if ascii && !strings.Contains(plain, `\n`) && !strings.Contains(plain, `\N`) {
		return plain
	}
	params.WriteString(";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE")
	var out strings.Builder
	for i := 0; i < len(plain); i++ {
		if plain[i] == '\\' && i+1 < len(plain) {
			i++
			if plain[i] == 'n' || plain[i] == 'N' {
				out.WriteString("\r\n")
				continue
			}
			out.WriteByte('\\')
		}
		out.WriteByte(plain[i])
	}
	return ical.Quote(out.String())
}

// value is the value as the version writes it; parameters that come with it go to params.
func (p *Property) value(version Version, params *strings.Builder) string {
	switch {
	case p.Form == Binary && p.Data != nil:
		data := base64.StdEncoding.EncodeToString(p.Data)
		media := Media(p.Data)
		_, kind, _ := strings.Cut(media, "/")
		known := media != "application/octet-stream"
		switch version {
		case V40:
			return "data:" + media + ";base64," + data
		case V30:
			params.WriteString(";ENCODING=b")
		case V21:
			params.WriteString(";ENCODING=BASE64")
		}
		if known {
			params.WriteString(";TYPE=" + strings.ToUpper(kind))
		}
		return data
	case p.Form == Binary && version != V40:
		params.WriteString(";VALUE=uri")
	case p.Form == Date:
		return p.date(version, params)
	case p.Name == "MEMBER" && !strings.Contains(p.Value, ":"):
		return "urn:uuid:" + p.Value
	}
	return p.Value
}

func (p *Property) date(version Version, params *strings.Builder) string {
	day := p.Day()
	switch {
	case isDay(day, "--01-02"):
		if version == V40 {
			return "--" + day[2:4] + day[5:]
		}
		params.WriteString(";" + omitYear + "1604")
		return "1604-" + day[2:]
	case isDay(day, "2006-01-02") && version == V40:
		return strings.ReplaceAll(day, "-", "")
	case p.line != nil && strings.EqualFold(p.line.Param("VALUE"), "text"):
		params.WriteString(";VALUE=text")
	}
	return ical.Escape(day)
}

func isDay(s, form string) bool {
	_, err := time.Parse(form, s)
	return err == nil
}

func (p *Property) writeParams(version Version, b *strings.Builder) {
	types := p.Types
	if p.Preferred && version != V40 {
		types = append(append([]string(nil), types...), "pref")
	}
	switch version {
	case V21:
		for _, t := range types {
			if strings.ContainsAny(t, ":;,^\"=") || slices.Contains(reserved, t) {
				b.WriteString(";TYPE=" + contentline.Quote(t))
				continue
			}
			b.WriteString(";" + strings.ToUpper(t))
		}
	default:
		for i, t := range types {
			if i == 0 {
				b.WriteString(";TYPE=")
			} else {
				b.WriteByte(',')
			}
			b.WriteString(contentline.Quote(t))
		}
		if p.Preferred && version == V40 {
			b.WriteString(";PREF=1")
		}
	}
	for _, param := range p.Params {
		name, value, _ := strings.Cut(param, "=")
		if p.Form == Date && name+"=" == omitYear {
			continue
		}
		b.WriteString(";" + name + "=" + contentline.Quote(value))
	}
}
