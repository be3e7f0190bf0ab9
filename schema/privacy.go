package schema

import (
	"fmt"

	"github.com/accord-sync/accord/schema/pim"
)

// passes are the fields that each level lets through, besides what it writes itself. It is an allow-list: a field that nobody thought of stays behind.
func (level privacy) passes(field string) bool {
	switch field {
	case "start", "end", "recurrence", "transparency":
		return true
	case "summary", "location", "categories":
		return level != privacyBusy
	}
	return level == privacyFull
}

// stricter is that of two levels which shows less.
func (level privacy) stricter(other privacy) privacy {
	for _, strict := range []privacy{privacyBusy, privacyDetails} {
		if level == strict || other == strict {
			return strict
		}
	}
	return privacyFull
}

// redact leaves of one component what a level lets through; overrides are redacted each on its own. Summary and class are written anew.
func redact(it *pim.Item, level privacy) (*pim.Item, error) {
	if level == privacyFull {
		return it, nil
	}
	changes := pim.Fields{}
	for field := range it.Fields() {
		if !level.passes(field) && !isOverride(field) {
			changes[field] = pim.Value{}
		}
	}
	written := map[string]string{"class": "private"}
	if level == privacyBusy {
		written["summary"] = "Busy"
	}
	for field, text := range written {
		v, err := pim.FieldValue(it.Kind(), field, text)
		if err != nil {
			return nil, fmt.Errorf("privacy: %s: %w", field, err)
		}
		changes[field] = v
	}
	return it.WithFields(changes), nil
}
