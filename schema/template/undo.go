package template

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/cespare/xxhash/v2"

	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// Undo is what a template did to a replica that is undone on the way back: where it came from, before what, and behind what. Nil undoes nothing.
type Undo struct {
	Kind   pim.Kind          `json:"kind"`
	Swap   []string          `json:"swap,omitempty"` // two fields, or none
	Prefix map[string]string `json:"prefix,omitempty"`
	Suffix map[string]string `json:"suffix,omitempty"`
}

// undo is what the template does that can be undone; nil: nothing.
func (t *Template) undo() *Undo {
	if len(t.swap) == 0 && len(t.prefix) == 0 && len(t.suffix) == 0 {
		return nil
	}
	return &Undo{t.kind, t.swap, t.prefix, t.suffix}
}

// Undo is what the template that an original gets does to its replica. Where that cannot be told, it is nothing.
func (t *Template) Undo(original *pim.Item, rel scope.Edge) *Undo {
	c, err := t.chosen(original, rel)
	if err != nil {
		return nil
	}
	return c.undo()
}

// Number tells what is undone apart from all else that is; 0: nothing is.
func (u *Undo) Number() uint64 {
	if u == nil {
		return 0
	}
	return max(1, xxhash.Sum64String(u.text()))
}

// Field is the original's field that a field of a replica goes back to.
func (u *Undo) Field(field string) string {
	if u != nil {
		if i := slices.Index(u.Swap, field); i >= 0 {
			return u.Swap[1-i]
		}
	}
	return field
}

// bare is a replica's field without what stands before and after its text.
func (u *Undo) bare(field string, v pim.Value) pim.Value {
	text, ok := v.Plain().(string)
	if u == nil || !ok {
		return v
	}
	if bare := strings.TrimSuffix(strings.TrimPrefix(text, u.Prefix[field]), u.Suffix[field]); bare != text {
		if undone, err := pim.FieldValue(u.Kind, field, bare); err == nil {
			return undone
		}
	}
	return v
}

func (u *Undo) prefix(field string) string {
	if u == nil {
		return ""
	}
	return u.Prefix[field]
}

// Undone is all that the template may do that can be undone, each by its number, together with what is recorded of the templates before it. Nothing is
// as good as a record that cannot be read.
func (t *Template) Undone(recorded string) map[uint64]*Undo {
	var before []*Undo
	_ = json.Unmarshal([]byte(recorded), &before)
	for _, c := range t.every() {
		before = append(before, c.undo())
	}
	all := map[uint64]*Undo{}
	for _, u := range before {
		if u != nil {
			all[u.Number()] = u
		}
	}
	return all
}

// RecordUndone is what Undone reads.
func (t *Template) RecordUndone(recorded string) string {
	all := t.Undone(recorded)
	if len(all) == 0 {
		return ""
	}
	list := make([]*Undo, 0, len(all))
	for _, u := range all {
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b *Undo) int { return strings.Compare(a.text(), b.text()) })
	text, _ := json.Marshal(list)
	return string(text)
}

func (u *Undo) text() string {
	text, _ := json.Marshal(u) // it holds nothing but texts
	return string(text)
}
