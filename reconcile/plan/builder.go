package plan

import (
	"cmp"
	"container/heap"
	"encoding/gob"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
)

// Builder makes a plan of any size, piece by piece, in bounded memory.
type Builder struct {
	most    int // writes of a part, and operations of a run, beside what one call of Add brings
	spool   spool
	part    Part   // what is not stored yet
	size    int    // about what it takes of memory, in bytes
	parts   []span // what is
	pending []Placed
	runs    [][]span       // sorted operations
	writes  map[string]int // by folder
	related map[string]int // writes and pairs by relationship
	records int
}

// Placed is an operation with the index of its relationship in the document.
type Placed struct {
	Relationship int
	Operation
}

const (
	writeBytes = 1400 // of a part for each write that it may have, beside what one call of Add brings
	runBlock   = 32   // operations in a block of a run: while runs are merged, memory holds a block of each
	listBlock  = 512  // operations in a block of a relationship
)

// NewBuilder makes an empty plan, of which memory holds so many writes and operations.
func NewBuilder(most int) *Builder {
	return &Builder{most: most, writes: map[string]int{}, related: map[string]int{}}
}

// Add adds a part that needs no other one, and the operations that show it.
func (b *Builder) Add(part *Part, ops []Placed) error {
	for i := range part.Writes {
		b.writes[part.Writes[i].Folder]++
	}
	part.Count(b.related, +1)
	b.records += len(part.Pairs) + len(part.Items) + len(part.Gone)
	b.part.join(part)
	b.size += part.size()
	b.pending = append(b.pending, ops...)
	if b.size > b.most*writeBytes || len(b.part.Writes) > b.most {
		if err := b.storePart(); err != nil {
			return err
		}
	}
	if len(b.pending) > b.most {
		return b.storeRun()
	}
	return nil
}

func (b *Builder) storePart() error {
	at, err := b.spool.block(b.part.encode)
	b.parts, b.part, b.size = append(b.parts, at), Part{}, 0
	return err
}

func (p *Part) encode(w io.Writer) error { return gob.NewEncoder(w).Encode(p) }

func (b *Builder) storeRun() error {
	slices.SortStableFunc(b.pending, comparePlaced)
	var run []span
	for chunk := range slices.Chunk(b.pending, runBlock) {
		at, err := b.spool.block(func(w io.Writer) error { return encodeLines(w, chunk) })
		if err != nil {
			return err
		}
		run = append(run, at)
	}
	b.runs, b.pending = append(b.runs, run), nil
	return nil
}

// comparePlaced orders operations as a document has them: what flows back to the source first, and then as a calendar has its items.
func comparePlaced(x, y Placed) int {
	return cmp.Or(cmp.Compare(x.Relationship, y.Relationship), -cmp.Compare(x.Side, y.Side), cmp.Compare(x.when(), y.when()), cmp.Compare(x.Title, y.Title),
		cmp.Compare(x.UID, y.UID), cmp.Compare(x.OriginalRef, y.OriginalRef), cmp.Compare(x.ReplicaRef, y.ReplicaRef))
}

// when is the start of an item, else when it is due, as fields write it: as it is, or as it comes where there is none yet.
func (op Operation) when() string {
	if op.Start != "" {
		return op.Start
	}
	at := ""
	for _, f := range op.Fields {
		if f.Occurrence != "" || f.Name != "start" && f.Name != "due" {
			continue
		}
		value, text := cmp.Or(f.Before, f.After).(string)
		if text && (at == "" || f.Name == "start") {
			at = value
		}
	}
	return at
}

