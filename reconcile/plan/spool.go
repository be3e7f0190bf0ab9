package plan

import (
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"

	"github.com/accord-sync/accord/reconcile/internal/scratch"
)

// spool is a place for blocks of bytes: memory while they are few, a temporary file beyond. Blocks are compressed.
type spool struct {
	packer packer
	memory []byte
	file   *scratch.File
	n      int64
}

// span is where a block lies.
type span struct {
	At     int64
	Length int
}

// spoolMemory is how many bytes a spool keeps in memory.
const spoolMemory = 1 << 20

// block stores what fill writes.
func (s *spool) block(fill func(io.Writer) error) (span, error) {
	packed, err := s.packer.pack(fill)
	if err != nil {
		return span{}, err
	}
	at := span{At: s.n, Length: len(packed)}
	if s.file == nil && len(s.memory)+len(packed) > spoolMemory {
		if s.file, err = scratch.CreateFile(); err != nil {
			return span{}, scratch.NoRoom(err)
		}
		if _, err := s.file.Write(s.memory); err != nil {
			return span{}, scratch.NoRoom(err)
		}
		s.memory = nil
	}
	if s.file == nil {
		s.memory = append(s.memory, packed...)
	} else if _, err := s.file.WriteAt(packed, s.n); err != nil {
		return span{}, scratch.NoRoom(err)
	}
	s.n += int64(len(packed))
	return at, nil
}

// ReadAt reads stored bytes.
func (s *spool) ReadAt(b []byte, at int64) (int, error) {
	if s.file != nil {
		return s.file.ReadAt(b, at)
	}
	return bytes.NewReader(s.memory).ReadAt(b, at)
}

func (s *spool) close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err
}

// packer compresses blocks. The zero value is ready.
type packer struct {
	zip *flate.Writer
	out bytes.Buffer
}

// pack is what fill writes, compressed, until the next call.
func (p *packer) pack(fill func(io.Writer) error) ([]byte, error) {
	p.out.Reset()
	if p.zip == nil {
		var err error
		if p.zip, err = flate.NewWriter(&p.out, flate.BestSpeed); err != nil {
			return nil, err
		}
	}
	p.zip.Reset(&p.out)
	if err := errors.Join(fill(p.zip), p.zip.Close()); err != nil {
		return nil, err
	}
	return p.out.Bytes(), nil
}

// What a block and an index may unpack to, in bytes. Real ones are far from it; a forged file might take all memory.
const (
	mostOfBlock = 512 << 20
	mostOfIndex = 256 << 20
)

// open reads a block.
func (at span) open(from io.ReaderAt) io.Reader { return at.openTo(from, mostOfBlock) }

// openTo reads a block that unpacks to so many bytes at most.
func (at span) openTo(from io.ReaderAt, most int64) io.Reader {
	return &bounded{flate.NewReader(io.NewSectionReader(from, at.At, int64(at.Length))), most}
}

// bounded is a reader of so many bytes.
type bounded struct {
	io.Reader
	left int64
}

func (b *bounded) Read(to []byte) (int, error) {
	n, err := b.Reader.Read(to)
	if b.left -= int64(n); b.left < 0 {
		return 0, errors.New("it unpacks to more than any plan does")
	}
	return n, err
}

// errCut is that a plan's own files are not what was written to them.
func errCut(err error) error { return fmt.Errorf("the plan cannot be read back: %w", err) }
