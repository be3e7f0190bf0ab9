package template

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/pim"
	"github.com/accord-sync/accord/schema/scope"
)

// extra stands for all X- properties where fields are watched.
const extra = "extra"

// named is what a kind of items has under a name; nil: it is no name of the table.
func named(kind pim.Kind, name string) *pim.Name {
	names := pim.Names(kind)
	if i := slices.IndexFunc(names, func(n pim.Name) bool { return n.Name == name }); i >= 0 {
		return &names[i]
	}
	return nil
}

// field is the canonical field that a name in a template means, which is to be written.
func (r *Reader) field(kind pim.Kind, name string, at hcl.Range) (string, bool) {
	field, ok := pim.FieldName(kind, name)
	n := named(kind, name)
	switch {
	case ok && (n == nil || n.Settable):
		return field, true
	case n != nil && !slices.Equal(n.Fields, []string{name}) && len(n.Fields) > 0:
		r.Report(diagnose.Mistake(at, "Field cannot be written", fmt.Sprintf("%s of a %s item is %s.", name, kind, n.Doc), fmt.Sprintf("Write what it is read from: %s.", strings.Join(n.Fields, ", "))))
	case n != nil:
		r.Report(diagnose.Mistake(at, "Field cannot be written", fmt.Sprintf("%s of a %s item is %s: it is not up to a template.", name, kind, n.Doc), "Leave it out."))
	default:
		r.unknownField(kind, name, at, "that can be written")
	}
	return "", false
}

func (r *Reader) unknownField(kind pim.Kind, name string, at hcl.Range, what string) {
	var names []string
	settable := map[string]bool{}
	for _, n := range pim.Names(kind) {
		if n.Settable {
			names, settable[n.Name] = append(names, n.Name), true
		}
	}
	r.Report(diagnose.Mistake(at, "Unknown field", fmt.Sprintf("An item of kind %s has no field %q %s.", kind, name, what),
		diagnose.DidYouMean(scope.Synonym(name, settable), names, fmt.Sprintf("The names of kind %s are listed in the reference.", kind))))
}

// fields are the fields that an attribute names, which are to be written.
func (r *Reader) fields(a *scope.Attribute, kind pim.Kind) []string {
	var fields []string
	for _, name := range r.Texts(a, nil) {
		field, ok := r.field(kind, name, a.Range())
		a.Bad = a.Bad || !ok
		if ok {
			fields = append(fields, field)
		}
	}
	return fields
}

// watched are the fields whose changes an attribute asks for. A name that is read from several stands for all of them.
func (r *Reader) watched(a *scope.Attribute, kind pim.Kind) []string {
	var fields []string
	for _, name := range r.Texts(a, nil) {
		field, ok := pim.FieldName(kind, name)
		n := named(kind, name)
		switch {
		case name == extra:
			fields = append(fields, extra)
		case n != nil && (n.Settable || !slices.Equal(n.Fields, []string{name})) && len(n.Fields) > 0:
			fields = append(fields, n.Fields...)
		case n == nil && ok:
			fields = append(fields, field)
		default:
			a.Bad = true
			r.unknownField(kind, name, a.Range(), "whose changes are seen")
		}
	}
	return fields
}

// watches reports whether a change of a field is one of those in a list that watched made.
func watches(list []string, field string) bool {
	return slices.Contains(list, field) || strings.HasPrefix(field, extra+".") && slices.Contains(list, extra)
}

// typeOf is the type that a field is set to; any for one that takes several. (Of a photo, items say whether there is one, and templates where it is.)
func typeOf(kind pim.Kind, field string) cty.Type {
	if strings.HasPrefix(field, extra+".") {
		return cty.String
	}
	for _, n := range pim.Names(kind) {
		if n.Settable && len(n.Fields) == 1 && n.Fields[0] == field {
			switch n.Type {
			case "string", "time":
				return cty.String
			case "number":
				return cty.Number
			case "list(string)":
				return cty.List(cty.String)
			}
		}
	}
	return cty.DynamicPseudoType
}

// isText reports whether a field holds one text of a person's: any text, not one of a few words, a rule or what names something.
func isText(kind pim.Kind, field string) bool {
	switch n := named(kind, field); {
	case strings.HasPrefix(field, extra+"."):
		return true
	case n == nil, !n.Settable, n.Type != "string", len(n.Fields) != 1, n.Fields[0] != field, field == "color", field == "parent":
		return false
	}
	_, err := pim.FieldValue(kind, field, "any text")
	return err == nil
}

// isTime reports whether a field holds one time.
func isTime(kind pim.Kind, field string) bool {
	n := named(kind, field)
	return n != nil && n.Settable && n.Type == "time"
}
