package main

import (
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// rowsCanary is a password as databases and directories are given it.
const rowsCanary = "Pb4RowsHd8Yx"

// parrot is a server that says back what it is sent, whatever it is, and knows whether it heard a text.
func parrot(t *testing.T) (address string, heard func(string) bool) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var mu sync.Mutex
	var all []byte
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_ = conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond)) // a database that waits to be greeted has waited long enough
				buffer := make([]byte, 4096)
				n, _ := io.ReadAtLeast(conn, buffer, 8)
				mu.Lock()
				all = append(all, buffer[:n]...)
				mu.Unlock()
				_, _ = conn.Write(buffer[:n])
			}()
		}
	}()
	return l.Addr().String(), func(text string) bool {
		mu.Lock()
		defer mu.Unlock()
		return strings.Contains(string(all), text)
	}
}

// TestNoCanaryOfRowsComesOut: passwords of databases and directories are in nothing that is said or written, whether their server repeats what it was sent, is no such server or is gone, and
// whether a data block asks for rows or a folder does.
func TestNoCanaryOfRowsComesOut(t *testing.T) {
	echo, heard := parrot(t)
	secret := "a/" + rowsCanary + `+"&é`
	escaped := url.QueryEscape(secret)
	for name, given := range map[string][2]string{ // the provider's block, and the sensitive value
		"postgres":            {`driver = "postgres"`, "postgres://accord:" + escaped + "@SERVER/office?sslmode=disable"},
		"postgres, in words":  {`driver = "postgres"`, "host=127.0.0.1 port=PORT user=accord password='" + strings.ReplaceAll(secret, "'", "") + "' sslmode=disable"},
		"postgres, a mistake": {`driver = "postgres"`, "postgres://accord:" + secret + "@SERVER:x/office"},
		"mysql":               {`driver = "mysql"`, "accord:" + secret + "@tcp(SERVER)/office"},
		"mysql, a mistake":    {`driver = "mysql"`, "accord:" + secret + "@tcp(SERVER"},
		"sqlserver":           {`driver = "sqlserver"`, "sqlserver://accord:" + escaped + "@SERVER?database=office&encrypt=disable"},
		"sqlite":              {`driver = "sqlite"`, "file:none.db?_pragma=key('" + rowsCanary + "')"},
		"ldap":                {"bind_dn = \"cn=accord\"\n  url = \"ldap://SERVER\"", secret},
	} {
		for _, at := range []string{echo, "127.0.0.1:1"} {
			_, port, _ := strings.Cut(at, ":")
			there := strings.NewReplacer("SERVER", at, "PORT", port)
			driver, attribute, data, folder := "sql", "dsn", `query = "select 1 as id"`, "query = \"select 1 as id\"\n  key = [\"id\"]\n  fields { summary = row.id }"
			if name == "ldap" {
				driver, attribute, data, folder = "ldap", "bind_password", "base = \"o=x\"\n  filter = \"(cn=*)\"\n  attributes = [\"cn\"]", "search_base = \"o=x\""
			}
			kind := map[string]string{"sql": "calendar", "ldap": "contacts"}[driver]
			head := there.Replace(fmt.Sprintf("accord { workspace = \"rows\" }\nvariable \"secret\" {\n  sensitive = true\n}\nprovider %q \"p\" {\n  %s\n  timeout = \"2s\"\n  %s = var.secret\n}\nprovider \"vdir\" \"v\" { path = \"data\" }\n", driver, given[0], attribute))
			p := newPlace(t, "")
			for what, block := range map[string]string{
				"data": fmt.Sprintf("data %q \"d\" {\n  provider = provider.%[1]s.p\n  key = \"id\"\n  %s\n}\nlocals { n = length(data.%[1]s.d.rows) }\n", driver, data),
				"folder": fmt.Sprintf("folder \"f\" {\n  provider = provider.%s.p\n  kind = %q\n  %s\n}\nfolder \"g\" {\n  provider = provider.vdir.v\n  kind = %[2]q\n  path = \"g\"\n  create = true\n}\n"+
					"relationship \"r\" {\n  source = folder.f\n  destination = folder.g\n  profile = \"one_way\"\n}\n", driver, kind, folder),
			} {
				p.configure(head + block)
				for _, line := range []string{"check", "plan -json -out=saved.plan", "apply -auto-approve"} {
					args := append(strings.Fields(line), "-var=secret="+there.Replace(given[1]))
					code, out, stderr := runIn(t.Context(), p.dir, drivers(nil), args...)
					if slices.ContainsFunc(forms(rowsCanary), func(form string) bool { return strings.Contains(out+stderr, form) }) {
						t.Errorf("%s, %s at %s: accord %s says the secret:\n%s%s", name, what, at, line, out, stderr)
					}
					if code == 0 && (line == "apply -auto-approve" || line == "check") && what == "folder" {
						t.Errorf("%s, %s at %s: accord %s went well, so the run proves little\n%s%s", name, what, at, line, out, stderr)
					}
				}
			}
			for name, text := range filesBelow(t, p.dir) {
				if slices.ContainsFunc(forms(rowsCanary), func(form string) bool { return strings.Contains(name+text, form) }) {
					t.Errorf("%s holds the secret", name)
				}
			}
		}
	}
	if !heard(rowsCanary) { // that of an LDAP bind, which is sent as it is
		t.Error("the server never saw the secret: too little to prove anything")
	}
}
