package sql

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/providers/sql/internal/named"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// errApart says that a transaction of several writes was refused as a whole, and each is to be tried in one of its own.
var errApart = errors.New("the database refuses the writes together")

// together carries out some writes in one transaction and gives them their outcomes. With an error, nothing was done, and no outcome is given but to those that
// went astray.
func (b *batch) together(ctx context.Context, which []int) (err error) {
	for err == nil && len(which) > 0 {
		which, err = b.attempt(ctx, which)
	}
	return err
}

// attempt is one transaction. Writes that the query shows to have gone astray are refused, and the others are to be tried again without them.
//
// The transaction is not ended by the context: whether its end took place would not be known then.
func (b *batch) attempt(ctx context.Context, which []int) (again []int, err error) {
	if err := ctx.Err(); err != nil {
		return nil, providers.Classed(providers.Transient, err)
	}
	done, err := b.p.pass(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	conn, err := b.p.db.Conn(ctx)
	if err != nil {
		return nil, b.p.dialect.failure(err, nil)
	}
	defer func() { _ = conn.Close() }()
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	begun := context.AfterFunc(ctx, cancel)
	tx, err := conn.BeginTx(own, nil)
	if inTime := begun(); err != nil || !inTime {
		return nil, fmt.Errorf("no transaction can be begun: %w", b.p.dialect.failure(cmp.Or(err, ctx.Err()), nil))
	}
	staged := make(map[int]providers.Outcome, len(which))
	for _, i := range which {
		out, err := b.one(ctx, tx, i, len(which) > 1)
		if err != nil {
			return nil, b.undone(tx, err, len(which) > 1)
		}
		staged[i] = out
	}
	astray, err := b.astray(ctx, conn, staged)
	switch {
	case err != nil:
		return nil, b.undone(tx, err, false)
	case ctx.Err() != nil:
		return nil, b.undone(tx, providers.Classed(providers.Transient, ctx.Err()), false)
	case len(astray) > 0:
		_ = tx.Rollback() // as in undone
		for i, err := range astray {
			b.fail(i, err)
		}
		return slices.DeleteFunc(slices.Clone(which), func(i int) bool { return astray[i] != nil }), nil
	}
	limit := time.AfterFunc(b.p.timeout, cancel)
	defer limit.Stop()
	if err := tx.Commit(); err != nil {
		if b.p.dialect.understand(err).lost {
			b.unanswered(which, staged, err)
			return nil, nil
		}
		return nil, b.undone(tx, b.p.dialect.failure(err, nil), len(which) > 1)
	}
	for i, out := range staged {
		b.outcomes[i], b.missed[i] = out, out.Class == ""
	}
	return nil, nil
}

// undone ends a transaction that does not take place.
func (b *batch) undone(tx *sql.Tx, err error, several bool) error {
	_ = tx.Rollback() // where it fails the connection is gone, and the transaction with it
	if class := providers.ClassOf(err); several && (class == providers.Refused || class == providers.Unauthorized) {
		return errApart
	}
	return fmt.Errorf("nothing was changed: %w", err)
}

// unanswered gives outcomes after a commit without an answer.
func (b *batch) unanswered(which []int, staged map[int]providers.Outcome, err error) {
	for _, i := range which {
		if out := staged[i]; out.Class != providers.Done && out.Class != "" {
			b.outcomes[i] = out
			continue
		}
		b.fail(i, providers.Classed(providers.Unknown, fmt.Errorf("it was sent, and whether it took place was not answered: %w", b.p.dialect.failure(err, nil))))
	}
}

// one carries out one write. Its outcome has no class when it met no row. An error says that the transaction is over.
func (b *batch) one(ctx context.Context, tx *sql.Tx, i int, several bool) (providers.Outcome, error) {
	ctx, cancel := context.WithTimeout(ctx, b.p.timeout)
	defer cancel()
	d := b.p.dialect
	run := func(text string) error {
		if text == "" || !several {
			return nil
		}
		_, err := tx.ExecContext(ctx, text)
		return d.failure(err, nil)
	}
	bound, err := b.writing.bind(b.writes[i])
	if err != nil {
		return b.failed(i, err), nil
	}
	if err := run(d.savepoint); err != nil {
		return providers.Outcome{}, err
	}
	out, err := b.execute(ctx, tx, b.writes[i], bound)
	if err == nil {
		return out, run(d.release)
	}
	switch providers.ClassOf(err) {
	case providers.Refused, providers.Unauthorized:
		if several {
			return b.failed(i, err), run(d.back)
		}
	}
	return providers.Outcome{}, err
}

// execute runs the statement of a write.
func (b *batch) execute(ctx context.Context, tx *sql.Tx, w providers.Write, s named.Bound) (providers.Outcome, error) {
	if b.writing.statements[w.Kind].Gives() {
		return b.ask(ctx, tx, w, s)
	}
	result, err := tx.ExecContext(ctx, s.Text, s.Args...)
	if err != nil {
		return providers.Outcome{}, b.p.dialect.failure(err, &s)
	}
	if w.Kind == providers.Create {
		return b.created(w, result)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return providers.Outcome{}, b.p.dialect.failure(err, &s)
	}
	return met(w, n)
}

// met is the outcome of an update or delete that met so many rows.
func met(w providers.Write, n int64) (providers.Outcome, error) {
	switch {
	case n == 0:
		return providers.Outcome{}, nil
	case n > 1:
		return providers.Outcome{}, providers.Classed(providers.Refused, fmt.Errorf("its statement meets %d rows, and an item is one: let its condition name the key, and put what is joined by or into brackets", n))
	case w.Kind == providers.Delete:
		return providers.Outcome{Class: providers.Done}, nil
	}
	return providers.Outcome{Class: providers.Done, Ref: w.Ref, Changed: true}, nil
}

var errNumberless = errors.New("the database gave the new row no number, so that its key is not known: give the column auto_increment, or write :key into it")

// created is the outcome of an insert that gives no rows: its key is what it was given, or the number that the database made.
func (b *batch) created(w providers.Write, result sql.Result) (providers.Outcome, error) {
	s := b.writing.statements[providers.Create]
	if b.writing.hasKey(s) {
		ref, err := b.writing.given(w)
		return providers.Outcome{Class: providers.Done, Ref: ref, Changed: true}, err
	}
	id, err := result.LastInsertId()
	if err != nil || id == 0 {
		return providers.Outcome{}, providers.Classed(providers.Refused, cmp.Or(err, errNumberless))
	}
	return providers.Outcome{Class: providers.Done, Ref: strconv.FormatInt(id, 10), Changed: true}, nil
}

// ask runs a statement that gives the rows that it wrote.
func (b *batch) ask(ctx context.Context, tx *sql.Tx, w providers.Write, s named.Bound) (providers.Outcome, error) {
	fail := func(err error) (providers.Outcome, error) {
		return providers.Outcome{}, b.p.dialect.failure(err, &s)
	}
	got, err := tx.QueryContext(ctx, s.Text, s.Args...)
	if err != nil {
		return fail(err)
	}
	defer func() { _ = got.Close() }()
	types, err := got.ColumnTypes()
	if err != nil {
		return fail(err)
	}
	values, into := value.Cells(len(types))
	n, ref := int64(0), ""
	for ; got.Next(); n++ {
		if err := got.Scan(into...); err != nil {
			return fail(err)
		}
		if w.Kind != providers.Create {
			continue
		}
		row := providers.Row{}
		for i, t := range types {
			if !slices.Contains(b.gives, t.Name()) {
				b.gives = append(b.gives, t.Name())
			}
			c := value.Column{Name: b.writing.keyColumn(t.Name(), i, len(types)), Is: b.p.dialect.types[t.DatabaseTypeName()]}
			if row[c.Name], err = b.writing.back(c, values[i].V); err != nil {
				return providers.Outcome{}, providers.Classed(providers.Refused, fmt.Errorf("of what it gives back: column %q, which is its key, %w", t.Name(), err))
			}
		}
		if ref, err = rows.Key(row, b.writing.keys); err != nil {
			return providers.Outcome{}, providers.Classed(providers.Refused, fmt.Errorf("of what it gives back: %w", err))
		}
	}
	if err := got.Err(); err != nil {
		return fail(err)
	}
	if w.Kind != providers.Create {
		return met(w, n)
	}
	if n != 1 {
		return providers.Outcome{}, providers.Classed(providers.Refused, fmt.Errorf("it made %d rows, and an item is one", n))
	}
	return providers.Outcome{Class: providers.Done, Ref: ref, Changed: true}, nil
}

var errParsed = errors.New("comes as a time, and the text that the table has is not known: write a + before it")

// back is what an insert gives back of a column: of one of the key as the table has it.
func (w *writing) back(c value.Column, v any) (providers.Value, error) {
	if _, parsed := v.(time.Time); parsed && c.Is == value.Time && slices.Contains(w.keys, c.Name) { // by what it is declared as
		return nil, errParsed
	}
	return value.AsHeld([]value.Column{c}, w.keys...)[0].Value(v), nil
}

// keyColumn is the column of the query that one which an insert gives back stands for: the one of its name, or of its place where there are as many.
func (w *writing) keyColumn(name string, i, of int) string {
	for _, column := range w.keys {
		if strings.EqualFold(column, name) {
			return column
		}
	}
	if of == len(w.keys) {
		return w.keys[i]
	}
	return name
}
