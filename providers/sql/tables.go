package sql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// overTables loads the tables into a database in memory, and runs the query over them. It does not hold the snapshot: a table may come from the same provider.
func (s *source) overTables(ctx context.Context, to result) (err error) {
	if s.p.ask == nil {
		return providers.Classed(providers.Refused, fmt.Errorf("sql: %s: there is nobody to ask for the rows of its tables", s.block))
	}
	db, err := openTables()
	if err != nil {
		return fmt.Errorf("sql: %s: a database in memory: %w", s.block, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("sql: %s: a database in memory: %w", s.block, err)
	}
	defer func() { _ = conn.Close() }()
	for _, t := range s.tables {
		if err := load(ctx, conn, t, s.p.ask); err != nil {
			return fmt.Errorf("sql: %s: table %q: %w", s.block, t.Name, err)
		}
	}
	limited, cancel := context.WithTimeout(ctx, s.p.timeout)
	defer cancel()
	if _, err := conn.ExecContext(limited, "analyze"); err != nil { // so that joins begin with the smaller table
		return fmt.Errorf("sql: %s: its tables: %w", s.block, sqliteDialect().failure(err, nil))
	}
	return s.query.stream(limited, conn, sqliteDialect(), slow{s.p.address, s.p.timeout}, to)
}

// load makes a table of the rows that a provider gives. The errors of a provider are its own; one of the database in memory is told as SQLite says it.
func load(ctx context.Context, conn *sql.Conn, t providers.Table, ask providers.Ask) (err error) {
	l := loading{ctx: ctx, conn: conn, name: quoted(t.Name)}
	data := t.Data
	data.Columns = func(names []string) { l.columns = names }
	if err := l.exec("begin"); err != nil {
		return err
	}
	if err := ask(ctx, t.Provider, data, l.row); err != nil {
		return errors.Join(err, l.close())
	}
	if l.insert == nil && len(l.columns) > 0 {
		err = l.create()
	}
	return errors.Join(err, l.close(), l.exec("commit"))
}

// loading is a table as it is made. Its columns have no types: values stay as they were given.
type loading struct {
	ctx     context.Context
	conn    *sql.Conn
	name    string
	columns []string  // as the provider told them, else those of the first row; more are added as rows have them
	insert  *sql.Stmt // nil: there is no table yet
	args    []any
}

func (l *loading) exec(text string, args ...any) error {
	_, err := l.conn.ExecContext(l.ctx, text, args...)
	return sqliteDialect().failure(err, nil)
}

func (l *loading) close() error {
	if l.insert == nil {
		return nil
	}
	return l.insert.Close()
}

// create makes the table with the columns that are known.
func (l *loading) create() error {
	if err := l.exec("create table " + l.name + " (" + strings.Join(quotedAll(l.columns), ", ") + ")"); err != nil {
		return err
	}
	return l.prepare()
}

// prepare makes the statement that inserts a row of all columns.
func (l *loading) prepare() error {
	if err := l.close(); err != nil {
		return err
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(l.columns)), ", ")
	var err error
	l.insert, err = l.conn.PrepareContext(l.ctx, "insert into "+l.name+" ("+strings.Join(quotedAll(l.columns), ", ")+") values ("+marks+")")
	l.args = make([]any, len(l.columns))
	return sqliteDialect().failure(err, nil)
}

func (l *loading) row(row providers.Row) error {
	if l.insert == nil {
		if l.columns == nil {
			l.columns = slices.Sorted(maps.Keys(row))
		}
		if err := l.create(); err != nil {
			return err
		}
	}
	there := 0
	for i, c := range l.columns {
		v, ok := row[c]
		if ok {
			there++
		}
		l.args[i] = stored(v)
	}
	if there < len(row) {
		if err := l.widen(row); err != nil {
			return err
		}
		return l.row(row)
	}
	_, err := l.insert.ExecContext(l.ctx, l.args...)
	return sqliteDialect().failure(err, nil)
}

// widen adds the columns that a row has and those before it had not, as entries of a directory have attributes.
func (l *loading) widen(row providers.Row) error {
	for _, c := range slices.Sorted(maps.Keys(row)) {
		if slices.Contains(l.columns, c) {
			continue
		}
		if err := l.exec("alter table " + l.name + " add column " + quoted(c)); err != nil {
			return err
		}
		l.columns = append(slices.Clone(l.columns), c)
	}
	return l.prepare()
}

// stored is a value as SQLite holds it: yes and no are 1 and 0, a list is one of JSON.
func stored(v providers.Value) any {
	list, is := v.([]string)
	if !is {
		return plainly(v)
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil // texts have no form that JSON lacks
	}
	return string(text)
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func quotedAll(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = quoted(name)
	}
	return all
}
