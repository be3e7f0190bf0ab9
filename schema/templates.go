package schema

import (
	"fmt"
	"reflect"
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/pim"
)

var templateAs = cty.Capsule("template", reflect.TypeOf(Template{}))

var templateSchema = bodySchema([]string{"kind", "privacy", "prefix", "suffix", "swap", "owned", "trigger", "attendees", "attachments", "description"}, []string{"kind"}, "set")

func (l *loader) declareTemplate(b *hcl.Block) {
	l.declare("template."+b.Labels[0], b.DefRange, func() cty.Value {
		t, ok := l.template(b)
		if !ok {
			return cty.UnknownVal(templateAs)
		}
		return cty.CapsuleVal(templateAs, t)
	})
}

// template reads a template block. ok is false when it cannot be used for checking others.
func (l *loader) template(b *hcl.Block) (t *Template, ok bool) {
	content := l.content(b.Body, templateSchema)
	attrs := map[string]*attribute{}
	for name, a := range content.Attributes {
		at := place(0)
		if name == "privacy" {
			at = perItem
		}
		attrs[name] = l.attribute(name, a, at)
	}
	t = &Template{name: b.Labels[0], at: b.DefRange}
	choose(l, attrs["kind"], nil, &t.kind, pim.Kinds()...)
	l.text(attrs["description"], nil)
	if t.kind == "" {
		return nil, false
	}
	t.attendees, t.attachments = describeAttendees, keepAttachments
	choose(l, attrs["attendees"], nil, &t.attendees, describeAttendees, dropAttendees, keepAttendees)
	choose(l, attrs["attachments"], nil, &t.attachments, keepAttachments, dropAttachments, linkAttachments)
	for _, name := range []string{"attendees", "attachments"} {
		if a := attrs[name]; a != nil && t.kind == pim.Contacts {
			l.refuse(a, "Not for this kind", fmt.Sprintf("A contact has no %s.", name), "Leave it out.")
		}
	}
	t.prefix, t.suffix = l.affix(attrs["prefix"], t.kind), l.affix(attrs["suffix"], t.kind)
	t.swap = l.fields(attrs["swap"], t.kind)
	if a := attrs["swap"]; a != nil && !a.bad && !a.broken && (len(t.swap) != 2 || t.swap[0] == t.swap[1]) {
		l.refuse(a, "Invalid swap", "swap exchanges two fields.", `Name two: swap = ["summary", "description"].`)
		t.swap = nil
	}
	t.owned, t.trigger = l.fields(attrs["owned"], t.kind), l.fields(attrs["trigger"], t.kind)
	if a := attrs["privacy"]; a != nil {
		if t.kind != pim.Calendar {
			l.refuse(a, "No privacy for this kind", fmt.Sprintf("privacy is for calendars, and this template is of kind %s.", t.kind), "Remove fields with set { field = null }.")
		} else if l.try(a, t.kind, nil, cty.String) {
			t.privacy = a
			if !a.perItem() {
				var level privacy
				choose(l, a, nil, &level, privacyFull, privacyDetails, privacyBusy)
			}
		}
	}
	l.setBlock(t, content.Blocks)
	l.clashes(t, attrs)
	for _, name := range []string{"owned", "trigger"} {
		if attrs[name] != nil {
			l.unsupported(attrs[name].at, name+" is not carried out by this version: every field of a replica follows its original.")
		}
	}
	t.digest = l.templateDigest(t, attrs)
	return t, true
}

// field is the canonical field that a name in a template means.
func (l *loader) field(kind pim.Kind, name string, at hcl.Range) (string, bool) {
	field, ok := pim.FieldName(kind, name)
	if !ok {
		var names []string
		for _, n := range pim.Names(kind) {
			if n.Settable {
				names = append(names, n.Name)
			}
		}
		l.report(diagnose.Mistake(at, "Unknown field", fmt.Sprintf("An item of kind %s has no field %q that can be written.", kind, name),
			diagnose.DidYouMean(name, names, fmt.Sprintf("The names of kind %s are listed in the reference.", kind))))
	}
	return field, ok
}

func (l *loader) fields(a *attribute, kind pim.Kind) []string {
	var fields []string
	for _, name := range l.texts(a, nil) {
		field, ok := l.field(kind, name, a.Range())
		a.bad = a.bad || !ok
		if ok {
			fields = append(fields, field)
		}
	}
	return fields
}

// affix reads prefix or suffix: a text for each of some text fields.
func (l *loader) affix(a *attribute, kind pim.Kind) map[string]string {
	found := map[string]string{}
	texts := l.textMap(a, nil)
	for _, name := range sortedKeys(texts) {
		field, ok := l.field(kind, name, a.Range())
		if !ok {
			continue
		}
		if !isText(kind, field) {
			l.refuse(a, "Not a text field", fmt.Sprintf("%s of a %s item is no text: nothing can be written before or after it.", name, kind), "Use set for it.")
			continue
		}
		found[field] = texts[name]
	}
	return found
}

// isText reports whether a field holds one text of a person's.
func isText(kind pim.Kind, field string) bool {
	if pim.MultiValued(kind, field) {
		return false
	}
	for _, n := range pim.Names(kind) {
		if len(n.Fields) == 1 && n.Fields[0] == field && n.Settable {
			return n.Type == "string"
		}
	}
	return false
}

