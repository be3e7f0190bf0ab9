package ldap

import (
	"context"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"
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
	if q.memberOf == nil {
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
	return !c.excluded[dn] && (c.members == nil || c.members.dns[dn] || c.members.uids[e.text("uid")])
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
	inner := map[string]string{} // by canonical DN: those that may be inside of others
	searched := map[string]bool{}
	found := &members{dns: map[string]bool{}, uids: map[string]bool{}}
	read := map[string]bool{}
	for todo := groups; len(todo) > 0; {
		dn := todo[0]
		todo = todo[1:]
		if read[canonical(dn)] {
			continue
		}
		read[canonical(dn)] = true
		if tree := known.in(dn); !searched[tree] {
			searched[tree] = true
			if err := s.groups(ctx, tree, inner); err != nil {
				return nil, err
			}
		}
		group, err := s.read(ctx, dn, memberAttributes...)
		if err != nil {
			return nil, err
		}
		for _, uid := range group.texts("memberUid") {
			found.uids[uid] = true
		}
		for _, name := range memberAttributes[:2] {
			for _, member := range group.texts(name) {
				if name == "uniqueMember" {
					member = withoutIdentifier(member)
				}
				key := canonical(member)
				found.dns[key] = true
				if nested, ok := inner[key]; ok {
					todo = append(todo, nested)
				}
			}
		}
	}
	return found, nil
}

// groups finds which entries of a tree are groups.
func (s *session) groups(ctx context.Context, tree string, into map[string]string) error {
	filter := or("(objectClass=group)", "(objectClass=groupOfNames)", "(objectClass=groupOfUniqueNames)", "(objectClass=groupOfMembers)")
	return s.search(ctx, tree, goldap.ScopeWholeSubtree, filter, []string{nothing}, func(e *entry) error {
		into[canonical(e.dn)] = e.dn
		return nil
	})
}

// withoutIdentifier is the DN of a name with an optional unique identifier (RFC 4517 section 3.3.21): cn=alice,dc=example#'0101'B.
func withoutIdentifier(name string) string {
	if i := strings.LastIndex(name, "#'"); i >= 0 && strings.HasSuffix(name, "'B") {
		return name[:i]
	}
	return name
}
