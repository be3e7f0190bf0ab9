package template

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// Late is how a replica shows that its original was changed or cancelled shortly before it begins. It is safe for concurrent use.
type Late struct {
	Within time.Duration // how long before its start a change of an item is late

	kind       pim.Kind
	fields     []string
	marks      [2]*mark // of changed and cancelled; nil: not marked
	categories []category
}

// Lateness is which late change holds of an item.
type Lateness int

// The three of them.
const (
	NotLate Lateness = iota
	Changed
	Cancelled
)

// mark is what a late change adds to a replica. What is zero is not added.
type mark struct {
	prefix                    string
	category, color, reminder pim.Value
}

// LateFor is how late changes of an original are shown; nil: not at all.
func (t *Template) LateFor(original *pim.Item, rel scope.Edge) (*Late, error) {
	if !slices.ContainsFunc(t.every(), func(c *Template) bool { return c.late != nil }) {
		return nil, nil
	}
	c, err := t.chosen(original, rel)
	if err != nil {
		return nil, fmt.Errorf("template of %s, %s: %w", rel, naming(original), err)
	}
	return c.late, nil
}

// Lingers reports whether the template, or one that it may choose, marks cancellations.
func (t *Template) Lingers() bool {
	return slices.ContainsFunc(t.every(), func(c *Template) bool { return c.late != nil && c.late.Shows(Cancelled) })
}

// Watches reports whether a change of the original's field, when it is late, is shown. Whatever changes of a single occurrence is.
func (l *Late) Watches(field string) bool {
	return pim.IsOverride(field) || watches(l.fields, field)
}

// Shows reports whether changes, or cancellations, are shown.
func (l *Late) Shows(how Lateness) bool { return l.markOf(how) != nil }

// Marks are the fields of a replica that a late change writes, sorted.
func (l *Late) Marks(how Lateness) []string {
	m := l.markOf(how)
	if m == nil {
		return nil
	}
	var fields []string
	if !m.reminder.IsZero() {
		fields = append(fields, "alarms")
	}
	if !m.category.IsZero() || !m.color.IsZero() && len(l.categories) > 0 {
		fields = append(fields, "categories")
	}
	if !m.color.IsZero() {
		fields = append(fields, "color")
	}
	if m.prefix != "" {
		fields = append(fields, "summary")
	}
	return fields
}

// Mark is a replica's content with the marks of a late change, each there once, and none of the other kind's. Where only single occurrences changed,
// overrides names them, and they alone are marked; else the item is, with all its overrides.
func (l *Late) Mark(content *pim.Item, how Lateness, overrides ...string) (*pim.Item, error) {
	m := l.markOf(how)
	if m == nil {
		return content, nil
	}
	other := l.markOf(Changed + Cancelled - how)
	marked, err := eachComponent(content, func(it *pim.Item, override string) (*pim.Item, error) {
		if len(overrides) > 0 && !slices.Contains(overrides, override) {
			return it, nil
		}
		return l.mark(it, m, other)
	})
	if err != nil {
		return nil, fmt.Errorf("mark as late: %w", err)
	}
	return marked, nil
}

func (l *Late) markOf(how Lateness) *mark {
	if l == nil || how != Changed && how != Cancelled {
		return nil
	}
	return l.marks[how-Changed]
}

// mark marks one component.
func (l *Late) mark(it *pim.Item, m, other *mark) (*pim.Item, error) {
	fields, changes := it.Fields(), pim.Fields{}
	title, _ := fields["summary"].Plain().(string)
	categories, alarms := fields["categories"], fields["alarms"]
	if other != nil {
		title = strings.TrimPrefix(title, other.prefix)
		categories, alarms = categories.Without(other.category), alarms.Without(other.reminder)
	}
	if !strings.HasPrefix(title, m.prefix) {
		title = m.prefix + title
	}
	var err error
	if changes["summary"], err = pim.FieldValue(it.Kind(), "summary", title); err != nil {
		return nil, err
	}
	changes["categories"], changes["alarms"] = categories.With(m.category), alarms.With(m.reminder)
	if !m.color.IsZero() {
		changes["color"] = m.color
	}
	pairColors(l.categories, fields, changes)
	return it.WithFields(changes), nil
}

// unmarked is a replica's field as it would be without marks. What the original says itself, behind the template's prefix, stays.
func (l *Late) unmarked(field, prefix string, original, v pim.Value) pim.Value {
	if l == nil {
		return v
	}
	for _, m := range l.marks {
		if m == nil {
			continue
		}
		switch field {
		case "summary":
			title, _ := v.Plain().(string)
			was, _ := original.Plain().(string)
			if bare := strings.TrimPrefix(title, m.prefix); bare != title && !strings.HasPrefix(prefix+was, m.prefix) {
				if undone, err := pim.FieldValue(l.kind, field, bare); err == nil {
					v = undone
				}
			}
		case "categories":
			v = v.Without(m.category.Without(original))
		case "alarms":
			v = v.Without(m.reminder.Without(original))
		case "color":
			if !m.color.IsZero() && sameColor(v, m.color) {
				v = original
			}
		}
	}
	return v
}
