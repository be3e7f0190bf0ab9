package sql

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// recorder is a database that notes what it is asked, for kinds of which no server runs here.
type recorder struct {
	mu     sync.Mutex
	log    []string
	answer func(text string) (answered, error) // nil: nothing, by one row
}

// answered is what a statement gives.
type answered struct {
	columns, types []string
	rows           [][]driver.Value
	affected       int64
	end            chan struct{} // the end of the rows waits for it; nil: it does not
}

func (r *recorder) note(text string, args []driver.NamedValue) (answered, error) {
	for _, a := range args {
		v := a.Value
		if at, ok := v.(time.Time); ok {
			v = at.Format(time.RFC3339)
		}
		text += fmt.Sprintf(" | %v", v)
	}
	r.mu.Lock()
	r.log = append(r.log, strings.Join(strings.Fields(text), " "))
	r.mu.Unlock()
	if r.answer == nil {
		return answered{affected: 1}, nil
	}
	return r.answer(text)
}

// take is what was noted since the last time.
func (r *recorder) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	log := r.log
	r.log = nil
	return log
}

func (r *recorder) Connect(context.Context) (driver.Conn, error) { return recording{r}, nil }
func (r *recorder) Driver() driver.Driver                        { return nil }

type recording struct{ *recorder }

func (c recording) Prepare(string) (driver.Stmt, error) { return nil, driver.ErrSkip }
func (c recording) Close() error                        { return nil }
func (c recording) Begin() (driver.Tx, error)           { return nil, driver.ErrSkip }

func (c recording) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) {
	_, err := c.note("begin", nil)
	return c, err
}

func (c recording) Commit() error {
	_, err := c.note("commit", nil)
	return err
}

func (c recording) Rollback() error {
	_, err := c.note("rollback", nil)
	return err
}

func (c recording) ExecContext(_ context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	a, err := c.note(text, args)
	return driver.RowsAffected(a.affected), err
}

func (c recording) QueryContext(_ context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	a, err := c.note(text, args)
	return &recordedRows{a, 0}, err
}

type recordedRows struct {
	answered
	next int
}

func (r *recordedRows) Columns() []string                       { return r.columns }
func (r *recordedRows) Close() error                            { return nil }
func (r *recordedRows) ColumnTypeDatabaseTypeName(i int) string { return r.types[i] }

func (r *recordedRows) Next(into []driver.Value) error {
	if r.next == len(r.rows) {
		if r.end != nil {
			<-r.end
		}
		return io.EOF
	}
	copy(into, r.rows[r.next])
	r.next++
	return nil
}

// folder opens a folder at a database that takes notes.
func (r *recorder) folder(t *testing.T, d *dialect, a appointments) *folder {
	t.Helper()
	db := sql.OpenDB(r)
	p := &provider{dialect: d, db: db, address: "provider.sql.cases", place: "recorded", timeout: time.Minute, sources: map[string]*source{}}
	p.snapshot = newSnapshot(d, db, p.timeout)
	t.Cleanup(func() { _ = p.Close() })
	f, err := p.Folder(t.Context(), a.folder)
	if err != nil {
		t.Fatal(err)
	}
	return f.(*folder)
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
