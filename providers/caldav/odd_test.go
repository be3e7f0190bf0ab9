package caldav_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/caldav"
	"github.com/accord-sync/accord/providers/davtest"
	"github.com/accord-sync/accord/schema/pim"
)

// openPlayed is a calendar of a server that behaves so, with the items given by name.
func openPlayed(t *testing.T, b davtest.Behaviour, items map[string]string) (providers.Folder, *davtest.Server, string) {
	t.Helper()
	s := davtest.New(b)
	ts := s.Start(t)
	path := s.AddCalendar("alice", "work", "VEVENT")
	for name, text := range items {
		s.Put(path+name, text)
	}
	p, err := caldav.Driver{}.Open(t.Context(), providers.Config{Address: "provider.caldav.test", Dir: t.TempDir(),
		Attributes: providers.Attributes{"url": ts.URL, "username": "alice", "password": "alicepw"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	f, err := p.Folder(t.Context(), at(path, pim.Calendar))
	if err != nil {
		t.Fatal(err)
	}
	return f, s, path
}

func eventText(uid, more string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\nUID:" + uid + "\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20270104T100000Z\r\nSUMMARY:" + uid + "\r\n" + more +
		"END:VEVENT\r\nEND:VCALENDAR\r\n"
}

func parsed(t *testing.T, text string) *pim.Item {
	t.Helper()
	it, err := pim.Parse(pim.Calendar, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

// listing is what a folder lists: versions by ref.
func listing(t *testing.T, f providers.Folder) (map[string]string, providers.Read) {
	t.Helper()
	versions := map[string]string{}
	read, err := f.Changes(t.Context(), "", func(c providers.Change) error {
		versions[c.Ref] = c.Version
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return versions, read
}

// TestOneBadEntryAmongGoodOnes: an item that the server cannot show is one that is there and cannot be read, and the others are read.
func TestOneBadEntryAmongGoodOnes(t *testing.T) {
	for _, b := range []davtest.Behaviour{{}, {ErrorsInProps: true}, {NoReason: true, StatusFirst: true}, davtest.Radicale(), davtest.Xandikos(), davtest.DAViCal(), davtest.SOGo()} {
		for status, class := range map[int]providers.Class{403: providers.Unauthorized, 500: providers.Transient} {
			f, s, path := openPlayed(t, b, map[string]string{"good.ics": eventText("good", ""), "bad.ics": eventText("bad", ""), "fine.ics": eventText("fine", "")})
			s.Spoil(path+"bad.ics", status)
			versions, read := listing(t, f)
			if _, there := versions["bad.ics"]; !there && read.Complete || versions["good.ics"] == "" || versions["fine.ics"] == "" {
				t.Errorf("%+v, %d: listed %v, complete: %v", b, status, versions, read.Complete)
			}
			got := map[string]providers.Class{}
			if err := f.Fetch(t.Context(), []string{"good.ics", "bad.ics", "fine.ics"}, func(one providers.Fetched) error {
				got[one.Ref] = providers.ClassOf(one.Err)
				return nil
			}); err != nil {
				t.Error(err)
			}
			if got["good.ics"] != providers.Done || got["fine.ics"] != providers.Done || got["bad.ics"] == providers.Done || got["bad.ics"] == providers.Missing || got["bad.ics"] != class && !b.ErrorsInProps {
				t.Errorf("%+v, %d: fetched %v", b, status, got)
			}
		}
	}
}

// TestHrefs: an item is the same however its href is written, and what stands in no folder of ours makes a listing partial.
func TestHrefs(t *testing.T) {
	const name = "a%2Fb%20c%C3%BC@d.ics"
	for _, b := range []davtest.Behaviour{{}, {Hrefs: davtest.HrefAbsolute}, {Hrefs: davtest.HrefAbsolute, HrefBase: "http://other.example:8080"}, {Hrefs: davtest.HrefEncoded}} {
		f, s, path := openPlayed(t, b, map[string]string{name: eventText("odd", ""), "plain.ics": eventText("plain", "")})
		versions, read := listing(t, f)
		if len(versions) != 2 || !read.Complete {
			t.Fatalf("%+v: listed %v, complete: %v", b, versions, read.Complete)
		}
		for ref, version := range versions {
			var got providers.Fetched
			if err := f.Fetch(t.Context(), []string{ref}, func(one providers.Fetched) error { got = one; return nil }); err != nil || got.Err != nil || got.Version != version {
				t.Fatalf("%+v: fetched %+v (%v), listed %q", b, got, err, version)
			}
			bern, err := pim.FieldValue(pim.Calendar, "location", "Bern")
			if err != nil {
				t.Fatal(err)
			}
			edited := got.Item.WithFields(pim.Fields{"location": bern})
			out := f.Write(t.Context(), []providers.Write{{Kind: providers.Update, Ref: ref, Version: version, Item: edited}})[0]
			if out.Class != providers.Done {
				t.Errorf("%+v: update %q: %+v", b, ref, out)
			}
		}
		for item, text := range s.Items(path) {
			if !strings.Contains(text, "LOCATION:Bern") {
				t.Errorf("%+v: %q was not written", b, item)
			}
		}
	}
}

// TestWhatServersRefuse: each no is told by its class, with the server's reason, and nothing is stored.
func TestWhatServersRefuse(t *testing.T) {
	meeting := eventText("new", "DTEND:20270104T110000Z\r\n")
	for name, c := range map[string]struct {
		behaviour davtest.Behaviour
		item      string
		class     providers.Class
		says      string
	}{
		"too large":                     {davtest.Behaviour{MaxSize: 200}, eventText("new", "DESCRIPTION:"+strings.Repeat("x", 300)+"\r\n"), providers.Refused, "max-resource-size"},
		"no room":                       {davtest.Behaviour{Quota: 10}, meeting, providers.Refused, "quota-not-exceeded"},
		"no end":                        {davtest.Behaviour{NeedEnd: true}, eventText("new", ""), providers.Refused, "DTEND must occur"},
		"a UID of another item, 409":    {davtest.Behaviour{}, eventText("there", ""), providers.Stale, "no-uid-conflict"},
		"a UID of another item, 403":    {davtest.Behaviour{UID: davtest.UIDRule{Status: 403}}, eventText("there", ""), providers.Stale, "no-uid-conflict"},
		"a UID of another item, in 207": {davtest.Xandikos(), eventText("there", ""), providers.Stale, "no-uid-conflict"},
		"an unknown component":          {davtest.Behaviour{UnknownComponent: 400}, strings.Replace(meeting, "END:VCALENDAR", "BEGIN:X-ODD\r\nX-A:1\r\nEND:X-ODD\r\nEND:VCALENDAR", 1), providers.Refused, "X-ODD"},
	} {
		t.Run(name, func(t *testing.T) {
			f, s, path := openPlayed(t, c.behaviour, map[string]string{"other.ics": eventText("there", "")})
			out := f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: parsed(t, c.item)}})[0]
			if out.Class != c.class || out.Err == nil || !strings.Contains(out.Err.Error(), c.says) {
				t.Errorf("%s: %v, want %s with %q", out.Class, out.Err, c.class, c.says)
			}
			if n := len(s.Items(path)); n != 1 {
				t.Errorf("%d items are there", n)
			}
		})
	}
	f, s, path := openPlayed(t, davtest.Behaviour{}, nil)
	s.ReadOnly(path, true)
	if out := f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: parsed(t, meeting)}})[0]; out.Class != providers.Unauthorized && out.Class != providers.Refused {
		t.Errorf("read only: %s: %v", out.Class, out.Err)
	}
	s.ReadOnly(path, false)
	s.Fail(davtest.Match{Op: "PUT"}, davtest.Fault{Status: 429, Header: http.Header{"Retry-After": {"9"}}})
	if out := f.Write(t.Context(), []providers.Write{{Kind: providers.Create, Item: parsed(t, meeting)}})[0]; out.Class != providers.Throttled || out.RetryAfter.Seconds() != 9 {
		t.Errorf("429: %s after %v: %v", out.Class, out.RetryAfter, out.Err)
	}
}
