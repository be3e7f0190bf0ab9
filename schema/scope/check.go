package scope

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/pim"
)

// relationshipAs is what expressions see as relationship.
var relationshipAs = cty.Object(map[string]cty.Type{
	"address": cty.String, "name": cty.String, "key": cty.String, "profile": cty.String, "labels": cty.Map(cty.String),
})

// lookUpItem notes what an expression reads of item, source, destination or relationship. Whether an item has it depends on its kind: see checkItem.
func (sc *Scope) lookUpItem(e *Expression, t hcl.Traversal) {
	root := t.RootName()
	attr := ""
	if len(t) > 1 {
		attr = Step(t[1])
	}
	if root == "item" {
		if e.item == nil {
			e.item = map[string]bool{}
		}
		e.item[attr] = true
		e.reads = append(e.reads, t)
		return
	}
	if e.context == nil {
		e.context = map[string]bool{}
	}
	e.context[root] = true
	of := sc.folder
	if root == "relationship" {
		of = relationshipAs
	}
	if attr != "" && !of.HasAttribute(attr) {
		e.Broken = true
		sc.Report(diagnose.Mistake(t.SourceRange(), "Unknown attribute", fmt.Sprintf("%s has no %q.", root, attr), diagnose.DidYouMean(attr, slices.Sorted(maps.Keys(of.AttributeTypes())), "")))
	}
}

// checkItem reports what an expression reads of an item that items of this kind do not have.
func (sc *Scope) checkItem(e *Expression, kind pim.Kind) bool {
	known := map[string]bool{}
	for _, n := range pim.Names(kind) {
		known[n.Name] = true
	}
	ok := !e.Broken
	for _, t := range e.reads {
		if len(t) < 2 || Step(t[1]) == "" || known[Step(t[1])] {
			continue
		}
		ok = false
		attr := Step(t[1])
		sc.Report(diagnose.Mistake(t.SourceRange(), "Unknown attribute", fmt.Sprintf("An item of kind %s has no %q.", kind, attr),
			diagnose.DidYouMean(Synonym(attr, known), slices.Sorted(maps.Keys(known)), fmt.Sprintf("The names of kind %s are listed in the reference.", kind))))
	}
	return ok
}

// Synonym is the name for what other programs call by another word, or the word itself.
func Synonym(word string, known map[string]bool) string {
	name := map[string]string{
		"subject": "summary", "title": "summary", "body": "description", "text": "description", "notes": "description", "begin": "start", "from": "start",
		"finish": "end", "until": "end", "to": "end", "place": "location", "room": "location", "where": "location", "category": "categories", "tags": "categories",
		"participants": "attendees", "invitees": "attendees", "duration": "minutes", "email": "emails", "phone": "phones", "company": "org", "surname": "family",
		"reminder": "alarms", "reminders": "alarms", "alarm": "alarms",
	}[word]
	if known[name] && !known[word] {
		return name
	}
	return word
}

// Try evaluates an expression on an item of which nothing is known but the types: a function that is not there or a number where a string
// belongs is found without any item.
func (sc *Scope) Try(a *Attribute, kind pim.Kind, in *Instance, want cty.Type) bool {
	if a.Broken || !sc.checkItem(a.Expression, kind) {
		a.Bad = true
		return false
	}
	item := map[string]cty.Value{}
	a.types = map[string]cty.Type{}
	for _, n := range pim.Names(kind) {
		item[n.Name] = cty.UnknownVal(shapeOf(n.Type))
		if a.item[n.Name] || a.item[""] {
			a.types[n.Name] = itemType(n)
		}
	}
	ctx := a.known.NewChild()
	ctx.Variables = map[string]cty.Value{"item": cty.ObjectVal(item), "source": cty.UnknownVal(sc.folder),
		"destination": cty.UnknownVal(sc.folder), "relationship": cty.UnknownVal(relationshipAs)}
	if a.Each && in != nil {
		ctx.Variables["each"] = in.Each
	}
	v, diags := a.Value(ctx)
	if diags.HasErrors() {
		a.Bad = true
		sc.Report(sc.plain(a.discreet(diags, in))...)
		return false
	}
	if wrong := sc.operands(a.Expression, ctx); len(wrong) > 0 {
		a.Bad = true
		sc.Report(wrong...)
		return false
	}
	if !fits(v, want) {
		sc.WrongType(a, v, want)
		return false
	}
	return true
}

// fits reports whether a value is of a type, or becomes so. A text is no condition, and nothing but a text is a time or a word.
func fits(v cty.Value, want cty.Type) bool {
	is := v.Type()
	switch {
	case is == cty.DynamicPseudoType || is == want || v.IsKnown() && v.IsNull():
		return true
	case want == cty.Bool, want == cty.String && is == cty.Bool:
		return false
	}
	_, err := convert.Convert(v, want)
	return err == nil
}

// itemType is the type of a name of the expression table, as far as it is known beforehand.
func itemType(n pim.Name) cty.Type {
	switch n.Type {
	case "string", "time":
		return cty.String
	case "bool":
		return cty.Bool
	case "number":
		return cty.Number
	case "list(string)":
		return cty.List(cty.String)
	}
	return cty.DynamicPseudoType
}

// shapeOf is the type that a name of the expression table says it has: "string", "list(object({type, value}))". What is in an object is text.
func shapeOf(named string) cty.Type {
	inner := func(begin, end string) (string, bool) {
		rest, is := strings.CutPrefix(named, begin)
		return strings.TrimSuffix(rest, end), is
	}
	if of, is := inner("list(", ")"); is {
		return cty.List(shapeOf(of))
	}
	if of, is := inner("map(", ")"); is {
		return cty.Map(shapeOf(of))
	}
	if of, is := inner("object({", "})"); is {
		attrs := map[string]cty.Type{}
		for _, name := range strings.Split(of, ",") {
			attrs[strings.TrimSpace(name)] = cty.DynamicPseudoType
		}
		return cty.Object(attrs)
	}
	return itemType(pim.Name{Type: named})
}
