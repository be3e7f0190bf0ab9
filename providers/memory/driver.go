// Package memory is a store in the process itself, for tests: it behaves as a DAV server, as Microsoft Graph or as a database table
// does, and lets a test look and edit as a person would.
package memory

import (
	"context"
	"fmt"

	"github.com/accord-sync/accord/providers"
)

// Driver opens stores by the name that a provider block gives.
type Driver struct {
	Stores map[string]*Store
}

// Schema describes the blocks: a provider names its store, a folder its name in it.
func (Driver) Schema() providers.Schema {
	return providers.Schema{
		Doc: "Folders in the memory of a test.",
		Provider: []providers.Attribute{
			{Name: "store", Type: providers.String, Required: true, Doc: "Name of the store."},
		},
		Folder: []providers.Attribute{
			{Name: "name", Type: providers.String, Required: true, Address: true, Doc: "Name of the folder in its store."},
		},
	}
}

// Locate is the names of store and folder.
func (Driver) Locate(p providers.Config, f providers.FolderConfig) (string, error) {
	return fmt.Sprintf("memory:%s/%s", p.Attributes.String("store"), f.Attributes.String("name")), nil
}

// Open finds the store.
func (d Driver) Open(_ context.Context, cfg providers.Config) (providers.Provider, error) {
	name := cfg.Attributes.String("store")
	s := d.Stores[name]
	if s == nil {
		return nil, providers.Classed(providers.Missing, fmt.Errorf("memory: open %s: there is no store %q", cfg.Address, name))
	}
	return s.Provider(), nil
}

type provider struct{ *Store }

func (p provider) Check(ctx context.Context) error { return ctx.Err() }

func (p provider) Discover(ctx context.Context) ([]providers.Discovered, error) {
	var found []providers.Discovered
	for _, f := range p.Folders() {
		found = append(found, providers.Discovered{
			Name: f.name, Kind: f.kind, Items: len(f.Items()), Attributes: providers.Attributes{"name": f.name},
		})
	}
	return found, ctx.Err()
}

func (p provider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name := cfg.Attributes.String("name")
	f := p.Find(name)
	switch {
	case f == nil:
		return nil, providers.Classed(providers.Missing, fmt.Errorf("memory: open %s: there is no folder %q", cfg.Address, name))
	case f.kind != cfg.Kind:
		return nil, providers.Classed(providers.Refused, fmt.Errorf("memory: open %s: folder %q holds %s, not %s", cfg.Address, name, f.kind, cfg.Kind))
	}
	return folder{Folder: f, address: cfg.Address, readOnly: cfg.ReadOnly, capabilities: p.mode.capabilities(f.kind)}, nil
}

func (p provider) CreateFolder(ctx context.Context, cfg providers.FolderConfig) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if name := cfg.Attributes.String("name"); p.Find(name) == nil {
		p.AddFolder(name, cfg.Kind)
	}
	return nil
}

func (p provider) Close() error { return nil }
