package backup

import (
	"encoding/json"
	"fmt"
)

// manifest is a manifest that is read as it comes.
type manifest struct{ *json.Decoder }

// object reads an object whose known fields go where fields says, and whose list is read value by value.
func (m *manifest) object(fields map[string]any, list string, each func() error) error {
	if err := m.expect('{'); err != nil {
		return err
	}
	for m.More() {
		token, err := m.Token()
		if err != nil {
			return m.unreadable(err)
		}
		name, _ := token.(string)
		if name == list {
			if err := m.list(each); err != nil {
				return err
			}
			continue
		}
		into, known := fields[name]
		if !known {
			into = new(json.RawMessage)
		}
		if err := m.Decode(into); err != nil {
			return m.unreadable(err)
		}
	}
	return m.expect('}')
}

func (m *manifest) list(each func() error) error {
	if err := m.expect('['); err != nil {
		return err
	}
	for m.More() {
		if err := each(); err != nil {
			return err
		}
	}
	return m.expect(']')
}

func (m *manifest) expect(delimiter json.Delim) error {
	token, err := m.Token()
	if err != nil {
		return m.unreadable(err)
	}
	if token != delimiter {
		return m.unreadable(fmt.Errorf("at byte %d: %v, where %v was expected", m.InputOffset(), token, delimiter))
	}
	return nil
}

func (m *manifest) unreadable(err error) error {
	return fmt.Errorf("%w: %s cannot be understood: %w", ErrDamaged, ManifestName, err)
}
