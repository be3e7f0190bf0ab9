package vcard

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim/ical"
)

// Canon is the canonical text of the property: the same in every version exactly when the meaning is. "" means that it says
// nothing.
func (p *Property) Canon() string {
	value := p.canonValue()
	if value == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString(value)
	for _, t := range p.Types {
		b.WriteString(ical.Sep + "TYPE=" + t)
	}
	if p.Preferred {
		b.WriteString(ical.Sep + "PREF")
	}
	if p.Label != "" {
		b.WriteString(ical.Sep + "LABEL=" + PlainLabel(p.Label))
	}
	for _, param := range p.Params {
		if p.Form != Date || !strings.HasPrefix(param, omitYear) {
			b.WriteString(ical.Sep + param)
		}
	}
	return b.String()
}

func (p *Property) canonValue() string {
	switch p.Form {
	case Structured:
		return Join(p.Parts())
	case List:
		list := ical.List(p.Value)
		slices.Sort(list)
		return strings.Join(slices.Compact(list), ", ")
	case Date:
		return p.Day()
	case Binary:
		if p.Data == nil {
			return p.Value
		}
		return fmt.Sprintf("%s, %s%ssha256=%x", Media(p.Data), Size(len(p.Data)), ical.Sep, sha256.Sum256(p.Data))
	case URI:
		if p.Name == "MEMBER" {
			return PlainUID(p.Value)
		}
		return p.Value
	}
	text := strings.TrimSpace(ical.Unescape(p.Value))
	if p.Name == "KIND" || p.Name == "CLASS" {
		text = strings.ToLower(text)
		if text == "individual" || text == "public" {
			return ""
		}
	}
	return text
}

// PlainUID is a UID without the prefix that makes it a URI (RFC 6350 section 6.7.6).
func PlainUID(uid string) string {
	rest, _ := cutFold(strings.TrimSpace(uid), "urn:uuid:")
	return rest
}

const omitYear = "X-APPLE-OMIT-YEAR="

// Day is a date as people write it, "1996-04-15" or, without a year, "--04-15". What is no date is given as it stands.
func (p *Property) Day() string {
	text := strings.TrimSpace(ical.Unescape(p.Value))
	day, clock, _ := strings.Cut(text, "T")
	if strings.Trim(clock, "0:Z+-") != "" {
		return text
	}
	for _, form := range []string{"2006-01-02", "20060102"} {
		if t, err := time.Parse(form, day); err == nil {
			for _, param := range p.Params {
				if strings.HasPrefix(param, omitYear) && param[len(omitYear):] == t.Format("2006") {
					return t.Format("--01-02")
				}
			}
			return t.Format("2006-01-02")
		}
	}
	for _, form := range []string{"--01-02", "--0102"} {
		if t, err := time.Parse(form, day); err == nil {
			return t.Format("--01-02")
		}
	}
	return text
}

// Media is the media type that the first octets show.
func Media(data []byte) string {
	for _, m := range []struct{ magic, media string }{
		{"\xff\xd8\xff", "image/jpeg"}, {"\x89PNG", "image/png"}, {"GIF8", "image/gif"}, {"RIFF", "image/webp"}, {"BM", "image/bmp"},
	} {
		if bytes.HasPrefix(data, []byte(m.magic)) {
			return m.media
		}
	}
	return "application/octet-stream"
}

// Size is a number of octets for people.
func Size(n int) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
