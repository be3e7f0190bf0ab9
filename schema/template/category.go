package template

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/pim"
)

// category is a category that has a colour.
type category struct {
	name  string
	value pim.Value // categories with it alone
	color pim.Value
	at    hcl.Range
}

// pairColors, of categories sorted by name, writes into changes what makes an item's categories and its colour go together: one that is in a category with a colour, and has none of its own, gets it; one
// that has the colour of categories is in one of them.
func pairColors(categories []category, fields, changes pim.Fields) {
	if len(categories) == 0 {
		return
	}
	now := func(field string) pim.Value {
		if v, changed := changes[field]; changed {
			return v
		}
		return fields[field]
	}
	in, color := now("categories"), now("color")
	names, _ := in.Plain().([]string)
	if color.IsZero() {
		if i := slices.IndexFunc(categories, func(c category) bool { return slices.Contains(names, c.name) }); i >= 0 {
			changes["color"] = categories[i].color
		}
		return
	}
	has := func(c category) bool { return sameColor(c.color, color) }
	if slices.ContainsFunc(categories, func(c category) bool { return has(c) && slices.Contains(names, c.name) }) {
		return
	}
	if i := slices.IndexFunc(categories, has); i >= 0 {
		changes["categories"] = in.With(categories[i].value)
	}
}

// sameColor compares names of colours, in which case makes no difference (CSS Color 4, section 6.1).
func sameColor(a, b pim.Value) bool {
	s, _ := a.Plain().(string)
	t, _ := b.Plain().(string)
	return strings.EqualFold(s, t)
}
