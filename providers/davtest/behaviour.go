package davtest

import (
	"encoding/xml"
	"net/http"
)

// Behaviour is how a server answers. The zero value is a server that keeps to RFC 4791, 6352 and 6578, asks for Basic authentication and speaks HTTP/1.1.
type Behaviour struct {
	Paths  Paths
	Header http.Header // sent with every answer
	DAV    string      // the DAV header; "": a fitting one

	Auth   Auth
	Bearer string // with AuthBearer: the token that lets in, as alice

	HTTP10    bool   // answers are of HTTP/1.0, and the connection is closed
	NoLength  bool   // with HTTP10: only the end of the connection ends an answer
	WellKnown int    // status of /.well-known; 0: 301. A status of 3xx goes to Paths.Root
	HomeURL   string // what the hrefs of home sets begin with (https://other.example); "": nothing

	// Multistatus
	Hrefs          HrefForm
	HrefBase       string   // what other hrefs than plain paths begin with: http://other.example or /proxied
	NoReason       bool     // status lines end after the number
	Type           xml.Name // another resource type of every collection
	StatusFirst    bool     // in a propstat the status stands before the properties
	HomeFiles      bool     // a home also lists a file for each collection
	CData          bool     // item data is in CDATA sections
	ErrorsInProps  bool     // a spoilt item shows its status in its propstat, not in its response
	Missing207     bool     // PROPFIND of what is not there is a 207 with 404 inside
	Failures207    bool     // what stands against a PUT, MKCALENDAR or MKCOL is told in a 207, with a HrefWhole; a failed precondition is still a 412
	BareReports    bool     // supported-report-set lacks the DAV:report elements
	Hidden         []string // properties, by local name, that nothing has: getctag, sync-token, resource-id, …
	LazyCTag       bool     // getctag does not move
	OtherPropToken bool     // PROPFIND gives another sync-token than the report

	// Reports
	Token         string // form of sync tokens, as of fmt: which collection of the server it is, and the revision; "": a URL
	Page          int    // sync-collection gives so many at a time, then 507; 0: all
	IgnoreLimit   bool   // a client's DAV:limit is not heeded
	SyncData      bool   // sync-collection gives item data
	SyncSelf      bool   // sync-collection lists the collection itself
	SyncRepeats   int    // sync-collection lists so many of the changes before the token again
	QuietShort    bool   // what came and went since the token is not listed as gone
	ForeignToken  Answer // to a token that no server of this kind gave
	ExpiredToken  Answer
	RemadeToken   Answer         // to a token of a collection that had this name before
	MultigetMost  int            // a multiget answers only so many; 0: all
	Unsupported   []string       // reports, by local name, that are not announced and fail
	FailingReport map[string]int // status of reports that are announced and fail

	// Items
	ETag              ETagForm
	PutETag           PutETag
	Rewrite           []Rewrite
	EditStatus        int  // of a PUT that replaces; 0: 204
	IgnoreIfNoneMatch bool // a PUT with If-None-Match: * replaces
	IgnoreIfMatch     bool // a DELETE with another If-Match deletes
	CreateOnIfMatch   bool // a PUT with If-Match creates what is missing
	UID               UIDRule
	Invalid           int  // status for data that is no item; 0: 403
	NeedEnd           bool // an event without DTEND or DURATION is refused
	UnknownComponent  int  // status for a component that RFC 5545 does not know; 0: it is kept
	AnyComponent      bool // supported-calendar-component-set is not enforced
	MaxSize           int  // max-resource-size in bytes; 0: none
	Quota             int  // bytes of a collection; 0: none
	Chunked           int  // status for a PUT without Content-Length; 0: it is taken
	SlashInName       int  // status for a name with %2F; 0: it is a name

	// Collections
	Make            int      // status of a MKCALENDAR or MKCOL that is not allowed; 0: it is
	MakeExisting    int      // status of one of a collection that is there; 0: 405
	LosesComponents bool     // the component set given is not kept
	Loses           []string // properties, by local name, that are accepted and not kept
	Fixed           []string // properties, by local name, that PROPPATCH refuses

	Scheduling bool // an event with an organizer and attendees sends messages, see Server.Messages
}

// Paths are where things are. USER stands for the user's name; each but Root ends in a slash.
type Paths struct{ Root, Principal, Calendars, Contacts string }

// Auth is what lets a client in.
type Auth int

const (
	AuthBasic        Auth = iota // the password of a user is the name with pw behind: alice, alicepw
	AuthDigest                   // the same with Digest (RFC 7616), MD5
	AuthDigestSHA256             // the same with SHA-256
	AuthBearer
	AuthNone // everyone is alice
)

// HrefForm is how hrefs are written.
type HrefForm int

const (
	HrefPath     HrefForm = iota // an absolute path, percent-encoded where it must be
	HrefAbsolute                 // with scheme and host: those of the request, or HrefBase
	HrefPrefixed                 // a path below HrefBase, as behind a proxy that does not rewrite
	HrefEncoded                  // a path in which all but letters and digits is percent-encoded, in lower case
	HrefWhole                    // with scheme and host, and the whole percent-encoded (http%3A//)
)

// ETagForm is the kind of ETags.
type ETagForm int

const (
	ETagContent  ETagForm = iota // a digest of the content
	ETagWeak                     // the same, weak
	ETagNone                     // none anywhere
	ETagCounter                  // counts the edits of an item; an item that was deleted and made again starts anew
	ETagUnquoted                 // a digest without quotes
)

// PutETag says when the answer to a PUT has an ETag.
type PutETag int

const (
	PutETagSame   PutETag = iota // when what is stored is what was sent (RFC 4791 section 5.3.4)
	PutETagAlways                // also when it was rewritten
	PutETagNever
	PutETagNoMeetings // always but for an event with attendees
)

// Rewrite is one thing that a server does to what it is given.
type Rewrite string

const (
	Order       Rewrite = "order"        // properties are sorted
	CRLF        Rewrite = "crlf"         // lines end in CRLF and are folded anew
	UpperNames  Rewrite = "upper names"  // names of properties
	ClassPublic Rewrite = "class public" // CLASS:PUBLIC is added where none is
	AddDTStamp  Rewrite = "dtstamp"      // DTSTAMP is added where none is
	AddREV      Rewrite = "rev"          // vCards get a REV
	VCard3      Rewrite = "vcard 3.0"    // vCards are of version 3.0
	DropX       Rewrite = "drop x"       // X- properties are dropped
)

// Answer is what a sync token that cannot be used is answered with.
type Answer struct {
	Status int   // 0: 403; 207: as Lists says
	Bare   bool  // the error has no DAV:valid-sync-token
	Lists  Lists // with Status 207
}

// Lists is what an answer to an unusable token lists, with a new token and as if nothing were wrong.
type Lists int

const (
	Nothing    Lists = iota
	Everything       // all items, and nothing that is gone
	Newest           // the newest change only
)

// UIDRule is what becomes of an item whose UID another one has.
type UIDRule struct {
	Status int  // 0: 409; -1: there are two
	Home   bool // the rule holds for all collections of a home
	Change int  // status of a PUT that changes the UID of an item; 0: it is taken
	Cards  bool // the rule does not hold for contacts
}
