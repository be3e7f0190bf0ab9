package ldap

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/accord-sync/accord/providers"
)

// server is what a directory says of itself (RFC 4512 section 5.1).
type server struct {
	active   bool     // Active Directory
	contexts []string // the trees that it holds
	base     string   // where to search unless told otherwise; "": it does not say

	// copy names this copy of Active Directory's data (its invocationId): uSNChanged counts within it, and begins anew when it is restored from a backup. "": it
	// does not say.
	copy string
}

// activeDirectoryCapability is among supportedCapabilities where Active Directory answers ([MS-ADTS] section 3.1.1.3.4.3).
const activeDirectoryCapability = "1.2.840.113556.1.4.800"

// ask is what the session's server is, asked once.
func (s *session) ask(ctx context.Context) (*server, error) {
	if s.server != nil {
		return s.server, nil
	}
	root, err := s.readable(ctx, "", "namingContexts", "defaultNamingContext", "supportedCapabilities", "dsServiceName")
	if err != nil {
		return nil, err
	}
	known := &server{contexts: root.texts("namingContexts"), base: root.text("defaultNamingContext")}
	known.active = slices.Contains(root.texts("supportedCapabilities"), activeDirectoryCapability)
	if known.base == "" && len(known.contexts) == 1 {
		known.base = known.contexts[0]
	}
	if service := root.text("dsServiceName"); known.active && service != "" {
		settings, err := s.readable(ctx, service, "invocationId")
		if err != nil {
			return nil, err
		}
		known.copy = hex.EncodeToString(settings.first("invocationId"))
	}
	s.server = known
	return known, nil
}

// readable is an entry, without values where the account may not see it.
func (s *session) readable(ctx context.Context, dn string, attributes ...string) (*entry, error) {
	e, err := s.read(ctx, dn, attributes...)
	switch providers.ClassOf(err) {
	case providers.Done:
		return e, nil
	case providers.Missing, providers.Unauthorized:
		return &entry{}, nil
	}
	return nil, err
}

// in is the tree that an entry lies in.
func (v *server) in(dn string) string {
	found := ""
	for _, c := range v.contexts {
		if below(dn, c) && len(c) > len(found) {
			found = c
		}
	}
	return found
}

// below reports whether an entry is another one or lies below it.
func below(dn, above string) bool {
	d, err := goldap.ParseDN(dn)
	a, err2 := goldap.ParseDN(above)
	return err == nil && err2 == nil && (a.EqualFold(d) || a.AncestorOfFold(d))
}

// canonical is a DN such that equal ones are the same text.
func canonical(dn string) string {
	d, err := goldap.ParseDN(dn)
	if err != nil {
		return strings.ToLower(dn)
	}
	for _, r := range d.RDNs {
		slices.SortFunc(r.Attributes, func(a, b *goldap.AttributeTypeAndValue) int {
			return strings.Compare(strings.ToLower(a.Type), strings.ToLower(b.Type))
		})
	}
	return strings.ToLower(d.String())
}
