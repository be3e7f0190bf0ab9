package template

import (
	"fmt"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
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

// shown is what an item's level lets through of it and of each of its overrides, which may be stricter.
func (t *Template) shown(it *pim.Item, rel scope.Edge, level privacy) (*pim.Item, error) {
	if t.privacy == nil && level == privacyFull {
		return it, nil
	}
	overrides, master := pim.Fields{}, false
	for field, v := range it.Fields() {
		if !pim.IsOverride(field) {
			master = true
			continue
		}
		alone, ok := v.Alone(it.Kind())
		if !ok {
			return nil, fmt.Errorf("%s cannot be read", field)
		}
		own, err := t.level(alone, rel)
		if err != nil {
			return nil, err
		}
		if overrides[field], err = redactOverride(v, alone, level.stricter(own)); err != nil {
			return nil, fmt.Errorf("%s: %w", field, err)
		}
	}
	if level != privacyFull {
		bare := pim.New(it.Kind(), it.UID())
		if master {
			var err error
			if bare, err = redact(it, level); err != nil {
				return nil, err
			}
		}
		it = bare
	}
	return it.WithFields(overrides), nil
}

func redactOverride(v pim.Value, alone *pim.Item, level privacy) (pim.Value, error) {
	if level == privacyFull {
		return v, nil
	}
	alone, err := redact(alone, level)
	if err != nil {
		return pim.Value{}, err
	}
	return v.WithTimes(alone)
}

// redact makes an item anew of what a level lets through, so that nothing that is no field stays either: bookkeeping of clients, properties of the
// calendar, parameters, words of a VTIMEZONE. It has no overrides. Whoever is told of no status shall not take what is cancelled for busy.
func redact(it *pim.Item, level privacy) (*pim.Item, error) {
	fields := it.Fields()
	shown, err := fields.Times()
	if err != nil {
		return nil, fmt.Errorf("privacy: %w", err)
	}
	written := map[string]any{"class": "private"}
	for field, v := range fields {
		if !level.passes(field) {
			continue
		}
		switch field {
		case "summary", "location", "categories":
			written[field] = v.Plain()
		case "transparency":
			if v.Plain() == "transparent" {
				written[field] = "transparent"
			}
		}
	}
	if level == privacyBusy {
		written["summary"] = "Busy"
	}
	if fields["status"].Plain() == "cancelled" {
		written["transparency"] = "transparent"
	}
	for field, plain := range written {
		v, err := pim.FieldValue(it.Kind(), field, plain)
		if err != nil {
			return nil, fmt.Errorf("privacy: %s: %w", field, err)
		}
		shown[field] = v
	}
	return pim.New(it.Kind(), it.UID()).WithFields(shown), nil
}
