package ldap_test

import (
	"slices"
	"strings"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
)

// grouped is a directory of people and groups. A part of the tree is at another server.
func grouped(groups map[string]map[string][]string) *fake {
	return &fake{search: func(q asked) reply {
		base := strings.ToLower(q.base)
		if of, ok := groups[base]; ok {
			return reply{entries: []*goldap.Entry{goldap.NewEntry(q.base, of)}}
		}
		if !strings.Contains(q.filter, "groupOfNames") {
			return paged(people(4), q)
		}
		var found []*goldap.Entry
		for dn := range groups {
			found = append(found, goldap.NewEntry(dn, nil))
		}
		r := paged(found, q)
		r.referrals = []string{"ldap://child.example/dc=child,dc=example??sub"}
		return r
	}}
}

func TestMembers(t *testing.T) {
	const staff, team, posix, far, hidden = "cn=staff,dc=example", "cn=team,dc=example", "cn=posix,dc=example", "cn=far,dc=example", "cn=hidden,dc=example"
	groups := map[string]map[string][]string{
		staff: {"member": {"UID=p0, DC=example", team, "cn=gone,dc=example"}},
		team:  {"uniqueMember": {"uid=p1,dc=example#'0101'B", staff}},
		posix: {"memberUid": {"p2", "p9"}},
		far:   {"member": {"uid=p3,dc=example", "cn=x,dc=child,dc=example"}},

		hidden:                {"objectClass": {"top", "groupOfNames"}},
		"cn=empty,dc=example": {"objectClass": {"top", "group"}},
	}
	for _, test := range []struct {
		of   []string
		more providers.Attributes
		want string
	}{
		{[]string{team}, nil, "p0 p1"},
		{[]string{posix}, nil, "p2"},
		{[]string{staff, posix}, nil, "p0 p1 p2"},
		{[]string{far}, nil, `"cn=x,dc=child,dc=example" is at ldap://child.example`},
		{[]string{far}, providers.Attributes{"ignore_referrals": true}, "p3"},
		{[]string{"cn=unheard,dc=example"}, nil, "not there"},
		{[]string{posix, hidden}, nil, `read the members of "cn=hidden,dc=example": every group of its kind has one, and the account sees none`},
		{[]string{"cn=empty,dc=example"}, nil, ""},
		{[]string{}, nil, "member_of is empty"},
	} {
		d := grouped(groups)
		search := d.search
		d.search = func(q asked) reply {
			if strings.HasPrefix(q.base, "cn=unheard") {
				return reply{code: goldap.LDAPResultNoSuchObject, words: "not there"}
			}
			return search(q)
		}
		uids, err := read(t, d.directory(t, test.more), providers.Attributes{"member_of": test.of, "attributes": []string{"uid"}})
		slices.Sort(uids)
		got := strings.Join(uids, " ")
		if err != nil {
			if got = err.Error(); strings.Contains(got, test.want) && test.want != "" {
				continue
			}
		}
		if got != test.want {
			t.Errorf("in %q are %s, want %s", test.of, got, test.want)
		}
	}
}

// TestExclusionsAreSearchedFor: an exclusion is never a part of the filter that finds people.
func TestExclusionsAreSearchedFor(t *testing.T) {
	f := &fake{search: func(q asked) reply {
		if strings.Contains(q.filter, "robot") {
			return paged(people(2), q)
		}
		return paged(people(3), q)
	}}
	uids, err := read(t, f.directory(t, nil), providers.Attributes{"exclude": []string{"(employeeType=robot)"}})
	if err != nil || !slices.Equal(uids, []string{"p2"}) {
		t.Errorf("found are %v (%v)", uids, err)
	}
	for _, q := range f.asked {
		if strings.Contains(q.filter, "!") {
			t.Errorf("asked was for %s", q.filter)
		}
	}
}

// TestNoWordOnItself: a directory that says nothing of itself is searched below the base that is written.
func TestNoWordOnItself(t *testing.T) {
	f := &fake{mute: true, search: func(q asked) reply { return paged(people(2), q) }}
	if uids, err := read(t, f.directory(t, nil), nil); err != nil || len(uids) != 2 {
		t.Errorf("found are %v (%v)", uids, err)
	}
	_, err := read(t, f.directory(t, providers.Attributes{"base": ""}), nil)
	if providers.ClassOf(err) != providers.Refused || !strings.Contains(err.Error(), "no base to search below") {
		t.Errorf("without a base, the error is %v", err)
	}
}

// TestMemberByAnyName: an entry with several uids is a member by each of them, in whatever order they come.
func TestMemberByAnyName(t *testing.T) {
	for _, uids := range [][]string{{"alice", "asmith"}, {"asmith", "alice"}} {
		d := grouped(map[string]map[string][]string{"cn=posix,dc=example": {"memberUid": {"asmith"}}})
		search := d.search
		d.search = func(q asked) reply {
			r := search(q)
			for _, e := range r.entries {
				if e.DN == "uid=p0,dc=example" {
					e.Attributes = goldap.NewEntry("", map[string][]string{"uid": uids, "cn": {"Alice"}}).Attributes
				}
			}
			return r
		}
		var found []any
		err := d.directory(t, nil).Rows(t.Context(), providers.DataConfig{Attributes: providers.Attributes{"filter": "(uid=*)", "member_of": []string{"cn=posix,dc=example"}, "attributes": []string{"cn"}}}, func(r providers.Row) error {
			found = append(found, r["cn"])
			return nil
		})
		if err != nil || !slices.Equal(found, []any{"Alice"}) {
			t.Errorf("with the uids %q, the members are %v (%v)", uids, found, err)
		}
	}
}
