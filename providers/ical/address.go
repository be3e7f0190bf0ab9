package ical

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"path"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// address is where a feed is.
type address struct {
	*url.URL
	shown  string // what may be told of it
	secret bool
}

// addressOf is the address of a folder. What an administrator wrote there that is no address of a feed is refused, without repeating what is secret.
func addressOf(p providers.Config, f providers.FolderConfig) (address, error) {
	text, secret := p.Attributes.String("url"), false
	if text == "" {
		text, secret = p.Attributes.String("secret_url"), true
	}
	base, err := url.Parse(text)
	if err != nil {
		if inner := (*url.Error)(nil); errors.As(err, &inner) {
			err = inner.Err
		}
		return address{}, refuse(p.Address, "its address cannot be read: %w", err)
	}
	switch strings.ToLower(base.Scheme) {
	case "webcal", "webcals":
		base.Scheme = "https"
	case "http", "https":
		base.Scheme = strings.ToLower(base.Scheme)
	default:
		return address{}, refuse(p.Address, "its address begins with %q: https, http and webcal are read", base.Scheme+":")
	}
	switch {
	case base.Host == "":
		return address{}, refuse(p.Address, "its address names no host")
	case base.User != nil:
		return address{}, refuse(p.Address, "its address holds a user name: write username and password as attributes of their own")
	}
	base.Host, base.Fragment = strings.ToLower(base.Host), ""
	a := address{URL: base, shown: base.String(), secret: secret}
	if secret {
		sum := sha256.Sum256([]byte(base.String()))
		a.shown = base.Scheme + "://" + base.Host + "/#" + hex.EncodeToString(sum[:8])
	}
	given := f.Attributes.String("path")
	if given == "" {
		return a, nil
	}
	below, err := url.Parse(given)
	if err != nil || below.Scheme != "" || below.Host != "" || path.IsAbs(below.Path) || leaves(below.Path) {
		return address{}, refuse(f.Address, "path %q is not below the provider's address", given)
	}
	a.URL = base.JoinPath(below.EscapedPath())
	if below.RawQuery != "" {
		a.RawQuery = below.RawQuery
	}
	if secret {
		a.shown += "/" + given
	} else {
		a.shown = a.URL.String()
	}
	return a, nil
}

// addSecrets makes secrets of what a secret address has besides its host: the whole, and each part that is long enough to be what makes it secret.
func addSecrets(s *providers.Secrets, u *url.URL) {
	const long = 12
	s.Add(u.RequestURI())
	s.Add(strings.TrimPrefix(u.EscapedPath(), "/"))
	s.Add(u.RawQuery)
	for _, part := range append(strings.Split(u.Path, "/"), strings.Split(u.RawQuery, "&")...) {
		if len(part) >= long {
			s.Add(part)
		}
	}
}

// leaves reports whether a path goes up out of where it starts.
func leaves(p string) bool {
	clean := path.Clean("./" + p)
	return clean == ".." || strings.HasPrefix(clean, "../")
}
