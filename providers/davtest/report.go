package davtest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// reports are those of calendars and of address books.
func reports(cards bool) []xml.Name {
	if cards {
		return []xml.Name{inCard("addressbook-query"), inCard("addressbook-multiget"), inDAV("sync-collection")}
	}
	return []xml.Name{inCal("calendar-query"), inCal("calendar-multiget"), inDAV("sync-collection")}
}

// lacks reports whether the server has no report of a name.
func (x *exchange) lacks(local string) bool { return slices.Contains(x.b.Unsupported, local) }

func (x *exchange) reportSet(c *collection) string {
	var b strings.Builder
	for _, name := range reports(c.cards) {
		switch {
		case x.lacks(name.Local):
		case x.b.BareReports:
			fmt.Fprintf(&b, "<D:supported-report><%s/></D:supported-report>", tag(name))
		default:
			fmt.Fprintf(&b, "<D:supported-report><D:report><%s/></D:report></D:supported-report>", tag(name))
		}
	}
	return b.String()
}

// report answers REPORT (RFC 3253 section 3.6) of a collection.
func (x *exchange) report() {
	switch {
	case x.root == nil:
		http.Error(x.w, "a REPORT has a body", http.StatusBadRequest)
		return
	case !x.there():
		x.missing()
		return
	case x.at.kind != collectionKind || x.lacks(x.root.name.Local) || !slices.Contains(reports(x.at.cards), x.root.name):
		x.refuse(http.StatusForbidden, inDAV("supported-report"), "no such report here")
		return
	}
	if status := x.b.FailingReport[x.root.name.Local]; status != 0 {
		http.Error(x.w, "this report fails", status)
		return
	}
	asked := names(&node{})
	if p := x.root.child(nsDAV, "prop"); p != nil {
		asked = names(p)
	}
	switch x.root.name.Local {
	case "sync-collection":
		x.sync(asked)
	case "calendar-query", "addressbook-query":
		x.query(asked)
	default:
		x.multiget(asked)
	}
}

// multiget answers calendar-multiget and addressbook-multiget (RFC 4791 section 7.9).
func (x *exchange) multiget(asked []xml.Name) {
	hrefs := x.root.all(nsDAV, "href")
	if len(hrefs) == 0 || len(asked) == 0 {
		http.Error(x.w, "a multiget has DAV:prop and DAV:href", http.StatusBadRequest)
		return
	}
	m := x.multistatus()
	for i, h := range hrefs {
		if x.b.MultigetMost > 0 && i >= x.b.MultigetMost || x.met.Half && i%2 == 1 {
			continue
		}
		name, ok := x.member(h.value())
		if !ok {
			m.status(h.value(), http.StatusNotFound)
			continue
		}
		x.item(m, x.at.collection, name, asked, true)
	}
	m.end("")
}

// member is the name of the item of the collection that an href stands for.
func (x *exchange) member(href string) (string, bool) {
	u, err := url.Parse(href)
	if err != nil {
		return "", false
	}
	parts, err := segments(strings.TrimPrefix(u.EscapedPath(), x.prefix()))
	if err != nil || len(parts) == 0 || join(parts[:len(parts)-1]) != x.at.path {
		return "", false
	}
	return parts[len(parts)-1], true
}

// prefix is what hrefs of this server have before their paths.
func (x *exchange) prefix() string {
	if x.b.Hrefs == HrefPrefixed {
		return x.b.HrefBase
	}
	return ""
}

// itemPath is where an item of a collection is.
func itemPath(c *collection, name string) string { return c.path + url.PathEscape(name) }
