package ldap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
)

// entry is one entry of a directory: values by name of the attribute, in lower case.
type entry struct {
	dn     string
	values map[string][][]byte
}

func (e *entry) all(name string) [][]byte {
	name = strings.ToLower(name)
	if v, there := e.values[name]; there {
		return v
	}
	return e.values[otherName(name)]
}

// otherName is what a directory calls an attribute that was asked for by the longer of its names (RFC 4519 section 2, RFC 4524 section 2).
func otherName(name string) string {
	switch name {
	case "commonname":
		return "cn"
	case "surname":
		return "sn"
	case "gn":
		return "givenname"
	case "userid":
		return "uid"
	case "rfc822mailbox":
		return "mail"
	case "organizationname":
		return "o"
	case "organizationalunitname":
		return "ou"
	case "localityname":
		return "l"
	case "stateorprovincename":
		return "st"
	case "streetaddress":
		return "street"
	case "countryname":
		return "c"
	case "friendlycountryname":
		return "co"
	case "fax":
		return "facsimiletelephonenumber"
	case "mobiletelephonenumber":
		return "mobile"
	case "pagertelephonenumber":
		return "pager"
	case "hometelephonenumber":
		return "homephone"
	case "domaincomponent":
		return "dc"
	}
	return ""
}

// first is the first value of an attribute; nil: there is none.
func (e *entry) first(name string) []byte {
	if all := e.all(name); len(all) > 0 {
		return all[0]
	}
	return nil
}

func (e *entry) text(name string) string { return string(e.first(name)) }

func (e *entry) texts(name string) []string {
	var texts []string
	for _, v := range e.all(name) {
		texts = append(texts, string(v))
	}
	return texts
}

// nothing asks for entries without their attributes (RFC 4511 section 4.5.1.8).
const nothing = "1.1"

// read is one entry. One that is not there is an error of class Missing.
func (s *session) read(ctx context.Context, dn string, attributes ...string) (*entry, error) {
	found, err := s.page(ctx, &goldap.SearchRequest{BaseDN: dn, Scope: goldap.ScopeBaseObject, Filter: "(objectClass=*)", Attributes: attributes})
	if err != nil {
		return nil, failure(err, fmt.Sprintf("read %q", dn))
	}
	if len(found.Entries) != 1 {
		return nil, providers.Classed(providers.Missing, fmt.Errorf("ldap: read %q: it is not there, or the account may not see it", dn))
	}
	return s.whole(ctx, found.Entries[0])
}

// search gives each entry that matches. Without an error, these are all.
func (s *session) search(ctx context.Context, base string, scope int, filter string, attributes []string, each func(*entry) error) error {
	return s.pages(ctx, base, scope, filter, attributes, each, func(operation, address string) error {
		if s.provider.settings.ignoreReferrals {
			return nil
		}
		return providers.Classed(providers.Refused, fmt.Errorf("%s: a part of the tree is at %s, and referrals are not followed: write a base that is wholly here, the address of a server that has it all (in Active Directory the global catalog, port 3269), or ignore_referrals = true to do without", operation, short(address)))
	})
}

// pages gives each entry that matches, page by page (RFC 2696), and the addresses of the parts of the tree that are on other servers.
func (s *session) pages(ctx context.Context, base string, scope int, filter string, attributes []string, each func(*entry) error, elsewhere func(operation, address string) error) error {
	operation := fmt.Sprintf("search %q for %s", base, short(filter))
	paging := goldap.NewControlPaging(s.provider.settings.page)
	request := &goldap.SearchRequest{BaseDN: base, Scope: scope, Filter: filter, Attributes: attributes, Controls: []goldap.Control{paging}}
	for first := true; ; first = false {
		found, err := s.page(ctx, request)
		if err != nil {
			return failure(err, operation)
		}
		for _, address := range found.Referrals {
			if isBookkeeping(address) {
				continue
			}
			if err := elsewhere("ldap: "+operation, address); err != nil {
				return err
			}
		}
		for _, raw := range found.Entries {
			e, err := s.whole(ctx, raw)
			if err == nil {
				err = each(e)
			}
			if err != nil {
				return err
			}
		}
		switch answer, ok := goldap.FindControl(found.Controls, goldap.ControlTypePaging).(*goldap.ControlPaging); {
		case !ok && first: // a server without pages: these were all
			return nil
		case !ok:
			return providers.Classed(providers.Transient, fmt.Errorf("ldap: %s: the server did not say whether there are more pages: there may be more entries than it gave", operation))
		case len(answer.Cookie) == 0:
			return nil
		case len(found.Entries) == 0 && bytes.Equal(answer.Cookie, paging.Cookie):
			return providers.Classed(providers.Transient, fmt.Errorf("ldap: %s: the server gives the same empty page again and again", operation))
		default:
			paging.SetCookie(answer.Cookie)
		}
	}
}

