package ldap

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
)

// folder is the entries that a search finds, as contacts.
type folder struct {
	provider *provider
	query    query
	columns  columns
	maker    *rows.Maker
	key      string // attribute
	stamp    string // attribute that changes whenever an entry does; "": what the entry has
	content  bool   // versions are digests of what is read
	identity string

	mu     sync.Mutex
	chosen *selected // by the last listing; nil: there was none
}

// Folder looks at the base of the search.
func (p *provider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	q, err := folderQuery(cfg)
	if err != nil {
		return nil, err
	}
	f := &folder{provider: p, query: q, columns: columnsOf(cfg.Attributes), key: cfg.Attributes.String("key"), stamp: cfg.Attributes.String("version")}
	err = p.with(ctx, func(s *session) error {
		var known *server
		if f.query, known, err = s.settled(ctx, q); err != nil {
			return err
		}
		base, err := s.read(ctx, f.query.base, "entryUUID", "objectGUID")
		if err != nil {
			return err
		}
		global := "entryUUID"
		if known.active {
			global = "objectGUID"
		}
		if f.key == "" {
			f.key = global
		}
		if id := base.first(global); id != nil {
			f.identity = text(global, id)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return f, f.making(cfg)
}

// making is what contacts are made of, and how it is seen that an entry changed.
func (f *folder) making(cfg providers.FolderConfig) error {
	mapping := cfg.Attributes.Mapping("fields")
	if mapping.Of == nil {
		mapping = usual()
		f.columns = f.columns.with(usualSingle, usualLists)
	} else {
		var named []string
		for _, columns := range mapping.Columns {
			named = append(named, columns...)
		}
		slices.Sort(named)
		f.columns = f.columns.with(slices.Compact(named), nil)
	}
	// An entryUUID is one in all the world; another key is one among those below the base.
	origin := "ldap:" + strings.ToLower(f.key)
	if !strings.EqualFold(f.key, "entryUUID") && !isGUID(strings.ToLower(f.key)) {
		origin += ":" + canonical(f.query.base)
	}
	var err error
	if f.maker, err = rows.New(rows.Config{Kind: cfg.Kind, Zone: cfg.Zone, Origin: origin, Fields: mapping}); err != nil {
		return providers.Classed(providers.ClassOf(err), fmt.Errorf("ldap: %s: %w", cfg.Address, err))
	}
	switch f.stamp {
	case "content":
		f.stamp, f.content = "", true
	case "":
		f.content = slices.ContainsFunc(f.columns.asked(), isDerived)
	}
	return nil
}

// with adds columns, unless they are there already.
func (c columns) with(single, lists []string) columns {
	missing := func(name string) bool { return !slices.Contains(c.single, name) && !slices.Contains(c.lists, name) }
	for _, name := range lists {
		if missing(name) {
			c.lists = append(slices.Clip(c.lists), name)
		}
	}
	for _, name := range single {
		if name != "dn" && missing(name) {
			c.single = append(slices.Clip(c.single), name)
		}
	}
	return c
}

// CreateFolder is refused: a directory is read.
func (p *provider) CreateFolder(_ context.Context, cfg providers.FolderConfig) error {
	return refuse(cfg.Address, "directories are read and never written: make the base of the search there")
}

func (f *folder) Capabilities() providers.Capabilities {
	return providers.Capabilities{
		ReadOnly: true, Creates: providers.NotIdempotent, UIDs: f.maker.UIDs(), Batch: 1, Reads: reads, Parallel: 2, Requests: 1,
		Silent: true, SilentReplicas: true, Lacks: f.maker.Lacks(),
	}
}

// Identity is that of the entry that is the base of the search.
func (f *folder) Identity() string { return f.identity }

// keyOf is what tells an entry apart; "": it has no value for that.
func (f *folder) keyOf(e *entry) string {
	if v := e.first(f.key); v != nil {
		return text(f.key, v)
	}
	return ""
}

// Write refuses everything: a directory is read.
func (f *folder) Write(_ context.Context, writes []providers.Write) []providers.Outcome {
	outcomes := make([]providers.Outcome, len(writes))
	for i := range outcomes {
		outcomes[i] = providers.Outcome{Class: providers.Refused, Err: fmt.Errorf("ldap: directories are read and never written: take the folder as a source only")}
	}
	return outcomes
}
