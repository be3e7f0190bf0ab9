package reconcile_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
	"github.com/accord-sync/accord/reconcile/plan"
	"github.com/accord-sync/accord/schema/pim"
)

// lazy is a driver that opens a folder without asking when it is given a cursor: what it learnt of the folder is in that. Its log is of what it asks.
type lazy struct {
	providers.Driver
	log *log
}

type log struct {
	mu    sync.Mutex
	lines []string
	known map[string]providers.Folder // by cursor: what it tells of its folder
}

func (l *log) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

// take is what was asked since the last time.
func (l *log) take() []string {
	lines := l.lines
	l.lines = nil
	slices.Sort(lines)
	return lines
}

func (d lazy) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return lazyProvider{p, d.log}, err
}

type lazyProvider struct {
	providers.Provider
	log *log
}

func (p lazyProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	p.log.mu.Lock()
	f := p.log.known[cfg.Cursor]
	p.log.mu.Unlock()
	if cfg.Cursor != "" && f != nil {
		return &lazyFolder{Folder: f, cfg: cfg, p: p}, nil
	}
	p.log.add("open " + cfg.Address)
	f, err := p.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &lazyFolder{Folder: f, cfg: cfg, p: p}, nil
}

// lazyFolder tells what it knows of a folder, and does what it does with the one that is there now.
type lazyFolder struct {
	providers.Folder
	cfg providers.FolderConfig
	p   lazyProvider
}

func (f *lazyFolder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	f.p.log.add("changes " + f.cfg.Address)
	now, err := f.p.Provider.Folder(ctx, f.cfg)
	if err != nil {
		return providers.Read{}, err
	}
	read, err := now.Changes(ctx, cursor, each)
	if err == nil && read.Cursor != "" {
		f.p.log.mu.Lock()
		f.p.log.known[read.Cursor] = f.Folder
		f.p.log.mu.Unlock()
	}
	return read, err
}

// lazily makes the folders of an office open without asking.
func lazily(o *office) *log {
	l := &log{known: map[string]providers.Folder{}}
	o.decorate = func(d providers.Driver) providers.Driver { return lazy{d, l} }
	return l
}

// TestOpenWithCursor: a folder that was read before is asked once, also by an apply; one whose cursor is expired, or that is read in full, is got to know anew.
func TestOpenWithCursor(t *testing.T) {
	o := company(t, memory.DAV())
	l := lazily(o)
	o.fill("a", 3)
	asks := func(what string, want ...string) {
		t.Helper()
		if got := l.take(); !slices.Equal(got, want) {
			t.Errorf("%s: asked %q, want %q", what, got, want)
		}
	}
	p := o.plan(reconcile.Request{})
	asks("first plan", "changes folder.a", "changes folder.b", "open folder.a", "open folder.b")
	o.carryOut(p)
	asks("first apply")
	o.settled()
	asks("no change", "changes folder.a", "changes folder.b")
	o.stores["a"].Find("a").ExpireCursors()
	o.settled()
	asks("expired", "changes folder.a", "changes folder.a", "changes folder.b", "open folder.a")
	o.plan(reconcile.Request{Full: true})
	asks("in full", "changes folder.a", "changes folder.b", "open folder.a", "open folder.b")
}

// TestGoneAfterOpening: that a folder is gone or was replaced is said in the same words whether it shows when it is opened or when it is read.
func TestGoneAfterOpening(t *testing.T) {
	for _, name := range []string{"a", "b"} {
		for _, create := range []bool{false, true} {
			var said []string
			for _, late := range []bool{false, true} {
				o := company(t, memory.DAV())
				if late {
					lazily(o)
				}
				o.fill("a", 3)
				o.apply()
				o.spec(name).Create = create
				o.stores[name].DropFolder(name)
				o.alerted("the folder is gone")
				said = append(said, relationship(t, o.plan(reconcile.Request{}), "relationship.copy").Reason)
				o.stores[name].AddFolder(name, pim.Calendar)
				o.alerted("replaced by another one")
			}
			if said[0] != said[1] {
				t.Errorf("%s, create = %t: %q", name, create, said)
			}
		}
	}
}

// absent is a driver whose folders are opened without asking at all, and are not there.
type absent struct{ providers.Driver }

func (d absent) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return absentProvider{p}, err
}

type absentProvider struct{ providers.Provider }

func (p absentProvider) Folder(_ context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	return absentFolder{address: cfg.Address}, nil
}

type absentFolder struct {
	providers.Folder
	address string
}

func (absentFolder) Capabilities() providers.Capabilities {
	return providers.Capabilities{Batch: 1, Parallel: 1, UIDs: true, Markers: true}
}
func (absentFolder) Identity() string { return "" }
func (f absentFolder) Changes(context.Context, string, func(providers.Change) error) (providers.Read, error) {
	return providers.Read{}, providers.Classed(providers.Missing, errors.New(f.address+" is not there"))
}

// TestMissingWhenRead: a new folder that turns out to be missing when it is read is made, or it is said how to have it made.
func TestMissingWhenRead(t *testing.T) {
	o := company(t, memory.DAV())
	o.decorate = func(d providers.Driver) providers.Driver { return absent{d} }
	o.alerted("write create = true in its block")
	o.spec("a").Create, o.spec("b").Create = true, true
	if p := o.plan(reconcile.Request{}); p.Document.Summary.CreateFolder != 2 || relationship(t, p, "relationship.copy").Status != plan.OK {
		t.Errorf("the plan is\n%s", describe(p))
	}
}
