package faults

import (
	"context"
	"fmt"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/schema/pim"
)

// Provider makes p fail by plan. rewrite is what Rewrite makes of an item; nil: [Shout].
func Provider(p providers.Provider, plan Plan, rewrite func(*pim.Item) *pim.Item) providers.Provider {
	if rewrite == nil {
		rewrite = Shout
	}
	return &provider{Provider: p, counter: &counter{plan: plan}, rewrite: rewrite}
}

// Driver makes every provider that d opens fail by one plan, which counts the calls of all of them.
func Driver(d providers.Driver, plan Plan) providers.Driver {
	return driver{d, &counter{plan: plan}}
}

type driver struct {
	providers.Driver
	counter *counter
}

func (d driver) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &provider{Provider: p, counter: d.counter, rewrite: Shout}, nil
}

type provider struct {
	providers.Provider
	counter *counter
	rewrite func(*pim.Item) *pim.Item
}

func (p *provider) Check(ctx context.Context) error {
	if err := before(ctx, p.counter.next("", Check, "")); err != nil {
		return err
	}
	return p.Provider.Check(ctx)
}

func (p *provider) Discover(ctx context.Context) ([]providers.Discovered, error) {
	if err := before(ctx, p.counter.next("", Discover, "")); err != nil {
		return nil, err
	}
	return p.Provider.Discover(ctx)
}

func (p *provider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	if err := before(ctx, p.counter.next(cfg.Address, Open, "")); err != nil {
		return nil, err
	}
	f, err := p.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return &folder{Folder: f, address: cfg.Address, counter: p.counter, rewrite: p.rewrite}, nil
}

func (p *provider) CreateFolder(ctx context.Context, cfg providers.FolderConfig) error {
	fault := p.counter.next(cfg.Address, CreateFolder, "")
	if err := before(ctx, fault); err != nil {
		return err
	}
	if err := p.Provider.CreateFolder(ctx, cfg); err != nil {
		return err
	}
	return after(ctx, fault)
}

// before is the error of a fault that strikes before the store is asked.
func before(ctx context.Context, f Fault) error {
	switch f.Effect {
	case Fail:
		return said(f)
	case Hang:
		<-ctx.Done()
		return providers.Classed(providers.Transient, ctx.Err())
	case LoseRequest:
		return lost(f)
	}
	return nil
}

// after is the error of a fault that strikes when the store has done its work.
func after(ctx context.Context, f Fault) error {
	switch f.Effect {
	case FailAfter:
		return said(f)
	case HangAfter:
		<-ctx.Done()
		return lost(f)
	case LoseAnswer:
		return lost(f)
	}
	return nil
}

func said(f Fault) error {
	return &providers.Error{Class: f.Class, RetryAfter: f.RetryAfter, Err: fmt.Errorf("injected fault: %s", f.Class)}
}

func lost(f Fault) error {
	return providers.Classed(providers.Unknown, fmt.Errorf("injected fault: %s", f.Effect))
}
