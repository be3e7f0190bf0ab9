package template

import (
	"slices"
	"strings"

	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// every is the templates that may have made a replica: the candidates of a choice and none of them, else the template itself.
func (t *Template) every() []*Template {
	switch {
	case t == nil:
		return []*Template{untouched}
	case t.choice != nil:
		return append([]*Template{untouched}, t.candidates...)
	}
	return []*Template{t}
}

// Sets reports whether what a replica says in a field cannot flow back to its original: the field is under set, is hidden by privacy or holds what a
// template made of attendees.
func (t *Template) Sets(field string) bool {
	return slices.ContainsFunc(t.every(), func(c *Template) bool { return c.sets(field) })
}

func (t *Template) sets(field string) bool {
	switch {
	case slices.ContainsFunc(t.set, func(s setField) bool { return s.field == field }):
		return true
	case field == describedField:
		return true
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

// Back maps fields of a replica to fields of its original: those that cannot flow back are left out, prefix, suffix and swap are undone.
// original is what the original says now, nil when it is gone: what its overrides say beside what a replica shows of them stays.
func (t *Template) Back(original, replica pim.Fields) pim.Fields {
	fields := pim.Fields{}
	for field, v := range replica {
		switch {
		case pim.IsOverride(field):
			if undone, ok := t.backOverride(original, original[field], v); ok {
				fields[field] = undone
			}
		case !t.Sets(field):
			to, v := t.back(field, v)
			fields[to] = v
		}
	}
	return fields
}

// backOverride is what an override of the original is to say. was is the original's, zero when a person made one in the replica: what cannot
// flow back comes from the original's master then.
func (t *Template) backOverride(master pim.Fields, was, v pim.Value) (undone pim.Value, ok bool) {
	for _, kind := range []pim.Kind{pim.Calendar, pim.Tasks, pim.Notes} {
		alone, ok := v.Alone(kind)
		if !ok {
			continue
		}
		changes := t.Back(nil, alone.Fields())
		base, into := alone, v
		if original, ok := was.Alone(kind); ok {
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
		return undone, err == nil
	}
	return pim.Value{}, false
}

// back undoes what was done to one field. Of a choice, only swap is left as it is: nobody can tell which candidate made the replica.
func (t *Template) back(field string, v pim.Value) (string, pim.Value) {
	if t == nil {
		return field, v
	}
	every := t.every()
	if text, ok := v.Plain().(string); ok {
		bare := text
		for _, c := range every {
			bare = strings.TrimSuffix(strings.TrimPrefix(bare, c.prefix[field]), c.suffix[field])
		}
		if bare != text {
			if undone, err := pim.FieldValue(t.kind, field, bare); err == nil {
				v = undone
			}
		}
	}
	if i := slices.Index(every[0].swap, field); i >= 0 && len(every) == 1 {
		return every[0].swap[1-i], v
	}
	return field, v
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
		fields = t.privacy.ReadsOf(t.kind)
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
	return append(fields, field)
}
