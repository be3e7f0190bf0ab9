package dav

import (
	"fmt"
	"io"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// spent is how long do takes, and how much memory it asks for on the whole, in MiB.
func spent(do func()) (time.Duration, uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	do()
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	return took, (after.TotalAlloc - before.TotalAlloc) >> 20
}

// repeated is a text many times over, which takes no memory.
func repeated(text string, n int) io.Reader { return &again{text: text, left: n} }

type again struct {
	text string
	at   int
	left int
}

func (a *again) Read(to []byte) (n int, err error) {
	for n < len(to) && a.left > 0 {
		m := copy(to[n:], a.text[a.at:])
		n += m
		if a.at += m; a.at == len(a.text) {
			a.at = 0
			a.left--
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// TestHostileXML reads answers that want to be larger than they are, or to hold what is elsewhere.
func TestHostileXML(t *testing.T) {
	const head = `<multistatus xmlns="DAV:">`
	laughs := `<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "ha">`
	for c := 'b'; c <= 'z'; c++ {
		laughs += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	for name, c := range map[string]struct {
		body io.Reader
		says string // "": it is read
	}{
		"entities in entities":  {strings.NewReader(laughs + `]><multistatus xmlns="DAV:"><response><href>&z;</href></response></multistatus>`), "entity"},
		"an entity of a file":   {strings.NewReader(`<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + head + `<response><href>&x;</href></response></multistatus>`), "entity"},
		"a parameter entity":    {strings.NewReader(`<!DOCTYPE m [<!ENTITY % x SYSTEM "http://127.0.0.1:1/">%x;]>` + head + `<response><href>&x;</href></response></multistatus>`), "entity"},
		"elements in elements":  {io.MultiReader(strings.NewReader(head), repeated("<a>", 10_000_000)), "lie in each other"},
		"an endless name":       {io.MultiReader(strings.NewReader(head+"<"), repeated("a", 1<<28)), "octets"},
		"an endless attribute":  {io.MultiReader(strings.NewReader(head+"<a b='"), repeated("a", 1<<28)), "octets"},
		"an endless comment":    {io.MultiReader(strings.NewReader(head+"<!--"), repeated("a", 1<<28)), "octets"},
		"an endless directive":  {io.MultiReader(strings.NewReader("<!DOCTYPE "), repeated("a", 1<<28)), "octets"},
		"an endless value":      {io.MultiReader(strings.NewReader(head+"<response><propstat><prop><getetag>"), repeated(strings.Repeat("a", 100)+"<!-- -->", 1<<22)), "octets"},
		"endless attributes":    {io.MultiReader(strings.NewReader(head+"<a "), repeated("a='' ", 1<<26)), "octets"},
		"endless hrefs":         {io.MultiReader(strings.NewReader(head+"<response>"), repeated("<href>/a</href>", 1<<20)), "hrefs"},
		"endless homes":         {io.MultiReader(strings.NewReader(head+`<response><propstat><prop><x:calendar-home-set xmlns:x="`+nsCal+`">`), repeated("<href>/a</href>", 1<<20)), "hrefs"},
		"endless conditions":    {io.MultiReader(strings.NewReader(head+"<response><error>"), repeated("<a/>", 1_000_000), strings.NewReader("</error><href>/a</href><status>HTTP/1.1 403 No</status></response></multistatus>")), ""},
		"endless entries":       {io.MultiReader(strings.NewReader(head), repeated("<response><href>/a</href></response>", 300_000), strings.NewReader("</multistatus>")), ""},
		"endless blanks":        {io.MultiReader(strings.NewReader(head), repeated(" ", 200<<20), strings.NewReader("</multistatus>")), "octets"},
		"namespaces by million": {io.MultiReader(strings.NewReader(head), repeated(`<a xmlns="x" xmlns:b="y"/>`, 300_000), strings.NewReader("</multistatus>")), ""},
	} {
		var err error
		took, mib := spent(func() { _, err = readMultistatus(c.body, func(*response) error { return nil }) })
		t.Logf("%s: %v, %d MiB: %v", name, took, mib, err)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
		if took > 30*time.Second || mib > 1280 {
			t.Errorf("%s: it took %v and %d MiB", name, took, mib)
		}
	}
}

// TestHostileHrefs: whatever an href says, the ref that is made of it leads to an item of the collection: a name in it, on its own host.
func TestHostileHrefs(t *testing.T) {
	home, err := url.Parse("https://dav.example.com/dav/alice/work/")
	if err != nil {
		t.Fatal(err)
	}
	c := newCollection(home)
	check := func(t interface{ Errorf(string, ...any) }, href string) {
		ref, err := c.ref(href)
		if err != nil || ref == "" {
			return
		}
		for _, u := range []string{c.at(ref).String(), "https://dav.example.com" + c.href(ref)} {
			asked, err := url.Parse(u)
			if err != nil {
				t.Errorf("%q: the ref %q is asked at %q: %v", href, ref, u, err)
				continue
			}
			name, below := strings.CutPrefix(asked.EscapedPath(), "/dav/alice/work/")
			if asked.Host != home.Host || asked.Scheme != home.Scheme || asked.User != nil || asked.RawQuery != "" || asked.Fragment != "" ||
				!below || name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\\\r\n ") {
				t.Errorf("%q: the ref %q is asked at %q", href, ref, u)
			}
		}
	}
	for _, href := range []string{
		"/dav/alice/work/../../bob/a.ics", "/dav/alice/work/..%2f..%2fbob%2Fa.ics", "/dav/alice/work/%2e%2e/a.ics", "/dav/alice/work/%2e%2e", "/dav/alice/work/.", "..", "%2e%2e", "../../etc/passwd",
		"https://evil.example.net/a.ics", "https://evil.example.net/dav/alice/work/a.ics", "//evil.example.net/dav/alice/work/a.ics", "file:///etc/passwd", "http://169.254.169.254/latest/meta-data/",
		"http://127.0.0.1:8500/dav/alice/work/a.ics", "javascript:alert(1)", "/dav/alice/work/a%0d%0aHost:%20evil", "/dav/alice/work/a\r\nX: y", "/dav/alice/work/a?x=y", "/dav/alice/work/a#x",
		"/dav/alice/work/%00", "/dav/alice/work/a%5cb", `/dav/alice/work/..\..\a`, "/dav/alice/work/%", "/dav/alice/work/%zz", "/dav/alice/work//a", "/dav/alice/work/a//", "/dav/alice/work/%2F", "/dav/alice/work/%252e%252e", "a@evil.example.net", "/dav/alice/work/@evil.example.net",
	} {
		check(t, href)
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{
			"/dav/alice/work/", "/", "..", ".", "%2e", "%2f", "%2F", "%5c", "\\", "//", "https://evil.example.net", ":", "@", "?", "#", "%00", "%0a", "\r\n", "a", "é", "%C3", "\xff", "%25", " ", "file:",
		}), 1, 8).Draw(t, "href")
		check(t, strings.Join(parts, ""))
	})
}
