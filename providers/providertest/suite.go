// Package providertest is the conformance suite of the provider contract: what a folder claims in its Capabilities is proven, what it does not
// claim is tolerated, and every case ends by reading again and finding that nothing changed.
//
// A driver's test fills in a [Suite] and runs it:
//
//	func TestConformance(t *testing.T) {
//		for _, kind := range pim.Kinds() {
//			t.Run(string(kind), providertest.Suite{Kind: kind, Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
//				…
//			}}.Run)
//		}
//	}
package providertest

import (
	"context"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Suite is what the cases need to know of a driver.
type Suite struct {
	Kind pim.Kind

	// Open gives a provider and the configuration of a folder of Kind that is there and empty. It is called once for each case, and
	// takes care of closing what it opened.
	Open func(t *testing.T) (providers.Provider, providers.FolderConfig)

	// Absent changes the configuration that Open gave into that of a folder that is not there; nil when that cannot be arranged.
	Absent func(cfg providers.FolderConfig) providers.FolderConfig

	// Expire makes every cursor that the folder gave so far invalid; nil when that cannot be arranged.
	Expire func(t *testing.T, cfg providers.FolderConfig)

	// Restless says that versions may change without the content: the version after a write need not be that of the next listing.
	Restless bool

	// Wait waits after Throttled; nil: the call is repeated at once.
	Wait func(ctx context.Context, d time.Duration)

	// Refused reports whether the store cannot keep an item: then the driver has to refuse it. nil: it keeps all.
	Refused func(it *pim.Item) bool

	// Large is the size of the largest item that is tried, in bytes; 0: 256 KiB.
	Large int
}

// Run runs every case as a subtest.
func (s Suite) Run(t *testing.T) {
	cases := []struct {
		name string
		run  func(*session)
	}{
		{"empty folder", emptyFolder},
		{"capabilities make sense", soundCapabilities},
		{"discover", discovered},
		{"missing folder", missingFolder},
		{"read only", readOnly},
		{"create", create},
		{"create twice", createTwice},
		{"create after delete", createAfterDelete},
		{"update", update},
		{"update another version", updateStale},
		{"update drops fields", updateDrops},
		{"delete", deletes},
		{"delete another version", deleteStale},
		{"write what is not there", writeMissing},
		{"outcomes in order", outcomesInOrder},
		{"more than a batch", manyItems},
		{"write after the context ended", writeCancelled},
		{"unusual uids", unusualUIDs},
		{"uids are case-sensitive", caseSensitiveUIDs},
		{"unicode content", unicodeContent},
		{"large item", largeItem},
		{"overrides", overrides},
		{"marker", marker},
		{"fetch answers once for every ref", fetchOnce},
		{"fetch nothing", fetchNothing},
		{"fetch stops", fetchStops},
		{"changes stop", changesStop},
		{"read after the context ended", readCancelled},
		{"changes since a cursor", changesSince},
		{"changes by others", changesByOthers},
		{"foreign cursor", foreignCursor},
		{"expired cursor", expiredCursor},
		{"reads beside reads", parallelReads},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			x := s.begin(t)
			c.run(x)
			x.nothingChanges()
		})
	}
}

// begin opens a fresh folder.
func (s Suite) begin(t *testing.T) *session {
	t.Helper()
	p, cfg := s.Open(t)
	x := &session{T: t, suite: s, provider: p, config: cfg, ctx: t.Context()}
	x.folder = x.open(cfg)
	x.can = x.folder.Capabilities()
	return x
}
