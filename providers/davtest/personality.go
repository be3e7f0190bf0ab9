package davtest

import (
	"encoding/xml"
	"net/http"
)

// The personalities are modelled on what was measured of the servers of Debian 12 on loopback, and ICloud and Google on what their vendors and clients tell of them.
// Each is a new value: changing one changes no other.

// Radicale is Radicale 3.1: HTTP/1.0, both homes in one, properties reordered, an edit answered 201.
func Radicale() Behaviour {
	return Behaviour{
		Paths:   Paths{"/", "/USER/", "/USER/", "/USER/"},
		Header:  http.Header{"Server": {"WSGIServer/0.2 CPython/3.11.2"}},
		DAV:     "1, 2, 3, calendar-access, addressbook, extended-mkcol",
		HTTP10:  true,
		Token:   "http://radicale.org/ns/sync/%032x%032x",
		Hidden:  []string{"resource-id", "creationdate", "max-resource-size", "quota-available-bytes", "quota-used-bytes"},
		PutETag: PutETagAlways, Rewrite: []Rewrite{Order, CRLF, UpperNames, AddDTStamp},
		SyncData: true, IgnoreLimit: true,
		EditStatus: 201, Invalid: 400, UnknownComponent: 400, AnyComponent: true, Chunked: 400, SlashInName: 403,
		MakeExisting: 409,
	}
}

// Xandikos is Xandikos 0.2: failures inside a 207, 500 for foreign tokens and for addressbook-query.
func Xandikos() Behaviour {
	return Behaviour{
		Paths:        Paths{"/", "/USER/", "/USER/calendars/", "/USER/contacts/"},
		Header:       http.Header{"Server": {"nginx/1.22.1"}},
		DAV:          "1, 2, 3, calendar-access, calendar-auto-scheduling, addressbook, extended-mkcol, add-member, sync-collection, quota",
		WellKnown:    302,
		StatusFirst:  true,
		Failures207:  true,
		Missing207:   true,
		BareReports:  true,
		Token:        "%020x%020x",
		Hidden:       []string{"resource-id", "creationdate", "max-resource-size", "quota-available-bytes", "quota-used-bytes"},
		ForeignToken: Answer{Status: 500}, ExpiredToken: Answer{Status: 500}, RemadeToken: Answer{Status: 500},
		QuietShort: true, IgnoreLimit: true,
		FailingReport: map[string]int{"addressbook-query": 500},
		PutETag:       PutETagAlways, Rewrite: []Rewrite{Order, CRLF, UpperNames},
		UID:     UIDRule{Status: 412, Cards: true},
		Invalid: 412, UnknownComponent: 500, AnyComponent: true, SlashInName: 404,
		MakeExisting: 403, LosesComponents: true, Loses: []string{"calendar-description", "calendar-color", "calendar-order"},
	}
}

// DAViCal is DAViCal 1.1: two items may have one UID, an old token is answered with little or nothing, vCards get a REV.
func DAViCal() Behaviour {
	return Behaviour{
		Paths:        Paths{"/caldav.php/", "/caldav.php/USER/", "/caldav.php/USER/", "/caldav.php/USER/"},
		Header:       http.Header{"Server": {"Apache/2.4.71 (Debian)"}, "X-DAViCal-Version": {"DAViCal/1.1.12; DB/1.3.5"}},
		DAV:          "1, 2, 3, access-control, calendar-access, calendar-schedule, extended-mkcol, bind, addressbook, calendar-auto-schedule, calendar-proxy",
		Token:        "data:,%06d%012d",
		Hidden:       []string{"max-resource-size", "quota-available-bytes", "quota-used-bytes"},
		ForeignToken: Answer{207, false, Everything}, ExpiredToken: Answer{207, false, Newest}, RemadeToken: Answer{207, false, Nothing},
		IgnoreLimit: true,
		Rewrite:     []Rewrite{AddREV},
		UID:         UIDRule{Status: -1}, Invalid: 412, UnknownComponent: 500, AnyComponent: true, SlashInName: 404,
		Scheduling: true,
	}
}

