package schema

import (
	"cmp"
	"fmt"
	"sort"

	"github.com/hashicorp/hcl/v2"

	"github.com/accord-sync/accord/schema/diagnose"
)

// check looks at the expanded workspace as a whole. It runs with mistakes reported already, on what is left.
func (l *loader) check() {
	l.checkUnlocated()
	l.checkLocations()
	for _, b := range l.blocks {
		for _, r := range b.made {
			l.checkEnds(b, r)
			l.checkWindow(b, r)
			if b.sound {
				l.checkPolicies(b, r)
				l.checkTemplate(b, r)
			}
		}
	}
	l.checkTwins()
	l.checkLone()
	l.checkShared()
}

// where is the range of the first of the named settings that is written, else of the block's header.
func (b *relationshipBlock) where(names ...string) hcl.Range {
	for _, name := range names {
		if a := b.settings[name]; a != nil {
			return a.Range()
		}
	}
	return b.DefRange
}

// checkLocations reports two folder blocks on one physical folder.
func (l *loader) checkLocations() {
	folders := append([]*Folder(nil), l.workspace.Folders...)
	sort.Slice(folders, func(i, j int) bool {
		if folders[i].Range == folders[j].Range {
			return folders[i].Address < folders[j].Address
		}
		return diagnose.Before(folders[i].Range, folders[j].Range)
	})
	type place struct{ driver, location string }
	first := map[place]*Folder{}
	for _, f := range folders {
		if f.Unresolved || f.Location == "" {
			continue
		}
		at := place{f.Provider.Driver, f.Location}
		other, taken := first[at]
		switch {
		case taken && f.Range == other.Range:
			f.share(other)
			if !other.Unresolved {
				other.share(f)
			}
			l.Report(diagnose.Warning(f.Range, "Two of a block in one place", fmt.Sprintf("%s and %s are the same folder: %s.", f.Address, other.Address, f.Location), "Nothing is done with either before the rows that they are made of say which of them is meant."))
		case taken:
			l.Report(diagnose.Mistake(f.Range, "Two folders in one place", fmt.Sprintf("%s and %s (%s:%d) are the same folder: %s.", f.Address, other.Address, other.Range.Filename, other.Range.Start.Line, f.Location),
				fmt.Sprintf("Keep one of them, and refer to it wherever the other is used; or correct where %s is.", f.Address)))
		default:
			first[at] = f
		}
	}
}

// share says that two folders of a block are in one place. Whose it is cannot be told.
func (f *Folder) share(other *Folder) {
	f.Unresolved, f.because = true, fmt.Sprintf("%s and %s have the same address: correct the rows that they are made of", f.Address, other.Address)
}

// UnresolvedBecause says why nobody is to touch an unresolved folder.
func (f *Folder) UnresolvedBecause() string { return cmp.Or(f.because, f.Address+" has no address") }

// checkUnlocated tells of folders whose driver does not understand where they are. Where it understands others of their block, a row is wrong, and nobody else has to
// wait for that.
func (l *loader) checkUnlocated() {
	located := map[hcl.Range]bool{}
	for _, f := range l.workspace.Folders {
		if f.Location != "" {
			located[f.Range] = true
		}
	}
	for _, f := range l.unlocated {
		say := diagnose.Mistake
		if located[f.Range] {
			say = diagnose.Warning
		}
		l.Report(say(f.Range, "Folder cannot be located", f.because+".", "Correct the attributes that say where it is."))
	}
}

