package template

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/amount"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// attributes reads the attributes of a block inside a template. They are added to all by their path, so that the template's digest covers them.
func (r *Reader) attributes(content *hcl.BodyContent, path string, all map[string]*scope.Attribute) map[string]*scope.Attribute {
	own := map[string]*scope.Attribute{}
	for name, a := range content.Attributes {
		own[name] = r.Attribute(path+"."+name, a, 0)
		all[path+"."+name] = own[name]
	}
	return own
}

// content reads a block inside a template by its schema. whole is false when a mistake in it was reported.
func (r *Reader) content(b *hcl.Block, schema *hcl.BodySchema) (content *hcl.BodyContent, whole bool) {
	content, diags := b.Body.Content(schema)
	r.Misfit(diags, schema)
	return content, !diags.HasErrors()
}

// value is the value of a field that an attribute says; zero without one, or when a mistake was reported.
func (r *Reader) value(a *scope.Attribute, kind pim.Kind, field string) pim.Value {
	text, ok := r.Text(a, nil)
	if !ok {
		return pim.Value{}
	}
	v, err := pim.FieldValue(kind, field, []any{text})
	switch {
	case err != nil:
		r.Refuse(a, "Wrong value", fmt.Sprintf("%s cannot be written: %v.", a.Name, err), "Write a value that the field can hold.")
	case v.IsZero():
		r.Refuse(a, "Missing value", a.Name+" is empty.", "Give it a value, or leave it out.")
	case field == "color" && !r.namedColor(a, text):
		return pim.Value{}
	}
	return v
}

// categoryBlocks reads the categories that have colours.
func (r *Reader) categoryBlocks(t *Template, blocks hcl.Blocks, all map[string]*scope.Attribute) {
	seen := map[string]hcl.Range{}
	for _, b := range blocks {
		own := r.attributes(r.Content(b.Body, scope.BodySchema([]string{"color"}, []string{"color"})), "category."+b.Labels[0], all)
		name := strings.TrimSpace(b.Labels[0])
		first, twice := seen[name]
		seen[name] = b.DefRange
		switch {
		case t.kind != pim.Calendar:
			r.Report(diagnose.Mistake(b.DefRange, "Not for this kind", fmt.Sprintf("Only events have colours, and this template is of kind %s.", t.kind), "Leave it out."))
			continue
		case name == "":
			r.Report(diagnose.Mistake(b.LabelRanges[0], "Missing name", "A category without a name is none.", `Name it: category "Team" { color = "red" }.`))
			continue
		case twice:
			r.Report(diagnose.Mistake(b.DefRange, "Duplicate name", fmt.Sprintf("The category %q has a colour at %s:%d already.", name, first.Filename, first.Start.Line), "Leave one of them out."))
			continue
		}
		color := r.value(own["color"], t.kind, "color")
		value, err := pim.FieldValue(t.kind, "categories", []any{name})
		if err == nil && !color.IsZero() {
			t.categories = append(t.categories, category{name, value, color, b.DefRange})
		}
	}
	slices.SortFunc(t.categories, func(a, b category) int { return strings.Compare(a.name, b.name) }) // in JSON there is no order
}

// lateBlock reads how late changes are shown.
func (r *Reader) lateBlock(t *Template, blocks hcl.Blocks, all map[string]*scope.Attribute) {
	if len(blocks) == 0 {
		return
	}
	b := blocks[0]
	for _, another := range blocks[1:] {
		r.DuplicateBlock(another, b.DefRange)
	}
	content, whole := r.content(b, scope.BodySchema([]string{"within", "fields"}, []string{"within"}, "changed", "cancelled"))
	if t.kind != pim.Calendar && t.kind != pim.Tasks {
		r.Report(diagnose.Mistake(b.DefRange, "Not for this kind", fmt.Sprintf("late is about when items begin, for calendars and tasks, and this template is of kind %s.", t.kind), "Leave it out."))
		return
	}
	own := r.attributes(content, "late", all)
	late := &Late{kind: t.kind, categories: t.categories}
	late.Within, _ = amount.DurationOf(r.Scope, own["within"], nil)
	if a := own["within"]; a != nil && !a.Bad && !a.Broken && late.Within <= 0 {
		r.Refuse(a, "Invalid duration", "late.within is zero: nothing is ever late.", `Write how long before its start a change of an item is late: within = "2d".`)
	}
	late.fields = []string{"start", "end", "location", "status"}
	if t.kind == pim.Tasks {
		late.fields = []string{"start", "due", "location", "status"}
	}
	if a := own["fields"]; a != nil {
		if late.fields = r.watched(a, t.kind); len(late.fields) == 0 && !a.Bad && !a.Broken {
			r.Refuse(a, "Nothing to watch", "late.fields is empty: no change is ever late.", `Name fields, or leave it out: fields = ["start", "location"].`)
		}
	}
	read := map[string]*hcl.Block{}
	for _, m := range content.Blocks {
		if read[m.Type] != nil {
			r.DuplicateBlock(m, read[m.Type].DefRange)
			continue
		}
		read[m.Type] = m
		late.marks[slices.Index(latenesses, m.Type)] = r.mark(m, t, all)
	}
	if len(read) == 0 && whole {
		r.Report(diagnose.Mistake(b.DefRange, "Late changes are not shown", "late says neither how a changed item is shown nor how a cancelled one is.", `Write changed { prefix = "[Changed] " }, or leave late out.`))
	}
	t.late = late
}

// latenesses are the blocks that say how an item is shown that changed late, in the order of Changed and Cancelled.
var latenesses = []string{"changed", "cancelled"}

// mark reads changed or cancelled.
func (r *Reader) mark(b *hcl.Block, t *Template, all map[string]*scope.Attribute) *mark {
	path := "late." + b.Type
	content, whole := r.content(b, scope.BodySchema([]string{"prefix", "category", "color", "reminder"}, nil))
	own := r.attributes(content, path, all)
	if len(own) == 0 && whole {
		r.Report(diagnose.Mistake(b.DefRange, "Late changes are not shown", path+" says nothing.", `Write prefix = "[Changed] ", category, color or reminder in it, or leave it out.`))
	}
	m := &mark{category: r.value(own["category"], t.kind, "categories"), reminder: r.value(own["reminder"], t.kind, "alarms")}
	m.prefix, _ = r.Text(own["prefix"], nil)
	if a := own["color"]; a != nil && t.kind != pim.Calendar {
		r.Refuse(a, "Not for this kind", fmt.Sprintf("Only events have colours, and this template is of kind %s.", t.kind), "Leave it out.")
	} else {
		m.color = r.value(a, t.kind, "color")
	}
	for _, w := range []struct{ attribute, field string }{{"prefix", "summary"}, {"category", "categories"}, {"color", "color"}, {"reminder", "alarms"}} {
		if a := own[w.attribute]; a != nil && slices.Contains(t.owned, w.field) {
			r.Refuse(a, "Field treated twice", fmt.Sprintf("%s writes %s, and owned leaves it to the destination's owner.", a.Name, w.field), "Leave one of them out.")
		}
	}
	return m
}
