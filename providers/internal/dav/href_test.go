package dav

import (
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func at(t interface{ Fatal(...any) }, address string) collection {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return newCollection(normal(u))
}

// TestRef names an item alike however its href is written, and takes nothing for an item that is none.
func TestRef(t *testing.T) {
	const outside = "outside"
	for href, want := range map[string]string{
		"/dav/alice/work/a.ics":                          "a.ics",
		"/dav/alice/work//a.ics":                         "a.ics",
		"/dav/%61lice/work/%61.ics":                      "a.ics",
		"http://other.example:8080/dav/alice/work/a.ics": "a.ics",
		"HTTPS://other.example/dav/alice/work/a.ics":     "a.ics",
		"//other.example/dav/alice/work/a.ics":           "a.ics",
		"a.ics":                                          "a.ics",
		"/dav/alice/work/a%20b.ics":                      "a%20b.ics",
		"/dav/alice/work/a b.ics":                        "a%20b.ics",
		"/dav/alice/work/a%2Fb.ics":                      "a%2Fb.ics",
		"/dav/alice/work/a%2fb.ics":                      "a%2Fb.ics",
		"/dav/alice/work/100%.ics":                       "100%25.ics",
		"/dav/alice/work/100%25.ics":                     "100%25.ics",
		"/dav/alice/work/a%3Fb.ics":                      "a%3Fb.ics",
		"/dav/alice/work/a?b.ics":                        "a%3Fb.ics",
		"/dav/alice/work/a#b.ics":                        "a%23b.ics",
		"/dav/alice/work/%C3%BC.ics":                     "ü.ics",
		"/dav/alice/work/ü.ics":                          "ü.ics",
		"/dav/alice/work/%FF.ics":                        "%FF.ics",
		"/dav/alice/work/x%40y%3Az.ics":                  "x@y:z.ics",
		"/dav/alice/work/(a).ics":                        "(a).ics",
		"/dav/alice/work/%28a%29.ics":                    "(a).ics",
		"/dav/alice/work/...":                            "...",
		"/dav/alice/work/":                               "",
		"/dav/alice/work":                                "",
		"http://other.example/dav/alice/work/":           "",
		"/dav/alice/work/inner/":                         "",
		"inner/":                                         "",
		"/dav/alice/work/.":                              outside,
		"/dav/alice/work/..":                             outside,
		"/dav/alice/work/%2E%2e":                         outside,
		"..":                                             outside,
		"/dav/alice/work/inner/a.ics":                    outside,
		"/dav/alice/work/../a.ics":                       outside,
		"/dav/alice/working/a.ics":                       outside,
		"/dav/alice/Work/a.ics":                          outside,
		"/dav/alice%2Fwork/a.ics":                        outside,
		"/":                                              outside,
		"http://other.example":                           outside,
		"":                                               outside,
		"/dav/alice/work/a%252Fb.ics":                    "a%252Fb.ics",
		"inner/a.ics":                                    outside,
		"mailto:alice@example.com/x":                     outside,
	} {
		ref, err := at(t, "https://dav.example.com/dav/alice/work/").ref(href)
		if err != nil {
			ref = outside
		}
		if ref != want {
			t.Errorf("%q is %q (%v), want %q", href, ref, err, want)
		}
	}
}

// TestSecondPath knows a collection that its server calls by another path.
func TestSecondPath(t *testing.T) {
	c := at(t, "https://dav.example.com/proxied/work/")
	c.known("http://inner.example/alice/work/")
	for href, want := range map[string]string{"/alice/work/a.ics": "a.ics", "/proxied/work/a.ics": "a.ics", "/alice/work": "", "/proxied/work/": ""} {
		if ref, err := c.ref(href); ref != want || err != nil {
			t.Errorf("%q is %q (%v), want %q", href, ref, err, want)
		}
	}
	if !c.isSelf("/alice/work/") || !c.isSelf("https://dav.example.com/proxied/work") || c.isSelf("/alice/") || c.isSelf("/alice/work/a") {
		t.Error("it does not know itself")
	}
	if got := c.at("a b.ics").String(); got != "https://dav.example.com/proxied/work/a%20b.ics" {
		t.Errorf("an item is asked for at %s", got)
	}
}

// segment is any name that an item may have.
func segment(t *rapid.T, label string) string {
	any := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune("a%2Ff .:@?#;()\\\"é\u0301\u200e😀\r\n/"))),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	return any.Filter(func(s string) bool { return s != "" && s != "." && s != ".." }).Draw(t, label)
}

// TestRefsAreNames: a ref leads to the item that it came from, whatever its name, and no two names have one ref.
func TestRefsAreNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := at(t, "https://dav.example.com/dav/alice%40example.com/w%20k/")
		name := segment(t, "name")
		ref, err := c.ref(c.href(spell(name)))
		if err != nil || ref != spell(name) {
			t.Fatalf("the ref %q of %q comes back as %q (%v)", spell(name), name, ref, err)
		}
		for _, href := range []string{"http://other.example" + c.href(ref), "/dav/alice@example.com/w k/" + url.PathEscape(name)} {
			if again, err := c.ref(href); err != nil || again != ref {
				t.Fatalf("%q is %q in %q (%v)", ref, again, href, err)
			}
		}
		if href := c.href(ref); strings.ContainsFunc(href, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			t.Fatalf("%q is asked for as %q", ref, href)
		}
		u := c.at(ref)
		if decoded, err := url.PathUnescape(u.RawPath[strings.LastIndexByte(u.RawPath, '/')+1:]); err != nil || decoded != name {
			t.Fatalf("%q is asked for as %q (%v)", name, u, err)
		}
		if again, err := url.Parse(u.String()); err != nil || again.EscapedPath() != u.EscapedPath() {
			t.Fatalf("the address %q of %q is no address: %v", u, name, err)
		}
		if other := segment(t, "other"); (spell(other) == ref) != (other == name) {
			t.Fatalf("%q and %q have the refs %q and %q", name, other, ref, spell(other))
		}
	})
}

func TestCut(t *testing.T) {
	long := strings.Repeat("ü", 150)
	if got := cut(long); len(got) > 210 || !strings.HasSuffix(got, "ü…") || cut("short") != "short" {
		t.Errorf("%d octets: %q", len(got), got)
	}
}