// Cyrus is Cyrus IMAP 3.6: pages with 507, one UID a home, strict about data, no ETag for meetings, vCards of version 3.0.
func Cyrus() Behaviour {
	return Behaviour{
		Paths:    Paths{"/dav/", "/dav/principals/user/USER/", "/dav/calendars/user/USER/", "/dav/addressbooks/user/USER/"},
		Header:   http.Header{"Connection": {"Upgrade"}, "Upgrade": {"h2c"}, "Vary": {"Accept-Encoding, Brief, Prefer"}},
		Hidden:   []string{"resource-id", "quota-available-bytes", "quota-used-bytes"},
		DAV:      "1, 2, 3, access-control, extended-mkcol, resource-sharing, calendar-access, calendar-auto-schedule, calendar-query-extended, calendar-availability, calendar-managed-attachments",
		Token:    "data:,%d-%d",
		SyncData: true,
		PutETag:  PutETagNoMeetings, Rewrite: []Rewrite{VCard3},
		UID:     UIDRule{Status: 403, Home: true, Change: 403, Cards: true},
		NeedEnd: true, MaxSize: 2147483647, SlashInName: 403,
		MakeExisting: 403, Scheduling: true,
	}
}

// SOGo is SOGo 5.8: ETags that count, preconditions that are not heeded, tokens of one second.
func SOGo() Behaviour {
	return Behaviour{
		Paths:        Paths{"/SOGo/dav/", "/SOGo/dav/USER/", "/SOGo/dav/USER/Calendar/", "/SOGo/dav/USER/Contacts/"},
		DAV:          "1, 2, access-control, calendar-access, calendar-schedule, calendar-auto-schedule, calendar-proxy, calendar-query-extended, extended-mkcol",
		Header:       http.Header{"Server": {"SOPE 4.9.37/WebDAV"}, "Connection": {"close"}},
		WellKnown:    200,
		StatusFirst:  true,
		HomeFiles:    true,
		Type:         xml.Name{Space: "http://groupdav.org/", Local: "vevent-collection"},
		Token:        "%06d%012d",
		Hidden:       []string{"resource-id", "creationdate", "max-resource-size", "quota-available-bytes", "quota-used-bytes"},
		ForeignToken: Answer{207, false, Everything}, RemadeToken: Answer{207, false, Nothing},
		IgnoreLimit: true, SyncData: true, SyncRepeats: 10, LazyCTag: true, OtherPropToken: true,
		ETag: ETagCounter, PutETag: PutETagAlways, Rewrite: []Rewrite{CRLF, UpperNames, ClassPublic, VCard3},
		IgnoreIfNoneMatch: true, IgnoreIfMatch: true, CreateOnIfMatch: true,
		Invalid: 404, AnyComponent: true, Chunked: 404,
		LosesComponents: true, Loses: []string{"calendar-description"}, Fixed: []string{"calendar-description"},
		Scheduling: true,
	}
}

// ICloud is like iCloud: homes are on another host (set HomeURL), data is in CDATA, hrefs of items are encoded, pages are small.
func ICloud() Behaviour {
	return Behaviour{
		Paths:  Paths{"/", "/123/USER/principal/", "/123/USER/calendars/", "/123/USER/carddavhome/"},
		Header: http.Header{"Server": {"AppleHttpServer/2f080fc0"}},
		DAV:    "1, access-control, calendar-access, calendar-schedule, calendar-auto-schedule, calendar-audit, calendarserver-sharing, extended-mkcol, addressbook",
		CData:  true, Page: 200, ExpiredToken: Answer{Status: 403}, ForeignToken: Answer{Status: 403},
		PutETag: PutETagAlways, Rewrite: []Rewrite{CRLF, Order}, MaxSize: 20 << 20, NeedEnd: false,
		UID: UIDRule{Status: 403, Home: true}, Scheduling: true,
	}
}

// Google is like Google's CalDAV: Bearer only, no collections are made, no ETag for a PUT, If-None-Match not heeded.
func Google() Behaviour {
	return Behaviour{
		Paths: Paths{"/caldav/v2/", "/caldav/v2/USER/user/", "/caldav/v2/USER/", "/carddav/v1/principals/USER/lists/"},
		DAV:   "1, calendar-access, calendar-schedule, calendar-proxy",
		Auth:  AuthBearer, ForeignToken: Answer{Status: 400, Bare: true}, ExpiredToken: Answer{Status: 410, Bare: true}, RemadeToken: Answer{Status: 410, Bare: true},
		PutETag: PutETagNever, Rewrite: []Rewrite{CRLF, Order}, IgnoreIfNoneMatch: true,
		Make: 405, Fixed: []string{"displayname", "calendar-color"}, Scheduling: true,
	}
}
