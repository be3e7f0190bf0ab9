package sql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

var (
	errHidden = providers.Classed(providers.Refused, errors.New("the query does not give the row as it would be then, and what it does not give is not in the folder: see what the query asks for, and what the statement writes"))
	errStays  = providers.Classed(providers.Refused, errors.New("the query gives the row after it as before: see what the query asks for, and what the statement does"))
)

// astray asks the query, before the transaction ends, whether it gives the rows that were written, and no more those that were deleted. A row that it does not give would
// look as if somebody had deleted it, and an item that was made would be made again in every run.
func (b *batch) astray(ctx context.Context, conn *sql.Conn, staged map[int]providers.Outcome) (map[int]error, error) {
	s := &seen{folder: b.folder, keys: map[string]bool{}}
	written := map[string]bool{}
	for i, out := range staged {
		if out.Class == providers.Done {
			s.keys[b.refOf(i, out)] = false
			written[out.Ref] = true
		}
	}
	if len(s.keys) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, b.p.timeout)
	defer cancel()
	if err := b.source.query.stream(ctx, conn, b.p.dialect, slow{b.p.address, b.p.timeout}, s); err != nil {
		return nil, err
	}
	astray, another := map[int]error{}, s.another(b.gives)
	for i, out := range staged {
		ref := b.refOf(i, out)
		switch kind := b.writes[i].Kind; {
		case out.Class != providers.Done:
		case kind == providers.Create && another != nil:
			astray[i] = another
		case kind != providers.Delete && !s.keys[ref]:
			astray[i] = errHidden
		case kind == providers.Delete && s.keys[ref] && !written[ref]:
			astray[i] = errStays
		}
	}
	return astray, nil
}

// refOf is the item that a write was about.
func (b *batch) refOf(i int, out providers.Outcome) string {
	if b.writes[i].Kind == providers.Create {
		return out.Ref
	}
	return b.writes[i].Ref
}

// seen finds which of some keys are in a folder.
type seen struct {
	*folder
	columns []value.Column
	of      []int           // the columns of the key, and of the partition
	keys    map[string]bool // whether they were seen
}

func (s *seen) Begin(columns []value.Column) error {
	s.columns = value.AsHeld(columns, s.source.compared...)
	names := s.source.key
	if s.cfg.Partition != nil {
		names = append(slices.Clone(names), s.source.partition)
	}
	for _, name := range names {
		if i := slices.IndexFunc(columns, func(c value.Column) bool { return c.Name == name }); i >= 0 {
			s.of = append(s.of, i)
		}
	}
	return nil
}

// another reports that inserts give back another column of the query in place of the key: what it holds may be the key of somebody's row.
func (s *seen) another(gives []string) error {
	for _, name := range gives {
		isKey := slices.ContainsFunc(s.source.key, func(key string) bool { return strings.EqualFold(key, name) })
		if !isKey && slices.ContainsFunc(s.columns, func(c value.Column) bool { return strings.EqualFold(c.Name, name) }) {
			return providers.Classed(providers.Refused, fmt.Errorf("it gives back the column %q, and the key is %q: let it give back the key", name, strings.Join(s.source.key, ", ")))
		}
	}
	return nil
}

func (s *seen) Row(values []value.Cell) error {
	row := make(providers.Row, len(s.of))
	for _, i := range s.of {
		row[s.columns[i].Name] = s.columns[i].Value(values[i].V)
	}
	if s.cfg.Partition != nil {
		if part, _ := rows.Text(row[s.source.partition]); part != *s.cfg.Partition {
			return nil
		}
	}
	key, err := rows.Key(row, s.source.key)
	if _, asked := s.keys[key]; err == nil && asked {
		s.keys[key] = true
	}
	return nil
}
