package caldav_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/davtest/servers"
	"github.com/accord-sync/accord/providers/internal/web"
	"github.com/accord-sync/accord/schema/pim"
)

// TestRequests counts what every server that runs is asked for each thing that an engine does: one request, and one for each two hundred items that are read. Beside the
// others stands why it is another number.
func TestRequests(t *testing.T) {
	const items, edits, batch = 120, 7, 100
	for name, want := range map[string]struct{ write, first, unchanged, edit, changed string }{
		"radicale": {"120 PUT, 2 REPORT", "1 PROPFIND, 2 REPORT", "1 REPORT", "7 PUT, 1 REPORT", "2 REPORT"},
		"cyrus":    {"120 PUT, 2 REPORT", "1 PROPFIND, 2 REPORT", "1 REPORT", "7 PUT, 1 REPORT", "2 REPORT"},
		"xandikos": {"120 PUT, 2 REPORT", "1 PROPFIND, 2 REPORT", "1 REPORT", "7 PUT, 1 REPORT", "2 REPORT"}, // all items in one query
		"davical":  {"120 PUT", "1 PROPFIND, 2 REPORT", "1 PROPFIND", "7 PUT", "1 PROPFIND, 2 REPORT"},       // its tokens prove nothing, and its ETags do
		"sogo":     {"120 PUT, 4 REPORT", "1 PROPFIND, 2 REPORT", "1 REPORT", "7 PUT, 1 REPORT", "2 REPORT"}, // it overwrites: names are looked up before
	} {
		t.Run(name, func(t *testing.T) {
			s := servers.One(t, name)
			var counter web.Counter
			p := open(t, s, &counter)
			cfg := at(s.MakeCalendar(t, "alice", "VEVENT"), pim.Calendar)
			c := &counted{t: t, counter: &counter, folder: opened(t, p, cfg)}
			counter.Take()

			var writes []providers.Write
			for i := range items {
				writes = append(writes, providers.Write{Kind: providers.Create, Item: event(t, fmt.Sprintf("%s-%d", unique(), i), "A")})
			}
			c.write(writes, batch)
			c.is("a write of 120 items", want.write)

			c.folder = opened(t, p, cfg)
			all := c.changes()
			if len(all) != items {
				t.Fatalf("%d items are listed", len(all))
			}
			c.fetch(all)
			c.is("a first read", want.first)

			cfg.Cursor = c.cursor
			c.folder = opened(t, p, cfg)
			c.changes()
			c.is("a read without changes", want.unchanged)

			versions := map[string]string{}
			for _, change := range all[:edits] {
				versions[change.Ref] = change.Version
			}
			writes = nil
			for _, got := range c.fetch(all[:edits]) {
				title := event(t, got.Item.UID(), "B").Fields()["summary"]
				writes = append(writes, providers.Write{Kind: providers.Update, Ref: got.Ref, Version: got.Version, Item: got.Item.WithFields(pim.Fields{"summary": title})})
			}
			counter.Take()
			c.write(writes, batch)
			c.is("a write of 7 edits", want.edit)

			cfg.Cursor = c.cursor
			c.folder = opened(t, p, cfg)
			var changed []providers.Change
			for _, change := range c.changes() {
				if version, edited := versions[change.Ref]; edited && version != change.Version {
					changed = append(changed, change)
				}
			}
			if len(changed) != edits {
				t.Fatalf("%d items changed, want %d", len(changed), edits)
			}
			c.fetch(changed)
			c.is("a read of 7 edits", want.changed)
		})
	}
}

// counted does what an engine does, and counts.
type counted struct {
	t       *testing.T
	counter *web.Counter
	folder  providers.Folder
	cursor  string
}

func opened(t *testing.T, p providers.Provider, cfg providers.FolderConfig) providers.Folder {
	t.Helper()
	f, err := p.Folder(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func (c *counted) changes() (all []providers.Change) {
	c.t.Helper()
	read, err := c.folder.Changes(c.t.Context(), c.cursor, func(change providers.Change) error {
		all = append(all, change)
		return nil
	})
	if err != nil || !read.Complete {
		c.t.Fatalf("%v, %s", err, read.Reason)
	}
	c.cursor = read.Cursor
	return all
}

func (c *counted) fetch(changes []providers.Change) (all []providers.Fetched) {
	c.t.Helper()
	can := c.folder.Capabilities()
	for part := range slices.Chunk(changes, max(can.Batch, can.Reads)) {
		var refs []string
		for _, change := range part {
			refs = append(refs, change.Ref)
		}
		err := c.folder.Fetch(c.t.Context(), refs, func(got providers.Fetched) error {
			all = append(all, got)
			return got.Err
		})
		if err != nil {
			c.t.Fatal(err)
		}
	}
	return all
}

// write carries out writes, and reads back what the server may have changed.
func (c *counted) write(writes []providers.Write, batch int) {
	c.t.Helper()
	for part := range slices.Chunk(writes, batch) {
		var changed []providers.Change
		for _, out := range c.folder.Write(c.t.Context(), part) {
			if out.Class != providers.Done {
				c.t.Fatalf("%s: %v", out.Class, out.Err)
			}
			if out.Changed {
				changed = append(changed, providers.Change{Ref: out.Ref})
			}
		}
		c.fetch(changed)
	}
}

// is compares the requests since the last time.
func (c *counted) is(what, want string) {
	c.t.Helper()
	n := c.counter.Take()
	var list []string
	for _, method := range slices.Sorted(maps.Keys(n)) {
		list = append(list, fmt.Sprint(n[method], " ", method))
	}
	got := strings.Join(list, ", ")
	if c.t.Logf("%s: %s", what, got); got != want {
		c.t.Errorf("%s takes %s, want %s", what, got, want)
	}
}
