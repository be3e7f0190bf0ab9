package ldap

import (
	"slices"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// query is which entries a block is about.
type query struct {
	block    string // its address
	base     string // "": the provider's
	filter   string // "": people
	scope    int
	exclude  []string
	memberOf []string
}

func dataQuery(cfg providers.DataConfig) (query, error) {
	return queryOf(cfg.Address, cfg.Attributes, "base", "filter")
}

func folderQuery(cfg providers.FolderConfig) (query, error) {
	if cfg.Kind != pim.Contacts {
		return query{}, refuse(cfg.Address, "a directory holds people, and the folder's kind is %q: write kind = \"contacts\"", cfg.Kind)
	}
	if key := cfg.Attributes.String("key"); strings.EqualFold(key, "dn") || strings.EqualFold(key, "distinguishedName") {
		return query{}, refuse(cfg.Address, "key is %q, which another one is when an entry is renamed: take it out, or name an attribute that stays, such as uid", key)
	}
	return queryOf(cfg.Address, cfg.Attributes, "search_base", "search_filter")
}

// queryOf reads what data and folder blocks have in common.
func queryOf(block string, a providers.Attributes, base, filter string) (query, error) {
	q := query{block: block, base: a.String(base), filter: a.String(filter), exclude: a.List("exclude"), memberOf: a.List("member_of")}
	if err := checkDN(block, base, q.base); err != nil {
		return q, err
	}
	if q.filter != "" {
		if err := checkFilter(block, filter, q.filter); err != nil {
			return q, err
		}
	}
	for _, f := range q.exclude {
		if err := checkFilter(block, "exclude", f); err != nil {
			return q, err
		}
	}
	if _, given := a["member_of"]; given && len(q.memberOf) == 0 {
		return q, refuse(block, "member_of is empty, and nobody is in no group: name one, or take it out for everybody")
	}
	for _, dn := range q.memberOf {
		if err := checkDN(block, "member_of", dn); err != nil {
			return q, err
		}
	}
	switch a.String("scope") {
	case "", "sub":
		q.scope = goldap.ScopeWholeSubtree
	case "one":
		q.scope = goldap.ScopeSingleLevel
	case "base":
		q.scope = goldap.ScopeBaseObject
	default:
		return q, refuse(block, "scope %q is none of \"sub\", \"one\" and \"base\"", a.String("scope"))
	}
	for _, name := range slices.Concat(a.List("attributes"), a.List("lists"), []string{a.String("key"), a.String("version")}) {
		if strings.ContainsFunc(name, func(r rune) bool { return !isNaming(r) }) {
			return q, refuse(block, "%q is no name of an attribute", name)
		}
	}
	for _, name := range a.List("lists") {
		if slices.ContainsFunc(a.List("attributes"), func(other string) bool { return strings.EqualFold(name, other) }) {
			return q, refuse(block, "%q is in attributes and in lists: leave it out of one of them", name)
		}
	}
	return q, nil
}

// isNaming reports whether a rune may be in the description of an attribute (RFC 4512 section 2.5).
func isNaming(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '.' || r == ';'
}

func checkFilter(block, name, filter string) error {
	if _, err := goldap.CompileFilter(filter); err != nil {
		return refuse(block, "%s %q is no filter such as \"(mail=*)\": %w", name, filter, reason(err))
	}
	return nil
}

func checkDN(block, name, dn string) error {
	if _, err := goldap.ParseDN(dn); err != nil {
		return refuse(block, "%s %q is no DN such as \"ou=people,dc=example,dc=com\": %w", name, dn, reason(err))
	}
	return nil
}

// and is a filter of what all match.
func and(filters ...string) string {
	filters = slices.DeleteFunc(filters, func(f string) bool { return f == "" })
	if len(filters) == 1 {
		return filters[0]
	}
	return "(&" + strings.Join(filters, "") + ")"
}

// or is a filter of what any matches. What a directory cannot tell of one (RFC 4511 section 4.5.1.7) does not hide the others.
func or(filters ...string) string { return "(|" + strings.Join(filters, "") + ")" }
