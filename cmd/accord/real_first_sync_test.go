package main

import (
	"fmt"
	"net/http"
	"os"
	"strconv"
	"testing"

	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/reconcile/state"
	"github.com/accord-sync/accord/schema"
)

// TestFirstSyncOfAddressBooks makes a mesh of two address books on different servers that hold the same people: as vCard 3.0 and 4.0, with telephone numbers written
// in different ways, and a third of them under other UIDs. Nobody is there twice afterwards, and nothing is left to do. ACCORD_OPERATIONS=500 makes
// them as large as the promise, which takes a minute and a half.
func TestFirstSyncOfAddressBooks(t *testing.T) {
	radicale, cyrus := servers.One(t, "radicale"), servers.One(t, "cyrus")
	contacts := 60
	if text := os.Getenv("ACCORD_OPERATIONS"); text != "" {
		var err error
		if contacts, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	books := map[string]string{radicale.Name: radicale.MakeAddressBook(t, "alice"), cyrus.Name: cyrus.MakeAddressBook(t, "alice")}
	for i := range contacts {
		uid := fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i)
		putCard(t, radicale, books[radicale.Name], uid, "VERSION:4.0", fmt.Sprintf("TEL;TYPE=work;VALUE=uri:tel:+44-20-7946-%04d", i), i)
		if i%3 == 1 {
			uid = fmt.Sprintf("%d-elsewhere", i)
		}
		number := []string{"+44 20 7946 %04d", "+44 (20) 7946-%04d", "+44207946%04d"}[i/3%3]
		putCard(t, cyrus, books[cyrus.Name], uid, "VERSION:3.0", "TEL;TYPE=WORK:"+fmt.Sprintf(number, i), i)
	}
	p := newPlace(t, fmt.Sprintf(`accord { workspace = "books" }
provider "carddav" "radicale" {
  url      = %q
  username = "alice"
  password = %q
}
provider "carddav" "cyrus" {
  url      = %q
  username = "alice"
  password = %q
}
folder "here" {
  provider = provider.carddav.radicale
  kind     = "contacts"
  path     = %q
}
folder "there" {
  provider = provider.carddav.cyrus
  kind     = "contacts"
  path     = %q
}
mesh "book" {
  folders = [folder.here, folder.there]
  profile = "two_way"
}
`, radicale.Base, radicale.Password("alice"), cyrus.Base, cyrus.Password("alice"), books[radicale.Name], books[cyrus.Name]))
	program := testProgram()
	ws, _, diags := schema.Load(p.dir, schema.Options{Drivers: program.drivers})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	st := state.Memory()
	for n, want := range []plan.Summary{{Adopt: contacts}, {Unchanged: contacts}} {
		e := reconcile.New(ws, program.drivers, reconcile.Options{Now: program.now})
		made, err := e.Plan(t.Context(), st, reconcile.Request{})
		if err != nil {
			t.Fatal(err)
		}
		if s := made.Document.Summary; s.Adopt != want.Adopt || s.Unchanged != want.Unchanged || s.Add+s.Delete+s.Conflict+s.Ambiguous > 0 {
			t.Errorf("plan %d says %+v", n+1, s)
		}
		if _, err := e.Apply(t.Context(), st, made); err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// putCard puts a contact into an address book as another client does.
func putCard(t *testing.T, s servers.Server, book, uid, version, phone string, i int) {
	t.Helper()
	text := "BEGIN:VCARD\r\n" + version + "\r\nUID:" + uid + fmt.Sprintf("\r\nFN:Person %03d of the firm\r\nN:of the firm;Person %03[1]d;;;\r\nEMAIL:person%03[1]d@example.com\r\n", i) + phone + "\r\nEND:VCARD\r\n"
	if a := s.Do(t, "alice", http.MethodPut, book+uid+".vcf", text, "Content-Type", "text/vcard; charset=utf-8"); a.Status >= 300 {
		t.Fatalf("%s: PUT: status %d: %s", s.Name, a.Status, a.Body)
	}
}
