package dav

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An item's ref is the last segment of its href, in one spelling: servers and proxies write one and the same href in several (RFC 3986 section 6.2.2).
// Letters of any script and the signs that a segment may hold stand for themselves; all else is %XX.

// collection is where a folder is. Servers behind a proxy may know it by another path than is asked for, and others lead to one, so there may be two.
type collection struct {
	url    *url.URL
	paths  [][]string // segments, decoded
	called string     // the path that the server calls it by, as it is written there
}

func newCollection(u *url.URL) collection {
	c := collection{url: u}
	c.known(u.EscapedPath())
	return c
}

// known adds a path that the server calls the collection by.
func (c *collection) known(href string) {
	c.called = pathOf(href)
	c.paths = append(c.paths, segments(c.called))
}

// ref is the ref of the item at href; "" when href is that of the collection itself, or of one in it.
func (c collection) ref(href string) (string, error) {
	path := pathOf(href)
	at := segments(path)
	for _, base := range c.paths {
		if len(at) < len(base) || !slices.Equal(at[:len(base)], base) {
			continue
		}
		switch below := at[len(base):]; {
		case len(below) == 0, len(below) == 1 && strings.HasSuffix(path, "/"):
			return "", nil
		case len(below) == 1 && below[0] != "." && below[0] != "..":
			return spell(below[0]), nil
		}
	}
	if !strings.HasPrefix(path, "/") && len(at) == 1 && at[0] != "." && at[0] != ".." {
		if strings.HasSuffix(path, "/") {
			return "", nil
		}
		return spell(at[0]), nil
	}
	return "", fmt.Errorf("the server's answer names %q, which is not in the folder", cut(href))
}

// isSelf reports whether href is that of the collection.
func (c collection) isSelf(href string) bool {
	at := segments(pathOf(href))
	return slices.ContainsFunc(c.paths, func(base []string) bool { return slices.Equal(at, base) })
}

// href is the path of an item, as the server calls it: multigets name it so.
func (c collection) href(ref string) string {
	return strings.TrimSuffix(c.called, "/") + "/" + escape(ref)
}

// at is the address of an item, which requests are sent to.
func (c collection) at(ref string) *url.URL {
	u := *c.url
	u.RawPath = strings.TrimSuffix(c.url.EscapedPath(), "/") + "/" + escape(ref)
	u.Path, _ = url.PathUnescape(u.RawPath)
	return &u
}

// pathOf is the path of an href, which may be a whole URL, as it is written there. The host counts for nothing: behind a proxy, servers name their own. No href of a collection's
// members has a query; where a "?" stands, a server forgot to escape it.
func pathOf(href string) string {
	if scheme, rest, whole := strings.Cut(href, "://"); whole && !strings.ContainsAny(scheme, "/?#") {
		if i := strings.IndexByte(rest, '/'); i >= 0 {
			href = rest[i:]
		} else {
			href = "/"
		}
	} else if rest, ok := strings.CutPrefix(href, "//"); ok {
		_, rest, _ = strings.Cut(rest, "/")
		href = "/" + rest
	}
	return href
}

// segments are those of a path, decoded one by one, so that an encoded slash stays in its segment. Empty ones count for nothing.
func segments(path string) []string {
	all := make([]string, 0, strings.Count(path, "/")+1)
	for s := range strings.SplitSeq(path, "/") {
		if s == "" {
			continue
		}
		if decoded, err := url.PathUnescape(s); err == nil {
			s = decoded
		}
		all = append(all, s)
	}
	return all
}

// spell writes a decoded segment as a ref.
func spell(segment string) string {
	return encode(segment, func(r rune) bool {
		return r < utf8.RuneSelf && plain(byte(r)) || r >= utf8.RuneSelf && r != utf8.RuneError && unicode.IsGraphic(r) && !unicode.IsSpace(r)
	})
}

// escape writes a ref as a segment of a request.
func escape(ref string) string {
	segment, err := url.PathUnescape(ref)
	if err != nil {
		segment = ref
	}
	return encode(segment, func(r rune) bool {
		return r < utf8.RuneSelf && plain(byte(r)) && !strings.ContainsRune(delimiters, r)
	})
}

// delimiters stand for themselves in a segment (RFC 3986 section 2.2), and some servers do not find in a multiget what is named with them.
const delimiters = "!$&'()*+,;="

// plain reports whether an octet stands for itself in a segment (RFC 3986 section 3.3).
func plain(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~:@"+delimiters, c) >= 0
}

// encode writes the octets of the runes that do not stand for themselves as %XX.
func encode(s string, stands func(rune) bool) string {
	const digits = "0123456789ABCDEF"
	if !strings.ContainsFunc(s, func(r rune) bool { return !stands(r) }) {
		return s
	}
	var b strings.Builder
	for i, size := 0, 0; i < len(s); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(s[i:])
		if stands(r) {
			b.WriteString(s[i : i+size])
			continue
		}
		for _, c := range []byte(s[i : i+size]) {
			b.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return b.String()
}

// cut shortens what a server says for a message.
func cut(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}
