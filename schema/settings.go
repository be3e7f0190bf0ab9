package schema

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/scope"
)

// settings are the attributes of a relationship, mesh or policy block by name; those of an inner block by its name and theirs: "on_source.edit".
type settings map[string]*scope.Attribute

// inner are the blocks inside a relationship, with their attributes.
var inner = map[string][]string{
	"on_source":      {"edit", "delete"},
	"on_destination": {"edit", "delete"},
	"adopt":          {"on_delete"},
	"window":         {"past", "future", "from", "to", "recurring_past"},
	"guard":          {"max_deletes", "max_edits", "max_adds"},
	"schedule":       {"every"},
}

// shared are the attributes that relationships, meshes and policies have alike.
var shared = []string{"profile", "template", "enabled", "conflict", "existing", "coalesce", "on_unmatched", "on_remove", "filter", "settle", "backup", "labels", "description"}

var (
	relationshipSchema = relationLike([]string{"source", "destination", "for_each", "policy"}, []string{"source", "destination"})
	meshSchema         = relationLike([]string{"folders", "policy"}, nil, "member", "on_leaver")
	policySchema       = relationLike(nil, nil)
	memberSchema       = scope.BodySchema([]string{"folder", "template", "filter"}, []string{"folder"})
	leaverSchema       = scope.BodySchema([]string{"originals"}, []string{"originals"})
)

func relationLike(more, required []string, blocks ...string) *hcl.BodySchema {
	blocks = append(blocks, slices.Sorted(maps.Keys(inner))...)
	s := scope.BodySchema(append(append([]string(nil), more...), shared...), required, blocks...)
	for i, b := range s.Blocks {
		if b.Type == "member" {
			s.Blocks[i].LabelNames = []string{"name"}
		}
	}
	return s
}

// placeOf is what the named attribute may refer to.
func placeOf(name string, at scope.Place) scope.Place {
	if name == "filter" || name == "template" {
		return at | scope.PerItem
	}
	return at
}

// settingsOf reads the attributes and inner blocks of a body.
func (l *loader) settingsOf(content *hcl.BodyContent, at scope.Place) settings {
	s := settings{}
	for name, a := range content.Attributes {
		if name != "policy" && name != "for_each" {
			s[name] = l.Attribute(name, a, placeOf(name, at))
		}
	}
	seen := map[string]hcl.Range{}
	for _, b := range content.Blocks {
		if b.Type == "member" || b.Type == "on_leaver" { // a mesh reads these
			continue
		}
		if first, twice := seen[b.Type]; twice {
			l.DuplicateBlock(b, first)
			continue
		}
		seen[b.Type] = b.DefRange
		names := scope.BodySchema(inner[b.Type], nil)
		own, diags := b.Body.Content(names)
		l.Misfit(diags, names)
		for name, a := range own.Attributes {
			path := b.Type + "." + name
			s[path] = l.Attribute(path, a, at)
		}
		if b.Type == "window" && len(own.Attributes) == 0 && !diags.HasErrors() {
			l.Report(diagnose.Mistake(b.DefRange, "Empty window", "This window has no edge, so it would leave nothing out.", `Write past = "7d", future = "180d", from or to in it, or leave it out.`))
		}
	}
	return s
}

// policyBlock is a policy block: settings that relationships take over.
type policyBlock struct {
	*hcl.Block
	settings settings // nil: not read yet
}

func (l *loader) declarePolicy(b *hcl.Block) {
	address := "policy." + b.Labels[0]
	if first, ok := l.policies[b.Labels[0]]; ok {
		l.Report(diagnose.Mistake(b.DefRange, "Duplicate name", fmt.Sprintf("%s is already declared at %s:%d.", address, first.DefRange.Filename, first.DefRange.Start.Line),
			"Give one of them another name."))
		return
	}
	l.policies[b.Labels[0]] = &policyBlock{Block: b}
}

func (l *loader) policySettings(p *policyBlock) settings {
	if p.settings == nil {
		p.settings = l.settingsOf(l.Content(p.Body, policySchema), 0)
	}
	return p.settings
}

