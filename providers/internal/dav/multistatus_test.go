package dav

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// entries reads a multistatus, each entry as "href status etag data".
func entries(body io.Reader) (list []string, t trailer, err error) {
	t, err = readMultistatus(body, func(r *response) error {
		data := "-"
		if r.props.data != nil {
			data = string(r.props.data)
		}
		list = append(list, fmt.Sprintf("%s %d/%d %s %q", r.href, r.status, r.failed, r.props.etag, data))
		return nil
	})
	return list, t, err
}

const whole = `<?xml version="1.0"?>
<multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav">
<response><href> /a.ics </href><propstat><prop><getetag>"1"</getetag><C:calendar-data>BEGIN:X&#13;
A:&lt;&amp;&gt;</C:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>
<response><href>/b.ics</href><status>HTTP/1.1 404 Not Found</status></response>
<sync-token>t</sync-token></multistatus>`

func TestMultistatus(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want string
	}{
		"whole": {whole, `[/a.ics 0/0 "1" "BEGIN:X\r\nA:<&>" /b.ics 404/0  "-"] t`},
		"prefixes, and the status first": {`<x:multistatus xmlns:x="DAV:" xmlns:y="urn:ietf:params:xml:ns:carddav"><x:response><x:href>/a</x:href><x:propstat><x:status>HTTP/1.1 200 OK</x:status><x:prop><y:address-data><![CDATA[BEGIN & END]]></y:address-data></x:prop></x:propstat></x:response></x:multistatus>`,
			`[/a 0/0  "BEGIN & END"] `},
		"status lines": {`<multistatus xmlns="DAV:"><response><href>/a</href><status>HTTP/1.1 403</status></response><response><href>/b</href><status>507</status></response><response><href>/c</href><status>HTTP/2 500 a b</status></response></multistatus>`,
			`[/a 403/0  "-" /b 507/0  "-" /c 500/0  "-"] `},
		"what failed counts for nothing": {`<multistatus xmlns="DAV:"><response><href>/a</href><propstat><prop><getetag>"no"</getetag></prop><status>HTTP/1.1 404 Not Found</status></propstat><propstat><prop><getetag>W/"yes"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>`,
			`[/a 0/404 W/"yes" "-"] `},
		"what is not known is passed": {`<multistatus xmlns="DAV:"><odd xmlns="x"><response><href>/no</href></response></odd><response><new/><href>/a</href><propstat><prop><odd xmlns="x"><getetag xmlns="DAV:">"no"</getetag></odd></prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>`,
			`[/a 0/0  "-"] `},
		"nothing in it":     {`<multistatus xmlns="DAV:"/>`, `[] `},
		"no href":           {`<multistatus xmlns="DAV:"><response><status>HTTP/1.1 200 OK</status></response></multistatus>`, `[ 200/0  "-"] `},
		"no status line":    {`<multistatus xmlns="DAV:"><response><href>/a</href><status>fine</status></response></multistatus>`, `[/a 0/0  "-"] `},
		"another namespace": {`<multistatus xmlns="DAV"/>`, "it is no multistatus"},
		"a feed":            {`<feed xmlns="http://www.w3.org/2005/Atom"/>`, "it is no multistatus"},
		"words":             {`The server is down.`, "it is no multistatus"},
		"nothing":           {``, "unexpected EOF"},
		"an odd character":  {"<multistatus xmlns=\"DAV:\"><response><href>/\x01</href></response></multistatus>", "illegal character"},
	} {
		list, trailer, err := entries(strings.NewReader(c.body))
		got := fmt.Sprint(list, " ", trailer.token)
		if err != nil {
			got = err.Error()
		}
		if got != c.want && (err == nil || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestACutMultistatus cuts one at every byte: what was given until then is a part of the whole, and that there is no more is an error which says so.
func TestACutMultistatus(t *testing.T) {
	all, _, err := entries(strings.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		for _, body := range []io.Reader{strings.NewReader(whole[:n]), io.MultiReader(strings.NewReader(whole[:n]), iotest.ErrReader(io.ErrUnexpectedEOF))} {
			list, _, err := entries(body)
			if !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("cut at %d, after %q: %v", n, whole[max(0, n-20):n], err)
			}
			if len(list) > len(all) || len(list) > 0 && list[0] != all[0] {
				t.Errorf("cut at %d: %v", n, list)
			}
		}
	}
}

// FuzzMultistatus feeds what servers may send: it ends, without a panic, and what is none is not taken for one.
func FuzzMultistatus(f *testing.F) {
	f.Add(whole)
	f.Add(`<x:multistatus xmlns:x="DAV:"><x:response><x:href>/a</x:href><x:propstat><x:prop><x:current-user-privilege-set><x:privilege><x:read/></x:privilege></x:current-user-privilege-set></x:prop></x:propstat></x:response></x:multistatus>`)
	f.Fuzz(func(t *testing.T, body string) {
		_, err := readMultistatus(strings.NewReader(body), func(*response) error { return nil })
		if err == nil && !strings.Contains(body, "multistatus") {
			t.Errorf("%q was read", body)
		}
	})
}

// BenchmarkMultistatus reads 10,000 entries: memory does not grow with their number.
func BenchmarkMultistatus(b *testing.B) {
	entry := `<response><href>/dav/calendars/alice/work/item-000001.ics</href><propstat><prop><getetag>"0123456789abcdef"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat></response>`
	body := `<multistatus xmlns="DAV:">` + strings.Repeat(entry, 10_000) + `</multistatus>`
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if _, err := readMultistatus(strings.NewReader(body), func(*response) error { n++; return nil }); err != nil || n != 10_000 {
			b.Fatal(n, err)
		}
	}
}
