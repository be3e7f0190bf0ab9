package template

import (
	"slices"

	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// every is the templates that may have made a replica: the candidates of a choice and, where it may name none of them, no template; else the template itself.
func (t *Template) every() []*Template {
	switch {
	case t == nil:
		return []*Template{untouched}
	case t.choice != nil && t.orNone:
		return append([]*Template{untouched}, t.candidates...)
	case t.choice != nil:
		return t.candidates
	}
	return []*Template{t}
}

// Sets reports whether what a replica says in a field cannot flow back to its original: the field is under set or owned, is hidden by privacy, holds what
// a template made of attendees, or shows the colour of a category.
func (t *Template) Sets(field string) bool {
	return slices.ContainsFunc(t.every(), func(c *Template) bool { return c.sets(field) })
}

func (t *Template) sets(field string) bool {
	switch {
	case slices.ContainsFunc(t.set, func(s setField) bool { return s.field == field }):
		return true
	case slices.Contains(t.owned, field), field == describedField:
		return true
	case field == "color", field == "categories":
		if len(t.categories) > 0 {
			return true
		}
	case slices.Contains(meetingFields, field):
		return t.attendees != keepAttendees
	case field == "attachments":
		return t.attachments != keepAttachments
	}
	return t.privacy != nil && !pim.IsOverride(field) && !t.least().passes(field)
}

// least is the least that the template may show of an item.
func (t *Template) least() privacy {
	if v, ok := t.privacy.Constant(); ok {
		if word, ok := scope.AsString(functions.Plain(v)); ok {
			return privacy(word)
		}
	}
	return privacyBusy
}

// Back maps fields of a replica to fields of its original: those that cannot flow back are left out, prefix, suffix and swap are undone as by says.
// original is what the original says now, nil when it is gone: what its overrides say beside what a replica shows of them stays, and the marks of a
// late change are taken off where it does not have them itself.
func (t *Template) Back(original, replica pim.Fields, by *Undo) pim.Fields {
	fields := pim.Fields{}
	for field, v := range replica {
		switch {
		case pim.IsOverride(field):
			if undone, ok := t.backOverride(original, field, v, by); ok {
				fields[field] = undone
			}
		case !t.Sets(field):
			if undone := t.back(original, field, v, by); !undone.IsZero() {
				fields[by.Field(field)] = undone
			}
		}
	}
	return fields
}

// backOverride is what an override of the original is to say. Where a person made one in the replica that the original has not, what cannot flow back
// comes from the original's master.
func (t *Template) backOverride(master pim.Fields, name string, v pim.Value, by *Undo) (undone pim.Value, ok bool) {
	was := master[name]
	for _, kind := range []pim.Kind{pim.Calendar, pim.Tasks, pim.Notes} {
		alone, ok := v.Alone(kind)
		if !ok {
			continue
		}
		base, into, said := alone, v, master
		original, apart := was.Alone(kind)
		if apart {
			said = original.Fields()
		}
		changes := t.Back(said, alone.Fields(), by)
		if apart {
			base, into = original, was
			for field := range base.Fields() {
				if _, stays := changes[field]; !stays && !t.Sets(field) {
					changes[field] = pim.Value{}
				}
			}
		} else {
			for field := range alone.Fields() {
				if t.Sets(field) {
					changes[field] = master[field]
				}
			}
			for field, v := range master {
				if t.Sets(field) && !pim.IsOverride(field) {
					changes[field] = v
				}
			}
		}
		undone, err := into.WithAlone(base.WithFields(changes))
		return undone, err == nil && (apart || !t.saysTheSame(master, name, undone, kind))
	}
	return pim.Value{}, false
}

// saysTheSame reports whether an override that a person made in a replica is, without what its owner owns, what the series says anyway.
func (t *Template) saysTheSame(master pim.Fields, name string, override pim.Value, kind pim.Kind) bool {
	alone, ok := override.Alone(kind)
	if !ok || len(t.ownedFields()) == 0 {
		return false
	}
	series := master.Instance(kind, name)
	return series != nil && alone.Fields().Equal(series)
}

// back undoes what was done to one field.
func (t *Template) back(original pim.Fields, field string, v pim.Value, by *Undo) pim.Value {
	for _, c := range t.every() {
		v = c.late.unmarked(field, by.prefix(field), original[by.Field(field)], v)
	}
	return by.bare(field, v)
}

// DependsOn lists the original's canonical fields that the replica's field is made from, sorted.
func (t *Template) DependsOn(field string) []string {
	var fields []string
	for _, c := range t.every() {
		fields = append(fields, c.dependsOn(field)...)
	}
	if t != nil && t.choice != nil {
		fields = append(fields, t.choice.ReadsOf(t.kind)...)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

func (t *Template) dependsOn(field string) []string {
	var fields []string
	if t.privacy != nil {
		if fields = t.privacy.ReadsOf(t.kind); field == "transparency" {
			fields = append(fields, "status")
		}
	}
	for _, s := range t.set {
		if s.field == field {
			return append(fields, s.ReadsOf(t.kind)...)
		}
	}
	if field == describedField {
		return append(fields, meetingFields[:2]...)
	}
	if i := slices.Index(t.swap, field); i >= 0 {
		return append(fields, t.swap[1-i])
	}
	if len(t.categories) > 0 && (field == "color" || field == "categories") {
		return append(fields, "categories", "color")
	}
	return append(fields, field)
}
