package dav

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/accord-sync/accord/providers"
)

// say is one line for an entry.
func say(r *response) string {
	s := r.href
	add := func(format string, args ...any) { s += " " + fmt.Sprintf(format, args...) }
	if r.status != 0 {
		add("%d", r.status)
	}
	if r.props.etag != "" {
		add("etag %s", r.props.etag)
	}
	if r.props.data != nil {
		add("data %q", r.props.data)
	}
	if r.failed != 0 {
		add("failed %d", r.failed)
	}
	if len(r.conditions) > 0 {
		add("%s", strings.Join(r.conditions, ","))
	}
	if r.words != "" {
		add("%q", r.words)
	}
	if r.wrong != nil {
		add("wrong: %v", r.wrong)
	}
	return s
}

func readAll(body string) (entries []string, t trailer, err error) {
	t, err = readMultistatus(strings.NewReader(body), func(r *response) error {
		entries = append(entries, say(r))
		return nil
	})
	return entries, t, err
}

const ok = `<propstat><prop><getetag>"1"</getetag></prop><status>HTTP/1.1 200 OK</status></propstat>`

// TestReadMultistatus reads every form in which servers say things.
func TestReadMultistatus(t *testing.T) {
	for name, c := range map[string]struct {
		inside string // of a multistatus in the namespace DAV:
		want   []string
	}{
		"nothing":                       {``, nil},
		"an item":                       {`<response><href>/a</href>` + ok + `</response>`, []string{`/a etag "1"`}},
		"a status before its props":     {`<response><href>/a</href><propstat><status>HTTP/1.1 200 OK</status><prop><getetag>1</getetag></prop></propstat></response>`, []string{`/a etag 1`}},
		"no reason":                     {`<response><href>/a</href><status>HTTP/1.1 404</status></response>`, []string{`/a 404`}},
		"a status of another protocol":  {`<response><href>/a</href><status>HTTP/2 410 Gone</status></response>`, []string{`/a 410`}},
		"a number alone":                {`<response><href>/a</href><status> 507 </status></response>`, []string{`/a 507`}},
		"a reason with numbers":         {`<response><href>/a</href><status>HTTP/1.1 403 Error 500</status></response>`, []string{`/a 403`}},
		"a status that is none":         {`<response><href>/a</href><status>fine</status></response><response><href>/b</href>` + ok + `</response>`, []string{`/a wrong: the server's answer says "fine", which is no status`, `/b etag "1"`}},
		"an empty status":               {`<response><href>/a</href><status/></response>`, []string{`/a wrong: the server's answer says "", which is no status`}},
		"a negative status":             {`<response><href>/a</href><status>-40</status></response>`, []string{`/a wrong: the server's answer says "-40", which is no status`}},
		"no href":                       {`<response>` + ok + `</response><response><href>/b</href>` + ok + `</response>`, []string{` etag "1" wrong: the server's answer has an entry without href`, `/b etag "1"`}},
		"several hrefs":                 {`<response><href>/a</href><href>/b</href><status>HTTP/1.1 404 Not Found</status></response>`, []string{`/a 404`, `/b 404`}},
		"an href at the end":            {`<response>` + ok + `<href>/a</href></response>`, []string{`/a etag "1"`}},
		"blanks around":                 {"<response>\n <href>\n\t/a </href>" + ok + "\n</response>", []string{`/a etag "1"`}},
		"a property that is missing":    {`<response><href>/a</href>` + ok + `<propstat><prop><c:calendar-data/></prop><status>HTTP/1.1 404 Not Found</status></propstat></response>`, []string{`/a etag "1" failed 404`}},
		"a missing one with a value":    {`<response><href>/a</href><propstat><prop><getetag>old</getetag></prop><status>HTTP/1.1 404 Not Found</status></propstat></response>`, []string{`/a failed 404`}},
		"a propstat without status":     {`<response><href>/a</href><propstat><prop><getetag>1</getetag></prop></propstat></response>`, []string{`/a`}},
		"a propstat with a bad status":  {`<response><href>/a</href><propstat><prop><getetag>1</getetag></prop><status>OK</status></propstat></response>`, []string{`/a wrong: the server's answer says "OK", which is no status`}},
		"data":                          {`<response><href>/a</href><propstat><prop><c:calendar-data>BEGIN&#13;` + "\n" + `&lt;END</c:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>`, []string{`/a data "BEGIN\r\n<END"`}},
		"data in CDATA":                 {`<response><href>/a</href><propstat><prop><c:calendar-data><![CDATA[A<B]]>C<!-- no --><![CDATA[&D]]></c:calendar-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>`, []string{`/a data "A<BC&D"`}},
		"no data":                       {`<response><href>/a</href><propstat><prop><c:calendar-data/></prop><status>HTTP/1.1 200 OK</status></propstat></response>`, []string{`/a data ""`}},
		"data of a contact":             {`<response><href>/a</href><propstat><prop><a:address-data>V</a:address-data></prop><status>HTTP/1.1 200 OK</status></propstat></response>`, []string{`/a data "V"`}},
		"a condition":                   {`<response><href>/a</href><status>HTTP/1.1 412 Precondition Failed</status><error><c:no-uid-conflict/></error><responsedescription>UID already in use.</responsedescription></response>`, []string{`/a 412 no-uid-conflict "UID already in use."`}},
		"a condition with words":        {`<response><href>/a</href><error><c:valid-calendar-data>no <b>DTSTART</b></c:valid-calendar-data></error><status>403</status></response>`, []string{`/a 403 valid-calendar-data "no DTSTART"`}},
		"elements that nobody knows":    {`<x:odd xmlns:x="urn:x"><x:response><href>/no</href></x:response></x:odd><response><x:href xmlns:x="urn:x">/no</x:href><location><href>/no</href></location><href>/a</href>` + ok + `</response>`, []string{`/a etag "1"`}},
		"a collection that is one more": {`<response><href>/a</href>` + ok + `</response><response><href>/</href><status>HTTP/1.1 507 Insufficient Storage</status><error><number-of-matches-within-limits/></error></response>`, []string{`/a etag "1"`, `/ 507 number-of-matches-within-limits`}},
	} {
		t.Run(name, func(t *testing.T) {
			body := `<?xml version="1.0" encoding="utf-8"?><multistatus xmlns="DAV:" xmlns:c="` + nsCal + `" xmlns:a="` + nsCard + `">` + c.inside + `<sync-token>t</sync-token></multistatus>`
			entries, trailer, err := readAll(body)
			if err != nil || trailer.token != "t" || strings.Join(entries, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("it reads %q, token %q (%v), want %q", entries, trailer.token, err, c.want)
			}
		})
	}
}

