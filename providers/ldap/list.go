package ldap

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// reads is how many entries are asked for by their keys in one request.
const reads = 200

// Changes lists all entries with their versions. Each listing is a whole one, so what is gone is seen without anything to remember; only what has another
// version is read.
func (f *folder) Changes(ctx context.Context, _ string, each func(providers.Change) error) (providers.Read, error) {
	l := listing{folder: f, versions: map[string][]string{}}
	if err := f.provider.with(ctx, func(s *session) error { return l.take(ctx, s) }); err != nil {
		return providers.Read{}, err
	}
	for _, key := range slices.Sorted(maps.Keys(l.versions)) {
		if err := each(providers.Change{Ref: key, Version: joined(l.versions[key])}); err != nil {
			return providers.Read{}, err
		}
	}
	if n := len(l.nameless); n > 0 {
		return providers.Read{Full: true, Reason: fmt.Sprintf("%d entries have no %s, which tells them apart (the first is %q): name another attribute as key, have search_filter leave them out, or ask for access to it", n, f.key, l.nameless[0])}, nil
	}
	return providers.Read{Full: true, Complete: true}, nil
}

// listing is what a folder holds.
type listing struct {
	folder   *folder
	versions map[string][]string // by key; several: that many entries have it
	nameless []string            // DNs of entries without a key
}

// take asks for keys and stamps, and where these say too little, for the content.
func (l *listing) take(ctx context.Context, s *session) error {
	f := l.folder
	known, err := s.ask(ctx)
	if err != nil {
		return err
	}
	chosen, err := s.choose(ctx, f.query, known)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.chosen = chosen
	f.mu.Unlock()
	asked := columns{}.asked(f.stamps()...)
	if f.content {
		asked = f.columns.asked(f.key)
	}
	var doubtful []string
	err = s.those(ctx, f.query, chosen, asked, func(e *entry) error {
		key := f.keyOf(e)
		version, sure := f.version(e, known)
		switch {
		case key == "":
			l.nameless = append(l.nameless, e.dn)
		case !sure && !f.content:
			doubtful = append(doubtful, key)
		default:
			l.versions[key] = append(l.versions[key], version)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(doubtful)
	for batch := range slices.Chunk(slices.Compact(doubtful), reads) {
		found, err := f.entries(ctx, s, chosen, batch)
		if err != nil {
			return err
		}
		for key, list := range found {
			l.versions[key] = nil
			for _, e := range list {
				version, _ := f.version(e, known)
				l.versions[key] = append(l.versions[key], version)
			}
		}
	}
	return nil
}

// joined is one version of several.
func joined(versions []string) string {
	slices.Sort(versions)
	return strings.Join(versions, "+")
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
	attributes := f.columns.asked(f.stamps()...)
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
	a.Version = joined(versions)
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
