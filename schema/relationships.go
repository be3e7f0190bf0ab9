package schema

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/amount"
	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/functions"
	"github.com/accord-sync/accord/schema/scope"
)

// relationshipBlock is a relationship or mesh block before expansion.
type relationshipBlock struct {
	*hcl.Block
	address     string
	mesh        bool
	own         settings // as written in the block
	settings    settings // own, over those of its policy
	policyKnown bool     // the policy that it names is there, or it names none
	sound       bool     // its policies are as written: conclusions may be drawn from them
	made        []*Relationship
}

func (l *loader) declareRelationship(b *hcl.Block) {
	address := b.Type + "." + b.Labels[0]
	if other, ok := l.byAddress[address]; ok {
		l.Report(diagnose.Mistake(b.DefRange, "Duplicate name", fmt.Sprintf("%s is already declared at %s:%d.", address, other.DefRange.Filename, other.DefRange.Start.Line),
			"Give one of them another name."))
		return
	}
	block := &relationshipBlock{Block: b, address: address, mesh: b.Type == "mesh"}
	l.byAddress[address] = block
	l.blocks = append(l.blocks, block)
}

// expand makes relationships of all relationship and mesh blocks, and reads the policies that none of them uses.
func (l *loader) expand() {
	for _, b := range l.blocks {
		if b.mesh {
			l.expandMesh(b)
		} else {
			l.expandRelationship(b)
		}
		l.workspace.Relations = append(l.workspace.Relations, b.made...)
	}
	for _, name := range slices.Sorted(maps.Keys(l.policies)) {
		p := l.policies[name]
		if unused := p.settings == nil; unused {
			s := l.policySettings(p)
			for _, a := range s {
				if !a.PerItem() {
					l.Evaluate(a.Expression, nil)
				}
			}
			l.policiesOf(s, false, nil)
			l.timing(s, nil, &Relationship{})
		}
	}
}

func (l *loader) expandRelationship(b *relationshipBlock) {
	content := l.Content(b.Body, relationshipSchema)
	l.settle(b, content, placeIn(content.Attributes))
	found, ok := l.Instances(content.Attributes["for_each"])
	if !ok {
		l.profile(b)
		return
	}
	block := &Block{Address: b.address}
	if content.Attributes["for_each"] != nil {
		block.Keys = []string{} // also when nobody is there: then all left
	}
	for i, in := range found {
		if in.Keyed {
			block.Keys = append(block.Keys, in.Key)
		}
		source := l.folderOf(b.settings["source"], in)
		destination := l.folderOf(b.settings["destination"], in)
		if r := l.relationship(b, in, b.address+in.Suffix(), in.Key, i == 0, source, destination, b.settings["template"], b.settings["filter"]); r != nil {
			r.at = b.where("destination")
			b.made = append(b.made, r)
		}
	}
	if len(found) == 0 {
		l.profile(b)
	}
	l.workspace.Blocks = append(l.workspace.Blocks, block)
}

// settle finds the settings of a block: its own, and those of its policy.
func (l *loader) settle(b *relationshipBlock, content *hcl.BodyContent, at scope.Place) {
	b.own = l.settingsOf(content, at)
	b.settings, b.policyKnown = l.withPolicy(b.own, content.Attributes["policy"])
	b.sound = b.policyKnown
}

// profile reports a block without one.
func (l *loader) profile(b *relationshipBlock) {
	a := b.settings["profile"]
	if a != nil && (a.Bad || a.Broken || !l.Evaluate(a.Expression, nil).IsNull()) {
		return
	}
	if b.policyKnown {
		l.Report(diagnose.Mistake(b.DefRange, scope.MissingProfile, fmt.Sprintf("%s does not say which way items flow.", b.address), fmt.Sprintf("Write %s or %s.", scope.Setting("profile", `"one_way"`, b.DefRange.Filename), scope.Setting("profile", `"two_way"`, b.DefRange.Filename))))
	}
}

// relationship makes one relationship, or nil when one of its ends is not known. What is the same for every instance is looked at in the first.
func (l *loader) relationship(b *relationshipBlock, in *scope.Instance, address, key string, first bool, source, destination *Folder, template, filter *scope.Attribute) *Relationship {
	s := b.settings
	r := &Relationship{Address: address, Block: b.address, Key: key, Source: source, Destination: destination, Range: b.DefRange, each: in.Each}
	var ok bool
	r.Profile, r.Policies, ok = l.policiesOf(s, b.mesh, in)
	b.sound = b.sound && ok
	r.Enabled = l.Boolean(s["enabled"], in, true)
	r.Backup = l.Boolean(s["backup"], in, l.workspace.Backup)
	r.Labels = l.TextMap(s["labels"], in)
	l.Text(s["description"], in)
	r.Guard = Guard{MaxAdds: amount.LimitOf(l.Scope, s["guard.max_adds"], in), MaxEdits: amount.LimitOf(l.Scope, s["guard.max_edits"], in), MaxDeletes: amount.LimitOf(l.Scope, s["guard.max_deletes"], in)}
	l.timing(s, in, r)
	if first {
		l.profile(b)
	}
	if source == nil && destination == nil {
		return nil
	}
	kind := cmp.Or(source, destination).Config.Kind
	r.Template = l.templates.Template(b.address, template, in, kind)
	r.Filter = l.templates.Filter(filter, in, kind)
	if source == nil || destination == nil {
		return nil
	}
	r.misfiltered = filter != nil && r.Filter == nil
	r.Fingerprint = r.fingerprint()
	if !r.readsEach() {
		r.each = cty.NilVal
	}
	return r
}

// readsEach reports whether filter or template need the instance's key or value.
func (r *Relationship) readsEach() bool {
	reads := false
	look := func(e *scope.Expression) { reads = reads || e.Each }
	if r.Filter != nil {
		r.Filter.Walk(look)
	}
	if r.Template != nil {
		r.Template.Walk(look)
	}
	return reads
}

// folderOf is the folder that an attribute refers to, or nil when a mistake was reported.
func (l *loader) folderOf(a *scope.Attribute, in *scope.Instance) *Folder {
	if a == nil {
		return nil
	}
	return l.folderIn(l.Evaluate(a.Expression, in), a, in)
}

func (l *loader) folderIn(v cty.Value, a *scope.Attribute, in *scope.Instance) *Folder {
	v = l.Dereference(v, a.Range(), in)
	const todo = `Write folder.NAME, or folder.NAME["key"] when that has for_each.`
	switch {
	case !v.IsKnown():
		return nil
	case v.IsNull():
		l.Refuse(a, "Not a folder", a.Name+" is null.", todo)
		return nil
	case !v.Type().Equals(l.folderAs):
		cause := fmt.Sprintf("%s must be one folder.", a.Name)
		if a.Name == "folders" {
			cause = "An element of folders is no folder."
		}
		if v.Type().IsMapType() {
			cause = fmt.Sprintf("%s must be one folder, and this is a block with for_each: several.", a.Name)
		}
		l.Refuse(a, "Not a folder", cause, l.meant(v, "folder", todo))
		return nil
	}
	address, _ := scope.AsString(functions.Plain(v.GetAttr("address")))
	return l.folders[address]
}
