package template

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/fingerprint"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

var templateAs = cty.Capsule("template", reflect.TypeOf(Template{}))

func templateSchema() *hcl.BodySchema {
	s := scope.BodySchema([]string{"kind", "privacy", "prefix", "suffix", "swap", "owned", "trigger", "attendees", "attachments", "description"}, []string{"kind"}, "set", "late")
	s.Blocks = append(s.Blocks, hcl.BlockHeaderSchema{Type: "category", LabelNames: []string{"name"}})
	return s
}

// template reads a template block. ok is false when it cannot be used for checking others.
func (r *Reader) template(b *hcl.Block) (t *Template, ok bool) {
	content := r.Content(b.Body, templateSchema())
	attrs := map[string]*scope.Attribute{}
	for name, a := range content.Attributes {
		at := scope.Place(0)
		if name == "privacy" {
			at = scope.PerItem
		}
		attrs[name] = r.Attribute(name, a, at)
	}
	t = &Template{name: b.Labels[0]}
	scope.Choose(r.Scope, attrs["kind"], nil, &t.kind, pim.Kinds()...)
	r.Text(attrs["description"], nil)
	if t.kind == "" {
		return nil, false
	}
	t.attendees, t.attachments = describeAttendees, keepAttachments
	scope.Choose(r.Scope, attrs["attendees"], nil, &t.attendees, describeAttendees, dropAttendees, keepAttendees)
	scope.Choose(r.Scope, attrs["attachments"], nil, &t.attachments, keepAttachments, dropAttachments, linkAttachments)
	for _, name := range []string{"attendees", "attachments"} {
		if a := attrs[name]; a != nil && t.kind == pim.Contacts {
			r.Refuse(a, "Not for this kind", fmt.Sprintf("A contact has no %s.", name), "Leave it out.")
		}
	}
	t.prefix, t.suffix = r.affix(attrs["prefix"], t.kind), r.affix(attrs["suffix"], t.kind)
	t.swap = r.swap(attrs["swap"], t.kind)
	t.owned, t.trigger = r.fields(attrs["owned"], t.kind), r.watched(attrs["trigger"], t.kind)
	if a := attrs["privacy"]; a != nil {
		if t.kind != pim.Calendar {
			r.Refuse(a, "No privacy for this kind", fmt.Sprintf("privacy is for calendars, and this template is of kind %s.", t.kind), "Remove fields with set { field = null }.")
		} else if r.Try(a, t.kind, nil, cty.String) {
			t.privacy = a
			if !a.PerItem() {
				var level privacy
				scope.Choose(r.Scope, a, nil, &level, privacyFull, privacyDetails, privacyBusy)
			}
		}
	}
	r.setBlock(t, content.Blocks.OfType("set"))
	r.categoryBlocks(t, content.Blocks.OfType("category"), attrs)
	r.lateBlock(t, content.Blocks.OfType("late"), attrs)
	r.clashes(t, attrs)
	t.digest = r.templateDigest(t, attrs)
	return t, true
}

// affix reads prefix or suffix: a text for each of some text fields.
func (r *Reader) affix(a *scope.Attribute, kind pim.Kind) map[string]string {
	found := map[string]string{}
	texts := r.TextMap(a, nil)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		field, ok := r.field(kind, name, a.Range())
		if !ok {
			continue
		}
		if !isText(kind, field) {
			r.Refuse(a, "Not a text field", fmt.Sprintf("%s of a %s item is no text: nothing can be written before or after it.", name, kind), "Use set for it.")
			continue
		}
		found[field] = texts[name]
	}
	return found
}

// swap reads the two fields that are exchanged: texts or times, as what one holds must be something that the other can hold.
func (r *Reader) swap(a *scope.Attribute, kind pim.Kind) []string {
	swapped := r.fields(a, kind)
	if a == nil || a.Bad || a.Broken {
		return nil
	}
	if len(swapped) != 2 || swapped[0] == swapped[1] {
		r.Refuse(a, "Invalid swap", "swap exchanges two fields.", `Name two: swap = ["summary", "description"].`)
		return nil
	}
	first, second := swapped[0], swapped[1]
	if isTime(kind, first) && isTime(kind, second) || isText(kind, first) && isText(kind, second) {
		return swapped
	}
	if isText(kind, first) {
		first, second = second, first
	}
	r.Refuse(a, "Not a text field", fmt.Sprintf("%s of a %s item is no text: it cannot be exchanged with %s.", first, kind, second), `Name two text fields, or two times: swap = ["summary", "description"].`)
	return nil
}

