package scope

import (
	"fmt"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/accord-sync/accord/schema/diagnose"
)

// name is one thing that expressions refer to: var.x, local.x, provider.d.x, folder.x, template.x. Its value is found when it is first asked for.
// The value is unknown when a mistake in it was reported: whoever depends on it stays silent.
type name struct {
	address  string
	declared hcl.Range
	find     func() cty.Value
	visit    visit
	value    cty.Value
}

type visit int

const (
	fresh visit = iota
	busy
	done
)

// Declare makes a name known. A second one of the same address is a mistake.
func (sc *Scope) Declare(address string, at hcl.Range, find func() cty.Value) {
	if first, ok := sc.names[address]; ok {
		sc.Report(diagnose.Mistake(at, "Duplicate name", fmt.Sprintf("%s is already declared at %s:%d.", address, first.declared.Filename, first.declared.Start.Line),
			"Give one of them another name."))
		return
	}
	sc.names[address] = &name{address: address, declared: at, find: find}
}

// value finds the value of a declared name. Asked for while it is being found, it is a cycle.
func (sc *Scope) value(n *name) cty.Value {
	switch n.visit {
	case busy:
		path := []string{n.address}
		for i := len(sc.visiting) - 1; i >= 0; i-- {
			path = append([]string{sc.visiting[i].address}, path...)
			if sc.visiting[i] == n {
				break
			}
		}
		sc.Report(diagnose.Mistake(n.declared, "Reference cycle", strings.Join(path, " → ")+": each needs the value of the next.",
			"Write one of them without the others."))
		return cty.DynamicVal
	case fresh:
		n.visit = busy
		sc.visiting = append(sc.visiting, n)
		n.value = n.find()
		sc.visiting = sc.visiting[:len(sc.visiting)-1]
		n.visit = done
	}
	return n.value
}

// Addresses are those declared names that begin with prefix.
func (sc *Scope) Addresses(prefix string) []string {
	var found []string
	for a := range sc.names {
		if strings.HasPrefix(a, prefix) {
			found = append(found, a)
		}
	}
	sort.Strings(found)
	return found
}

// Declared reports whether a name is known.
func (sc *Scope) Declared(address string) bool { return sc.names[address] != nil }

// FindAll finds the value of every name, so that the mistakes in those are reported which nothing refers to.
func (sc *Scope) FindAll() {
	for _, address := range sc.Addresses("") {
		sc.value(sc.names[address])
	}
}
