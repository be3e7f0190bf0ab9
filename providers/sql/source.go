package sql

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/providers/sql/internal/spool"
)

// mostTries is how often a query that did not happen is tried: each of many folders would try for itself.
const mostTries = 3

// source is what the folders of one block have in common: the query whose rows they hold, and what was read of it. One read serves all of them.
type source struct {
	p         *provider
	block     string // folder.timetable
	query     query
	tables    []providers.Table
	key       []string // columns
	partition string   // column; "": there is none
	version   string   // column; "": there is none
	compared  []string // columns that statements compare with

	turn   chan struct{} // holds one token: who has it reads
	mu     sync.Mutex    // of what follows
	held   *shared       // what was read last; nil: it is to be read
	reads  int           // begun so far; held is of the last one
	writes bool          // somebody writes: what was read serves nobody who asks after its read began
	tries  int           // without success
	lost   error         // why it is not tried any more
	made   *made
	makes  map[string]*rows.Maker // by what the makers make
}

// shared is what was read, and how many look at it.
type shared struct {
	*spool.Spool
	users int
}

// newSource checks what a block says. The error is of class Refused.
func newSource(p *provider, block string, a providers.Attributes) (*source, error) {
	syntax := p.dialect.syntax
	tables := a.Tables()
	if len(tables) > 0 {
		syntax = named.SQLite()
	}
	q, err := newQuery(block, a, syntax)
	if err != nil {
		return nil, err
	}
	s := &source{
		p: p, block: block, query: q, tables: tables, key: a.List("key"), partition: a.String("partition"), version: a.String("version"),
		turn: make(chan struct{}, 1), made: newMade(), makes: map[string]*rows.Maker{},
	}
	s.turn <- struct{}{}
	if s.compared = []string{s.version}; a.String(attributeOf(providers.Create)) != "" { // refs of what is only read stay what they are
		s.compared = append(s.compared, s.key...)
	}
	switch {
	case len(s.key) == 0:
		err = fmt.Errorf("sql: %s: key is empty: name the columns that tell one item from another", block)
	case s.partition != "" && slices.Contains(s.key, s.partition):
		err = fmt.Errorf("sql: %s: key names the column %q of the partition: leave it out, as each partition is a folder of its own", block, s.partition)
	case s.partition != "" && s.version == s.partition:
		err = fmt.Errorf("sql: %s: version names the column %q of the partition, which says nothing about an item", block, s.partition)
	}
	return s, providers.Classed(providers.Refused, err)
}

// maker is that of a folder. Those that make the same are one.
func (s *source) maker(cfg providers.FolderConfig) (*rows.Maker, error) {
	m, err := rows.New(rows.Config{
		Kind: cfg.Kind, Zone: cfg.Zone, Origin: s.p.origin + " " + knownAs(cfg), Fields: cfg.Attributes.Mapping("fields"), Extra: cfg.Attributes.Mapping("extra"),
	})
	if err != nil {
		return nil, fmt.Errorf("sql: %s: %w", s.block, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.makes[m.Identity()]; known != nil {
		return known, nil
	}
	s.makes[m.Identity()] = m
	return m, nil
}

// rows is what the query gives; done is called when nobody looks at it any more. It is read at first use, and once the block is written anew for all who ask after a read
// began: those who wait for it have the next one in common. What failed for good, took too long, or was tried often enough fails for ever: as of class Unreachable where it
// could be tried again, which nobody does in the same run then.
func (s *source) rows(ctx context.Context) (held *shared, done func(), err error) {
	from := s.needed()
	if held, err := s.known(from); held != nil || err != nil {
		return held, func() { s.leave(held) }, err
	}
	if err := take(ctx, s.turn); err != nil {
		return nil, nil, err
	}
	defer func() { s.turn <- struct{}{} }()
	if held, err := s.known(from); held != nil || err != nil {
		return held, func() { s.leave(held) }, err
	}
	s.begin()
	held, err = s.read(ctx)
	if err != nil {
		return nil, nil, s.failed(ctx, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, s.tries = held, 0
	return held, func() { s.leave(held) }, nil
}

// needed is the first read, by number, that serves who asks now.
func (s *source) needed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writes {
		return s.reads + 1
	}
	return 0
}

// known is what was read, by the read of a number or a later one, with one more who looks at it.
func (s *source) known(from int) (*shared, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held == nil || s.reads < from {
		return nil, s.lost
	}
	s.held.users++
	return s.held, s.lost
}

// begin counts a read, and gives back what it replaces.
func (s *source) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	_ = s.drop() // as in leave
}

// leave gives back what is forgotten once the last one has looked at it.
func (s *source) leave(held *shared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if held.users--; held.users == 0 && held != s.held {
		_ = held.Close() // its file can at worst stay where temporary files are
	}
}

// read asks the database, or the tables.
func (s *source) read(ctx context.Context) (_ *shared, err error) {
	f := spool.New(spool.Config{Block: s.block, Key: s.key, Partition: s.partition, Version: s.version, Held: s.compared})
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close())
		}
	}()
	if len(s.tables) > 0 {
		err = s.overTables(ctx, f)
	} else {
		err = s.p.read(ctx, s.query, f)
	}
	if err != nil {
		return nil, err
	}
	all, err := f.Finish()
	if err != nil {
		return nil, err
	}
	return &shared{Spool: all, users: 1}, nil
}

func (s *source) failed(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.tries++; {
	case providers.ClassOf(err) != providers.Transient:
		s.lost = err
	case s.tries >= mostTries:
		s.lost = providers.Classed(providers.Unreachable, err)
	}
	return err
}

// forget is for what is about to be written: what was read before is of no use to anybody who asks from now on.
func (s *source) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes, s.lost, s.tries = true, nil, 0
	_ = s.drop() // as in leave
}

// close gives back what was read.
func (s *source) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.drop()
}

// drop gives back what was read as soon as nobody looks at it. Who has mu calls it.
func (s *source) drop() error {
	held := s.held
	s.held = nil
	if held == nil || held.users > 0 {
		return nil
	}
	return held.Close()
}
