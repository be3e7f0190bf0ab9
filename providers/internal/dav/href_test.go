package dav

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func collectionAt(t interface{ Fatal(...any) }, address string) collection {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return newCollection(normal(u))
}

func TestRefs(t *testing.T) {
	c := collectionAt(t, "https://dav.example.com/dav/alice@example.com/my%20work/")
	c.known("/behind/proxy/work/")
	const out = "outside" // of the folder
	for href, want := range map[string]string{
		"/dav/alice@example.com/my%20work/a.ics":                        "a.ics",
		"/dav/alice%40example.com/my%20work/a.ics":                      "a.ics",
		"/dav/alice%40example%2ecom/my%20work/%61%2e%69cs":              "a.ics",
		"https://dav.example.com/dav/alice@example.com/my%20work/a.ics": "a.ics",
		"http://other:8080/dav/alice@example.com/my%20work/a.ics":       "a.ics",
		"//other/dav/alice@example.com/my%20work/a.ics":                 "a.ics",
		"/dav//alice@example.com/my%20work/a.ics":                       "a.ics",
		"/dav/alice@example.com/my%20work/a?x#y.ics":                    "a%3Fx%23y.ics",
		"/behind/proxy/work/a.ics":                                      "a.ics",
		"a.ics":                                                         "a.ics",
		"/dav/alice@example.com/my%20work/a%2Fb.ics":                    "a%2Fb.ics",
		"/dav/alice@example.com/my%20work/a%2fb.ics":                    "a%2Fb.ics",
		"/dav/alice@example.com/my%20work/a%252Fb.ics":                  "a%252Fb.ics",
		"/dav/alice@example.com/my%20work/a%20b%3F%23.ics":              "a%20b%3F%23.ics",
		"/dav/alice@example.com/my%20work/%C3%BC.ics":                   "ü.ics",
		"/dav/alice@example.com/my%20work/ü.ics":                        "ü.ics",
		"/dav/alice@example.com/my%20work/%FF.ics":                      "%FF.ics",
		"/dav/alice@example.com/my%20work/":                             "",
		"/dav/alice@example.com/my%20work":                              "",
		"/dav/alice@example.com/my%20work/below/":                       "",
		"/dav/alice@example.com/my%20work/below/a.ics":                  out,
		"/dav/alice@example.com/my%20work/..":                           out,
		"/dav/alice@example.com/my%20work/%2e%2e":                       out,
		"/dav/alice@example.com/other/a.ics":                            out,
		"/dav/alice@example.com/my%20works":                             out,
		"..":                                                            out,
		"":                                                              out,
	} {
		got, err := c.ref(href)
		if err != nil {
			got = out
		}
		if got != want {
			t.Errorf("%q is %q, want %q", href, got, want)
		}
	}
}

// TestRefsAreTheSameInEverySpelling: whatever an item is called, what a request names is what the answer names, and an href of ASCII alone.
func TestRefsAreTheSameInEverySpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := collectionAt(t, "https://dav.example.com/dav/alice/work/")
		segment := rapid.StringN(1, 40, 200).Filter(func(s string) bool { return s != "." && s != ".." }).Draw(t, "segment")
		ref := spell(segment)
		for _, href := range []string{c.href(ref), "http://other" + c.href(ref), strings.ToLower(c.url.Path) + url.PathEscape(segment), c.at(ref).EscapedPath()} {
			got, err := c.ref(href)
			if err != nil || got != ref {
				t.Errorf("%q is %q in %q (%v)", ref, got, href, err)
			}
		}
		if href := c.href(ref); strings.ContainsFunc(href, func(r rune) bool { return r <= ' ' || r >= 0x7f }) || c.at(ref).String() != "https://dav.example.com"+href {
			t.Errorf("%q is asked for as %q, at %q", ref, href, c.at(ref))
		}
	})
}