func encodeLines[T any](w io.Writer, lines []T) error {
	out := json.NewEncoder(w)
	for _, line := range lines {
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// Finish makes the plan. The builder is of no more use.
func (b *Builder) Finish(doc Document, work Work) (*Plan, error) {
	work.Writes, work.Parts, work.Records = b.writes, b.related, b.records
	p := &Plan{Document: doc, Work: work, close: b.Close, parts: b.allParts}
	var err error
	if len(b.runs) == 0 {
		b.list(doc.Relationships)
	} else {
		err = b.merge(doc.Relationships)
	}
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return p, nil
}

// Close gives back what the builder holds, and the plan that it made.
func (b *Builder) Close() error { return b.spool.close() }

func (b *Builder) allParts(yield func(*Part, error) bool) {
	for part, err := range readParts(&b.spool, b.parts) {
		if !yield(part, err) || err != nil {
			return
		}
	}
	if len(b.part.Writes)+len(b.part.Pairs)+len(b.part.Items)+len(b.part.Gone) > 0 {
		yield(&b.part, nil)
	}
}

func readParts(from io.ReaderAt, parts []span) iter.Seq2[*Part, error] {
	return func(yield func(*Part, error) bool) {
		for _, at := range parts {
			part := &Part{}
			if err := gob.NewDecoder(at.open(from)).Decode(part); err != nil {
				yield(nil, errCut(err))
				return
			}
			if !yield(part, nil) {
				return
			}
		}
	}
}

// list gives relationships their operations, which memory holds.
func (b *Builder) list(relationships []Relationship) {
	slices.SortStableFunc(b.pending, comparePlaced)
	byRelationship := make([][]Operation, len(relationships))
	for _, op := range b.pending {
		byRelationship[op.Relationship] = append(byRelationship[op.Relationship], op.Operation)
	}
	for i, ops := range byRelationship {
		relationships[i].Operations = List(ops...)
	}
}

// merge gives relationships their operations, stored in order.
func (b *Builder) merge(relationships []Relationship) error {
	if err := b.storeRun(); err != nil {
		return err
	}
	m := &merging{}
	defer m.stop()
	for _, run := range b.runs {
		if err := m.begin(readLines[Placed](&b.spool, run)); err != nil {
			return err
		}
	}
	spans, counts := make([][]span, len(relationships)), make([]int, len(relationships))
	var block []Operation
	at := 0
	store := func() error {
		if len(block) == 0 {
			return nil
		}
		s, err := b.spool.block(func(w io.Writer) error { return encodeLines(w, block) })
		spans[at], counts[at], block = append(spans[at], s), counts[at]+len(block), nil
		return err
	}
	for m.Len() > 0 {
		op, err := m.next()
		if err != nil {
			return err
		}
		if op.Relationship != at || len(block) == listBlock {
			if err := store(); err != nil {
				return err
			}
			at = op.Relationship
		}
		block = append(block, op.Operation)
	}
	if err := store(); err != nil {
		return err
	}
	for i := range relationships {
		relationships[i].Operations = Stream(counts[i], readLines[Operation](&b.spool, spans[i]))
	}
	return nil
}

// readLines reads values of blocks one by one.
func readLines[T any](from io.ReaderAt, blocks []span) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, at := range blocks {
			in := json.NewDecoder(at.open(from))
			for {
				var v T
				err := in.Decode(&v)
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					err = errCut(err)
				}
				if !yield(v, err) || err != nil {
					return
				}
			}
		}
	}
}

// merging is a heap of sorted runs, by their first operations.
type merging struct{ runs []*cursor }

type cursor struct {
	first Placed
	next  func() (Placed, error, bool)
	stop  func()
	order int // runs that begin alike keep their order
}

func (m *merging) Len() int      { return len(m.runs) }
func (m *merging) Swap(i, j int) { m.runs[i], m.runs[j] = m.runs[j], m.runs[i] }
func (m *merging) Push(x any)    { m.runs = append(m.runs, x.(*cursor)) }
func (m *merging) Less(i, j int) bool {
	return cmp.Or(comparePlaced(m.runs[i].first, m.runs[j].first), cmp.Compare(m.runs[i].order, m.runs[j].order)) < 0
}

func (m *merging) Pop() any {
	last := m.runs[len(m.runs)-1]
	m.runs = m.runs[:len(m.runs)-1]
	return last
}

func (m *merging) begin(run iter.Seq2[Placed, error]) error {
	c := &cursor{order: len(m.runs)}
	c.next, c.stop = iter.Pull2(run)
	first, err, ok := c.next()
	if err != nil || !ok {
		c.stop()
		return err
	}
	c.first = first
	heap.Push(m, c)
	return nil
}

// next takes the first operation of all.
func (m *merging) next() (Placed, error) {
	c := m.runs[0]
	op := c.first
	following, err, ok := c.next()
	switch {
	case err != nil:
		return op, err
	case ok:
		c.first = following
		heap.Fix(m, 0)
	default:
		c.stop()
		heap.Pop(m)
	}
	return op, nil
}

func (m *merging) stop() {
	for _, c := range m.runs {
		c.stop()
	}
}
