package sql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/accord-sync/accord/providers"
)

// grace is how much later a query is given up that the database is to stop by itself: giving it up may cost the connection.
const grace = 5 * time.Second

// snapshot is the connection on which everything is read as it was at one instant: a read-only transaction, begun at first use. One query runs at a time. After
// end, each use has a transaction of its own.
type snapshot struct {
	dialect *dialect
	db      *sql.DB
	timeout time.Duration // of one query

	turn  chan struct{} // holds one token: who has it uses what follows
	conn  *sql.Conn     // nil: not begun, or ended
	read  bool          // something was read: what is lost cannot be begun again
	ended bool
	drop  func() error // gives back what conn reads a copy of; nil: it reads the database
	lost  error        // why it cannot be used any more
}

func newSnapshot(d *dialect, db *sql.DB, timeout time.Duration) *snapshot {
	s := &snapshot{dialect: d, db: db, timeout: timeout, turn: make(chan struct{}, 1)}
	s.turn <- struct{}{}
	return s
}

// use gives the connection to a function that reads, and a context for one query. An error of its own leaves the snapshot as it was.
func (s *snapshot) use(ctx context.Context, read func(context.Context, *sql.Conn) error) error {
	if err := take(ctx, s.turn); err != nil {
		return err
	}
	defer func() { s.turn <- struct{}{} }()
	if err := errors.Join(s.lost, ctx.Err()); err != nil {
		return err
	}
	limit := s.timeout
	if s.dialect.stops {
		limit += grace
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := s.begin(limited); err != nil {
		s.broken(err)
		return err
	}
	err := read(limited, s.conn)
	switch after := s.after(err); {
	case s.ended:
		err = errors.Join(err, s.close())
	case err == nil && after == nil:
		s.read = true
	case after != nil:
		s.broken(after)
		if err == nil {
			err = after
		}
	}
	return err
}

// broken gives up a connection. What was read before is of a moment that nobody can go back to.
func (s *snapshot) broken(why error) {
	_ = s.close() // which fails as well
	if s.read && !s.ended {
		s.lost = providers.Classed(providers.Unreachable, fmt.Errorf("the connection was lost, and with it the moment of which everything was read: %w", why))
	}
}

// begin makes the transaction, unless there is one, and remembers where it stands.
func (s *snapshot) begin(ctx context.Context) error {
	var texts []string
	if s.conn == nil {
		if err := s.connect(ctx); err != nil {
			return s.dialect.failure(err, nil)
		}
		texts = s.dialect.begin
	}
	for _, text := range append(texts[:len(texts):len(texts)], s.dialect.savepoint) {
		if _, err := s.conn.ExecContext(ctx, text); err != nil {
			return fmt.Errorf("a read-only transaction cannot be begun: %w", s.dialect.failure(err, nil))
		}
	}
	return nil
}

// connect takes a connection to the database, or to a copy of it: what is read for one query alone keeps nobody waiting.
func (s *snapshot) connect(ctx context.Context) error {
	conn, err := s.db.Conn(ctx)
	if err != nil || s.dialect.copied == nil || s.ended {
		s.conn = conn
		return err
	}
	copied, remove, err := s.dialect.copied(ctx, conn)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	if copied == nil {
		s.conn = conn
		return nil
	}
	s.drop = func() error { return errors.Join(copied.Close(), remove()) }
	if err := conn.Close(); err != nil {
		return errors.Join(err, s.dropped())
	}
	if s.conn, err = copied.Conn(ctx); err != nil {
		return errors.Join(err, s.dropped())
	}
	return nil
}

// dropped gives a copy back.
func (s *snapshot) dropped() error {
	if s.drop == nil {
		return nil
	}
	drop := s.drop
	s.drop = nil
	return drop()
}

// after goes back to where the transaction stood before what failed. An error says that it is lost.
func (s *snapshot) after(failed error) error {
	text := s.dialect.release
	if failed != nil {
		text = s.dialect.back
	}
	if text == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
	defer cancel()
	_, err := s.conn.ExecContext(ctx, text)
	return s.dialect.failure(err, nil)
}

// end gives the snapshot back as soon as nobody reads: what is read from now on is as it is then. For what is about to be written, which an open transaction may
// keep from being done.
func (s *snapshot) end(ctx context.Context) error {
	if err := take(ctx, s.turn); err != nil {
		return err
	}
	defer func() { s.turn <- struct{}{} }()
	s.ended = true
	return s.close()
}

// close ends the transaction. A connection that cannot do that is of no use to anybody.
func (s *snapshot) close() error {
	if s.conn == nil {
		return nil
	}
	conn := s.conn
	s.conn = nil
	ctx, cancel := context.WithTimeout(context.Background(), s.timeout)
	defer cancel()
	for _, text := range s.dialect.end {
		if _, err := conn.ExecContext(ctx, text); err != nil {
			_ = conn.Raw(func(any) error { return driver.ErrBadConn })
			break
		}
	}
	err := conn.Close()
	if errors.Is(err, sql.ErrConnDone) {
		err = nil
	}
	return errors.Join(s.dialect.failure(err, nil), s.dropped())
}

// take waits for a turn.
func take(ctx context.Context, turn <-chan struct{}) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-turn:
		return nil
	}
}
