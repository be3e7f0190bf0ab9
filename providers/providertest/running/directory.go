package running

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

// Directories are the servers that [NewSubtree] knows.
func Directories() []string { return []string{"slapd", "samba"} }

// Directory is a part of a directory on a server that runs.
type Directory struct {
	Server   string
	URL      string // ldap://…, with StartTLS; Samba takes no passwords without
	LDAPS    string
	CAFile   string // what signed the server's certificate
	Bind     string // may do everything
	Password string
	Root     string // the directory's own base: dc=example,dc=test
	Base     string // the part's
}

// NewSubtree makes an organizational unit that nobody else knows on one of the [Directories]; see [One] for when that server does not run. It is removed when
// the test ends, with all that is below.
func NewSubtree(t testing.TB, server string) Directory {
	t.Helper()
	s := One(t, server)
	d := Directory{
		Server: server, URL: s.Value("URL"), LDAPS: s.Value("LDAPS"), CAFile: s.Value("CA_FILE"), Bind: s.Value("BIND"), Password: s.Value("PASSWORD"),
		Root: s.Value("BASE"),
	}
	name := unused()
	d.Base = "ou=" + name + "," + d.Root
	unit := ldap.NewAddRequest(d.Base, nil)
	unit.Attribute("objectClass", []string{"organizationalUnit"})
	unit.Attribute("ou", []string{name})
	if err := d.Connect(t).Add(unit); err != nil {
		t.Fatalf("%s: %v", server, err)
	}
	t.Cleanup(func() {
		if err := d.clear(); err != nil {
			t.Errorf("%s: cannot remove %s: %v", server, d.Base, err)
		}
	})
	return d
}

// Connect signs in as who may do everything. The connection is closed when the test ends.
func (d Directory) Connect(t testing.TB) *ldap.Conn {
	t.Helper()
	c, err := d.dial()
	if err != nil {
		t.Fatalf("%s: %v", d.Server, err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func (d Directory) dial() (*ldap.Conn, error) {
	authority, err := os.ReadFile(d.CAFile)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(authority)
	c, err := ldap.DialURL(d.LDAPS, ldap.DialWithTLSConfig(&tls.Config{RootCAs: pool}))
	if err != nil {
		return nil, err
	}
	c.SetTimeout(patience)
	if err := c.Bind(d.Bind, d.Password); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// clear removes the part, from the leaves up.
func (d Directory) clear() error {
	c, err := d.dial()
	if err != nil {
		return err
	}
	defer c.Close()
	found, err := c.SearchWithPaging(ldap.NewSearchRequest(d.Base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{"1.1"}, nil), 500)
	if err != nil {
		return err
	}
	slices.SortFunc(found.Entries, func(a, b *ldap.Entry) int { return strings.Count(b.DN, ",") - strings.Count(a.DN, ",") })
	for _, e := range found.Entries {
		if err := c.Del(ldap.NewDelRequest(e.DN, nil)); err != nil {
			return err
		}
	}
	return nil
}
