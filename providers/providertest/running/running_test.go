package running

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"
)

func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("ACCORD_SERVERS", dir)
	if err := os.Mkdir(filepath.Join(dir, "postgres"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "postgres", "env"), []byte("HOST='127.0.0.1'\nPORT='1'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Find("postgres", "HOST", "PORT")
	if err != nil || s.Name != "postgres" || s.Value("HOST") != "127.0.0.1" || s.Value("PASSWORD") != "" {
		t.Errorf("found %+v, %v", s, err)
	}
	_, err = Find("postgres", "HOST", "USER")
	names(t, err, "USER")
	_, err = Find("slapd")
	names(t, err, "slapd")
	t.Setenv("ACCORD_SERVERS", "")
	_, err = Find("postgres")
	names(t, err, "ACCORD_SERVERS")
}

func names(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the error is %v, and does not name %s", err, want)
	}
}

// TestNewDatabase makes two databases on every server that runs, and finds that they are two and that they are gone afterwards.
func TestNewDatabase(t *testing.T) {
	Each(t, Databases(), func(t *testing.T, server string) {
		One(t, server)
		var made Database
		t.Run("made", func(t *testing.T) {
			made = NewDatabase(t, server)
			for _, d := range []Database{made, NewDatabase(t, server)} {
				if _, err := d.Open(t).Exec("create table lesson (id integer); insert into lesson values (1)"); err != nil {
					t.Errorf("%s: %v", d.Name, err)
				}
			}
		})
		db, err := made.open()
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.Ping(); err == nil {
			t.Errorf("%s is still there", made.Name)
		}
	})
}

// TestNewSubtree makes a part with an entry in it on every directory that runs, and finds that it is gone afterwards.
func TestNewSubtree(t *testing.T) {
	Each(t, Directories(), func(t *testing.T, server string) {
		One(t, server)
		var made Directory
		t.Run("made", func(t *testing.T) {
			made = NewSubtree(t, server)
			c := made.Connect(t)
			for _, dn := range []string{"ou=people," + made.Base, "ou=staff,ou=people," + made.Base} {
				unit := ldap.NewAddRequest(dn, nil)
				unit.Attribute("objectClass", []string{"organizationalUnit"})
				if err := c.Add(unit); err != nil {
					t.Fatal(err)
				}
			}
		})
		_, err := made.Connect(t).Search(ldap.NewSearchRequest(made.Base, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", nil, nil))
		if !ldap.IsErrorWithCode(err, ldap.LDAPResultNoSuchObject) {
			t.Errorf("%s is still there: %v", made.Base, err)
		}
	})
}
