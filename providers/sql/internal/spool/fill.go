package spool

import (
	"encoding/binary"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/accord-sync/accord/providers"
	"github.com/accord-sync/accord/providers/internal/rows"
	"github.com/accord-sync/accord/providers/sql/internal/value"
)

// Config says which columns of a query count for more than what they say.
type Config struct {
	Block     string   // whose query it is, for messages: folder.timetable
	Key       []string // those that name an item
	Partition string   // the one by whose values the rows are parted; "": they are not
	Version   string   // the one that tells whether an item is another; "": all do
	Held      []string // those that keep the text that the database has: see [value.AsHeld]
}

// Filler makes a spool of the rows of a query, as they come.
type Filler struct {
	cfg   Config
	spool *Spool
	at    int   // the column of the partition; -1: there is none
	of    []int // the columns of the key

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

// New makes a filler. It asks for a file where temporary files are when there is much, which Close of the filler or of the spool gives back.
func New(cfg Config) *Filler { return newFiller(cfg, mostBodies) }

func newFiller(cfg Config, most int) *Filler {
	return &Filler{
		cfg: cfg, spool: &Spool{bodies: newBodies(most), partial: map[string]bool{}}, at: -1,
		keysSeen: map[string]uint32{}, texts: map[string]uint32{}, wholes: map[int64]uint32{},
	}
}

// Begin finds the columns that key, partition and version name. Where one is not there, the error is of class Refused.
func (f *Filler) Begin(columns []value.Column) error {
	f.spool.columns = value.AsHeld(columns, f.cfg.Held...)
	find := func(attribute, name string) (int, error) {
		i := slices.IndexFunc(columns, func(c value.Column) bool { return c.Name == name })
		if i < 0 {
			names := make([]string, len(columns))
			for i, c := range columns {
				names[i] = c.Name
			}
			return 0, providers.Classed(providers.Refused, fmt.Errorf("sql: %s: %s names the column %q, and its query has none of that name: its columns are %s", f.cfg.Block, attribute, name, strings.Join(names, ", ")))
		}
		return i, nil
	}
	for _, name := range f.cfg.Key {
		i, err := find("key", name)
		if err != nil {
			return err
		}
		f.of = append(f.of, i)
	}
	if f.cfg.Partition != "" {
		at, err := find("partition", f.cfg.Partition)
		if err != nil {
			return err
		}
		f.at = at
	}
	if f.cfg.Version != "" {
		if _, err := find("version", f.cfg.Version); err != nil {
			return err
		}
	}
	f.spool.without, f.spool.mark = f.at, markOf(f.spool.columns, f.cfg.Key, f.cfg.Version)
	return nil
}

// Row keeps a row. One without a key makes what it is in partial: it is not known whether the item that it is about is there.
func (f *Filler) Row(values []value.Cell) error {
	f.n++
	if f.at >= 0 && values[f.at].V == nil {
		return nil
	}
	f.body = f.body[:0]
	for i := range values {
		if i != f.at {
			f.body = appendRaw(f.body, f.spool.columns[i].Is, values[i].V)
		}
	}
	body, isNew, err := f.spool.bodies.add(f.body)
	if err != nil {
		return fmt.Errorf("sql: %s: row %d cannot be kept: %w", f.cfg.Block, f.n, err)
	}
	if isNew {
		f.keyOf = append(f.keyOf, f.keyNumber(values))
	}
	partition := uint32(0)
	if f.at >= 0 {
		if partition, err = f.partitionNumber(values[f.at].V); err != nil {
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
func (f *Filler) keyNumber(values []value.Cell) uint32 {
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

func (f *Filler) keyText(values []value.Cell) (string, error) {
	row := make(providers.Row, len(f.of))
	for _, i := range f.of {
		row[f.spool.columns[i].Name] = f.spool.columns[i].Value(values[i].V)
	}
	return rows.Key(row, f.cfg.Key)
}

// incomplete notes that what a row is in is not known completely, and of the first one why.
func (f *Filler) incomplete(values []value.Cell) {
	in := ""
	if f.at >= 0 {
		in, _ = rows.Text(f.spool.columns[f.at].Value(values[f.at].V))
	}
	f.spool.partial[in] = true
	if f.keyless++; f.keyless == 1 {
		_, err := f.keyText(values)
		f.spool.reason = fmt.Sprintf("row %d of its query: %v", f.n, err)
	}
}

// partitionNumber is the number of the partition that a value names. The error is of class Refused.
func (f *Filler) partitionNumber(v any) (uint32, error) {
	whole, isWhole := v.(int64)
	if isWhole {
		if n, known := f.wholes[whole]; known {
			return n, nil
		}
	}
	text, isText := v.(string)
	if !isText || f.spool.columns[f.at].Is != value.AsGiven {
		if text, isText = rows.Text(f.spool.columns[f.at].Value(v)); !isText {
			return 0, providers.Classed(providers.Refused, fmt.Errorf("sql: %s: row %d of its query: column %q, which is its partition, is a list: let the query give a row for each of its values", f.cfg.Block, f.n, f.cfg.Partition))
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
func (f *Filler) place(partition, body uint32) {
	last := len(f.log) - 1
	if last < 0 || cap(f.log[last])-len(f.log[last]) < 2*binary.MaxVarintLen32 {
		f.log = append(f.log, make([]byte, 0, logSize))
		last++
	}
	f.log[last] = binary.AppendUvarint(binary.AppendUvarint(f.log[last], uint64(partition)), uint64(body))
}

// placed gives the partition and the body of each row.
func (f *Filler) placed() iter.Seq2[uint32, uint32] {
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
