package template

import (
	"fmt"

	"github.com/accord-sync/accord/schema/pim"
)

// eachComponent is an item whose components were changed one by one: the master, together with what is no component, and each override as if it were an
// item of its own. override is the override's name, "" of the master.
func eachComponent(it *pim.Item, change func(alone *pim.Item, override string) (*pim.Item, error)) (*pim.Item, error) {
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
		alone, err := change(alone, field)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", field, err)
		}
		if overrides[field], err = v.WithAlone(alone); err != nil {
			return nil, err
		}
	}
	if master {
		var err error
		if it, err = change(it, ""); err != nil {
			return nil, err
		}
	}
	return it.WithFields(overrides), nil
}
