package reconcile_test

import (
	"context"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/memory"
	"github.com/accord-sync/accord/reconcile"
)

// forgetful is a driver whose folder b says that it made every item, while *on, and makes none.
type forgetful struct {
	providers.Driver
	on *bool
}

func (d forgetful) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return forgetfulProvider{p, d.on}, err
}

type forgetfulProvider struct {
	providers.Provider
	on *bool
}

func (p forgetfulProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := p.Provider.Folder(ctx, cfg)
	if err != nil || cfg.Address != "folder.b" {
		return f, err
	}
	return forgetfulFolder{f, p.on}, nil
}

type forgetfulFolder struct {
	providers.Folder
	on *bool
}

func (f forgetfulFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	if !*f.on {
		return f.Folder.Write(ctx, writes)
	}
	out := make([]providers.Outcome, len(writes))
	for i, w := range writes {
		out[i] = providers.Outcome{Class: providers.Done, Ref: w.Item.UID(), Changed: true}
	}
	return out
}

// TestAStoreThatForgets: what a store says that it made, and is not there when it is read back, was not made. It is made by the next apply, and its original stays.
func TestAStoreThatForgets(t *testing.T) {
	on := true
	o := newOffice(t)
	o.folder("a", memory.DAV())
	o.folder("b", memory.DAV())
	o.mesh("both", twoWay(), "a", "b")
	o.decorate = func(d providers.Driver) providers.Driver { return forgetful{d, &on} }
	o.fill("a", 3)
	if result := o.carryOut(o.plan(reconcile.Request{})); result.Summary.Add != 0 || len(result.Failures) != 3 {
		t.Errorf("the result is %+v, %v", result.Summary, result.Failures)
	}
	on = false
	if s := o.plan(reconcile.Request{}).Document.Summary; s.Delete != 0 || s.Add != 3 {
		t.Errorf("the next plan is %+v", s)
	}
	o.apply()
	o.settled()
	o.holds("b", "a 00", "a 01", "a 02")
	o.holds("a", "a 00", "a 01", "a 02")
}