// TestNoMultistatus tells what is none, what ends early and what is malformed.
func TestNoMultistatus(t *testing.T) {
	deep := strings.Repeat("<privilege>", 1000)
	for body, want := range map[string]string{
		"":                            "ends early",
		"<":                           "ends early",
		"<?xml version":               "ends early",
		`<?xml version="1.0"?>`:       "ends early",
		"<!DOCTYPE html><html>x":      "none",
		"{}":                          "none",
		"hello":                       "none",
		`<multistatus></multistatus>`: "none",
		`<multistatus xmlns="DAV"></multistatus>`:                                                 "none",
		`<feed xmlns="http://www.w3.org/2005/Atom"></feed>`:                                       "none",
		`<?xml version="1.0" encoding="koi8-r"?><multistatus xmlns="DAV:"/>`:                      "none",
		`<?xml version="1.0" encoding="us-ascii"?><multistatus xmlns="DAV:"/>`:                    "",
		"\ufeff" + `<?xml version="1.0" encoding="utf-8"?><multistatus xmlns="DAV:"/>`:            "",
		"\n\t" + `<!-- hello --><multistatus xmlns="DAV:"/>trailing`:                              "",
		`<multistatus xmlns="DAV:"><response></multistatus>`:                                      "malformed",
		`<multistatus xmlns="DAV:"><response><href>&nbsp;</href></response>`:                      "malformed",
		"<multistatus xmlns=\"DAV:\"><response><href>\x01</href></response>":                      "malformed",
		"<multistatus xmlns=\"DAV:\"><response><href>\xff</href></response>":                      "malformed",
		`<multistatus xmlns="DAV:"><response><propstat><prop><current-user-privilege-set>` + deep: "malformed",
		`<multistatus xmlns="DAV:"><response><href>/a</href>`:                                     "ends early",
	} {
		_, _, err := readAll(body)
		got := ""
		switch {
		case errors.Is(err, errNotMultistatus):
			got = "none"
		case errors.Is(err, io.ErrUnexpectedEOF):
			got = "ends early"
		case errors.As(err, new(malformed)):
			got = "malformed"
		case err != nil:
			got = err.Error()
		}
		if got != want {
			t.Errorf("%.80q is %q (%v), want %q", body, got, err, want)
		}
	}
}

