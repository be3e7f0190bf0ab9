package davtest

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
)

// condition is the name of a precondition of calendars or contacts.
func (x *exchange) condition(local string) xml.Name {
	if x.at.cards {
		return inCard(local)
	}
	return inCal(local)
}

// get answers GET and HEAD of an item.
func (x *exchange) get() {
	if x.at.kind != itemKind || !x.there() {
		x.missing()
		return
	}
	x.mu.Lock()
	it, _ := x.at.live(x.at.name)
	text, etag, spoilt := x.at.content(it), x.at.etag(&x.b, it), x.at.spoilt[it.name]
	x.mu.Unlock()
	if spoilt != 0 {
		http.Error(x.w, "this one cannot be had", spoilt)
		return
	}
	if etag != "" {
		x.w.Header().Set("ETag", etag)
		if x.r.Header.Get("If-None-Match") == etag {
			x.w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	x.w.Header().Set("Content-Type", contentType(x.at.cards))
	if x.r.Method == http.MethodGet {
		x.write(text)
	}
}

// put answers PUT of an item (RFC 4791 section 5.3.2).
func (x *exchange) put() {
	if x.at.kind != itemKind {
		http.Error(x.w, "an item is put into a collection that is there", http.StatusConflict)
		return
	}
	if x.r.ContentLength < 0 && x.b.Chunked != 0 {
		http.Error(x.w, "a PUT says how long it is", x.b.Chunked)
		return
	}
	if strings.Contains(x.at.name, "/") && x.b.SlashInName != 0 {
		http.Error(x.w, "no such name", x.b.SlashInName)
		return
	}
	x.mu.Lock()
	status, condition, words := x.store()
	x.mu.Unlock()
	if words != "" {
		x.refuse(status, condition, words)
		return
	}
	x.w.WriteHeader(status)
}

// store puts an item if nothing stands against it; words says what does.
func (x *exchange) store() (status int, condition xml.Name, words string) {
	c, text := x.at.collection, string(x.body)
	old, exists := c.live(x.at.name)
	etag := c.etag(&x.b, old)
	match, none := x.r.Header.Get("If-Match"), x.r.Header.Get("If-None-Match")
	switch {
	case c.readOnly:
		return http.StatusForbidden, inDAV("need-privileges"), "only reading is allowed"
	case none == "*" && exists && !x.b.IgnoreIfNoneMatch,
		match != "" && exists && match != "*" && match != etag,
		match != "" && !exists && !x.b.CreateOnIfMatch:
		return http.StatusPreconditionFailed, xml.Name{}, "the precondition does not hold"
	}
	if status, condition, words = x.objection(c, text); words != "" {
		return status, condition, words
	}
	stored := x.rewritten(text, c.cards)
	if x.b.Quota > 0 && c.bytes()-len(old.text)+len(stored) > x.b.Quota {
		return http.StatusInsufficientStorage, inDAV("quota-not-exceeded"), "the collection is full"
	}
	x.schedule(c, old, stored)
	it := c.put(x.at.name, stored)
	if tag := c.etag(&x.b, it); tag != "" && x.tells(text, stored) {
		x.w.Header().Set("ETag", tag)
	}
	switch {
	case !exists:
		return http.StatusCreated, condition, ""
	case x.b.EditStatus != 0:
		return x.b.EditStatus, condition, ""
	}
	return http.StatusNoContent, condition, ""
}

// tells reports whether the answer to a PUT has an ETag.
func (x *exchange) tells(text, stored string) bool {
	switch x.b.PutETag {
	case PutETagAlways:
		return true
	case PutETagNever:
		return false
	case PutETagNoMeetings:
		return lineValue(text, "ATTENDEE") == ""
	}
	return text == stored
}

// objection is what stands against a text as an item of a collection.
func (x *exchange) objection(c *collection, text string) (int, xml.Name, string) {
	if x.b.MaxSize > 0 && len(text) > x.b.MaxSize {
		return http.StatusForbidden, x.condition("max-resource-size"), "it is too large"
	}
	local := "valid-calendar-data"
	if c.cards {
		local = "valid-address-data"
	}
	components, ok := componentsOf(text, c.cards)
	uid := lineValue(text, "UID")
	if !ok || uid == "" {
		return or(x.b.Invalid, http.StatusForbidden), x.condition(local), "this is no item, or has no UID"
	}
	for _, name := range components {
		switch {
		case c.cards:
		case !slices.Contains([]string{"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE"}, name):
			if x.b.UnknownComponent != 0 {
				return x.b.UnknownComponent, x.condition(local), name + " is not known"
			}
		case name != "VTIMEZONE" && !x.b.AnyComponent && !slices.Contains(c.components, name):
			return http.StatusForbidden, x.condition("supported-calendar-component"), "no " + name + " here"
		case name == "VEVENT" && x.b.NeedEnd && lineValue(text, "DTEND") == "" && lineValue(text, "DURATION") == "":
			return http.StatusForbidden, x.condition(local), "DTEND must occur after DTSTART"
		}
	}
	return x.uidObjection(c, uid)
}

// uidObjection is what stands against a UID.
func (x *exchange) uidObjection(c *collection, uid string) (int, xml.Name, string) {
	rule := x.b.UID
	if old, ok := c.live(x.at.name); ok && old.uid != "" && old.uid != uid && rule.Change != 0 {
		return rule.Change, x.condition("no-uid-conflict"), "the UID may not change"
	}
	if rule.Status < 0 || c.cards && rule.Cards {
		return 0, xml.Name{}, ""
	}
	for _, other := range x.collections {
		if other == c && c.taken(uid, x.at.name) || rule.Home && other != c && other.owner == c.owner && other.cards == c.cards && other.taken(uid, "") {
			return or(rule.Status, http.StatusConflict), x.condition("no-uid-conflict"), "another item has this UID"
		}
	}
	return 0, xml.Name{}, ""
}

// delete answers DELETE of an item or a collection.
func (x *exchange) delete() {
	if !x.there() || x.at.collection == nil {
		x.missing()
		return
	}
	x.mu.Lock()
	status, words := http.StatusNoContent, ""
	it, _ := x.at.live(x.at.name)
	match := x.r.Header.Get("If-Match")
	switch {
	case x.at.readOnly:
		status, words = http.StatusForbidden, "only reading is allowed"
	case x.at.kind == collectionKind:
		delete(x.collections, x.at.path)
	case match != "" && match != "*" && match != x.at.etag(&x.b, it) && !x.b.IgnoreIfMatch:
		status, words = http.StatusPreconditionFailed, "the precondition does not hold"
	default:
		x.schedule(x.at.collection, it, "")
		x.at.remove(x.at.name)
	}
	x.mu.Unlock()
	if words != "" {
		x.refuse(status, xml.Name{}, words)
		return
	}
	x.w.WriteHeader(status)
}

func or(status, otherwise int) int {
	if status == 0 {
		return otherwise
	}
	return status
}
