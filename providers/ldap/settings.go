package ldap

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
)

const defaultPage = 500

// settings are the attributes of a provider block, understood.
type settings struct {
	network, address string // as package net dials
	hostname         string // that the certificate has to name; "" for a socket
	shown            string // the server in locations
	implicit, start  bool   // TLS from the first octet, or from StartTLS on
	user, password   string
	external         bool // without a user: who the certificate or the socket says
	base             string
	page             uint32
	ignoreReferrals  bool
	security         *tls.Config
	timeout          time.Duration
}

// settingsOf reads a block. It asks nobody, and reads no file.
func settingsOf(cfg providers.Config) (settings, error) {
	a := cfg.Attributes
	s := settings{
		start: a.Bool("start_tls"), user: a.String("bind_dn"), password: a.String("bind_password"), base: a.String("base"), page: defaultPage,
		ignoreReferrals: a.Bool("ignore_referrals"), external: a.String("client_cert_file") != "",
	}
	if n, given := a["page_size"].(float64); given {
		if n < 1 || n > 1<<20 || n != float64(uint32(n)) {
			return s, refuse(cfg.Address, "page_size is %v: it is a number of entries, at least 1", n)
		}
		s.page = uint32(n)
	}
	if err := checkDN(cfg.Address, "base", s.base); err != nil {
		return s, err
	}
	if err := s.dials(cfg.Address, a.String("url")); err != nil {
		return s, err
	}
	_, password := a["bind_password"]
	switch {
	case s.user != "" && !password:
		return s, refuse(cfg.Address, "bind_dn needs a password: write bind_password, or take bind_dn out")
	case s.user != "" && s.password == "": // RFC 4513 section 5.1.2: servers take it for nobody, and say that all is well
		return s, refuse(cfg.Address, "bind_password is empty: write one, or take bind_dn and bind_password out")
	case s.user == "" && password:
		return s, refuse(cfg.Address, "it has no bind_dn: write one with its password, or take bind_password out")
	case s.password != "" && s.network == "tcp" && !s.implicit && !s.start && !a.Bool("insecure") && !web.IsLoopback(&url.URL{Host: s.address}):
		return s, refuse(cfg.Address, "the password would go to %s over plain ldap, where everyone on the way can read it: write an ldaps address, start_tls = true, or insecure = true", s.address)
	}
	return s, nil
}

// dials reads the address of the directory (RFC 4516 section 2, of which host and port are used).
func (s *settings) dials(block, given string) error {
	wrong := func() error {
		return refuse(block, "url %q is no address such as \"ldaps://dc1.example.com\": write host and port alone, and base for where to search", given)
	}
	if path, socket := strings.CutPrefix(given, "ldapi://"); socket {
		path, err := url.PathUnescape(strings.TrimSuffix(path, "/"))
		if err != nil || path == "" {
			return wrong()
		}
		s.network, s.address, s.shown, s.external = "unix", path, path, s.user == ""
		if s.start {
			return refuse(block, "start_tls is for ldap:// addresses, and a socket never leaves this machine: take it out")
		}
		return nil
	}
	u, err := url.Parse(given)
	if err == nil && u.User != nil || err != nil && strings.Contains(given, "@") {
		return refuse(block, "url says who signs in, and it is shown in messages: write bind_dn and bind_password")
	}
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return wrong()
	}
	port := u.Port()
	switch strings.ToLower(u.Scheme) {
	case "ldaps":
		s.implicit = true
		if port == "" {
			port = "636"
		}
		if s.start {
			return refuse(block, "start_tls is for ldap:// addresses, and %q is encrypted already: take it out", given)
		}
	case "ldap":
		if port == "" {
			port = "389"
		}
	default:
		return wrong()
	}
	s.hostname = strings.ToLower(u.Hostname())
	s.network, s.address = "tcp", net.JoinHostPort(s.hostname, port)
	s.shown = s.hostname
	if port != "389" && port != "636" {
		s.shown = s.address
	}
	return nil
}

// refuse is an error about a block.
func refuse(block, format string, args ...any) error {
	return providers.Classed(providers.Refused, fmt.Errorf("ldap: %s: %w", block, fmt.Errorf(format, args...)))
}
