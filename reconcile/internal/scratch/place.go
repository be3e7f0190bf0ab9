package scratch

import (
	"bytes"
	"compress/flate"
	"io"
)

// place is where a table lies, and when it was used last.
type place struct {
	number  uint32
	inRows  bool  // in the database, row by row
	packed  bool  // in the file alone
	changed bool  // not as the file has it
	block   block // in the file, if any
	newer   table // used after this one
	older   table // and before
	linked  bool

	returned int // how often it came back from the file
}

// block is a part of the store's file.
type block struct {
	at     int64
	length int
}

// table is a Table whatever its values are.
type table interface {
	at() *place
	held() int // bytes that memory holds of it
	spill()
	pack([]byte) []byte
	unpack([]byte)
	drop()
	forget()
}

// use brings a table to memory, and makes it the one that was used last. The caller holds mu.
func (s *Store) use(t table) {
	if s.newest == t {
		return
	}
	s.unlink(t)
	p := t.at()
	if p.older = s.newest; p.older != nil {
		p.older.at().newer = t
	} else {
		s.oldest = t
	}
	s.newest, p.linked = t, true
	if p.packed {
		p.packed = false
		p.returned++
		s.read(t)
		s.grow(t, t.held())
	}
}

func (s *Store) unlink(t table) {
	p := t.at()
	if !p.linked {
		return
	}
	if p.older != nil {
		p.older.at().newer = p.newer
	} else {
		s.oldest = p.newer
	}
	if p.newer != nil {
		p.newer.at().older = p.older
	} else {
		s.newest = p.older
	}
	p.newer, p.older, p.linked = nil, nil, false
}

// grow counts n more bytes of a table in memory. When they are too many, those that were not used for longest leave it. The caller holds mu.
func (s *Store) grow(t table, n int) {
	s.used += n
	for s.used > s.budget && s.err == nil && s.oldest != nil {
		out := s.oldest
		if out == t && t.held() <= s.budget/largest {
			return
		}
		s.unlink(out)
		s.leave(out)
	}
}

// leave moves a table out of memory.
func (s *Store) leave(t table) {
	s.used -= t.held()
	if t.held() > s.budget/largest || t.at().returned > mostReturns {
		if err := s.open(); err != nil {
			s.fail(err)
			return
		}
		t.spill()
		return
	}
	p := t.at()
	if p.changed && t.held() > 0 {
		s.fail(s.write(t))
	}
	p.packed = t.held() > 0
	t.drop()
}

// write puts a table into the file, at its end.
func (s *Store) write(t table) (err error) {
	if s.file == nil {
		if s.file, err = CreateFile(); err != nil {
			return err
		}
	}
	s.raw = t.pack(s.raw[:0])
	s.packed.Reset()
	if s.zip == nil {
		s.zip, err = flate.NewWriter(&s.packed, flate.BestSpeed)
	}
	if err != nil {
		return err
	}
	s.zip.Reset(&s.packed)
	if _, err = s.zip.Write(s.raw); err == nil {
		err = s.zip.Close()
	}
	if err == nil {
		_, err = s.file.WriteAt(s.packed.Bytes(), s.end)
	}
	p := t.at()
	p.block, p.changed = block{s.end, s.packed.Len()}, false
	s.end += int64(s.packed.Len())
	return err
}

// read gets a table from the file.
func (s *Store) read(t table) {
	at := t.at().block
	if s.unzip == nil {
		s.unzip = flate.NewReader(nil)
	}
	err := s.unzip.(flate.Resetter).Reset(io.NewSectionReader(s.file, at.at, int64(at.length)), nil)
	raw := bytes.NewBuffer(s.raw[:0])
	if err == nil {
		_, err = raw.ReadFrom(s.unzip)
	}
	if err != nil {
		s.fail(err)
		return
	}
	t.unpack(raw.Bytes())
	s.raw = raw.Bytes()
}

// closeFile gives back the file.
func (s *Store) closeFile() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err
}