func (l *loader) setBlock(t *Template, blocks hcl.Blocks) {
	seen := map[string]hcl.Range{}
	for _, b := range blocks {
		attrs, diags := b.Body.JustAttributes()
		l.report(diags...)
		for _, name := range sortedKeys(attrs) {
			raw := attrs[name]
			a := l.attribute("set."+name, raw, perItem)
			field, ok := l.field(t.kind, name, raw.NameRange)
			if !ok {
				l.try(a, t.kind, nil, cty.DynamicPseudoType)
				continue
			}
			if first, twice := seen[field]; twice {
				l.report(diagnose.Mistake(raw.NameRange, "Duplicate field", fmt.Sprintf("%s is set at %s:%d already.", name, first.Filename, first.Start.Line), "Leave one of them out."))
				continue
			}
			seen[field] = raw.NameRange
			if !l.try(a, t.kind, nil, cty.DynamicPseudoType) {
				continue
			}
			if !a.perItem() && !l.writable(a, t.kind, field) {
				continue
			}
			if n := a.secretName(); n != "" {
				l.refuse(a, "Sensitive value would be shown", fmt.Sprintf("%s is sensitive, and items and plans would show it.", n), "Use a value that is not, or say nonsensitive(…) when it may be shown.")
				continue
			}
			t.set = append(t.set, setField{field, a})
		}
	}
	sort.Slice(t.set, func(i, j int) bool { return t.set[i].field < t.set[j].field })
}

// writable reports whether the constant value of an attribute can be written into a field.
func (l *loader) writable(a *attribute, kind pim.Kind, field string) bool {
	v := functions.Plain(l.evaluate(a.expression, nil))
	if !v.IsWhollyKnown() {
		return false
	}
	if _, err := pim.FieldValue(kind, field, plainData(v)); err != nil {
		l.refuse(a, "Wrong value", fmt.Sprintf("%s cannot be written: %v.", a.name, err), "")
		return false
	}
	return true
}

// secretName is the address of a sensitive value that an expression reads, or "".
func (e *expression) secretName() string {
	for _, n := range e.names {
		if functions.Marked(n.value, functions.Sensitive) {
			return n.address
		}
	}
	return ""
}

// clashes reports fields that are treated in two ways which exclude each other.
func (l *loader) clashes(t *Template, attrs map[string]*attribute) {
	set := map[string]*attribute{}
	for _, s := range t.set {
		set[s.field] = s.attribute
	}
	for _, other := range []struct {
		name   string
		fields []string
		why    string
	}{
		{"owned", t.owned, "it is the destination's owner's, who need not keep what is set"},
		{"swap", t.swap, "it takes what another field says"},
	} {
		for _, field := range other.fields {
			if set[field] != nil {
				l.report(diagnose.Mistake(attrs[other.name].Range(), "Field treated twice", fmt.Sprintf("%s is under set and under %s: %s.", field, other.name, other.why), "Leave it out of one of them."))
				break
			}
		}
	}
}

// templateDigest covers a template's text and the values that it refers to.
func (l *loader) templateDigest(t *Template, attrs map[string]*attribute) string {
	h := newHasher()
	h.add(string(t.kind))
	for _, name := range sortedKeys(attrs) {
		if name != "description" {
			h.add(name, l.digest(attrs[name].expression))
		}
	}
	for _, s := range t.set {
		h.add("set", s.field, l.digest(s.expression))
	}
	return h.sum()
}

// templateOf is the template of a relationship: a block, or a choice among blocks that each item makes anew.
func (l *loader) templateOf(b *relationshipBlock, a *attribute, in *instance, kind pim.Kind) *Template {
	if a == nil {
		return nil
	}
	if a.perItem() {
		if t, made := b.choosers[a]; made {
			return t
		}
		b.choosers[a] = nil
		if !l.try(a, kind, in, templateAs) {
			return nil
		}
		t := &Template{name: "", at: a.Range(), kind: kind, choice: a.expression}
		h := newHasher()
		h.add("choice", l.digest(a.expression))
		for _, n := range a.names {
			if n.value.Type() == templateAs && n.value.IsKnown() {
				t.candidates = append(t.candidates, n.value.EncapsulatedValue().(*Template))
			}
		}
		for _, c := range t.candidates {
			l.sameKind(b, a, c, kind)
			h.add(c.digest)
		}
		t.digest = h.sum()
		b.choosers[a] = t
		return t
	}
	v := l.dereference(l.evaluate(a.expression, in), a.Range())
	switch {
	case !v.IsKnown() || v.IsNull():
		return nil
	case v.Type() != templateAs:
		l.refuse(a, "Not a template", "template must name a template block.", "Write template.NAME.")
		return nil
	}
	t := v.EncapsulatedValue().(*Template)
	l.sameKind(b, a, t, kind)
	return t
}

func (l *loader) sameKind(b *relationshipBlock, a *attribute, t *Template, kind pim.Kind) {
	if t.kind != kind {
		l.refuse(a, "Template of another kind", fmt.Sprintf("template.%s is for %s, and %s joins folders of kind %s.", t.name, t.kind, b.address, kind), fmt.Sprintf("Use a template with kind = %q.", kind))
	}
}
