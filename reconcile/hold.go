package reconcile

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// hold is why a relationship is left as it is.
type hold struct {
	status plan.Status // "" for one that was not asked for: the plan does not show it
	reason string
}

// holdConfigured holds what the configuration or the request leaves out.
func (p *planning) holdConfigured() {
	for rel, e := range p.ends {
		if !p.selected(rel, e) {
			p.holds[rel] = hold{}
		}
	}
	for address, r := range p.specs {
		_, unselected := p.holds[address]
		switch {
		case unselected:
		case !r.Enabled:
			p.holds[address] = hold{plan.Disabled, "enabled = false"}
		case r.Source.Unresolved:
			p.holds[address] = hold{plan.Unresolved, r.Source.UnresolvedBecause()}
		case r.Destination.Unresolved:
			p.holds[address] = hold{plan.Unresolved, r.Destination.UnresolvedBecause()}
		}
	}
	p.holdPaused()
}

// selected reports whether a relationship is one that the request asks for, by its own address or that of a folder.
func (p *planning) selected(address string, e [2]string) bool {
	hit := func(globs []string) bool {
		return slices.ContainsFunc(globs, func(g string) bool {
			return globMatches(g, address) || globMatches(g, e[0]) || globMatches(g, e[1])
		})
	}
	return (len(p.req.Only) == 0 || hit(p.req.Only)) && !hit(p.req.Except)
}

// globMatches matches an address against a glob; a block's address stands for all its instances, and a folder's for its partitions.
func globMatches(glob, address string) bool {
	// A star in a key stands for slashes too, and a shell may have taken the quotes off.
	plain := strings.NewReplacer(`["`, "[", `"]`, "]", "/", "∕")
	glob, address = plain.Replace(glob), plain.Replace(address)
	if glob == address || strings.HasPrefix(address, glob+"[") || strings.HasPrefix(glob, "folder.") && strings.HasPrefix(address, glob+".partition[") {
		return true
	}
	// Addresses hold brackets, which path.Match would take for character classes.
	escape := strings.NewReplacer("[", "\\[", "]", "\\]")
	ok, err := path.Match(escape.Replace(glob), address)
	return err == nil && ok
}

// alerts holds the relationships that cannot do their work.
func (p *planning) alerts() {
	for address, e := range p.ends {
		if _, held := p.holds[address]; held {
			continue
		}
		names := e[:]
		if r := p.specs[address]; r != nil && (r.Source.Address != e[0] || r.Destination.Address != e[1]) {
			names = append(names, r.Source.Address, r.Destination.Address) // it is replaced: all four have a part in it
		}
		for i, name := range names {
			f, side := p.folders[name], i%2
			switch {
			case f.trouble != nil && side == 0 && (p.rehomes[address] || f.spec == nil): // what a source that left holds by now does not matter
			case f.trouble != nil:
				p.holds[address] = hold{plan.Alert, fmt.Sprintf("%s: %v", name, f.trouble)}
				p.faults[address] = &plan.Fault{Folder: name, Cause: string(providers.ClassOf(f.trouble))}
			case f.partial != "" && side == 1:
				p.holds[address] = hold{plan.Alert, fmt.Sprintf("%s could be read only in part: %s", name, f.partial)}
				p.faults[address] = &plan.Fault{Folder: name, Cause: plan.FaultPartial}
			case p.suddenlyEmpty(address, f, side):
				p.holds[address] = hold{plan.Alert, fmt.Sprintf("%s is suddenly empty: it held %d items. Nothing is deleted for that. To allow it: %s",
					name, f.view.before, override("deletes", address, p.census.pairs[address]))}
				p.faults[address] = &plan.Fault{Folder: name, Cause: plan.FaultEmpty}
			case f.partial != "":
				p.e.note(plan.Diagnostic{Severity: "warning", Address: name, Summary: "A folder could be read only in part",
					Detail: f.partial + ". What was not seen is left alone."})
			}
		}
	}
}

// suddenlyEmpty reports whether a folder that held items reads as empty, where that would mean deletes. A guard that is written down decides for itself.
func (p *planning) suddenlyEmpty(address string, f *folder, side int) bool {
	r := p.specs[address]
	if f.view == nil || f.missing || f.view.total > 0 || f.view.before < 2 || p.census.pairs[address] == p.remaking[address] || r == nil || r.Guard.MaxDeletes.Set {
		return false
	}
	if side == 1 && (r.Policies.DestinationDelete == schema.DestinationDeleteRecopy) {
		return false
	}
	return !allowances{given: p.req.Allow}.cover("deletes", address, p.census.pairs[address])
}

// keysOf are the for_each keys that a relationship stands for: of an edge of a mesh, its two members.
func keysOf(block, key string) []string {
	if strings.HasPrefix(block, "mesh.") {
		return strings.Split(key, "/")
	}
	return []string{key}
}

func belong(m map[string]map[string]bool, block, key string) {
	if m[block] == nil {
		m[block] = map[string]bool{}
	}
	m[block][key] = true
}

// removedOnPurpose reports whether a `removed` block names a relationship that left.
func (p *planning) removedOnPurpose(r state.Relationship) bool {
	return slices.ContainsFunc(p.e.ws.Removed, func(x schema.Removed) bool { return x.From == r.Address || x.From == r.Block })
}

// leavers finds the for_each keys that left their block, and holds them when they are too many.
func (p *planning) leavers() error {
	blocks := map[string]bool{}
	for _, b := range p.e.ws.Blocks {
		blocks[b.Address] = b.Keys != nil
	}
	recorded, stay := map[string]map[string]bool{}, map[string]map[string]bool{}
	for _, r := range p.specs {
		for _, key := range keysOf(r.Block, r.Key) {
			belong(stay, r.Block, key)
		}
	}
	for _, r := range p.recorded {
		switch {
		case p.specs[r.Address] != nil && !p.req.Destroy:
		case p.req.Destroy, p.removedOnPurpose(r):
			p.census.agreed[r.Address] = true
		case blocks[r.Block]:
			p.census.agreed[r.Address] = true
			p.census.leavers[r.Block] = append(p.census.leavers[r.Block], r.Address)
		}
		for _, key := range keysOf(r.Block, r.Key) {
			belong(recorded, r.Block, key)
		}
	}
	for block, keys := range recorded {
		p.census.keys[block] = len(keys)
		for key := range keys {
			if !stay[block][key] {
				p.census.left[block]++
			}
		}
	}
	for address, why := range p.e.guardLeavers(p.census, p.req.Allow) {
		if h := p.holds[address]; h.status != plan.Paused && h.status != plan.Blocked { // too few rows say more
			p.holds[address] = hold{plan.Blocked, why}
		}
	}
	return nil
}
