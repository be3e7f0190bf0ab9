package reconcile_test

import (
	"context"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/faults"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
)

// versionless is a driver of stores that honour preconditions, and tell no versions of items, in listings or at all. A write without one overwrites.
type versionless struct {
	providers.Driver
	fetched bool // Fetch tells them
}

func (d versionless) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return versionlessProvider{p, d.fetched}, err
}

type versionlessProvider struct {
	providers.Provider
	fetched bool
}

func (p versionlessProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := p.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return versionlessFolder{f, p.fetched}, nil
}

type versionlessFolder struct {
	providers.Folder
	fetched bool
}

func (f versionlessFolder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	return f.Folder.Changes(ctx, cursor, func(c providers.Change) error {
		c.Version = ""
		return each(c)
	})
}

func (f versionlessFolder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	return f.Folder.Fetch(ctx, refs, func(got providers.Fetched) error {
		if !f.fetched {
			got.Version = ""
		}
		return each(got)
	})
}

func (f versionlessFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	for i, w := range writes {
		if w.Kind == providers.Create || w.Version != "" {
			continue
		}
		_ = f.Folder.Fetch(ctx, []string{w.Ref}, func(got providers.Fetched) error {
			writes[i].Version = got.Version
			return nil
		})
	}
	out := f.Folder.Write(ctx, writes)
	for i := range out {
		out[i].Version = ""
	}
	return out
}

// TestItemsWithoutVersion: what has no version is looked at before it is written, so that no edit that was made meanwhile is overwritten.
func TestItemsWithoutVersion(t *testing.T) {
	for _, fetched := range []bool{false, true} {
		o := company(t, memory.DAV())
		o.decorate = func(d providers.Driver) providers.Driver { return versionless{d, fetched} }
		o.fill("a", 3)
		o.apply()
		o.settled()

		o.edit("a", "a 00", "location", "Room 1")
		o.edit("a", "a 01", "location", "Room 1")
		p := o.plan(reconcile.Request{})
		o.edit("b", "a 00", "location", "The pub")
		result := o.carryOut(p)
		if s := result.Summary; s.Edit != 1 || s.Stale != 1 {
			t.Errorf("versions from Fetch: %t: the result is %+v, %v", fetched, s, result.Failures)
		}
		for title, want := range map[string]string{"a 00": "The pub", "a 01": "Room 1"} {
			if got := o.find("b", title).Item.Fields()["location"].Plain(); got != want {
				t.Errorf("versions from Fetch: %t: %s is at %v, want %s", fetched, title, got, want)
			}
		}
		o.apply()
		o.settled()
	}
}

// TestUnknownWriteWithoutVersion: a write without answer, of an item without version, is told from its content.
func TestUnknownWriteWithoutVersion(t *testing.T) {
	for _, effect := range []faults.Effect{faults.LoseRequest, faults.LoseAnswer} {
		o := company(t, memory.DAV())
		o.decorate = func(d providers.Driver) providers.Driver { return versionless{d, false} }
		o.fill("a", 2)
		o.apply()
		o.edit("a", "a 00", "location", "Room 1")
		o.strike = faults.Always(faults.Fault{Effect: effect}, faults.Update)
		result := o.apply()
		if done := result.Summary.Edit == 1; done != (effect == faults.LoseAnswer) {
			t.Errorf("%s: the result is %+v, %v", effect, result.Summary, result.Failures)
		}
		o.strike = nil
		o.apply()
		if got := o.find("b", "a 00").Item.Fields()["location"].Plain(); got != "Room 1" {
			t.Errorf("%s: it is at %v", effect, got)
		}
		o.settled()
	}
}