// checkEnds looks at a relationship's two folders.
func (l *loader) checkEnds(b *relationshipBlock, r *Relationship) {
	s, d := r.Source, r.Destination
	at := r.at
	switch {
	case s == d:
		l.Report(diagnose.Mistake(at, "Source is destination", fmt.Sprintf("%s copies %s into itself.", r.Address, s.Address), "Name another destination, or leave that key out of for_each."))
		return
	case s.Config.Kind != d.Config.Kind && b.mesh && s != b.made[0].Source:
		return // said of the first member already
	case s.Config.Kind != d.Config.Kind:
		l.Report(diagnose.Mistake(at, "Folders of different kinds", fmt.Sprintf("%s joins %s (%s) with %s (%s).", r.Address, s.Address, s.Config.Kind, d.Address, d.Config.Kind), "A relationship joins folders of one kind."))
		return
	}
	if d.ReadOnly {
		l.Report(diagnose.Mistake(at, "Write to a read-only folder", fmt.Sprintf("%s would write to %s, which %s.", r.Address, d.Address, readOnlyBecause(d)), "Choose another destination"+orWritable(d)))
	}
	if !s.ReadOnly || !b.sound || b.mesh {
		return
	}
	var name, value string
	switch p := r.Policies; {
	case p.DestinationEdit == DestinationEditPropagate:
		name, value = "on_destination.edit", string(p.DestinationEdit)
	case p.DestinationDelete == DestinationDeletePropagate || p.DestinationDelete == DestinationDeleteMark:
		name, value = "on_destination.delete", string(p.DestinationDelete)
	default:
		return
	}
	l.Report(diagnose.Mistake(b.where(name, "profile"), "Write to a read-only folder",
		fmt.Sprintf("%s = %q of %s would write to its source %s, which %s.", name, value, r.Address, s.Address, readOnlyBecause(s)),
		`Use profile = "one_way"`+orWritable(s)))
}

func readOnlyBecause(f *Folder) string {
	return cmp.Or(f.cannotWrite, `has access = "read"`)
}

func orWritable(f *Folder) string {
	if f.cannotWrite != "" {
		return "."
	}
	return fmt.Sprintf(", or take access = \"read\" from %s.", f.Address)
}

// checkPolicies reports policies that make no sense together.
func (l *loader) checkPolicies(b *relationshipBlock, r *Relationship) {
	p := r.Policies
	flowsBack := p.DestinationEdit == DestinationEditPropagate || p.DestinationDelete == DestinationDeletePropagate
	if p.Coalesce {
		for _, c := range []struct {
			name, value string
			clashes     bool
		}{
			{"on_destination.edit", string(p.DestinationEdit), p.DestinationEdit == DestinationEditPropagate},
			{"on_destination.delete", string(p.DestinationDelete), p.DestinationDelete == DestinationDeletePropagate || p.DestinationDelete == DestinationDeleteMark},
		} {
			if c.clashes {
				l.Report(diagnose.Mistake(b.where("coalesce"), "Policies exclude each other",
					fmt.Sprintf("coalesce and %s = %q of %s: a replica that several originals share belongs to none of them, so nothing can be written back.", c.name, c.value, b.address),
					fmt.Sprintf("Leave coalesce out, or use another %s.", c.name)))
				break
			}
		}
	}
	if a := b.own["conflict"]; a != nil && p.Conflict != ConflictMerge && !flowsBack { // merge, the default, says nothing new
		l.Report(diagnose.Mistake(a.Range(), "Policies exclude each other",
			fmt.Sprintf("conflict = %q of %s can never apply: with on_destination.edit = %q and on_destination.delete = %q nothing flows back that could be in conflict.", p.Conflict, b.address, p.DestinationEdit, p.DestinationDelete),
			`Leave conflict out, or let changes flow back: profile = "two_way".`))
	}
	if a := b.own["adopt.on_delete"]; a != nil && p.Existing != ExistingAdopt {
		l.Report(diagnose.Warning(a.Range(), "Policy without effect", fmt.Sprintf("adopt.on_delete of %s is about adopted replicas, and with existing = %q none is adopted.", b.address, p.Existing), `Leave it out, or use existing = "adopt".`))
	}
	if b.mesh && (p.DestinationEdit == DestinationEditPreserve || p.Conflict == ConflictPreserve && flowsBack) {
		l.Report(diagnose.Warning(b.where("on_destination.edit", "conflict"), "Preserve in a mesh",
			fmt.Sprintf("Every version that %s sets apart is an original, and is copied to all its folders.", b.address), "Each edit by a person makes one item more in every folder; use another policy if that is not wanted."))
	}
}

