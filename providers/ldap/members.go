package ldap

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
)

// selected are the entries that a block is about, out of those that its filter finds.
type selected struct {
	excluded map[string]bool // canonical DNs
	members  *members        // nil: membership does not matter
}

// choose asks who is excluded and who is a member. Exclusions are searched for, and not a part of the filter: not to match what the directory cannot tell is
// again what it cannot tell (RFC 4511 section 4.5.1.7), and nobody would be found.
func (s *session) choose(ctx context.Context, q query, known *server) (*selected, error) {
	chosen := &selected{excluded: map[string]bool{}}
	if len(q.exclude) > 0 {
		err := s.search(ctx, q.base, q.scope, and(q.filter, or(q.exclude...)), []string{nothing}, func(e *entry) error {
			chosen.excluded[canonical(e.dn)] = true
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(q.memberOf) == 0 {
		return chosen, nil
	}
	var err error
	chosen.members, err = s.membersOf(ctx, q.memberOf, known)
	return chosen, err
}

// has reports whether the block is about an entry that its filter finds.
func (c *selected) has(e *entry) bool {
	if c.members == nil && len(c.excluded) == 0 {
		return true
	}
	dn := canonical(e.dn)
	return !c.excluded[dn] && (c.members == nil || c.members.dns[dn] || slices.ContainsFunc(e.texts("uid"), func(uid string) bool { return c.members.uids[uid] }))
}

// members are who is in groups.
type members struct {
	dns  map[string]bool // canonical
	uids map[string]bool // of RFC 2307, which names members by uid
}

// memberAttributes are what groups name their members in: RFC 4519 sections 2.17 and 2.40, RFC 2307 section 2.2.
var memberAttributes = []string{"member", "uniqueMember", "memberUid"}

// membersOf are the members of groups and of the groups inside of them. A group that is in itself, by whatever way, is read once.
func (s *session) membersOf(ctx context.Context, groups []string, known *server) (*members, error) {
	inner := nested{groups: map[string]string{}, searched: map[string]bool{}}
	found := &members{dns: map[string]bool{}, uids: map[string]bool{}}
	read := map[string]bool{}
	for todo := groups; len(todo) > 0; {
		dn := todo[0]
		todo = todo[1:]
		if read[canonical(dn)] {
			continue
		}
		read[canonical(dn)] = true
		if err := inner.search(ctx, s, cmp.Or(known.in(dn), parent(dn))); err != nil {
			return nil, err
		}
		group, err := s.read(ctx, dn, append([]string{"objectClass"}, memberAttributes...)...)
		if err != nil {
			return nil, err
		}
		if group.hidesMembers() {
			return nil, providers.Classed(providers.Refused, fmt.Errorf("ldap: read the members of %q: every group of its kind has one, and the account sees none: ask for access to member and uniqueMember", dn))
		}
		for _, uid := range group.texts("memberUid") {
			found.uids[uid] = true
		}
		direct := group.texts("member")
		for _, name := range group.texts("uniqueMember") {
			direct = append(direct, withoutIdentifier(name))
		}
		for _, member := range direct {
			key := canonical(member)
			found.dns[key] = true
			if inside, ok := inner.groups[key]; ok {
				todo = append(todo, inside)
			} else if address := inner.at(member); address != "" && !s.provider.settings.ignoreReferrals {
				return nil, providers.Classed(providers.Refused, fmt.Errorf("ldap: read the members of %q: %q is at %s, and may be a group: write the address of a server that has it too, or ignore_referrals = true to take it for nobody", dn, member, short(address)))
			}
		}
	}
	return found, nil
}

// hidesMembers reports whether a group shows no member though its kind must have one (RFC 4519 sections 3.5 and 3.6): the account may not see them.
func (e *entry) hidesMembers() bool {
	must := slices.ContainsFunc(e.texts("objectClass"), func(class string) bool {
		return strings.EqualFold(class, "groupOfNames") || strings.EqualFold(class, "groupOfUniqueNames")
	})
	return must && !slices.ContainsFunc(memberAttributes, func(name string) bool { return e.first(name) != nil })
}

// nested is which entries are groups, and may be inside of others.
type nested struct {
	groups    map[string]string // DNs by canonical DN
	searched  map[string]bool   // trees
	elsewhere []string          // addresses of what was not
}

// search finds the groups of a tree, once.
func (n *nested) search(ctx context.Context, s *session, tree string) error {
	if n.searched[tree] {
		return nil
	}
	n.searched[tree] = true
	filter := or("(objectClass=group)", "(objectClass=groupOfNames)", "(objectClass=groupOfUniqueNames)", "(objectClass=groupOfMembers)")
	return s.pages(ctx, tree, goldap.ScopeWholeSubtree, filter, []string{nothing}, func(e *entry) error {
		n.groups[canonical(e.dn)] = e.dn
		return nil
	}, func(_, address string) error {
		n.elsewhere = append(n.elsewhere, address)
		return nil
	})
}

// at is the address of the other server that has an entry; "": none is known to.
func (n *nested) at(dn string) string {
	for _, address := range n.elsewhere {
		if below(dn, treeOf(address)) {
			return address
		}
	}
	return ""
}

// withoutIdentifier is the DN of a name with an optional unique identifier (RFC 4517 section 3.3.21): cn=alice,dc=example#'0101'B.
func withoutIdentifier(name string) string {
	if i := strings.LastIndex(name, "#'"); i >= 0 && strings.HasSuffix(name, "'B") {
		return name[:i]
	}
	return name
}
