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

// reads is how many entries are asked for by their keys in one request.
const reads = 200

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
	f.content = f.stamp == "content" || f.stamp == "" && slices.ContainsFunc(f.columns.asked(), isDerived)
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

// Changes lists all entries with their versions. Each listing is a whole one, so what is gone is seen without anything to remember; only what has another
// version is read.
func (f *folder) Changes(ctx context.Context, _ string, each func(providers.Change) error) (providers.Read, error) {
	versions := map[string][]string{}
	var nameless []string
	err := f.provider.with(ctx, func(s *session) error {
		known, err := s.ask(ctx)
		if err != nil {
			return err
		}
		attributes := []string{f.key, f.stamp, "entryCSN", "uSNChanged", "modifyTimestamp"}
		if f.content {
			attributes = f.columns.asked(f.key)
		} else if f.stamp != "" {
			attributes = attributes[:2]
		}
		var doubtful []string
		chosen, err := s.choose(ctx, f.query, known)
		if err != nil {
			return err
		}
		f.mu.Lock()
		f.chosen = chosen
		f.mu.Unlock()
		err = s.those(ctx, f.query, chosen, columns{single: attributes}.asked(), func(e *entry) error {
			key := f.keyOf(e)
			version, sure := f.version(e, known)
			switch {
			case key == "":
				nameless = append(nameless, e.dn)
			case !sure && !f.content:
				doubtful = append(doubtful, key)
			default:
				versions[key] = append(versions[key], version)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for batch := range slices.Chunk(doubtful, reads) {
			found, err := f.entries(ctx, s, chosen, batch)
			if err != nil {
				return err
			}
			for key, list := range found {
				for _, e := range list {
					version, _ := f.version(e, known)
					versions[key] = append(versions[key], version)
				}
			}
		}
		return nil
	})
	if err != nil {
		return providers.Read{}, err
	}
	for key, all := range versions {
		slices.Sort(all)
		if err := each(providers.Change{Ref: key, Version: strings.Join(all, "+")}); err != nil {
			return providers.Read{}, err
		}
	}
	read := providers.Read{Full: true, Complete: len(nameless) == 0}
	if !read.Complete {
		read.Reason = fmt.Sprintf("%d entries have no %s, which tells them apart (the first is %q): name another attribute as key, have search_filter leave them out, or ask for access to it", len(nameless), f.key, nameless[0])
	}
	return read, nil
}

// choice is which entries are the folder's: as the last listing found it, for a run sees one state of things.
func (f *folder) choice(ctx context.Context, s *session, known *server) (*selected, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.chosen == nil {
		var err error
		if f.chosen, err = s.choose(ctx, f.query, known); err != nil {
			return nil, err
		}
	}
	return f.chosen, nil
}

// entries are those that have one of some keys, by key.
func (f *folder) entries(ctx context.Context, s *session, chosen *selected, keys []string) (map[string][]*entry, error) {
	found := make(map[string][]*entry, len(keys))
	var filters []string
	for _, key := range keys {
		if filter, err := equals(f.key, key); err == nil { // another text is no entry's key
			filters = append(filters, filter)
		}
	}
	if len(filters) == 0 {
		return found, nil
	}
	attributes := f.columns.asked(f.key, f.stamp, "entryCSN", "uSNChanged", "modifyTimestamp")
	q := f.query
	q.filter = and(q.filter, or(filters...))
	err := s.those(ctx, q, chosen, attributes, func(e *entry) error {
		key := f.keyOf(e)
		found[key] = append(found[key], e)
		return nil
	})
	return found, err
}

// Fetch reads entries by their keys.
func (f *folder) Fetch(ctx context.Context, refs []string, each func(providers.Fetched) error) error {
	for batch := range slices.Chunk(refs, reads) {
		var found map[string][]*entry
		var known *server
		err := f.provider.with(ctx, func(s *session) (err error) {
			if known, err = s.ask(ctx); err != nil {
				return err
			}
			chosen, err := f.choice(ctx, s, known)
			if err != nil {
				return err
			}
			found, err = f.entries(ctx, s, chosen, batch)
			return err
		})
		if err != nil {
			return err
		}
		for _, ref := range batch {
			if err := each(f.fetched(ref, found[ref], known)); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// fetched is the answer for one key.
func (f *folder) fetched(ref string, found []*entry, known *server) providers.Fetched {
	a := providers.Fetched{Ref: ref}
	var dns, versions []string
	for _, e := range found {
		version, _ := f.version(e, known)
		dns, versions = append(dns, fmt.Sprintf("%q", e.dn)), append(versions, version)
	}
	slices.Sort(versions)
	a.Version = strings.Join(versions, "+")
	switch len(found) {
	case 0:
		a.Err = providers.Classed(providers.Missing, fmt.Errorf("ldap: read the entry whose %s is %q: it is not there", f.key, ref))
	case 1:
		e := found[0]
		if a.Item, a.Err = f.maker.Item(ref, []providers.Row{f.columns.row(e)}); a.Err != nil {
			a.Err = providers.Classed(providers.ClassOf(a.Err), fmt.Errorf("ldap: %q: %w", e.dn, a.Err))
		}
		a.Modified, _ = generalized(e.text("modifyTimestamp"))
	default:
		slices.Sort(dns)
		a.Err = providers.Classed(providers.Refused, fmt.Errorf("ldap: %d entries have the %s %q: %s: correct one of them, or name another attribute as key", len(found), f.key, ref, strings.Join(dns, " and ")))
	}
	return a
}

// Write refuses everything: a directory is read.
func (f *folder) Write(_ context.Context, writes []providers.Write) []providers.Outcome {
	outcomes := make([]providers.Outcome, len(writes))
	for i := range outcomes {
		outcomes[i] = providers.Outcome{Class: providers.Refused, Err: fmt.Errorf("ldap: directories are read and never written: take the folder as a source only")}
	}
	return outcomes
}
