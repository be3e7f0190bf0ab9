package reconcile_test

import (
	"context"

	"github.com/accord-sync/accord/providers"
)

// can changes what folders say that they can do.
func (o *office) can(change func(address string, c *providers.Capabilities)) {
	o.decorate = func(d providers.Driver) providers.Driver { return capable{d, change} }
}

type capable struct {
	providers.Driver
	change func(address string, c *providers.Capabilities)
}

func (d capable) Open(ctx context.Context, cfg providers.Config) (providers.Provider, error) {
	p, err := d.Driver.Open(ctx, cfg)
	return capableProvider{p, cfg.Gate, d.change}, err
}

type capableProvider struct {
	providers.Provider
	gate   providers.Gate
	change func(address string, c *providers.Capabilities)
}

func (p capableProvider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := p.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	can := f.Capabilities()
	p.change(cfg.Address, &can)
	return capableFolder{f, p.gate, can}, nil
}

// capableFolder sends a request for each call and each write, where there is a network.
type capableFolder struct {
	providers.Folder
	gate providers.Gate
	can  providers.Capabilities
}

func (f capableFolder) Capabilities() providers.Capabilities { return f.can }

func (f capableFolder) send(ctx context.Context, n int) error {
	for range n {
		if f.can.Requests == 0 {
			return nil
		}
		done, err := f.gate.Pass(ctx, "memory:443")
		if err != nil {
			return err
		}
		done()
	}
	return nil
}

func (f capableFolder) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (providers.Read, error) {
	if err := f.send(ctx, 1); err != nil {
		return providers.Read{}, err
	}
	return f.Folder.Changes(ctx, cursor, each)
}

func (f capableFolder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	if err := f.send(ctx, 1); err != nil {
		return err
	}
	return f.Folder.Fetch(ctx, refs, each)
}

func (f capableFolder) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	if err := f.send(ctx, len(writes)*f.can.Requests); err != nil {
		out := make([]providers.Outcome, len(writes))
		for i := range out {
			out[i] = providers.Outcome{Class: providers.ClassOf(err), Err: err}
		}
		return out
	}
	return f.Folder.Write(ctx, writes)
}
