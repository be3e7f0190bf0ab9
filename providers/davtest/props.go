package davtest

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// live are the properties of the server's own making; PROPPATCH refuses them.
var live = []xml.Name{
	inDAV("resourcetype"), inDAV("getetag"), inDAV("getcontenttype"), inDAV("getcontentlength"),
	inDAV("getlastmodified"), inDAV("creationdate"),
	inDAV("sync-token"), inCS("getctag"), inDAV("resource-id"), inDAV("owner"),
	inDAV("current-user-principal"), inDAV("principal-URL"), inDAV("current-user-privilege-set"),
	inDAV("supported-report-set"), inDAV("quota-available-bytes"), inDAV("quota-used-bytes"),
	inCal("supported-calendar-component-set"), inCal("max-resource-size"), inCard("max-resource-size"),
	inCal("calendar-home-set"), inCard("addressbook-home-set"), inCal("calendar-user-address-set"),
	inCal("schedule-inbox-URL"), inCal("schedule-outbox-URL"),
	inCal("calendar-data"), inCard("address-data"), inDAV("displayname"),
}

// props are the properties asked for of a resource.
func (x *exchange) props(at resource, asked []xml.Name) []prop {
	x.mu.Lock()
	defer x.mu.Unlock()
	list := make([]prop, 0, len(asked))
	for _, name := range asked {
		inner, ok := "", false
		if !slices.Contains(x.b.Hidden, name.Local) {
			inner, ok = x.prop(at, name)
		}
		p := prop{name: name, inner: inner}
		if !ok {
			p.status, p.inner = http.StatusNotFound, ""
		}
		list = append(list, p)
	}
	return list
}

// prop is one property; false: the resource has none of this name.
func (x *exchange) prop(at resource, name xml.Name) (string, bool) {
	switch name {
	case inDAV("current-user-principal"):
		return x.ref(x.b.Paths.Principal, x.user), true
	case inDAV("resourcetype"):
		return x.resourceType(at), true
	case inDAV("owner"):
		return x.ref(x.b.Paths.Principal, at.user), at.user != ""
	case inDAV("current-user-privilege-set"):
		return privileges(at), true
	}
	switch at.kind {
	case principalKind, homeKind:
		return x.personProp(at, name)
	case collectionKind:
		return x.collectionProp(at.collection, name)
	}
	return "", false
}

// personProp is a property of a principal or a home.
func (x *exchange) personProp(at resource, name xml.Name) (string, bool) {
	switch name {
	case inDAV("displayname"):
		return at.user, true
	case inDAV("principal-URL"):
		return x.ref(x.b.Paths.Principal, at.user), true
	case inCal("calendar-home-set"):
		return x.homeRef(x.b.Paths.Calendars, at.user), true
	case inCard("addressbook-home-set"):
		return x.homeRef(x.b.Paths.Contacts, at.user), true
	case inCal("calendar-user-address-set"):
		return "<D:href>mailto:" + address(at.user) + "</D:href>", true
	case inCal("schedule-inbox-URL"):
		return x.ref(x.b.Paths.Calendars+"inbox/", at.user), x.b.Scheduling
	case inCal("schedule-outbox-URL"):
		return x.ref(x.b.Paths.Calendars+"outbox/", at.user), x.b.Scheduling
	}
	return "", false
}

// collectionProp is a property of a collection.
func (x *exchange) collectionProp(c *collection, name xml.Name) (string, bool) {
	switch name {
	case inDAV("sync-token"):
		token := c.token(&x.b, c.rev)
		if x.b.OtherPropToken {
			token += "-0"
		}
		return escape(token), !x.lacks("sync-collection")
	case inCS("getctag"):
		if x.b.LazyCTag {
			return fmt.Sprintf(`"%d"`, c.made), true
		}
		return fmt.Sprintf(`"%d-%d"`, c.made, c.rev), true
	case inDAV("resource-id"):
		return fmt.Sprintf("<D:href>urn:uuid:00000000-0000-4000-8000-%012d</D:href>", c.made), true
	case inDAV("supported-report-set"):
		return x.reportSet(c), true
	case inDAV("creationdate"):
		return moment(c.made).Format(time.RFC3339), true
	case inCal("supported-calendar-component-set"):
		var b strings.Builder
		for _, component := range c.components {
			fmt.Fprintf(&b, `<C:comp name="%s"/>`, component)
		}
		return b.String(), !c.cards
	case inCal("max-resource-size"):
		return fmt.Sprint(x.b.MaxSize), !c.cards && x.b.MaxSize > 0
	case inCard("max-resource-size"):
		return fmt.Sprint(x.b.MaxSize), c.cards && x.b.MaxSize > 0
	case inDAV("quota-used-bytes"):
		return fmt.Sprint(c.bytes()), x.b.Quota > 0
	case inDAV("quota-available-bytes"):
		return fmt.Sprint(max(0, x.b.Quota-c.bytes())), x.b.Quota > 0
	}
	inner, ok := c.props[name]
	return inner, ok
}

