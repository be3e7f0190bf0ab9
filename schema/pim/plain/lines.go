// Package plain writes plain data (texts, numbers, lists and objects, as templates and rows of tables have them) as content lines.
package plain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/accord-sync/accord/schema/pim/ical"
	"github.com/accord-sync/accord/schema/pim/parts"
)

// Text is a scalar as text.
func Text(v any) (string, error) {
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

// Lines are the content lines of one element of a field, of vCard 3.0 for a card; an empty text gives none. The error says what
// is wrong with the value.
func Lines(kind parts.Kind, field string, v any) ([]string, error) {
	object, isObject := v.(map[string]any)
	text := ""
	if !isObject {
		var err error
		if text, err = Text(v); err != nil {
			return nil, err
		}
		if strings.TrimSpace(text) == "" {
			return nil, nil
		}
	}
	if kind == parts.Card {
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

// IsWord reports whether a field takes one of a few words.
func IsWord(field string) bool { return words[field].property != "" }

// Word is the word that expressions see for what a property says.
func Word(field, says string) string {
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

// Roles are the words for ROLE (RFC 5545 section 3.2.16).
var Roles = map[string]string{"CHAIR": "chair", "REQ-PARTICIPANT": "required", "OPT-PARTICIPANT": "optional", "NON-PARTICIPANT": "none"}
