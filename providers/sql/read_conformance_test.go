package sql

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/providertest"
	"github.com/accord-sync/accord/schema/pim"
)

// reading is a provider whose folders are read by another one for each call, as another plan would, and only read; an application writes.
type reading struct {
	providers.Provider
	application providers.Provider
	again       func() (providers.Provider, error)
	written     providers.FolderConfig
}

// Folder is read by this provider, and written by the application unless it may only be read.
func (r reading) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	f, err := r.Provider.Folder(ctx, cfg)
	if err != nil {
		return nil, err
	}
	w, err := r.application.Folder(ctx, r.written)
	if err != nil {
		return nil, err
	}
	if cfg.ReadOnly {
		w = f
	}
	return apart{f, w, r.again, cfg}, nil
}

type apart struct {
	providers.Folder
	application providers.Folder
	again       func() (providers.Provider, error)
	cfg         providers.FolderConfig
}

// anew reads by a provider of its own.
func (a apart) anew(ctx context.Context, read func(providers.Folder) error) error {
	p, err := a.again()
	if err != nil {
		return err
	}
	f, err := p.Folder(ctx, a.cfg)
	if err == nil {
		err = read(f)
	}
	return errors.Join(err, p.Close())
}

func (a apart) Changes(ctx context.Context, cursor string, each func(providers.Change) error) (read providers.Read, err error) {
	err = a.anew(ctx, func(f providers.Folder) (err error) { read, err = f.Changes(ctx, cursor, each); return err })
	return read, err
}

func (a apart) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	return a.anew(ctx, func(f providers.Folder) error { return f.Fetch(ctx, refs, each) })
}

func (a apart) Write(ctx context.Context, writes []providers.Write) []providers.Outcome {
	outcomes := a.application.Write(ctx, writes)
	for i := range outcomes {
		outcomes[i].Version = "" // another folder's
		outcomes[i].Changed = outcomes[i].Class == providers.Done
	}
	return outcomes
}

// Capabilities are those of what is read, and of what the application promises of its writes.
func (a apart) Capabilities() providers.Capabilities {
	c, w := a.Folder.Capabilities(), a.application.Capabilities()
	c.ReadOnly, c.Creates, c.Conditional, c.Batch = w.ReadOnly, w.Creates, false, w.Batch
	return c
}

// TestReadOnlyConformance is the suite for a partition that is read, while an application writes the table.
func TestReadOnlyConformance(t *testing.T) {
	a := eventsTable("integer primary key autoincrement", "text", "text")
	for _, attribute := range []string{"update", "delete"} { // an application does not look
		a = a.with(attribute, strings.Replace(a.folder.Attributes.String(attribute), " and changes = :version", "", 1))
	}
	for name, version := range map[string]string{"all columns": "", "a column tells": "changes"} {
		t.Run(name, providertest.Suite{
			Kind: pim.Calendar,
			Open: func(t *testing.T) (providers.Provider, providers.FolderConfig) {
				path := fileOf(t, a.table+"; pragma journal_mode = wal")
				key := "p"
				read := partition(a.folder, key, version)
				again := func() (providers.Provider, error) {
					return Driver{}.Open(context.Background(), providers.Config{Address: "provider.sql.again", Attributes: providers.Attributes{"driver": "sqlite", "dsn": path}})
				}
				return reading{opened(t, "sqlite", path), opened(t, "sqlite", path), again, a.folder}, read
			},
		}.Run)
	}
}

// partition is a folder that is only read, as a partition of a query that has nothing else.
func partition(cfg providers.FolderConfig, key, version string) providers.FolderConfig {
	cfg.Attributes = maps.Clone(cfg.Attributes)
	for _, name := range []string{"insert", "update", "delete"} {
		delete(cfg.Attributes, name)
	}
	cfg.Attributes["query"] = "select *, 'p' as part from appointment union all select *, 'other' from appointment"
	cfg.Attributes["partition"], cfg.Attributes["version"] = "part", version
	cfg.Address, cfg.Partition = cfg.Address+`.partition["`+key+`"]`, &key
	return cfg
}
