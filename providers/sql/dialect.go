package sql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// dialect is what is particular to one kind of database.
type dialect struct {
	name   string // as driver = "postgres" says it
	syntax *named.Syntax

	// place names the database that a dsn means, for people and states: its host or file, and its name. Nothing sensitive is in it.
	place func(dsn, dir string) (string, error)

	// open makes what opens connections, without opening one. Their sessions have the time zone UTC, and stop a statement after limit, where the database can. A
	// relative path of a file begins in dir. The error does not show the dsn.
	open func(dsn, dir string, limit time.Duration) (*sql.DB, error)

	begin []string // a transaction in which nothing is written, and all queries see the database as the first of them does
	end   []string // and ends it
	stops bool     // the database itself stops a statement that takes too long, and the transaction goes on

	// copied is the database as it is now in one of its own, where reading would keep others from writing; nil, or a nil database: it does not.
	copied func(context.Context, *sql.Conn) (db *sql.DB, remove func() error, err error)

	lastID bool // an insert tells the number that the database gave the new row, 0 when it gave none

	savepoint, release, back string // of one item in a transaction of several; release "": there is no need to

	// types says how the values of a column of a type are read, by what the driver calls it. Others are as the driver gives them.
	types map[string]value.Kind

	// rewrite is the query that gives values as the database has them, by the columns of the one given; nil: all do.
	rewrite func(query string, columns []*sql.ColumnType) string

	argument func(v any) any       // what the driver is given for a parameter's value
	fault    func(err error) fault // what an error of the database's own means; class "": it is none
}

// dialects are those that driver can name.
func dialects() []*dialect {
	return []*dialect{sqliteDialect(), postgresDialect(), mysqlDialect(), sqlserverDialect(), oracleDialect()}
}

func dialectOf(name string) (*dialect, error) {
	var names []string
	for _, d := range dialects() {
		if d.name == name {
			return d, nil
		}
		names = append(names, strconv.Quote(d.name))
	}
	return nil, providers.Classed(providers.Refused, fmt.Errorf("sql: there is no driver %q: write one of %s", name, strings.Join(names, ", ")))
}

// fault is what an error means.
type fault struct {
	class  providers.Class
	says   string // the database's words, or better ones; nothing of the dsn
	at     string // "line 2, column 5" of the statement; "": the database does not say
	offset int    // where in the text that the database was given, in characters from 1; 0: it does not say
	near   string // what in it the database stumbled over
	slow   bool   // the statement took longer than it may
	lost   bool   // the connection went away: whether what was sent happened is not known
}

// failure is an error of class and words for what a statement, or the connection (b nil), failed with. It names no folder and no query: who called knows.
func (d *dialect) failure(err error, b *named.Bound) error {
	if err == nil {
		return nil
	}
	f := d.understand(err)
	at := f.at
	if b != nil {
		switch {
		case f.offset > 0:
			at = b.Place(byteOf(b.Text, f.offset))
		case f.near != "" && strings.Count(b.Text, f.near) == 1:
			at = b.Place(strings.Index(b.Text, f.near))
		}
	}
	if at != "" {
		f.says = at + ": " + f.says
	}
	return providers.Classed(f.class, &databaseError{f.says, err})
}

// databaseError is an error in words that show nothing of the dsn, and is to errors.Is what the context says.
type databaseError struct {
	says  string
	cause error
}

func (e *databaseError) Error() string { return e.says }

func (e *databaseError) Is(target error) bool {
	return (target == context.Canceled || target == context.DeadlineExceeded) && errors.Is(e.cause, target)
}

func (d *dialect) understand(err error) fault {
	if f := d.fault(err); f.class != "" {
		return f
	}
	var (
		network *net.OpError
		lookup  *net.DNSError
		number  syscall.Errno
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fault{class: providers.Transient, says: "it took longer than it may", slow: true, lost: true}
	case errors.Is(err, context.Canceled):
		return fault{class: providers.Transient, says: "it was interrupted", lost: true}
	case errors.As(err, &lookup):
		return fault{class: providers.Unreachable, says: "the server's name is not known: correct the host in dsn"}
	case errors.As(err, &number) && errors.As(err, &network) && network.Op == "dial":
		return fault{class: providers.Unreachable, says: "no connection to the database: " + number.Error() + ": correct host and port in dsn, or see whether the server runs"}
	case errors.As(err, &network), errors.As(err, &number), errors.Is(err, driver.ErrBadConn), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return fault{class: providers.Unreachable, says: "the connection to the database broke off", lost: true}
	}
	return fault{class: providers.Unreachable, says: "the database does not answer as one of its kind: see whether driver and dsn name the same, and the encryption that it wants", lost: true}
}

// refusedDSN is the error of a dsn that cannot be understood. It does not show it.
func refusedDSN(title, form string) error {
	return providers.Classed(providers.Refused, fmt.Errorf("sql: dsn is not one of %s: write it as %s", title, form))
}

// session opens connections in which some statements were run first. Those that may fail are what some versions of a database do not have.
type session struct {
	driver.Connector
	must, may []string
}

func (s session) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := s.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	for _, text := range s.must {
		if err := execute(ctx, c, text); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	for _, text := range s.may {
		if _ = execute(ctx, c, text); ctx.Err() != nil {
			return nil, errors.Join(ctx.Err(), c.Close())
		}
	}
	return c, nil
}

func execute(ctx context.Context, c driver.Conn, text string) error {
	if e, ok := c.(driver.ExecerContext); ok {
		if _, err := e.ExecContext(ctx, text, nil); !errors.Is(err, driver.ErrSkip) {
			return err
		}
	}
	s, err := c.Prepare(text)
	if err != nil {
		return err
	}
	defer s.Close()
	if e, ok := s.(driver.StmtExecContext); ok {
		_, err = e.ExecContext(ctx, nil)
		return err
	}
	return errors.New("the driver cannot run a statement")
}

// plainly are the values of parameters that need nothing particular: whole numbers are such, and yes and no are 1 and 0.
func plainly(v any) any {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return int64(v)
		}
	}
	return v
}

// byteOf is where the n-th character of a text, from 1, begins.
func byteOf(text string, n int) int {
	for i := range text {
		if n--; n == 0 {
			return i
		}
	}
	return len(text)
}
