// Package template is what a relationship makes of an original: which items its filter lets in, what a replica says, and what of that flows back.
package template

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// Template derives a replica's content from its original. The nil Template describes attendees and changes nothing else. It is safe for
// concurrent use.
type Template struct {
	name    string
	kind    pim.Kind
	digest  string // of all that decides what it makes
	privacy *scope.Attribute
	set     []setField // sorted by field

	prefix, suffix map[string]string // by field
	swap           []string          // two fields, or none
	owned, trigger []string
	attendees      attendees
	attachments    attachments
	late           *Late
	categories     []category // by name

	// A choice is made anew for every item, among candidates; the rest is not used then.
	choice     *scope.Expression
	candidates []*Template
	orNone     bool // the choice may name none of them
}

// setField is one field under set.
type setField struct {
	field string
	*scope.Attribute
}

// privacy says how much of an item a replica shows.
type privacy string

const (
	privacyFull    privacy = "full"
	privacyDetails privacy = "details"
	privacyBusy    privacy = "busy"
)

// attendees says what becomes of attendees and organizer.
type attendees string

const (
	describeAttendees attendees = "describe"
	dropAttendees     attendees = "drop"
	keepAttendees     attendees = "keep"
)

// attachments says what becomes of attachments.
type attachments string

const (
	keepAttachments attachments = "keep"
	dropAttachments attachments = "drop"
	linkAttachments attachments = "link"
)

const describedField = "attendees_described"

// meetingFields would make a server send mail: RFC 6638 schedules by ORGANIZER and ATTENDEE. Tasks and notes name the latter by its property.
var meetingFields = []string{"organizer", "attendees", "attendee"}

// Walk visits every expression that the template evaluates.
func (t *Template) Walk(visit func(*scope.Expression)) {
	if t.choice != nil {
		visit(t.choice)
	}
	for _, c := range t.candidates {
		c.Walk(visit)
	}
	if t.privacy != nil {
		visit(t.privacy.Expression)
	}
	for _, s := range t.set {
		visit(s.Expression)
	}
}

// Render is what the replica of an original is to say: its content, without UID or marker. It depends on its arguments alone.
// The error names the item, and file and line of the expression that failed or made it invalid: the item is reported and left as it is then.
func (t *Template) Render(original *pim.Item, rel scope.Edge) (*pim.Item, error) {
	t, err := t.chosen(original, rel)
	if err != nil {
		return nil, fmt.Errorf("template of %s, %s: %w", rel, naming(original), err)
	}
	level, err := t.level(original, rel)
	var made *pim.Item
	if err == nil {
		made, err = t.render(original, rel, level)
	}
	if err != nil {
		return nil, fmt.Errorf("template %q of %s, %s: %w", t.name, rel, naming(original), err)
	}
	return made.Bare(), nil
}

// Identity is what fingerprints know the template by.
func (t *Template) Identity() string { return t.digest }

// Fixed is the first field that the template, or one that it may choose, sets for good: by set, or as the colour of a category. Where and what, for people.
func (t *Template) Fixed() (template, field string, at hcl.Range, ok bool) {
	for _, c := range t.every() {
		for _, s := range c.set {
			return c.name, s.field, s.At, true
		}
		for _, category := range c.categories {
			return c.name, "color", category.at, true
		}
	}
	return "", "", hcl.Range{}, false
}

var untouched = &Template{attendees: describeAttendees, attachments: keepAttachments}

// chosen is the template for one item.
func (t *Template) chosen(it *pim.Item, rel scope.Edge) (*Template, error) {
	if t == nil {
		return untouched, nil
	}
	if t.choice == nil {
		return t, nil
	}
	v, err := t.choice.About(it, rel, templateAs)
	if err != nil {
		return nil, err
	}
	v = functions.Plain(v)
	if v.IsNull() || !v.IsKnown() {
		return untouched, nil
	}
	return v.EncapsulatedValue().(*Template), nil
}

// level is how much of an item may be shown. A word that is none of the three shows least.
func (t *Template) level(it *pim.Item, rel scope.Edge) (privacy, error) {
	if t.privacy == nil {
		return privacyFull, nil
	}
	v, err := t.privacy.About(it, rel, cty.String)
	if err != nil {
		return privacyBusy, err
	}
	word, _ := scope.AsString(functions.Plain(v))
	switch level := privacy(word); level {
	case privacyFull, privacyDetails, privacyBusy:
		return level, nil
	}
	return privacyBusy, t.privacy.Errorf("privacy cannot be %q: it is one of \"full\", \"details\", \"busy\"", word)
}

