package caldav_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/caldav"
	"github.com/accord-sync/accord/providers/davtest"
)

// TestDiscover finds the same calendars from wherever an account may be told to begin, at servers that lead there in different ways.
func TestDiscover(t *testing.T) {
	moved := http.Header{"Location": {"/dav/"}}
	for name, c := range map[string]struct {
		behaviour davtest.Behaviour
		at        string        // path of url
		want      string        // in the error; "": it works
		fault     davtest.Fault // of what is at path at
	}{
		"the root":                         {davtest.Behaviour{}, "/dav/", "", davtest.Fault{}},
		"nothing but the host":             {davtest.Behaviour{}, "", "", davtest.Fault{}},
		"the principal":                    {davtest.Behaviour{}, "/dav/principals/alice/", "", davtest.Fault{}},
		"the home":                         {davtest.Behaviour{}, "/dav/calendars/alice/", "", davtest.Fault{}},
		"a calendar":                       {davtest.Behaviour{}, "/dav/calendars/alice/work/", "", davtest.Fault{}},
		"elsewhere":                        {davtest.Behaviour{}, "/other/", "", davtest.Fault{}},
		"well-known by 302":                {davtest.Behaviour{WellKnown: 302}, "/other/", "", davtest.Fault{}},
		"well-known by 307":                {davtest.Behaviour{WellKnown: 307}, "/other/", "", davtest.Fault{}},
		"well-known by 308":                {davtest.Behaviour{WellKnown: 308}, "/other/", "", davtest.Fault{}},
		"no well-known":                    {davtest.Behaviour{WellKnown: 404}, "/other/", "404", davtest.Fault{}},
		"an empty well-known":              {davtest.Behaviour{WellKnown: 200}, "/other/", "404", davtest.Fault{}},
		"a redirect":                       {davtest.Behaviour{}, "/moved/", "", davtest.Fault{Status: 301, Header: moved}},
		"a redirect that keeps the method": {davtest.Behaviour{}, "/moved/", "", davtest.Fault{Status: 308, Header: moved}},
		"a circle":                         {davtest.Behaviour{}, "/dav/", "redirect", davtest.Fault{Status: 302, Header: moved}},
		"whole hrefs":                      {davtest.Behaviour{Hrefs: davtest.HrefAbsolute}, "/dav/", "", davtest.Fault{}},
		"encoded hrefs":                    {davtest.Behaviour{Hrefs: davtest.HrefEncoded}, "/dav/", "", davtest.Fault{}},
		"scheduling":                       {davtest.Behaviour{Scheduling: true}, "/dav/", "", davtest.Fault{}},
		"files in the home":                {davtest.Behaviour{HomeFiles: true, StatusFirst: true}, "/dav/", "", davtest.Fault{}},
		"Digest":                           {davtest.Behaviour{Auth: davtest.AuthDigest}, "/dav/", "", davtest.Fault{}},
		"Digest with SHA-256":              {davtest.Behaviour{Auth: davtest.AuthDigestSHA256}, "/dav/", "", davtest.Fault{}},
		"home on an unknown host":          {davtest.Behaviour{HomeURL: "http://other.example"}, "/dav/", "other.example", davtest.Fault{}},
		"a login page":                     {davtest.Behaviour{}, "/dav/", "login page", davtest.LoginPage},
		"no counts":                        {davtest.Behaviour{FailingReport: map[string]int{"calendar-query": 403}}, "/dav/", "", davtest.Fault{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := davtest.New(c.behaviour)
			ts := s.Start(t)
			s.Fill(s.AddCalendar("alice", "work", "VEVENT"), 3)
			s.AddCalendar("alice", "to do", "VTODO")
			s.AddCalendar("bob", "other", "VEVENT")
			s.AddAddressbook("alice", "friends")
			s.ReadOnly("/dav/calendars/alice/to%20do/", true)
			if c.fault.Status != 0 {
				s.Fail(davtest.Match{Path: c.at}, c.fault)
			}
			p, err := caldav.Driver{}.Open(t.Context(), providers.Config{Address: "provider.caldav.test", Dir: t.TempDir(),
				Attributes: providers.Attributes{"url": ts.URL + c.at, "username": "alice", "password": "alicepw"}})
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			found, err := p.Discover(t.Context())
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v, want an error that says %q", err, c.want)
				}
				return
			}
			items := 3
			if c.behaviour.FailingReport != nil {
				items = -1
			}
			var got []string
			for _, d := range found {
				got = append(got, fmt.Sprintf("%s %q %s %d %t", d.Kind, d.Name, d.Attributes.String("path"), d.Items, d.ReadOnly))
			}
			want := fmt.Sprintf("tasks %q /dav/calendars/alice/to do/ %d true; calendar %q /dav/calendars/alice/work/ %d false", "to do", min(0, items), "work", items)
			if err != nil || strings.Join(got, "; ") != want {
				t.Errorf("found %s (%v), want %s", strings.Join(got, "; "), err, want)
			}
		})
	}
}

// TestHomeOnAnotherServer follows an account to where its calendars are. A host that is another machine gets no password over http.
func TestHomeOnAnotherServer(t *testing.T) {
	homes := davtest.New(davtest.Behaviour{})
	at := homes.Start(t)
	homes.AddCalendar("alice", "work", "VEVENT")
	first := davtest.New(davtest.Behaviour{HomeURL: at.URL})
	p, err := caldav.Driver{}.Open(t.Context(), providers.Config{Address: "provider.caldav.test", Dir: t.TempDir(),
		Attributes: providers.Attributes{"url": first.Start(t).URL, "username": "alice", "password": "alicepw"}})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	found, err := p.Discover(t.Context())
	if err != nil || len(found) != 1 || found[0].Attributes.String("path") != at.URL+"/dav/calendars/alice/work/" {
		t.Fatalf("found %v (%v)", found, err)
	}
	f, err := p.Folder(t.Context(), providers.FolderConfig{Address: "folder.test", Kind: found[0].Kind, Attributes: found[0].Attributes})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Changes(t.Context(), "", func(providers.Change) error { return nil }); err != nil {
		t.Error(err)
	}
}
