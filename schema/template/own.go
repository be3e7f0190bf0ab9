package template

import (
	"maps"
	"slices"

	"github.com/accord-sync/accord/schema/pim"
)

// Owns reports whether a field of a replica is its destination's owner's: it is written once, never overwritten, and does not flow back. Of a choice,
// a field is owned that any candidate leaves to the owner.
func (t *Template) Owns(field string) bool {
	return slices.ContainsFunc(t.every(), func(c *Template) bool { return slices.Contains(c.owned, field) })
}

// Keep is what a replica is to say, want, with the owned fields as it has them now, inside its overrides as well. Where an owner gave one
// occurrence a reminder of its own, it stays apart from its series, and says of everything else what the series is to say.
func (t *Template) Keep(want, have pim.Fields) pim.Fields {
	owned := t.ownedFields()
	if len(owned) == 0 || len(have) == 0 {
		return want
	}
	kept := maps.Clone(want)
	for _, field := range owned {
		if kept[field] = have[field]; have[field].IsZero() {
			delete(kept, field)
		}
	}
	for name, v := range want {
		if pim.IsOverride(name) {
			kept[name] = t.ownedIn(v, have, name, owned)
		}
	}
	for name, v := range have {
		if _, wanted := want[name]; !wanted && pim.IsOverride(name) {
			if apart, ok := t.keptApart(v, want, kept, name, owned); ok {
				kept[name] = apart
			}
		}
	}
	return kept
}

func (t *Template) ownedFields() []string {
	var owned []string
	for _, c := range t.every() {
		owned = append(owned, c.owned...)
	}
	slices.Sort(owned)
	return slices.Compact(owned)
}

// ownedIn is an override with the owned fields as the replica has them of that occurrence.
func (t *Template) ownedIn(want pim.Value, have pim.Fields, name string, owned []string) pim.Value {
	alone, ok := want.Alone(t.kind)
	if !ok {
		return want
	}
	now := have
	if own, apart := have[name].Alone(t.kind); apart {
		now = own.Fields()
	}
	changes := pim.Fields{}
	for _, field := range owned {
		changes[field] = now[field]
	}
	if changed, err := want.WithAlone(alone.WithFields(changes)); err == nil {
		return changed
	}
	return want
}

// keptApart is an override that only the replica has: what the series is to say of the occurrence, with the owned fields as they are. ok is false when
// these are no others than the series has, or the occurrence is to take place no more.
func (t *Template) keptApart(have pim.Value, want, kept pim.Fields, name string, owned []string) (apart pim.Value, ok bool) {
	series := want.Instance(t.kind, name)
	alone, is := have.Alone(t.kind)
	if series == nil || !is || !slices.ContainsFunc(owned, func(field string) bool { return !alone.Fields()[field].Equal(kept[field]) }) {
		return pim.Value{}, false
	}
	changes := pim.Fields{}
	for _, field := range alone.Fields().Diff(series) {
		if !slices.Contains(owned, field) {
			changes[field] = series[field]
		}
	}
	apart, err := have.WithAlone(alone.WithFields(changes))
	return apart, err == nil
}

// TriggeredBy are the fields whose changes cause an update of a replica, sorted; none: all do.
func (t *Template) TriggeredBy() []string {
	var fields []string
	for _, c := range t.every() {
		if len(c.trigger) == 0 {
			return nil
		}
		if fields = append(fields, c.trigger...); c.privacy != nil {
			fields = append(fields, c.privacy.ReadsOf(c.kind)...)
		}
	}
	if t != nil && t.choice != nil {
		fields = append(fields, t.choice.ReadsOf(t.kind)...)
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// Triggers reports whether changes of these fields of an original cause an update of its replica: all do, unless the template names those that
// do. Changes of overrides always do, and of what privacy looks at: what becomes private is not to be seen any longer. Of a choice, it is enough that one
// candidate says so, or that the choice reads one of them.
func (t *Template) Triggers(fields []string) bool {
	any := func(watched []string) bool {
		return slices.ContainsFunc(fields, func(field string) bool { return watches(watched, field) })
	}
	if t != nil && t.choice != nil && any(t.choice.ReadsOf(t.kind)) {
		return true
	}
	return slices.ContainsFunc(t.every(), func(c *Template) bool {
		return len(c.trigger) == 0 || slices.ContainsFunc(fields, pim.IsOverride) || any(c.trigger) || c.privacy != nil && any(c.privacy.ReadsOf(c.kind))
	})
}