// checkTemplate reports fields that are to flow back and cannot.
func (l *loader) checkTemplate(b *relationshipBlock, r *Relationship) {
	if r.Template == nil || r.Policies.DestinationEdit != DestinationEditPropagate {
		return
	}
	if name, field, at, ok := r.Template.Fixed(); ok {
		l.Report(diagnose.Mistake(b.where("template"), "Field cannot flow back",
			fmt.Sprintf("%s lets edits flow back (on_destination.edit = \"propagate\"), and template.%s sets %s (%s:%d): nobody can tell what the original would have to say.", b.address, name, field, at.Filename, at.Start.Line),
			`Use prefix, suffix or swap, which can be undone, or on_destination { edit = "discard" }.`))
	}
}

// checkTwins reports two relationships that copy the same items to the same place.
func (l *loader) checkTwins() {
	type route struct {
		source, destination *Folder
		filter, window      string
	}
	first := map[route]*Relationship{}
	blocks := append([]*relationshipBlock(nil), l.blocks...)
	sort.Slice(blocks, func(i, j int) bool {
		if blocks[i].mesh != blocks[j].mesh {
			return blocks[i].mesh
		}
		return diagnose.Before(blocks[i].DefRange, blocks[j].DefRange)
	})
	for _, b := range blocks {
		for _, r := range b.made {
			if r.Source == r.Destination || r.misfiltered {
				continue
			}
			at := route{r.Source, r.Destination, r.filtered, r.Window.String()}
			other := first[at]
			if other == nil {
				first[at] = r
				continue
			}
			d := diagnose.Mistake(b.where("source", "folders"), "Two relationships for the same items",
				fmt.Sprintf("%s and %s (%s:%d) copy the same items from %s to %s.", r.Address, other.Address, other.Range.Filename, other.Range.Start.Line, r.Source.Address, r.Destination.Address),
				"Keep one of them, or give them filters or windows that differ.")
			if l.byAddress[other.Block].mesh {
				d.Severity = hcl.DiagWarning
			}
			l.Report(d)
		}
	}
}

// checkLone warns of a two_way relationship whose destination's own items are copied nowhere.
func (l *loader) checkLone() {
	type route struct{ source, destination *Folder }
	routes := map[route]bool{}
	for _, r := range l.workspace.Relations {
		routes[route{r.Source, r.Destination}] = true
	}
	for _, b := range l.blocks {
		if b.mesh {
			continue
		}
		for _, r := range b.made {
			if r.Profile == "two_way" && r.Source != r.Destination && !r.Source.ReadOnly && !routes[route{r.Destination, r.Source}] {
				l.Report(diagnose.Warning(b.where("profile"), "Lone two_way",
					fmt.Sprintf("%s carries edits both ways, but items that begin in %s are not copied to %s.", r.Address, r.Destination.Address, r.Source.Address),
					fmt.Sprintf("If both are to hold the same, write a mesh: mesh %q { folders = [%s, %s] … }.", r.blockName(), r.Source.Address, r.Destination.Address)))
			}
		}
	}
}

// finish sorts the workspace's lists and takes its fingerprint.
func (l *loader) finish() {
	w := l.workspace
	sort.Slice(w.Providers, func(i, j int) bool { return w.Providers[i].Address < w.Providers[j].Address })
	sort.Slice(w.Folders, func(i, j int) bool { return w.Folders[i].Address < w.Folders[j].Address })
	w.Data, w.Unasked = l.rosters.Found()
	sort.Slice(w.Blocks, func(i, j int) bool { return w.Blocks[i].Address < w.Blocks[j].Address })
	sort.Slice(w.Relations, func(i, j int) bool { return w.Relations[i].Address < w.Relations[j].Address })
	sort.Slice(w.Moved, func(i, j int) bool { return w.Moved[i].From < w.Moved[j].From })
	sort.Slice(w.Removed, func(i, j int) bool { return w.Removed[i].From < w.Removed[j].From })
	w.Fingerprint = w.fingerprint()
}

// expanded is every address that is in the configuration: blocks and their instances.
func (l *loader) expanded() map[string]bool {
	there := map[string]bool{}
	for _, b := range l.blocks {
		there[b.address] = true
		for _, r := range b.made {
			there[r.Address] = true
		}
	}
	for _, address := range l.Addresses("folder.") {
		there[address] = true
	}
	for address := range l.folders {
		there[address] = true
	}
	return there
}
