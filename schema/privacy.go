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
		return level == privacyDetails
	}
	return level == privacyFull
}

// redact leaves of an item what a level lets through. Summary and class are written anew.
func redact(it *pim.Item, level privacy) (*pim.Item, error) {
	if level == privacyFull {
		return it, nil
	}
	changes := pim.Fields{}
	for field := range it.Fields() {
		if !level.passes(field) {
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
