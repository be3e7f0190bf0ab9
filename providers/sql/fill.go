package sql

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
)

// filler makes a spool of the rows of a query, as they come.
type filler struct {
	spool
	block   string
	key     []string // columns
	version string   // the column of the version; "": there is none
	held    []string // the columns that statements compare with
	at      int      // the column of the partition; -1: there is none
	of      []int    // the columns of the key

	n        int // rows so far
	keyless  int // of them
	body     []byte
	keyOf    []uint32          // of each body
	keysSeen map[string]uint32 // its number, by key
	texts    map[string]uint32 // number of a partition
	wholes   map[int64]uint32  // the same, of those that are whole numbers
	log      [][]byte          // of each row its partition and its body, in chunks
}

// logSize is how many bytes the log grows by.
const logSize = 256 << 10

// noKey is the key of a body that has none.
const noKey = ^uint32(0)

func newFiller(block string, key []string, partition string, most int) *filler {
	f := &filler{block: block, key: key, at: -1, keysSeen: map[string]uint32{}, texts: map[string]uint32{}, wholes: map[int64]uint32{}}
	f.bodies = newBodies(most)
	f.partition, f.partial = partition, map[string]bool{}
	return f
}

// begin finds the columns that key, partition and version name.
func (f *filler) begin(columns []columnOf) error {
	f.columns = asHeld(columns, f.held...)
	find := func(attribute, name string) (int, error) {
		i := slices.IndexFunc(columns, func(c columnOf) bool { return c.name == name })
		if i < 0 {
			names := make([]string, len(columns))
			for i, c := range columns {
				names[i] = c.name
			}
			return 0, providers.Classed(providers.Refused, fmt.Errorf("sql: %s: %s names the column %q, and its query has none of that name: its columns are %s", f.block, attribute, name, strings.Join(names, ", ")))
		}
		return i, nil
	}
	for _, name := range f.key {
		i, err := find("key", name)
		if err != nil {
			return err
		}
		f.of = append(f.of, i)
	}
	if f.partition != "" {
		at, err := find("partition", f.partition)
		if err != nil {
			return err
		}
		f.at = at
	}
	if f.version != "" {
		if _, err := find("version", f.version); err != nil {
			return err
		}
	}
	f.without, f.mark = f.at, markOf(f.columns, f.key, f.version)
	return nil
}

// row keeps a row. One without a key makes what it is in partial: it is not known whether the item that it is about is there.
func (f *filler) row(values []cell) error {
	f.n++
	if f.at >= 0 && values[f.at].v == nil {
		return nil
	}
	f.body = f.body[:0]
	for i := range values {
		if i != f.at {
			f.body = appendRaw(f.body, f.columns[i].is, values[i].v)
		}
	}
	body, isNew, err := f.bodies.add(f.body)
	if err != nil {
		return fmt.Errorf("sql: %s: row %d cannot be kept: %w", f.block, f.n, err)
	}
	if isNew {
		f.keyOf = append(f.keyOf, f.keyNumber(values))
	}
	partition := uint32(0)
	if f.at >= 0 {
		if partition, err = f.partitionNumber(values[f.at].v); err != nil {
			return err
		}
		f.place(partition, body)
	}
	if f.keyOf[body] == noKey {
		f.incomplete(values)
	}
	return nil
}

// keyNumber is the number of a row's key.
func (f *filler) keyNumber(values []cell) uint32 {
	key, err := f.keyText(values)
	if err != nil {
		return noKey
	}
	n, known := f.keysSeen[key]
	if !known {
		n = uint32(len(f.keysSeen))
		f.keysSeen[key] = n
	}
	return n
}

func (f *filler) keyText(values []cell) (string, error) {
	row := make(providers.Row, len(f.of))
	for _, i := range f.of {
		row[f.columns[i].name] = f.columns[i].value(values[i].v)
	}
	return rows.Key(row, f.key)
}

// incomplete notes that what a row is in is not known completely, and of the first one why.
func (f *filler) incomplete(values []cell) {
	in := ""
	if f.at >= 0 {
		in, _ = rows.Text(f.columns[f.at].value(values[f.at].v))
	}
	f.partial[in] = true
	if f.keyless++; f.keyless == 1 {
		_, err := f.keyText(values)
		f.reason = fmt.Sprintf("row %d of its query: %v", f.n, err)
	}
}

// partitionNumber is the number of the partition that a value names. The error is of class Refused.
func (f *filler) partitionNumber(v any) (uint32, error) {
	whole, isWhole := v.(int64)
	if isWhole {
		if n, known := f.wholes[whole]; known {
			return n, nil
		}
	}
	text, isText := v.(string)
	if !isText || f.columns[f.at].is != asGiven {
		if text, isText = rows.Text(f.columns[f.at].value(v)); !isText {
			return 0, providers.Classed(providers.Refused, fmt.Errorf("sql: %s: row %d of its query: column %q, which is its partition, is a list: let the query give a row for each of its values", f.block, f.n, f.partition))
		}
	}
	n, known := f.texts[text]
	if !known {
		n = uint32(len(f.texts))
		f.texts[text] = n
	}
	if isWhole {
		f.wholes[whole] = n
	}
	return n, nil
}

// place notes that a body is in a partition.
func (f *filler) place(partition, body uint32) {
	last := len(f.log) - 1
	if last < 0 || cap(f.log[last])-len(f.log[last]) < 2*binary.MaxVarintLen32 {
		f.log = append(f.log, make([]byte, 0, logSize))
		last++
	}
	f.log[last] = binary.AppendUvarint(binary.AppendUvarint(f.log[last], uint64(partition)), uint64(body))
}

// placed gives the partition and the body of each row.
func (f *filler) placed() iter.Seq2[uint32, uint32] {
	return func(yield func(partition, body uint32) bool) {
		for _, chunk := range f.log {
			for len(chunk) > 0 {
				partition, size := binary.Uvarint(chunk)
				body, more := binary.Uvarint(chunk[size:])
				if chunk = chunk[size+more:]; !yield(uint32(partition), uint32(body)) {
					return
				}
			}
		}
	}
}
