package sql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// provider is one database.
type provider struct {
	dialect  *dialect
	db       *sql.DB
	address  string // provider.sql.timetable
	place    string // for people: sqlite:timetable.db
	origin   string // the same, or what it was called: what places and UIDs are made of
	timeout  time.Duration
	ask      providers.Ask
	gate     providers.Gate
	host     string // that is asked; "": there is none between this machine and the database
	snapshot *snapshot

	mu      sync.Mutex
	sources map[string]*source // by block and location without partition
}

var _ providers.Source = (*provider)(nil)

// Check connects and begins what everything is read in.
func (p *provider) Check(ctx context.Context) error {
	done, err := p.pass(ctx)
	if err != nil {
		return err
	}
	defer done()
	own := newSnapshot(p.dialect, p.db, p.timeout)
	own.ended = true
	if err := own.use(ctx, func(context.Context, *sql.Conn) error { return nil }); err != nil {
		return fmt.Errorf("sql: %s: %w", p.place, err)
	}
	return nil
}

// Discover is refused: which queries make folders, nobody can tell by looking.
func (p *provider) Discover(context.Context) ([]providers.Discovered, error) {
	return nil, providers.Classed(providers.Refused, errors.New("sql: a database does not say which rows are items: write a folder block with a query, its key and fields"))
}

// CreateFolder is refused: a query is there, or it fails.
func (p *provider) CreateFolder(context.Context, providers.FolderConfig) error {
	return providers.Classed(providers.Refused, errors.New("sql: a folder over a query cannot be made: make the tables in the database, and take create out of its block"))
}

// Rows streams the rows of a query, in the database's order.
func (p *provider) Rows(ctx context.Context, cfg providers.DataConfig, each func(providers.Row) error) error {
	q, err := newQuery(cfg.Address, cfg.Attributes, p.dialect.syntax)
	if err != nil {
		return err
	}
	return p.read(ctx, q, &rowByRow{told: cfg.Columns, each: each})
}

// read runs a query in the snapshot.
func (p *provider) read(ctx context.Context, q query, to result) error {
	done, err := p.pass(ctx)
	if err != nil {
		return err
	}
	defer done()
	return p.snapshot.use(ctx, func(ctx context.Context, conn *sql.Conn) error {
		return q.stream(ctx, conn, p.dialect, slow{p.address, p.timeout}, to)
	})
}

// pass waits until a request may be sent.
func (p *provider) pass(ctx context.Context) (done func(), err error) {
	if p.gate == nil || p.host == "" {
		return func() {}, ctx.Err()
	}
	return p.gate.Pass(ctx, p.host)
}

// settle ends the snapshot: for what is about to be written.
func (p *provider) settle(ctx context.Context) error { return p.snapshot.end(ctx) }

// Close ends the snapshot and the connections.
func (p *provider) Close() error {
	err := p.snapshot.end(context.Background())
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.sources {
		err = errors.Join(err, s.close())
	}
	clear(p.sources)
	return errors.Join(err, p.db.Close())
}

// Folder opens a folder over a query. It asks the database for nothing yet.
func (p *provider) Folder(ctx context.Context, cfg providers.FolderConfig) (providers.Folder, error) {
	s, err := p.source(cfg)
	if err != nil {
		return nil, err
	}
	m, err := s.maker(cfg)
	if err != nil {
		return nil, err
	}
	w, err := p.dialect.writingOf(cfg)
	if err != nil {
		return nil, err
	}
	return &folder{p: p, cfg: cfg, source: s, maker: m, writing: w}, ctx.Err()
}

// source is that of a folder: one for all partitions of a block.
func (p *provider) source(cfg providers.FolderConfig) (*source, error) {
	block := blockOf(cfg)
	id := block + " " + digestOf(cfg)
	p.mu.Lock()
	defer p.mu.Unlock()
	if s := p.sources[id]; s != nil {
		return s, nil
	}
	s, err := newSource(p, block, cfg.Attributes)
	if err == nil {
		p.sources[id] = s
	}
	return s, err
}

// rowByRow gives on each row.
type rowByRow struct {
	columns []value.Column
	told    func(columns []string)
	each    func(providers.Row) error
}

func (r *rowByRow) Begin(columns []value.Column) error {
	r.columns = columns
	if r.told != nil {
		names := make([]string, len(columns))
		for i, c := range columns {
			names[i] = c.Name
		}
		r.told(names)
	}
	return nil
}

func (r *rowByRow) Row(values []value.Cell) error {
	row := make(providers.Row, len(values))
	for i, c := range r.columns {
		row[c.Name] = c.Value(values[i].V)
	}
	return r.each(row)
}
