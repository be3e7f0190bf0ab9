package davtest

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
)

// propfind answers PROPFIND of depth 0 and 1 (RFC 4918 section 9.1).
func (x *exchange) propfind() {
	depth := x.r.Header.Get("Depth")
	if depth != "0" && depth != "1" {
		x.refuse(http.StatusForbidden, inDAV("propfind-finite-depth"), "the Depth is 0 or 1")
		return
	}
	if x.root != nil && x.root.name != (inDAV("propfind")) {
		http.Error(x.w, "this is no DAV:propfind", http.StatusBadRequest)
		return
	}
	if !x.there() {
		x.missing()
		return
	}
	asked := live
	if p := x.root.child(nsDAV, "prop"); p != nil {
		asked = names(p)
	} else if x.root != nil && x.root.child(nsDAV, "allprop") == nil {
		http.Error(x.w, "neither DAV:prop nor DAV:allprop", http.StatusBadRequest)
		return
	}
	m := x.multistatus()
	if x.at.kind == itemKind {
		x.item(m, x.at.collection, x.at.name, asked, false)
		m.end("")
		return
	}
	m.response(x.at.path, x.props(x.at, asked))
	if depth == "1" {
		x.members(m, asked)
	}
	m.end("")
}

// there reports whether the resource exists.
func (x *exchange) there() bool {
	switch x.at.kind {
	case nowhere:
		return false
	case collectionKind:
		return x.at.collection != nil
	case itemKind:
		x.mu.Lock()
		defer x.mu.Unlock()
		_, ok := x.at.live(x.at.name)
		return ok
	}
	return true
}

// missing says that nothing is there.
func (x *exchange) missing() {
	if x.b.Missing207 && x.r.Method == "PROPFIND" {
		m := x.multistatus()
		m.status(x.r.URL.EscapedPath(), http.StatusNotFound)
		m.end("")
		return
	}
	http.Error(x.w, "there is nothing at this path", http.StatusNotFound)
}

// members are what a home or a collection holds.
func (x *exchange) members(m *multistatus, asked []xml.Name) {
	if x.at.kind == collectionKind {
		x.each(x.at.collection, 0, func(it item) bool {
			if !it.gone {
				x.item(m, x.at.collection, it.name, asked, false)
			}
			return true
		})
		return
	}
	var below []resource
	if x.b.Scheduling && x.at.kind == homeKind && x.at.path == strings.ReplaceAll(x.b.Paths.Calendars, "USER", x.at.user) {
		for _, box := range []string{"inbox", "outbox"} {
			below = append(below, resource{kind: boxKind, path: x.at.path + box + "/", user: x.at.user, name: box})
		}
	}
	x.mu.Lock()
	for path, c := range x.collections {
		if rest, ok := strings.CutPrefix(path, x.at.path); ok && strings.Count(rest, "/") == 1 {
			below = append(below, resource{kind: collectionKind, path: path, user: c.owner, collection: c})
		}
	}
	x.mu.Unlock()
	slices.SortFunc(below, func(a, b resource) int { return strings.Compare(a.path, b.path) })
	for _, at := range below {
		m.response(at.path, x.props(at, asked))
		if x.b.HomeFiles {
			m.response(strings.TrimSuffix(at.path, "/")+".ics", x.props(resource{user: at.user}, asked))
		}
	}
}

// each goes through the items that changed after a revision, in the order in which they changed last, until do says that it has enough. Those that change meanwhile may be left out.
func (x *exchange) each(c *collection, after int, do func(item) bool) {
	x.mu.Lock()
	last := c.rev
	x.mu.Unlock()
	for rev := after + 1; rev <= last; rev++ {
		x.mu.Lock()
		it, ok := c.changed(rev)
		x.mu.Unlock()
		if ok && !do(it) {
			return
		}
	}
}

// item is the response for one item.
func (x *exchange) item(m *multistatus, c *collection, name string, asked []xml.Name, data bool) {
	x.mu.Lock()
	it, ok := c.live(name)
	spoilt := c.spoilt[name]
	path := itemPath(c, name)
	props := x.itemProps(c, it, asked, data)
	x.mu.Unlock()
	switch {
	case !ok:
		m.status(path, http.StatusNotFound)
	case spoilt == 0:
		m.response(path, props)
	case x.b.ErrorsInProps:
		for i := range props {
			props[i].inner, props[i].status = "", spoilt
		}
		m.response(path, props)
	default:
		m.status(path, spoilt)
	}
}

// names are the names of an element's children.
func names(p *node) []xml.Name {
	list := make([]xml.Name, len(p.children))
	for i, c := range p.children {
		list[i] = c.name
	}
	return list
}