// page is one request.
func (s *session) page(ctx context.Context, request *goldap.SearchRequest) (found *goldap.SearchResult, err error) {
	err = s.request(ctx, func() error {
		found, err = s.conn.Search(request)
		return err
	})
	var said *goldap.Error
	if errors.As(err, &said) && said.ResultCode == goldap.ErrorNetwork && strings.Contains(said.Err.Error(), "timed out") {
		err = providers.Classed(providers.Transient, fmt.Errorf("ldap: no answer from %s within %s: raise timeout, or have the attributes of the filter indexed", s.provider.settings.address, s.provider.settings.timeout))
	}
	return found, err
}

// treeOf is the DN that a referral leads to (RFC 4516).
func treeOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.Path, "/")
}

// isBookkeeping reports whether a referral is one of those that Active Directory gives in every search of a whole domain: no people are there.
func isBookkeeping(address string) bool {
	tree := strings.ToLower(treeOf(address))
	return strings.HasPrefix(tree, "cn=configuration,") || strings.HasPrefix(tree, "dc=domaindnszones,") || strings.HasPrefix(tree, "dc=forestdnszones,")
}

// whole is an entry with all values of its attributes. Active Directory gives many of them in ranges ([MS-ADTS] section 3.1.1.3.1.3.3).
func (s *session) whole(ctx context.Context, raw *goldap.Entry) (*entry, error) {
	e := &entry{dn: raw.DN, values: make(map[string][][]byte, len(raw.Attributes))}
	for _, a := range raw.Attributes {
		name, values := a.Name, a.ByteValues
		for {
			plain, last, ranged := ranged(name)
			if !ranged {
				if len(values) > 0 {
					e.values[strings.ToLower(name)] = values
				}
				break
			}
			key := strings.ToLower(plain)
			e.values[key] = append(e.values[key], values...)
			if last == "*" {
				break
			}
			asked := fmt.Sprintf("%s;range=%d-*", plain, len(e.values[key]))
			more, err := s.page(ctx, &goldap.SearchRequest{BaseDN: raw.DN, Scope: goldap.ScopeBaseObject, Filter: "(objectClass=*)", Attributes: []string{asked}})
			if err != nil {
				return nil, failure(err, fmt.Sprintf("read %s of %q", plain, raw.DN))
			}
			if name, values = continued(more, plain); len(values) == 0 {
				return nil, providers.Classed(providers.Transient, fmt.Errorf("ldap: read %s of %q: it changed while it was read", plain, raw.DN))
			}
		}
	}
	return e, nil
}

// ranged takes the range off the description of an attribute: member;range=0-1499.
func ranged(description string) (name, last string, ok bool) {
	name, option, found := strings.Cut(description, ";")
	first, last, cut := strings.Cut(option, "-")
	return name, last, found && cut && len(first) > len("range=") && strings.EqualFold(first[:len("range=")], "range=")
}

// continued is the range of an attribute in an answer.
func continued(found *goldap.SearchResult, name string) (description string, values [][]byte) {
	for _, e := range found.Entries {
		for _, a := range e.Attributes {
			if plain, _, ok := ranged(a.Name); ok && strings.EqualFold(plain, name) {
				return a.Name, a.ByteValues
			}
		}
	}
	return "", nil
}

// short is a text for an error, not long.
func short(text string) string {
	const most = 200
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
