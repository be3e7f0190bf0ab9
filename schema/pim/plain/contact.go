package plain

import (
	"fmt"
	"strings"

	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/vcard"
)

// typedNames are the properties of contacts that have a type and a value.
var typedNames = map[string]string{"emails": "EMAIL", "phones": "TEL", "urls": "URL", "impp": "IMPP", "addresses": "ADR"}

func contactLines(field, text string, object map[string]any) ([]string, error) {
	name, typed := typedNames[field]
	if object != nil && !typed {
		return nil, fmt.Errorf("a text is needed, and this is an object")
	}
	value := ical.Escape(strings.TrimSpace(text))
	types := strings.Split(get(object, "type"), ",")
	switch field {
	case "emails", "phones", "urls", "impp":
		if object != nil {
			value = ical.Escape(get(object, "value"))
		}
		if value == "" {
			return nil, nil
		}
		if field == "urls" || field == "impp" {
			value = ical.Unescape(value)
		}
	case "addresses":
		if object != nil {
			parts := make([]string, len(AddressParts))
			for i, key := range AddressParts {
				parts[i] = get(object, key)
			}
			value = vcard.Join(parts)
		} else {
			value = ";;" + value
		}
	case "birthday", "anniversary":
		name = map[string]string{"birthday": "BDAY", "anniversary": "ANNIVERSARY"}[field]
		if day, _, _ := strings.Cut(text, "T"); !isDay(day) {
			return nil, fmt.Errorf("%q is not a date like 1996-04-15 or, without a year, --04-15", text)
		}
	case "name":
		name = "FN"
	case "members":
		name, value = "MEMBER", "urn:uuid:"+vcard.PlainUID(text)
	case "photo":
		if !strings.HasPrefix(text, "data:") && !strings.Contains(text, "://") {
			return nil, fmt.Errorf("a photo is set as a data: or https: address")
		}
		name, value = "PHOTO", text
		if header, data, ok := strings.Cut(text, ","); ok && strings.HasSuffix(header, ";base64") {
			return []string{"PHOTO;ENCODING=b:" + data}, nil
		}
	}
	if name == "" {
		name = propertyName(field)
	}
	p := vcard.New(name, value, types...)
	var lines []string
	for _, l := range p.Lines(vcard.V30, "") {
		lines = append(lines, string(l.Text()))
	}
	return lines, nil
}

func isDay(s string) bool {
	p := vcard.New("BDAY", s)
	day := p.Day()
	_, err := ical.ReadTime(day)
	return err == nil && len(day) == len("2006-01-02") || len(day) == len("--04-15") && strings.HasPrefix(day, "--")
}

// AddressParts are the names of the components of ADR (RFC 6350 section 6.3.1); the first two have none.
var AddressParts = []string{"", "", "street", "city", "region", "postcode", "country"}

// SplitAddress is the components of an address in canonical text, all seven.
func SplitAddress(text string) []string {
	p := vcard.Property{Value: text}
	parts := p.Parts()
	return append(parts, make([]string, max(0, len(AddressParts)-len(parts)))...)[:len(AddressParts)]
}
