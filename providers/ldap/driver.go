// Package ldap reads people from directories (RFC 4511): as rows for data blocks, and as contacts. It writes nothing.
package ldap

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/web"
)

// Driver opens directories. The zero Driver is ready for use.
type Driver struct {
	Now func() time.Time // nil: time.Now
}

// Schema describes the blocks.
func (Driver) Schema() providers.Schema {
	provider := []providers.Attribute{
		{Name: "url", Type: providers.String, Required: true, Doc: "Address of the directory: \"ldaps://dc1.example.com\", \"ldap://ldap.example.com\" or \"ldapi://%2Frun%2Fslapd%2Fldapi\" (a socket of this machine)."},
		{Name: "start_tls", Type: providers.Bool, Doc: "Encrypts an ldap:// connection before anything else is sent."},
		{Name: "bind_dn", Type: providers.String, Doc: "Who signs in: a DN, or for Active Directory a name such as \"svc-accord@example.com\". Without it, whoever the client's certificate or the socket says (SASL EXTERNAL); else nobody (anonymous)."},
		{Name: "bind_password", Type: providers.String, Sensitive: true, Doc: "Password that goes with bind_dn. It is not sent over an ldap:// connection without start_tls to another machine, unless insecure = true."},
		{Name: "base", Type: providers.String, Doc: "Entry below which is searched, where a block does not say it. Default: what the directory says it holds, if that is one tree."},
		{Name: "page_size", Type: providers.Number, Doc: "Entries that are asked for at a time (RFC 2696). Default: 500. Active Directory gives at most 1000."},
		{Name: "ignore_referrals", Type: providers.Bool, Doc: "Does without the parts of the tree that other servers have. Referrals are never followed; without this, a search that meets one is an error, for people who are not found would look like people who left."},
	}
	provider = append(provider, providers.Attribute{Name: "known_as", Type: providers.String, Doc: "Server that the places of folders are made of (default: the one that url names). Write the old one here when the directory moves to another server."})
	for _, a := range web.Attributes() {
		switch a.Name {
		case "ca_file", "client_cert_file", "client_key_file":
			provider = append(provider, a)
		case "insecure":
			a.Doc = "Lets the password go over a connection that is not encrypted, where everyone on the way can read it. Certificates are checked all the same."
			provider = append(provider, a)
		case "timeout":
			a.Doc = "How long one request may take, of which a search has one for each page: \"90s\", \"5m\". Default: \"1m\"."
			provider = append(provider, a)
		}
	}
	const (
		exclude  = "Filters of entries to leave out. An attribute that the directory does not know excludes nothing."
		memberOf = "DNs of groups: only their members are taken, and those of groups inside of them. It works with any directory, and needs no memberOf. The primary group of a user in Active Directory (Domain Users) does not count as one."
		scope    = "\"sub\" (all below the base, the default), \"one\" (right below it) or \"base\" (the base itself)."
	)
	return providers.Schema{
		Doc:      "People in directories, such as OpenLDAP and Active Directory: as rows of data blocks, and as contacts.",
		ReadOnly: true,
		Provider: provider,
		Data: []providers.Attribute{
			{Name: "filter", Type: providers.String, Required: true, Doc: "Which entries (RFC 4515): \"(&(objectClass=inetOrgPerson)(mail=*))\"."},
			{Name: "attributes", Type: providers.List, Required: true, Doc: "Attributes that become columns, a string each: the first value, or null without one. The column dn is always there."},
			{Name: "lists", Type: providers.List, Doc: "Attributes that become columns with all of their values: a list each, empty without a value."},
			{Name: "base", Type: providers.String, Doc: "Entry below which is searched. Default: the provider's base."},
			{Name: "scope", Type: providers.String, Doc: scope},
			{Name: "member_of", Type: providers.List, Doc: memberOf},
			{Name: "exclude", Type: providers.List, Doc: exclude},
		},
		Folder: []providers.Attribute{
			{Name: "search_base", Type: providers.String, Address: true, Doc: "Entry below which the folder's entries are. Default: the provider's base."},
			{Name: "search_filter", Type: providers.String, Doc: "Which entries (RFC 4515). Default: people; in Active Directory users and contacts, but for those of the system."},
			{Name: "scope", Type: providers.String, Doc: scope},
			{Name: "member_of", Type: providers.List, Doc: memberOf},
			{Name: "exclude", Type: providers.List, Doc: exclude},
			{Name: "key", Type: providers.String, Doc: "Attribute that tells entries apart and stays when they are renamed. Default: objectGUID in Active Directory, entryUUID elsewhere."},
			{Name: "version", Type: providers.String, Doc: "Attribute that changes whenever an entry does, or \"content\" to compare all that is read. Default: what the directory has: entryCSN, uSNChanged or modifyTimestamp. What it works out by itself, such as memberOf, changes none of them: with such an attribute, the content is compared."},
			{Name: "attributes", Type: providers.List, Doc: "Further attributes that row has, a string each: the first value, or null without one. Those that the usual fields are made of are there anyway, but for photos."},
			{Name: "lists", Type: providers.List, Doc: "Attributes that row has with all of their values: a list each."},
			{Name: "known_as", Type: providers.String, Doc: "Address that its place is made of (default: that of the block, \"folder.people\"). Write the old one here when the block is renamed."},
			{Name: "fields", Type: providers.MappedBlock, Doc: "What the contacts say, as expressions over row. Only what it names is there. Default: name, mail addresses, business telephones, title, department, organization, business address, web page and photo."},
		},
	}
}

// Locate is the server and the base of the search, with the address of the block: a folder is what a block makes of them, and never written, so two on one base are
// two. What else the block says is no part of it: with another filter it is the same folder, from which some are gone and to which some have come. Nor is it
// whether the connection is encrypted.
func (Driver) Locate(p providers.Config, f providers.FolderConfig) (string, error) {
	s, err := settingsOf(p)
	if err != nil {
		return "", err
	}
	q, err := folderQuery(f)
	if err != nil {
		return "", err
	}
	server := cmp.Or(p.Attributes.String("known_as"), s.shown)
	return server + "/" + cmp.Or(q.base, s.base) + "#" + cmp.Or(f.Attributes.String("known_as"), f.Address), nil
}

// Open checks the block. It asks nobody.
func (d Driver) Open(_ context.Context, cfg providers.Config) (providers.Provider, error) {
	s, err := settingsOf(cfg)
	if err != nil {
		return nil, err
	}
	if s.security, s.timeout, err = web.Security(cfg); err != nil {
		return nil, fmt.Errorf("ldap: %w", err)
	}
	if s.security.ServerName == "" {
		s.security.ServerName = s.hostname
	}
	p := &provider{config: cfg, settings: s, now: d.Now, free: make(chan struct{}, connections)}
	if p.now == nil {
		p.now = time.Now
	}
	cfg.Secrets.Add(s.password)
	return p, nil
}
