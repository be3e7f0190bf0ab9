package schema

import (
	"cmp"
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
	"github.com/accord-sync/accord/schema/scope"
)

// member is one folder of a mesh. Its template and filter are for what leaves its folder.
type member struct {
	name             string
	folder           *Folder
	template, filter *scope.Attribute
	at               hcl.Range
}

// expandMesh makes one relationship for every ordered pair of members: mesh.NAME["a/b"] from a to b.
func (l *loader) expandMesh(b *relationshipBlock) {
	content := l.Content(b.Body, meshSchema)
	l.settle(b, content, 0)
	members, ok := l.members(b, content)
	block := &Block{Address: b.address, Keys: []string{}, OnLeaver: l.onLeaver(content)}
	for _, m := range members {
		block.Keys = append(block.Keys, m.name)
	}
	if !ok || len(members) < 2 {
		l.profile(b)
	}
	if ok && len(members) < 2 && !l.Miswritten("member") {
		l.Report(diagnose.Warning(b.DefRange, "Mesh of one", fmt.Sprintf("%s has fewer than two members: nothing is copied.", b.address), "Name at least two folders."))
	}
	first := true
	for _, from := range members {
		for _, to := range members {
			if from == to {
				continue
			}
			template, filter := b.settings["template"], b.settings["filter"]
			if from.template != nil {
				template = from.template
			}
			if from.filter != nil {
				filter = from.filter
			}
			key := from.name + "/" + to.name
			if r := l.relationship(b, &scope.Instance{}, b.address+"["+scope.Quote(key)+"]", key, first, from.folder, to.folder, template, filter); r != nil {
				r.at = to.at
				b.made = append(b.made, r)
			}
			first = false
		}
	}
	if block.OnLeaver == LeaverRelease && len(b.made) > 0 && b.sound && b.made[0].Policies.Existing != ExistingAdopt {
		l.Report(diagnose.Warning(content.Blocks.OfType("on_leaver")[0].DefRange, "Released items are copied",
			fmt.Sprintf("When a member leaves %s, its items become ordinary ones in every folder, and with existing = %q each is copied to all the others.", b.address, b.made[0].Policies.Existing),
			`Use existing = "adopt", by which they are found to be the same, or on_leaver { originals = "rehome" }.`))
	}
	l.workspace.Blocks = append(l.workspace.Blocks, block)
}

// onLeaver reads what becomes of the items of a member that leaves.
func (l *loader) onLeaver(content *hcl.BodyContent) (originals OnLeaver) {
	blocks := content.Blocks.OfType("on_leaver")
	for i, b := range blocks {
		if i > 0 {
			l.DuplicateBlock(b, blocks[0].DefRange)
			continue
		}
		if a := l.Content(b.Body, leaverSchema).Attributes["originals"]; a != nil {
			scope.Choose(l.Scope, l.Attribute("on_leaver.originals", a, 0), nil, &originals, LeaverRehome, LeaverDelete, LeaverRelease)
		}
	}
	return originals
}

// members lists a mesh's members by name: those of folders, and the member blocks.
func (l *loader) members(b *relationshipBlock, content *hcl.BodyContent) (members []*member, ok bool) {
	ok = true
	if a := b.settings["folders"]; a != nil {
		v := l.Dereference(l.Evaluate(a.Expression, nil), a.Range(), nil)
		members, ok = l.memberList(v, a)
	}
	blocks := content.Blocks.OfType("member")
	for _, m := range blocks {
		body := l.Content(m.Body, memberSchema)
		attrs := map[string]*scope.Attribute{}
		for name, a := range body.Attributes {
			attrs[name] = l.Attribute(name, a, placeOf(name, 0))
		}
		folder := l.folderOf(attrs["folder"], nil)
		if folder == nil {
			ok = false
			continue
		}
		members = append(members, &member{m.Labels[0], folder, attrs["template"], attrs["filter"], m.DefRange})
	}
	if b.settings["folders"] == nil && len(blocks) == 0 && l.Miswritten("member") {
		return nil, false
	}
	if b.settings["folders"] == nil && len(blocks) == 0 {
		l.Report(diagnose.Mistake(b.DefRange, "Mesh without folders", fmt.Sprintf("%s names no folder.", b.address), `Write folders = [folder.a, folder.b], or member "a" { folder = … } blocks.`))
		return nil, false
	}
	sort.SliceStable(members, func(i, j int) bool { return members[i].name < members[j].name })
	var distinct []*member
	for i, m := range members {
		if strings.Contains(m.name, "/") {
			l.Report(diagnose.Mistake(m.at, "Invalid member name", fmt.Sprintf("A member of %s is called %q, and / stands between two members in the address of an edge.", b.address, m.name), `Name it: member "a" { folder = … }.`))
			ok = false
			continue
		}
		if i > 0 && members[i-1].name == m.name {
			advice := `Leave one of them out, or name them: member "NAME" { folder = … }.`
			l.Report(diagnose.Mistake(m.at, "Duplicate member", fmt.Sprintf("Two members of %s are called %q.", b.address, m.name), advice))
			ok = false
			continue
		}
		distinct = append(distinct, m)
	}
	return distinct, ok
}

// memberList reads the folders attribute: a list, set or map of folders. A member is called as its folder's key, else as its block.
func (l *loader) memberList(v cty.Value, a *scope.Attribute) (members []*member, ok bool) {
	if !v.IsKnown() {
		return nil, false
	}
	t := v.Type()
	if v.IsNull() || t.Equals(l.folderAs) || !(t.IsTupleType() || t.IsListType() || t.IsSetType() || t.IsMapType() || t.IsObjectType()) {
		l.Refuse(a, "Not folders", "folders must be a list of folders.", "Write [folder.a, folder.b], or folder.NAME when that has for_each.")
		return nil, false
	}
	ok = true
	written, diags := hcl.ExprList(a.Expression.Expression)
	for it, i := v.ElementIterator(), 0; it.Next(); i++ {
		_, element := it.Element()
		folder := l.folderIn(element, a, nil)
		if folder == nil {
			ok = false
			continue
		}
		at := a.Range()
		if t.IsTupleType() && !diags.HasErrors() && i < len(written) {
			at = written[i].Range()
		}
		members = append(members, &member{name: cmp.Or(folder.key, folder.name), folder: folder, at: at})
	}
	return members, ok
}
