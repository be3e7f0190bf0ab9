package sql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
)

// overTables loads the tables into a database in memory, and runs the query over them. It holds no turn of the snapshot: a table may come from the same provider.
func (s *source) overTables(ctx context.Context, to result) (err error) {
	if s.p.ask == nil {
		return providers.Classed(providers.Refused, fmt.Errorf("sql: %s: there is nobody to ask for the rows of its tables", s.block))
	}
	db, err := openTables()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	for _, t := range s.tables {
		if err := load(ctx, conn, t, s.p.ask); err != nil {
			return fmt.Errorf("sql: %s: table %q: %w", s.block, t.Name, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, s.p.timeout)
	defer cancel()
	if _, err := conn.ExecContext(ctx, "analyze"); err != nil {
		return err
	}
	return s.query.stream(ctx, conn, sqliteDialect(), slow{s.p.address, s.p.timeout}, to)
}

// load makes a table of the rows that a provider gives.
func load(ctx context.Context, conn *sql.Conn, t providers.Table, ask providers.Ask) error {
	l := loading{ctx: ctx, conn: conn, name: quoted(t.Name)}
	data := t.Data
	data.Columns = func(names []string) { l.columns = names }
	if _, err := conn.ExecContext(ctx, "begin"); err != nil {
		return err
	}
	err := ask(ctx, t.Provider, data, l.row)
	if err == nil && l.insert == nil && len(l.columns) > 0 {
		err = l.create()
	}
	if l.insert != nil {
		err = errors.Join(err, l.insert.Close())
	}
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "commit")
	return err
}

// loading is a table as it is made. Columns have no types: values are as they were given.
type loading struct {
	ctx     context.Context
	conn    *sql.Conn
	name    string
	columns []string // once the provider told them, or with the first row
	insert  *sql.Stmt
	args    []any
}

// create makes the table, and what inserts a row.
func (l *loading) create() error {
	names, marks := make([]string, len(l.columns)), make([]string, len(l.columns))
	for i, c := range l.columns {
		names[i], marks[i] = quoted(c), "?"
	}
	list := strings.Join(names, ", ")
	if _, err := l.conn.ExecContext(l.ctx, "create table "+l.name+" ("+list+")"); err != nil {
		return err
	}
	var err error
	l.insert, err = l.conn.PrepareContext(l.ctx, "insert into "+l.name+" ("+list+") values ("+strings.Join(marks, ", ")+")")
	l.args = make([]any, len(l.columns))
	return err
}

func (l *loading) row(row providers.Row) error {
	if l.insert == nil {
		if l.columns == nil {
			for c := range row {
				l.columns = append(l.columns, c)
			}
			slices.Sort(l.columns)
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
		var err error
		if l.args[i], err = stored(v); err != nil {
			return err
		}
	}
	if there < len(row) {
		return l.widen(row)
	}
	_, err := l.insert.ExecContext(l.ctx, l.args...)
	return err
}

// widen adds the columns that a row has and the rows before it had not, as entries of a directory have attributes.
func (l *loading) widen(row providers.Row) error {
	if err := l.insert.Close(); err != nil {
		return err
	}
	var more []string
	for c := range row {
		if !slices.Contains(l.columns, c) {
			more = append(more, c)
		}
	}
	slices.Sort(more)
	for _, c := range more {
		if _, err := l.conn.ExecContext(l.ctx, "alter table "+l.name+" add column "+quoted(c)); err != nil {
			return err
		}
	}
	l.columns = append(slices.Clone(l.columns), more...)
	return l.again(row)
}

// again prepares the insert for all columns, and inserts a row.
func (l *loading) again(row providers.Row) error {
	names, marks := make([]string, len(l.columns)), make([]string, len(l.columns))
	for i, c := range l.columns {
		names[i], marks[i] = quoted(c), "?"
	}
	var err error
	if l.insert, err = l.conn.PrepareContext(l.ctx, "insert into "+l.name+" ("+strings.Join(names, ", ")+") values ("+strings.Join(marks, ", ")+")"); err != nil {
		return err
	}
	l.args = make([]any, len(l.columns))
	return l.row(row)
}

// stored is a value as SQLite holds it: yes and no are 1 and 0, a list is one of JSON.
func stored(v providers.Value) (any, error) {
	switch v := v.(type) {
	case bool:
		return plainly(v), nil
	case []string:
		text, err := json.Marshal(v)
		return string(text), err
	}
	return v, nil
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
