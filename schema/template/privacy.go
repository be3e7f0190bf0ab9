package template

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

// redact makes an item anew of what a level lets through, so that nothing that is no field stays either: bookkeeping of clients, properties of the
// calendar, parameters of texts. Overrides are redacted each on its own. Summary and class are written anew.
func redact(it *pim.Item, level privacy) (*pim.Item, error) {
	if level == privacyFull {
		return it, nil
	}
	shown := pim.Fields{}
	written := map[string]any{"class": "private"}
	for field, v := range it.Fields() {
		switch {
		case pim.IsOverride(field):
			shown[field] = v
		case !level.passes(field):
		case field == "summary", field == "location", field == "categories":
			written[field] = v.Plain()
		default:
			shown[field] = v
		}
	}
	if level == privacyBusy {
		written["summary"] = "Busy"
	}
	for field, plain := range written {
		if list, ok := plain.([]string); ok {
			plain = anyList(list)
		}
		v, err := pim.FieldValue(it.Kind(), field, plain)
		if err != nil {
			return nil, fmt.Errorf("privacy: %s: %w", field, err)
		}
		shown[field] = v
	}
	return pim.New(it.Kind(), it.UID()).WithFields(shown), nil
}

func anyList(list []string) []any {
	out := make([]any, len(list))
	for i, s := range list {
		out[i] = s
	}
	return out
}
