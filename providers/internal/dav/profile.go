package dav

import (
	"encoding/xml"
	"net/http"
	"regexp"
	"slices"
)

// Profile is what is known of a kind of server. Everything in it was measured; docs/servers.md shows it.
type Profile struct {
	Name string // as the provider attribute server says it
	Doc  string

	Feed    Feed
	Listing Listing

	// Multiget is how many items one multiget asks for. From Whole items on, all items of a calendar are asked for by a query instead, for as many as
	// Reads at a time; 0: never.
	Multiget, Whole, Reads int

	// Blind says that the server overwrites and deletes items whatever the precondition is.
	Blind bool

	// Covers says that the server may store a new item over one that has its name, whatever the precondition is: whether the name is free is looked up before.
	Covers bool

	// Hasty says that the server ends connections without saying so: each request gets one of its own.
	Hasty bool

	// Exact says that what is stored with an ETag in the answer is what was sent: it is not read back. Most servers give an ETag for what they changed, too.
	Exact bool

	// Spoils is what the server takes and does not keep.
	Spoils []Spoil

	// Invites is whom the server tells of meetings by itself (RFC 6638).
	Invites Invites

	// By these it is recognised, behind any proxy.
	token  *regexp.Regexp // what its sync tokens look like
	header string         // a header that no other server sends
	types  string         // namespace of a resource type of its own
}

// Feed is how it is learnt that a folder changed.
type Feed string

const (
	// Proven: a sync token is answered only by the collection that it came from (RFC 6578 section 3.8). One request tells what changed.
	Proven Feed = "sync token"

	// Tagged: tokens may be answered by a collection that they did not come from, or with less than what changed. One request tells whether anything
	// changed; then all ETags are listed.
	Tagged Feed = "tag"

	// Listed: nothing that the server says of a collection tells whether anything changed. All ETags are listed every time.
	Listed Feed = "listing"
)

// Listing is how all ETags are asked for.
type Listing string

const (
	BySync     Listing = "sync-collection"
	ByQuery    Listing = "query"
	ByPropfind Listing = "propfind"
)

// Invites is what a server does with meetings.
type Invites string

const (
	Nobody   Invites = "nobody"          // it sends nothing
	AsAsked  Invites = "as asked"        // SCHEDULE-AGENT=CLIENT keeps it from sending
	Always   Invites = "whenever it can" // only a meeting without organizer keeps it from sending
	NotKnown Invites = "perhaps, not known"
)

// Profiles are the kinds of servers that are known. The first that fits a server is its own; the last fits every server.
func Profiles() []Profile {
	return slices.Clone(profiles)
}

var profiles = []Profile{
	{
		Name: "radicale", Doc: "Radicale 3", Feed: Proven, Listing: BySync, Multiget: 200,
		Invites: Nobody,
		token:   regexp.MustCompile(`^http://radicale\.org/ns/sync/[0-9a-f]{64}$`),
	},
	{
		Name: "xandikos", Doc: "Xandikos 0.2", Feed: Proven, Listing: BySync, Multiget: 100, Whole: 50, Reads: 5000,
		Invites: Nobody, Spoils: []Spoil{EscapedUIDs},
		token: regexp.MustCompile(`^[0-9a-f]{40}$`),
	},
	{
		Name: "cyrus", Doc: "Cyrus IMAP 3", Feed: Proven, Listing: BySync, Multiget: 200,
		Invites: AsAsked, Spoils: []Spoil{BackslashUIDs},
		token: regexp.MustCompile(`^data:,[0-9]+-[0-9]+$`),
	},
	{
		Name: "davical", Doc: "DAViCal 1.1", Feed: Tagged, Listing: ByQuery, Multiget: 200,
		Exact: true, Invites: AsAsked,
		token: regexp.MustCompile(`^data:,[0-9]+$`), header: "X-DAViCal-Version",
	},
	{
		Name: "sogo", Doc: "SOGo 5", Feed: Listed, Listing: ByQuery, Multiget: 200, Blind: true, Covers: true, Hasty: true,
		Invites: Always, Spoils: []Spoil{LongUIDs, SplitCharacters},
		types: "http://groupdav.org/",
	},
	{
		Name: "standard", Doc: "A server whose sync tokens can be trusted, as RFC 6578 asks", Feed: Proven, Listing: BySync, Multiget: 200, Invites: NotKnown,
	},
	{
		Name: "other", Doc: "Every other server", Feed: Tagged, Listing: ByPropfind, Multiget: 100, Covers: true, Invites: NotKnown,
	},
}

func profileNamed(name string) *Profile {
	i := slices.IndexFunc(profiles, func(p Profile) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &profiles[i]
}

// recognise is the profile of a server by what it says of a collection and the headers of its answer.
func recognise(of props, h http.Header) *Profile {
	for i := range profiles {
		p := &profiles[i]
		isOwn := func(t xml.Name) bool { return p.types != "" && t.Space == p.types }
		if p.header != "" && h.Get(p.header) != "" || slices.ContainsFunc(of.types, isOwn) || p.token != nil && p.token.MatchString(of.token) {
			return p
		}
	}
	return profileNamed("other")
}
