package sql

import (
	"context"
	"database/sql"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accord-sync/accord/providers"
)

// failing is a database that fails in the n-th statement of a text.
func failing(text string, n int) *recorder {
	return &recorder{answer: func(asked string) (answered, error) {
		if asked == text {
			if n--; n == 0 {
				return answered{}, io.ErrUnexpectedEOF
			}
		}
		return answered{}, nil
	}}
}

// TestLostMomentOnRecord: when the connection breaks between two queries, what is read later would be of another moment, and is not read.
func TestLostMomentOnRecord(t *testing.T) {
	d := postgresDialect()
	r := failing(d.savepoint, 2)
	db := sql.OpenDB(r)
	defer db.Close()
	s := newSnapshot(d, db, time.Minute)
	read := func() error { return s.use(t.Context(), func(context.Context, *sql.Conn) error { return nil }) }
	if err := read(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := read(); providers.ClassOf(err) != providers.Unreachable {
			t.Errorf("after the connection broke: %v (%s)", err, providers.ClassOf(err))
		}
	}
	if err := read(); err == nil || !strings.Contains(err.Error(), "the moment of which everything was read") {
		t.Errorf("what is said is %v", err)
	}
	same(t, "the statements", r.take(), append(slices.Clone(d.begin), d.savepoint, d.release, d.savepoint, d.end[0]))
}

// TestCheckLeavesNothing: a check that fails ends its transaction before somebody else gets the connection.
func TestCheckLeavesNothing(t *testing.T) {
	d := postgresDialect()
	r := failing(d.savepoint, 1)
	db := sql.OpenDB(r)
	defer db.Close()
	p := &provider{dialect: d, db: db, place: "recorded", timeout: time.Minute}
	if err := p.Check(t.Context()); providers.ClassOf(err) != providers.Unreachable || !strings.HasPrefix(err.Error(), "sql: recorded: ") {
		t.Errorf("%v (%s)", err, providers.ClassOf(err))
	}
	same(t, "the statements", r.take(), append(slices.Clone(d.begin), d.savepoint, d.end[0]))
	if err := p.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
