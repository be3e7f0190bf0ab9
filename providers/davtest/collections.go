package davtest

import (
	"encoding/xml"
	"net/http"
	"slices"
)

// mkcol answers MKCALENDAR (RFC 4791 section 5.3.1) and extended MKCOL (RFC 5689).
func (x *exchange) mkcol() {
	set := x.root.child(nsDAV, "set").child(nsDAV, "prop")
	kinds := set.child(nsDAV, "resourcetype")
	cards := kinds.child(nsCard, "addressbook") != nil
	wantedRoot := inDAV("mkcol")
	if x.r.Method == "MKCALENDAR" {
		wantedRoot = inCal("mkcalendar")
	}
	switch {
	case x.b.Make != 0:
		http.Error(x.w, "no collections are made here", x.b.Make)
		return
	case x.root != nil && x.root.name != wantedRoot:
		http.Error(x.w, "this is no "+wantedRoot.Local, http.StatusBadRequest)
		return
	case x.r.Method == "MKCOL" && (kinds.child(nsDAV, "collection") == nil || !cards && kinds.child(nsCal, "calendar") == nil):
		x.refuse(http.StatusForbidden, inDAV("valid-resourcetype"), "a collection here is a calendar or an address book")
		return
	case x.there():
		x.refuse(or(x.b.MakeExisting, http.StatusMethodNotAllowed), inDAV("resource-must-be-null"), "it is there")
		return
	case x.at.kind != collectionKind:
		http.Error(x.w, "a collection is made in a home", http.StatusConflict)
		return
	}
	components := []string{"VEVENT", "VTODO", "VJOURNAL"}
	if given := set.child(nsCal, "supported-calendar-component-set").all(nsCal, "comp"); len(given) > 0 && !x.b.LosesComponents {
		components = nil
		for _, comp := range given {
			components = append(components, comp.attrs["name"])
		}
	}
	x.mu.Lock()
	c := x.Server.make(x.at.path, x.at.user, cards, components)
	x.keep(c, set)
	x.mu.Unlock()
	x.w.WriteHeader(http.StatusCreated)
}

// keep stores the properties of a DAV:prop that are not of the server's own making.
func (x *exchange) keep(c *collection, set *node) {
	for _, p := range set.inside() {
		if !slices.Contains(x.b.Loses, p.name.Local) && !fixed(&x.b, p.name) {
			c.props[p.name] = p.inner()
		}
	}
}

// fixed reports whether PROPPATCH refuses a property.
func fixed(b *Behaviour, name xml.Name) bool {
	return slices.Contains(b.Fixed, name.Local) || slices.Contains(live, name) && name.Local != "displayname"
}

// proppatch answers PROPPATCH of a collection: all of it or nothing (RFC 4918 section 9.2).
func (x *exchange) proppatch() {
	switch {
	case x.root == nil || x.root.name != inDAV("propertyupdate"):
		http.Error(x.w, "this is no DAV:propertyupdate", http.StatusBadRequest)
		return
	case !x.there() || x.at.kind != collectionKind:
		x.missing()
		return
	case x.at.readOnly:
		x.refuse(http.StatusForbidden, inDAV("need-privileges"), "only reading is allowed")
		return
	}
	var props []prop
	refused := false
	for _, part := range x.root.children {
		for _, p := range part.child(nsDAV, "prop").inside() {
			status := http.StatusOK
			if fixed(&x.b, p.name) {
				status, refused = http.StatusForbidden, true
			}
			props = append(props, prop{name: p.name, status: status})
		}
	}
	for i := range props {
		if refused && props[i].status == http.StatusOK {
			props[i].status = http.StatusFailedDependency
		}
	}
	if !refused {
		x.mu.Lock()
		for _, part := range x.root.children {
			if part.name.Local == "set" {
				x.keep(x.at.collection, part.child(nsDAV, "prop"))
				continue
			}
			for _, p := range part.child(nsDAV, "prop").inside() {
				delete(x.at.props, p.name)
			}
		}
		x.mu.Unlock()
	}
	m := x.multistatus()
	m.response(x.at.path, props)
	m.end("")
}
