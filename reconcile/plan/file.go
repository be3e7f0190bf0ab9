package plan

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// A plan file is a line that says so, a line with the SHA-256 of all that follows, blocks of operations and parts, the index of the blocks, and the index's
// length in eight bytes.
const (
	magic  = "accord plan 2\n"
	sumLen = sha256.Size*2 + 1 // with its line break
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

// WriteFile saves a plan, readable by its owner alone. An existing file is replaced, at once or not at all.
func WriteFile(path string, p *Plan) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".accord-plan-*")
	if err != nil {
		return fmt.Errorf("write plan %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	err = write(tmp, p)
	err = errors.Join(err, tmp.Chmod(0o600), tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write plan %s: %w", path, err)
	}
	return nil
}

// write writes blocks first, then the index, and at last the sum.
func write(f *os.File, p *Plan) error {
	head := int64(len(magic) + sumLen)
	if _, err := f.Seek(head, io.SeekStart); err != nil {
		return err
	}
	sum := sha256.New()
	buffered := bufio.NewWriter(f)
	out := &blockWriter{w: io.MultiWriter(sum, buffered), n: head}
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
	if err := buffered.Flush(); err != nil {
		return err
	}
	_, err = f.WriteAt([]byte(magic+hex.EncodeToString(sum.Sum(nil))+"\n"), 0)
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

// ReadFile opens a saved plan, which must be closed. A file that is cut short, changed or no plan at all is an error that matches ErrDamaged.
func ReadFile(path string) (*Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	p, err := read(f)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	p.close = f.Close
	return p, nil
}

func read(f *os.File) (*Plan, error) {
	damaged := func(why string) error {
		return fmt.Errorf("%w: %s: %s; make a new plan", ErrDamaged, f.Name(), why)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("read plan: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("read plan: %s is a directory: name the file that accord plan -out wrote", f.Name())
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("read plan: %s cannot be read more than once: save the plan in a regular file", f.Name())
	}
	head := make([]byte, len(magic)+sumLen)
	if _, err := io.ReadFull(f, head); err != nil {
		return nil, damaged("it is too short to be a plan")
	}
	if string(head[:len(magic)]) != magic {
		return nil, damaged("it is not a plan that this version of accord wrote")
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	if hex.EncodeToString(sum.Sum(nil))+"\n" != string(head[len(magic):]) {
		return nil, damaged("its checksum is not that of its content: it was cut short or changed")
	}
	const lengthLen = 8
	end := info.Size() - lengthLen
	var length [lengthLen]byte
	if _, err := f.ReadAt(length[:], end); err != nil {
		return nil, damaged("it has no index")
	}
	n := int64(binary.BigEndian.Uint64(length[:]))
	if n < 0 || n > end-int64(len(head)) {
		return nil, damaged("its index lies outside of it")
	}
	var index fileIndex
	if err := json.NewDecoder(span{At: end - n, Length: int(n)}.open(f)).Decode(&index); err != nil {
		return nil, damaged(err.Error())
	}
	if len(index.Operations) != len(index.Document.Relationships) {
		return nil, damaged("its index is not whole")
	}
	for i, list := range index.Operations {
		index.Document.Relationships[i].Operations = Stream(list.Count, readLines[Operation](f, list.Blocks))
	}
	return &Plan{Document: index.Document, Work: index.Work, Saved: true, parts: readParts(f, index.Parts)}, nil
}