const full = `<?xml version="1.0" encoding="utf-8"?>
<D:multistatus xmlns:D="DAV:" xmlns:C="` + nsCal + `"><D:response><D:href>/dav/a.ics</D:href><D:propstat><D:prop><D:getetag>"1"</D:getetag><C:calendar-data><![CDATA[BEGIN]]>:&amp;</C:calendar-data></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>
<D:response><D:href>/dav/b.ics</D:href><D:status>HTTP/1.1 404 Not Found</D:status></D:response><D:sync-token>data:,1</D:sync-token></D:multistatus>`

// TestCutMultistatus cuts an answer at every byte. It never counts as whole, and what was given before the cut is what the whole says.
func TestCutMultistatus(t *testing.T) {
	whole, _, err := readAll(full)
	if err != nil || len(whole) != 2 {
		t.Fatalf("%q, %v", whole, err)
	}
	for n := range len(full) {
		entries, _, err := readAll(full[:n])
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("cut after %q, it is %v", full[:n], err)
		}
		for i, entry := range entries {
			if entry != whole[i] {
				t.Errorf("cut after %d bytes, it says %q, want %q", n, entry, whole[i])
			}
		}
	}
}

// TestErrorsOfReading hands on the error of the network, and that of whoever reads.
func TestErrorsOfReading(t *testing.T) {
	lost := providers.Classed(providers.Transient, errors.New("the network is gone"))
	if _, err := readMultistatus(io.MultiReader(strings.NewReader(full[:200]), iotest.ErrReader(lost)), func(*response) error { return nil }); !errors.Is(err, lost) {
		t.Errorf("the error is %v, want %v", err, lost)
	}
	stop := errors.New("stop")
	n := 0
	if _, err := readMultistatus(strings.NewReader(full), func(*response) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Errorf("after %d entries, the error is %v, want %v after 1", n, err, stop)
	}
}

// endless is a property that does not end.
func endless(read *int64) io.Reader {
	head := `<multistatus xmlns="DAV:"><response><href>/a</href><propstat><prop><getetag>`
	return io.TeeReader(io.MultiReader(strings.NewReader(head), filler{}), counter{read})
}

type filler struct{}

func (filler) Read(to []byte) (int, error) { return copy(to, bytes.Repeat([]byte("x"), len(to))), nil }

type counter struct{ n *int64 }

func (c counter) Write(p []byte) (int, error) { *c.n += int64(len(p)); return len(p), nil }

// TestLargeProperty gives up on a property that is too large, before all of it came.
func TestLargeProperty(t *testing.T) {
	t.Parallel()
	var read int64
	_, err := readMultistatus(endless(&read), func(*response) error { return nil })
	if !errors.As(err, new(malformed)) || read > largestText+1<<16 {
		t.Errorf("after %d octets, the error is %v", read, err)
	}
}

// FuzzMultistatus reads anything without harm, and the same when it comes octet by octet.
func FuzzMultistatus(f *testing.F) {
	for _, seed := range []string{full, "", "<html>", full[:90], `<multistatus xmlns="DAV:"><response><href>/</href><status>x</status></response></multistatus>`,
		`<multistatus xmlns="DAV:"><response><href>a</href><href>b</href><status>HTTP/1.1 404</status><error><x>y</x></error></response></multistatus>`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		entries, _, err := readAll(body)
		var slowly []string
		_, slowErr := readMultistatus(iotest.OneByteReader(strings.NewReader(body)), func(r *response) error {
			slowly = append(slowly, say(r))
			return nil
		})
		if fmt.Sprint(entries, err) != fmt.Sprint(slowly, slowErr) {
			t.Errorf("at once: %q, %v; slowly: %q, %v", entries, err, slowly, slowErr)
		}
		if err == nil && !strings.Contains(body, "multistatus") {
			t.Errorf("%q is no multistatus", body)
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
