package dav

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
	"github.com/accord-sync/accord/schema/pim"
)

// host is where the account is. The server of a domain is looked up once (RFC 6764 section 6).
func (p *provider) host(ctx context.Context) (base, error) {
	if !p.base.lookup {
		return p.base, nil
	}
	p.finding.Lock()
	defer p.finding.Unlock()
	if p.found.url != nil {
		return p.found, nil
	}
	at, err := p.family.lookup(ctx, p.base.url.Host)
	if err != nil {
		return base{}, providers.Classed(providers.Unreachable, fmt.Errorf("%s: no server of the domain %q was found: write its address as url (%w)", p.config.Address, p.base.url.Host, err))
	}
	u, err := url.Parse(at)
	if err != nil {
		return base{}, providers.Classed(providers.Refused, fmt.Errorf("%s: the domain %q names %q as its server: %w", p.config.Address, p.base.url.Host, cut(at), plainError(err)))
	}
	if domain := p.base.url.Hostname(); u.Hostname() != domain && !strings.HasSuffix(u.Hostname(), "."+domain) {
		// Anyone on the way may answer for the DNS (RFC 6764 section 8).
		return base{}, refuse(p.config.Address, "the domain %q names %q as its server, which is outside of it: write \"https://%s\" as url if that is right", domain, u.Host, u.Host)
	}
	if err := p.Trust(u); err != nil {
		return base{}, err
	}
	p.found = base{url: normal(u)}
	return p.found, nil
}