// itemProps are the properties asked for of an item of a collection; data says whether its text may be among them.
func (x *exchange) itemProps(c *collection, it item, asked []xml.Name, data bool) []prop {
	list := make([]prop, 0, len(asked))
	for _, name := range asked {
		p := prop{name: name, status: http.StatusNotFound}
		switch name {
		case inDAV("getetag"):
			if tag := c.etag(&x.b, it); tag != "" {
				p.inner, p.status = escape(tag), http.StatusOK
			}
		case inDAV("getlastmodified"):
			p.inner, p.status = moment(it.rev).Format(http.TimeFormat), http.StatusOK
		case inDAV("getcontenttype"):
			p.inner, p.status = contentType(c.cards), http.StatusOK
		case inDAV("resourcetype"):
			p.status = http.StatusOK
		case inDAV("getcontentlength"):
			p.inner, p.status = fmt.Sprint(len(c.content(it))), http.StatusOK
		case inCal("calendar-data"), inCard("address-data"):
			if data && (name.Space == nsCard) == c.cards {
				p.inner, p.status = x.data(c.content(it)), http.StatusOK
			}
		case inDAV("current-user-privilege-set"):
			p.inner, p.status = privileges(resource{collection: c}), http.StatusOK
		}
		list = append(list, p)
	}
	return list
}

// moment is the time of a revision: a second passes from each to the next.
func moment(rev int) time.Time {
	return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rev) * time.Second)
}

// ref is an href to a user's path.
func (x *exchange) ref(path, user string) string {
	return "<D:href>" + escape(x.href(strings.ReplaceAll(path, "USER", user))) + "</D:href>"
}

// homeRef is the same for a home, which may be on another host.
func (x *exchange) homeRef(path, user string) string {
	path = strings.ReplaceAll(path, "USER", user)
	if x.b.HomeURL != "" {
		return "<D:href>" + escape(x.b.HomeURL+path) + "</D:href>"
	}
	return "<D:href>" + escape(x.href(path)) + "</D:href>"
}

func (x *exchange) resourceType(at resource) string {
	switch {
	case at.kind == itemKind || at.kind == nowhere:
		return ""
	case at.kind == principalKind, at.kind == homeKind && at.name == "principal":
		return "<D:collection/><D:principal/>"
	case at.kind == boxKind:
		return "<D:collection/><C:schedule-" + at.name + "/>"
	case at.kind != collectionKind:
		return "<D:collection/>"
	}
	own := ""
	if x.b.Type.Local != "" {
		own = "<" + tag(x.b.Type) + "/>"
	}
	if at.cards {
		return "<D:collection/>" + own + "<R:addressbook/>"
	}
	return "<D:collection/>" + own + "<C:calendar/>"
}

func privileges(at resource) string {
	set := "<D:privilege><D:read/></D:privilege><D:privilege><D:read-current-user-privilege-set/></D:privilege>"
	if at.collection == nil || !at.readOnly {
		set += "<D:privilege><D:write/></D:privilege><D:privilege><D:write-content/></D:privilege><D:privilege><D:write-properties/></D:privilege>" +
			"<D:privilege><D:bind/></D:privilege><D:privilege><D:unbind/></D:privilege>"
	}
	return set
}

func contentType(cards bool) string {
	if cards {
		return "text/vcard; charset=utf-8"
	}
	return "text/calendar; charset=utf-8"
}

// address is the mail address of a user.
func address(user string) string { return user + "@example.com" }
