package ldap_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/ldap"
	"github.com/accord-sync/accord/schema/pim"
)

// TestProviderBlocks: what cannot be meant is refused before anybody is asked, and a password goes where nobody can read it on the way.
func TestProviderBlocks(t *testing.T) {
	signed := providers.Attributes{"bind_dn": "cn=reader,dc=example", "bind_password": "secret"}
	for _, test := range []struct {
		attributes providers.Attributes
		want       string // "": it is fine
	}{
		{providers.Attributes{"url": "ldaps://dc1.example.com"}, ""},
		{providers.Attributes{"url": "ldap://dc1.example.com"}, ""},
		{providers.Attributes{"url": "LDAP://dc1.example.com:1389/", "start_tls": true}, ""},
		{providers.Attributes{"url": "ldapi://%2Frun%2Fslapd%2Fldapi"}, ""},
		{with(signed, "url", "ldaps://dc1.example.com"), ""},
		{with(signed, "url", "ldap://dc1.example.com", "start_tls", true), ""},
		{with(signed, "url", "ldap://dc1.example.com", "insecure", true), ""},
		{with(signed, "url", "ldap://127.0.0.2"), ""},
		{with(signed, "url", "ldap://[::1]:3890"), ""},
		{with(signed, "url", "ldap://localhost"), ""},
		{with(signed, "url", "ldapi://%2Frun%2Fldapi"), ""},
		{with(signed, "url", "ldap://dc1.example.com"), "the password would go to dc1.example.com:389 over plain ldap"},
		{with(signed, "url", "ldap://localhost.example.com"), "over plain ldap"},
		{providers.Attributes{"url": "https://dc1.example.com"}, "is no address such as"},
		{providers.Attributes{"url": "dc1.example.com"}, "is no address such as"},
		{providers.Attributes{"url": "ldaps://reader:secret@dc1.example.com"}, "write bind_dn and bind_password"},
		{providers.Attributes{"url": "ldaps://rea der:secret@dc1.example.com"}, "write bind_dn and bind_password"},
		{providers.Attributes{"url": "ldap://dc1.example.com/dc=example"}, "base for where to search"},
		{providers.Attributes{"url": "ldapi://"}, "is no address such as"},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "start_tls": true}, "is encrypted already"},
		{providers.Attributes{"url": "ldapi://%2Frun%2Fldapi", "start_tls": true}, "a socket never leaves"},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "bind_dn": "cn=reader"}, "bind_dn needs a password"},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "bind_dn": "cn=reader", "bind_password": ""}, "bind_password is empty"},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "bind_password": "secret"}, "it has no bind_dn"},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "base": "example.com"}, `base "example.com" is no DN`},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "page_size": 0.0}, "page_size is 0"},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "page_size": 1.5}, "page_size is 1.5"},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "timeout": "soon"}, `timeout "soon" is no duration`},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "ca_file": "none.pem"}, `ca_file "none.pem" cannot be read`},
		{providers.Attributes{"url": "ldaps://dc1.example.com", "client_cert_file": "a.pem"}, "client_cert_file and client_key_file go together"},
	} {
		p, err := ldap.Driver{}.Open(t.Context(), providers.Config{Address: "provider.ldap.x", Dir: t.TempDir(), Attributes: test.attributes})
		if err == nil {
			p.Close()
		}
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%v is refused: %v", test.attributes, err)
		case test.want != "" && (providers.ClassOf(err) != providers.Refused || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "provider.ldap.x")):
			t.Errorf("%v gives %v, want an error of class refused that says %q", test.attributes, err, test.want)
		case err != nil && strings.Contains(err.Error(), "secret"):
			t.Errorf("the error shows the password: %v", err)
		}
	}
}

func with(a providers.Attributes, more ...any) providers.Attributes {
	a = maps.Clone(a)
	for i := 0; i < len(more); i += 2 {
		a[more[i].(string)] = more[i+1]
	}
	return a
}

func TestFolderBlocks(t *testing.T) {
	provider := providers.Config{Address: "provider.ldap.x", Attributes: providers.Attributes{"url": "ldaps://DC1.example.com", "base": "dc=example,dc=com"}}
	for _, test := range []struct {
		attributes providers.Attributes
		want       string // of the location, or of the error
		refused    bool
	}{
		{nil, "dc1.example.com/dc=example,dc=com#folder.people", false},
		{providers.Attributes{"search_base": "ou=people,dc=example,dc=com"}, "dc1.example.com/ou=people,dc=example,dc=com#folder.people", false},
		{providers.Attributes{"search_filter": "(mail=*)", "exclude": []string{"(cn=x)"}, "member_of": []string{"cn=a"}}, "dc1.example.com/dc=example,dc=com#folder.people", false},
		{providers.Attributes{"search_filter": "mail=*"}, `search_filter "mail=*" is no filter`, true},
		{providers.Attributes{"exclude": []string{"(&(cn=x)"}}, `exclude "(&(cn=x)" is no filter`, true},
		{providers.Attributes{"member_of": []string{"staff"}}, `member_of "staff" is no DN`, true},
		{providers.Attributes{"search_base": "people"}, `search_base "people" is no DN`, true},
		{providers.Attributes{"scope": "all"}, `scope "all" is none of`, true},
		{providers.Attributes{"key": "dn"}, "another one is when an entry is renamed", true},
		{providers.Attributes{"key": "u id"}, `"u id" is no name of an attribute`, true},
		{providers.Attributes{"attributes": []string{"mail"}, "lists": []string{"Mail"}}, `"Mail" is in attributes and in lists`, true},
	} {
		location, err := ldap.Driver{}.Locate(provider, contacts(test.attributes))
		switch {
		case test.refused && (providers.ClassOf(err) != providers.Refused || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%v gives %v, want an error that says %q", test.attributes, err, test.want)
		case !test.refused && (err != nil || location != test.want):
			t.Errorf("%v is at %q (%v), want %q", test.attributes, location, err, test.want)
		}
	}
	provider.Attributes["url"], provider.Attributes["known_as"] = "ldaps://dc2.example.com", "dc1.example.com"
	cfg := contacts(providers.Attributes{"known_as": "folder.people"})
	cfg.Address = "folder.staff"
	if at, err := (ldap.Driver{}).Locate(provider, cfg); err != nil || at != "dc1.example.com/dc=example,dc=com#folder.people" {
		t.Errorf("moved and renamed, it is at %q (%v)", at, err)
	}
	cfg.Kind = pim.Calendar
	if _, err := (ldap.Driver{}).Locate(provider, cfg); providers.ClassOf(err) != providers.Refused || !strings.Contains(err.Error(), `write kind = "contacts"`) {
		t.Errorf("a calendar in a directory is %v", err)
	}
}

// TestSocket: without a name, whoever runs the program is who the socket says.
func TestSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "ldapi") // short: the name of a socket has some hundred octets
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "s")
	f := &fake{socket: path, search: func(q asked) reply { return paged(people(2), q) }}
	uids, err := read(t, f.directory(t, providers.Attributes{"url": "ldapi://" + strings.ReplaceAll(path, "/", "%2F")}), nil)
	if err != nil || len(uids) != 2 || f.signed != 1 {
		t.Errorf("%d were read, and it was signed in %d times (%v)", len(uids), f.signed, err)
	}
}
