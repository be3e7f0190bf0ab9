package dav

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
)

// ProviderAttributes are those of a provider block of either driver.
func ProviderAttributes() []providers.Attribute {
	return slices.Concat([]providers.Attribute{
		{Name: "url", Type: providers.String, Required: true, Doc: "Address of the server, or the domain of the account alone (\"example.com\"), whose server is then looked up (RFC 6764)."},
		{Name: "server", Type: providers.String, Doc: "What the server is, where it is not recognised: " + names() + ". Default: as recognised."},
	}, web.Attributes())
}

// FolderAttributes are those of a folder block of either driver.
func FolderAttributes() []providers.Attribute {
	return []providers.Attribute{
		{Name: "path", Type: providers.String, Required: true, Address: true, Doc: "Path of the collection on the provider's server, \"/dav/alice/work/\"; relative to url when it does not begin with a slash; a whole address when it is on another host."},
		{Name: "display_name", Type: providers.String, Doc: "What people call the collection. It is set when Accord makes it."},
	}
}

func names() string {
	var all []string
	for _, p := range profiles {
		all = append(all, p.Name)
	}
	return strings.Join(all, ", ")
}

// provider is one account at one server.
type provider struct {
	client
	family *Family
	config providers.Config
	base   base
	server *Profile // as the block says; nil: as recognised

	finding sync.Mutex
	found   base // what a look-up found
}

// Open makes a provider of a family. It asks nobody.
func Open(family *Family, cfg providers.Config, o web.Options) (providers.Provider, error) {
	p := &provider{family: family, config: cfg}
	var err error
	if p.base, err = baseOf(cfg); err != nil {
		return nil, err
	}
	if name := cfg.Attributes.String("server"); name != "" {
		if p.server = profileNamed(name); p.server == nil {
			return nil, refuse(cfg.Address, "server %q is none of %s", name, names())
		}
	}
	o.Address = p.base.url
	if p.client.Client, err = web.Open(cfg, o); err != nil {
		return nil, err
	}
	return p, nil
}

func refuse(address, format string, args ...any) error {
	return providers.Classed(providers.Refused, fmt.Errorf("%s: %w", address, fmt.Errorf(format, args...)))
}

// Locate is the address of a folder's collection; see [providers.Driver].
func (f *Family) Locate(cfg providers.Config, folder providers.FolderConfig) (string, error) {
	if folder.Kind != "" && !slices.Contains(f.Kinds, folder.Kind) {
		return "", refuse(folder.Address, "%s has no %s: write it with a provider of %s, or correct the kind", f.Name, folder.Kind, f.other().Name)
	}
	b, err := baseOf(cfg)
	if err != nil {
		return "", err
	}
	u, err := b.at(folder)
	if err != nil {
		return "", err
	}
	if color := folder.Attributes.String("color"); color != "" && !isColor(color) {
		return "", refuse(folder.Address, "color %q is none: write it as %q", cut(color), "#2952a3")
	}
	return u.String(), nil
}

// base is where the paths of an account's folders start.
type base struct {
	url    *url.URL // of the server
	lookup bool     // url names a domain, whose server is not known yet
}

// baseOf reads a provider's url.
func baseOf(cfg providers.Config) (base, error) {
	text := cfg.Attributes.String("url")
	domain := !strings.Contains(text, "://")
	if domain {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return base{}, refuse(cfg.Address, "url %q is no address: %w", cut(cfg.Attributes.String("url")), plainError(err))
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return base{}, refuse(cfg.Address, "url begins with %q: https and http are spoken", u.Scheme+":")
	case u.Host == "":
		return base{}, refuse(cfg.Address, "url names no host: write \"https://dav.example.com/\", or \"example.com\" to have the server of a domain looked up")
	case u.User != nil:
		return base{}, refuse(cfg.Address, "url holds a user name: write username and password as attributes of their own")
	case u.RawQuery != "" || u.Fragment != "":
		return base{}, refuse(cfg.Address, "url has something after its path: %q or %q does not belong there", "?", "#")
	case domain && (strings.Trim(u.Path, "/") != "" || u.Port() != ""):
		return base{}, refuse(cfg.Address, "url %q has no scheme, and is more than a domain: write \"https://%s\"", cut(cfg.Attributes.String("url")), cut(cfg.Attributes.String("url")))
	case hasDots(u):
		return base{}, refuse(cfg.Address, "url has a dot for a part of its path: write where the server is")
	}
	return base{normal(u), domain}, nil
}

