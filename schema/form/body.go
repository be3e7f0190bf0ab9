package form

import (
	"fmt"
	"maps"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
)

// body is an object as hcl.Body. Blocks of a type with n names are n objects in each other below the type, by name; where there are several
// without a name, or several of one name, they are a list.
type body struct {
	members []Member
	at      hcl.Range // of its header: what it lacks is missing here
	whole   hcl.Range
	taken   map[string]bool // by the PartialContent that left this body
}

func newBody(n *Node) *body { return &body{members: n.Members, at: n.Header(), whole: n.Range} }

// Header is the node's first line, as far as the node goes.
func (n *Node) Header() hcl.Range {
	r := n.Range
	if r.End.Line > r.Start.Line {
		r.End = n.in.line(r.Start.Line).End
		if len(n.Members) > 0 && n.Members[0].Value.Range.End.Line == r.Start.Line {
			r.End = n.Members[0].Value.Range.End
		}
	}
	return r
}

// Range is all of the body.
func (b *body) Range() hcl.Range { return b.whole }

// MissingItemRange is where the body is named.
func (b *body) MissingItemRange() hcl.Range { return b.at }

// JustAttributes takes every member as an attribute.
func (b *body) JustAttributes() (hcl.Attributes, hcl.Diagnostics) {
	attrs := hcl.Attributes{}
	var diags hcl.Diagnostics
	for _, m := range b.members {
		if !b.taken[m.Name] {
			var more hcl.Diagnostics
			attrs[m.Name], more = m.attribute()
			diags = append(diags, more...)
		}
	}
	return attrs, diags
}

// Content reads the body by a schema; what is not in the schema is a mistake.
func (b *body) Content(schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Diagnostics) {
	content, remain, diags := b.PartialContent(schema)
	for _, m := range remain.(*body).members {
		if !remain.(*body).taken[m.Name] {
			diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: Unsupported, Detail: m.Name, Subject: m.NameRange.Ptr()})
		}
	}
	return content, diags
}

// Unsupported is the summary about a member that a schema does not have: its name is the detail. Whether an attribute or a block was meant
// cannot be told.
const Unsupported = "Unsupported member"

// PartialContent reads what a schema has.
func (b *body) PartialContent(schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Body, hcl.Diagnostics) {
	content := &hcl.BodyContent{Attributes: hcl.Attributes{}, MissingItemRange: b.at}
	rest := &body{b.members, b.at, b.whole, maps.Clone(b.taken)}
	if rest.taken == nil {
		rest.taken = map[string]bool{}
	}
	var diags hcl.Diagnostics
	attributes, blocks := map[string]bool{}, map[string]hcl.BlockHeaderSchema{}
	for _, s := range schema.Attributes {
		attributes[s.Name] = true
	}
	for _, s := range schema.Blocks {
		blocks[s.Type] = s
	}
	for _, m := range b.members {
		s, block := blocks[m.Name]
		if b.taken[m.Name] || !block && !attributes[m.Name] {
			continue
		}
		rest.taken[m.Name] = true
		var more hcl.Diagnostics
		if block {
			r := blockReader{schema: s, of: m}
			r.read(m.Value, nil, nil, m.NameRange)
			content.Blocks, more = append(content.Blocks, r.blocks...), r.diags
		} else {
			content.Attributes[m.Name], more = m.attribute()
		}
		diags = append(diags, more...)
	}
	for _, s := range schema.Attributes {
		if s.Required && content.Attributes[s.Name] == nil {
			diags = append(diags, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Missing required argument",
				Detail: fmt.Sprintf("The argument %q is required, but no definition was found.", s.Name), Subject: b.at.Ptr()})
		}
	}
	return content, rest, diags
}

// attribute is a member as an attribute.
func (m Member) attribute() (*hcl.Attribute, hcl.Diagnostics) {
	expr, diags := m.Value.Expression()
	r := m.NameRange
	r.End = m.Value.Range.End
	return &hcl.Attribute{Name: m.Name, Expr: expr, Range: r, NameRange: m.NameRange}, diags
}

// blockReader makes blocks of one member.
type blockReader struct {
	schema hcl.BlockHeaderSchema
	of     Member
	blocks hcl.Blocks
	diags  hcl.Diagnostics
}

// read reads the blocks in a node, below the names found so far. at is the last of them, or the type.
func (r *blockReader) read(n *Node, labels []string, ranges []hcl.Range, at hcl.Range) {
	named := len(labels) == len(r.schema.LabelNames)
	switch {
	case n.Kind == List:
		for _, e := range n.Elements {
			where := at
			if len(n.Elements) > 1 || len(labels) == 0 {
				where = e.Header()
			}
			if e.Kind == List {
				r.refuse(e, labels)
				continue
			}
			r.read(e, labels, ranges, where)
		}
	case n.Kind == Null && len(labels) == 0: // as if it were not written
	case n.Kind != Object && n.Kind != Null, n.Kind == Null && !named:
		r.refuse(n, labels)
	case named:
		b := newBody(n)
		b.at = at
		if n.Range.Start.Byte > at.Start.Byte {
			b.whole.Start = at.Start
		}
		r.blocks = append(r.blocks, &hcl.Block{Type: r.schema.Type, Labels: labels, Body: b, DefRange: at, TypeRange: r.of.NameRange, LabelRanges: ranges})
	default:
		for _, m := range n.Members {
			r.read(m.Value, append(labels[:len(labels):len(labels)], m.Name), append(ranges[:len(ranges):len(ranges)], m.NameRange), m.NameRange)
		}
	}
}

// refuse says what the blocks of the type look like, once.
func (r *blockReader) refuse(n *Node, labels []string) {
	if r.diags != nil {
		return
	}
	called := r.of.Name
	for _, l := range labels {
		called += fmt.Sprintf(" %q", l)
	}
	open, end := `{"`+r.schema.Type+`": {`, "}"
	for _, l := range r.schema.LabelNames {
		open, end = open+`"`+strings.ToUpper(l)+`": {`, end+"}"
	}
	todo := fmt.Sprintf("Write %s … %s}.", open, end)
	if IsYAML(n.in.name) {
		todo = fmt.Sprintf("Write %s, and what is in it indented below.", strings.Join(append([]string{r.schema.Type + ":"}, indented(r.schema.LabelNames)...), " "))
	}
	if len(r.schema.LabelNames) > 0 {
		todo = fmt.Sprintf("A %s block has its %s as a key around it. ", r.schema.Type, strings.Join(r.schema.LabelNames, " and ")) + todo
	}
	r.diags = append(r.diags, diagnose.Mistake(n.Header(), "Not a block", fmt.Sprintf("%s must be a map of attributes, and is %s.", called, n.Kind), todo))
}

func indented(labels []string) []string {
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = strings.ToUpper(l) + ":"
	}
	return out
}
