package ldap

import (
	"context"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// Rows gives a row for each entry, with its DN as the column dn. What the directory gives up on is an error, never fewer rows.
func (p *provider) Rows(ctx context.Context, cfg providers.DataConfig, each func(providers.Row) error) error {
	q, err := dataQuery(cfg)
	if err != nil {
		return err
	}
	columns := columnsOf(cfg.Attributes)
	if cfg.Columns != nil {
		cfg.Columns(columns.names())
	}
	return p.with(ctx, func(s *session) error {
		return s.find(ctx, q, columns.asked(), func(e *entry) error { return each(columns.row(e)) })
	})
}

// find gives the entries that a block is about.
func (s *session) find(ctx context.Context, q query, attributes []string, each func(*entry) error) error {
	q, known, err := s.settled(ctx, q)
	if err != nil {
		return err
	}
	chosen, err := s.choose(ctx, q, known)
	if err != nil {
		return err
	}
	return s.those(ctx, q, chosen, attributes, each)
}

// those gives the entries of a query that were chosen.
func (s *session) those(ctx context.Context, q query, chosen *selected, attributes []string, each func(*entry) error) error {
	if chosen.members != nil && len(chosen.members.uids) > 0 {
		attributes = columns{single: attributes}.asked("uid")
	}
	return s.search(ctx, q.base, q.scope, q.filter, attributes, func(e *entry) error {
		if !chosen.has(e) {
			return nil
		}
		return each(e)
	})
}

// settled is a query with base and filter.
func (s *session) settled(ctx context.Context, q query) (query, *server, error) {
	known, err := s.ask(ctx)
	if err != nil {
		return q, nil, err
	}
	if q.base == "" {
		q.base = s.provider.settings.base
	}
	if q.base == "" {
		q.base = known.base
	}
	if q.base == "" {
		return q, nil, refuse(q.block, "it has no base to search below, and the directory holds %d trees (%s): write one of them as base", len(known.contexts), short(strings.Join(known.contexts, "; ")))
	}
	if q.filter == "" {
		q.filter = known.people()
	}
	return q, known, nil
}

// people is the filter of who is a person. In Active Directory computers are persons as well, and those in address books are contacts.
func (v *server) people() string {
	if v.active {
		return "(&(objectCategory=person)(|(objectClass=user)(objectClass=contact))(!(isCriticalSystemObject=TRUE)))" // without krbtgt, Guest and Administrator
	}
	return "(objectClass=person)"
}

// Check connects, signs in, and asks the directory what it is.
func (p *provider) Check(ctx context.Context) error {
	return p.with(ctx, func(s *session) error {
		_, err := s.ask(ctx)
		return err
	})
}
