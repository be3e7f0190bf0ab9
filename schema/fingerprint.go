package schema

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"sort"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/functions"
)

// hasher hashes parts, each with its length, so that no two lists of parts are alike.
type hasher struct {
	hash.Hash
	part []byte
}

func newHasher() *hasher { return &hasher{Hash: sha256.New()} }

func (h *hasher) add(parts ...string) {
	for _, p := range parts {
		h.part = append(strconv.AppendInt(h.part[:0], int64(len(p)), 10), ':')
		h.part = append(h.part, p...)
		h.Write(h.part)
	}
}

// sum is the first 128 bits: enough to tell configurations apart.
func (h *hasher) sum() string { return hex.EncodeToString(h.Sum(nil)[:16]) }

// value hashes a value. What is sensitive or ephemeral counts as absent.
func (h *hasher) value(v cty.Value) {
	if v == cty.NilVal || v.HasMark(functions.Sensitive) || v.HasMark(functions.Ephemeral) {
		h.add("-")
		return
	}
	v, _ = v.Unmark()
	switch t := v.Type(); {
	case !v.IsKnown() || v.IsNull():
		h.add("null")
	case t == cty.String:
		h.add("s", v.AsString())
	case t == cty.Number:
		h.add("n", v.AsBigFloat().Text('g', -1))
	case t == cty.Bool:
		h.add("b", strconv.FormatBool(v.True()))
	case t == templateAs:
		h.add("template", v.EncapsulatedValue().(*Template).digest)
	case t == providerAs:
		h.add("provider", v.EncapsulatedValue().(*Provider).Address)
	case t.IsObjectType():
		for _, name := range sortedKeys(t.AttributeTypes()) {
			h.add("k", name)
			h.value(v.GetAttr(name))
		}
		h.add("end")
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			key, element := it.Element()
			if !t.IsSetType() {
				h.value(key)
			}
			h.value(element)
		}
		h.add("end")
	}
}

// tokens is source text without what only looks: comments, line breaks, indentation.
func tokens(text []byte) string {
	list, diags := hclsyntax.LexExpression(text, "", hcl.InitialPos)
	if diags.HasErrors() {
		return string(text)
	}
	var b strings.Builder
	for _, t := range list {
		if t.Type != hclsyntax.TokenComment && t.Type != hclsyntax.TokenNewline {
			b.Write(t.Bytes)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// digest covers an expression's text and the values of the names in it. It is found once.
func (l *loader) digest(e *expression) string {
	if e.digested == "" {
		h := newHasher()
		h.add(tokens(l.src.Text(e.Range())))
		for _, n := range e.names {
			h.add(n.address)
			h.value(n.value)
		}
		e.digested = h.sum()
	}
	return e.digested
}

// fingerprint covers what decides the relationship's replicas: template, filter, and what they say about this instance.
func (r *Relationship) fingerprint() string {
	r.filtered = r.filterPrint()
	if r.Filter == nil && r.Template == nil {
		return ""
	}
	h := newHasher()
	h.add("filter", r.filtered)
	if r.Template != nil {
		h.add("template", r.Template.digest)
		r.Template.walk(func(e *expression) { h.context(r, e) })
	}
	return h.sum()
}

// filterPrint covers the filter alone; "" without one.
func (r *Relationship) filterPrint() string {
	if r.Filter == nil {
		return ""
	}
	h := newHasher()
	h.add(r.Filter.expr.digested)
	h.context(r, r.Filter.expr)
	return h.sum()
}

// context hashes what an expression sees of a relationship.
func (h *hasher) context(r *Relationship, e *expression) {
	if e.each {
		h.value(r.each)
	}
	if e.context["source"] {
		h.value(r.Source.value())
	}
	if e.context["destination"] {
		h.value(r.Destination.value())
	}
	if e.context["relationship"] {
		h.add(r.Address, r.Key, r.Profile)
		h.value(ctyValue(r.Labels, cty.Map(cty.String)))
	}
}

// fingerprint covers all that decides what a plan says. Lists are sorted when it is called.
func (w *Workspace) fingerprint() string {
	h := newHasher()
	h.add("1", w.Name, fmt.Sprintf("%v", w.Guard))
	for _, p := range w.Providers {
		h.add("provider", p.Address, p.Driver)
		h.attributes(p.shown)
	}
	for _, f := range w.Folders {
		h.add("folder", f.Address, f.Provider.Address, string(f.Config.Kind), f.Location, fmt.Sprint(f.ReadOnly, f.Create, f.Unresolved), f.Zone.String())
		h.attributes(f.shown)
	}
	for _, r := range w.Relations {
		h.add("relationship", r.Address, r.Source.Address, r.Destination.Address, r.Profile, r.Fingerprint)
		h.add(fmt.Sprintf("%t %v %v %v", r.Enabled, r.Policies, r.Guard, r.Settle))
	}
	for _, m := range w.Moved {
		h.add("moved", m.From, m.To)
	}
	for _, r := range w.Removed {
		h.add("removed", r.From, string(r.OnRemove))
	}
	return h.sum()
}

func (h *hasher) attributes(a providers.Attributes) {
	for _, name := range sortedKeys(a) {
		h.add(name, fmt.Sprintf("%#v", sorted(a[name])))
	}
	h.add("end")
}

// sorted gives a map a form that prints the same every time.
func sorted(v any) any {
	m, ok := v.(map[string]string)
	if !ok {
		return v
	}
	list := make([]string, 0, len(m))
	for k, e := range m {
		list = append(list, k+"="+e)
	}
	sort.Strings(list)
	return list
}
