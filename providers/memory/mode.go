package memory

import (
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Mode is how a store behaves. It is data: a test may take one of [DAV], [Graph] and [Table] and change what it is about.
type Mode struct {
	Name         string
	Capabilities providers.Capabilities

	// Creates says for which kinds Capabilities.Creates is another one.
	Creates map[pim.Kind]providers.Idempotency

	// Strict refuses calls with more than Capabilities.Batch writes or refs, and calls beyond Capabilities.Parallel at a time.
	Strict bool

	// MakesUIDs gives every created item a UID of the store's own. Without it, a store whose Capabilities say that it keeps no UIDs
	// has none at all.
	MakesUIDs bool

	// Unsure makes the feed report every removal as MaybeRemoved.
	Unsure bool

	// Repeats makes the feed give every nth of its changes twice, first with the version before; 0: never.
	Repeats int

	// Bumps gives every nth written item another version as soon as the write was answered, with the same content; 0: never.
	Bumps int

	// ThrottleEvery answers every nth request of a folder with Throttled and RetryAfter, undone; 0: never. A request is one Changes,
	// one Fetch, or one write of a Write.
	ThrottleEvery int
	RetryAfter    time.Duration
}

// DAV behaves as a CalDAV or CardDAV server with sync-collection (RFC 6578) and If-Match: a change feed, conditional writes, the
// client's UIDs.
func DAV() Mode {
	return Mode{
		Name: "dav",
		Capabilities: providers.Capabilities{
			Feed: true, Conditional: true, Creates: providers.ByUID, Markers: true, UIDs: true, Silent: true, Batch: 50, Parallel: 4,
		},
	}
}

// Graph behaves as Microsoft Graph: a delta feed with repeats and with removals that may only mean "left the window", small
// batches, throttling, refs and UIDs of the store's own, versions that change by themselves, creates of events that are
// idempotent by token and of anything else not at all.
func Graph() Mode {
	return Mode{
		Name: "graph",
		Capabilities: providers.Capabilities{
			Feed: true, Conditional: true, Creates: providers.NotIdempotent, Markers: true, Silent: true, Zoned: true, Batch: 20, Parallel: 4,
		},
		Creates:       map[pim.Kind]providers.Idempotency{pim.Calendar: providers.ByToken},
		Strict:        true,
		MakesUIDs:     true,
		Unsure:        true,
		Repeats:       3,
		Bumps:         3,
		ThrottleEvery: 25,
		RetryAfter:    time.Second,
	}
}

// Table behaves as rows of a database table: full listings only, writes that overwrite whatever is there, keys that the table
// makes, and columns for some fields only.
func Table() Mode {
	return Mode{
		Name: "table",
		Capabilities: providers.Capabilities{
			Creates: providers.NotIdempotent, Silent: true, Batch: 100, Parallel: 1,
			Lacks: []string{"alarms", "attachments", "photo", "override:", "extra."},
		},
	}
}

// Modes lists the three modes.
func Modes() []Mode { return []Mode{DAV(), Graph(), Table()} }

func (m Mode) capabilities(kind pim.Kind) providers.Capabilities {
	c := m.Capabilities
	if i, ok := m.Creates[kind]; ok {
		c.Creates = i
	}
	return c
}
