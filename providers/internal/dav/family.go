// Package dav is what the CalDAV and CardDAV drivers share: a WebDAV client that reads answers as streams, and folders that are collections of a server
// (RFC 4791, RFC 6352, RFC 6578).
//
// Servers differ. Where they depart from the standards, or are asked best in a way of their own, a [Profile] says so as data; the code is the same for all.
package dav

import (
	"context"
	"encoding/xml"

	"github.com/emersion/go-webdav/caldav"
	"github.com/emersion/go-webdav/carddav"

	"github.com/accord-sync/accord/schema/pim"
)

// Family is one of the two protocols.
type Family struct {
	Name      string // of the driver
	Kinds     []pim.Kind
	WellKnown string // RFC 6764 section 5

	collection  xml.Name // in the resourcetype of its collections
	home        string   // property of a principal
	data        string   // property that holds an item
	multiget    string
	contentType string

	// lookup finds the server of a domain by SRV and TXT records (RFC 6764 section 6).
	lookup func(ctx context.Context, domain string) (string, error)
}

// CalDAV is RFC 4791.
var CalDAV = &Family{
	Name: "caldav", Kinds: []pim.Kind{pim.Calendar, pim.Tasks, pim.Notes}, WellKnown: "/.well-known/caldav",
	collection: xml.Name{Space: nsCal, Local: "calendar"}, home: "C:calendar-home-set", data: "C:calendar-data",
	multiget: "C:calendar-multiget", contentType: "text/calendar; charset=utf-8",
	lookup: caldav.DiscoverContextURL,
}

// CardDAV is RFC 6352.
var CardDAV = &Family{
	Name: "carddav", Kinds: []pim.Kind{pim.Contacts}, WellKnown: "/.well-known/carddav",
	collection: xml.Name{Space: nsCard, Local: "addressbook"}, home: "A:addressbook-home-set", data: "A:address-data",
	multiget: "A:addressbook-multiget", contentType: "text/vcard; charset=utf-8",
	lookup: carddav.DiscoverContextURL,
}

// other is the protocol that this one is not.
func (f *Family) other() *Family {
	if f == CardDAV {
		return CalDAV
	}
	return CardDAV
}