// principal is who the account is at the server: what is at url says so, or else what is at the well-known address (RFC 6764 section 5, RFC 5397).
func (p *provider) principal(ctx context.Context) (*url.URL, error) {
	b, err := p.host(ctx)
	if err != nil {
		return nil, err
	}
	wellKnown := *b.url
	wellKnown.Path, wellKnown.RawPath = p.family.WellKnown, ""
	who, err := p.principalAt(ctx, b.url)
	if isNoPrincipal(err) {
		if there, otherErr := p.principalAt(ctx, &wellKnown); otherErr == nil {
			return there, nil
		} else if !isNoPrincipal(otherErr) {
			err = otherErr
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: connect to %q: %w", p.family.Name, b.url.Redacted(), err)
	}
	return who, nil
}

// isNoPrincipal reports whether an address is not the one to ask who the account is: nothing of the kind is there, or a page for people, or what nobody may see.
func isNoPrincipal(err error) bool {
	s := (*web.Status)(nil)
	switch providers.ClassOf(err) {
	case providers.Refused, providers.Missing:
		return true
	case providers.Unauthorized:
		return !errors.As(err, &s) || s.Code == http.StatusForbidden
	}
	return false
}

func (p *provider) principalAt(ctx context.Context, at *url.URL) (*url.URL, error) {
	var href string
	got, err := p.propfind(ctx, at, "0", `<D:current-user-principal/><D:resourcetype/>`, func(r *response) error {
		if href == "" {
			href = r.props.principal
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if href == "" {
		return nil, providers.Classed(providers.Refused, errors.New("the server does not say who the account is: correct url (a path such as /dav/ may be missing), username and password"))
	}
	return p.named(got.url, href)
}

// named is an address that the server names. Credentials may go there when a server that may have them says so over https, or it is on its own host.
func (p *provider) named(by *url.URL, href string) (*url.URL, error) {
	u, err := by.Parse(href)
	if err != nil {
		return nil, providers.Classed(providers.Refused, fmt.Errorf("the server names %q, which is no address: %w", cut(href), plainError(err)))
	}
	if u.Host == by.Host && u.Scheme == by.Scheme {
		return u, nil
	}
	secure, sameMachine := u.Scheme == "https" && by.Scheme == "https", u.Hostname() == by.Hostname()
	if !p.Trusts(by) || !secure && !sameMachine {
		return nil, providers.Classed(providers.Refused, fmt.Errorf("the server names %q, on another host and not by https, or is itself another than url says: write that host as url if it is right", cut(href)))
	}
	return u, p.TrustNamed(u)
}

// homes are the collections that hold the account's collections.
func (p *provider) homes(ctx context.Context) ([]*url.URL, error) {
	principal, err := p.principal(ctx)
	if err != nil {
		return nil, err
	}
	var hrefs []string
	got, err := p.propfind(ctx, principal, "0", `<`+p.family.home+`/>`, func(r *response) error {
		hrefs = append(hrefs, r.props.homes...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(hrefs) == 0 {
		return nil, providers.Classed(providers.Refused, fmt.Errorf("the account %q has no %s", principal.Redacted(), p.family.home[2:]))
	}
	var homes []*url.URL
	for _, href := range hrefs {
		u, err := p.named(got.url, href)
		if err != nil {
			return nil, err
		}
		homes = append(homes, normal(u))
	}
	return homes, nil
}

// Discover lists the collections in the account's homes. One that may hold several kinds is a folder of each kind that it does hold.
func (p *provider) Discover(ctx context.Context) ([]providers.Discovered, error) {
	homes, err := p.homes(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: discover: %w", p.family.Name, err)
	}
	var found []providers.Discovered
	for _, home := range homes {
		var all []*response
		got, err := p.propfind(ctx, home, "1", lookedAt+looksAsked, func(r *response) error {
			if r.wrong == nil && slices.Contains(r.props.types, p.family.collection) {
				all = append(all, r)
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("%s: discover %q: %w", p.family.Name, home.Redacted(), err)
		}
		for _, r := range all {
			u, err := p.named(got.url, r.href)
			if err != nil {
				return nil, fmt.Errorf("%s: discover %q: %w", p.family.Name, home.Redacted(), err)
			}
			server := p.server
			if server == nil {
				server = recognise(r.props, got.header)
			}
			list, err := p.discovered(ctx, normal(u), r.props, server)
			if err != nil {
				return nil, fmt.Errorf("%s: discover %q: %w", p.family.Name, u.Redacted(), err)
			}
			found = append(found, list...)
		}
	}
	return found, nil
}

// discovered are the folders that one collection is.
func (p *provider) discovered(ctx context.Context, u *url.URL, props props, server *Profile) ([]providers.Discovered, error) {
	b, err := p.host(ctx)
	if err != nil {
		return nil, err
	}
	path := b.pathTo(u)
	name := props.name
	if name == "" {
		name = path
	}
	var found, empty []providers.Discovered
	for _, kind := range p.family.Kinds {
		if p.family == CalDAV && props.components != nil && !slices.Contains(props.components, kind.Component()) {
			continue
		}
		n, err := p.count(ctx, u, kind, server)
		if err != nil {
			return nil, err
		}
		d := providers.Discovered{Name: name, Kind: kind, Attributes: providers.Attributes{"path": path}, ReadOnly: readOnly(props), Items: n, Color: seen(props.color)}
		if n == 0 {
			empty = append(empty, d)
		} else {
			found = append(found, d)
		}
	}
	if len(found) == 0 && len(empty) > 0 {
		return empty[:1], nil
	}
	return found, nil
}

// count is how many items of a kind a collection has; -1 when the server does not tell.
func (p *provider) count(ctx context.Context, u *url.URL, kind pim.Kind, server *Profile) (int, error) {
	f := &folder{client: p.client, collection: newCollection(u), family: p.family, kind: kind, server: server}
	f.hasty = server.Hasty
	items := map[string]bool{}
	l := &lister{folder: f, each: func(c providers.Change) error { items[c.Ref] = true; return nil }}
	var err error
	if p.family == CalDAV {
		err = f.query(ctx, "", l.entry)
	} else {
		_, err = l.list(ctx)
	}
	switch class := providers.ClassOf(err); {
	case class == providers.Refused, class == providers.Missing, class == providers.Unauthorized:
		return -1, nil
	case err != nil:
		return 0, err
	case l.more || l.strange != nil:
		return -1, nil
	}
	return len(items), nil
}