// render derives a replica's content: the master's, and each override's as if it were an item of its own. What privacy hides is gone before anything else
// looks at the item.
func (t *Template) render(it *pim.Item, rel scope.Edge, level privacy) (*pim.Item, error) {
	shown, err := t.shown(it, rel, level)
	if err != nil {
		return nil, err
	}
	return eachComponent(shown, func(alone *pim.Item, _ string) (*pim.Item, error) {
		changes, err := t.changes(alone, rel)
		if err != nil {
			return nil, err
		}
		made := alone.WithFields(changes)
		return made, t.sound(alone, made, changes)
	})
}

// changes are the fields in which a replica differs from its original.
func (t *Template) changes(it *pim.Item, rel scope.Edge) (pim.Fields, error) {
	fields, changes := it.Fields(), pim.Fields{}
	t.meeting(it, changes)
	if err := t.attached(it, changes); err != nil {
		return nil, err
	}
	if len(t.swap) == 2 {
		changes[t.swap[0]], changes[t.swap[1]] = fields[t.swap[1]], fields[t.swap[0]]
	}
	for _, s := range t.set {
		v, err := s.About(it, rel, cty.DynamicPseudoType)
		if err != nil {
			return nil, err
		}
		if functions.Marked(v, functions.Sensitive) {
			return nil, s.Errorf("%s is sensitive, and items and plans would show it", s.Name)
		}
		if changes[s.field], err = pim.FieldValue(it.Kind(), s.field, inZone(it, s.field, scope.Data(functions.Plain(v)))); err != nil {
			return nil, s.unwritable(it, err)
		}
		if err := t.untitled(s, it, changes[s.field]); err != nil && !functions.Plain(v).IsNull() {
			return nil, err
		}
	}
	for _, field := range t.affixed() {
		v, changed := changes[field]
		if !changed {
			v = fields[field]
		}
		text, isText := v.Plain().(string)
		if !isText && (!v.IsZero() || field != "summary" && field != "name") { // what says nothing is not made to say something; but whoever looks wants a title
			continue
		}
		var err error
		if changes[field], err = pim.FieldValue(it.Kind(), field, t.prefix[field]+text+t.suffix[field]); err != nil {
			return nil, fmt.Errorf("prefix or suffix of %s: %w", field, err)
		}
	}
	pairColors(t.categories, fields, changes)
	return changes, nil
}

// affixed are the fields with a prefix or suffix, sorted.
func (t *Template) affixed() []string {
	fields := slices.Concat(slices.Sorted(maps.Keys(t.prefix)), slices.Sorted(maps.Keys(t.suffix)))
	slices.Sort(fields)
	return slices.Compact(fields)
}

// meeting takes attendees and organizer out, and describes them where that is wanted.
func (t *Template) meeting(it *pim.Item, changes pim.Fields) {
	if t.attendees == keepAttendees {
		return
	}
	for _, field := range meetingFields {
		if _, has := it.Fields()[field]; has {
			changes[field] = pim.Value{}
		}
	}
	if t.attendees == describeAttendees && len(changes) > 0 {
		if described := pim.Describe(it); !described.IsZero() {
			changes[describedField] = described
		}
	}
}

// attached takes attachments out: all of them, or those that are no link.
func (t *Template) attached(it *pim.Item, changes pim.Fields) error {
	if _, has := it.Fields()["attachments"]; !has || t.attachments == keepAttachments {
		return nil
	}
	var links []any
	if t.attachments == linkAttachments {
		all, _ := it.Attribute("attachments", nil).([]any)
		for _, a := range all {
			if m, _ := a.(map[string]any); m != nil && m["url"] != nil && m["url"] != "" {
				links = append(links, a)
			}
		}
	}
	if links == nil {
		changes["attachments"] = pim.Value{}
		return nil
	}
	var err error
	if changes["attachments"], err = pim.FieldValue(it.Kind(), "attachments", links); err != nil {
		return fmt.Errorf("attachments: %w", err)
	}
	return nil
}
