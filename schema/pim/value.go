package pim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/accord-sync/accord/schema/pim/contentline"
	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
)

// FieldValue makes the value of a field from plain data, as Attributes gives it or simpler: a list may be of texts where it is
// of objects, and one text where it is a list; nil: absent. A time is RFC 3339 (read as UTC when it has an offset but no
// zone), a date for all-day, "2026-03-01T09:00:00" for floating, or "2026-03-01T09:00:00[Europe/Paris]". The error says what is
// wrong with the value.
func FieldValue(kind Kind, field string, v any) (Value, error) {
	value, err := fieldValue(kind, field, v)
	if err != nil {
		return Value{}, fmt.Errorf("%s: %w", field, err)
	}
	return value, nil
}

func fieldValue(kind Kind, field string, v any) (Value, error) {
	if v == nil {
		return Value{}, nil
	}
	if parts.IsOverride(field) {
		return Value{}, fmt.Errorf("an override cannot be set as a value")
	}
	if b, ok := v.(bool); ok && field == "photo" && !b {
		return Value{}, nil
	}
	if field == "categories" || field == "resources" {
		return texts(field, v)
	}
	if field == "attendees_described" || kind == Contacts && (slices.Contains(parts.NameParts, field) || field == "org" || field == "department") {
		text, err := plainText(v)
		return textValue(field, strings.TrimSpace(text)), err
	}
	items := []any{v}
	if list, ok := v.([]any); ok {
		if items = list; !multiValued[field] && field != "recurrence" && len(list) > 1 {
			return Value{}, fmt.Errorf("a list of %d values, and the field takes one", len(list))
		}
	}
	var lines []string
	for _, item := range items {
		made, err := fieldLines(kind, field, item)
		if err != nil {
			return Value{}, err
		}
		lines = append(lines, made...)
	}
	return made(kind, field, lines)
}

// made is the value that an item with these lines has.
func made(kind Kind, field string, lines []string) (Value, error) {
	frame := New(kind, "")
	d := frame.document()
	e := parts.NewEdit(d)
	at := d.Main().End
	for _, text := range lines {
		l := contentline.New(text)
		if l.Name() == "" {
			return Value{}, fmt.Errorf("%q cannot be written", text)
		}
		e.Insert(at, []contentline.Line{l})
	}
	it, err := Parse(kind, e.Bytes())
	if err != nil {
		return Value{}, err
	}
	return it.Fields()[field], nil
}

// texts is the value of a field that lists texts in one property.
func texts(field string, v any) (Value, error) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	value := Value{field: field}
	for _, item := range list {
		text, err := plainText(item)
		if err != nil {
			return Value{}, err
		}
		if text = strings.TrimSpace(ical.Main(text)); text != "" {
			value.elements = append(value.elements, element{canon: text})
		}
	}
	return value, nil
}

func plainText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case int:
		return strconv.Itoa(v), nil
	case bool:
		return strconv.FormatBool(v), nil
	case nil:
		return "", nil
	}
	return "", fmt.Errorf("a text is needed, and this is %T", v)
}

// fieldLines are the content lines of one element; an empty text gives none.
func fieldLines(kind Kind, field string, v any) ([]string, error) {
	object, isObject := v.(map[string]any)
	text := ""
	if !isObject {
		var err error
		if text, err = plainText(v); err != nil {
			return nil, err
		}
		if strings.TrimSpace(text) == "" {
			return nil, nil
		}
	}
	if kind == Contacts {
		return contactLines(field, text, object)
	}
	switch field {
	case "start", "end", "due", "completed":
		t, err := ical.ReadTime(text)
		if err != nil {
			return nil, err
		}
		return []string{map[string]string{"start": "DTSTART", "end": "DTEND", "due": "DUE", "completed": "COMPLETED"}[field] + t.Value()}, nil
	case "recurrence":
		return recurrenceLines(text)
	case "organizer", "attendees":
		return personLines(field, text, object)
	case "alarms":
		return alarmLines(text, object)
	case "attachments":
		return attachmentLines(text, object)
	case "priority", "percent":
		return numberLines(field, text)
	}
	if isObject {
		return nil, fmt.Errorf("a text is needed, and this is an object")
	}
	if words, ok := words[field]; ok {
		return wordLines(text, words)
	}
	name := propertyName(field)
	switch field {
	case "url", "geo":
		return []string{name + ":" + strings.TrimSpace(text)}, nil
	case "description_html":
		return []string{"X-ALT-DESC;FMTTYPE=text/html:" + ical.Escape(text)}, nil
	case "parent":
		return []string{"RELATED-TO;RELTYPE=PARENT:" + ical.Escape(text)}, nil
	}
	return []string{name + ":" + ical.Escape(text)}, nil
}

// propertyName is the property of a field that is one property.
func propertyName(field string) string {
	if name, ok := strings.CutPrefix(field, parts.ExtraPrefix); ok {
		return strings.ToUpper(name)
	}
	return strings.ToUpper(strings.ReplaceAll(field, "_", "-"))
}

// words are the fields that take one of a few words, in the words of expressions, with the property and what it says.
var words = map[string]struct {
	property string
	says     map[string]string
}{
	"class":        {"CLASS", map[string]string{"public": "PUBLIC", "private": "PRIVATE", "confidential": "CONFIDENTIAL"}},
	"transparency": {"TRANSP", map[string]string{"opaque": "OPAQUE", "transparent": "TRANSPARENT"}},
	"busy": {"X-MICROSOFT-CDO-BUSYSTATUS", map[string]string{
		"free": "FREE", "tentative": "TENTATIVE", "busy": "BUSY", "oof": "OOF", "elsewhere": "WORKINGELSEWHERE",
	}},
	"status": {"STATUS", map[string]string{
		"tentative": "TENTATIVE", "confirmed": "CONFIRMED", "cancelled": "CANCELLED", "needs-action": "NEEDS-ACTION",
		"in-process": "IN-PROCESS", "completed": "COMPLETED", "draft": "DRAFT", "final": "FINAL",
	}},
}

func wordLines(text string, w struct {
	property string
	says     map[string]string
}) ([]string, error) {
	said, ok := w.says[strings.ToLower(strings.TrimSpace(text))]
	if !ok {
		known := make([]string, 0, len(w.says))
		for word := range w.says {
			known = append(known, word)
		}
		slices.Sort(known)
		return nil, fmt.Errorf("%q is none of %s", text, strings.Join(known, ", "))
	}
	return []string{w.property + ":" + said}, nil
}

// wordOf is the word that expressions see for what a property says.
func wordOf(field, says string) string {
	for word, said := range words[field].says {
		if said == says {
			return word
		}
	}
	return strings.ToLower(says)
}

func numberLines(field, text string) ([]string, error) {
	most, name := 9, "PRIORITY"
	if field == "percent" {
		most, name = 100, "PERCENT-COMPLETE"
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > most {
		return nil, fmt.Errorf("%q is not a whole number from 0 to %d", text, most)
	}
	return []string{name + ":" + strconv.Itoa(n)}, nil
}
