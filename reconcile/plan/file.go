package plan

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/accord-sync/accord/schema/encrypt"
)

// A plan file is a line that says so, blocks of operations and parts, the index of the blocks, the index's length in eight bytes, and the SHA-256 of all that. Where
// the workspace names recipients, all of it is encrypted to them, as age does it.
const (
	magic     = "accord plan 3\n"
	lengthLen = 8
)

// fileIndex is what a plan file holds beside its blocks.
type fileIndex struct {
	Document   Document // without operations
	Work       Work
	Operations []fileList // by relationship
	Parts      []span
}

type fileList struct {
	Count  int
	Blocks []span
}

// ErrDamaged is matched by the errors of ReadFile for a file that is not a whole and untouched plan.
var ErrDamaged = errors.New("the plan file is damaged")

// WriteFile saves a plan, readable by its owner alone, and where recipients are given by them alone. An existing file is replaced, at once or not at all.
func WriteFile(path string, p *Plan, to encrypt.Recipients) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".accord-plan-*")
	if err != nil {
		return fmt.Errorf("write plan %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	err = writeTo(tmp, p, to)
	err = errors.Join(err, tmp.Chmod(0o600), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write plan %s: %w", path, err)
	}
	return nil
}

func writeTo(f io.Writer, p *Plan, to encrypt.Recipients) error {
	buffered := bufio.NewWriter(f)
	if len(to) == 0 {
		return errors.Join(write(buffered, p), buffered.Flush())
	}
	sealed, err := to.Writer(buffered)
	if err != nil {
		return err
	}
	return errors.Join(write(sealed, p), sealed.Close(), buffered.Flush())
}

// write writes blocks first, then the index, and at last the sum.
func write(w io.Writer, p *Plan) error {
	sum := sha256.New()
	out := &blockWriter{w: io.MultiWriter(sum, w), n: int64(len(magic))}
	if _, err := io.WriteString(out.w, magic); err != nil {
		return err
	}
	index := fileIndex{Document: p.Document, Work: p.Work, Operations: make([]fileList, len(p.Document.Relationships))}
	index.Document.Relationships = make([]Relationship, len(p.Document.Relationships))
	for i, r := range p.Document.Relationships {
		list, err := out.operations(r.Operations)
		if err != nil {
			return err
		}
		index.Operations[i] = list
		r.Operations = Operations{}
		index.Document.Relationships[i] = r
	}
	for part, err := range p.Parts() {
		if err != nil {
			return err
		}
		at, err := out.block(part.encode)
		if err != nil {
			return err
		}
		index.Parts = append(index.Parts, at)
	}
	at, err := out.block(func(w io.Writer) error { return json.NewEncoder(w).Encode(index) })
	if err != nil {
		return err
	}
	if _, err := out.w.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Length))); err != nil {
		return err
	}
	_, err = w.Write(sum.Sum(nil))
	return err
}

// blockWriter writes blocks one behind the other.
type blockWriter struct {
	packer packer
	w      io.Writer
	n      int64
}

func (o *blockWriter) block(fill func(io.Writer) error) (span, error) {
	packed, err := o.packer.pack(fill)
	at := span{At: o.n, Length: len(packed)}
	if err == nil {
		_, err = o.w.Write(packed)
		o.n += int64(len(packed))
	}
	return at, err
}

func (o *blockWriter) operations(ops Operations) (fileList, error) {
	list := fileList{Count: ops.Len()}
	var block []Operation
	store := func() error {
		if len(block) == 0 {
			return nil
		}
		at, err := o.block(func(w io.Writer) error { return encodeLines(w, block) })
		list.Blocks, block = append(list.Blocks, at), nil
		return err
	}
	for op, err := range ops.All() {
		if err != nil {
			return list, err
		}
		if block = append(block, op); len(block) == listBlock {
			if err := store(); err != nil {
				return list, err
			}
		}
	}
	return list, store()
}

// ReadFile opens a saved plan, which must be closed. A file that is cut short, changed or no plan at all is an error that matches ErrDamaged; one that is
// encrypted to others than as, an error that matches [encrypt.ErrNoIdentity].
func ReadFile(path string, as encrypt.Identities) (*Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	p, err := open(f, as)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	p.close = f.Close
	return p, nil
}

// damaged says what is wrong with a file.
func damaged(f *os.File, why string) error {
	return fmt.Errorf("%w: %s: %s; make a new plan", ErrDamaged, f.Name(), why)
}

// open finds out what a file is, and decrypts it.
func open(f *os.File, as encrypt.Identities) (*Plan, error) {
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read plan: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("read plan: %s is a directory: name the file that accord plan -out wrote", f.Name())
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("read plan: %s cannot be read more than once: save the plan in a regular file", f.Name())
	case !encrypt.IsEncrypted(f):
		return read(f, f, info.Size())
	}
	plain, size, err := as.ReaderAt(f, info.Size())
	switch {
	case errors.Is(err, encrypt.ErrNoIdentity):
		return nil, fmt.Errorf("read plan: %s: %w", f.Name(), err)
	case err != nil:
		return nil, damaged(f, err.Error())
	}
	return read(f, plain, size)
}

// read reads the plan in so many bytes of a file.
func read(f *os.File, from io.ReaderAt, size int64) (*Plan, error) {
	end := size - sha256.Size - lengthLen
	if end < int64(len(magic)) {
		return nil, damaged(f, "it is too short to be a plan")
	}
	tail := make([]byte, lengthLen+sha256.Size)
	head := make([]byte, len(magic))
	for at, part := range map[int64][]byte{0: head, end: tail} {
		if _, err := from.ReadAt(part, at); err != nil && !errors.Is(err, io.EOF) {
			return nil, damaged(f, err.Error())
		}
	}
	if string(head) != magic {
		return nil, damaged(f, "it is not a plan that this version of accord wrote")
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(from, 0, size-sha256.Size)); err != nil {
		return nil, damaged(f, err.Error())
	}
	if !bytes.Equal(sum.Sum(nil), tail[lengthLen:]) {
		return nil, damaged(f, "its checksum is not that of its content: it was cut short or changed")
	}
	n := int64(binary.BigEndian.Uint64(tail))
	if n < 0 || n > end-int64(len(head)) {
		return nil, damaged(f, "its index lies outside of it")
	}
	var index fileIndex
	if err := json.NewDecoder(span{At: end - n, Length: int(n)}.openTo(from, mostOfIndex)).Decode(&index); err != nil {
		return nil, damaged(f, err.Error())
	}
	if len(index.Operations) != len(index.Document.Relationships) {
		return nil, damaged(f, "its index is not whole")
	}
	for i, list := range index.Operations {
		index.Document.Relationships[i].Operations = Stream(list.Count, readingFile(f, readLines[Operation](from, list.Blocks)))
	}
	return &Plan{Document: index.Document, Work: index.Work, Saved: true, parts: readingFile(f, readParts(from, index.Parts))}, nil
}

// readingFile is what is read of a file; that it cannot be is damage.
func readingFile[T any](f *os.File, all iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for one, err := range all {
			if err != nil {
				err = damaged(f, err.Error())
			}
			if !yield(one, err) {
				return
			}
		}
	}
}
