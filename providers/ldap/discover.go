package ldap

import (
	"context"
	"maps"
	"slices"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Discover lists the entries that have people right below them.
func (p *provider) Discover(ctx context.Context) ([]providers.Discovered, error) {
	people := map[string]int{}
	err := p.with(ctx, func(s *session) error {
		return s.find(ctx, query{block: p.config.Address, scope: goldap.ScopeWholeSubtree}, []string{nothing}, func(e *entry) error {
			people[parent(e.dn)]++
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	var found []providers.Discovered
	for _, dn := range slices.Sorted(maps.Keys(people)) {
		found = append(found, providers.Discovered{
			Name: nameOf(dn), Kind: pim.Contacts, ReadOnly: true, Items: people[dn], Attributes: providers.Attributes{"search_base": dn, "scope": "one"},
		})
	}
	return found, nil
}

// parent is the DN of the entry above.
func parent(dn string) string {
	for i := 0; i < len(dn); i++ {
		switch dn[i] {
		case '\\':
			i++
		case ',':
			return strings.TrimSpace(dn[i+1:])
		}
	}
	return ""
}

// nameOf is the value that names an entry among its neighbours.
func nameOf(dn string) string {
	d, err := goldap.ParseDN(dn)
	if err != nil || len(d.RDNs) == 0 || len(d.RDNs[0].Attributes) == 0 {
		return dn
	}
	return d.RDNs[0].Attributes[0].Value
}