// withPolicy fills in what the block does not say itself from the policy that it names.
func (l *loader) withPolicy(own settings, a *hcl.Attribute) (s settings, ok bool) {
	if a == nil {
		return own, true
	}
	t, diags := hcl.AbsTraversalForExpr(a.Expr)
	if diags.HasErrors() || len(t) != 2 || t.RootName() != "policy" {
		l.Report(diagnose.Mistake(a.Expr.Range(), "Not a policy", "policy must name a policy block.", "Write policy.NAME."))
		return own, false
	}
	label := scope.Step(t[1])
	p := l.policies[label]
	if p == nil {
		var names []string
		for n := range l.policies {
			names = append(names, "policy."+n)
		}
		if !l.Torn {
			l.Report(diagnose.Mistake(a.Expr.Range(), "Unknown reference", fmt.Sprintf("There is no policy.%s in this workspace.", label),
				diagnose.DidYouMean("policy."+label, names, fmt.Sprintf("Declare it: policy %q { … }", label))))
		}
		return own, false
	}
	s = settings{}
	for name, a := range l.policySettings(p) {
		s[name] = a
	}
	for name, a := range own {
		s[name] = a
	}
	return s, true
}

// policies evaluates profile and policies. ok is false when a mistake was reported: nothing is to be concluded from them then.
func (l *loader) policiesOf(s settings, mesh bool, in *scope.Instance) (profile string, p Policies, ok bool) {
	scope.Choose(l.Scope, s["profile"], in, &profile, "one_way", "two_way")
	p = Policies{
		SourceEdit: SourceEditPropagate, SourceDelete: SourceDeletePropagate,
		DestinationEdit: DestinationEditDiscard, DestinationDelete: DestinationDeleteRecopy,
		Conflict: ConflictMerge, Existing: ExistingAdopt, OnUnmatched: UnmatchedDelete, OnRemove: RemoveDelete, AdoptOnDelete: AdoptRelease,
	}
	if profile == "two_way" {
		p.DestinationEdit, p.DestinationDelete = DestinationEditPropagate, DestinationDeletePropagate
	}
	if profile == "two_way" || mesh {
		p.AdoptOnDelete = AdoptDelete
	}
	scope.Choose(l.Scope, s["on_source.edit"], in, &p.SourceEdit, SourceEditPropagate, SourceEditIgnore)
	scope.Choose(l.Scope, s["on_source.delete"], in, &p.SourceDelete, SourceDeletePropagate, SourceDeleteKeep, SourceDeleteMark)
	scope.Choose(l.Scope, s["on_destination.edit"], in, &p.DestinationEdit, DestinationEditDiscard, DestinationEditPreserve, DestinationEditPropagate, DestinationEditKeep)
	scope.Choose(l.Scope, s["on_destination.delete"], in, &p.DestinationDelete, DestinationDeleteRecopy, DestinationDeletePrune, DestinationDeletePropagate, DestinationDeleteMark)
	scope.Choose(l.Scope, s["conflict"], in, &p.Conflict, ConflictMerge, ConflictSource, ConflictDestination, ConflictNewest, ConflictPreserve, ConflictManual)
	scope.Choose(l.Scope, s["existing"], in, &p.Existing, ExistingAdopt, ExistingCopy, ExistingIgnore)
	scope.Choose(l.Scope, s["on_unmatched"], in, &p.OnUnmatched, UnmatchedDelete, UnmatchedFreeze)
	scope.Choose(l.Scope, s["on_remove"], in, &p.OnRemove, RemoveDelete, RemoveRetire, RemoveRelease)
	scope.Choose(l.Scope, s["adopt.on_delete"], in, &p.AdoptOnDelete, AdoptRelease, AdoptDelete)
	var coalesce string
	scope.Choose(l.Scope, s["coalesce"], in, &coalesce, "uid")
	p.Coalesce = coalesce != ""

	ok = profile != ""
	for _, name := range []string{"profile", "on_source.edit", "on_source.delete", "on_destination.edit", "on_destination.delete", "conflict", "existing", "on_unmatched", "on_remove", "adopt.on_delete", "coalesce"} {
		if a := s[name]; a != nil && (a.Bad || a.Broken) {
			ok = false
		}
	}
	return profile, p, ok
}