func (r *Reader) setBlock(t *Template, blocks hcl.Blocks) {
	seen := map[string]hcl.Range{}
	for _, b := range blocks {
		attrs := r.JustAttributes(b.Body)
		for _, name := range slices.Sorted(maps.Keys(attrs)) {
			if name == extra {
				for _, property := range r.properties(attrs[name]) {
					r.setField(t, property, property.Name, seen)
				}
				continue
			}
			r.setField(t, attrs[name], name, seen)
		}
	}
	sort.Slice(t.set, func(i, j int) bool { return t.set[i].field < t.set[j].field })
}

// properties are the X- properties that set.extra names, each as if it were an attribute.
func (r *Reader) properties(a *hcl.Attribute) []*hcl.Attribute {
	pairs, diags := hcl.ExprMap(a.Expr)
	if diags.HasErrors() {
		r.Report(diagnose.Mistake(a.Expr.Range(), "Wrong value", "set.extra must name the X- properties that it sets.", `Write extra = { "X-NAME" = … }.`))
		return nil
	}
	var all []*hcl.Attribute
	for _, pair := range pairs {
		key, diags := pair.Key.Value(nil)
		name, ok := scope.AsString(key)
		if diags.HasErrors() || !ok || !strings.HasPrefix(strings.ToUpper(name), "X-") {
			r.Report(diagnose.Mistake(pair.Key.Range(), "Not an X- property", "What set.extra names must begin with X-.", `Write extra = { "X-NAME" = … }.`))
			continue
		}
		all = append(all, &hcl.Attribute{Name: extra + "." + name, Expr: pair.Value, Range: pair.Value.Range(), NameRange: pair.Key.Range()})
	}
	return all
}

// setField reads one attribute under set.
func (r *Reader) setField(t *Template, raw *hcl.Attribute, name string, seen map[string]hcl.Range) {
	a := r.Attribute("set."+name, raw, scope.PerItem)
	field, ok := r.field(t.kind, name, raw.NameRange)
	if !ok {
		r.Try(a, t.kind, nil, cty.DynamicPseudoType)
		return
	}
	if first, twice := seen[field]; twice {
		r.Report(diagnose.Mistake(raw.NameRange, "Duplicate field", fmt.Sprintf("%s is set at %s:%d already.", name, first.Filename, first.Start.Line), "Leave one of them out."))
		return
	}
	seen[field] = raw.NameRange
	if !r.Try(a, t.kind, nil, typeOf(t.kind, field)) {
		return
	}
	if n := a.SecretName(); n != "" {
		r.Refuse(a, "Sensitive value would be shown", fmt.Sprintf("%s is sensitive, and items and plans would show it.", n), "Use a value that is not, or say nonsensitive(…) when it may be shown.")
		return
	}
	if !a.PerItem() && !r.writable(a, t.kind, field) {
		return
	}
	t.set = append(t.set, setField{field, a})
}

// writable reports whether the constant value of an attribute can be written into a field.
func (r *Reader) writable(a *scope.Attribute, kind pim.Kind, field string) bool {
	v := functions.Plain(r.Evaluate(a.Expression, nil))
	if !v.IsWhollyKnown() {
		return false
	}
	if _, err := pim.FieldValue(kind, field, scope.Data(v)); err != nil {
		r.Refuse(a, "Wrong value", fmt.Sprintf("%s cannot be written: %v.", a.Name, err), "Write a value that the field can hold, or null to leave the field out.")
		return false
	}
	if text, is := scope.AsString(v); is && field == "color" && strings.TrimSpace(text) != "" {
		return r.namedColor(a, text)
	}
	return true
}

// clashes reports fields that are treated in two ways which exclude each other.
func (r *Reader) clashes(t *Template, attrs map[string]*scope.Attribute) {
	set := map[string]*scope.Attribute{}
	for _, s := range t.set {
		set[s.field] = s.Attribute
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
				r.Report(diagnose.Mistake(attrs[other.name].Range(), "Field treated twice", fmt.Sprintf("%s is under set and under %s: %s.", field, other.name, other.why), "Leave it out of one of them."))
				break
			}
		}
	}
}

// templateDigest covers a template's text and the values that it refers to.
func (r *Reader) templateDigest(t *Template, attrs map[string]*scope.Attribute) string {
	h := fingerprint.New()
	h.Add(string(t.kind))
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if name != "description" {
			h.Add(name, r.Digest(attrs[name].Expression))
		}
	}
	for _, s := range t.set {
		h.Add("set", s.field, r.Digest(s.Expression))
	}
	for _, c := range t.categories {
		h.Add("category", c.name)
	}
	return h.Sum()
}