// plainError is what is wrong with an address, without the address.
func plainError(err error) error {
	var outer *url.Error
	if errors.As(err, &outer) {
		return outer.Err
	}
	return err
}

// normal is the address of a collection in one spelling, with a slash at its end.
func normal(u *url.URL) *url.URL {
	n := *u
	raw := ""
	for _, s := range segments(u.EscapedPath()) {
		raw += "/" + encode(s, func(r rune) bool { return r < 0x80 && plain(byte(r)) })
	}
	n.RawPath = raw + "/"
	n.Path, _ = url.PathUnescape(n.RawPath)
	n.User, n.RawQuery, n.Fragment, n.RawFragment = nil, "", "", ""
	if port := n.Port(); port == "" || n.Scheme == "https" && port == "443" || n.Scheme == "http" && port == "80" {
		n.Host = strings.TrimSuffix(n.Host, ":"+port)
	}
	return &n
}

// hasDots reports whether a path leads up, or nowhere: servers do not agree on where that is.
func hasDots(u *url.URL) bool {
	return slices.ContainsFunc(segments(u.EscapedPath()), func(s string) bool { return s == "." || s == ".." })
}

// at is the address of a folder block's collection.
func (b base) at(f providers.FolderConfig) (*url.URL, error) {
	text := f.Attributes.String("path")
	if text == "" {
		return nil, refuse(f.Address, "it has no path: accord discover shows those that the server has")
	}
	path, err := url.Parse(escapedPath(text))
	if err != nil {
		return nil, refuse(f.Address, "path %q is no path: %w", cut(text), plainError(err))
	}
	switch {
	case hasDots(path):
		return nil, refuse(f.Address, "path %q has a dot for a part: write where the collection is", cut(text))
	case path.Scheme == "" && path.Host != "" || strings.HasPrefix(text, "//"):
		return nil, refuse(f.Address, "path %q begins with two slashes: write one, or a whole address with https: before them", cut(text))
	}
	u := b.url.ResolveReference(path)
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch {
	case path.RawQuery != "" || path.Fragment != "" || path.User != nil:
		return nil, refuse(f.Address, "path %q is more than a path", cut(text))
	case u.Scheme != "https" && u.Scheme != b.url.Scheme:
		return nil, refuse(f.Address, "path %q leads from %s to %s: write an https address", cut(text), b.url.Scheme, u.Scheme)
	}
	return normal(u), nil
}

// pathTo is what a folder block says of an address: as people would write it, where that leads there.
func (b base) pathTo(u *url.URL) string {
	for _, path := range []string{u.Path, u.EscapedPath()} {
		at, err := b.at(providers.FolderConfig{Attributes: providers.Attributes{"path": path}})
		if err == nil && at.String() == u.String() {
			return path
		}
	}
	return u.String()
}

// escapedPath lets people write spaces and letters of any script in a path.
func escapedPath(text string) string {
	return encode(text, func(r rune) bool { return r > ' ' && r < 0x7f && !strings.ContainsRune(`"<>\^{}|`+"`", r) })
}

// Check connects and authenticates: it asks who the account is.
func (p *provider) Check(ctx context.Context) error {
	_, err := p.principal(ctx)
	return err
}

// Folder opens a collection.
func (p *provider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	u, err := p.address(ctx, cfg)
	if err != nil {
		return nil, err
	}
	f, err := p.open(ctx, u, cfg)
	if err != nil {
		return nil, fmt.Errorf("%s: open %q: %w", p.family.Name, u.Redacted(), err)
	}
	return f, nil
}

// address is where a folder is, on the server that a domain's look-up found.
func (p *provider) address(ctx context.Context, cfg providers.FolderConfig) (*url.URL, error) {
	b, err := p.host(ctx)
	if err != nil {
		return nil, err
	}
	u, err := b.at(cfg)
	if err != nil {
		return nil, err
	}
	return u, p.Trust(u)
}

// Close gives connections back.
func (p *provider) Close() error {
	p.client.Close()
	return nil
}
