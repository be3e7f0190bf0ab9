package sql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// query is a statement that gives rows, with the values of its parameters.
type query struct {
	block     string // whose it is: folder.timetable, data.sql.students
	statement named.Statement
	values    map[string]any
}

// newQuery reads the attributes query and params. The error is of class Refused.
func newQuery(block string, a providers.Attributes, x *named.Syntax) (query, error) {
	refused := func(err error) (query, error) {
		return query{}, providers.Classed(providers.Refused, fmt.Errorf("sql: %s: query, %w", block, err))
	}
	text := strings.TrimRight(a.String("query"), " \t\r\n;")
	if text == "" {
		return query{}, providers.Classed(providers.Refused, fmt.Errorf("sql: %s: query is empty", block))
	}
	s, err := named.Parse(text, x)
	if err != nil {
		return refused(err)
	}
	values, _ := a["params"].(map[string]any)
	if _, err := s.Bind(values); err != nil {
		return refused(err)
	}
	for name := range values {
		if !s.Uses(name) && a.String(attributeOf(providers.Create)) == "" { // of a folder that is written, its statements may
			return query{}, providers.Classed(providers.Refused, fmt.Errorf("sql: %s: params gives %q, and the query has no :%s; its parameters are %s", block, name, name, listedNames(s.Names())))
		}
	}
	return query{block, s, values}, nil
}

func listedNames(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return ":" + strings.Join(names, ", :")
}

// result takes what a query gives.
type result interface {
	// Begin is told the columns, once, before the first row.
	Begin(columns []value.Column) error
	// Row takes the values of one row, which are valid until it returns. An error ends the query.
	Row(values []value.Cell) error
}

// stopped is the error of a result, as opposed to one of the database.
type stopped struct{ err error }

func (s stopped) Error() string { return s.err.Error() }

// slow is how long a query may take, for the message of one that takes longer.
type slow struct {
	provider string
	limit    time.Duration
}

// stream runs the query. An error of the result is returned as it is; one of the database is classed, and names the block, the row and what it says. What takes too
// long is of class Unreachable: it would take as long again.
func (q query) stream(ctx context.Context, conn *sql.Conn, d *dialect, s slow, to result) error {
	b, err := q.statement.Bind(q.values)
	if err != nil {
		return err
	}
	n := 0
	err = q.run(ctx, conn, d, &b, to, &n)
	var stop stopped
	switch {
	case err == nil:
		return nil
	case errors.As(err, &stop):
		return stop.err
	}
	classed := d.failure(err, &b)
	if d.understand(err).slow && context.Cause(ctx) != context.Canceled {
		return providers.Classed(providers.Unreachable, fmt.Errorf("sql: %s: its query took longer than %s: make it faster, or allow it more by timeout of %s", q.block, s.limit, s.provider))
	}
	if n > 0 {
		return fmt.Errorf("sql: %s: its query failed after row %d: %w", q.block, n, classed)
	}
	return fmt.Errorf("sql: %s: its query failed: %w", q.block, classed)
}

func (q query) run(ctx context.Context, conn *sql.Conn, d *dialect, b *named.Bound, to result, n *int) error {
	args := make([]any, len(b.Args))
	for i, v := range b.Args {
		args[i] = d.argument(v)
	}
	rows, err := conn.QueryContext(ctx, b.Text, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	types, err := rows.ColumnTypes()
	if err != nil {
		return err
	}
	columns := make([]value.Column, len(types))
	names := make([]string, len(types))
	for i, t := range types {
		if names[i] = t.Name(); slices.Contains(names[:i], t.Name()) {
			return stopped{providers.Classed(providers.Refused, fmt.Errorf("sql: %s: two columns of its query are named %q: give one of them another name with AS", q.block, t.Name()))}
		}
		columns[i] = value.Column{Name: t.Name(), Is: d.types[t.DatabaseTypeName()]}
	}
	if d.rewrite != nil {
		if text := d.rewrite(b.Text, types); text != b.Text {
			if err := rows.Close(); err != nil {
				return err
			}
			if rows, err = conn.QueryContext(ctx, text, args...); err != nil {
				return err
			}
		}
	}
	if err := to.Begin(columns); err != nil {
		return stopped{err}
	}
	values, into := value.Cells(len(types))
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		*n++
		if err := to.Row(values); err != nil {
			return stopped{err}
		}
	}
	return rows.Err()
}
