package state

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// An export is the whole state as text, a JSON object a line. The first line is of type state, the last of type end, which counts those between; what a record does
// not say is left out. Names are those of the records in this package, in small letters with underscores. Times are as in RFC 3339, or {"seconds": …, "nanoseconds": …} since 1970 for years that it does not know; text that is not UTF-8 is
// {"base64": …}.
const (
	typeState        = "state"
	typeFolder       = "folder"
	typeItem         = "item"
	typeRelationship = "relationship"
	typePair         = "pair"
	typeData         = "data"
	typeHealth       = "health"
	typeApply        = "apply"
	typeEntry        = "entry"
	typeEnd          = "end"
)

// exported is the last line of an export.
type exported struct{ Records int }

// Export writes a state. Without the images of the journal it holds no content; what they show cannot be undone in a state that is made from it.
// It returns how many records it wrote, beside the first and the last line.
func Export(w io.Writer, from Reader, images bool) (records int, err error) {
	x := &exporter{w: bufio.NewWriter(w)}
	x.line(typeState, from.Header())
	x.records = 0
	x.owners(from)
	x.journal(from, images)
	x.line(typeEnd, exported{x.records})
	if x.err == nil {
		x.err = x.w.Flush()
	}
	return x.records - 1, x.err
}

// exporter writes lines. It keeps its first error.
type exporter struct {
	w       *bufio.Writer
	records int
	err     error
}

func (x *exporter) line(typ string, record any) error {
	if x.err == nil {
		var line []byte
		if line, x.err = appendLine(nil, typ, record); x.err == nil {
			_, x.err = x.w.Write(line)
		}
		x.records++
	}
	return x.err
}

func (x *exporter) failed(err error) {
	if x.err == nil {
		x.err = err
	}
}

// owners writes folders with their items, relationships with their pairs, data blocks, and how all were. What is there of a folder or relationship that is not recorded itself, as
// after a first apply that was killed, is written too.
func (x *exporter) owners(from Reader) {
	addresses := from.Addresses()
	slices.Sort(addresses)
	folders, err := from.Folders()
	x.failed(err)
	for _, f := range folders {
		x.line(typeFolder, f)
	}
	for _, address := range addresses {
		x.failed(from.Items(address, func(it Item) error { return x.line(typeItem, FolderItem{Folder: address, Item: it}) }))
	}
	relationships, err := from.Relationships()
	x.failed(err)
	for _, r := range relationships {
		x.line(typeRelationship, r)
	}
	for _, address := range addresses {
		x.failed(from.Pairs(address, func(p Pair) error { return x.line(typePair, p) }))
	}
	data, err := from.Data()
	x.failed(err)
	for _, d := range data {
		x.line(typeData, d)
	}
	health, err := from.Health()
	x.failed(err)
	for _, h := range health {
		x.line(typeHealth, h)
	}
}

func (x *exporter) journal(from Reader, images bool) {
	applies, err := from.Applies()
	x.failed(err)
	for _, a := range applies {
		if !images {
			a.Size = 0
		}
		x.line(typeApply, a)
		x.failed(from.Entries(a.Number, func(e Entry) error {
			if !images {
				e.Images = nil
			}
			return x.line(typeEntry, e)
		}))
	}
}

// Import fills an empty state with what Export wrote, and returns how many records there were. After an error, what is in the state is of no use.
func Import(to Store, r io.Reader) (records int, err error) {
	in := &importer{to: to}
	lines := bufio.NewReader(r)
	for n := 1; ; n++ {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			break
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return in.records, err
		}
		if err := in.line(n, line); err != nil {
			return in.records, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if !in.ended {
		return in.records, errors.New("the file ends before its last line: it was cut off, or is no export of a state")
	}
	return in.records, in.commit()
}

// importer puts records into a state, many at a time.
type importer struct {
	to      Store
	batch   Batch
	held    int // records in batch
	records int
	ended   bool
}

func (in *importer) line(n int, line []byte) error {
	var kind struct{ Type string }
	if err := json.Unmarshal(line, &kind); err != nil {
		return fmt.Errorf("it is no JSON object: %w", err)
	}
	switch {
	case in.ended:
		return errors.New("it comes after the last line of the export")
	case (n == 1) != (kind.Type == typeState):
		return fmt.Errorf("an export begins with its line of type %q, and has no other", typeState)
	case kind.Type == typeState:
		return in.header(line)
	case kind.Type == typeEnd:
		end, err := readLine[exported](line)
		if in.ended = true; err == nil && end.Records != in.records {
			err = fmt.Errorf("it counts %d records, and there are %d: the file is not whole", end.Records, in.records)
		}
		return err
	}
	err := in.record(kind.Type, line)
	in.records++
	if in.held++; err == nil && in.held >= importedAtOnce {
		err = in.commit()
	}
	return err
}

// importedAtOnce is how many records are imported in one commit.
const importedAtOnce = 1000

func (in *importer) commit() error {
	err := in.to.Commit(&in.batch)
	in.batch, in.held = Batch{}, 0
	return err
}

// header takes over whose state it is, and how many applies there were.
func (in *importer) header(line []byte) error {
	h, err := readLine[Header](line)
	if err != nil {
		return err
	}
	if h.Format > Format {
		return fmt.Errorf("it has format %d, but this version of accord knows formats up to %d: %w", h.Format, Format, ErrNewer)
	}
	if err := in.to.Commit(&Batch{Workspace: h.Workspace}); err != nil {
		return err
	}
	return numberOn(in.to, h.LastApply)
}

// numberOn lets the applies of a state that has none be numbered on from the last one of another state: by an apply that is dropped again.
func numberOn(s Store, last uint64) error {
	if last <= s.Header().LastApply {
		return nil
	}
	return errors.Join(s.Commit(&Batch{Applies: []Apply{{Number: last}}}), s.Commit(&Batch{DropApplies: []uint64{last}}))
}

func (in *importer) record(typ string, line []byte) (err error) {
	b := &in.batch
	switch typ {
	case typeFolder:
		b.Folders, err = read(b.Folders, line)
	case typeItem:
		b.Items, err = read(b.Items, line)
	case typeRelationship:
		b.Relationships, err = read(b.Relationships, line)
	case typePair:
		b.Pairs, err = read(b.Pairs, line)
	case typeData:
		b.Data, err = read(b.Data, line)
	case typeHealth:
		b.Health, err = read(b.Health, line)
	case typeApply:
		b.Applies, err = read(b.Applies, line)
	case typeEntry:
		b.Entries, err = read(b.Entries, line)
	default:
		err = fmt.Errorf("its type %q is unknown: it was written by a newer version of accord, or by something else", typ)
	}
	return err
}

func read[T any](list []T, line []byte) ([]T, error) {
	one, err := readLine[T](line)
	return append(list, one), err
}
